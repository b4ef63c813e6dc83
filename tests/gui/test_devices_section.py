"""Computers and keys: cards go out and come in, two people compare codes, a lost computer is taken out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from ntm_desktop.errors import PackageUntrusted
from ntm_desktop.exchange.cards import read_card
from ntm_desktop.operations import identity, packages, receiving
from ntm_desktop.operations.packages import Sealing
from tests.gui.two_computers import closed, commune, hand_over, introduce, office, reopened
from ui.desk import Desk
from ui.dialogs.compare_devices import CompareDevices
from ui.dialogs.enrol_card import EnrolCard
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.pages.sections.devices import DevicesSection
from ui.pages.settings import SettingsPage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


class Place:
    """The section in its window."""

    def __init__(self, window: MainWindow, settle: Settle) -> None:
        self.window, self._settle = window, settle
        window.go("settings", "devices")
        settle(window)
        page = window.page("settings")
        assert isinstance(page, SettingsPage)
        section = page.sections["devices"]
        assert isinstance(section, DevicesSection)
        self.section = section

    def settle(self) -> None:
        self._settle(self.window)

    def click(self, button: QPushButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def select(self, name: str) -> None:
        rows = [row.name for row in self.section.model.rows]
        self.section.table.selectRow(next(at for at, row in enumerate(rows) if row.startswith(name)))
        self.settle()

    def states(self) -> dict[str, str]:
        return {row.name.partition(" (")[0]: row.state for row in self.section.model.rows}

    def dialog(self, kind: type[QWidget]) -> QWidget:
        (found,) = [item for item in QApplication.topLevelWidgets() if isinstance(item, kind) and item.isVisible()]
        return found

    def compare(self) -> CompareDevices:
        found = self.dialog(CompareDevices)
        assert isinstance(found, CompareDevices)
        return found


def answer(place: int, seen: list[str]) -> None:
    """Press a button of the question that comes up next."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, Message):
            QTimer.singleShot(20, press)
            return
        seen.append(f"{dialog.message.text()}\n{dialog.hint.text()}")
        QTest.mouseClick(dialog.buttons[place], Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Two computers of the commune and the office; nobody knows anybody."""
    one, two = commune(tmp_path / "máy một", "Người mẫu một"), commune(tmp_path / "máy hai", "Người mẫu hai")
    there = office(tmp_path / "cơ quan", "Người mẫu ở tỉnh")
    for workspace in (one, two, there):
        identity.export_card(workspace, tmp_path / f"thẻ {workspace.folder.name}")
    closed(one, two, there)
    return one.folder, two.folder, there.folder


@pytest.fixture
def place(make_desk: MakeDesk, folders: tuple[Path, Path, Path], settle: Settle) -> Place:
    return Place(make_desk(folders[0]).window, settle)


def card_of(folder: Path) -> Path:
    (found,) = (folder.parent / f"thẻ {folder.name}").iterdir()
    return found


def test_its_own_code_is_shown_in_groups_and_can_be_copied(place: Place, folders: tuple[Path, Path, Path]) -> None:
    code = read_card(card_of(folders[0])).fingerprint
    digits = place.section.digits
    assert [label.text() for label in digits.groups] == code.split()
    assert len(digits.groups) == 6 and all(len(label.text()) == 5 for label in digits.groups)
    spoken = digits.accessibleName()
    assert spoken.startswith("Mã đối chiếu của máy này: nhóm 1: " + " ".join(code[:5]))
    assert "Người mẫu một" in place.section.name.text() and "Máy của xã" in place.section.name.text()
    digits.setFocus()
    QTest.keyClick(digits, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == code
    assert "Chưa biết máy nào khác" in place.section.nothing.text()
    assert not place.section.revoke_button.isVisible()


def test_the_card_is_written_where_one_wants(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, Path, Path]
) -> None:
    usb = tmp_path / "USB của xã"
    usb.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(usb))
    place.click(place.section.export_button)
    (card,) = usb.iterdir()
    assert read_card(card).fingerprint == place.section.digits.text
    assert str(card) in place.section.told.text


def test_a_card_is_taken_compared_and_confirmed_by_keyboard(
    place: Place, folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(card_of(folders[2])), ""))
    place.section.import_button.setFocus()
    QTest.keyClick(place.section.import_button, Qt.Key.Key_Return)
    place.settle()
    dialog = place.dialog(EnrolCard)
    assert isinstance(dialog, EnrolCard)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    place.settle()
    assert place.states() == {"Người mẫu ở tỉnh": "seen"}
    assert "Chưa ai so mã" in place.section.about.text()
    place.section.table.setFocus()
    QTest.keyClick(place.section.table, Qt.Key.Key_Return)
    place.settle()
    both = place.compare()
    assert both.theirs.text == read_card(card_of(folders[2])).fingerprint
    assert both.mine.text == place.section.digits.text
    assert both.theirs.hasFocus()
    for code in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return):  # over both codes to «Khớp cả sáu nhóm»
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, code)
    place.settle()
    assert place.states() == {"Người mẫu ở tỉnh": "confirmed"}
    assert "Đã xác nhận máy" in place.section.told.text
    assert not place.section.confirm_button.isEnabled()


def test_codes_that_differ_offer_to_take_the_key_back(
    make_desk: MakeDesk, folders: tuple[Path, Path, Path], settle: Settle
) -> None:
    with reopened(folders[0]) as one:
        identity.import_card(one, card_of(folders[2]))
    place = Place(make_desk(folders[0]).window, settle)
    place.select("Người mẫu ở tỉnh")
    place.click(place.section.confirm_button)
    seen: list[str] = []
    answer(2, seen)  # asked again later: nothing changes
    QTest.mouseClick(place.compare().different_button, Qt.MouseButton.LeftButton)
    place.settle()
    assert "Mã không khớp" in seen[0]
    assert place.states() == {"Người mẫu ở tỉnh": "seen"}
    place.click(place.section.confirm_button)
    answer(1, seen)
    QTest.mouseClick(place.compare().different_button, Qt.MouseButton.LeftButton)
    place.settle()
    assert place.states() == {"Người mẫu ở tỉnh": "revoked"}
    place.click(place.section.confirm_button)  # by mistake: compared after all
    QTest.mouseClick(place.compare().same_button, Qt.MouseButton.LeftButton)
    place.settle()
    assert place.states() == {"Người mẫu ở tỉnh": "confirmed"}


def test_a_lost_computer_gives_its_place_to_a_new_one(
    make_desk: MakeDesk, folders: tuple[Path, Path, Path], settle: Settle, tmp_path: Path
) -> None:
    one, two, there = (reopened(folder) for folder in folders)
    introduce(tmp_path / "usb", one, there)
    late = packages.export(
        one, tmp_path / "gửi", full=True, sealing=Sealing("keys", cards=(identity.own_card(there),)), recovery=False
    )
    closed(one, two, there)
    place = Place(make_desk(folders[2]).window, settle)
    place.select("Người mẫu một")
    seen: list[str] = []
    answer(0, seen)
    place.section.take_card(card_of(folders[1]), place.section.chosen())
    place.settle()
    dialog = place.dialog(EnrolCard)
    assert isinstance(dialog, EnrolCard)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    place.settle()
    assert "Thu hồi máy cũ" in seen[0] and "Những gì đã nhận trước đó vẫn giữ nguyên" in seen[0]
    assert place.states() == {"Người mẫu một": "revoked", "Người mẫu hai": "seen"}
    assert "Đã thu hồi máy cũ" in place.section.told.text
    found: list[object] = []
    place.window.session.run(lambda workspace, task: receiving.import_files(workspace, [late.path]), found.append)
    place.settle()
    (outcome,) = found[0].outcomes  # type: ignore[attr-defined]
    assert isinstance(outcome.error, PackageUntrusted)


def test_revoking_is_asked_about_and_can_be_left(
    make_desk: MakeDesk, folders: tuple[Path, Path, Path], settle: Settle, tmp_path: Path
) -> None:
    one, two = reopened(folders[0]), reopened(folders[1])
    introduce(tmp_path / "usb", one, two)
    hand_over(two, one, tmp_path / "usb")
    closed(one, two)
    place = Place(make_desk(folders[0]).window, settle)
    place.select("Người mẫu hai")
    assert "Gói gần nhất của máy này" in place.section.about.text()
    seen: list[str] = []
    answer(0, seen)
    place.click(place.section.revoke_button)
    assert "không nhận gói nào của máy đó nữa" in seen[0]
    assert place.states() == {"Người mẫu hai": "seen"}
    answer(1, seen)
    place.click(place.section.revoke_button)
    assert place.states() == {"Người mẫu hai": "revoked"}
    assert not place.section.revoke_button.isEnabled()


def test_a_file_that_is_no_card_changes_nothing(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "thẻ.ntmcard"
    file.write_text("x", encoding="utf-8")
    place.section.take_card(file)
    place.settle()
    assert place.section.told.text
    assert place.section.model.rows == []


def test_every_control_has_a_name_and_is_large_enough(place: Place) -> None:
    for button in place.section.findChildren(QPushButton):
        assert button.text() or button.accessibleName()
        if button.isVisible():
            assert button.height() >= 32
    assert place.section.table.accessibleName()
