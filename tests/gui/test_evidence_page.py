"""The evidence page and the pane beside the form: files in, described, linked, opened, taken out and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QDropEvent, QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.operations import results
from ui.dialogs.evidence_details import EvidenceDetails
from ui.dialogs.pick_evidence import PickEvidence
from ui.dialogs.pick_indicators import PickIndicators
from ui.forms.dates import read_date
from ui.main_window import MainWindow
from ui.models.evidence_list import EvidenceFilter
from ui.pages.evidence import EvidencePage
from ui.widgets.evidence_pane import EvidencePane

Settle = Callable[..., None]
SAVED = 700  # milliseconds after which what was typed has been handed over


def pdf(path: Path, pages: int = 1) -> Path:
    """A real PDF with a dark square on each page."""
    import pypdfium2

    with pypdfium2.PdfDocument.new() as document:
        for number in range(pages):
            page = document.new_page(595 + number, 842)
            bitmap = pypdfium2.PdfBitmap.new_native(8, 8, pypdfium2.raw.FPDFBitmap_BGR)
            bitmap.fill_rect((20, 20, 20, 255), 0, 0, 8, 8)
            image = pypdfium2.PdfImage.new(document)
            image.set_bitmap(bitmap)
            image.set_matrix(pypdfium2.PdfMatrix().scale(300, 300).translate(100, 300))
            page.insert_obj(image)
            page.gen_content()
        document.save(path)
    return path


def type_text(widget: QWidget, text: str) -> None:
    """Type as an input method does: any letter (QTest knows ASCII only)."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def picture(path: Path, colour: str = "#336699") -> Path:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    assert image.save(str(path))
    return path


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> EvidencePage:
    window.show_page("evidence")
    settle(window)
    found = window.page("evidence")
    assert isinstance(found, EvidencePage)
    return found


def assessed(window: MainWindow) -> Assessed:
    found = window.session.assessed
    assert found is not None
    return found


def add(window: MainWindow, page: EvidencePage, settle: Settle, *files: Path) -> tuple[Evidence, ...]:
    before = {item.evidence_id for item in assessed(window).evidence}
    page.accept_files(files)
    settle(window)
    return tuple(item for item in assessed(window).evidence if item.evidence_id not in before)


def banner_button(page: EvidencePage | EvidencePane, words: str) -> QPushButton:
    return next(button for button in page.banner.findChildren(QPushButton) if button.text() == words)


# --- files in


def test_an_empty_page_says_what_to_do(page: EvidencePage) -> None:
    assert "Thả tệp vào cửa sổ" in page._empty.text()
    assert page._stack.currentIndex() == 1
    assert page.first_focus() is page.add_button


def test_good_files_are_taken_and_bad_ones_are_named(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "rỗng.pdf").write_bytes(b"")
    (tmp_path / "hỏng.pdf").write_bytes(b"%PDF-1.4 cut short")
    files = (
        pdf(tmp_path / "báo cáo.pdf"),
        tmp_path / "rỗng.pdf",
        tmp_path / "hỏng.pdf",
        picture(tmp_path / "ảnh.png"),
        tmp_path / "không có.pdf",
    )
    added = add(window, page, settle, *files)
    assert {item.file_name for item in added} == {"báo cáo.pdf", "ảnh.png"}
    told = page.banner.text
    assert "Đã thêm 2 minh chứng." in told
    for name in ("rỗng.pdf", "hỏng.pdf", "không có.pdf"):
        assert name in told
    assert page._proxy.rowCount() == 2


def test_files_dropped_on_another_page_become_evidence(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    window.show_page("home")
    settle(window)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pdf(tmp_path / "thả vào.pdf")))])
    drop = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    settle(window)
    assert window.current_key == "evidence"
    assert [item.file_name for item in assessed(window).evidence] == ["thả vào.pdf"]


def test_a_pasted_picture_becomes_a_png(window: MainWindow, page: EvidencePage, settle: Settle) -> None:
    image = QImage(50, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#aa3311"))
    QGuiApplication.clipboard().setImage(image)
    QTest.mouseClick(page.paste_button, Qt.MouseButton.LeftButton)
    settle(window)
    (added,) = assessed(window).evidence
    assert added.blob.media_type == "image/png"
    assert added.file_name.startswith("Ảnh dán ")


def test_copied_files_are_pasted_by_ctrl_v(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pdf(tmp_path / "hai.pdf", pages=2)))])
    QGuiApplication.clipboard().setMimeData(mime)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert {item.file_name for item in assessed(window).evidence} == {"một.pdf", "hai.pdf"}


def test_pasting_nothing_says_so(window: MainWindow, page: EvidencePage) -> None:
    QGuiApplication.clipboard().clear()
    assert page.intake.paste() is False
    assert "Ctrl+C" in page.banner.text


# --- looking


def test_the_preview_draws_the_pages_in_sight(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "tám trang.pdf", pages=8))
    settle(window, quiet=300)
    view = page.preview.view
    assert view.count == 8
    assert view.drawn(1)
    assert not view.drawn(8)
    shot = view.viewport().grab().toImage()
    darkest = min(
        shot.pixelColor(x, y).lightness() for x in range(0, shot.width(), 7) for y in range(0, shot.height(), 7)
    )
    assert darkest < 60
    view.go_to(8)
    settle(window, quiet=300)
    assert view.page == 8
    assert view.drawn(8)


def test_a_picture_is_previewed_and_other_files_offer_the_system_program(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, picture(tmp_path / "ảnh.png"))
    settle(window, quiet=300)
    assert page.preview.view.count == 1
    (tmp_path / "ghi chú.txt").write_text("ghi chú", encoding="utf-8")
    add(window, page, settle, tmp_path / "ghi chú.txt")
    settle(window, quiet=300)
    assert page.preview.view.count == 0
    assert page.preview.open_button.isVisible()


class Opened(QObject):
    """Stands where the system's programs would be."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.files.append(Path(url.toLocalFile()))


def test_enter_opens_a_copy_with_the_right_name(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    source = pdf(tmp_path / "báo cáo nước sạch.pdf")
    add(window, page, settle, source)
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")  # type: ignore[arg-type]  # the stubs are wrong
    try:
        page.list.setFocus()
        QTest.keyClick(page.list, Qt.Key.Key_Return)
        settle(window)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    (copy,) = opened.files
    assert copy.name == source.name
    assert copy.read_bytes() == source.read_bytes()


# --- describing


def test_details_save_by_themselves_and_dates_are_forgiving(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"))
    form = page.card.form
    form.number.setFocus()
    type_text(form.number, "15/BC-UBND")
    QTest.keyClick(form.number, Qt.Key.Key_Tab)
    type_text(form.issued, "5-3-24")
    QTest.keyClick(form.issued, Qt.Key.Key_Tab)
    type_text(form.issuer, "UBND xã mẫu")
    settle(window, quiet=SAVED)
    (item,) = assessed(window).evidence
    assert (item.number, item.issued, item.issuer) == ("15/BC-UBND", "2024-03-05", "UBND xã mẫu")
    assert form.issued.text() == "05/03/2024"
    assert form.issuer.text() == "UBND xã mẫu"


def test_what_is_no_date_is_kept_as_typed_and_holds_nothing_else_back(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    first, second = add(window, page, settle, pdf(tmp_path / "một.pdf"), pdf(tmp_path / "hai.pdf", 2))
    page.show_place(first.evidence_id)
    form = page.card.form
    type_text(form.issued, "31/02/2024")
    type_text(form.number, "7/QĐ")
    settle(window, quiet=SAVED)
    assert form.problem.isVisible()
    assert "31/02/2024" in form.problem.text()
    saved = {item.evidence_id: item for item in assessed(window).evidence}
    assert (saved[first.evidence_id].number, saved[first.evidence_id].issued) == ("7/QĐ", "")
    page.show_place(second.evidence_id)
    settle(window)
    assert form.issued.text() == ""
    assert not form.problem.isVisible()
    page.show_place(first.evidence_id)
    assert form.issued.text() == "31/02/2024"


def test_sheets_are_counted_by_a_person_where_a_file_has_none(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    (piece,) = add(window, page, settle, pdf(tmp_path / "so-to.pdf"))
    form = page.card.form
    type_text(form.sheets, "mười hai")
    type_text(form.number, "15/BC")
    settle(window, quiet=SAVED)
    (shown,) = [item for item in assessed(window).evidence if item.evidence_id == piece.evidence_id]
    assert (shown.number, shown.sheets) == ("15/BC", None)
    assert "số tờ" in form.problem.text() and form.sheets.text() == "mười hai"
    form.sheets.selectAll()
    type_text(form.sheets, "12")
    settle(window, quiet=SAVED)
    (shown,) = [item for item in assessed(window).evidence if item.evidence_id == piece.evidence_id]
    assert shown.sheets == 12 and not form.problem.isVisible()


def test_leaving_the_page_saves_at_once(window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"))
    page.card.form.summary.setPlainText("Báo cáo kết quả cấp nước")
    window.show_page("home")
    settle(window)
    assert assessed(window).evidence[0].summary == "Báo cáo kết quả cấp nước"


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("", ""),
        ("05/03/2024", "2024-03-05"),
        ("5.3.24", "2024-03-05"),
        ("5 3 2024", "2024-03-05"),
        ("05032024", "2024-03-05"),
        ("2024-03-05", "2024-03-05"),
        ("ngày 5 tháng 3 năm 2024", "2024-03-05"),
        ("1/1/99", "1999-01-01"),
        ("29/02/2023", None),
        ("13/13/2024", None),
        ("hôm qua", None),
        ("5/3/1024", None),
    ],
)
def test_dates_as_people_type_them(typed: str, iso: str | None) -> None:
    assert read_date(typed) == iso


# --- what a file proves


def test_indicators_are_chosen_by_keyboard_and_shown_as_chips(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"))
    QTest.mouseClick(page.card.chips.more, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PickIndicators)
    type_text(dialog.search, "nuoc sach")
    dialog.list.setFocus()
    dialog.list.setCurrentIndex(dialog.list.model().index(0, 0))
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    (code,) = dialog.codes()
    assert "nước sạch" in assessed(window).catalogue.by_code[code].name.lower()
    dialog.accept()
    settle(window)
    assert assessed(window).evidence[0].codes == (code,)
    (chip,) = page.card.chips.chips()
    assert code in chip.accessibleName()
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    settle(window)
    assert assessed(window).evidence[0].codes == ()


def test_search_ignores_diacritics_and_filters_count(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "Báo cáo nước sạch.pdf"), pdf(tmp_path / "Đường liên thôn.pdf", 2))
    page.search.setText("duong")
    assert page._proxy.rowCount() == 1
    page.search.setText("không có gì như vậy")
    assert "Không có minh chứng nào khớp" in page._empty.text()
    page.search.clear()
    named = {page.filter.itemData(row): page.filter.itemText(row) for row in range(page.filter.count())}
    assert named[EvidenceFilter.UNLINKED.value].endswith("(2)")
    assert any(str(data).startswith("criterion ") for data in named)
    page.deeds.set_codes(assessed(window).evidence[0], ["1.1"])
    settle(window)
    page.filter.setCurrentIndex(page.filter.findData("criterion 1"))
    assert page._proxy.rowCount() == 1
    page.filter.setCurrentIndex(page.filter.findData(EvidenceFilter.UNLINKED.value))
    assert page._proxy.rowCount() == 1


# --- out and back


def test_delete_takes_out_and_the_banner_brings_back(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"), pdf(tmp_path / "hai.pdf", 2))
    page.list.setFocus()
    page.list.setCurrentIndex(page._proxy.index(0, 0))
    gone = page._current()
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    settle(window)
    assert gone is not None
    assert [item.evidence_id for item in assessed(window).evidence].count(gone.evidence_id) == 0
    assert gone.title in page.banner.text
    QTest.mouseClick(banner_button(page, "Hoàn tác"), Qt.MouseButton.LeftButton)
    settle(window)
    assert gone.evidence_id in {item.evidence_id for item in assessed(window).evidence}
    assert page.banner.text == ""


def test_the_offer_to_undo_ends_with_the_next_edit(
    window: MainWindow, page: EvidencePage, settle: Settle, tmp_path: Path
) -> None:
    add(window, page, settle, pdf(tmp_path / "một.pdf"), pdf(tmp_path / "hai.pdf", 2))
    page.list.setCurrentIndex(page._proxy.index(0, 0))
    page._remove()
    settle(window)
    assert page.banner.text
    page.deeds.set_codes(assessed(window).evidence[0], ["1.1"])
    settle(window)
    assert page.banner.text == ""


def test_what_lacks_is_listed_and_leads_to_its_place(
    window: MainWindow, page: EvidencePage, settle: Settle, qtbot: QtBot
) -> None:
    page.show_place("con-thieu")
    row = page._missing.find("17.1")
    assert row.isValid()
    assert "Chưa nhập kết quả." in row.data()
    page.missing_list.setCurrentIndex(row)
    with qtbot.waitSignal(window.session.place_wanted) as went:
        QTest.keyClick(page.missing_list, Qt.Key.Key_Return)
    assert went.args == ["criteria", "17.1"]


# --- the pane beside the form


@pytest.fixture
def pane(window: MainWindow, settle: Settle, qtbot: QtBot) -> EvidencePane:
    made = EvidencePane(window.session)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    made.show_indicator(assessed(window).by_code["17.1"])
    window.session.assessed_changed.connect(lambda found: made.show_indicator(found.by_code["17.1"]))
    return made


def test_the_pane_adds_for_its_indicator(
    window: MainWindow, pane: EvidencePane, settle: Settle, tmp_path: Path
) -> None:
    assert pane.first_focus() is pane.add_button
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pdf(tmp_path / "nước.pdf")))])
    drop = QDropEvent(
        QPoint(20, 20), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    pane.dropEvent(drop)
    settle(window)
    assert assessed(window).evidence[0].codes == ("17.1",)
    assert pane.title.text() == "Minh chứng (1)"
    assert "chưa có số hoặc ngày" in pane.missing.text()


def test_the_pane_says_that_a_result_lacks_proof(window: MainWindow, pane: EvidencePane, settle: Settle) -> None:
    shown = window.session.shown_id
    window.session.run(
        lambda workspace, task: results.save(
            workspace, shown, "17.1", {"value": {"numerator": "8", "denominator": "10"}}
        )
    )
    settle(window)
    assert assessed(window).by_code["17.1"].lacks_evidence
    assert "chưa có minh chứng" in pane.missing.text()


def test_one_file_proves_several_indicators_and_taking_it_off_keeps_it(
    window: MainWindow, page: EvidencePage, pane: EvidencePane, settle: Settle, tmp_path: Path
) -> None:
    (one,) = add(window, page, settle, pdf(tmp_path / "chung.pdf"))
    page.deeds.set_codes(one, ["1.1"])
    settle(window)
    QTest.mouseClick(pane.pick_button, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PickEvidence)
    assert dialog.chosen() == assessed(window).evidence
    dialog.accept()
    settle(window)
    assert set(assessed(window).evidence[0].codes) == {"1.1", "17.1"}
    pane.list.setCurrentIndex(pane._model.index(0, 0))
    QTest.mouseClick(pane.remove_button, Qt.MouseButton.LeftButton)
    settle(window)
    assert assessed(window).evidence[0].codes == ("1.1",)
    assert banner_button(pane, "Hoàn tác").isVisible()


def test_details_in_a_window_of_their_own(
    window: MainWindow, page: EvidencePage, pane: EvidencePane, settle: Settle, tmp_path: Path
) -> None:
    (one,) = add(window, page, settle, pdf(tmp_path / "chung.pdf"))
    page.deeds.set_codes(one, ["17.1"])
    settle(window)
    pane.list.setCurrentIndex(pane._model.index(0, 0))
    QTest.mouseClick(pane.details_button, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EvidenceDetails)
    type_text(dialog.form.number, "9/BC")
    dialog.accept()
    settle(window)
    assert assessed(window).evidence[0].number == "9/BC"


def test_every_control_has_a_name(page: EvidencePage, pane: EvidencePane) -> None:
    for widget in (
        page.list,
        page.missing_list,
        page.search,
        page.filter,
        page.preview.view,
        page.card.form.number,
        page.card.form.issued,
        page.card.form.issuer,
        page.card.form.summary,
        page.preview.bar.next,
        page.preview.bar.larger,
        pane.list,
    ):
        assert widget.accessibleName(), widget
    for button in (page.add_button, page.paste_button, pane.add_button, pane.pick_button, page.card.open_button):
        assert button.text()
        assert button.sizeHint().height() >= 32
