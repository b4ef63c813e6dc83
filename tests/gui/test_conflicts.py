"""Two computers entered different things: both are shown side by side, a person chooses by key or click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from ntm_desktop.operations import evidence, overview, results
from tests.gui.two_computers import closed, commune, hand_over, introduce, office, paper, reopened
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.conflicts import ConflictsPage
from ui.pages.home import HomePage
from ui.widgets.status_line import CONFLICTS

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The first computer, with three fields on which the second one disagrees and a file that it has removed."""
    usb = tmp_path / "usb"
    one, two = commune(tmp_path / "máy một", "Người mẫu một"), commune(tmp_path / "máy hai", "Người mẫu hai")
    introduce(usb, one, two)
    shown = one.info().current
    proof = paper(tmp_path, "biên bản mẫu.pdf")
    added = evidence.add_files(one, shown, [proof], ["2.1"])
    hand_over(one, two, usb)
    results.save(one, shown, "17.1", {"value": {"percent": "78,1"}})
    results.save(two, shown, "17.1", {"value": {"percent": "87,1"}})
    own = paper(tmp_path, "báo cáo mẫu.pdf")
    evidence.add_files(two, shown, [own], ["17.1"])
    results.save(one, shown, "1.1", {"value": {"holds": True}})
    results.save(two, shown, "1.1", {"value": {"holds": False}})
    evidence.save_details(one, added.added[0].evidence_id, {"number": "15/BC-UBND"})
    evidence.remove(two, [added.added[0].evidence_id])
    hand_over(two, one, usb)
    closed(one, two)
    return one.folder


@pytest.fixture
def window(make_desk: MakeDesk, folder: Path) -> MainWindow:
    return make_desk(folder).window


def page_of(window: MainWindow) -> ConflictsPage:
    found = window.page("conflicts")
    assert isinstance(found, ConflictsPage)
    return found


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> ConflictsPage:
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert window.current_key == "conflicts"
    return page_of(window)


def press(code: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, code)


def titles(page: ConflictsPage) -> list[str]:
    return [place.title for place in page.model.rows]


def value_of(window: MainWindow, code: str) -> object:
    assert window.session.assessed is not None
    return window.session.assessed.by_code[code].result.value


def test_home_and_status_line_lead_there(window: MainWindow, settle: Settle) -> None:
    home = window.page("home")
    assert isinstance(home, HomePage)
    first = home.first_focus()
    assert isinstance(first, QPushButton)
    assert first.text() == "3 chỗ hai máy nhập khác nhau, cần chọn một"
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.current_key == "conflicts"
    assert window.navigation.button("home").isChecked()
    window.show_page("criteria")
    settle(window)
    link = window.status.link(CONFLICTS)
    assert link.text() == "3 chỗ nhập khác nhau"
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.current_key == "conflicts"


def test_both_values_stand_side_by_side_with_who_when_where_and_evidence(
    window: MainWindow, page: ConflictsPage, settle: Settle
) -> None:
    assert titles(page) == ["1.1  Kết quả", "2.1  Gỡ minh chứng («biên bản mẫu.pdf»)", "17.1  Kết quả"]
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    settle(window)
    texts = [{label.text() for label in card.findChildren(QLabel)} for card in page.cards]
    theirs, mine = (texts[0], texts[1]) if "87,1%" in texts[0] else (texts[1], texts[0])
    assert {"87,1%", "Người mẫu hai", "• báo cáo mẫu.pdf"} <= theirs
    assert any("Người mẫu hai" in text and text.startswith("máy «") for text in theirs)
    assert {"78,1%", "Người mẫu một", "máy này", "không có"} <= mine
    assert "đang hiện ở các trang" in texts[0]
    assert page.cards[0].geometry().top() == page.cards[1].geometry().top()


def test_everything_is_chosen_by_keyboard(window: MainWindow, page: ConflictsPage, settle: Settle) -> None:
    assert page.list.hasFocus()
    wanted = next(at for at, card in enumerate(page.cards) if card.value.text() == "Đạt")
    press((Qt.Key.Key_1, Qt.Key.Key_2)[wanted])
    settle(window)
    assert value_of(window, "1.1") == {"holds": True}
    assert page.list.hasFocus() and page.subject.text().startswith("2.1")
    press(Qt.Key.Key_Return)
    assert page.cards[0].button.hasFocus() and page.cards[0].button.text() == "Giữ tệp"
    press(Qt.Key.Key_Right)
    assert page.cards[1].button.hasFocus() and page.cards[1].button.text() == "Gỡ tệp"
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Return)
    settle(window)
    assert window.session.assessed is not None
    assert "biên bản mẫu.pdf" in {item.file_name for item in window.session.assessed.evidence}
    assert page.subject.text().startswith("17.1")
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Escape)
    assert page.list.hasFocus()
    press(Qt.Key.Key_1)
    settle(window)
    assert page.banner.text.startswith("Đã chọn xong")
    assert window.status.link(CONFLICTS).isHidden()
    press(Qt.Key.Key_Escape)
    settle(window)
    assert window.current_key == "home"
    assert window.session.facts is not None and window.session.facts.waiting == 0


def test_a_wrong_choice_is_made_again(window: MainWindow, page: ConflictsPage, settle: Settle) -> None:
    press(Qt.Key.Key_1)
    settle(window)
    first = value_of(window, "1.1")
    press(Qt.Key.Key_Up)
    settle(window)
    assert page.subject.text().startswith("1.1")
    assert not page.cards[0].button.isEnabled()
    assert page.cards[1].button.text() == "Chọn lại giá trị này"
    QTest.mouseClick(page.cards[1].button, Qt.MouseButton.LeftButton)
    settle(window)
    assert value_of(window, "1.1") != first
    assert window.session.facts is not None and window.session.facts.waiting == 2


def test_the_indicator_can_be_opened(window: MainWindow, page: ConflictsPage, settle: Settle) -> None:
    QTest.mouseClick(page.place_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.current_key == "criteria"
    assert getattr(window.page("criteria"), "code", "") == "1.1"


def test_nothing_to_choose_is_said_kindly(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    window = make_desk(workspace_folder).window
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    page = page_of(window)
    assert page.banner.text.startswith("Không có chỗ nào")
    assert not page.list.isVisible()
    press(Qt.Key.Key_Return)  # the focus is on the way back
    settle(window)
    assert window.current_key == "home"


def test_an_office_only_looks(make_desk: MakeDesk, folder: Path, tmp_path: Path, settle: Settle) -> None:
    from ntm_desktop.operations import identity, packages, receiving
    from ntm_desktop.operations.packages import Sealing

    there, one = office(tmp_path / "cơ quan", "Người mẫu"), reopened(folder)
    card = identity.own_card(there)
    made = packages.export(one, tmp_path / "gửi", full=True, sealing=Sealing("keys", cards=(card,)), recovery=False)
    receiving.import_files(there, [made.path])
    assert overview.home(there).waiting == 3
    closed(one, there)
    window = make_desk(there.folder).window
    window.go("conflicts")
    settle(window)
    page = page_of(window)
    assert len(page.model.rows) == 3
    assert "chỉ xem" in page.banner.text
    assert not any(card.button.isEnabled() for card in page.cards)
    press(Qt.Key.Key_1)
    settle(window)
    assert len(page.model.open) == 3
