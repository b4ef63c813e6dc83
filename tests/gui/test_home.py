"""The home page: where one stands, what to do next, and that every line leads somewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from ntm_desktop.model.assessment import Verdict
from ntm_desktop.operations import results, safety, setup
from ntm_desktop.operations.workspace import open_workspace
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.home import HomePage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


def home(window: MainWindow) -> HomePage:
    page = window.page("home")
    assert isinstance(page, HomePage)
    return page


def lines(page: HomePage) -> list[str]:
    return [button.text() for button in page.todo.findChildren(QPushButton) if button.isVisibleTo(page)]


def click(page: HomePage, words: str) -> None:
    (button,) = [item for item in page.findChildren(QPushButton) if item.text() == words and item.isVisibleTo(page)]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_empty_assessment_names_what_to_begin_with(window: MainWindow) -> None:
    page = home(window)
    assert page.indicators.button(Verdict.NOT_ASSESSED).text() == "Chưa đánh giá: 57"
    assert lines(page)[:3] == ["57 chỉ tiêu chưa nhập kết quả", "1.1", "1.2"]
    assert "và 47 nữa" in lines(page)
    assert not page.missing.isHidden()


def test_a_code_leads_to_its_indicator(window: MainWindow, settle: Settle) -> None:
    click(home(window), "2.1")
    settle(window)
    assert window.current_key == "criteria"
    assert getattr(window.page("criteria"), "code", "") == "2.1"


def test_a_piece_of_the_bar_leads_to_its_indicators(window: MainWindow, settle: Settle) -> None:
    QTest.mouseClick(home(window).criteria.button(Verdict.NOT_ASSESSED), Qt.MouseButton.LeftButton)
    settle(window)
    assert window.current_key == "criteria"


def test_it_follows_what_is_entered(window: MainWindow, settle: Settle) -> None:
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: results.save(workspace, shown, "1.1", {"value": {"holds": True}}))
    settle(window)
    assert "56 chỉ tiêu chưa nhập kết quả" in lines(home(window))
    assert "1 chỉ tiêu thiếu minh chứng" in lines(home(window))
    assert home(window).indicators.button(Verdict.MET).text() == "Đạt: 1"


def test_a_fresh_backup_is_no_chore(make_desk: MakeDesk, workspace_folder: Path, tmp_path: Path) -> None:
    with open_workspace(workspace_folder) as workspace:
        safety.backup(workspace, tmp_path / "usb")
    page = home(make_desk(workspace_folder).window)
    assert page.backup_text.text().startswith("Sao lưu gần nhất: ")
    assert "Sao lưu…" not in lines(page)


def test_an_old_backup_is_a_chore(make_desk: MakeDesk, workspace_folder: Path) -> None:
    from ntm_desktop.operations.overview import LAST_BACKUP

    old = (datetime.now(UTC) - timedelta(days=9)).isoformat(timespec="seconds")
    with open_workspace(workspace_folder) as workspace:
        setup.save_setting(workspace, LAST_BACKUP, old)
    assert "Sao lưu…" in lines(home(make_desk(workspace_folder).window))


def test_when_nothing_is_left_it_says_so_kindly(window: MainWindow, settle: Settle) -> None:
    page = home(window)
    page.todo.show_chores(())
    page._done.setVisible(True)
    click(page, "Xem và in hồ sơ")
    settle(window)
    assert window.current_key == "dossier"


def test_the_list_keeps_its_buttons_while_nothing_changes(window: MainWindow, settle: Settle) -> None:
    """A list that is built anew would drop the focus."""
    before = home(window).first_focus()
    window.session.reload()
    settle(window)
    assert home(window).first_focus() is before
