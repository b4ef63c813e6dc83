"""How a package is closed: for the receiver's key, with a passphrase, or plainly and knowingly; the slip; receipts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ntm_desktop.errors import PackageLocked
from ntm_desktop.operations import appraisal, packages, receiving
from tests.gui.exchange_desks import (
    OTHER_COMMUNE,
    PASSPHRASE,
    card_of,
    commune,
    enter,
    know,
    office,
    plug_in,
    press,
    prove,
    take,
    write,
)
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.exchange import ExchangePage
from ui.widgets.receipts_card import ReceiptsCard
from ui.widgets.send_card import SendCard

Settle = Callable[..., None]
Exchange = Callable[[Path], tuple[MainWindow, ExchangePage]]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB MẪU"
    folder.mkdir()
    return folder


@pytest.fixture
def exchange(make_desk: Callable[..., Desk], settle: Settle, stick: Path) -> Exchange:
    """The exchange page on a folder, with the stick plugged in."""

    def show(folder: Path) -> tuple[MainWindow, ExchangePage]:
        window = make_desk(folder).window
        page = window.page("exchange")
        assert isinstance(page, ExchangePage)
        plug_in(page, stick)
        window.show_page("exchange")
        settle(window, quiet=300)
        return window, page

    return show


def sending(page: ExchangePage) -> SendCard:
    assert isinstance(page.send, SendCard)
    return page.send


def ticked(card: ReceiptsCard) -> tuple[str, ...]:
    return card.communes.chosen


def packages_on(stick: Path) -> list[Path]:
    return sorted(stick.glob("*.ntmpkg"))


# --- nobody's key is known


def test_without_a_key_one_of_three_ways_must_be_chosen(exchange: Exchange, workspace_folder: Path) -> None:
    _window, page = exchange(workspace_folder)
    closing = sending(page).closing
    assert closing.kind == ""
    assert closing.asked.isVisible()
    assert closing.card_button.isVisible()
    assert not closing.rows["keys"].isVisible()
    assert "cách đóng gói" in sending(page).state.text()
    assert not sending(page).button.isEnabled()


def test_plainly_only_after_it_was_understood(
    exchange: Exchange, settle: Settle, workspace_folder: Path, stick: Path
) -> None:
    window, page = exchange(workspace_folder)
    card = sending(page)
    closing = card.closing
    closing.rows["plain"].button.setFocus()
    QTest.keyClick(closing.rows["plain"].button, Qt.Key.Key_Space)
    assert closing.understood.isVisible()
    assert not card.button.isEnabled()
    QTest.keyClick(closing.understood, Qt.Key.Key_Space)
    assert card.button.isEnabled()
    press(card.button)
    settle(window, quiet=200)
    (file,) = packages_on(stick)
    assert not receiving.inspect(None, file).encrypted
    assert "không mã hoá" in card.result.text
    assert not closing.understood.isChecked()  # the next one is to be decided anew


def test_a_passphrase_closes_the_package(
    exchange: Exchange, settle: Settle, workspace_folder: Path, stick: Path
) -> None:
    window, page = exchange(workspace_folder)
    card = sending(page)
    closing = card.closing
    closing.rows["passphrase"].button.click()
    assert closing.first.isVisible()
    QTest.keyClicks(closing.first, "ngan")
    assert "ít nhất" in card.state.text()
    closing.first.clear()
    closing.first.insert(PASSPHRASE)
    assert "chưa giống nhau" in card.state.text()
    closing.second.insert(PASSPHRASE)
    assert card.button.isEnabled()
    assert closing.first.displayText() != PASSPHRASE
    closing.shown.click()
    assert closing.first.displayText() == PASSPHRASE
    card.send()
    settle(window, quiet=200)
    (file,) = packages_on(stick)
    with pytest.raises(PackageLocked) as refused:
        receiving.inspect(None, file)
    assert refused.value.passphrase
    assert receiving.inspect(None, file, passphrase=PASSPHRASE).changes > 0
    assert closing.first.text() == ""
    assert "mật khẩu" in card.result.text


def test_the_offices_card_from_the_stick_makes_the_choice_unneeded(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    card_of(tmp_path / "tỉnh", stick, "office")
    window, page = exchange(workspace_folder)
    found = page.receive.found
    QTest.keyClick(found.list, Qt.Key.Key_Return)
    settle(window)
    dialog = page.receive.enrolling.dialog
    assert dialog is not None
    with office(tmp_path / "tỉnh") as workspace:
        from ntm_desktop.operations import identity

        assert dialog.digits.text == identity.own_card(workspace).fingerprint
    QTest.keyClick(dialog.go, Qt.Key.Key_Return)
    settle(window, quiet=300)
    assert "Mã đối chiếu chưa được so" in page.receive.result.text
    card = sending(page)
    assert card.closing.kind == "keys"
    assert not card.closing.asked.isVisible()
    assert "Tỉnh Lai Châu" in card.closing.rows["keys"].text
    assert "Chưa so mã đối chiếu" in card.closing.rows["keys"].text
    assert card.button.isEnabled()
    card.send()
    settle(window, quiet=200)
    (file,) = packages_on(stick)
    with pytest.raises(PackageLocked):
        receiving.inspect(None, file)
    with office(tmp_path / "tỉnh") as workspace:
        assert receiving.inspect(workspace, file).encrypted


def test_other_ways_are_there_for_who_needs_them(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path
) -> None:
    know(workspace_folder, card_of(tmp_path / "tỉnh", tmp_path / "thẻ", "office"))
    _window, page = exchange(workspace_folder)
    closing = sending(page).closing
    assert not closing.rows["passphrase"].isVisible()
    closing.other_ways.setFocus()
    press(closing.other_ways)
    assert closing.rows["passphrase"].isVisible()
    assert closing.rows["passphrase"].button.hasFocus()
    assert closing.kind == "keys"


# --- to another computer, in parts, with a slip


def test_a_second_computer_of_the_commune_can_be_chosen(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    know(workspace_folder, card_of(tmp_path / "máy hai", tmp_path / "thẻ"))
    window, page = exchange(workspace_folder)
    card = sending(page)
    assert card.receiver.box.count() == 2
    QTest.keyClick(card.receiver.box, Qt.Key.Key_Down)
    settle(window, quiet=400)
    assert card.receiver.mate is not None
    assert card.closing.kind == "keys"
    card.send()
    settle(window, quiet=200)
    (file,) = packages_on(stick)
    with commune(tmp_path / "máy hai") as workspace, pytest.raises(Exception, match="thẻ"):
        receiving.inspect(workspace, file)  # it does not know the sender yet: it can read it, but wants its card


def test_a_size_cuts_the_package_into_parts(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(workspace_folder) as workspace:
        for number in range(4):
            prove(workspace, tmp_path / "ảnh" / f"ảnh {number}.jpg")
    window, page = exchange(workspace_folder)
    card = sending(page)
    whole = card.content.facts
    assert whole is not None
    assert whole.parts == 1
    assert card.content.parts.text() == ""
    card.content.sizes.setCurrentIndex(card.content.sizes.findData(700 * 2**20))
    settle(window, quiet=400)
    assert "1 phần" in card.content.parts.text()


def test_parts_that_fit_the_stick_are_written_to_a_folder(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    """What does not fit at once is cut to the stick's room, and carried part by part."""
    with commune(workspace_folder) as workspace:
        for number in range(4):
            prove(workspace, tmp_path / "ảnh" / f"ảnh {number}.jpg", width=2400)
    window, page = exchange(workspace_folder)
    plug_in(page, stick, free=10 * 2**20)
    settle(window, quiet=400)
    card = sending(page)
    card.closing.rows["plain"].button.click()
    card.closing.understood.click()
    assert "Không đủ chỗ" in card.state.text()
    card.content.sizes.setCurrentIndex(1)
    settle(window, quiet=400)
    assert "từng phần" in card.state.text()
    assert not card.button.isEnabled()
    card.drives.choose(tmp_path / "ảnh")
    settle(window, quiet=400)
    assert card.content.facts is not None
    assert card.content.facts.parts > 1
    assert card.button.isEnabled(), card.state.text()
    card.send()
    settle(window, quiet=200)
    parts = packages_on(tmp_path / "ảnh")
    assert len(parts) == card.content.facts.parts
    assert all(part.stat().st_size <= 9 * 2**20 for part in parts)
    assert f"{len(parts)} phần" in card.result.text


def test_a_file_too_large_for_a_part_is_named(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(workspace_folder) as workspace:
        prove(workspace, tmp_path / "ảnh" / "bản đồ quy hoạch.jpg", width=4800)
    window, page = exchange(workspace_folder)
    plug_in(page, stick, free=9 * 2**20)
    settle(window, quiet=300)
    card = sending(page)
    card.content.sizes.setCurrentIndex(1)
    settle(window, quiet=300)
    assert card.content.facts is None
    assert "bản đồ quy hoạch.jpg" in card.state.text()
    assert not card.button.isEnabled()
    card.content.sizes.setCurrentIndex(0)
    settle(window, quiet=300)
    assert card.content.facts is not None


def test_cancelling_leaves_nothing_on_the_stick(
    exchange: Exchange, settle: Settle, workspace_folder: Path, stick: Path
) -> None:
    window, page = exchange(workspace_folder)
    card = sending(page)
    card.closing.rows["plain"].button.click()
    card.closing.understood.click()
    card.send()
    assert card.line.task is not None
    assert card.line.isVisible()
    card.line.task.cancel()
    settle(window, quiet=200)
    assert list(stick.iterdir()) == []
    assert "Đã huỷ" in card.result.text
    assert card.button.isEnabled()


def test_the_slip_of_a_package_is_shown_as_it_prints(
    exchange: Exchange, settle: Settle, workspace_folder: Path, stick: Path
) -> None:
    window, page = exchange(workspace_folder)
    card = sending(page)
    card.closing.rows["plain"].button.click()
    card.closing.understood.click()
    card.send()
    settle(window, quiet=200)
    slip_button = next(button for button in card.result.buttons if "phiếu" in button.text())
    slip_button.click()
    settle(window, quiet=400)
    slip = card.delivery.slip
    assert slip is not None
    assert slip.view.count == 1
    assert slip.view.drawn(1)
    slip.close_button.click()


# --- the office's way back


def test_an_office_writes_back_to_the_communes_that_wait(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    for name, unit in (("xã một", "03390"), ("xã hai", OTHER_COMMUNE)):
        with commune(tmp_path / name, unit) as workspace:
            enter(workspace)
            file = write(workspace, tmp_path / "gói").path
        take(office_folder, file, role="office")
    window, page = exchange(office_folder)
    card = page.send
    assert isinstance(card, ReceiptsCard)
    assert sorted(ticked(card)) == ["03390", OTHER_COMMUNE]
    card.list.setFocus()
    QTest.keyClick(card.list, Qt.Key.Key_Space)
    assert len(ticked(card)) == 1
    assert "1 xã" in card.button.text()
    card.due_button.click()
    press(card.button)
    settle(window, quiet=300)
    assert len(packages_on(stick)) == 2
    assert "Đã ghi biên nhận" in card.result.text
    assert not ticked(card)
    assert not card.button.isEnabled()
    for file in packages_on(stick):
        with pytest.raises(PackageLocked):
            receiving.inspect(None, file)


def test_an_opinion_written_later_makes_a_commune_due_again(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "xã một") as workspace:
        enter(workspace)
        file = write(workspace, tmp_path / "gói").path
        assessment = workspace.info().current
    take(office_folder, file, role="office")
    with office(office_folder) as workspace:
        packages.export_receipts(workspace, tmp_path / "gói")
    window, page = exchange(office_folder)
    card = page.send
    assert isinstance(card, ReceiptsCard)
    assert ticked(card) == ()
    note = "Đề nghị bổ sung biên bản nghiệm thu"
    window.session.run(lambda ws, task: appraisal.save_opinion(ws, assessment, "17.1", "supplement", note))
    settle(window, quiet=300)
    assert ticked(card) == ("03390",)
    assert "1 ý kiến chưa gửi" in card.list.model().index(0, 0).data()
    card.send()
    settle(window, quiet=300)
    assert "Kèm 1 thay đổi" in card.result.text
    assert ticked(card) == ()


def test_nothing_is_written_to_a_locked_stick(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "xã một") as workspace:
        enter(workspace)
        file = write(workspace, tmp_path / "gói").path
    take(office_folder, file, role="office")
    window, page = exchange(office_folder)
    plug_in(page, stick, writable=False)
    settle(window, quiet=200)
    assert isinstance(page.send, ReceiptsCard)
    assert "chỉ đọc" in page.send.state.text()
    assert not page.send.button.isEnabled()
