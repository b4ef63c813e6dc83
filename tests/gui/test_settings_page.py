"""Settings: everything is saved by itself, sets are installed or refused by row, assessments are added."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ntm_desktop.operations import backup_file, catalogues, identity, safety
from ntm_desktop.operations.workspace import open_workspace
from ui.desk import Desk
from ui.dialogs.asking import Asking
from ui.dialogs.backup_passphrase import RestorePassphrase, SetPassphrase
from ui.main_window import MainWindow
from ui.pages.sections.assessments import AssessmentsSection
from ui.pages.sections.catalogues import CataloguesSection
from ui.pages.sections.person import PersonSection
from ui.pages.sections.safety import SafetySection
from ui.pages.sections.unit import UnitSection
from ui.pages.settings import SettingsPage

Settle = Callable[..., None]
Asked = TypeVar("Asked", bound=Asking)


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> SettingsPage:
    window.show_page("settings")
    settle(window)
    found = window.page("settings")
    assert isinstance(found, SettingsPage)
    return found


def section(window: MainWindow, page: SettingsPage, settle: Settle, key: str) -> object:
    page.show_place(key)
    settle(window)
    return page.sections[key]


def compose(text: str) -> None:
    """As an input method hands over a Vietnamese word."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    focused = QApplication.focusWidget()
    assert focused is not None
    QApplication.sendEvent(focused, event)


def test_the_signer_is_saved_after_a_pause(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    unit = section(window, page, settle, "unit")
    assert isinstance(unit, UnitSection)
    unit.fields["signer_name"].setFocus()
    compose("Người ký mẫu")
    settle(window, quiet=800)
    assert window.session.assessed is not None
    assert window.session.assessed.profile.signer_name == "Người ký mẫu"
    assert window.header.saved.text().startswith("Đã lưu lúc")
    window.actions_table["undo"].trigger()
    settle(window)
    assert unit.fields["signer_name"].text() == ""


def test_the_units_own_name_shows_in_the_header(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    unit = section(window, page, settle, "unit")
    assert isinstance(unit, UnitSection)
    unit.fields["name"].setFocus()
    compose("Xã Mẫu")
    window.show_page("home")
    settle(window)
    assert window.header.unit.toolTip().startswith("Xã Mẫu")


def test_another_assessment_is_added_and_shown(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    part = section(window, page, settle, "assessments")
    assert isinstance(part, AssessmentsSection)
    part.choice.set_box.setCurrentIndex(part.choice.set_box.findData("xa-ntm-2021-2025"))
    part.choice.year.setValue(2025)
    QTest.mouseClick(part.add, Qt.MouseButton.LeftButton)
    settle(window)
    assert "Đã thêm" in part.banner.text
    assert window.session.assessed is not None
    assert window.session.assessed.assessment.year == 2025
    buttons = {button.objectName(): button for button in part._group.buttons()}
    assert len(buttons) == 2
    older = next(button for name, button in buttons.items() if name.endswith(".2024"))
    QTest.mouseClick(older, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.session.assessed.assessment.year == 2024
    menu = window.header.unit.menu()
    assert [action.isChecked() for action in menu.actions() if action.isCheckable()].count(True) == 1


def test_the_same_assessment_twice_is_told(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    part = section(window, page, settle, "assessments")
    assert isinstance(part, AssessmentsSection)
    part.choice.set_box.setCurrentIndex(part.choice.set_box.findData("xa-ntm-2021-2025"))
    part.choice.year.setValue(2024)
    QTest.mouseClick(part.add, Qt.MouseButton.LeftButton)
    settle(window)
    assert "Đã có đợt đánh giá" in window.banner.text


def test_sets_say_how_complete_they_are(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    part = section(window, page, settle, "catalogues")
    assert isinstance(part, CataloguesSection)
    rows = [item for row in range(part.table.topLevelItemCount()) if (item := part.table.topLevelItem(row)) is not None]
    assert len(rows) >= 5
    assert {item.text(4) for item in rows} == {"Đủ", "Chưa đủ"}
    assert "Nguồn của mức đạt chuẩn" in part.about.text()


def test_a_wrong_sheet_is_refused_with_its_problems(
    window: MainWindow, page: SettingsPage, settle: Settle, tmp_path: Path
) -> None:
    part = section(window, page, settle, "catalogues")
    assert isinstance(part, CataloguesSection)
    sheet = tmp_path / "mẫu.xlsx"
    catalogues.template(sheet)
    count = part.table.topLevelItemCount()
    part.install_from(sheet)
    settle(window)
    assert "chưa dùng được" in part.banner.text
    assert part.problems.isVisible()
    assert "Cấp áp dụng" in part.problems.toPlainText()
    assert part.table.topLevelItemCount() == count
    broken = tmp_path / "hỏng.yaml"
    broken.write_text("id: [", encoding="utf-8")
    part.install_from(broken)
    settle(window)
    assert part.banner.text


def test_the_persons_name_goes_into_history(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    part = section(window, page, settle, "person")
    assert isinstance(part, PersonSection)
    part.name.setFocus()
    part.name.selectAll()
    compose("Cán bộ mẫu")
    settle(window, quiet=800)
    assert window.session.info is not None
    assert window.session.info.user == "Cán bộ mẫu"


def test_checking_the_data_says_what_was_found(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    window.actions_table["verify"].trigger()
    settle(window)
    assert "Dữ liệu nguyên vẹn" in window.banner.text


def test_another_language_shows_the_same_section(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    desk_window: list[MainWindow] = []
    person = section(window, page, settle, "person")
    assert isinstance(person, PersonSection)
    before = set(QApplication.topLevelWidgets())
    person.language.setCurrentIndex(person.language.findData("en"))
    person.language.activated.emit(person.language.currentIndex())
    settle(window, quiet=200)
    for widget in set(QApplication.topLevelWidgets()) - before:
        if isinstance(widget, MainWindow):
            desk_window.append(widget)
    (now,) = desk_window
    settle(now, quiet=100)
    shown = now.page("settings")
    assert isinstance(shown, SettingsPage)
    assert now.current_key == "settings" and shown.current.key == "person"


def test_the_backup_of_the_section_takes_the_keys_along_where_wished(
    window: MainWindow, page: SettingsPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(usb))
    part = section(window, page, settle, "safety")
    assert isinstance(part, SafetySection)
    part.with_keys.setFocus()
    QTest.keyClick(part.with_keys, Qt.Key.Key_Space)
    QTest.mouseClick(part.buttons["backup"], Qt.MouseButton.LeftButton)
    dialog = asked(SetPassphrase)
    QTest.keyClicks(dialog.first, "ngan")
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert "ít nhất 8 ký tự" in dialog.problem_line.text()
    dialog.first.clear()
    QTest.keyClicks(dialog.first, "bon tu that dai")
    QTest.keyClicks(dialog.second, "bon tu that da")
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert "chưa giống nhau" in dialog.problem_line.text()
    QTest.keyClicks(dialog.second, "i")
    QTest.keyClick(dialog.second, Qt.Key.Key_Return)
    settle(window, quiet=50)
    (made,) = usb.iterdir()
    assert backup_file.holds_keys(made)
    assert "cất mật khẩu ở nơi khác" in window.banner.text


def asked(kind: type[Asked]) -> Asked:
    """The dialog that is open."""
    (found,) = [item for item in QApplication.topLevelWidgets() if isinstance(item, kind) and item.isVisible()]
    return found


@pytest.fixture
def keyed(workspace_folder: Path, tmp_path: Path) -> tuple[Path, str]:
    """A backup with keys in it, and the code of the computer that made it."""
    with open_workspace(workspace_folder) as workspace:
        made = safety.backup(workspace, tmp_path / "usb", passphrase="bốn từ thật dài").path
        return made, identity.own_card(workspace).fingerprint


def code_of(folder: Path) -> str:
    with open_workspace(folder) as workspace:
        return identity.own_card(workspace).fingerprint


def test_restoring_asks_for_the_passphrase_until_it_fits(
    make_desk: Callable[..., Desk],
    tmp_path: Path,
    keyed: tuple[Path, str],
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "máy mới"
    desk = make_desk(folder)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(keyed[0]), ""))
    desk.restore()
    settle(desk.window)
    dialog = asked(RestorePassphrase)
    dialog.field.setText("không phải")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    settle(desk.window)
    assert dialog.isVisible() and "không đúng" in dialog.problem_line.text()
    dialog.field.setText("bốn từ thật dài")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    settle(desk.window, quiet=300)
    assert desk.window.current_key == "home"
    desk.session.close()
    settle(desk.window)
    assert code_of(folder) == keyed[1]


def test_restoring_without_the_passphrase_makes_another_computer(
    make_desk: Callable[..., Desk],
    tmp_path: Path,
    keyed: tuple[Path, str],
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "máy mới"
    desk = make_desk(folder)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(keyed[0]), ""))
    desk.restore()
    settle(desk.window)
    QTest.keyClick(asked(RestorePassphrase), Qt.Key.Key_Escape)
    settle(desk.window, quiet=100)
    assert not (folder / "ntm.sqlite3").exists()
    desk.restore()
    settle(desk.window)
    QTest.mouseClick(asked(RestorePassphrase).skip_button, Qt.MouseButton.LeftButton)
    settle(desk.window, quiet=300)
    assert desk.window.current_key == "home"
    desk.session.close()
    settle(desk.window)
    assert code_of(folder) != keyed[1]
