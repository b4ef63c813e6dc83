"""The file around a Word document: our styles and settings instead of a program's defaults, fixed dates and names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from lxml import etree

from ntm_desktop.dossier.document import legible
from ntm_desktop.dossier.word_styles import FONT, LANGUAGE, styles_element
from ntm_desktop.dossier.word_xml import Element, node

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

DATE = (1980, 1, 1, 0, 0, 0)  # of every entry: the same document is the same file
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELATIONS = f"{_OFFICE}/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CUSTOM = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # Office's mark of properties that are a file's own
_STORED = (".jpg", ".jpeg", ".png")  # pressed already

_PARTS = (
    ("word/document.xml", f"{_MAIN}.document.main+xml"),
    ("word/styles.xml", f"{_MAIN}.styles+xml"),
    ("word/settings.xml", f"{_MAIN}.settings+xml"),
    ("word/fontTable.xml", f"{_MAIN}.fontTable+xml"),
    ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
)


def skeleton(update_fields: bool) -> bytes:
    """An empty Word file with our styles; ``update_fields``: a program that opens it computes them (and Word asks)."""
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in _PARTS)
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ).encode(),
        "_rels/.rels": _relations(
            (f"{_RELATIONS}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
        ),
        "word/_rels/document.xml.rels": _relations(
            (f"{_RELATIONS}/styles", "styles.xml"),
            (f"{_RELATIONS}/settings", "settings.xml"),
            (f"{_RELATIONS}/fontTable", "fontTable.xml"),
        ),
        "word/document.xml": _bytes(node("document", node("body", node("sectPr")))),
        "word/styles.xml": _bytes(styles_element()),
        "word/settings.xml": _bytes(_settings(update_fields)),
        "word/fontTable.xml": _bytes(node("fonts", node("font", node("family", val="roman"), name=FONT))),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
        ).encode(),
        "docProps/app.xml": (
            f'<Properties xmlns="{_OFFICE}/extended-properties"><Application>NTM Desktop</Application></Properties>'
        ).encode(),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content)
    return stream.getvalue()


def copy(source: IO[bytes], target: IO[bytes]) -> None:
    """Write the entries of a file that python-docx made with fixed dates and rights, pressed where that helps."""
    with zipfile.ZipFile(source) as made, zipfile.ZipFile(target, "w") as archive:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 0  # the same on every system
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, made.read(name))


def _bytes(element: Element) -> bytes:
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))


def _relations(*pairs: tuple[str, str]) -> bytes:
    items = "".join(
        f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'.encode()


def _settings(update_fields: bool) -> Element:
    name = "http://schemas.microsoft.com/office/word"
    values = (("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1))
    compatible = [node("compatSetting", name=key, uri=name, val=value) for key, value in values]
    return node(
        "settings",
        node("zoom", percent=100),
        node("defaultTabStop", val=720),
        node("characterSpacingControl", val="doNotCompress"),
        node("updateFields", val="true") if update_fields else None,
        node("compat", *compatible),
        node("themeFontLang", val=LANGUAGE),
        node("decimalSymbol", val=","),
        node("listSeparator", val=";"),
    )


def add_properties(word: WordDocument, told: Mapping[str, str]) -> None:
    """Properties of the file's own, as texts."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    values = f"{_OFFICE}/docPropsVTypes"
    properties = f"{_OFFICE}/custom-properties"
    names: Any = {None: properties, "vt": values}
    root = etree.Element(f"{{{properties}}}Properties", nsmap=names)
    for place, (name, words) in enumerate(told.items(), start=2):  # 0 and 1 are the format's own
        item = etree.SubElement(root, f"{{{properties}}}property", {"fmtid": _CUSTOM, "pid": str(place), "name": name})
        etree.SubElement(item, f"{{{values}}}lpwstr").text = legible(words)
    package = word.part.package
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    package.relate_to(
        Part(PackURI("/docProps/custom.xml"), kind, _bytes(root), package), f"{_RELATIONS}/custom-properties"
    )
