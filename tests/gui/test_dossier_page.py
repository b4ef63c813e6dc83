"""The dossier page: checklist, documents with number and date, pages as they print, printer and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.operations import results
from ui.dialogs.print_pages import PrintPages
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage
from ui.widgets.pdf_view import Fit

Settle = Callable[..., None]
DRAWN = 500  # milliseconds of quiet after which a document has been written and drawn


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    window.show_page("dossier")
    settle(window, quiet=DRAWN)
    found = window.page("dossier")
    assert isinstance(found, DossierPage)
    return found


def assessed(window: MainWindow) -> Assessed:
    found = window.session.assessed
    assert found is not None
    return found


def choose(page: DossierPage, document: str, window: MainWindow, settle: Settle) -> None:
    page.show_place(document)
    settle(window, quiet=DRAWN)
    assert page.document == document


def pdf_text(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(sheet.extract_text() for sheet in PdfReader(path).pages)


def shown_text(page: DossierPage) -> str:
    source = page.preview.source
    assert source is not None
    return pdf_text(source.path)


def finished(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    """Wait until nothing is being printed."""
    settle(window, quiet=200)
    assert page.output.job is None


def save_result(window: MainWindow, settle: Settle, code: str, part: str = "8") -> None:
    shown = window.session.shown_id
    value = {"value": {"numerator": part, "denominator": "10"}}
    window.session.run(lambda workspace, task: results.save(workspace, shown, code, value))
    settle(window, quiet=DRAWN)


# --- pages


def test_the_first_document_is_drawn(page: DossierPage) -> None:
    assert page.document == "to-trinh"
    assert page.preview.view.count >= 1
    assert page.preview.view.drawn(1)
    assert "TỜ TRÌNH" in shown_text(page)
    assert not page.updating.isVisible()


def test_documents_are_chosen_by_keyboard(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    page.documents.setFocus()
    QTest.keyClick(page.documents, Qt.Key.Key_Down)
    settle(window, quiet=DRAWN)
    assert page.document == "bao-cao"
    assert "BÁO CÁO" in shown_text(page)


def test_pages_follow_the_data_and_keep_their_place(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    choose(page, "bieu-tu-danh-gia", window, settle)
    view = page.preview.view
    assert view.count > 2
    view.go_to(3)
    settle(window, quiet=DRAWN)
    assert view.page == 3
    before = shown_text(page)
    save_result(window, settle, "17.1")
    after = shown_text(page)
    assert "80" in after
    assert before != after
    assert view.page == 3
    assert view.drawn(3)


def test_nothing_is_written_while_nobody_looks(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    source = page.preview.source
    assert source is not None
    window.show_page("home")
    written = source.path.stat().st_mtime_ns
    save_result(window, settle, "17.1")
    assert source.path.stat().st_mtime_ns == written
    window.show_page("dossier")
    settle(window, quiet=DRAWN)
    assert source.path.stat().st_mtime_ns != written


def test_zoom_and_fit(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    view = page.preview.view
    wide = view._rects[0].width()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view._rects[0].width() < wide
    assert view.fit is Fit.FREE
    QTest.mouseClick(page.preview.bar.page_button, Qt.MouseButton.LeftButton)
    assert view._rects[0].height() <= view.viewport().height()
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view._rects[0].width() == wide
    settle(window, quiet=DRAWN)
    assert view.drawn(1)


# --- number and date


def test_number_and_date_are_saved_and_printed(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    page.form.number.setFocus()
    QTest.keyClicks(page.form.number, "45")
    page.form.issued.setFocus()
    QTest.keyClicks(page.form.issued, "20/11/2024")
    settle(window, quiet=1200)
    assert assessed(window).documents["to-trinh"]["number"] == "45"
    assert assessed(window).documents["to-trinh"]["issued"] == "2024-11-20"
    assert "45" in page.documents.currentItem().text()
    text = " ".join(shown_text(page).split())
    assert "ngày 20 tháng 11 năm 2024" in text


def test_what_is_no_date_is_told_and_not_saved(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    QTest.keyClicks(page.form.issued, "99/99/2024")
    settle(window, quiet=1000)
    assert "99/99/2024" in page.form.problem.text()
    assert page.form.issued.text() == "99/99/2024"
    assert not assessed(window).documents.get("to-trinh", {}).get("issued")


# --- checklist


def item_of(page: DossierPage, key: str) -> QTreeWidgetItem:
    tree = page.checklist.tree
    tops = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return next(item for item in tops if item is not None and item.data(0, Qt.ItemDataRole.UserRole + 1) == key)


def test_the_checklist_groups_leads_and_shrinks(
    page: DossierPage, window: MainWindow, settle: Settle, qtbot: QtBot
) -> None:
    missing = item_of(page, "missing_result")
    assert missing.childCount() == len(assessed(window).by_code)
    assert page.checklist.title.text().startswith("Còn ")
    tree = page.checklist.tree
    tree.setFocus()
    tree.setCurrentItem(missing)
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert missing.isExpanded()
    first = missing.child(0)
    assert first is not None
    tree.setCurrentItem(first)
    with qtbot.waitSignal(window.session.place_wanted) as went:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert went.args == ["criteria", next(iter(assessed(window).by_code))]
    count = missing.childCount()
    save_result(window, settle, "17.1")
    missing = item_of(page, "missing_result")
    assert missing.childCount() == count - 1
    assert missing.isExpanded()


# --- out


def test_printing_to_a_pdf_printer_gives_every_page(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    choose(page, "bieu-tu-danh-gia", window, settle)
    count = page.preview.view.count
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    printer.setResolution(150)
    page.output.print_to(printer, 1, count)
    assert "Đang in" in page.banner.text
    finished(page, window, settle)
    assert f"Đã gửi {count} trang" in page.banner.text
    printed = PdfReader(tmp_path / "in.pdf").pages
    assert len(printed) == count
    for sheet in printed:
        assert float(sheet.mediabox.width) > float(sheet.mediabox.height)  # this table lies across
        assert abs(float(sheet.mediabox.width) - 842) < 3
    assert (tmp_path / "in.pdf").stat().st_size > 20_000  # there is something on it


def test_printing_a_range_in_two_copies(page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    from pypdf import PdfReader

    choose(page, "bao-cao", window, settle)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    printer.setResolution(72)
    copies = 1 if printer.supportsMultipleCopies() else 2
    page.output.print_to(printer, 2, 2, copies)
    settle(window, quiet=200)
    assert len(PdfReader(tmp_path / "in.pdf").pages) == copies


def test_printing_can_be_stopped(page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    choose(page, "bieu-tu-danh-gia", window, settle)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    page.output.print_to(printer, 1, page.preview.view.count)
    job = page.output.job
    assert job is not None
    job.cancel()
    finished(page, window, settle)
    assert "Đã dừng in" in page.banner.text


def test_the_print_dialog_asks_for_pages(qtbot: QtBot) -> None:
    dialog = PrintPages("Tờ trình", 2, 5)
    qtbot.addWidget(dialog)
    assert dialog.pages() == (1, 5)
    dialog.first.setValue(3)
    assert dialog.some_pages.isChecked()
    assert dialog.pages() == (2, 3)


def test_files_are_saved_and_the_place_is_told(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    page.output.save_into(tmp_path / "hồ sơ", "pdf", None)
    settle(window)
    made = sorted(file.name for file in (tmp_path / "hồ sơ").iterdir())
    assert len(made) >= 4
    assert all(name.endswith(".pdf") for name in made)
    assert str(tmp_path / "hồ sơ") in page.banner.text
    page.output.save_into(tmp_path / "bảng", "xlsx", None)
    settle(window)
    assert [file.suffix for file in (tmp_path / "bảng").iterdir()] == [".xlsx"]


def test_a_target_that_cannot_be_written_is_told(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "tệp").write_bytes(b"")
    page.output.save_into(tmp_path / "tệp", "pdf", None)
    settle(window)
    assert page.banner.property("tone") == "error"
    assert page.banner.text


def test_ctrl_p_prints_what_is_shown(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    page.draft.setChecked(True)
    settle(window, quiet=DRAWN)
    window.go("dossier", "print")
    settle(window)
    dialog = QApplication.activeModalWidget()
    if QPrinterInfo.availablePrinterNames():
        assert isinstance(dialog, PrintPages)
        dialog.reject()
    else:
        assert "chưa cài máy in" in page.banner.text


def test_every_control_has_a_name(page: DossierPage) -> None:
    for widget in (page.documents, page.checklist.tree, page.preview.view, page.form.number, page.form.issued):
        assert widget.accessibleName(), widget
    for button in (page.print_button, page.save_button, page.more_button):
        assert button.sizeHint().height() >= 32
