"""``ntm data``: what a dossier needs beside results and evidence, and the texts that people write into its papers."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.cli.texts import add_texts
from ntm_desktop.errors import InvalidInput, NotFound
from ntm_desktop.i18n import _
from ntm_desktop.model.records import BY_ID, LISTS, SELF, Kind, Record
from ntm_desktop.operations import data_export, data_import, dossier_data
from ntm_desktop.operations.data_import import Imported, record_name, value_text
from ntm_desktop.operations.dossier_targets import check_target
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

ID_SHOWN = 10  # characters of an id that the program gave; commands take as many as tell it from others
GIVEN_ID = 32


def add_commands(tree: Tree) -> None:
    """Add them."""
    data = tree.group("data", _("số liệu của hồ sơ: tình hình chung, họp, ý kiến, nguồn lực, nợ đọng, hài lòng"))
    data.add("kinds", _("các loại dữ liệu và các mục của từng loại"), _kinds)
    listing = data.add("list", _("các mục đã nhập"), _list)
    listing.add_argument("kind", nargs="?", default="", metavar="KIND")
    show = data.add("show", _("xem một mục"), _show)
    show.add_argument("kind", metavar="KIND")
    show.add_argument("id", nargs="?", default="", metavar="ID")
    change = data.add("set", _("sửa; để trống giá trị là xoá giá trị"), _set)
    change.add_argument("kind", metavar="KIND")
    change.add_argument("values", nargs="+", metavar="[ID] FIELD=VALUE")
    add = data.add("add", _("thêm một mục vào danh sách"), _add)
    add.add_argument("kind", metavar="KIND")
    add.add_argument("values", nargs="+", metavar="FIELD=VALUE")
    remove = data.add("remove", _("xoá một mục khỏi danh sách (hoàn tác được)"), _remove)
    remove.add_argument("kind", metavar="KIND")
    remove.add_argument("id", metavar="ID")
    take = data.add("import", _("nhập từ tệp .xlsx do phần mềm xuất hoặc .json; tất cả hoặc không gì cả"), _import)
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--dry-run", action="store_true", help=_("chỉ xem sẽ thay đổi gì"))
    take.add_argument("--remove", action="store_true", help=_("xoá cả những hàng không còn trong tệp"))
    export = data.add("export", _("xuất ra tệp .xlsx để điền hoặc .json"), _export)
    export.add_argument("file", type=Path, metavar="FILE")
    for parser in (listing, show, change, add, remove, take, export):
        parser.add_argument("--assessment", default="", metavar="ID", help=_("đợt đánh giá khác đợt đang làm"))
    add_texts(data)


def record_data(record: Record) -> dict[str, Any]:
    """A record as scripts read it."""
    return {"kind": record.kind, "id": record.record_id, "values": dict(record.values)}


def _short(record: Record) -> str:
    """A record's id as people copy it."""
    return record.record_id[:ID_SHOWN] if len(record.record_id) == GIVEN_ID else record.record_id


def _record_lines(record: Record) -> tuple[str, ...]:
    fields = BY_ID[record.kind].fields
    return table(
        (f"  {item.id}", _(item.name), value_text(item, record.values[item.id]), _(item.unit))
        for item in fields
        if item.id in record.values
    )


def _found(records: Iterable[Record], kind: Kind, given: str) -> Record:
    """A record by its id or the beginning of it; the one record of a kind that has only one."""
    known = [item for item in records if item.kind == kind.id]
    if kind.single and given in ("", SELF):
        return next(iter(known), Record(kind.id, SELF))
    exact = [item for item in known if item.record_id == given]
    fitting = exact or [item for item in known if given and item.record_id.startswith(given)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(_short(item) for item in known[:20])
    hint = _("Các mục đang có: {names}.").format(names=names) if names else _("Chưa có mục nào.")
    raise NotFound(_("Không có mục «{id}» trong «{what}».").format(id=given, what=_(kind.name)), hint)


def _pairs(given: Iterable[str]) -> Mapping[str, str]:
    """``field=value`` arguments.

    Raises:
        InvalidInput: one has no «=», or a field is named twice.
    """
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise InvalidInput(
                _("«{text}» phải có dạng mục=giá trị.").format(text=one[:60]),
                _("Chưa có gì thay đổi. Xem tên các mục: ntm data kinds."),
            )
        if name.strip() in found:
            raise InvalidInput(_("Mục «{name}» được ghi hai lần.").format(name=name), _("Chưa có gì thay đổi."))
        found[name.strip()] = value
    return found


def _kinds(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    data = [
        {
            "kind": kind.id,
            "name": _(kind.name),
            "single": kind.single,
            "list": kind.id in LISTS,
            "writer": kind.writer.value,
            "fields": [
                {
                    "id": item.id,
                    "name": _(item.name),
                    "type": item.type.value,
                    "required": item.required,
                    "unit": _(item.unit),
                    "choices": {choice.id: _(choice.name) for choice in item.choices},
                }
                for item in kind.fields
            ],
        }
        for kind in BY_ID.values()
    ]
    lines: list[str] = []
    for kind in BY_ID.values():
        lines.append(f"{kind.id}: {_(kind.name)}")
        lines += table(
            (f"  {item.id}", _(item.name), ", ".join(choice.id for choice in item.choices) or _(item.unit))
            for item in kind.fields
        )
    return Answer(data, tuple(lines))


def _list(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    kinds = (dossier_data.kind_of(arguments.kind).id,) if arguments.kind else ()
    with open_workspace(folder) as workspace:
        found = dossier_data.records(workspace, arguments.assessment, *kinds)
    rows = ((item.kind, _short(item), record_name(item)) for item in found)
    return Answer([record_data(item) for item in found], table(rows) or (_("Chưa nhập gì."),))


def _show(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    kind = dossier_data.kind_of(arguments.kind)
    with open_workspace(folder) as workspace:
        record = _found(dossier_data.records(workspace, arguments.assessment, kind.id), kind, arguments.id)
    return Answer(record_data(record), (f"{_(kind.name)} ({record.record_id})", *_record_lines(record)))


def _set(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    kind = dossier_data.kind_of(arguments.kind)
    given = list(arguments.values)
    record_id = "" if "=" in given[0] else given.pop(0)
    typed = _pairs(given)
    if not typed:
        raise InvalidInput(
            _("Chưa ghi mục nào để sửa."), _("Hãy ghi dạng mục=giá trị; xem tên các mục: ntm data kinds.")
        )
    if not record_id and not kind.single:
        raise InvalidInput(
            _("«{what}» có nhiều mục: hãy ghi mã của mục cần sửa.").format(what=_(kind.name)),
            _("Chưa có gì thay đổi. Xem các mã: ntm data list {kind}.").format(kind=kind.id),
        )
    with open_workspace(folder) as workspace:
        known = dossier_data.records(workspace, arguments.assessment, kind.id)
        if kind.id in LISTS:
            record_id = _found(known, kind, record_id).record_id
        check_target(workspace, arguments.assessment, kind.id, record_id or SELF)
        dossier_data.save(workspace, arguments.assessment, kind.id, record_id or SELF, typed)
        after = dossier_data.records(workspace, arguments.assessment, kind.id)
    record = next((item for item in after if item.record_id == (record_id or SELF)), Record(kind.id, record_id or SELF))
    return Answer(record_data(record), (_("Đã lưu «{what}».").format(what=_(kind.name)), *_record_lines(record)))


def _add(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    kind = dossier_data.kind_of(arguments.kind)
    typed = _pairs(arguments.values)
    with open_workspace(folder) as workspace:
        added = dossier_data.add(workspace, arguments.assessment, kind.id, typed)
        after = dossier_data.records(workspace, arguments.assessment, kind.id)
    record = next(item for item in after if item.record_id == added.record_id)
    line = _("Đã thêm vào «{what}», mã {id}.").format(what=_(kind.name), id=_short(record))
    return Answer(record_data(record), (line, *_record_lines(record)))


def _remove(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    kind = dossier_data.kind_of(arguments.kind)
    with open_workspace(folder) as workspace:
        if kind.id in LISTS:
            arguments.id = _found(
                dossier_data.records(workspace, arguments.assessment, kind.id), kind, arguments.id
            ).record_id
        dossier_data.remove(workspace, arguments.assessment, kind.id, arguments.id)
    line = _("Đã xoá khỏi «{what}». Lệnh «ntm undo» lấy lại.").format(what=_(kind.name))
    return Answer({"kind": kind.id, "removed": arguments.id}, (line,))


def _import(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        done = data_import.import_file(
            workspace,
            arguments.assessment,
            arguments.file,
            arguments.dry_run,
            terminal.progress,
            remove=arguments.remove,
        )
    data = {
        "file": str(arguments.file),
        "dry_run": arguments.dry_run,
        "added": done.added,
        "changed": done.changed,
        "removed": done.removed,
        "differences": [
            {"kind": one.kind, "id": one.record_id, "field": one.field, "old": one.old, "new": one.new, "at": one.spot}
            for one in done.differences
        ],
        "left": list(done.left),
        "warnings": list(done.warnings),
    }
    return Answer(data, tuple(_import_lines(done, arguments.dry_run)))


def _import_lines(done: Imported, dry_run: bool) -> Iterable[str]:
    if dry_run:
        for one in done.differences:
            kind = BY_ID[one.kind]
            sentence = _("{what}, {field}: «{old}» → «{new}»")
            field = _(kind.by_id[one.field].name)
            yield sentence.format(what=_(kind.name), field=field, old=one.old, new=one.new)
    yield from done.warnings
    yield from done.left
    if done.left:
        yield _("Muốn xoá cả những hàng không còn trong tệp, hãy thêm --remove.")
    if not (done.added or done.changed or done.removed):
        yield _("Không có gì mới: số liệu trong tệp giống số liệu đang có.")
        return
    sentence = _("Đã nhập: thêm {added} mục, sửa {changed} mục, xoá {removed} mục. Lệnh «ntm undo» lấy lại.")
    if dry_run:
        sentence = _("Sẽ thêm {added} mục, sửa {changed} mục, xoá {removed} mục. Chưa có gì thay đổi.")
    yield sentence.format(added=done.added, changed=done.changed, removed=done.removed)


def _export(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        path = data_export.export_file(workspace, arguments.assessment, arguments.file, terminal.progress)
    return Answer({"path": str(path)}, (str(path),))
