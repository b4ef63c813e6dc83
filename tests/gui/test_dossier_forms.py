"""Local rules, procedures and templates, texts back from Word, the question before a final paper, both sides."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem

from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.operations import texts
from ntm_desktop.operations.dossier_facts import facts
from tests.gui.dossier_desk import (
    DRAWN,
    Settle,
    answer,
    button,
    click,
    dialog_of,
    done,
    go,
    pdf_text,
    shown_page,
    shown_text,
    write,
)
from ui.dialogs.paper_templates import PaperTemplates
from ui.dialogs.procedure_settings import ProcedureSettings
from ui.dialogs.take_back import TakeBack
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage
from ui.widgets.printing import Sides

KEY = Qt.ItemDataRole.UserRole + 1


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    return shown_page(window, settle)


def known(window: MainWindow, settle: Settle) -> DossierFacts:
    return done(window, settle, lambda workspace: facts(workspace, window.session.shown_id))


# --- local rules


def rules(window: MainWindow, settle: Settle, setting: str = "poll_total") -> ProcedureSettings:
    go(window, f"setting:{setting}", settle)
    return dialog_of(ProcedureSettings)


def test_a_local_value_with_its_document_is_used(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    dialog = rules(window, settle)
    value, basis = dialog.fields["poll_total", "value"], dialog.fields["poll_total", "basis"]
    assert value.hasFocus()
    write(value, "95")
    basis.setFocus()
    write(basis, "Quyết định mẫu số 7")
    click(button(dialog, "Xong"))
    settle(window, quiet=DRAWN)
    applied = known(window, settle).settings["poll_total"]
    assert (applied.value, applied.basis, applied.local) == ("95", "Quyết định mẫu số 7", True)
    assert rules(window, settle).fields["poll_total", "value"].text() == "95"
    dialog_of(ProcedureSettings).reject()


def test_a_local_value_without_a_document_is_told(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    dialog = rules(window, settle)
    write(dialog.fields["poll_total", "value"], "95")
    QTest.keyClick(dialog.fields["poll_total", "value"], Qt.Key.Key_Tab)
    dialog.fields["copies", "value"].setFocus()
    settle(window)
    assert dialog.problem.isVisible()
    assert "văn bản quy định" in dialog.problem.text()
    assert not known(window, settle).settings["poll_total"].local
    dialog.reject()


def test_another_procedure_is_chosen(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    before = page.procedure.text()
    dialog = rules(window, settle)
    row = dialog.choice.findData("chung")
    dialog.choice.setFocus()
    while dialog.choice.currentIndex() != row:
        at = dialog.choice.currentIndex()
        QTest.keyClick(dialog.choice, Qt.Key.Key_Down if at < row else Qt.Key.Key_Up)
        settle(window, quiet=200)
        assert dialog.choice.currentIndex() != at
    click(button(dialog, "Xong"))
    settle(window, quiet=DRAWN)
    assert known(window, settle).procedure.id == "chung"
    assert page.procedure.text() != before


# --- templates


def templates(page: DossierPage, window: MainWindow, settle: Settle, template: str) -> PaperTemplates:
    page.templates_action.trigger()
    settle(window)
    dialog = dialog_of(PaperTemplates)
    rows = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    for item in rows:
        assert item is not None
        dialog.list.setCurrentItem(item)
        if dialog.chosen is not None and (dialog.chosen.kind, dialog.chosen.id) == ("template", template):
            return dialog
    raise AssertionError(template)


def used(dialog: PaperTemplates) -> str:
    item = dialog.list.currentItem()
    assert item is not None
    return item.text(2)


def test_a_template_is_exported_changed_used_and_ours_restored(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "to-trinh.yaml"
    dialog = templates(page, window, settle, "to-trinh")
    assert not dialog.restore_button.isEnabled()
    assert dialog.chosen is not None
    dialog.export(dialog.chosen, path)
    settle(window)
    assert str(path) in dialog.banner.text
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n- text: Câu riêng của tỉnh mẫu.\n", encoding="utf-8", newline="")
    dialog.check(path)
    settle(window)
    assert "không có lỗi" in dialog.banner.text
    dialog.use(path)
    settle(window, quiet=DRAWN)
    assert "của tỉnh" in dialog.banner.text
    assert dialog.restore_button.isEnabled()
    assert used(dialog) == "của tỉnh"
    assert "Câu riêng của tỉnh mẫu." in shown_text(page)
    click(dialog.restore_button)
    settle(window, quiet=DRAWN)
    assert not dialog.restore_button.isEnabled()
    assert "Câu riêng của tỉnh mẫu." not in shown_text(page)
    click(button(dialog, "Xong"))


def test_what_is_wrong_in_a_template_is_told_by_line(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    dialog = templates(page, window, settle, "to-trinh")
    path = tmp_path / "sai.yaml"
    path.write_text("id: sai\nname: Sai\nversion: '1'\ntitle: Sai\nblocks:\n- text: 'Của {khong_co}'\n", "utf-8")
    asked = answer("Đóng")
    dialog.check(path)
    settle(window, quiet=300)
    assert "sai.yaml" in asked[0]
    assert "dòng 6" in asked[0]
    asked = answer("Đóng")
    dialog.use(path)
    settle(window, quiet=300)
    assert dialog.banner.property("tone") == "error"
    assert used(dialog) == "có sẵn"
    dialog.reject()


# --- back from Word


def word_file(page: DossierPage, window: MainWindow, settle: Settle, folder: Path) -> Path:
    """The report as Word, its first section written anew in it, as a person does."""
    from docx import Document

    shown = window.session.shown_id
    done(window, settle, lambda workspace: texts.save_text(workspace, shown, "bao-cao", "tinh-hinh", "Câu cũ mẫu."))
    page.output.save_into(folder, "docx", ("bao-cao",))
    settle(window)
    (path,) = folder.iterdir()
    document = Document(str(path))
    changed = 0
    for words in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        if words.text and "Câu cũ mẫu." in words.text:
            words.text = words.text.replace("Câu cũ mẫu.", "Câu mới mẫu.")
            changed += 1
    assert changed == 1
    document.save(str(path))
    return path


@pytest.mark.parametrize("taken", [True, False])
def test_texts_come_back_from_word(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path, taken: bool
) -> None:
    path = word_file(page, window, settle, tmp_path / "word")
    page.output.look_into(path)
    settle(window)
    dialog = dialog_of(TakeBack)
    assert "Câu cũ mẫu." in dialog.text.toPlainText()
    assert "Câu mới mẫu." in dialog.text.toPlainText()
    click(button(dialog, "Lấy nội dung mới" if taken else "Để nguyên"))
    settle(window, quiet=DRAWN)
    section = known(window, settle).section("bao-cao", "tinh-hinh")
    assert section == ("Câu mới mẫu." if taken else "Câu cũ mẫu.")
    assert ("Đã lấy lại 1 phần" in page.banner.text) is taken


def test_what_is_no_word_file_is_told(page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    (tmp_path / "ảnh.docx").write_bytes(b"GIF89a")
    page.output.look_into(tmp_path / "ảnh.docx")
    settle(window)
    assert page.banner.property("tone") == "error"


# --- before a final paper


@pytest.mark.parametrize(
    ("words", "goes_on", "draft"),
    [("Quay lại sửa", False, False), ("Làm bản nháp", True, True), ("Vẫn làm bản chính", True, False)],
)
def test_what_would_be_sent_back_is_asked_about(
    page: DossierPage, window: MainWindow, settle: Settle, words: str, goes_on: bool, draft: bool
) -> None:
    count = page.blocking()
    assert count
    asked = answer(words)
    assert page.output._may_go_on() is goes_on
    assert f"Còn {count} việc" in asked[0]
    assert page.draft.isChecked() is draft
    settle(window, quiet=DRAWN)
    if draft:
        assert page.output._may_go_on(), "a draft is not asked about"


def test_a_draft_says_so_on_every_page(page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    click(page.draft)
    settle(window, quiet=DRAWN)
    assert "DỰ THẢO" in shown_text(page)
    page.output.save_into(tmp_path / "nháp", "pdf", ("to-trinh",))
    settle(window)
    (path,) = (tmp_path / "nháp").iterdir()
    assert "DỰ THẢO" in pdf_text(path)
    click(page.draft)
    settle(window, quiet=DRAWN)
    assert "DỰ THẢO" not in shown_text(page)


# --- checklist


def lines(page: DossierPage) -> list[QTreeWidgetItem]:
    tree = page.checklist.tree
    found: list[QTreeWidgetItem] = []
    for row in range(tree.topLevelItemCount()):
        top = tree.topLevelItem(row)
        assert top is not None
        inner = [top.child(place) for place in range(top.childCount())]
        found += [top, *(item for item in inner if item is not None)]
    return found


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("missing_result 17.1", ("criteria", "17.1")),
        ("field_missing general/self/population", ("data", "general/self/population")),
        ("section_empty bao-cao.kho-khan", ("dossier", "section:bao-cao.kho-khan")),
        ("setting_unknown copies", ("dossier", "setting:copies")),
    ],
)
def test_a_line_leads_to_its_place(
    page: DossierPage, window: MainWindow, settle: Settle, key: str, place: tuple[str, str]
) -> None:
    went: list[tuple[str, str]] = []
    page.checklist.wanted.connect(lambda *where: went.append(where))
    item = next(item for item in lines(page) if item.data(0, KEY) == key)
    tree = page.checklist.tree
    group = item.parent()
    assert group is not None
    group.setExpanded(True)
    tree.setFocus()
    tree.setCurrentItem(item)
    QTest.keyClick(tree, Qt.Key.Key_Return)
    settle(window, quiet=DRAWN)
    assert went == [place]
    assert window.current_key == place[0]
    if place[1].startswith("setting"):
        dialog = dialog_of(ProcedureSettings)
        assert dialog.fields["copies", "value"].hasFocus()
        dialog.reject()
    elif place[1].startswith("section"):
        assert page.texts.edits["kho-khan"].text.hasFocus()


# --- both sides by hand


def pictures(path: Path) -> list[bytes]:
    """What stands on each page of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return [bytes(document[page].render(scale=0.5).buffer) for page in range(len(document))]
    finally:
        document.close()


def test_odd_pages_are_printed_then_the_even_ones(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    def printer(name: str) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFileName(str(tmp_path / name))
        made.setResolution(100)
        return made

    go(window, "bieu-tu-danh-gia", settle)
    page.output.print_to(printer("tất cả.pdf"), 1, 3)
    settle(window, quiet=200)
    first, second, third = pictures(tmp_path / "tất cả.pdf")
    page.output.print_to(printer("hai mặt.pdf"), 1, 3, sides=Sides.ODD)
    settle(window, quiet=200)
    assert pictures(tmp_path / "hai mặt.pdf") == [first, third]
    assert "lật cả chồng giấy" in page.banner.text
    click(button(page.banner, "In mặt sau"))
    settle(window, quiet=200)
    back = pictures(tmp_path / "hai mặt.pdf")
    assert len(back) == 2, "the last sheet has a blank back"
    assert len(set(back)) == 2
    assert "Đã gửi 2 trang" in page.banner.text
    assert second != third
