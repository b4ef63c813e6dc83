"""Settings: everything is saved by itself, sets are installed or refused by row, assessments are added."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ntm_desktop.operations import catalogues
from ui.main_window import MainWindow
from ui.pages.sections.assessments import AssessmentsSection
from ui.pages.sections.catalogues import CataloguesSection
from ui.pages.sections.person import PersonSection
from ui.pages.sections.unit import UnitSection
from ui.pages.settings import SettingsPage

Settle = Callable[..., None]


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
