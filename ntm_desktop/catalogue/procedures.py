"""Procedures of recognition as files: strict reading with file and line, and those that come with the program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.catalogue.nodes import Node, NodeKind, Unreadable, from_yaml
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode, refusal
from ntm_desktop.catalogue.reading import VERSION, Reading
from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure, Setting, SettingId

REQUIRED = ("id", "name", "version", "bases", "periods", "settings", "conditions", "documents")
OPTIONAL = ("catalogues", "note")
_SHARES = (SettingId.VOTE_SHARE, SettingId.POLL_HOUSEHOLDS, SettingId.POLL_TOTAL, SettingId.POLL_QUESTION)
_COUNTS = (SettingId.COPIES, SettingId.BROADCASTS, SettingId.POSTED_DAYS, SettingId.DEADLINE_DAYS)
_ID = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")  # settings have an underscore
_FOLDERS = {"procedure": "procedures", "template": "templates"}


def procedure_from(content: bytes, file: str, local: bool = False) -> Procedure:
    """The procedure in a file's content. ``local``: a province's own.

    Raises:
        CatalogueInvalid: the message names all problems with file, line and place.
    """
    made, problems = _read(content, file, local)
    if made is None or problems:
        raise refusal(file, problems, _("Thủ tục trong tệp «{file}» chưa dùng được, có {count} lỗi:"))
    return made


def check_procedure(content: bytes, file: str) -> tuple[CatalogueProblem, ...]:
    """All problems in the order of lines; none where :func:`procedure_from` takes it."""
    return _read(content, file, False)[1]


@cache
def builtin_procedures() -> tuple[Procedure, ...]:
    """The procedures that come with the program: those for certain sets first, the one for all sets last."""
    made = [procedure_from(path.read_bytes(), path.name) for path in sorted(builtin_folder("procedure").glob("*.yaml"))]
    return tuple(sorted(made, key=lambda item: (not (item.periods or item.catalogues), item.id)))


def builtin_folder(kind: str) -> Path:
    """Where the program's own files of a kind lie: «procedure» or «template»."""
    return paths.resources() / _FOLDERS[kind]


def builtin_file(kind: str, form_id: str) -> bytes:
    """The program's own file as it stands, to be changed by a province.

    Raises:
        NotFound: there is no such file.
    """
    known = {path.stem: path for path in builtin_folder(kind).glob("*.yaml")} if kind in _FOLDERS else {}
    if form_id not in known:
        raise NotFound(
            _("Chương trình không có sẵn mẫu «{id}».").format(id=form_id),
            _("Có thể chọn: {names}.").format(names=", ".join(sorted(known))),
        )
    return known[form_id].read_bytes()


def _read(content: bytes, file: str, local: bool) -> tuple[Procedure | None, tuple[CatalogueProblem, ...]]:
    try:
        root = from_yaml(content, file)
    except Unreadable as error:
        return None, (error.problem,)
    reading = Reading(file)
    made = _build(reading, root, local)
    return made, tuple(sorted(reading.problems, key=lambda problem: problem.line))


def _build(reading: Reading, root: Node, local: bool) -> Procedure:
    found = reading.mapping(root, "", REQUIRED, OPTIONAL)
    documents = tuple(_document(reading, item) for item in reading.items(found.get("documents"), "", "documents"))
    node = found.get("documents")
    if node is not None and node.kind is NodeKind.LIST and not documents:
        reading.report(node, "", ProblemCode.EMPTY, _("Thủ tục không có văn bản nào."))
    for key in ("settings", "conditions", "documents"):
        _no_twice(reading, found.get(key))
    return Procedure(
        id=reading.name(found.get("id"), "", _("mã thủ tục")),
        name=reading.text(found.get("name"), "", _("tên thủ tục"), required=True),
        version=reading.name(found.get("version"), "", _("phiên bản"), VERSION),
        bases=tuple(
            reading.basis(item, _("căn cứ pháp lý"), dated=False)
            for item in reading.items(found.get("bases"), "", "bases")
        ),
        periods=tuple(text.replace(" ", "") for text in reading.texts(found.get("periods"), "", _("giai đoạn"))),
        catalogues=reading.texts(found.get("catalogues"), "", _("mã bộ tiêu chí")),
        settings=tuple(_setting(reading, item) for item in reading.items(found.get("settings"), "", "settings")),
        conditions=tuple(
            _condition(reading, item) for item in reading.items(found.get("conditions"), "", "conditions")
        ),
        documents=documents,
        local=local,
        note=reading.text(found.get("note"), "", _("ghi chú")),
    )


def _source(reading: Reading, found: Mapping[str, Node], place: str) -> Source:
    return reading.one_of(found.get("source"), place, _("nguồn"), Source) or Source.UNCERTAIN


def _id(reading: Reading, found: Mapping[str, Node], place: str, what: str) -> str:
    return reading.name(found.get("id"), place, what, _ID)


def _setting(reading: Reading, item: Node) -> Setting:
    place = _place(_("quy định"), item)
    found = reading.mapping(item, place, ("id", "name", "value", "source"), ("unit", "note"))
    setting = Setting(
        id=_id(reading, found, place, _("mã quy định")),
        name=reading.text(found.get("name"), place, _("tên"), required=True),
        unit=reading.text(found.get("unit"), place, _("đơn vị tính")),
        value=_value(reading, found.get("value"), place),
        source=_source(reading, found, place),
        note=reading.text(found.get("note"), place, _("ghi chú")),
    )
    _check_value(reading, found.get("value"), place, setting)
    return setting


def _value(reading: Reading, node: Node | None, place: str) -> str | None:
    """A value is kept as text; ``null`` where nobody has seen it."""
    if node is None or node.kind is NodeKind.NULL:
        return None
    if node.kind is NodeKind.NUMBER:
        return node.text
    if node.kind is NodeKind.FLAG:  # YAML reads an unquoted «yes» as a flag
        return "yes" if node.text == "true" else "no"
    return reading.text(node, place, _("giá trị"), required=True).strip() or None


def _check_value(reading: Reading, node: Node | None, place: str, setting: Setting) -> None:
    """What the program computes with must be what it takes it for."""
    if node is None or setting.value is None:
        return
    number, most = setting.number, 100 if setting.id in _SHARES else 100_000
    if setting.id in (*_SHARES, *_COUNTS) and (number is None or not 0 <= number <= most):
        message = _("«{name}» phải là một con số từ 0 đến {most}, không phải «{value}».")
        text = message.format(name=setting.name, most=most, value=setting.value[:40])
        reading.report(node, place, ProblemCode.NOT_A_NUMBER, text)
    if setting.id == SettingId.PRECEDING_YEAR and setting.value not in ("yes", "no"):
        message = _("«{name}» chỉ có thể là yes hoặc no, không phải «{value}».")
        text = message.format(name=setting.name, value=setting.value[:40])
        reading.report(node, place, ProblemCode.UNKNOWN_VALUE, text)


def _condition(reading: Reading, item: Node) -> Condition:
    place = _place(_("điều kiện"), item)
    found = reading.mapping(item, place, ("id", "text", "check", "source"), ("basis",))
    return Condition(
        id=_id(reading, found, place, _("mã điều kiện")),
        text=reading.text(found.get("text"), place, _("nội dung điều kiện"), required=True),
        check=reading.one_of(found.get("check"), place, _("cách kiểm tra"), Check) or Check.STATED,
        basis=reading.text(found.get("basis"), place, _("căn cứ")),
        source=_source(reading, found, place),
    )


def _document(reading: Reading, item: Node) -> DocumentEntry:
    place = _place(_("văn bản"), item)
    flags = ("required", "submitted", "by_office", "evidence_follows", "excel")
    found = reading.mapping(item, place, ("id", "name", "source"), ("template", "note", *flags))
    on = {name: reading.flag(found.get(name), place, name) for name in flags}
    document_id = reading.name(found.get("id"), place, _("mã văn bản"))
    return DocumentEntry(
        id=document_id,
        name=reading.text(found.get("name"), place, _("tên văn bản"), required=True),
        template=reading.name(found.get("template"), place, _("mã mẫu văn bản")) or document_id,
        required=on["required"] is not False,
        submitted=on["submitted"] is not False,
        by_office=on["by_office"] is True,
        evidence_follows=on["evidence_follows"] is True,
        excel=on["excel"] is True,
        source=_source(reading, found, place),
        note=reading.text(found.get("note"), place, _("ghi chú")),
    )


def _place(what: str, item: Node) -> str:
    node = item.entries.get("id")
    return f"{what} {node.text[:40]}" if node is not None else what


def _no_twice(reading: Reading, node: Node | None) -> None:
    seen: dict[str, int] = {}
    for item in node.items if node is not None else ():
        found = item.entries.get("id")
        if found is None:
            continue
        if found.text in seen:
            message = _("Mã «{id}» đã có ở dòng {line}; mỗi mã chỉ dùng một lần.")
            text = message.format(id=found.text[:40], line=seen[found.text])
            reading.report(found, "", ProblemCode.DUPLICATE_ID, text)
        seen.setdefault(found.text, found.line)
