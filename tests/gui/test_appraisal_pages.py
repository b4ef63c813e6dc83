"""What the office says about a dossier: written with keys and clicks in the office, read by the commune."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.operations import appraisal
from tests.core.appraisal_samples import NOTE, make_world
from ui.desk import Desk
from ui.dialogs.appraise import OpinionDialog, ReturnDialog
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.models.commune_table import STATE
from ui.pages.criteria import CriteriaPage
from ui.pages.home import HomePage
from ui.pages.office import OfficePage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A commune with an opinion, a wish and a returned dossier; an office that has the dossier and said nothing."""
    world = make_world(tmp_path)
    dossier = world.dossier
    said = make_world(tmp_path / "đã trả lời")
    said.close()
    appraisal.save_opinion(world.office, dossier, "17.1", "supplement", NOTE)
    appraisal.save_opinion(world.office, dossier, "1.1", "agreed")
    appraisal.set_return(world.office, dossier, "returned", "Thiếu biên bản họp thôn.")
    world.answer()
    world.close()
    return world.commune.folder, said.office.folder


def button(inside: QWidget, words: str) -> QPushButton:
    found = [each for each in inside.findChildren(QPushButton) if each.text().replace("&", "") == words]
    assert len(found) == 1, [each.text() for each in inside.findChildren(QPushButton)]
    return found[0]


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None, "the focus is nowhere"
    QTest.keyClick(focused, key, modifier)


class Office:
    """The window of an office on a commune's dossier."""

    def __init__(self, window: MainWindow, settle: Settle) -> None:
        self.window, self._settle = window, settle
        self.come_back()
        window.show_page("office")
        self.settle()
        page = window.page("office")
        assert isinstance(page, OfficePage)
        self.communes = page

    def settle(self) -> None:
        self._settle(self.window)

    def come_back(self) -> None:
        """There is no window manager here that would activate the window."""
        self.window.activateWindow()
        self.settle()

    def open_commune(self, code: str) -> CriteriaPage:
        self.communes.table.setFocus()
        QTest.keyClick(self.communes.table, Qt.Key.Key_Return)
        self.settle()
        page = self.window.page("criteria")
        assert isinstance(page, CriteriaPage)
        page.show_place(code)
        self.settle()
        assert page.code == code
        return page

    def state(self) -> str:
        return str(self.communes._proxy.index(0, STATE).data())

    def undo(self) -> None:
        self.window.actions_table["undo"].trigger()
        self.settle()


@pytest.fixture
def office(make_desk: MakeDesk, folders: tuple[Path, Path], settle: Settle) -> Office:
    return Office(make_desk(folders[1]).window, settle)


def opinion_dialog() -> OpinionDialog:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, OpinionDialog)
    return dialog


def test_the_office_writes_an_opinion_with_the_keyboard(office: Office, qtbot: QtBot) -> None:
    page = office.open_commune("17.1")
    strip = page.center.opinion
    assert strip.text == "Chưa có ý kiến về chỉ tiêu này."
    press(Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), OpinionDialog))
    dialog = opinion_dialog()
    assert dialog.state() is OpinionVerdict.AGREED
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert dialog.state() is OpinionVerdict.SUPPLEMENT
    press(Qt.Key.Key_Return)
    assert "Hãy ghi rõ điều xã cần làm." in dialog.problem_line.text()
    assert dialog.focusWidget() is dialog.note
    dialog.note.insertPlainText(NOTE)
    press(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    office.settle()
    assert strip.text.startswith(f"Ý kiến của cơ quan tiếp nhận: + Cần bổ sung {NOTE}")
    office.undo()
    assert strip.text == "Chưa có ý kiến về chỉ tiêu này."


def test_the_button_keeps_the_focus_for_the_next_opinion(office: Office) -> None:
    page = office.open_commune("17.1")
    first = button(page.center.opinion, "Ghi ý kiến…")
    first.setFocus()
    click(first)
    dialog = opinion_dialog()
    click(dialog.choices[OpinionVerdict.AGREED])
    click(dialog.accept_button)
    office.settle()
    assert "✔ Đồng ý" in page.center.opinion.text
    office.come_back()
    assert QApplication.focusWidget() is button(page.center.opinion, "Ghi ý kiến…")
    page.go(1)
    office.settle()
    assert page.center.opinion.text == "Chưa có ý kiến về chỉ tiêu này."
    page.go(-1)
    office.settle()
    click(button(page.center.opinion, "Ghi ý kiến…"))
    click(opinion_dialog().choices[None])
    click(opinion_dialog().accept_button)
    office.settle()
    assert page.center.opinion.text == "Chưa có ý kiến về chỉ tiêu này."


def test_escape_leaves_everything_as_it_was(office: Office) -> None:
    page = office.open_commune("17.1")
    click(button(page.center.opinion, "Ghi ý kiến…"))
    dialog = opinion_dialog()
    click(dialog.choices[OpinionVerdict.DISAGREED])
    dialog.note.insertPlainText(NOTE)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    office.settle()
    assert page.center.opinion.text == "Chưa có ý kiến về chỉ tiêu này."


def test_the_state_of_a_dossier_is_written_in_the_table_of_communes(office: Office) -> None:
    assert office.state() == "–"
    click(office.communes.state_button)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReturnDialog)
    assert dialog.state() is ReturnStatus.RECEIVED
    click(dialog.choices[ReturnStatus.RETURNED])
    click(dialog.accept_button)
    assert dialog.isVisible()  # what is to be added must be said
    dialog.note.insertPlainText("Thiếu biên bản.")
    click(dialog.accept_button)
    office.settle()
    assert office.state() == "Trả lại để bổ sung"
    office.undo()
    assert office.state() == "–"


def test_the_state_of_a_dossier_is_written_where_it_is_read(office: Office) -> None:
    page = office.open_commune("17.1")
    banner = page.center.banner
    assert "chỉ xem và ghi ý kiến" in banner.text
    assert "Chưa ghi tình trạng hồ sơ." in banner.text
    click(button(banner, "Tình trạng hồ sơ…"))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReturnDialog)
    click(dialog.choices[ReturnStatus.ACCEPTED])
    click(dialog.accept_button)
    office.settle()
    assert "Tình trạng hồ sơ: Đã chấp thuận" in banner.text
    office.window.show_page("office")
    office.settle()
    assert office.state() == "Đã chấp thuận"


# --- the commune


@pytest.fixture
def commune(make_desk: MakeDesk, folders: tuple[Path, Path]) -> MainWindow:
    return make_desk(folders[0]).window


def test_the_commune_finds_it_among_its_things_to_do(commune: MainWindow, settle: Settle) -> None:
    home = commune.page("home")
    assert isinstance(home, HomePage)
    chores = home.todo._shown
    assert chores is not None
    told = [chore.words for chore in chores]
    assert "Cơ quan tiếp nhận trả lại hồ sơ: Thiếu biên bản họp thôn." in told
    assert "1 chỉ tiêu cơ quan tiếp nhận đề nghị bổ sung" in told
    assert not any("chưa đồng ý" in words for words in told)
    assert home.office_text.text().startswith("Hồ sơ tại cơ quan tiếp nhận: Trả lại để bổ sung (")
    click(button(home.todo, "1 chỉ tiêu cơ quan tiếp nhận đề nghị bổ sung"))
    settle(commune)
    assert commune.current_key == "criteria"
    assert getattr(commune.page("criteria"), "code", "") == "17.1"


def test_the_commune_reads_an_opinion_and_cannot_write_one(commune: MainWindow, settle: Settle) -> None:
    commune.show_page("criteria")
    settle(commune)
    page = commune.page("criteria")
    assert isinstance(page, CriteriaPage)
    page.show_place("17.1")
    settle(commune)
    strip = page.center.opinion
    assert strip.text.startswith(f"Ý kiến của cơ quan tiếp nhận: + Cần bổ sung {NOTE}")
    assert strip.findChildren(QPushButton) == []
    page.show_place("1.1")
    settle(commune)
    assert "✔ Đồng ý" in strip.text
    page.show_place("2.1")
    settle(commune)
    assert strip.text == ""
    assert page.center.banner.text == ""


def test_a_long_note_has_a_button_and_leaves_room_for_the_form(
    make_desk: MakeDesk, tmp_path: Path, settle: Settle
) -> None:
    world = make_world(tmp_path)
    note = "\n".join(f"{place}. Nội dung cần bổ sung" for place in range(1, 40))
    appraisal.save_opinion(world.office, world.dossier, "17.1", "disagreed", note)
    appraisal.set_return(world.office, world.dossier, "returned", note)
    world.answer()
    world.close()
    window = make_desk(world.commune.folder).window
    home = window.page("home")
    assert isinstance(home, HomePage)
    read(home.todo, note)
    window.show_page("criteria")
    page = window.page("criteria")
    assert isinstance(page, CriteriaPage)
    page.show_place("17.1")
    settle(window)
    assert page.center.opinion.height() < 200
    read(page.center.opinion, note)


def read(inside: QWidget, note: str) -> None:
    """Open the whole note, and close it again."""
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        seen.extend(box.toPlainText() for box in dialog.findChildren(QPlainTextEdit))
        dialog.close()

    QTimer.singleShot(50, look)
    click(button(inside, "Đọc toàn bộ…"))
    assert note in seen
