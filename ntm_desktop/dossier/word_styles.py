"""The named styles of our Word files: one for each component of Decree 30/2020, sizes and faces from the layout."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ntm_desktop.dossier import layout
from ntm_desktop.dossier.document import Align
from ntm_desktop.dossier.layout import FACES, Face, Role
from ntm_desktop.dossier.word_xml import JUSTIFICATION, Element, borders, flag, node, tag, twips

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
_NATURAL = 1.15  # height of a line of Times New Roman, times its size
_FIRST = twips(layout.FIRST_LINE_INDENT)
CELL_X, CELL_TOP, CELL_BOTTOM = 60, 40, 60  # twips


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. Lengths in twips; ``leading`` times the size."""

    id: str
    name: str
    face: Face
    align: Align = Align.LEFT
    first: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    leading: float = layout.LINE_HEIGHT
    exact: int = 0  # height of each line, where it is fixed
    keep: bool = False
    outline: int | None = None
    rule: str = ""  # a line «above» or all «around»
    follow: str = ""  # style of the next paragraph that a person types


def of_role(role: Role) -> str:
    """Id of a component's style."""
    if role is Role.HEADING:
        return "Heading1"
    return "Header" if role is Role.PAGE_NUMBER else "Ntm" + role.value.title().replace("_", "")


_GAP = round(layout.PARAGRAPH_GAP * 20)
_ROLE_NAMES: tuple[tuple[Role, str], ...] = (
    (Role.NATION, "Quốc hiệu"),
    (Role.MOTTO, "Tiêu ngữ"),
    (Role.SUPERIOR, "Cơ quan chủ quản"),
    (Role.AGENCY, "Cơ quan ban hành"),
    (Role.NUMBER, "Số, ký hiệu"),
    (Role.PLACE_DATE, "Địa danh, ngày"),
    (Role.KIND, "Tên loại"),
    (Role.SUBJECT, "Trích yếu"),
    (Role.ATTACHED_TO, "Kèm theo"),
    (Role.SIGNER, "Người ký"),
)


def _of_the_decree() -> list[Style]:
    """Components with a number of their own in the decree, headings, and the contents made of them."""
    below = {Role.NUMBER: 100, Role.PLACE_DATE: 100}  # the rules of the head stand above these
    made = [
        Style(of_role(role), f"NTM {name}", FACES[role], Align.CENTER, before=below.get(role, 0))
        for role, name in _ROLE_NAMES
    ]
    for level in (1, 2, 3):
        heading = Style(f"Heading{level}", f"heading {level}", FACES[Role.HEADING], Align.JUSTIFY, first=_FIRST)
        made.append(replace(heading, after=_GAP, keep=True, outline=level - 1, follow="NtmBody"))
        indent = (level - 1) * twips(5)
        made.append(Style(f"TOC{level}", f"toc {level}", Face(13, bold=level == 1), left=indent, after=60))
    return made


def _of_text() -> list[Style]:
    text = layout.BODY_LINE_HEIGHT
    body = Style("NtmBody", "NTM Lời văn", FACES[Role.BODY], Align.JUSTIFY, first=_FIRST, after=_GAP, leading=text)
    note = Style("NtmNote", "NTM Ghi chú", FACES[Role.NOTE], Align.JUSTIFY, after=80)
    boxed = replace(note, id="NtmBoxed", name="NTM Cảnh báo", align=Align.CENTER, rule="around")
    return [
        body,
        replace(body, id="NtmBasis", name="NTM Căn cứ", face=FACES[Role.BASIS], after=80),
        replace(body, id="NtmAsked", name="NTM Gợi ý", keep=True),
        Style("NtmDots", "NTM Dòng chấm", FACES[Role.BODY], exact=400),
        note,
        replace(boxed, left=110, right=110, before=120, after=160),
        Style("NtmAddressee", "NTM Kính gửi", FACES[Role.ADDRESSEE], after=40),
        Style("NtmReceiversHead", "NTM Nơi nhận", FACES[Role.RECEIVERS_HEAD], keep=True),
        Style("NtmReceivers", "NTM Danh sách nơi nhận", FACES[Role.RECEIVERS]),
        Style("TOCHeading", "TOC Heading", FACES[Role.KIND], Align.CENTER, before=120, after=160, keep=True),
        Style("Header", "header", FACES[Role.PAGE_NUMBER], leading=_NATURAL),
        Style("NtmTable", "NTM Ô bảng", FACES[Role.TABLE]),
        Style("NtmTableHead", "NTM Đầu bảng", FACES[Role.TABLE_HEAD], Align.CENTER),
        Style("NtmRule", "NTM Vạch ngang", Face(2), exact=80, before=60, rule="above"),
        Style("NtmGap", "NTM Khoảng cách", Face(1), exact=20),
    ]


def _of_sheets() -> list[Style]:
    """Pictures, covers and labels, which the decree does not govern."""
    return [
        Style("NtmPicture", "NTM Ảnh", FACES[Role.TABLE], Align.CENTER, keep=True, leading=_NATURAL),
        Style("Caption", "caption", Face(13, italic=True), Align.CENTER, before=60),
        Style("NtmCoverAgency", "NTM Cơ quan trên bìa", Face(14, bold=True), Align.CENTER),
        Style("NtmCoverTitle", "NTM Tên bìa", Face(28, bold=True), Align.CENTER, after=240),
        Style("NtmCoverSubject", "NTM Trích yếu bìa", Face(18, bold=True), Align.CENTER, after=160),
        Style("NtmCoverFoot", "NTM Chữ trên bìa", Face(14), Align.CENTER),
        Style("NtmSpineNumber", "NTM Số gáy", Face(54, bold=True), Align.CENTER),
        Style("NtmSpineFirst", "NTM Gáy dòng 1", Face(16, bold=True), Align.CENTER, left=60, right=60),
        Style("NtmSpineSecond", "NTM Gáy dòng 2", Face(14, bold=True), Align.CENTER, left=60, right=60),
        Style("NtmSpine", "NTM Chữ gáy", Face(12), Align.CENTER, left=60, right=60),
    ]


STYLES = (*_of_the_decree(), *_of_text(), *_of_sheets())


def styles_element() -> Element:
    """``w:styles`` of the file."""
    root = node("styles")
    fonts = node("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT)
    language = node("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi=LANGUAGE)
    size = round(FACES[Role.BODY].size * 2)
    face = node("rPr", fonts, node("color", val="000000"), node("sz", val=size), node("szCs", val=size), language)
    root.append(node("docDefaults", node("rPrDefault", face), node("pPrDefault", node("pPr"))))
    normal = node("style", node("name", val="Normal"), flag("qFormat"), type="paragraph", default=1, styleId="Normal")
    root.append(normal)
    plain = node("style", node("name", val="Default Paragraph Font"), type="character", default=1)
    plain.set(tag("styleId"), "DefaultParagraphFont")
    root.append(plain)
    root.extend([_paragraph_style(style) for style in STYLES])
    root.append(_mark_style("NtmMark", "NTM Dấu trên trang", Face(10, bold=True), "404040"))
    root.extend(_table_styles())
    return root


def _fonts(face: Face) -> list[Element | None]:
    half = round(face.size * 2)
    return [
        node("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT),
        flag("b", face.bold),
        flag("bCs", face.bold),
        flag("i", face.italic),
        flag("iCs", face.italic),
        node("color", val="000000"),
        node("sz", val=half),
        node("szCs", val=half),
    ]


def _paragraph_style(style: Style) -> Element:
    lines = None
    if style.rule == "above":
        lines = node("pBdr", node("top", val="single", sz=6, space=0, color="000000"))
    elif style.rule:
        sides = ("top", "left", "bottom", "right")
        lines = node("pBdr", *(node(side, val="single", sz=6, space=5, color="000000") for side in sides))
    height, how = (style.exact, "exact") if style.exact else (round(240 * style.leading / _NATURAL), "auto")
    properties = node(
        "pPr",
        flag("keepNext", style.keep),
        lines,
        node("spacing", before=style.before, after=style.after, line=height, lineRule=how),
        node("ind", left=style.left, right=style.right, firstLine=style.first),
        node("jc", val=JUSTIFICATION[style.align]),
        node("outlineLvl", val=style.outline) if style.outline is not None else None,
    )
    made = node(
        "style",
        node("name", val=style.name),
        node("basedOn", val="Normal"),
        node("next", val=style.follow) if style.follow else None,
        flag("qFormat"),
        properties,
        node("rPr", *_fonts(style.face)),
        type="paragraph",
        styleId=style.id,
    )
    if style.id.startswith("Ntm"):
        made.set(tag("customStyle"), "1")
    return made


def _mark_style(style_id: str, name: str, face: Face, color: str) -> Element:
    """Framed words in the header."""
    fonts = [item for item in _fonts(face) if item is not None]
    for item in fonts:
        if item.tag == tag("color"):
            item.set(tag("val"), color)
    properties = node("rPr", *fonts, node("bdr", val="single", sz=6, space=1, color=color))
    return node("style", node("name", val=name), properties, type="character", customStyle=1, styleId=style_id)


def _table_styles() -> list[Element]:
    def margins(x: int, top: int, bottom: int) -> Element:
        sides = (("top", top), ("left", x), ("bottom", bottom), ("right", x))
        return node("tblCellMar", *(node(side, w=width, type="dxa") for side, width in sides))

    every = ("top", "left", "bottom", "right", "insideH", "insideV")
    plain = node("tblPr", node("tblInd", w=0, type="dxa"), margins(108, 0, 0))
    grid = node("tblPr", borders("tblBorders", *every), margins(CELL_X, CELL_TOP, CELL_BOTTOM))
    bare = node("tblPr", borders("tblBorders"), margins(0, 0, 0))
    return [
        node("style", node("name", val="Normal Table"), plain, type="table", default=1, styleId="TableNormal"),
        node("style", node("name", val="NTM Bảng"), grid, type="table", customStyle=1, styleId="NtmGrid"),
        node("style", node("name", val="NTM Khung không viền"), bare, type="table", customStyle=1, styleId="NtmBare"),
    ]
