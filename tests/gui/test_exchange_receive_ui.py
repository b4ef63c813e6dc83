"""Packages in: looked at in groups, locked and damaged ones, taken, conflicts, and taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.progress import Cancelled, Silent
from ntm_desktop.operations import identity, packages, safety, undoing
from ntm_desktop.operations.packages import Sealing
from ntm_desktop.operations.workspace import open_workspace
from tests.gui.exchange_desks import (
    PASSPHRASE,
    card_of,
    commune,
    enter,
    know,
    office,
    plug_in,
    press,
    prove,
    send_to_mate,
    take,
    write,
)
from ui.desk import Desk
from ui.dialogs.ask_passphrase import AskPassphrase
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.models.looks import look_at
from ui.pages.exchange import ExchangePage
from ui.widgets.taken import taken_sentences
from ui.widgets.taking import take_all

Settle = Callable[..., None]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB MẪU"
    folder.mkdir()
    return folder


@pytest.fixture
def mate(tmp_path: Path, workspace_folder: Path) -> Path:
    """The commune's second computer; the two know each other's cards."""
    folder = tmp_path / "máy hai"
    know(workspace_folder, card_of(folder, tmp_path / "thẻ"))
    know(folder, card_of(workspace_folder, tmp_path / "thẻ"))
    return folder


def from_mate(mate: Path, target: Path, numerator: str = "812") -> Path:
    """A package of the second computer with a result for 17.1 and a picture."""
    with commune(mate) as workspace:
        enter(workspace, numerator=numerator, explanation="Nhập ở máy hai")
        prove(workspace, target.parent / "ảnh" / f"bể nước {numerator}.jpg")
        return send_to_mate(workspace, target)


@pytest.fixture
def exchange(make_desk: Callable[..., Desk], settle: Settle) -> Callable[[Path], tuple[MainWindow, ExchangePage]]:
    def show(folder: Path) -> tuple[MainWindow, ExchangePage]:
        window = make_desk(folder).window
        page = window.page("exchange")
        assert isinstance(page, ExchangePage)
        plug_in(page)
        window.show_page("exchange")
        settle(window, quiet=200)
        return window, page

    return show


Exchange = Callable[[Path], tuple[MainWindow, ExchangePage]]


def assessed(window: MainWindow) -> Assessed:
    found = window.session.assessed
    assert found is not None
    return found


# --- looking and taking


def test_a_package_on_the_stick_is_looked_at_before_it_is_taken(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    file = from_mate(mate, stick)
    window, page = exchange(workspace_folder)
    plug_in(page, stick)
    settle(window, quiet=300)
    card = page.receive
    assert card.found.list.isVisible()
    card.found.list.setFocus()
    QTest.keyClick(card.found.list, Qt.Key.Key_Return)
    settle(window)
    assert [look.path for look in card.looks] == [file]
    assert not assessed(window).by_code["17.1"].result.entered
    preview = card.preview
    assert "chưa được so mã" in preview.trust.text()
    assert "Có mã hoá" in preview.facts.text()
    rows = [row[1] for row in preview._model.rows]
    assert any(line.code == "17.1" and "78,08" in line.new and not line.old for line in rows)
    assert preview.group == "new"
    assert card.button.hasFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Space)
    settle(window, quiet=200)
    assert assessed(window).by_code["17.1"].result.explanation == "Nhập ở máy hai"
    assert "1 tệp minh chứng" in card.result.text
    assert "Có thể rút USB" in card.result.text
    assert "đã nhận lúc" in card.found.list.model().index(0, 0).data()


def test_what_changes_stands_beside_what_was(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    take(workspace_folder, from_mate(mate, stick))
    second = from_mate(mate, stick, "900")
    window, page = exchange(workspace_folder)
    page.receive.choose([second])
    settle(window)
    tabs = page.receive.preview.tabs
    place = next(place for place in range(tabs.count()) if tabs.tabData(place) == "changed")
    tabs.setCurrentIndex(place)
    (line,) = [row[1] for row in page.receive.preview._model.rows if row[1].code == "17.1"]
    assert "78,08" in line.old
    assert "86,54" in line.new


def test_a_package_that_came_too_early_waits_and_says_so(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    first = from_mate(mate, stick)
    take(workspace_folder, first)
    with commune(workspace_folder) as workspace:
        enter(workspace, "17.2")
        back = send_to_mate(workspace, stick)
    take(mate, back)  # from now on it sends what comes after
    second = from_mate(mate, stick, "900")
    with commune(workspace_folder) as workspace:
        undoing.undo_import(workspace)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([second])
    settle(window)
    kinds = [card.preview.tabs.tabData(place) for place in range(card.preview.tabs.count())]
    assert "waiting" in kinds
    card.receive()
    settle(window, quiet=200)
    assert "Đang chờ" in card.result.text
    assert not assessed(window).by_code["17.1"].result.entered
    assert any(partner.waiting for partner in page.partners.rows)
    assert "Đang chờ" in page.partners.details.text()
    card.choose([first])
    settle(window)
    card.receive()
    settle(window, quiet=200)
    value = assessed(window).by_code["17.1"].result.value
    assert value is not None
    assert value["numerator"] == "900"
    assert not any(partner.waiting for partner in page.partners.rows)


def test_a_package_taken_before_says_so(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    file = from_mate(mate, stick)
    take(workspace_folder, file)
    window, page = exchange(workspace_folder)
    page.receive.choose([file])
    settle(window)
    assert "đã nhận từ trước" in page.receive.preview.notes.text()
    page.receive.receive()
    settle(window)
    assert "đã nhận từ trước" in page.receive.result.text


def test_two_computers_that_disagree_are_told_and_lead_to_the_choice(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    with commune(workspace_folder) as workspace:
        enter(workspace, numerator="5", explanation="Nhập ở máy này")
    file = from_mate(mate, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    kinds = [card.preview.tabs.tabData(place) for place in range(card.preview.tabs.count())]
    assert "conflict" in kinds
    card.receive()
    settle(window, quiet=200)
    assert "hai máy nhập khác nhau" in card.result.text
    assert card.result.mood == "warning"
    button = next(button for button in card.result.buttons if "nhập khác nhau" in button.text())
    button.click()
    settle(window)
    assert window.current_key == "conflicts"


def test_several_packages_are_taken_together_and_a_bad_one_stops_none(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    good = from_mate(mate, stick)
    bad = stick / "a-hong.ntmpkg"
    bad.write_bytes(b"PK\x03\x04 this is none")
    window, page = exchange(workspace_folder)
    plug_in(page, stick)
    settle(window, quiet=300)
    card = page.receive
    assert card.all_button.isVisible()
    press(card.all_button)
    settle(window)
    assert card.list.isVisible()
    assert "1 trong 2" in card.hint.text()
    card.list.setCurrentIndex(card._looks.find(str(bad)))
    assert card.preview.trouble.isVisible()
    card.list.setCurrentIndex(card._looks.find(str(good)))
    assert not card.preview.trouble.isVisible()
    assert card.button.isEnabled()
    card.receive()
    settle(window, quiet=200)
    assert assessed(window).by_code["17.1"].result.entered


class StopsAfterOne(Silent):
    """A person who cancels when the second package is begun."""

    def __init__(self) -> None:
        self.begun: set[str] = set()

    def start(self, title: str, total: int, unit: str = "") -> None:
        self.begun.add(title)
        if len(self.begun) > 1:
            raise Cancelled


def test_what_was_not_reached_before_cancelling_is_named(workspace_folder: Path, mate: Path, stick: Path) -> None:
    first, second = from_mate(mate, stick), from_mate(mate, stick, "900")
    with commune(workspace_folder) as workspace:
        looks = [look_at(workspace, path, Silent()) for path in (first, second)]
        received = take_all(workspace, looks, StopsAfterOne())
    assert received.left == (second,)
    _sentence, hint, mood = taken_sentences(received)
    assert "Đã dừng theo yêu cầu" in hint
    assert second.name in hint
    assert mood == "warning"


def test_cancelling_takes_nothing(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    file = from_mate(mate, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    card.receive()
    assert card.line.task is not None
    card.line.task.cancel()
    settle(window, quiet=200)
    assert "Đã huỷ" in card.result.text
    assert not assessed(window).by_code["17.1"].result.entered
    assert card.button.isEnabled()


def test_a_folder_without_packages_says_so(
    exchange: Exchange, settle: Settle, workspace_folder: Path, stick: Path
) -> None:
    window, page = exchange(workspace_folder)
    page.receive.choose([stick])
    settle(window)
    assert "Không thấy gói nào" in page.receive.result.text


def test_a_stranger_of_the_commune_is_refused_until_its_card_is_enrolled(
    exchange: Exchange, settle: Settle, workspace_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "máy lạ") as workspace:
        enter(workspace)
        file = write(workspace, stick).path
        identity.export_card(workspace, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    assert not card.button.isEnabled()
    assert "thẻ" in card.preview.trouble.text
    (path,) = stick.glob("*.ntmcard")
    card.enrolling.look_at(path)
    settle(window)
    assert card.enrolling.dialog is not None
    card.enrolling.dialog.go.click()
    settle(window, quiet=300)
    assert card.button.isEnabled()  # it was looked at again by itself


def test_what_a_lost_computer_wrote_comes_back_by_a_persons_decision(
    exchange: Exchange, settle: Settle, workspace_folder: Path, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "máy đã mất") as workspace:
        enter(workspace, explanation="Nhập ở máy đã mất")
        lost = identity.own_card(workspace).fingerprint
        file = write(workspace, tmp_path / "gói").path
    take(office_folder, file, role="office")
    know(workspace_folder, card_of(office_folder, tmp_path / "thẻ", "office"))
    with commune(workspace_folder) as workspace:
        hello = write(workspace, tmp_path / "gói").path
    take(office_folder, hello, role="office")
    with office(office_folder) as workspace:
        (back,) = packages.export_receipts(workspace, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([back.path])
    settle(window)
    assert card.preview.offered_button.isVisible()
    asked: list[str] = []

    def believe() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        asked.append(dialog.hint.text())
        dialog.buttons[0].click()

    QTimer.singleShot(300, believe)
    press(card.preview.offered_button)
    settle(window, quiet=300)
    assert lost in asked[0]
    assert not card.preview.offered_button.isVisible()
    card.receive()
    settle(window, quiet=200)
    assert assessed(window).by_code["17.1"].result.explanation == "Nhập ở máy đã mất"


def test_the_office_sees_that_a_sender_is_new_and_compares_its_code(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "xã") as workspace:
        enter(workspace)
        file = write(workspace, stick).path
        code = identity.own_card(workspace).fingerprint
    window, page = exchange(office_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    assert "Lần đầu nhận" in card.preview.trust.text()
    assert code in card.preview.trust.text()
    card.receive()
    settle(window, quiet=200)
    compare = next(button for button in card.result.buttons if "So mã" in button.text())
    compare.click()
    settle(window)
    dialog = card.enrolling.trusting.dialog
    assert dialog is not None
    assert dialog.theirs.text == code
    dialog.same_button.click()
    settle(window, quiet=200)
    (partner,) = page.partners.rows
    assert partner.state == "confirmed"


# --- locked and damaged


def test_a_passphrase_is_asked_for_until_it_opens_the_package(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "xã") as workspace:
        enter(workspace)
        file = write(workspace, stick, Sealing("passphrase", PASSPHRASE)).path
    window, page = exchange(office_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    assert card.looks[0].locked
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AskPassphrase)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert "Hãy gõ mật khẩu" in dialog.problem_line.text()
    dialog.field.insert("sai mất rồi")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    settle(window)
    assert dialog.isVisible()
    assert "chưa đúng" in dialog.problem_line.text()
    dialog.field.setText(PASSPHRASE)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    settle(window)
    assert QApplication.activeModalWidget() is None
    assert card.button.isEnabled()
    card.receive()
    settle(window, quiet=200)
    assert "Đã nhận 1 gói" in card.result.text


def test_giving_up_leaves_a_button_to_try_again(
    exchange: Exchange, settle: Settle, office_folder: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(tmp_path / "xã") as workspace:
        file = write(workspace, stick, Sealing("passphrase", PASSPHRASE)).path
    window, page = exchange(office_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(window)
    assert card.preview.passphrase_button.isVisible()
    assert not card.button.isEnabled()


def damage_last_picture(file: Path) -> None:
    """Change a byte in the middle: that of the pictures, which are the bulk of these packages."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def test_what_is_whole_of_a_damaged_package_is_taken_by_choice(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(mate) as workspace:
        enter(workspace, explanation="Nhập ở máy hai")
        prove(workspace, tmp_path / "ảnh" / "bể nước.jpg", width=1200)
        file = send_to_mate(workspace, stick, recovery=False)
    damage_last_picture(file)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    assert not card.button.isEnabled()
    assert card.preview.salvage_button.isVisible()
    assert "bể nước.jpg" in " ".join(getattr(card.looks[0].error, "files", ()))
    card.salvage(card.looks[0])
    settle(window)
    kinds = [card.preview.tabs.tabData(place) for place in range(card.preview.tabs.count())]
    assert "damaged" in kinds
    card.preview.tabs.setCurrentIndex(kinds.index("damaged"))
    assert "bể nước.jpg" in card.preview.lines.item(0).text()
    card.receive()
    settle(window, quiet=200)
    assert "bể nước.jpg" in card.result.text
    assert assessed(window).by_code["17.1"].result.entered


def test_the_question_before_salvage_names_the_files(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(mate) as workspace:
        prove(workspace, tmp_path / "ảnh" / "bể nước.jpg", width=1200)
        file = send_to_mate(workspace, stick, recovery=False)
    damage_last_picture(file)
    window, page = exchange(workspace_folder)
    page.receive.choose([file])
    settle(window)
    asked: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        asked.append(dialog.hint.text())
        dialog.buttons[1].click()

    QTimer.singleShot(300, look)
    page.receive.preview.salvage_button.click()
    assert "bể nước.jpg" in asked[0]
    assert page.receive.looks[0].preview is None


def test_recovery_data_mend_and_it_is_said(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, tmp_path: Path, stick: Path
) -> None:
    with commune(mate) as workspace:
        prove(workspace, tmp_path / "ảnh" / "bể nước.jpg", width=1200)
        file = send_to_mate(workspace, stick, recovery=True)
    content = bytearray(file.read_bytes())
    content[20_000:20_100] = bytes(100)
    file.write_bytes(bytes(content))
    window, page = exchange(workspace_folder)
    page.receive.choose([file])
    settle(window)
    assert "tự sửa" in page.receive.preview.notes.text()
    assert page.receive.button.isEnabled()


def test_a_package_that_is_damaged_after_the_preview_changes_nothing(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    file = from_mate(mate, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    card.choose([file])
    settle(window)
    file.write_bytes(file.read_bytes()[:-40])
    card.receive()
    settle(window)
    assert card.result.mood == "error"
    assert not assessed(window).by_code["17.1"].result.entered
    window.session.close()
    settle(window)
    with open_workspace(workspace_folder) as workspace:
        assert safety.verify(workspace).ok


# --- taking back


def test_an_import_is_taken_back_as_a_whole_after_a_question(
    exchange: Exchange, settle: Settle, workspace_folder: Path, mate: Path, stick: Path
) -> None:
    file = from_mate(mate, stick)
    window, page = exchange(workspace_folder)
    card = page.receive
    assert not card.undo.isVisible()
    card.choose([file])
    settle(window)
    card.receive()
    settle(window, quiet=200)
    assert card.undo.isVisible()
    assert "1 gói" in card.undo.words.text()
    asked: list[str] = []

    def agree() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        asked.append(dialog.hint.text())
        dialog.buttons[1].click()

    QTimer.singleShot(300, agree)
    press(card.undo.button)
    settle(window, quiet=200)
    assert "được lấy ra khỏi máy này" in asked[0]
    assert not assessed(window).by_code["17.1"].result.entered
    assert "Đã hoàn tác" in card.result.text
    assert not card.undo.isVisible()
    card.choose([file])
    settle(window)
    card.receive()
    settle(window, quiet=200)
    assert assessed(window).by_code["17.1"].result.entered
