"""Elements of WordprocessingML. Text goes in as data only: nothing of it can become a field or markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree

from ntm_desktop.dossier.document import Align, Text, legible

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
Element: TypeAlias = etree._Element
JUSTIFICATION = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "both"}
_TWIPS_PER_MM = 1440 / 25.4


def tag(name: str) -> str:
    """A name in Word's namespace."""
    return f"{{{W}}}{name}"


def node(name: str, /, *children: Element | None, **attributes: str | int) -> Element:
    """An element of Word's namespace; None among the children falls away."""
    made = etree.Element(tag(name), {tag(key): str(value) for key, value in attributes.items()}, nsmap={"w": W})
    made.extend([child for child in children if child is not None])
    return made


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * _TWIPS_PER_MM)


def flag(name: str, on: bool = True) -> Element | None:
    """An empty element that says yes, or nothing."""
    return node(name) if on else None


def written(words: str, *, bold: bool = False, italic: bool = False, style: str = "") -> Iterable[Element]:
    """A run of legible text; line ends become breaks. Nothing where nothing is legible."""
    shown = legible(words)
    if not shown:
        return
    run = node("r")
    if bold or italic or style:
        run.append(
            node("rPr", node("rStyle", val=style) if style else None, flag("b", bold), flag("i", italic)),
        )
    for place, line in enumerate(shown.split("\n")):
        if place:
            run.append(node("br"))
        if line:
            text = node("t")
            text.text = line
            text.set(SPACE, "preserve")
            run.append(text)
    yield run


def runs(content: Text | str) -> list[Element]:
    """Runs of a text, bold and italic as they say; faces and sizes come from the paragraph's style."""
    if isinstance(content, str):
        return list(written(content))
    return [run for item in content for run in written(item.text, bold=item.bold, italic=item.italic)]


def tab() -> Element:
    """A tab stop reached."""
    return node("r", node("tab"))


def simple_field(instruction: str, shown: str) -> Element:
    """A field that the program that opens the file computes; ``instruction`` is ours, never data."""
    return node("fldSimple", *written(shown), instr=f" {instruction} ")


def paragraph(
    style: str,
    *content: Element,
    align: Align | None = None,
    keep: bool = False,
    new_page: bool = False,
    indent: tuple[int, int] | None = None,
    first_line: int | None = None,
    tabs: Iterable[tuple[str, int]] = (),
) -> Element:
    """A paragraph of a named style.

    ``indent`` left and right and ``first_line`` in twips override the style's; ``tabs`` are (kind, twips).
    """
    ind = None
    if indent is not None or first_line is not None:
        ind = node("ind")
        for name, value in zip(("left", "right"), indent or (), strict=False):
            ind.set(tag(name), str(value))
        if first_line is not None:
            ind.set(tag("firstLine"), str(first_line))
    stops = [node("tab", val=kind, pos=place) for kind, place in tabs]
    properties = node(
        "pPr",
        node("pStyle", val=style),
        flag("keepNext", keep),
        flag("pageBreakBefore", new_page),
        node("tabs", *stops) if stops else None,
        ind,
        node("jc", val=JUSTIFICATION[align]) if align is not None else None,
    )
    return node("p", properties, *content)


def keep_with_next(element: Element) -> None:
    """Keep a paragraph, or each paragraph of what is given, on the page of what follows."""
    for item in element.iter(tag("p")):
        properties = item.find(tag("pPr"))
        if properties is not None and properties.find(tag("keepNext")) is None:
            properties.insert(1, node("keepNext"))


# --- tables


def borders(name: str, *sides: str, size: int = 4, kind: str = "single") -> Element:
    """Lines at ``sides``, none at the others."""
    every = ("top", "left", "bottom", "right") + (("insideH", "insideV") if name == "tblBorders" else ())
    lines = [
        node(side, val=kind, sz=size, space=0, color="000000") if side in sides else node(side, val="nil")
        for side in every
    ]
    return node(name, *lines)


def cell(
    width: int,
    *content: Element,
    span: int = 1,
    merge: str = "",
    lines: Element | None = None,
    shade: str = "",
    middle: str = "",
) -> Element:
    """A cell ``width`` twips wide; ``merge`` «restart» or «continue» joins it downwards. Never without a paragraph."""
    properties = node(
        "tcPr",
        node("tcW", w=width, type="dxa"),
        node("gridSpan", val=span) if span > 1 else None,
        node("vMerge", val=merge) if merge else None,
        lines,
        node("shd", val="clear", color="auto", fill=shade) if shade else None,
        node("vAlign", val=middle) if middle else None,
    )
    return node("tc", properties, *(content or (paragraph("NtmTable"),)))


def row(*cells: Element, whole: bool = True, header: bool = False, height: int = 0, exact: bool = False) -> Element:
    """A row; ``whole`` ones are not split across pages, ``header`` is repeated on each page. ``height`` in twips."""
    properties = node(
        "trPr",
        flag("cantSplit", whole),
        node("trHeight", val=height, hRule="exact" if exact else "atLeast") if height else None,
        flag("tblHeader", header),
    )
    return node("tr", properties, *cells)


def table(style: str, widths: Iterable[int], rows: Iterable[Element], align: str = "") -> Element:
    """A table of columns ``widths`` twips wide, which no content widens."""
    columns = list(widths)
    properties = node(
        "tblPr",
        node("tblStyle", val=style),
        node("tblW", w=sum(columns), type="dxa"),
        node("jc", val=align) if align else None,
        node("tblLayout", type="fixed"),
        node("tblLook", val="0000"),
    )
    return node("tbl", properties, node("tblGrid", *(node("gridCol", w=width) for width in columns)), *rows)
