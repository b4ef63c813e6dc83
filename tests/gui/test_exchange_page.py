"""The exchange page: a package out to a folder, packages in with a preview; what cannot be taken changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.operations import packages, receiving, results, safety, setup
from ntm_desktop.operations.workspace import open_workspace
from ui.main_window import MainWindow
from ui.models.drives import Drive, DriveList, folder_as_drive
from ui.pages.exchange import ExchangePage

Settle = Callable[..., None]


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> ExchangePage:
    window.show_page("exchange")
    settle(window)
    found = window.page("exchange")
    assert isinstance(found, ExchangePage)
    return found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder


@pytest.fixture
def other_package(tmp_path: Path) -> Path:
    """A package of the same commune from another computer, with a result for 17.1."""
    folder = tmp_path / "máy khác"
    other = setup.create(
        folder, unit_code="03390", role="commune", catalogue_id="xa-ntm-2021-2025", year=2024, region="tdmnpb"
    )
    try:
        value = {"value": {"numerator": "812", "denominator": "1040"}, "explanation": "Nhập ở máy khác"}
        results.save(other, other.info().current, "17.1", value)
        return packages.export(other, tmp_path / "gói").path
    finally:
        other.close()


def assessed(window: MainWindow) -> Assessed:
    found = window.session.assessed
    assert found is not None
    return found


# --- out


def test_a_package_is_written_and_the_place_is_told(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    card = page.send
    assert "bước 1" in card.state.text()
    assert not card.button.isEnabled()
    card.drives.choose(stick)
    assert card.button.isEnabled()
    assert "thay đổi" in card.only_new.text()
    card.button.setFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Space)
    settle(window)
    (file,) = stick.iterdir()
    assert file.suffix == ".ntmpkg"
    assert file.name in card.result.text
    assert str(stick) in card.result.text
    seen = receiving.inspect(None, file)
    assert seen.unit.code == "03390"
    assert page._packages.rows[0]["package_id"] == seen.package_id


def test_nothing_new_says_so_and_everything_can_be_sent_again(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    card = page.send
    card.drives.choose(stick)
    card.send()
    settle(window)
    assert "không có gì mới" in card.only_new.text()
    assert "Không có gì mới" in card.state.text()
    assert not card.button.isEnabled()
    card.everything.setChecked(True)
    assert card.button.isEnabled()
    card.send()
    settle(window)
    assert len(list(stick.iterdir())) == 2


def test_a_full_stick_is_refused_before_anything_is_written(page: ExchangePage, stick: Path) -> None:
    full = Drive(stick, "USB đầy", free=1000, size=2_000_000, removable=True)
    page.send.drives.show_drives((full,))
    assert page.send.drives.drive == full
    assert "Không đủ chỗ" in page.send.state.text()
    assert not page.send.button.isEnabled()


def test_a_locked_stick_is_named(page: ExchangePage, stick: Path) -> None:
    page.send.drives.show_drives((Drive(stick, "USB khoá", 10**9, 10**9, removable=True, writable=False),))
    assert "chỉ đọc" in page.send.state.text()
    assert not page.send.button.isEnabled()


def test_a_stick_pulled_out_leaves_the_list_and_the_choice_stays(page: ExchangePage, stick: Path) -> None:
    one = Drive(stick, "USB MỘT", 10**9, 10**9, removable=True)
    two = Drive(stick.parent, "USB HAI", 10**9, 10**9, removable=True)
    drives = page.send.drives
    drives.show_drives((one, two))
    drives.list.setCurrentIndex(drives._model.index(1, 0))
    drives.show_drives((one, two))
    assert drives.drive == two
    drives.show_drives((one,))
    assert drives.drive == one
    assert len(drives.keys()) == 1


def test_drives_say_how_much_room_is_left(stick: Path) -> None:
    model = DriveList()
    model.take([Drive(stick, "USB MẪU", 5 * 2**30, 16 * 2**30, removable=True), folder_as_drive(stick)])
    assert "Còn trống 5 GB / 16 GB" in model.index(0, 0).data()
    assert str(stick) in model.index(1, 0).data()


def test_the_content_is_said_to_be_readable(page: ExchangePage) -> None:
    assert "không được mã hoá" in page.send.open_note.text()


# --- in


def test_a_package_is_looked_at_before_it_is_taken(
    window: MainWindow, page: ExchangePage, settle: Settle, other_package: Path
) -> None:
    card = page.receive
    card.choose([other_package])
    settle(window)
    assert not assessed(window).by_code["17.1"].result.entered
    rows = [row[1] for row in card._lines.rows]
    assert any(line.code == "17.1" and "78,08" in line.new and not line.old for line in rows)
    assert "thay đổi mới" in card.facts.text()
    assert card.table.isVisible()
    card.button.setFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Space)
    settle(window)
    assert assessed(window).by_code["17.1"].result.explanation == "Nhập ở máy khác"
    assert "Có thể rút USB" in card.result.text
    card.choose([other_package])
    settle(window)
    assert card._lines.rows == []
    card.receive()
    settle(window)
    assert "đã nhận từ trước" in card.result.text


def test_a_damaged_package_changes_nothing(
    window: MainWindow, page: ExchangePage, settle: Settle, other_package: Path, workspace_folder: Path
) -> None:
    content = bytearray(other_package.read_bytes())
    content[len(content) // 2] ^= 1
    other_package.write_bytes(bytes(content))
    card = page.receive
    card.choose([other_package])
    settle(window)
    assert card.result.property("tone") == "error"
    assert not card.button.isEnabled()
    assert not assessed(window).by_code["17.1"].result.entered
    assert card._task is None
    assert not card.line.isVisible()


def test_a_package_that_is_damaged_after_the_preview_changes_nothing(
    window: MainWindow, page: ExchangePage, settle: Settle, other_package: Path, workspace_folder: Path
) -> None:
    card = page.receive
    card.choose([other_package])
    settle(window)
    other_package.write_bytes(other_package.read_bytes()[:-40])
    card.receive()
    settle(window)
    assert card.result.property("tone") == "error"
    assert not assessed(window).by_code["17.1"].result.entered
    window.session.close()
    settle(window)
    with open_workspace(workspace_folder) as workspace:
        assert safety.verify(workspace).ok


def test_a_folder_without_packages_says_so(window: MainWindow, page: ExchangePage, settle: Settle, stick: Path) -> None:
    page.receive.choose([stick])
    settle(window)
    assert "Không thấy gói nào" in page.receive.facts.text()


def test_a_package_dropped_on_the_page_is_looked_at(
    window: MainWindow, page: ExchangePage, settle: Settle, other_package: Path
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(other_package))])
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
    assert page.receive.button.isEnabled()


def test_an_office_only_receives(office_window: MainWindow, settle: Settle) -> None:
    office_window.show_page("exchange")
    settle(office_window)
    page = office_window.page("exchange")
    assert isinstance(page, ExchangePage)
    assert not page.send.isVisible()
    assert page.receive.isVisible()


def test_every_control_has_a_name(page: ExchangePage) -> None:
    for widget in (page.send.drives.list, page.receive.found, page.receive.table, page.table):
        assert widget.accessibleName(), widget
    for button in (page.send.button, page.receive.button, page.receive.file_button, page.send.drives.folder_button):
        assert button.text()
        assert button.sizeHint().height() >= 32


@pytest.mark.parametrize("key", ["evidence", "dossier", "exchange"])
def test_no_two_controls_share_a_letter(window: MainWindow, settle: Settle, key: str) -> None:
    """Alt and a letter reaches one control: no other on the page, no menu."""
    window.show_page(key)
    settle(window, quiet=300)
    page = window.page(key)
    words = [action.text() for action in window.menuBar().actions()]
    words += [button.text() for button in page.findChildren(QAbstractButton) if button.isVisible()]
    words += [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    letters = [match.group(1).lower() for text in words if (match := re.search(r"&([^&\s])", text))]
    assert len(letters) > 6
    assert sorted(letters) == sorted(set(letters))
    assert all(letter.isascii() for letter in letters)


def test_a_folder_picked_while_drives_are_looked_for_stays(
    window: MainWindow, page: ExchangePage, settle: Settle, stick: Path
) -> None:
    drives = page.send.drives
    drives.refresh()  # answers later, and knows nothing of the folder
    drives.choose(stick)
    settle(window, quiet=300)
    drives.refresh()
    settle(window, quiet=300)
    assert drives.drive is not None
    assert drives.drive.path == stick
    stick.rmdir()
    drives.refresh()
    settle(window, quiet=300)
    assert str(stick) not in " ".join(drives.keys())


def test_two_computers_that_disagree_are_told_before_anything_is_taken(
    window: MainWindow, page: ExchangePage, settle: Settle, other_package: Path
) -> None:
    shown = window.session.shown_id
    value = {"value": {"numerator": "1", "denominator": "2"}}
    window.session.run(lambda workspace, task: results.save(workspace, shown, "17.1", value))
    settle(window)
    page.receive.choose([other_package])
    settle(window)
    model = page.receive._lines
    told = [model.index(row, 3).data() for row in range(model.rowCount()) if model.index(row, 0).data() == "17.1"]
    assert any("hai máy đã nhập khác nhau" in text for text in told)


@pytest.mark.parametrize("key", ["evidence", "dossier", "exchange"])
def test_a_small_window_cuts_nothing_off(window: MainWindow, settle: Settle, key: str) -> None:
    window.showNormal()
    window.resize(900, 600)
    window.show_page(key)
    settle(window, quiet=200)
    page = window.page(key)
    room = page.rect()
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            place = button.mapTo(page, button.rect().topLeft()).x()
            assert place >= 0, button.text()
            assert place + button.width() <= room.width(), button.text()
