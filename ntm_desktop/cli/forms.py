"""``ntm procedure``, ``ntm template``: the rules and the words of the papers, and a province's own in their place."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.procedure import AppliedSetting, Procedure, applied
from ntm_desktop.operations import dossier_data, procedures
from ntm_desktop.operations.procedures import PROCEDURE, TEMPLATE, FormFile
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


def add_commands(tree: Tree) -> None:
    """Add them."""
    rules = tree.group("procedure", _("thủ tục: văn bản của hồ sơ, điều kiện, quy định"))
    rules.add("list", _("các thủ tục đang có"), _list_procedures)
    rules.add("show", _("xem một thủ tục"), _show).add_argument("id", nargs="?", default="")
    chosen = rules.add("use", _("chọn thủ tục cho đợt đánh giá"), _use)
    chosen.add_argument("id", nargs="?", default="", help=_("bỏ trống: để chương trình tự chọn"))
    _add_files(rules, PROCEDURE)
    words = tree.group("template", _("mẫu văn bản của hồ sơ"))
    words.add("list", _("các mẫu văn bản đang có"), _list_templates)
    _add_files(words, TEMPLATE)


def _add_files(tree: Tree, kind: str) -> None:
    tree.add("check", _("kiểm tra tệp, chỉ rõ dòng sai"), partial(_check, kind)).add_argument("file", type=Path)
    tree.add("import", _("cài tệp của địa phương"), partial(_import, kind)).add_argument("file", type=Path)
    export = tree.add("export", _("chép ra tệp để sửa"), partial(_export, kind))
    export.add_argument("id")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    tree.add("restore", _("trở lại bản có sẵn của chương trình"), partial(_restore, kind)).add_argument("id")


def _form_data(form: FormFile) -> dict[str, Any]:
    return {
        "kind": form.kind,
        "id": form.id,
        "name": form.name,
        "version": form.version,
        "local": form.local,
        "problem": form.problem,
    }


def _origin(form: FormFile) -> str:
    if form.problem:
        return _("của địa phương, có lỗi: đang dùng bản có sẵn")
    return _("của địa phương") if form.local else _("có sẵn")


def _list_procedures(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        known = procedures.procedures(workspace)
        forms = {form.id: form for form in procedures.form_files(workspace) if form.kind == PROCEDURE}
        used = procedures.current(workspace).id
    _tell_problems(forms.values(), terminal)
    data = [{**_form_data(forms[item.id]), "used": item.id == used} for item in known]
    lines = table(("*" if item.id == used else " ", item.id, _origin(forms[item.id]), item.name) for item in known)
    return Answer(data, lines)


def _list_templates(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        forms = [form for form in procedures.form_files(workspace) if form.kind == TEMPLATE]
    _tell_problems(forms, terminal)
    return Answer([_form_data(form) for form in forms], table((form.id, _origin(form), form.name) for form in forms))


def _tell_problems(forms: Iterable[FormFile], terminal: Terminal) -> None:
    for form in forms:
        if form.problem:
            terminal.tell(form.problem)


def _show(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        shown = procedures.current(workspace, wanted=arguments.id)
        settings = applied(shown, dossier_data.records(workspace, "", "setting"))
    data = {
        "id": shown.id,
        "name": shown.name,
        "version": shown.version,
        "local": shown.local,
        "note": shown.note,
        "bases": [
            {"number": basis.number, "issued": basis.issued, "title": basis.title, "note": basis.note}
            for basis in shown.bases
        ],
        "settings": [_setting_data(item) for item in settings.values()],
        "conditions": [
            {"id": item.id, "text": item.text, "check": item.check.value, "basis": item.basis, "source": item.source}
            for item in shown.conditions
        ],
        "documents": [
            {
                "id": item.id,
                "name": item.name,
                "template": item.template,
                "required": item.required,
                "submitted": item.submitted,
                "by_office": item.by_office,
                "source": item.source,
                "note": item.note,
            }
            for item in shown.documents
        ],
    }
    return Answer(data, tuple(_show_lines(shown, settings.values())))


def _setting_data(item: AppliedSetting) -> dict[str, Any]:
    return {
        "id": item.setting.id,
        "name": item.setting.name,
        "value": item.value,
        "unit": item.setting.unit,
        "source": item.setting.source,
        "local": item.local,
        "basis": item.basis,
        "issued": item.issued,
        "note": item.setting.note,
    }


def _show_lines(shown: Procedure, settings: Iterable[AppliedSetting]) -> Iterator[str]:
    yield f"{shown.id}@{shown.version}  {shown.name}"
    if shown.note:
        yield shown.note
    yield _("Căn cứ:")
    for basis in shown.bases:
        yield f"  {basis.number} {wording.date_text(basis.issued)} {basis.title}".rstrip()
    if not shown.bases:
        yield "  " + _("chưa biết văn bản nào")
    yield _("Quy định:")
    yield from table(("  " + item.setting.id, item.setting.name, _value(item), _sure(item)) for item in settings)
    yield _("Điều kiện công nhận:")
    yield from (f"  {item.id}: {item.text}" for item in shown.conditions)
    yield _("Văn bản:")
    yield from table((f"  {place}.", item.id, item.name) for place, item in enumerate(shown.documents, start=1))


def _value(item: AppliedSetting) -> str:
    return f"{item.value} {item.setting.unit}".rstrip() if item.value else "–"


def _sure(item: AppliedSetting) -> str:
    """Where the value comes from."""
    if item.local:
        return item.basis
    words = {
        Source.FOUND: _("đọc thấy trong văn bản"),
        Source.MEMORY: _("theo trí nhớ, chưa đối chiếu"),
        Source.UNCERTAIN: _("chưa chắc, phải hỏi"),
        Source.TYPED: _("cách làm của chương trình hoặc địa phương"),
    }
    return words[item.setting.source]


def _use(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        procedures.use(workspace, "", arguments.id)
        used = procedures.current(workspace)
    return Answer({"id": used.id}, (_("Đang dùng thủ tục: {name}.").format(name=used.name),))


def _check(kind: str, arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    problems = [str(problem) for problem in procedures.check_file(arguments.file, kind)]
    for problem in problems:
        terminal.tell(problem)
    lines = () if problems else (_("Tệp {name} hợp lệ.").format(name=arguments.file.name),)
    return Answer({"file": str(arguments.file), "ok": not problems, "problems": problems}, lines, failed=bool(problems))


def _import(kind: str, arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        form = procedures.install(workspace, arguments.file, kind)
    return Answer(_form_data(form), (_("Đã cài: {name} ({id}).").format(name=form.name, id=form.id),))


def _export(kind: str, arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        path = procedures.export(workspace, kind, arguments.id, arguments.out)
    return Answer({"path": str(path)}, (str(path),))


def _restore(kind: str, arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        procedures.restore(workspace, kind, arguments.id)
    told = _("Đã trở lại bản có sẵn của «{id}». Lệnh «ntm undo» lấy lại tệp của địa phương.")
    return Answer({"restored": arguments.id}, (told.format(id=arguments.id),))
