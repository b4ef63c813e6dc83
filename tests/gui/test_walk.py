"""Where a first walk through the window by keyboard stumbled: filters, jumps, answers, focus, words cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model.assessment import Verdict
from ntm_desktop.operations import packages, results, setup
from ui.dialogs.judgement import JudgementDialog
from ui.dialogs.message import Message
from ui.dialogs.pick_indicators import PickIndicators
from ui.main_window import MainWindow
from ui.pages.criteria import CriteriaPage
from ui.pages.dossier import DossierPage
from ui.pages.evidence import EvidencePage
from ui.pages.office import OfficePage
from ui.widgets.banner import Banner

Settle = Callable[..., None]


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def criteria(window: MainWindow, settle: Settle) -> CriteriaPage:
    window.show_page("criteria")
    settle(window)
    found = window.page("criteria")
    assert isinstance(found, CriteriaPage)
    return found


@pytest.fixture
def evidence(window: MainWindow, settle: Settle) -> EvidencePage:
    window.show_page("evidence")
    settle(window)
    found = window.page("evidence")
    assert isinstance(found, EvidencePage)
    return found


def files(folder: Path, *names: str) -> list[Path]:
    made = [folder / name for name in names]
    for number, file in enumerate(made):
        file.write_text(f"Biên bản {number}", encoding="utf-8")
    return made


# --- criteria


def test_the_list_is_filtered_by_the_keyboard(criteria: CriteriaPage, window: MainWindow, settle: Settle) -> None:
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: results.save(workspace, shown, "1.1", {"value": {"holds": True}}))
    settle(window)
    kind = criteria.list.kind
    kind.setFocus()
    for wanted in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ASSESSED):
        while kind.currentData() != wanted:
            QTest.keyClick(kind, Qt.Key.Key_Down)
        expected = {"1.1"} if wanted is Verdict.MET else set() if wanted is Verdict.NOT_MET else {"1.2", "19.2"}
        found = set(criteria.list.rows.shown)
        assert found >= expected and ("1.1" in found) is (wanted is Verdict.MET)
    QTest.keyClick(kind, Qt.Key.Key_End)
    assert criteria.list.rows.wanted.missing and "17.1" in criteria.list.rows.shown


def test_a_criterion_leads_to_its_own_indicators(criteria: CriteriaPage, window: MainWindow, settle: Settle) -> None:
    for number, code in (("3", "3.1"), ("10", "10"), ("17", "17.1")):
        criteria.show_place(f"criterion:{number}")
        assert criteria.code == code and criteria.list.rows.wanted.everything
    criteria.show_place("criterion:99")
    assert criteria.code == "17.1"


def test_previous_and_next_follow_the_filter(criteria: CriteriaPage) -> None:
    criteria.show_place("10")
    criteria.list.search.setText("17")
    assert criteria.center.next.text() == "17.1"
    criteria.list.search.clear()
    assert (criteria.center.previous.text(), criteria.center.next.text()) == ("9.2", "11")


def test_a_verdict_by_hand_leaves_the_form_within_its_pane(
    criteria: CriteriaPage, window: MainWindow, settle: Settle
) -> None:
    window.resize(1366, 749)
    judgement = (Verdict.NOT_APPLICABLE, "Xã không có nội dung này")
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: results.save(workspace, shown, "11", {"judgement": judgement}))
    criteria.show_place("11")
    settle(window)
    form = criteria.form
    assert form.verdict.by_hand.isVisible() and form.verdict.who.text()
    content = form.widget()
    assert content is not None and content.width() <= form.viewport().width()


def test_arrows_choose_a_verdict(criteria: CriteriaPage, window: MainWindow, qtbot: QtBot) -> None:
    assert window.session.assessed is not None
    dialog = JudgementDialog(window.session.assessed.by_code["11"], window)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    assert dialog.judgement() is None
    for verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
        assert dialog.choices[verdict].isChecked() and dialog.choices[verdict] is dialog.focusWidget()
    dialog.reject()


def test_found_places_stay_within_the_window(criteria: CriteriaPage, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(780, 600)
    search = window.header.search
    search.setFocus()
    QTest.keyClicks(search, "nuoc")
    popup = search._popup
    qtbot.waitUntil(popup.isVisible)
    right = popup.mapTo(popup.window(), popup.rect().topRight()) + popup.window().pos()
    assert right.x() <= window.mapToGlobal(window.rect().topRight()).x()
    popup.hide()


# --- evidence


def test_several_refused_files_are_all_named(
    criteria: CriteriaPage, window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = [tmp_path / f"rỗng {number}.pdf" for number in range(5)]
    for file in empty:
        file.touch()
    criteria.show_place("17.1")
    settle(window)
    criteria.evidence.intake.take(empty)
    settle(window)
    said: list[str] = []
    monkeypatch.setattr(Message, "exec", lambda dialog: said.append(dialog.lines.toPlainText() + dialog.hint.text()))
    (button,) = (item for item in criteria.evidence.banner.findChildren(QPushButton) if not item.isHidden())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(said) == 1 and all(file.name in said[0] for file in empty)


def test_a_narrow_banner_is_as_high_as_its_words(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    banner, below = Banner(), QLabel("…")
    hint = banner._hint
    column.addWidget(banner)
    column.addWidget(below, 1)
    holder.resize(300, 700)
    with qtbot.waitExposed(holder):
        holder.show()
    for count in (3, 20):
        banner.say("Không thêm được tệp.", "Tệp bị hỏng hoặc chưa chép xong. " * count, deeds=[("Xem tất cả", list)])
        qtbot.waitUntil(lambda: hint.height() >= hint.heightForWidth(hint.width()))


def test_what_is_chosen_stays_chosen_when_a_file_goes(
    evidence: EvidencePage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    evidence.accept_files(files(tmp_path, "một.txt", "hai.txt", "ba.txt"))
    settle(window)
    evidence.list.setFocus()
    evidence.list.setCurrentIndex(evidence._proxy.index(1, 0))
    QTest.keyClick(evidence.list, Qt.Key.Key_Delete)
    settle(window)
    assert evidence.list.selectionModel().isSelected(evidence.list.currentIndex())


def test_tab_goes_from_the_pages_over_the_chips_to_the_form(
    evidence: EvidencePage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    evidence.accept_files(files(tmp_path, "một.txt"))
    settle(window)
    assert window.session.assessed is not None
    evidence.deeds.set_codes(window.session.assessed.evidence[0], ["1.1", "17.1"])
    settle(window)
    card = evidence.card
    first, second = card.chips.chips()
    first.setFocus()
    seen: list[QWidget] = [first]
    while focused() is not card.form.number and len(seen) < 12:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused())
    assert [widget for widget in seen if widget in (first, second, card.chips.more, card.form.number)] == [
        *(first, second, card.chips.more, card.form.number)
    ]
    assert card not in seen


def test_enter_ticks_what_was_sought(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    assert window.session.assessed is not None
    dialog = PickIndicators(window.session.assessed.catalogue, (), window)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.search.setFocus()
    QTest.keyClicks(dialog.search, "17.2")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.codes() == ("17.2",) and dialog.isVisible() and dialog.search.text() == ""
    QTest.keyClicks(dialog.search, "nuoc sach")
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.list
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert len(dialog.codes()) == 2
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert not dialog.isVisible()


# --- dossier, office


def test_the_underlined_letter_prints(window: MainWindow, settle: Settle) -> None:
    window.show_page("dossier")
    page = window.page("dossier")
    assert isinstance(page, DossierPage)
    assert not page.print_button.shortcut().isEmpty()


def test_after_receiving_the_table_has_the_focus(office_window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    commune = setup.create(
        tmp_path / "xã", unit_code="03390", role="commune", catalogue_id="xa-ntm-2021-2025", year=2024, region="tdmnpb"
    )
    packages.export(commune, tmp_path / "USB", sealing=packages.Sealing(packages.PLAIN))
    commune.close()
    office_window.show_page("office")
    settle(office_window)
    page = office_window.page("office")
    assert isinstance(page, OfficePage)
    page.files_button.setFocus()
    page.receive([tmp_path / "USB"])
    settle(office_window)
    assert focused() is page.table
