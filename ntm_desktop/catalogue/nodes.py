"""Files as plain trees that remember where each value stood: from YAML, from canonical JSON, from sheets.

YAML is read event by event: nothing is constructed, aliases and tags are refused as they come, so that a small hostile
file can neither run code nor grow ("billion laughs"). Numbers keep their text and never pass through float.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NoReturn

from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode
from ntm_desktop.i18n import _

MAX_BYTES = 5_000_000
MAX_DEPTH = 20


class NodeKind(StrEnum):
    """Shape of a value."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    NULL = "null"
    LIST = "list"
    MAP = "map"
    OTHER = "other"  # a date or another YAML type that must be quoted to be text


@dataclass(frozen=True, slots=True)
class Node:
    """One value; ``line`` is that of its key where it has one, ``spot`` names a sheet's cell in words."""

    kind: NodeKind
    text: str = ""
    items: tuple[Node, ...] = ()
    entries: Mapping[str, Node] = field(default_factory=dict)
    line: int = 0
    spot: str = ""


class Unreadable(Exception):
    """The file has no tree at all; carries the one problem."""

    def __init__(self, problem: CatalogueProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(file: str, line: int, code: ProblemCode, message: str) -> NoReturn:
    """Stop reading a file."""
    raise Unreadable(CatalogueProblem(file, line, "", code, message))


def decode(content: bytes, file: str) -> str:
    """The file's text, without a byte order mark.

    Raises:
        Unreadable: too large or not UTF-8.
    """
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        message = _("Tệp quá lớn; một bộ tiêu chí không bao giờ vượt {limit} MB. Có lẽ đã chọn nhầm tệp.")
        refuse(file, 0, ProblemCode.TOO_LARGE, message.format(limit=limit))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _("Tệp không phải văn bản UTF-8. Mời lưu lại tệp với mã UTF-8.")
        refuse(file, line, ProblemCode.NOT_UTF8, message)


_TAG = "tag:yaml.org,2002:"
_KINDS = {
    "null": NodeKind.NULL,
    "bool": NodeKind.FLAG,
    "int": NodeKind.NUMBER,
    "float": NodeKind.NUMBER,
    "str": NodeKind.TEXT,
}
_TRUE = {"true", "yes", "on"}


class _Open:
    """A list or mapping whose end has not been read yet."""

    def __init__(self, kind: NodeKind, line: int) -> None:
        self.kind = kind
        self.line = line
        self.items: list[Node] = []
        self.entries: dict[str, Node] = {}
        self.key: Node | None = None

    def closed(self) -> Node:
        return Node(self.kind, "", tuple(self.items), self.entries, self.line)


def from_yaml(content: bytes, file: str) -> Node:
    """The tree of a YAML file.

    Raises:
        Unreadable: no YAML, too deep, with aliases, tags, repeated keys or several documents.
    """
    import yaml

    text = decode(content, file)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _tree(yaml.parse(text, Loader=loader), yaml, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = _("Tệp không đúng cách viết YAML ({detail}). Mời xem lại thụt đầu dòng, dấu hai chấm và dấu nháy.")
        detail = error.problem or error.context or "?"
        refuse(file, mark.line + 1 if mark else 0, ProblemCode.NOT_YAML, message.format(detail=detail))
    except yaml.YAMLError as error:
        message = _("Tệp có ký tự mà YAML không cho phép ({detail}).")
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        refuse(file, line, ProblemCode.NOT_YAML, message.format(detail=getattr(error, "reason", "?")))


def _tree(events: Any, yaml: Any, file: str) -> Node:
    """Build the tree without recursion, so that depth is ours to limit."""
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = _("Không được dùng neo (&) và bí danh (*) của YAML; mời viết đầy đủ từng chỗ.")
            refuse(file, event.start_mark.line + 1, ProblemCode.ALIAS, message)
        finished: Node | None = None
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            message = _("Một tệp chỉ chứa một bộ tiêu chí; mời bỏ phần sau dấu «---».")
            refuse(file, event.start_mark.line + 1, ProblemCode.NOT_YAML, message)
        elif isinstance(event, yaml.ScalarEvent):
            finished = _scalar(event, yaml, file)
        elif isinstance(event, yaml.CollectionStartEvent):
            stack.append(_opened(event, yaml, file, len(stack)))
        elif isinstance(event, yaml.CollectionEndEvent):
            finished = stack.pop().closed()
        if finished is None:
            continue
        if stack:
            _put(stack[-1], finished, file)
        else:
            root = finished
    return root or Node(NodeKind.NULL, line=1)


def _scalar(event: Any, yaml: Any, file: str) -> Node:
    line = event.start_mark.line + 1
    if event.tag is not None:
        _no_tag(file, line, event.tag)
    if not event.implicit[0]:
        return Node(NodeKind.TEXT, event.value, line=line)
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(event.value[:1], []):
        if pattern.match(event.value):
            kind = _KINDS.get(tag.removeprefix(_TAG), NodeKind.OTHER)
            text = event.value
            if kind is NodeKind.FLAG:
                text = "true" if text.lower() in _TRUE else "false"
            return Node(kind, text, line=line)
    return Node(NodeKind.TEXT, event.value, line=line)


def _opened(event: Any, yaml: Any, file: str, depth: int) -> _Open:
    line = event.start_mark.line + 1
    if event.tag is not None:
        _no_tag(file, line, event.tag)
    if depth >= MAX_DEPTH:
        refuse(file, line, ProblemCode.TOO_DEEP, _("Các mục lồng nhau quá sâu; đây không phải một bộ tiêu chí."))
    return _Open(NodeKind.MAP if isinstance(event, yaml.MappingStartEvent) else NodeKind.LIST, line)


def _no_tag(file: str, line: int, tag: str) -> NoReturn:
    message = _("Không được dùng nhãn kiểu «{tag}» của YAML; mời bỏ nhãn.").format(tag=tag)
    refuse(file, line, ProblemCode.TAG, message)


def _put(parent: _Open, child: Node, file: str) -> None:
    """Add a finished value to the list or mapping it stands in."""
    if parent.kind is NodeKind.LIST:
        parent.items.append(child)
        return
    if parent.key is None:
        if child.kind is not NodeKind.TEXT:
            message = _("Khóa «{key}» phải là chữ; mời đặt nó trong dấu nháy đơn: '{key}'.").format(key=child.text)
            refuse(file, child.line, ProblemCode.WRONG_TYPE, message)
        parent.key = child
        return
    key, parent.key = parent.key, None
    if key.text in parent.entries:
        message = _("Khóa «{key}» viết hai lần; mời bỏ một.").format(key=key.text)
        refuse(file, key.line, ProblemCode.DUPLICATE_KEY, message)
    parent.entries[key.text] = replace(child, line=key.line)


def from_json(content: bytes, file: str) -> Node:
    """The tree of canonical JSON.

    Raises:
        Unreadable: no JSON, too deep, repeated keys, numbers that JSON does not know.
    """
    text = decode(content, file)

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _value in found}) != len(found):
            raise ValueError("repeated key")
        return dict(found)

    def constant(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_int=_Number, parse_float=_Number, parse_constant=constant
        )
        return _from_value(value, file, 0)
    except (ValueError, RecursionError):
        refuse(file, 0, ProblemCode.NOT_JSON, _("Nội dung bộ tiêu chí không phải JSON đúng cách viết."))


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _from_value(value: Any, file: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        refuse(file, 0, ProblemCode.TOO_DEEP, _("Các mục lồng nhau quá sâu; đây không phải một bộ tiêu chí."))
    match value:
        case None:
            return Node(NodeKind.NULL)
        case bool():
            return Node(NodeKind.FLAG, "true" if value else "false")
        case _Number():
            return Node(NodeKind.NUMBER, str(value))
        case str():
            return Node(NodeKind.TEXT, value)
        case list():
            return Node(NodeKind.LIST, items=tuple(_from_value(item, file, depth + 1) for item in value))
        case _:
            entries = {key: _from_value(item, file, depth + 1) for key, item in value.items()}
            return Node(NodeKind.MAP, entries=entries)
