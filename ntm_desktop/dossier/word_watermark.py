"""Large grey words across each page, drawn behind the text by the header: the form in which Word makes watermarks."""

from __future__ import annotations

from lxml import etree

from ntm_desktop.dossier.word_styles import FONT
from ntm_desktop.dossier.word_xml import Element, node

_V, _O = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"
_PLACE = (
    "position:absolute;margin-left:0;margin-top:0;width:430pt;height:105pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def watermark(words: str, number: int) -> Element:
    """A run that holds the shape. ``words`` are ours; ``number`` tells the shapes of one file apart."""
    names = {"v": _V, "o": _O}
    kind = etree.Element(
        f"{{{_V}}}shapetype",
        {"id": "_x0000_t136", "coordsize": "21600,21600", "adj": "10800", "path": "m@7,l@8,m@5,21600l@6,21600e"},
        nsmap=names,
    )
    kind.set(f"{{{_O}}}spt", "136")
    formulas = etree.SubElement(kind, f"{{{_V}}}formulas")
    for equation in (
        "sum #0 0 10800",
        "prod #0 2 1",
        "sum 21600 0 @1",
        "sum 0 0 @2",
        "sum 21600 0 @3",
        "if @0 @3 0",
        "if @0 21600 @1",
        "if @0 0 @2",
        "if @0 @4 21600",
        "mid @5 @6",
        "mid @8 @5",
        "mid @7 @8",
        "mid @6 @7",
        "sum @6 0 @5",
    ):
        etree.SubElement(formulas, f"{{{_V}}}f", {"eqn": equation})
    etree.SubElement(kind, f"{{{_V}}}path", {"textpathok": "t"})
    etree.SubElement(kind, f"{{{_V}}}textpath", {"on": "t", "fitshape": "t"})
    shape = etree.Element(
        f"{{{_V}}}shape",
        {
            "id": f"PowerPlusWaterMarkObject{number}",
            "type": "#_x0000_t136",
            "style": _PLACE,
            "fillcolor": "#e5e5e5",
            "stroked": "f",
        },
        nsmap=names,
    )
    shape.set(f"{{{_O}}}spid", f"_x0000_s{2048 + number}")
    shape.set(f"{{{_O}}}allowincell", "f")
    etree.SubElement(
        shape, f"{{{_V}}}textpath", {"style": f'font-family:"{FONT}";font-size:1pt;font-weight:bold', "string": words}
    )
    return node("r", node("pict", kind, shape))
