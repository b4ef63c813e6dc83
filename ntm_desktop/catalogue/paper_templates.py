"""Texts of papers as files: strict reading with file and line, and those that come with the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from string import Formatter
from types import MappingProxyType

from ntm_desktop.catalogue.nodes import Node, NodeKind, Unreadable, from_yaml
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode, refusal
from ntm_desktop.catalogue.procedures import builtin_folder
from ntm_desktop.catalogue.reading import VERSION, Reading
from ntm_desktop.i18n import _
from ntm_desktop.model.paper_template import (
    CONDITIONS,
    FIELDS,
    PARTS,
    BlockKind,
    PageNumbers,
    PaperTemplate,
    TemplateBlock,
)

REQUIRED = ("id", "name", "version", "title", "blocks")
OPTIONAL = ("symbol", "page", "page_numbers")
PAGES = ("portrait", "landscape")
LEVELS = 3  # of headings: I. / 1. / a)
MOST_LINES = 30  # dotted lines of one section
_SWITCHES = (
    BlockKind.HEAD,
    BlockKind.ADDRESSEE,
    BlockKind.WARNING,
    BlockKind.PAGE_BREAK,
    BlockKind.CONTENTS,
)
_OPPOSITE = "not "


def paper_template_from(content: bytes, file: str, local: bool = False) -> PaperTemplate:
    """The template in a file's content. ``local``: a province's own.

    Raises:
        CatalogueInvalid: the message names all problems with file, line and place.
    """
    made, problems = _read(content, file, local)
    if made is None or problems:
        raise refusal(file, problems, _("Mẫu văn bản trong tệp «{file}» chưa dùng được, có {count} lỗi:"))
    return made


def check_paper_template(content: bytes, file: str) -> tuple[CatalogueProblem, ...]:
    """All problems in the order of lines; none where :func:`paper_template_from` takes it."""
    return _read(content, file, False)[1]


@cache
def builtin_paper_templates() -> Mapping[str, PaperTemplate]:
    """The templates that come with the program, by id."""
    files = sorted(builtin_folder("template").glob("*.yaml"))
    made = (paper_template_from(path.read_bytes(), path.name) for path in files)
    return MappingProxyType({template.id: template for template in made})


def _read(content: bytes, file: str, local: bool) -> tuple[PaperTemplate | None, tuple[CatalogueProblem, ...]]:
    try:
        root = from_yaml(content, file)
    except Unreadable as error:
        return None, (error.problem,)
    reading = Reading(file)
    made = _build(reading, root, local)
    return made, tuple(sorted(reading.problems, key=lambda problem: problem.line))


def _build(reading: Reading, root: Node, local: bool) -> PaperTemplate:
    found = reading.mapping(root, "", REQUIRED, OPTIONAL)
    rows = reading.items(found.get("blocks"), "", "blocks")
    node = found.get("blocks")
    if node is not None and node.kind is NodeKind.LIST and not rows:
        reading.report(node, "", ProblemCode.EMPTY, _("Mẫu văn bản không có khối nào."))
    blocks = tuple(block for row in rows if (block := _block(reading, row)) is not None)
    _sections_once(reading, blocks)
    page = _word(reading, found.get("page"), "", _("hướng trang"), PAGES)
    numbers = reading.one_of(found.get("page_numbers"), "", _("kiểu số trang"), PageNumbers)
    return PaperTemplate(
        id=reading.name(found.get("id"), "", _("mã mẫu văn bản")),
        name=reading.text(found.get("name"), "", _("tên văn bản"), required=True),
        title=_filled(reading, found.get("title"), "", _("tiêu đề"), required=True),
        blocks=blocks,
        symbol=reading.text(found.get("symbol"), "", _("ký hiệu")).strip(),
        landscape=page == "landscape",
        page_numbers=numbers or PageNumbers.DECREE,
        version=reading.name(found.get("version"), "", _("phiên bản"), VERSION),
        local=local,
    )


def _word(reading: Reading, node: Node | None, place: str, what: str, known: Iterable[str]) -> str:
    """A word out of a list; empty where it is absent or unknown."""
    if node is None:
        return ""
    words = sorted(known)
    if node.kind is NodeKind.TEXT and node.text in words:
        return node.text
    message = _("«{value}» không phải {what} đã biết; mời chọn một trong: {names}.")
    text = message.format(value=node.text[:60], what=what, names=", ".join(words))
    reading.report(node, place, ProblemCode.UNKNOWN_VALUE, text)
    return ""


def _filled(reading: Reading, node: Node | None, place: str, what: str, *, required: bool = False) -> str:
    """A text with fields in braces; each must be one that the program knows."""
    text = reading.text(node, place, what, required=required)
    if node is None or not text:
        return text
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        message = _("«{what}» có dấu ngoặc nhọn lẻ; mời viết {{tên_trường}}, hoặc {{{{ và }}}} nếu cần in dấu ngoặc.")
        reading.report(node, place, ProblemCode.WRONG_FORMAT, message.format(what=what))
        return text
    for _before, name, spec, conversion in pieces:
        if name is None:
            continue
        if name not in FIELDS or spec or conversion:
            given = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            message = _("Không có trường «{name}»; mời chọn một trong: {names}.")
            known = message.format(name=given[:60], names=", ".join(sorted(FIELDS)))
            reading.report(node, place, ProblemCode.UNKNOWN_VALUE, known)
    return text


def _block(reading: Reading, row: Node) -> TemplateBlock | None:
    """One entry of the list: one key that says what it is, and perhaps «when»."""
    kinds = [kind for kind in BlockKind if kind.value in row.entries]
    if row.kind is not NodeKind.MAP or len(kinds) != 1:
        message = _("Mỗi khối phải có đúng một trong các khóa: {names}.")
        names = ", ".join(kind.value for kind in BlockKind)
        reading.report(row, "", ProblemCode.MISSING_KEY, message.format(names=names))
        return None
    (kind,) = kinds
    reading.mapping(row, kind.value, (kind.value,), ("when",))
    text, lines, options = _READERS[kind](reading, row.entries[kind.value], kind.value)
    return TemplateBlock(kind, text, lines, options, _when(reading, row.entries.get("when"), kind.value), row.line)


def _when(reading: Reading, node: Node | None, place: str) -> str:
    if node is None:
        return ""
    words = [*CONDITIONS, *(_OPPOSITE + name for name in CONDITIONS)]
    return _word(reading, node, place, _("điều kiện"), words)


_Content = tuple[str, tuple[str, ...], dict[str, str]]


def _switch(reading: Reading, node: Node, place: str) -> _Content:
    if reading.flag(node, place, place) is False:
        message = _("Khối «{what}: false» không in gì; mời bỏ khối này.").format(what=place)
        reading.report(node, place, ProblemCode.WRONG_TYPE, message)
    return "", (), {}


def _text(reading: Reading, node: Node, place: str) -> _Content:
    return _filled(reading, node, place, _("nội dung"), required=True), (), {}


def _note(reading: Reading, node: Node, place: str) -> _Content:
    """A text, or a mapping of it with ``boxed``."""
    if node.kind is not NodeKind.MAP:
        return _text(reading, node, place)
    found = reading.mapping(node, place, ("text",), ("boxed",))
    options = {"boxed": "true"} if reading.flag(found.get("boxed"), place, "boxed") else {}
    return _filled(reading, found.get("text"), place, _("nội dung"), required=True), (), options


def _title(reading: Reading, node: Node, place: str) -> _Content:
    keys = ("subject", "above", "attached")
    found = reading.mapping(node, place, ("kind",), keys)
    return "", (), {key: _filled(reading, found.get(key), place, key) for key in ("kind", *keys) if key in found}


def _basis(reading: Reading, node: Node, place: str) -> _Content:
    options: dict[str, str] = {}
    if node.kind is NodeKind.MAP:
        node = reading.mapping(node, place, ("own",)).get("own", Node(NodeKind.LIST, line=node.line))
        options["own"] = "true"
    rows = reading.items(node, place, place)
    return "", tuple(_filled(reading, row, place, _("căn cứ"), required=True) for row in rows), options


def _heading(reading: Reading, node: Node, place: str) -> _Content:
    found = reading.mapping(node, place, ("level", "text"), ("number",))
    level = reading.whole(found.get("level"), place, "level")
    if level is not None and not 1 <= level <= LEVELS:
        message = _("Cấp đề mục phải từ 1 đến {most}.").format(most=LEVELS)
        reading.report(found["level"], place, ProblemCode.UNKNOWN_VALUE, message)
    options = {"level": str(level or 1)}
    if "number" in found:
        options["number"] = reading.text(found["number"], place, "number")
    return _filled(reading, found.get("text"), place, _("đề mục"), required=True), (), options


def _section(reading: Reading, node: Node, place: str) -> _Content:
    found = reading.mapping(node, place, ("id", "name"), ("ask", "lines", "text"))
    lines = reading.whole(found.get("lines"), place, "lines")
    if lines is not None and not 1 <= lines <= MOST_LINES:
        message = _("Số dòng để viết tay phải từ 1 đến {most}.").format(most=MOST_LINES)
        reading.report(found["lines"], place, ProblemCode.UNKNOWN_VALUE, message)
    options = {
        "id": reading.name(found.get("id"), place, _("mã mục")),
        "name": reading.text(found.get("name"), place, _("tên mục"), required=True),
        "ask": reading.text(found.get("ask"), place, "ask"),
        "lines": str(lines or LEVELS),
    }
    return _filled(reading, found.get("text"), place, _("nội dung")), (), options


def _part(reading: Reading, node: Node, place: str) -> _Content:
    return _word(reading, node, place, _("phần tính sẵn"), PARTS), (), {}


def _signature(reading: Reading, node: Node, place: str) -> _Content:
    if node.kind is NodeKind.FLAG:
        return _switch(reading, node, place)
    found = reading.mapping(node, place, (), ("receivers", "left", "right"))
    options = {key: _filled(reading, found.get(key), place, key) for key in ("left", "right") if key in found}
    if reading.flag(found.get("receivers"), place, "receivers"):
        options["receivers"] = "true"
    return "", (), options


_READERS: Mapping[BlockKind, Callable[[Reading, Node, str], _Content]] = {
    **dict.fromkeys(_SWITCHES, _switch),
    BlockKind.TITLE: _title,
    BlockKind.BASIS: _basis,
    BlockKind.HEADING: _heading,
    BlockKind.TEXT: _text,
    BlockKind.SECTION: _section,
    BlockKind.PART: _part,
    BlockKind.NOTE: _note,
    BlockKind.SIGNATURE: _signature,
}


def _sections_once(reading: Reading, blocks: Iterable[TemplateBlock]) -> None:
    """A section's id is the place of a person's text, so that no two may share it."""
    seen: dict[str, int] = {}
    for block in blocks:
        name = block.options.get("id", "")
        if block.kind is not BlockKind.SECTION or not name:
            continue
        if name in seen:
            message = _("Mã mục «{id}» đã có ở dòng {line}; mỗi mã chỉ dùng một lần.")
            node = Node(NodeKind.TEXT, name, line=block.line)
            reading.report(node, "section", ProblemCode.DUPLICATE_ID, message.format(id=name, line=seen[name]))
        seen.setdefault(name, block.line)
