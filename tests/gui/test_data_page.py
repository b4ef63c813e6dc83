"""The data page: everything is saved by itself, wrong text stays, rows are pasted, removed and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model.records import LISTS, Record
from ntm_desktop.operations import dossier_data, evidence, history, setup
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.core.appraisal_samples import make_world
from ui.desk import Desk
from ui.forms.inputs import LineInput
from ui.forms.record_form import RecordForm
from ui.main_window import MainWindow
from ui.models.record_paste import cells_of, data_rows, unambiguous
from ui.pages.data import DataPage
from ui.pages.data_lists import DebtPart, ListPart, MoneyPart
from ui.pages.data_papers import ConditionPart, PapersPart
from ui.pages.data_photos import PhotoPart
from ui.pages.data_poll import PollPart
from ui.tasks import Task
from ui.widgets.record_table import RecordTable

Settle = Callable[..., None]
QUIET = 650  # milliseconds in which everything typed has been saved and read again


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DataPage:
    return opened(window, settle)


def opened(window: MainWindow, settle: Settle) -> DataPage:
    window.show_page("data", by_keyboard=True)
    settle(window, quiet=50)
    found = window.page("data")
    assert isinstance(found, DataPage)
    assert found.known is not None
    return found


def go(window: MainWindow, settle: Settle, place: str) -> None:
    window.go("data", place)
    settle(window, quiet=30)


def stored(window: MainWindow, settle: Settle, kind: str) -> list[Record]:
    """What the store holds now."""
    got: list[tuple[Record, ...]] = []
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: dossier_data.records(workspace, shown, kind), got.append)
    settle(window)
    return sorted(got[0], key=lambda record: str(sorted(record.values.items(), key=str)))


def save(window: MainWindow, settle: Settle, kind: str, record_id: str, **typed: str | bool | None) -> None:
    """As another window or a package would: the page is only told."""
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: dossier_data.save(workspace, shown, kind, record_id, typed))
    settle(window, quiet=30)


def keys(text: str) -> None:
    """Type a text; one with diacritics comes from an input method."""
    if not text.isascii():
        compose(text)
        return
    for letter in text:  # the first one may open a cell, which gets the others
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, letter)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def compose(text: str = "", preedit: str = "") -> None:
    """As an input method hands over a Vietnamese word, or shows one that is not finished."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(text)
    focused = QApplication.focusWidget()
    assert focused is not None
    QApplication.sendEvent(focused, event)


def form_of(page: DataPage, part: str) -> RecordForm:
    return page.parts[part].forms()[0]


def line(form: RecordForm, name: str) -> LineInput:
    widget = form.fields[name].input.inputs()[0]
    assert isinstance(widget, LineInput)
    return widget


def replace(form: RecordForm, name: str, text: str) -> None:
    """Type another text into a field of a form."""
    widget = line(form, name)
    widget.setFocus()
    widget.selectAll()
    keys(text) if text else press(Qt.Key.Key_Delete)


def cells(table: RecordTable) -> list[list[str]]:
    rows = table.rows
    return [[str(rows.index(r, c).data()) for c in range(rows.columnCount())] for r in range(rows.rowCount())]


def banner_button(page: DataPage) -> QPushButton:
    return next(button for button in page.banner.findChildren(QPushButton) if not button.isHidden())


# --- single forms


def test_the_page_opens_between_evidence_and_dossier(window: MainWindow, settle: Settle) -> None:
    press(Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.current_key == "data"
    assert window.navigation.button("data").text() == "Số liệu"
    press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.current_key == "dossier"


def test_what_is_typed_is_saved_after_a_pause_and_the_part_is_complete(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    assert page.list.item(0).text() == "Tình hình chung\nCòn 3 điều cần bổ sung"
    go(window, settle, "general/self/villages")
    for text in ("14", "1.040", "4 380"):
        keys(text)
        press(Qt.Key.Key_Return)  # Enter goes on
    settle(window, quiet=QUIET)
    (record,) = stored(window, settle, "general")
    assert record.values == {"villages": 14, "households": 1040, "population": 4380}
    assert page.list.item(0).text() == "Tình hình chung\nĐủ"
    assert page.parts["general"].missing.isHidden()
    form = form_of(page, "general")
    assert line(form, "minority").hasFocus()
    assert [line(form, name).text() for name in ("households", "population")] == ["1.040", "4.380"]
    assert window.header.saved.text().startswith("Đã lưu lúc")


def test_nothing_is_saved_before_the_pause_but_leaving_the_page_saves_at_once(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    go(window, settle, "general/self/formed_from")
    compose("Xã cũ mẫu ")
    compose(preedit="và ")
    assert stored(window, settle, "general") == []
    window.show_page("home")
    settle(window)
    assert stored(window, settle, "general")[0].text("formed_from") == "Xã cũ mẫu và"


def test_text_that_cannot_be_read_stays_with_a_sentence_and_harms_nothing(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    form = form_of(page, "publication")
    go(window, settle, "publication/self/posted_from")
    keys("32/13/2024")
    press(Qt.Key.Key_Tab)
    keys("15-10-2024")
    settle(window, quiet=QUIET)
    assert stored(window, settle, "publication")[0].values == {"posted_to": "2024-10-15"}
    assert "32/13/2024" in form.fields["posted_from"].problem.text
    assert not form.fields["posted_from"].problem.isHidden()
    window.show_page("home")
    settle(window)
    window.show_page("data")
    settle(window, quiet=30)
    assert line(form, "posted_from").text() == "32/13/2024"
    replace(form, "posted_from", "01/10/2024")
    assert form.fields["posted_from"].problem.isHidden()
    press(Qt.Key.Key_Tab)
    settle(window)
    assert stored(window, settle, "publication")[0].text("posted_from") == "2024-10-01"


def test_an_ambiguous_number_is_asked_back_with_a_button_for_each_reading(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    form = form_of(page, "general")
    go(window, settle, "general/self/income")
    keys("1.234")
    press(Qt.Key.Key_Tab)
    field = form.fields["income"]
    buttons = field.problem.buttons()
    assert [button.text() for button in buttons] == ["1234", "1,234"]
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    settle(window, quiet=QUIET)
    assert stored(window, settle, "general")[0].text("income") == "1.234"
    assert field.problem.isHidden()


def test_an_echo_does_not_move_the_cursor_but_a_change_from_elsewhere_shows(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    form = form_of(page, "general")
    go(window, settle, "general/self/formed_from")
    keys("Hai xa  ")
    widget = line(form, "formed_from")
    widget.setCursorPosition(3)
    settle(window, quiet=QUIET)
    assert stored(window, settle, "general")[0].text("formed_from") == "Hai xa"
    assert (widget.text(), widget.cursorPosition()) == ("Hai xa  ", 3)  # nobody types into one's typing
    save(window, settle, "general", "", population="4380")
    assert line(form, "population").text() == "4.380"
    assert widget.hasFocus()
    keys("x")
    save(window, settle, "general", "", formed_from="Từ nơi khác")
    assert widget.text() == "Haix xa  "  # what is being typed wins over what comes meanwhile


def test_undo_shows_in_the_field(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "general", "", villages="14")
    assert line(form_of(page, "general"), "villages").text() == "14"
    window.session.run(lambda workspace, task: history.undo(workspace))
    settle(window, quiet=30)
    assert line(form_of(page, "general"), "villages").text() == ""


def test_a_missing_field_is_a_link_to_it(window: MainWindow, page: DataPage, settle: Settle) -> None:
    go(window, settle, "general/self/income")
    links = page.parts["general"].missing.findChildren(QPushButton)
    assert [link.text() for link in links] == ["Số thôn, bản", "Số hộ", "Dân số"]
    QTest.mouseClick(links[2], Qt.MouseButton.LeftButton)
    settle(window)
    assert line(form_of(page, "general"), "population").hasFocus()


# --- lists with a form


def test_a_meeting_is_added_by_keyboard_and_its_vote_is_computed(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    go(window, settle, "meeting")
    part = page.parts["meeting"]
    assert isinstance(part, ListPart)
    assert part.table.add_button.hasFocus()
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = part.form
    assert QApplication.focusWidget() is form.fields["purpose"].input.inputs()[0]
    press(Qt.Key.Key_Down)
    settle(window, quiet=50)
    replace(form, "held_on", "22/10/2024")
    replace(form, "present", "58")
    replace(form, "agreed", "50")
    assert "86,21 % số đại biểu có mặt nhất trí" in form.fields["agreed"].told.text()
    assert "từ 90 %" in form.fields["agreed"].told.text()
    assert form.fields["agreed"].told.property("tone") == "warning"
    replace(form, "agreed", "56")
    assert "96,55 %" in form.fields["agreed"].told.text()
    assert form.fields["agreed"].told.property("tone") == ""
    settle(window, quiet=QUIET)
    (record,) = stored(window, settle, "meeting")
    assert record.values == {"purpose": "recommend", "held_on": "2024-10-22", "present": 58, "agreed": 56}
    assert cells(part.table)[0][1] == "22/10/2024"


def test_each_meeting_keeps_its_own_fields_and_lists_are_in_order_of_date_when_opened_again(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    for record_id, day in (("b", "02/05/2024"), ("a", "01/03/2024")):
        save(window, settle, "meeting", record_id, held_on=day, place=f"Nơi {record_id}")
    part = page.parts["meeting"]
    assert isinstance(part, ListPart)
    go(window, settle, "meeting/b/place")
    assert line(part.form, "place").hasFocus()
    assert line(part.form, "place").text() == "Nơi b"
    replace(part.form, "held_on", "01/01/2024")
    settle(window, quiet=QUIET)
    assert [row[1] for row in cells(part.table)] == ["01/03/2024", "01/01/2024"]  # nothing jumps while one types
    go(window, settle, "general")
    go(window, settle, "meeting")
    assert [row[1] for row in cells(part.table)] == ["01/01/2024", "01/03/2024"]
    assert page.place() == "meeting/b"


# --- tables


def money(page: DataPage) -> MoneyPart:
    part = page.parts["money"]
    assert isinstance(part, MoneyPart)
    return part


def test_a_row_of_money_is_typed_cell_by_cell_and_sums_follow_at_once(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    go(window, settle, "money")
    table = money(page).table
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    for text in ("2024", "1.500", "1 234,5"):
        keys(text)
        press(Qt.Key.Key_Return)
    settle(window, quiet=QUIET)
    assert "1.500" in table.problem.text  # fifteen hundred, or one and a half?
    table.grid.setFocus()
    table.grid.setCurrentIndex(table.rows.index(0, 2))
    keys("15")
    assert table.sums.lines[-1][2:5] == ["15", "1.234,5", "0"]  # while the cell is open
    keys("0.000")
    press(Qt.Key.Key_Return)
    assert [button.text() for button in table.problem.buttons()] == ["150000", "150"]
    QTest.mouseClick(table.problem.buttons()[0], Qt.MouseButton.LeftButton)
    settle(window, quiet=QUIET)
    assert table.problem.isHidden()
    (record,) = stored(window, settle, "money")
    assert record.values == {"source": "province", "year": 2024, "planned": "150000", "raised": "1234.5"}


def test_enter_in_the_last_cell_begins_a_new_row_that_leaves_no_trace_when_blank(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    save(window, settle, "money", "m1", source="people", year="2024", raised="5")
    go(window, settle, "money/m1/note")
    table = money(page).table
    assert table.grid.currentIndex().column() == 5
    keys("ghi chu")
    press(Qt.Key.Key_Return)
    assert table.rows.rowCount() == 2
    settle(window, quiet=QUIET)
    assert [record.text("note") for record in stored(window, settle, "money")] == ["ghi chu"]
    go(window, settle, "general")
    assert len(stored(window, settle, "money")) == 1
    go(window, settle, "money")
    assert table.rows.rowCount() == 1


def test_delete_asks_nothing_and_offers_to_bring_back(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "money", "m1", source="people", year="2024", raised="5,25")
    save(window, settle, "money", "m2", source="central", year="2024", raised="7")
    go(window, settle, "money/m1")
    table = money(page).table
    press(Qt.Key.Key_Delete)
    settle(window, quiet=QUIET)
    assert [record.record_id for record in stored(window, settle, "money")] == ["m2"]
    assert "Đã xoá 1 dòng" in page.banner.text
    save(window, settle, "general", "", villages="3")  # something else happens meanwhile
    QTest.mouseClick(banner_button(page), Qt.MouseButton.LeftButton)
    settle(window, quiet=QUIET)
    found = {record.record_id: record.values for record in stored(window, settle, "money")}
    assert found["m1"] == {"source": "people", "year": 2024, "raised": "5.25"}
    assert table.rows.rowCount() == 2


def test_ctrl_z_brings_a_removed_row_back(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "money", "m1", source="people", year="2024", raised="5")
    save(window, settle, "money", "m1", note="mẫu")
    go(window, settle, "money/m1")
    press(Qt.Key.Key_Delete)
    settle(window, quiet=50)
    window.actions_table["undo"].trigger()
    settle(window, quiet=50)
    assert money(page).table.rows.rowCount() == 1
    QTest.mouseClick(banner_button(page), Qt.MouseButton.LeftButton)  # and not twice
    settle(window, quiet=QUIET)
    assert money(page).table.rows.rowCount() == 1


def test_rows_are_pasted_from_a_spreadsheet_as_one_edit(window: MainWindow, page: DataPage, settle: Settle) -> None:
    QApplication.clipboard().setText(
        "TT\tNguồn vốn\tNăm\tKế hoạch\tĐã huy động\n"
        "1\tNgân sách tỉnh\t2023\t1.234.567,5\t900,25\n"
        "2\tNhân dân đóng góp\t2023\t\t12,5\n"
        "\t\t\t\t\n"
        "3\tnguồn lạ\t2024\tnhiều\t7\n"
        "\tTổng cộng\t\t1.234.567,5\t919,75\n"
    )
    go(window, settle, "money")
    table = money(page).table
    QTest.mouseClick(table.paste_button, Qt.MouseButton.LeftButton)
    settle(window, quiet=QUIET)
    assert "Đã dán 3 dòng" in page.banner.text
    assert "2 ô chưa đọc được" in page.banner.text
    found = [dict(record.values) for record in stored(window, settle, "money")]
    assert {"source": "province", "year": 2023, "planned": "1234567.5", "raised": "900.25"} in found
    assert {"source": "people", "year": 2023, "raised": "12.5"} in found
    assert {"year": 2024, "raised": "7"} in found
    assert len(found) == 3
    assert any("nhiều" in row for row in cells(table))  # stays in its cell, to be mended
    assert not table.problem.isHidden()
    window.actions_table["undo"].trigger()
    settle(window, quiet=50)
    assert stored(window, settle, "money") == []


def test_ctrl_v_fills_from_the_current_cell_on(window: MainWindow, page: DataPage, settle: Settle) -> None:
    for record_id in ("m1", "m2"):
        save(window, settle, "money", record_id, source="people", year="2024", raised="1")
    go(window, settle, "money/m1/raised")
    QApplication.clipboard().setText("10,5\t3\r\n20\t4\r\n")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keySequence(focused, QKeySequence(QKeySequence.StandardKey.Paste))
    settle(window, quiet=QUIET)
    rows = [(record.text("raised"), record.text("spent")) for record in stored(window, settle, "money")]
    assert sorted(rows) == [("10.5", "3"), ("20", "4")]
    QApplication.clipboard().setText("30,75")
    QTest.keySequence(money(page).table.grid, QKeySequence(QKeySequence.StandardKey.Paste))
    settle(window, quiet=QUIET)
    assert "30.75" in [record.text("raised") for record in stored(window, settle, "money")]


def test_debt_is_what_was_accepted_less_what_was_paid(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "debt", "d1", project="Đường mẫu", accepted="1.000,5", paid="900")
    save(window, settle, "debt", "d2", project="Cầu mẫu", accepted="10", paid="10")
    go(window, settle, "debt/d1/paid")
    part = page.parts["debt"]
    assert isinstance(part, DebtPart)
    assert sorted(row[6] for row in cells(part.table)) == ["0", "100,5"]
    assert part.table.sums.lines == [["Cộng", "", "", "0", "1.010,5", "910", "100,5", ""]]
    assert page.list.item(5).text().startswith("Nợ đọng xây dựng cơ bản\nCòn ")
    go(window, settle, "debt_state/self/none")
    press(Qt.Key.Key_Down)
    settle(window, quiet=QUIET)
    assert stored(window, settle, "debt_state")[0].values == {"none": False}


# --- the poll


def test_the_poll_is_a_grid_of_villages_and_questions(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "poll_question", "q1", place="1", text="Đường giao thông")
    save(window, settle, "poll_question", "q2", place="2", text="Nước sạch")
    go(window, settle, "poll_village")
    part = page.parts["poll"]
    assert isinstance(part, PollPart)
    QApplication.clipboard().setText("Thôn mẫu 1\t100\t90\t80\t80\t76\t72\nThôn mẫu 2\t50\t45\t40\t40\t40\tmười\n")
    QTest.mouseClick(part.villages.paste_button, Qt.MouseButton.LeftButton)
    settle(window, quiet=QUIET)
    assert [row[:7] for row in cells(part.villages)] == [
        ["Thôn mẫu 1", "100", "90", "80", "80", "76", "72"],
        ["Thôn mẫu 2", "50", "45", "40", "40", "40", "mười"],
    ]
    assert part.villages.sums.lines[0] == ["Cộng", "150", "135", "120", "120", "116", "–"]
    assert part.villages.sums.lines[1][5:] == ["96,67 %", "–"]
    village = next(draft for draft in page.drafts.rows("poll_village") if draft.text("name") == "Thôn mẫu 2")
    go(window, settle, f"poll_count/{village.record_id}.q2/satisfied")
    assert part.villages.grid.currentIndex().column() == 6
    keys("20")
    assert part.villages.sums.lines[1][5:] == ["96,67 %", "76,67 %"]
    assert "Hài lòng chung: 86,67 %" in part.result.text()
    press(Qt.Key.Key_Return)
    settle(window, quiet=QUIET)
    counts = {record.record_id.partition(".")[2]: record for record in stored(window, settle, "poll_count")}
    assert set(counts) == {"q1", "q2"}
    assert len(stored(window, settle, "poll_count")) == 4


def test_questions_come_as_columns(window: MainWindow, page: DataPage, settle: Settle) -> None:
    go(window, settle, "poll_question")
    part = page.parts["poll"]
    assert isinstance(part, PollPart)
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    keys("1")
    press(Qt.Key.Key_Return)
    keys("Duong lang")
    press(Qt.Key.Key_Return)
    settle(window, quiet=QUIET)
    assert part.villages.rows.columns[-1].tip == "Duong lang"


# --- conditions and papers


def test_a_condition_is_stated_with_the_paper_that_confirms_it(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    part = page.parts["condition"]
    assert isinstance(part, ConditionPart)
    condition = next(iter(part._forms))
    go(window, settle, f"condition/{condition}/holds")
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)
    focused.click()
    settle(window, quiet=QUIET)
    replace(part._forms[condition], "number", "12/XN-MAU")
    press(Qt.Key.Key_Return)
    settle(window, quiet=QUIET)
    (record,) = stored(window, settle, "condition")
    assert (record.record_id, record.values) == (condition, {"holds": True, "number": "12/XN-MAU"})


def test_the_foot_of_a_paper_follows_the_signer(window: MainWindow, page: DataPage, settle: Settle) -> None:
    part = page.parts["document"]
    assert isinstance(part, PapersPart)
    go(window, settle, "document/to-trinh/signer_title")
    replace(part.form, "signer_title", "PHÓ CHỦ TỊCH")
    replace(part.form, "signer_name", "Người ký mẫu")
    box = part.form.fields["capacity"].input.inputs()[0]
    box.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    lines = part.foot.text().split("\n")
    assert lines[:3] == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert lines[-1] == "Người ký mẫu"
    replace(part.form, "number", "21")
    settle(window, quiet=QUIET)
    assert "số 21" in part.list.item(0).text()
    (record,) = stored(window, settle, "document")
    assert record.values["capacity"] == "KT"
    go(window, settle, "document/bao-cao/number")
    assert line(part.form, "number").text() == ""


# --- keyboard, looking only, language


def test_f6_goes_from_list_to_fields(window: MainWindow, page: DataPage, settle: Settle) -> None:
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert page.parts["general"].isAncestorOf(focused)


def test_every_list_can_be_added_to(window: MainWindow, page: DataPage, settle: Settle) -> None:
    tables = {table.kind.id: table for table in page.findChildren(RecordTable)}
    assert set(tables) == set(LISTS)
    for kind, table in tables.items():
        go(window, settle, kind)
        QTest.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
        assert table.rows.rowCount() == 1
    go(window, settle, "general")
    assert all(stored(window, settle, kind) == [] for kind in tables)


def test_a_dossier_that_is_looked_at_is_not_changed(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "money", "m1", source="people", year="2024", raised="5")
    window.session.show_assessment(window.session.shown_id, True)
    window.session.reload()
    settle(window, quiet=50)
    go(window, settle, "general/self/villages")
    keys("12")
    go(window, settle, "money/m1/raised")
    keys("9")
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet=QUIET)
    assert stored(window, settle, "general") == []
    assert [record.text("raised") for record in stored(window, settle, "money")] == ["5"]
    assert not money(page).table.add_button.isVisible()


def test_the_page_in_english_comes_back_to_its_place(
    make_desk: Callable[..., Desk], workspace_folder: Path, settle: Settle
) -> None:
    desk = make_desk(workspace_folder, page="data")
    go(desk.window, settle, "poll_question")
    desk.change_language("en")
    settle(desk.window, quiet=100)
    page = desk.window.page("data")
    assert isinstance(page, DataPage)
    settle(desk.window, quiet=100)
    assert page.place() == "poll_question"
    assert all(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_pictures_get_captions_an_order_and_may_be_left_out(
    window: MainWindow, page: DataPage, settle: Settle, tmp_path: Path
) -> None:
    for number, colour in enumerate((Qt.GlobalColor.red, Qt.GlobalColor.blue), start=1):
        image = QImage(40, 30, QImage.Format.Format_RGB32)
        image.fill(colour)
        image.save(str(tmp_path / f"anh-mau-{number}.png"))
    files = sorted(tmp_path.glob("anh-mau-*.png"))
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: evidence.add_files(workspace, shown, files))
    settle(window, quiet=50)
    go(window, settle, "photo")
    part = page.parts["photo"]
    assert isinstance(part, PhotoPart)
    assert part.rows.rowCount() == 2
    second = part.rows.rows[1].record_id
    go(window, settle, f"photo/{second}/caption")
    keys("Nha van hoa")
    press(Qt.Key.Key_Return)
    keys("1")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Down)
    settle(window, quiet=QUIET)
    (record,) = stored(window, settle, "photo")
    assert (record.record_id, record.values) == (second, {"caption": "Nha van hoa", "place": 1, "left_out": True})
    go(window, settle, "general")
    go(window, settle, "photo")
    assert part.rows.rows[0].record_id == second


def test_an_office_writes_its_own_papers_and_only_looks_at_the_commune_s(
    make_desk: Callable[..., Desk], tmp_path: Path, settle: Settle
) -> None:
    world = make_world(tmp_path)
    dossier, folder = world.dossier, world.office.folder
    world.close()
    window = make_desk(folder).window
    window.session.show_assessment(dossier, True)
    settle(window, quiet=50)
    page = opened(window, settle)
    part = page.parts["document"]
    assert isinstance(part, PapersPart)
    own = [entry.id for entry in part._entries if entry.by_office]
    go(window, settle, f"appraisal_document/{own[0]}/signer_name")
    keys("Nguoi ky mau")
    window.show_page("office")  # leaving saves at once
    settle(window)
    window.show_page("data")
    settle(window, quiet=50)
    assert stored(window, settle, "appraisal_document")[0].values == {"signer_name": "Nguoi ky mau"}
    go(window, settle, "document/to-trinh/signer_name")
    keys("x")
    settle(window, quiet=QUIET)
    assert stored(window, settle, "document") == []


def test_typed_text_survives_a_word_being_composed_in_a_cell(
    window: MainWindow, page: DataPage, settle: Settle
) -> None:
    go(window, settle, "debt")
    part = page.parts["debt"]
    assert isinstance(part, DebtPart)
    QTest.mouseClick(part.table.add_button, Qt.MouseButton.LeftButton)
    compose("Đường ")
    compose(preedit="làng")
    settle(window, quiet=QUIET)
    assert stored(window, settle, "debt")[0].text("project") == "Đường làng"
    focused = QApplication.focusWidget()
    assert isinstance(focused, LineInput)
    assert focused.composing  # saving does not take the word away from the input method
    window.show_page("home")
    settle(window)
    assert stored(window, settle, "debt")[0].text("project") == "Đường làng"


def test_closing_the_window_saves_what_was_just_typed(
    make_desk: Callable[..., Desk], workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    desk = make_desk(workspace_folder, page="data")
    go(desk.window, settle, "general/self/villages")
    keys("14")
    with qtbot.waitSignal(desk.closed, timeout=10_000):
        desk.window.close()
    with open_workspace(workspace_folder) as workspace:
        (record,) = dossier_data.records(workspace, "", "general")
    assert record.values == {"villages": 14}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"hai\ndòng"\tb\n', [["hai\ndòng", "b"]]),
        ('chưa đóng "\tb', [['chưa đóng "', "b"]]),
        ("TT\tTên\n1\ta\n2\tb\n", [["a"], ["b"]]),
        ("1\ta\n5\tb\n", [["1", "a"], ["5", "b"]]),
        ("a\t1\nCộng:\t1\n", [["a", "1"]]),
        ("\x00\x01a\tb\n\n", [["a", "b"]]),
    ],
)
def test_copied_cells_are_read(text: str, rows: list[list[str]]) -> None:
    assert data_rows(cells_of(text), ("Tên", "Số"), numbered=False) == rows


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["1.500", "1.234,5"], ["1500", "1.234,5"]),
        (["1.500", "12.5"], ["1,500", "12.5"]),
        (["1.500", "7"], ["1.500", "7"]),
        (["1.500", "1,5", "1.5"], ["1.500", "1,5", "1.5"]),
        (["1.500", "1.500.000"], ["1500", "1.500.000"]),
    ],
)
def test_numbers_of_one_sheet_tell_how_the_ambiguous_ones_are_meant(cells: list[str], meant: list[str]) -> None:
    assert unambiguous([cells]) == [meant]


@pytest.mark.parametrize("part", ["general", "meeting", "opinion", "money", "debt", "poll", "condition", "document"])
def test_tab_follows_the_eye(window: MainWindow, page: DataPage, settle: Settle, part: str) -> None:
    save(window, settle, "meeting", "m", held_on="01/02/2024")
    save(window, settle, "opinion", "o", name="Thôn mẫu")
    save(window, settle, "money", "m", year="2024")
    save(window, settle, "debt", "d", project="Đường mẫu")
    shown = page.parts[part]
    go(window, settle, shown.kinds[0])
    shown.first_focus().setFocus()
    met: list[QWidget] = []
    for _stop in range(60):
        focused = QApplication.focusWidget()
        if not isinstance(focused, QWidget) or focused in met or not shown.isAncestorOf(focused):
            break
        met.append(focused)
        press(Qt.Key.Key_Tab)
    assert len(met) >= 4
    beside = shown.list if isinstance(shown, PapersPart) else None  # stands at the left of the form
    heights = [widget.mapTo(shown, QPoint(0, 0)).y() for widget in met if widget is not beside]
    assert heights == sorted(heights), [type(widget).__name__ for widget in met]


def test_another_year_shows_its_own_data(window: MainWindow, page: DataPage, settle: Settle) -> None:
    save(window, settle, "meeting", "m", place="Nơi họp mẫu")
    save(window, settle, "general", "", villages="14")
    go(window, settle, "meeting")
    first = window.session.shown_id

    def add(workspace: Workspace, task: Task) -> object:
        return setup.add_assessment(workspace, "xa-ntm-2021-2025", 2025, "tdmnpb")

    window.session.run(add)
    settle(window, quiet=100)
    assert window.session.shown_id != first
    part = page.parts["meeting"]
    assert isinstance(part, ListPart)
    assert part.table.rows.rowCount() == 0
    assert not part.card.isVisible()
    assert line(form_of(page, "general"), "villages").text() == ""
    window.session.show_assessment(first, False)
    settle(window, quiet=100)
    assert part.table.rows.rowCount() == 1
    assert line(form_of(page, "general"), "villages").text() == "14"
