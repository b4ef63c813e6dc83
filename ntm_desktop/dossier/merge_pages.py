"""What the program itself adds to the one file: stamps, slips, and the contents of the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from ntm_desktop.dossier.document import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Note,
    Paragraph,
    Row,
    Table,
    Title,
    cell,
    legible,
    text,
)
from ntm_desktop.dossier.merge_in import Why
from ntm_desktop.dossier.one_file import Attached
from ntm_desktop.i18n import N_
from ntm_desktop.model.paper_template import PageNumbers

CONTENTS = "Mục lục minh chứng"
REASONS: Mapping[Why, str] = {
    Why.BROKEN: N_("tệp PDF bị hỏng, không đọc được"),
    Why.LOCKED: N_("tệp PDF có mật khẩu"),
    Why.TOO_MUCH: N_("tệp PDF quá dài hoặc quá phức tạp"),
}
_MOST_CODES = 24
_COLUMNS = (
    Column("TT", 10, Align.CENTER),
    Column("Minh chứng", 88),
    Column("Chỉ tiêu", 30),
    Column("Tờ số", 20, Align.CENTER),
    Column("Trang", 17, Align.CENTER),
)


def one_line(words: str) -> str:
    """As it may stand in a bookmark."""
    return " ".join(legible(words).split())[:250]


def stamp(piece: Attached, place: int, count: int) -> str:
    """«Tiêu chí 17 · Chỉ tiêu 17.1 · Minh chứng 03 · Tờ 12» of the page ``place`` (from 0) of ``count``."""
    codes = ", ".join(piece.codes[:_MOST_CODES]) + (", …" if len(piece.codes) > _MOST_CODES else "")
    told = (f"Tiêu chí {piece.criterion}", f"Chỉ tiêu {codes}" if codes else "", f"Minh chứng {piece.place:02d}")
    where = _sheet(piece, place, count)
    return one_line(" · ".join(part for part in (*told, where) if part))


def _sheet(piece: Attached, place: int, count: int) -> str:
    """The sheet of a page; where sheets are not known, the page of the piece."""
    if piece.first is None or piece.last is None:
        return f"Trang {place + 1}/{count}"
    sheets = piece.last - piece.first + 1
    if count == 1 and sheets > 1:  # a slip stands for all of them
        return f"Tờ {piece.first:02d}-{piece.last:02d}"
    if sheets >= count:
        return f"Tờ {piece.first + place:02d}"
    if sheets >= -(-count // 2):
        return f"Tờ {piece.first + place // 2:02d}"
    return f"Tờ {min(piece.first + place, piece.last):02d} (trang {place + 1}/{count})"


def slip(piece: Attached, why: str) -> Document:
    """A page in place of a file that cannot be shown."""
    lines = [("Tài liệu", piece.title), ("Số, ngày, nơi ban hành", piece.about), ("Tên tệp", piece.file_name)]
    blocks: list[Block] = [
        Title("PHIẾU THAY TÀI LIỆU", f"Tiêu chí {piece.criterion}. {piece.criterion_name}"),
        *(Paragraph(text(text(f"{what}: ", bold=True)[0], words), Align.LEFT) for what, words in lines if words),
        Paragraph(
            text(f"Tài liệu này được nộp kèm bản giấy hoặc tệp gốc, không có trong tệp PDF này vì {why}."), Align.LEFT
        ),
        Note("Khi nộp bản giấy, đặt tài liệu vào đúng chỗ của phiếu này."),
    ]
    return Document("phieu", piece.title, tuple(blocks), page_numbers=PageNumbers.NONE)


def contents(attached: Sequence[Attached], begun: Mapping[tuple[str, int], int], mark: str, draft: bool) -> Document:
    """The table of all evidence with sheets and pages. ``begun``: page of the file by (criterion, place)."""
    rows: list[Row] = []
    for number, group in groupby(attached, lambda piece: piece.criterion):
        pieces = list(group)
        band = cell(f"Tiêu chí {number}. {pieces[0].criterion_name}", span=len(_COLUMNS), bold=True)
        rows.append(Row((band,), band=True))
        rows.extend(_row(piece, begun) for piece in pieces)
    blocks = (
        Title(CONTENTS.upper(), "Các minh chứng kèm theo trong tệp này"),
        Table(_COLUMNS, tuple(rows)),
        Note("Cột «Trang» là trang của tệp PDF này; «Tờ số» là số tờ trong hộp của tiêu chí."),
    )
    return Document("muc-luc", CONTENTS, blocks, mark=mark, draft=draft, page_numbers=PageNumbers.NONE)


def _row(piece: Attached, begun: Mapping[tuple[str, int], int]) -> Row:
    page = begun.get(piece.lies_in or (piece.criterion, piece.place))
    about: tuple[str, ...] = (piece.title, piece.about)
    sheets = ""
    if piece.lies_in is not None:
        about = (piece.title, f"Xem tiêu chí {piece.lies_in[0]}, minh chứng {piece.lies_in[1]:02d}.")
    elif piece.first is not None and piece.last is not None:
        sheets = f"{piece.first:02d}" if piece.first == piece.last else f"{piece.first:02d}-{piece.last:02d}"
    # Figures of full width while they are unknown: the table must not grow when they are put in.
    cells: tuple[Cell, ...] = (
        cell(f"{piece.place:02d}"),
        cell(*(words for words in about if words)),
        cell(", ".join(piece.codes)),
        cell(sheets),
        cell(str(page) if page else "0000"),
    )
    return Row(cells)
