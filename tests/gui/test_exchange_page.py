"""The exchange page as a whole: sticks that come and go, a package out, partners, names, letters, small windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ntm_desktop.operations import packages, receiving
from tests.gui.exchange_desks import COMMUNE, card_of, commune, enter, know, office, plug_in, send_to_mate, take, write
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.drives import Drive, DriveList, folder_as_drive
from ui.pages.exchange import ExchangePage
from ui.widgets.receipts_card import ReceiptsCard
from ui.widgets.send_card import SendCard

Settle = Callable[..., None]


def exchange_of(window: MainWindow, settle: Settle) -> ExchangePage:
    found = window.page("exchange")
    assert isinstance(found, ExchangePage)
    plug_in(found)  # no stick of whoever runs the tests is looked at
    window.show_page("exchange")
    settle(window, quiet=300)
    return found


def sending(page: ExchangePage) -> SendCard:
    assert isinstance(page.send, SendCard)
    return page.send


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> ExchangePage:
    return exchange_of(window, settle)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB MẪU"
    folder.mkdir()
    return folder


# --- sticks come and go


def test_a_stick_that_is_plugged_in_is_seen_and_chosen(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    assert "Chưa thấy USB" in page.receive.found.note.text()
    plug_in(page, stick)
    settle(window, quiet=200)
    drive = sending(page).drives.drive
    assert drive is not None
    assert drive.path == stick
    assert "không có gói" in page.receive.found.note.text()


def test_a_stick_pulled_out_leaves_no_other_in_its_stead(
    window: MainWindow, page: ExchangePage, settle: Settle, tmp_path: Path
) -> None:
    one, two = tmp_path / "MỘT", tmp_path / "HAI"
    for folder in (one, two):
        folder.mkdir()
    plug_in(page, one, two)
    settle(window, quiet=200)
    chooser = sending(page).drives
    chooser.list.setFocus()
    QTest.keyClick(chooser.list, Qt.Key.Key_Down)
    for sticks, wanted in (((one, two), two), ((one,), None), ((one, two), two)):
        plug_in(page, *sticks)
        settle(window, quiet=200)
        assert (chooser.drive.path if chooser.drive else None) == wanted
        assert sending(page).drives.lost == (wanted is None)


def test_looking_again_keeps_rows_and_choice_as_they_stand(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    plug_in(page, stick)
    settle(window, quiet=200)
    model = sending(page).drives.list.model()
    told: list[str] = []
    for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
        signal.connect(lambda *_all: told.append("flicker"))
    plug_in(page, stick)
    settle(window, quiet=200)
    assert told == []


def test_a_folder_picked_while_drives_are_looked_for_stays(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    chooser = sending(page).drives
    page.watch.refresh()  # answers later, and knows nothing of the folder
    chooser.choose(stick)
    settle(window, quiet=300)
    page.watch.refresh()
    settle(window, quiet=300)
    assert chooser.drive is not None
    assert chooser.drive.path == stick
    stick.rmdir()
    page.watch.refresh()
    settle(window, quiet=300)
    assert chooser.drive is None


def test_what_an_interrupted_sending_left_is_cleared_away(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    left = stick / "goi-do-dang.ntmpkg.partial"
    left.write_bytes(b"half")
    plug_in(page, stick)
    settle(window, quiet=300)
    assert not left.exists()
    assert "Đã dọn 1 tệp" in page.receive.found.note.text()


def test_a_locked_stick_is_named(window: MainWindow, page: ExchangePage, settle: Settle, stick: Path) -> None:
    plug_in(page, stick, writable=False)
    settle(window, quiet=200)
    assert "chỉ đọc" in sending(page).state.text()
    assert not sending(page).button.isEnabled()


def test_a_full_stick_is_refused_before_anything_is_written(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    plug_in(page, stick, free=1000)
    settle(window, quiet=300)
    assert "Không đủ chỗ" in sending(page).state.text()
    assert "Vừa chỗ trống" in sending(page).state.text()
    assert not sending(page).button.isEnabled()
    assert list(stick.iterdir()) == []


def test_drives_say_how_much_room_is_left(stick: Path) -> None:
    model = DriveList()
    model.take([Drive(stick, "USB MẪU", 5 * 2**30, 16 * 2**30, removable=True), folder_as_drive(stick)])
    assert "Còn trống 5 GB / 16 GB" in model.index(0, 0).data()
    assert str(stick) in model.index(1, 0).data()


# --- partners and packages


def test_before_anything_was_sent_the_tables_say_so_kindly(page: ExchangePage) -> None:
    assert page.partners.none.isVisible()
    assert page.packages.none.isVisible()
    assert not page.partners.table.isVisible()
    assert not page.packages.table.isVisible()


def test_a_partner_tells_what_was_sent_and_what_is_acknowledged(
    make_desk: Callable[..., Desk], settle: Settle, tmp_path: Path, stick: Path, workspace_folder: Path
) -> None:
    theirs = tmp_path / "tỉnh"
    know(workspace_folder, card_of(theirs, stick, "office"))
    with commune(workspace_folder) as workspace:
        enter(workspace)
        sent = write(workspace, stick)
    window = make_desk(workspace_folder).window
    page = exchange_of(window, settle)
    (partner,) = page.partners.rows
    assert partner.sent == 1
    assert "chưa có biên nhận" in page.partners.table.model().index(0, 3).data()
    assert page.packages.rows[0]["package_id"] == sent.package_id
    take(theirs, sent.path, role="office")
    with office(theirs) as workspace:
        (back,) = packages.export_receipts(workspace, stick)
    page.receive.choose([back.path])
    settle(window)
    page.receive.receive()
    settle(window, quiet=300)
    assert "đủ" in page.partners.table.model().index(0, 3).data()
    assert "Theo biên nhận lúc" in sending(page).content.only_new.text
    assert "không có gì mới" in sending(page).content.only_new.text
    plug_in(page, stick)
    settle(window, quiet=300)
    assert "Nơi nhận đã có mọi thứ" in sending(page).state.text()
    assert not sending(page).button.isEnabled()


def test_a_package_may_go_for_the_receipt_alone(
    make_desk: Callable[..., Desk], settle: Settle, tmp_path: Path, stick: Path, workspace_folder: Path
) -> None:
    mate = tmp_path / "máy hai"
    know(workspace_folder, card_of(mate, tmp_path / "thẻ"))
    know(mate, card_of(workspace_folder, tmp_path / "thẻ"))
    with commune(workspace_folder) as workspace:
        first = send_to_mate(workspace, stick)
    with commune(mate) as workspace:
        receiving.import_files(workspace, [first])
        enter(workspace, "17.2")
        back = send_to_mate(workspace, stick)
    take(workspace_folder, back)
    window = make_desk(workspace_folder).window
    page = exchange_of(window, settle)
    send = sending(page)
    send.receiver.box.setCurrentIndex(1)
    plug_in(page, stick)
    settle(window, quiet=400)
    assert "chỉ gửi biên nhận" in send.content.only_new.text
    assert send.button.isEnabled()
    send.send()
    settle(window, quiet=300)
    assert "chỉ có biên nhận" in send.result.text
    assert not send.button.isEnabled()


# --- the page as a whole


def test_a_package_dropped_on_the_page_is_looked_at(
    window: MainWindow, page: ExchangePage, settle: Settle, tmp_path: Path
) -> None:
    with commune(tmp_path / "máy khác") as workspace:
        enter(workspace)
        file = write(workspace, tmp_path / "gói").path
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    window.dropEvent(
        QDropEvent(
            QPointF(300, 300),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    settle(window)
    assert window.current_key == "exchange"
    assert [look.path for look in page.receive.looks] == [file]


def test_an_office_receives_first_and_sends_receipts(office_window: MainWindow, settle: Settle) -> None:
    page = exchange_of(office_window, settle)
    assert isinstance(page.send, ReceiptsCard)
    assert page.send.isVisible()
    assert page.send.none.isVisible()
    assert not page.send.button.isEnabled()
    first, second = (road.mapTo(page, road.rect().topLeft()) for road in (page.receive, page.send))
    assert (first.x(), first.y()) < (second.x(), second.y())


def test_every_control_has_a_name(page: ExchangePage) -> None:
    send, receive = sending(page), page.receive
    for widget in (
        send.receiver.box,
        send.drives.list,
        send.content.sizes,
        receive.found.list,
        receive.list,
        receive.preview.table,
        receive.preview.tabs,
        receive.preview.lines,
        page.partners.table,
        page.packages.table,
    ):
        assert widget.accessibleName(), widget
    for button in (send.button, receive.button, receive.file_button, send.drives.folder_button):
        assert button.text()
        assert button.sizeHint().height() >= 32


@pytest.mark.parametrize("key", ["evidence", "dossier", "exchange"])
def test_no_two_controls_share_a_letter(window: MainWindow, settle: Settle, key: str) -> None:
    """Alt and a letter reaches one control: no other on the page, no menu."""
    window.show_page(key)
    settle(window, quiet=300)
    page = window.page(key)
    if isinstance(page, ExchangePage):  # as much in sight at once as there can be
        sending(page).closing.rows["plain"].button.click()
        for hidden in (*sending(page).closing.rows.values(), page.receive.all_button, page.receive.undo):
            hidden.show()
        page.receive.all_button.setText("Xem t&rước cả 2 gói")
    words = [action.text() for action in window.menuBar().actions()]
    words += [button.text() for button in page.findChildren(QAbstractButton) if button.isVisible()]
    words += [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.buddy() is not None]
    letters = [match.group(1).lower() for text in words if (match := re.search(r"&([^&\s])", text))]
    assert len(letters) > 6
    assert sorted(letters) == sorted(set(letters))
    assert all(letter.isascii() for letter in letters)


def test_tab_goes_down_the_road_and_reaches_every_control(window: MainWindow, page: ExchangePage) -> None:
    """From the first control Tab visits the way of sending, then the way of receiving, as the eye goes."""
    page.first_focus().setFocus()
    seen: list[object] = []
    for _step in range(60):
        now = QApplication.focusWidget()
        if now in seen or now is None or not page.isAncestorOf(now):
            break
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    send, receive = sending(page), page.receive
    wanted = [
        send.receiver.box,
        send.drives.folder_button,
        send.content.only_new.button,
        send.content.sizes,
        send.closing.card_button,
        receive.file_button,
        receive.folder_button,
    ]
    places = [seen.index(widget) for widget in wanted]
    assert places == sorted(places)


@pytest.mark.parametrize("key", ["evidence", "dossier", "exchange"])
@pytest.mark.parametrize("size", [(900, 600), (683, 384)])
def test_a_small_window_cuts_nothing_off(window: MainWindow, settle: Settle, key: str, size: tuple[int, int]) -> None:
    window.setMinimumSize(*size)
    window.showNormal()
    window.resize(*size)
    window.show_page(key)
    settle(window, quiet=200)
    page = window.page(key)
    room = page.rect()
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            place = button.mapTo(page, button.rect().topLeft()).x()
            assert place >= 0, button.text()
            assert place + button.width() <= room.width(), button.text()


def test_the_package_goes_about_the_own_unit(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    card = sending(page)
    plug_in(page, stick)
    settle(window, quiet=200)
    card.closing.rows["plain"].button.setChecked(True)
    card.closing.understood.setChecked(True)
    assert card.button.isEnabled()
    card.button.setFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Space)
    settle(window, quiet=200)
    (file,) = stick.iterdir()
    assert file.suffix == ".ntmpkg"
    assert file.name in card.result.text
    assert str(stick) in card.result.text
    assert "Có thể rút USB" in card.result.text
    assert receiving.inspect(None, file).unit.code == COMMUNE
