"""Opening, leaving, restoring, failing: nothing is lost and nobody stands before a dead window."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ntm_desktop import log
from ntm_desktop.errors import InvalidInput
from ntm_desktop.operations import results, safety
from ntm_desktop.operations.workspace import open_workspace
from ntm_desktop.settings import Settings
from ui.desk import Desk
from ui.dialogs.help import Help
from ui.dialogs.message import Message
from ui.errors import Failures
from ui.main_window import MainWindow
from ui.pages.trouble import TroublePage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


def answer(place: int, seen: list[Message]) -> None:
    """Press a button of the next message, as soon as it is there."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, Message):
            QTimer.singleShot(20, look)
            return
        seen.append(dialog)
        QTest.mouseClick(dialog.buttons[place], Qt.MouseButton.LeftButton)

    QTimer.singleShot(20, look)


def test_a_bug_is_logged_and_told_with_its_details_folded(window: MainWindow, make_desk: MakeDesk) -> None:
    seen: list[Message] = []
    answer(0, seen)
    try:
        raise ZeroDivisionError("division by zero in a test")
    except ZeroDivisionError as error:
        window.session.failure.emit(error)
    (dialog,) = seen
    assert "Dữ liệu đã lưu vẫn an toàn" in dialog.message.text()
    assert "division by zero in a test" in dialog.details.toPlainText()
    assert "test_frame_desk.py" in dialog.details.toPlainText()
    info = window.session.info
    assert info is not None
    written = log.path_in(info.folder).read_text(encoding="utf-8")
    assert "ZeroDivisionError" in written


def test_what_fails_in_any_thread_is_caught(qtbot: QtBot) -> None:
    failures = Failures()
    found: list[BaseException] = []
    failures.bug.connect(found.append)
    failures.situation.connect(found.append)
    failures.install()
    try:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        sys.excepthook(InvalidInput, InvalidInput("Sai."), None)
        qtbot.waitUntil(lambda: len(found) == 2)
    finally:
        failures.remove()
    assert {type(error) for error in found} == {ZeroDivisionError, InvalidInput}
    assert sys.excepthook is not failures._uncaught


def long_work(desk: Desk, started: threading.Event) -> None:
    def work(_workspace: object, task: object) -> None:
        task.start("Đang làm mẫu", 0)  # type: ignore[attr-defined]
        started.set()
        for _step in range(2000):
            time.sleep(0.01)
            task.advance()  # type: ignore[attr-defined]

    desk.session.run(work, title="Đang làm mẫu")
    started.wait(10)


def test_leaving_asks_about_long_work_and_can_wait(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    desk = make_desk(workspace_folder)
    long_work(desk, threading.Event())
    seen: list[Message] = []
    answer(0, seen)
    desk.window.close()
    assert "Đang làm mẫu" in seen[0].message.text()
    assert [button.text() for button in seen[0].buttons] == ["Chờ làm xong", "Dừng việc này"]
    assert desk.window.isVisible()
    answer(1, seen)
    with qtbot.waitSignal(desk.closed, timeout=10000):
        desk.window.close()
    assert not desk.window.isVisible()
    with open_workspace(workspace_folder):
        pass


def test_a_restored_backup_opens_beside_what_is_there(
    make_desk: MakeDesk,
    workspace_folder: Path,
    tmp_path: Path,
    settle: Settle,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open_workspace(workspace_folder) as workspace:
        backup = safety.backup(workspace, tmp_path / "usb").path
        results.save(workspace, workspace.info().current, "1.1", {"value": {"holds": True}})
    desk = make_desk(workspace_folder)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(backup), ""))
    desk.window.actions_table["restore"].trigger()
    qtbot.waitUntil(lambda: desk.folder != workspace_folder and bool(desk.window.current_key), timeout=20000)
    settle(desk.window)
    assert desk.window.status.link("indicators").text() == "0/57 chỉ tiêu đạt"
    assert desk.folder.parent == workspace_folder.parent
    with open_workspace(workspace_folder) as workspace:
        assert workspace.info().current


def test_backup_from_the_menu_says_where_it_lies(
    window: MainWindow, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ổ ngoài"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(target))
    window.actions_table["backup"].trigger()
    settle(window)
    (file,) = target.iterdir()
    assert str(file) in window.banner.text
    page = window.page("home")
    assert page.backup_text.text().startswith("Sao lưu gần nhất")  # type: ignore[attr-defined]


def test_a_folder_once_chosen_is_opened_again(
    make_desk: MakeDesk, workspace_folder: Path, data_dir: Path, settle: Settle, qtbot: QtBot
) -> None:
    desk = make_desk(None)
    assert desk.folder == data_dir
    desk.change_folder(workspace_folder)
    qtbot.waitUntil(lambda: desk.window.current_key == "home", timeout=20000)
    settle(desk.window)
    desk.leave()
    qtbot.waitUntil(lambda: not desk.window.isVisible())
    assert Settings.of_folder(data_dir).text("workspace") == str(workspace_folder)
    assert make_desk(None).folder == workspace_folder


def test_a_set_that_is_lost_is_told_at_the_start(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    for blob in (workspace_folder / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    desk = make_desk(workspace_folder)
    for _again in range(2):
        screen = desk.window.stack.currentWidget()
        assert isinstance(screen, TroublePage)
        assert "bộ tiêu chí" in screen.message.text()
        QTest.mouseClick(screen.buttons["retry"], Qt.MouseButton.LeftButton)
        settle(desk.window)


def test_help_opens_at_the_page_that_is_shown(window: MainWindow, settle: Settle) -> None:
    window.show_page("evidence")
    settle(window)
    window.actions_table["help"].trigger()
    (dialog,) = window.findChildren(Help)
    assert "Minh chứng" in dialog.text.toPlainText()[:40]
    assert dialog.list.count() >= 8
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        assert len(dialog.text.toPlainText()) > 200
    dialog.close()


def test_settings_outlive_damage(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    settings.put("page", "criteria")
    assert Settings(file).text("page") == "criteria"
    for content in (b"{", b"[]", b"\xff\xfe", b'{"language": 5}', b"[" * 100000):
        file.write_bytes(content)
        damaged = Settings(file)
        assert damaged.language == ""
        assert damaged.text("page") == ""
        damaged.put("page", "home")
        assert Settings(file).text("page") == "home"


def test_settings_that_cannot_be_written_stop_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "tệp"
    blocked.write_text("", encoding="utf-8")
    settings = Settings(blocked / "settings.json")
    settings.put("page", "home")
    assert settings.text("page") == "home"
    assert log.start(blocked).name == "ntm.log"
    log.stop()


def test_the_log_holds_no_figures(tmp_path: Path) -> None:
    log.start(tmp_path)
    log.situation(InvalidInput("Nguyễn Văn Mẫu, 812 hộ", "…"))
    log.stop()
    text = log.path_in(tmp_path).read_text(encoding="utf-8")
    assert "InvalidInput" in text
    assert "812" not in text
    assert text.splitlines()[0][:4].isdigit()
