"""The fixed parts of an official paper in Word: head, title, signatures, QR code, pictures, covers, spines."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from pathlib import Path

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import layout
from ntm_desktop.dossier.document import Align
from ntm_desktop.dossier.layout import Role
from ntm_desktop.dossier.word_styles import of_role
from ntm_desktop.dossier.word_tables import share_out
from ntm_desktop.dossier.word_xml import Element, borders, cell, keep_with_next, paragraph, row, runs, table, twips

_KIND_OF_UNIT = re.compile(r" (?=(XÃ|PHƯỜNG|ĐẶC KHU|THỊ TRẤN|HUYỆN|THỊ XÃ|THÀNH PHỐ|TỈNH) )")
NO_PICTURE = "(Không có ảnh này trên máy)"
CAPTION = 22.0  # millimetres below a picture
PADDING = twips(10)  # inside a cover's frame
Measure = Callable[[str, Role, float], float]  # width of the last line of a text, in points; wrapped to a width
Inline = Callable[[Path | bytes, float, float, str], Element | None]  # a picture within millimetres; None: unreadable


def rule(width: int, length: float) -> Element:
    """A line of ``length`` points in the middle of ``width`` twips, as the border of an empty paragraph."""
    side = max(0, (width - round(length * 20)) // 2)
    return paragraph("NtmRule", indent=(side, side))


def _lines(role: Role, *words: str, keep: bool = False, side: int = 0) -> list[Element]:
    indent = (side, side) if side else None
    return [paragraph(of_role(role), *runs(each), keep=keep, indent=indent) for each in words if each]


def head(block: doc.OfficialHead, width: int, measure: Measure) -> Element:
    """Cells 1 to 4 of the decree as a table without lines: 40 % and 60 % of the width."""
    left = round(width * layout.HEAD_LEFT_SHARE)
    right = width - left
    agency = _KIND_OF_UNIT.sub("\n", block.agency, count=1)
    agencies = [
        *_lines(Role.SUPERIOR, block.superior),
        *_lines(Role.AGENCY, agency),
        rule(left, measure(agency, Role.AGENCY, left / 20) * layout.AGENCY_RULE_SHARE),
    ]
    nation = [
        *_lines(Role.NATION, block.nation),
        *_lines(Role.MOTTO, block.motto),
        rule(right, measure(block.motto, Role.MOTTO, right / 20)),
    ]
    upper = row(cell(left, *agencies), cell(right, *nation))
    keep_with_next(upper)
    lower = row(
        cell(left, *_lines(Role.NUMBER, block.number)),
        cell(right, *_lines(Role.PLACE_DATE, block.place_date)),
    )
    return table("NtmBare", (left, right), (upper, lower))


def title(block: doc.Title, width: int, measure: Measure) -> list[Element]:
    """Kind and subject with a rule below; for an appendix the line above and its paper."""
    side = round(width * 0.04)
    made = [
        *_lines(Role.KIND, block.above, block.kind, keep=True),
        *_lines(Role.SUBJECT, block.subject, keep=True, side=side),
        *_lines(Role.ATTACHED_TO, block.attached_to, side=side),
    ]
    if not block.attached_to:
        role, words = (Role.SUBJECT, block.subject) if block.subject else (Role.KIND, block.kind)
        made.append(rule(width, measure(words, role, (width - 2 * side) / 20) * layout.SUBJECT_RULE_SHARE))
    return made


def signatures(block: doc.SignatureBlock, width: int) -> Element:
    """Receivers or a second signer on the left, the signer on the right; room for signature and seal between."""
    left, right = share_out((1, 1), width)
    room = twips(layout.SIGNATURE_ROOM)
    receivers = [
        *_lines(Role.RECEIVERS_HEAD, "Nơi nhận:" if block.receivers else ""),
        *_lines(Role.RECEIVERS, *block.receivers),
    ]
    rows: list[Element] = []
    if receivers and block.left:
        rows.append(row(cell(left, *receivers), cell(right)))
    for place, height in enumerate((0, room, 0)):
        if receivers and not block.left:
            merge = "restart" if place == 0 else "continue"
            first = cell(left, *(receivers if place == 0 else ()), merge=merge)
        else:
            first = cell(left, *(_signer(block.left, place) if block.left else ()))
        rows.append(row(first, cell(right, *_signer(block.right, place)), height=height))
    for item in rows[:-1]:
        keep_with_next(item)
    return table("NtmBare", (left, right), rows)


def _signer(signer: doc.Signer, place: int) -> list[Element]:
    """What stands in the row ``place``: titles and remark, room, name."""
    if place == 0:
        note = [paragraph("NtmNote", *runs(signer.note), align=Align.CENTER)] if signer.note else []
        return [*_lines(Role.SIGNER, *signer.lines), *note]
    return _lines(Role.SIGNER, signer.name or "…" * 12) if place == 2 else []


def qr_code(block: doc.QrCode, width: int, inline: Inline) -> list[Element]:
    """The code at the right edge with its caption on the left; its text where it holds too much for a code."""
    caption = [paragraph(of_role(Role.TABLE), *runs(each)) for each in block.caption]
    code = _qr_png(block.content)
    if code is None:
        return [*caption, paragraph(of_role(Role.TABLE), *runs(block.content))]
    content, modules = code
    side = max(26.0, modules * 0.52)
    picture = inline(content, side, side, "QR")
    right = twips(side) + 120
    held = paragraph(of_role(Role.TABLE), *(item for item in (picture,) if item is not None), align=Align.RIGHT)
    return [table("NtmBare", (width - right, right), [row(cell(width - right, *caption), cell(right, held))])]


def _qr_png(content: str) -> tuple[bytes, int] | None:
    """The code as a PNG with a quiet zone, and how many modules it is wide; None where it does not fit one."""
    from PIL import Image
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    try:
        code.addData(content)
        code.make()
    except Exception:  # reportlab raises bare Exceptions for what is too long or no text
        return None
    count, quiet = len(code.modules), 4
    image = Image.new("1", (count + 2 * quiet,) * 2, 1)
    for y, line in enumerate(code.modules):
        for x, dark in enumerate(line):
            if dark:
                image.putpixel((x + quiet, y + quiet), 0)
    stream = io.BytesIO()
    image.resize((image.width * 6,) * 2, Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue(), count + 2 * quiet


# --- pages of pictures, covers and labels


def pictures(block: doc.Pictures, page: layout.Page, inline: Inline, used: float = 0.0) -> list[Element]:
    """One table a page: two pictures below each other, or four in two columns; captions below.

    ``used``: millimetres of the first page that something above has taken.
    """
    columns = 1 if block.per_page <= 2 else 2
    lines = max(1, block.per_page // columns)
    widths = share_out((1,) * columns, twips(page.text_width))
    pages = [block.pictures[at : at + columns * lines] for at in range(0, len(block.pictures), columns * lines)]
    made: list[Element] = []
    for place, shown in enumerate(pages):
        high = (page.text_height - 2 - (0 if place else used)) / lines - CAPTION
        rows: list[Element] = []
        for at in range(0, len(shown), columns):
            here: list[doc.Picture | None] = [*shown[at : at + columns]]
            here += [None] * (columns - len(here))
            wide = page.text_width / columns - 4
            framed = [
                cell(width, *_picture(item, wide, high, inline), middle="center")
                for item, width in zip(here, widths, strict=True)
            ]
            said = [
                cell(width, *([paragraph("Caption", *runs(item.caption))] if item else []))
                for item, width in zip(here, widths, strict=True)
            ]
            rows += [row(*framed, height=twips(high)), row(*said, height=twips(CAPTION))]
        for item in rows[:-1]:
            keep_with_next(item)
        made.append(table("NtmBare", widths, rows))
    return made


def _picture(item: doc.Picture | None, width: float, height: float, inline: Inline) -> list[Element]:
    if item is None:
        return []
    words = "".join(run.text for run in item.caption)
    drawn = inline(item.path, width, height - 2, words) if item.path else None
    if drawn is None:
        return [paragraph("NtmBoxed", *runs(NO_PICTURE))]
    return [paragraph("NtmPicture", drawn)]


def cover(block: doc.Cover, page: layout.Page) -> Element:
    """A framed page: agencies on top, title in the middle, lines at the foot."""
    width, height = twips(page.text_width), twips(page.text_height - 4)
    inside = (PADDING, PADDING)
    space = paragraph("NtmCoverFoot")
    top = [paragraph("NtmCoverFoot", *runs(block.superior), indent=inside)] if block.superior else []
    top.append(paragraph("NtmCoverAgency", *runs(block.agency), indent=inside))
    middle = [paragraph("NtmCoverTitle", *runs(block.title), indent=inside)]
    middle += [paragraph("NtmCoverSubject", *runs(each), indent=inside) for each in block.subject]
    foot = [paragraph("NtmCoverFoot", *runs(each), indent=inside) for each in block.foot]
    parts = (
        ([space, *top], 0.15, "top", "top"),
        (middle, 0.65, "center", ""),
        ([*foot, deepcopy(space)], 0.20, "bottom", "bottom"),
    )
    rows = []
    for content, share, place, edge in parts:
        lines = borders("tcBorders", "left", "right", *filter(None, (edge,)), size=6, kind="double")
        rows.append(row(cell(width, *content, lines=lines, middle=place), height=round(height * share)))
    for item in rows[:-1]:
        keep_with_next(item)
    return table("NtmBare", (width,), rows)


def spines(block: doc.Spines, page: layout.Page) -> Iterable[Element]:
    """Labels side by side, dashed lines to cut along; number on top, lines in the middle."""
    width = min(block.width, page.text_width)
    height = twips(min(block.height, page.text_height - 4))
    count = max(1, int(page.text_width // width))
    above = twips(30)
    for at in range(0, len(block.labels), count):
        labels: Sequence[doc.SpineLabel] = block.labels[at : at + count]
        numbers, names = [], []
        for label in labels:
            first = [paragraph("NtmSpineNumber", *runs(label.number))]
            frame = borders("tcBorders", "top", "left", "right", kind="dashed")
            numbers.append(cell(twips(width), *first, lines=frame))
            styles = ("NtmSpineFirst", "NtmSpineSecond", *("NtmSpine",) * len(label.lines))
            lines = [paragraph(style, *runs(each)) for style, each in zip(styles, label.lines, strict=False)]
            frame = borders("tcBorders", "left", "bottom", "right", kind="dashed")
            names.append(cell(twips(width), *lines, lines=frame, middle="center"))
        rows = [row(*numbers, height=above), row(*names, height=height - above)]
        keep_with_next(rows[0])
        yield table("NtmBare", [twips(width)] * len(labels), rows, align="center")
