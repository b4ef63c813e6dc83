"""The first start by keyboard and by mouse: from an empty folder to a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ntm_desktop.operations.workspace import exists, open_workspace
from ntm_desktop.settings import Settings
from ui.desk import Desk
from ui.pages.first_run import FirstRunPage
from ui.pages.trouble import TroublePage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


def first_run(desk: Desk) -> FirstRunPage:
    screen = desk.window.stack.currentWidget()
    assert isinstance(screen, FirstRunPage)
    return screen


def key(code: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, code)


def type_in(text: str) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClicks(widget, text)


def test_a_commune_by_keyboard_only(make_desk: MakeDesk, tmp_path: Path, settle: Settle, qtbot: QtBot) -> None:
    folder = tmp_path / "dữ liệu mới"
    desk = make_desk(folder)
    screen = first_run(desk)
    assert not desk.window.navigation.isVisible()
    assert screen.commune_role.hasFocus()
    key(Qt.Key.Key_Tab)
    type_in("lai chau")
    key(Qt.Key.Key_Return)
    assert screen.commune.field.hasFocus()
    type_in("binh lu")
    key(Qt.Key.Key_Return)
    assert screen.choice.set_box.hasFocus()
    while (chosen := screen.choice.choice()) is not None and chosen.catalogue_id != "xa-ntm-2021-2025":
        before = screen.choice.set_box.currentIndex()
        key(Qt.Key.Key_Up)
        assert screen.choice.set_box.currentIndex() != before
    assert screen.choice.region.chosen == "tdmnpb"
    assert "Xã Bình Lư" in screen.summary.text()
    for _step in range(8):
        if screen.begin.hasFocus():
            break
        key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.current_key == "home", timeout=20000)
    settle(desk.window)
    assert desk.session.assessed is not None
    assert desk.session.assessed.unit.name == "Bình Lư"
    assert desk.session.assessed.assessment.region == "tdmnpb"
    assert desk.window.navigation.isVisible()


def test_an_office_needs_only_its_province(make_desk: MakeDesk, tmp_path: Path, settle: Settle, qtbot: QtBot) -> None:
    desk = make_desk(tmp_path / "cơ quan")
    screen = first_run(desk)
    QTest.mouseClick(screen.office_role, Qt.MouseButton.LeftButton)
    assert not screen.choice.isVisible()
    screen.province.setFocus()
    type_in("lam dong")
    QTest.mouseClick(screen.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.window.current_key == "office", timeout=20000)
    settle(desk.window)
    assert desk.session.info is not None
    assert desk.session.info.unit.full_name == "Tỉnh Lâm Đồng"


def test_what_is_missing_is_said_and_gets_the_focus(make_desk: MakeDesk, tmp_path: Path) -> None:
    folder = tmp_path / "trống"
    screen = first_run(make_desk(folder))
    QTest.mouseClick(screen.begin, Qt.MouseButton.LeftButton)
    assert screen.banner.text == "Chưa chọn tỉnh, thành phố."
    assert screen.province.field.hasFocus()
    type_in("lai chau")
    QTest.mouseClick(screen.begin, Qt.MouseButton.LeftButton)
    assert screen.banner.text == "Chưa chọn xã, phường hoặc đặc khu."
    assert screen.commune.field.hasFocus()
    assert not exists(folder)


def test_the_set_of_2026_asks_for_the_group(make_desk: MakeDesk, tmp_path: Path) -> None:
    screen = first_run(make_desk(tmp_path / "trống"))
    screen.province.choose("12")
    screen.commune.choose("03390")
    screen.choice.set_box.setCurrentIndex(screen.choice.set_box.findData("xa-ntm-2026"))
    assert screen.choice.group.isVisible()
    assert not screen.choice.region.isVisible()
    QTest.mouseClick(screen.begin, Qt.MouseButton.LeftButton)
    assert "nhóm xã" in screen.banner.text


def test_search_ignores_diacritics_and_says_when_nothing_fits(make_desk: MakeDesk, tmp_path: Path) -> None:
    screen = first_run(make_desk(tmp_path / "trống"))
    screen.province.field.setFocus()
    type_in("dak lak")
    unit = screen.province.unit()
    assert unit is not None
    assert unit.full_name == "Tỉnh Đắk Lắk"
    type_in("zz")
    assert screen.province.unit() is None
    assert not screen.commune.field.isEnabled()


def test_the_sample_opens_and_leads_back(make_desk: MakeDesk, tmp_path: Path, settle: Settle, qtbot: QtBot) -> None:
    folder = tmp_path / "trống"
    desk = make_desk(folder)
    (button,) = [item for item in first_run(desk).findChildren(QPushButton) if "dữ liệu mẫu" in item.text()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.window.current_key == "home", timeout=60000)
    settle(desk.window)
    assert desk.session.info is not None
    assert desk.session.info.sample
    assert desk.window.header.note.text() == "DỮ LIỆU MẪU"
    desk.session.folder_wanted.emit(None)
    qtbot.waitUntil(lambda: isinstance(desk.window.stack.currentWidget(), FirstRunPage), timeout=20000)
    settle(desk.window)
    assert desk.folder == folder
    assert Settings.of_folder(folder).text("workspace") == ""


def test_a_busy_workspace_can_be_tried_again(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    with open_workspace(workspace_folder):
        desk = make_desk(workspace_folder)
        screen = desk.window.stack.currentWidget()
        assert isinstance(screen, TroublePage)
        assert "đang được mở" in screen.message.text()
        assert screen.buttons["retry"].hasFocus()
    QTest.mouseClick(screen.buttons["retry"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.window.current_key == "home", timeout=20000)
    settle(desk.window)


def test_a_damaged_workspace_is_no_dead_window(make_desk: MakeDesk, workspace_folder: Path) -> None:
    database = workspace_folder / "ntm.sqlite3"
    content = bytearray(database.read_bytes())
    content[:200] = b"x" * 200
    database.write_bytes(bytes(content))
    screen = make_desk(workspace_folder).window.stack.currentWidget()
    assert isinstance(screen, TroublePage)
    assert next(iter(screen.buttons)) == "restore"
    assert database.read_bytes() == bytes(content)


def test_a_folder_that_cannot_be_one_is_told(make_desk: MakeDesk, tmp_path: Path, settle: Settle) -> None:
    file = tmp_path / "là một tệp"
    file.write_text("x", encoding="utf-8")
    desk = make_desk(file / "bên trong")
    screen = first_run(desk)
    screen.province.choose("12")
    screen.commune.choose("03390")
    screen.choice.set_box.setCurrentIndex(screen.choice.set_box.findData("xa-ntm-2021-2025"))
    QTest.mouseClick(screen.begin, Qt.MouseButton.LeftButton)
    settle(desk.window)
    assert "Không ghi được" in screen.banner.text
    assert screen.begin.isEnabled()
    assert file.read_text(encoding="utf-8") == "x"


def test_an_office_by_keyboard_only(make_desk: MakeDesk, tmp_path: Path, settle: Settle, qtbot: QtBot) -> None:
    desk = make_desk(tmp_path / "cơ quan")
    screen = first_run(desk)
    assert screen.go_title.text() == "4. Bắt đầu"
    key(Qt.Key.Key_Down)
    assert screen.office_role.isChecked()
    assert screen.go_title.text() == "3. Bắt đầu"  # the third step is not for an office
    key(Qt.Key.Key_Return)
    assert screen.province.field.hasFocus()
    type_in("lai chau")
    key(Qt.Key.Key_Return)
    assert screen.begin.hasFocus()
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.current_key == "office", timeout=20000)
    settle(desk.window)
