"""The frame: pages, keys, search, undo, saving, leaving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.errors import InvalidInput
from ntm_desktop.operations import results, setup
from ntm_desktop.settings import Settings
from ui.desk import Desk
from ui.main_window import MainWindow

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]
COMMUNE_PAGES = ["home", "criteria", "evidence", "data", "dossier", "exchange", "settings"]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def save_result(window: MainWindow, settle: Settle, code: str = "1.1", holds: bool = True) -> None:
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: results.save(workspace, shown, code, {"value": {"holds": holds}}))
    settle(window)


def test_every_page_opens_by_its_key(window: MainWindow, settle: Settle) -> None:
    for number, key in enumerate(COMMUNE_PAGES, start=1):
        press(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        settle(window)
        assert window.current_key == key
        assert window.navigation.button(key).isChecked()
        focused = QApplication.focusWidget()
        assert focused is not None
        assert window.isAncestorOf(focused)


def test_opening_pages_shows_no_other_window(window: MainWindow, settle: Settle, qapp: QApplication) -> None:
    """A widget shown before it has a parent is a window of its own for a moment and takes the focus away."""
    seen: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                seen.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for key in COMMUNE_PAGES:
        window.show_page(key)
        settle(window)
    qapp.removeEventFilter(watch)
    assert seen == []


def test_header_and_status_say_where_one_stands(window: MainWindow, settle: Settle) -> None:
    assert "Năm 2024" in window.header.unit.toolTip()
    assert window.status.link("criteria").text() == "0/19 tiêu chí đạt"
    assert window.status.link("indicators").text() == "0/57 chỉ tiêu đạt"
    save_result(window, settle)
    assert window.status.link("indicators").text() == "1/57 chỉ tiêu đạt"
    assert window.status.link("missing_evidence").text() == "1 chỉ tiêu thiếu minh chứng"
    QTest.mouseClick(window.status.link("missing_evidence"), Qt.MouseButton.LeftButton)
    settle(window)
    assert window.current_key == "criteria"


def test_saving_is_told(window: MainWindow, settle: Settle) -> None:
    window.session.save_state.emit("saving")
    assert window.header.saved.text() == "Đang lưu…"
    save_result(window, settle)
    settle(window, quiet=400)
    assert window.header.saved.text().startswith("Đã lưu lúc ")


def test_search_without_diacritics_goes_there(window: MainWindow, settle: Settle) -> None:
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = window.header.search
    assert search.hasFocus()
    QTest.keyClicks(search, "nuoc sach")
    assert [hit.place for hit in search.found()][:1] == ["17.1"]
    QTest.keyClick(search, Qt.Key.Key_Return)
    settle(window)
    assert window.current_key == "criteria"
    assert search.text() == ""
    assert window.session.assessed is not None
    page = window.page("criteria")
    assert getattr(page, "code", "17.1") == "17.1"


def test_search_finds_a_code_first_and_says_when_there_is_nothing(window: MainWindow) -> None:
    search = window.header.search
    QTest.keyClicks(search, "2.1")
    assert search.found()[0].place == "2.1"
    search.clear()
    QTest.keyClicks(search, "zzzz")
    assert search.found() == ()
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert window.current_key == "home"


def test_undo_and_redo_have_names(window: MainWindow, settle: Settle) -> None:
    undo, redo = window.actions_table["undo"], window.actions_table["redo"]
    assert not undo.isEnabled()
    save_result(window, settle)
    assert undo.isEnabled()
    assert "1.1" in undo.text()
    window.navigation.button("home").setFocus()
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.status.link("indicators").text() == "0/57 chỉ tiêu đạt"
    assert not undo.isEnabled()
    assert "1.1" in redo.text()
    press(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.status.link("indicators").text() == "1/57 chỉ tiêu đạt"


def test_a_field_takes_back_its_own_typing_first(window: MainWindow, settle: Settle) -> None:
    save_result(window, settle)
    search = window.header.search
    search.setFocus()
    QTest.keyClicks(search, "abc")
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert search.text() == ""
    assert window.status.link("indicators").text() == "1/57 chỉ tiêu đạt"
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.status.link("indicators").text() == "0/57 chỉ tiêu đạt"


def test_no_shortcut_fires_while_a_word_is_being_composed(window: MainWindow, settle: Settle) -> None:
    search = window.header.search
    search.setFocus()
    QApplication.sendEvent(search, QInputMethodEvent("nuơ", []))
    QTest.keyClick(search, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.current_key == "home"
    done = QInputMethodEvent()
    done.setCommitString("nước")
    QApplication.sendEvent(search, done)
    QTest.keyClick(search, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.current_key == "criteria"


def test_f6_goes_round_the_panes(window: MainWindow, settle: Settle) -> None:
    window.show_page("settings", by_keyboard=True)
    settle(window)
    visited: list[str] = []
    for _step in range(4):
        press(window, Qt.Key.Key_F6)
        focused = QApplication.focusWidget()
        assert focused is not None
        visited.append("search" if focused is window.header.search else "pane")
        if window.navigation.isAncestorOf(focused):
            visited[-1] = "navigation"
    assert {"search", "navigation", "pane"} == set(visited)


def test_enter_presses_the_focused_button(window: MainWindow, settle: Settle) -> None:
    window.navigation.button("settings").setFocus()
    press(window, Qt.Key.Key_Return)
    settle(window)
    assert window.current_key == "settings"


def test_a_situation_is_told_calmly_and_escape_takes_it_away(window: MainWindow, settle: Settle) -> None:
    window.session.failure.emit(InvalidInput("Năm 1000 không hợp lệ.", "Hãy ghi năm đánh giá, ví dụ 2024."))
    assert window.banner.text == "Năm 1000 không hợp lệ. Hãy ghi năm đánh giá, ví dụ 2024."
    press(window, Qt.Key.Key_Escape)
    assert window.banner.text == ""


def test_long_work_shows_progress_and_can_be_cancelled(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    ended: list[str] = []

    def work(_workspace: object, task: object) -> None:
        import time

        task.start("Đang làm mẫu", 1000)  # type: ignore[attr-defined]
        for _step in range(1000):
            time.sleep(0.01)
            task.advance()  # type: ignore[attr-defined]

    task = window.session.run(work, title="Đang làm mẫu")
    task.cancelled.connect(lambda: ended.append("cancelled"))
    qtbot.waitUntil(lambda: any(button.text() == "Huỷ" for button in shown_buttons(window)))
    (cancel,) = [button for button in shown_buttons(window) if button.text() == "Huỷ"]
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    settle(window)
    assert ended == ["cancelled"]
    assert "Huỷ" not in [button.text() for button in shown_buttons(window)]


def shown_buttons(window: MainWindow) -> list[QAbstractButton]:
    return [button for button in window.findChildren(QAbstractButton) if button.isVisible()]


@pytest.mark.parametrize("key", COMMUNE_PAGES)
def test_every_control_has_a_name_and_can_be_hit(window: MainWindow, settle: Settle, key: str) -> None:
    window.show_page(key)
    settle(window, quiet=50)
    buttons = [button for button in shown_buttons(window) if not isinstance(button.parent(), QLineEdit)]
    nameless = [button for button in buttons if not (button.accessibleName() or button.text())]
    assert nameless == []
    fields = [
        field
        for field in window.findChildren(QLineEdit)
        if field.isVisible() and field.objectName() != "qt_spinbox_lineedit"
    ]
    named = [field for field in fields if field.accessibleName() or has_buddy(window, field)]
    assert [field.placeholderText() for field in fields if field not in named] == []
    inner = ("qt_toolbar_ext_button",)
    small = [
        (type(button).__name__, button.text() or button.accessibleName(), button.height())
        for button in buttons
        if button.height() < 28
        and button.objectName() not in inner
        and not isinstance(button.parent(), QLineEdit)
        and not window.status.isAncestorOf(button)
    ]
    assert small == []


def has_buddy(window: QWidget, field: QWidget) -> bool:
    from PySide6.QtWidgets import QLabel

    parent = field.parentWidget()
    return any(label.buddy() in (field, parent) for label in window.findChildren(QLabel))


def test_size_page_and_language_are_kept(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    desk = make_desk(workspace_folder)
    desk.window.show_page("settings")
    settle(desk.window)
    desk.leave()
    qtbot.waitUntil(lambda: not desk.window.isVisible())
    kept = Settings.of_folder(workspace_folder)
    assert kept.text("page") == "settings"
    assert kept.text("geometry")
    again = make_desk(workspace_folder)
    assert again.window.current_key == "settings"


def test_closing_saves_what_was_just_typed(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    desk = make_desk(workspace_folder, page="settings")
    desk.window.go("settings", "unit")
    settle(desk.window)
    field = desk.window.page("settings").sections["unit"].fields["signer_name"]  # type: ignore[attr-defined]
    field.setFocus()
    QTest.keyClicks(field, "Nguoi ky mau")
    desk.window.close()
    qtbot.waitUntil(lambda: not desk.window.isVisible())
    from ntm_desktop.operations.workspace import open_workspace

    with open_workspace(workspace_folder) as workspace:
        assert setup.profile(workspace).signer_name == "Nguoi ky mau"


def test_language_changes_at_once_and_back(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    desk = make_desk(workspace_folder, page="settings")
    desk.session.language_wanted.emit("en")
    settle(desk.window, quiet=100)
    assert Settings.of_folder(workspace_folder).language == "en"
    assert desk.window.current_key == "settings"
    assert desk.window.status.link("criteria").isVisible()
    desk.session.language_wanted.emit("vi")
    settle(desk.window, quiet=100)
    assert desk.window.navigation.button("home").text() == "Tổng quan"


def test_office_sees_its_communes_first_and_escape_goes_back(office_window: MainWindow, settle: Settle) -> None:
    assert office_window.current_key == "office"
    assert not office_window.navigation.button("criteria").isEnabled()
    office_window.show_page("exchange")
    settle(office_window)
    assert office_window.current_key == "exchange"
    office_window.show_page("criteria")
    assert office_window.current_key == "office"


@pytest.mark.parametrize("width", [1366, 1100, 920])
def test_nothing_is_cut_off_on_small_windows(window: MainWindow, settle: Settle, width: int) -> None:
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(width, 700)
    parts = ("unit", "assessments", "catalogues", "person", "safety", "about")
    for key, place in [*((key, "") for key in COMMUNE_PAGES), *(("settings", part) for part in parts)]:
        window.go(key, place)
        settle(window, quiet=30)
        assert window.width() == width, f"{key} is wider than the window"
        page = window.page(key)
        for area in page.findChildren(QScrollArea):
            inside = area.widget()
            unscrolled = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if inside is not None and unscrolled and area.isVisible():
                assert inside.width() <= area.viewport().width(), f"{key}: something is cut off at {width}"
        right = page.mapTo(window, QPoint(page.width(), 0)).x()
        assert right <= window.width()


def test_the_year_stays_in_sight_where_the_header_is_narrow(window: MainWindow, settle: Settle) -> None:
    whole = window.header.unit.toolTip()
    for width in (1366, 1093, 900, 683):
        window.header.resize(width, window.header.height())
        shown = window.header.unit.text()
        assert shown.startswith("Xã Bình Lư")
        assert shown.endswith("Năm 2024")
        assert (shown == whole) == ("…" not in shown and "2021" in shown)


def test_the_status_line_cuts_no_number(window: MainWindow) -> None:
    line = window.status
    line.show_conflicts(4)
    links = [line.link(name) for name in ("criteria", "indicators", "missing_evidence", "conflicts", "help")]
    for width in (1366, 683, 560):
        line.resize(width, line.height())
        shown = [link for link in links if link.isVisible()]
        assert links[3] in shown and links[4] in shown
        assert sum(link.sizeHint().width() for link in shown) <= width
    assert all(link.isVisible() for link in links) is False
    line.resize(1366, line.height())
    assert all(link.isVisible() for link in links)
