"""Procedures and paper templates: which apply, and the province's own files in place of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ntm_desktop import catalogue as room
from ntm_desktop import paths, wording
from ntm_desktop.catalogue import CatalogueProblem
from ntm_desktop.errors import CatalogueInvalid, InvalidInput, NotFound, StorageFailed
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.fields import LONGEST_FILE
from ntm_desktop.model.paper_template import PaperTemplate
from ntm_desktop.model.procedure import Procedure
from ntm_desktop.model.records import Record
from ntm_desktop.operations import dossier_data
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Role, Workspace
from ntm_desktop.store.store import EditName

FORM_FILE = "form_file"  # kind of record that holds a province's own file
PROCEDURE, TEMPLATE = "procedure", "template"
ENDING = ".yaml"


@dataclass(frozen=True, slots=True)
class FormFile:
    """A procedure or template. ``local``: the province's own is stored here; ``problem``: why it is not used and ours
    stands in its place; ``changes``: what storing it has changed."""

    kind: str
    id: str
    name: str
    version: str
    local: bool = False
    problem: str = ""
    changes: Changes = field(default_factory=Changes)


# --- which apply


def procedures(workspace: Workspace, assessment_id: str = "") -> tuple[Procedure, ...]:
    """All procedures, those that fit the assessment's set first; the province's own before ours.

    Raises:
        NotFound: there is no such assessment.
    """
    with workspace.store.read() as work:
        assessment = workspace.assessment(work, assessment_id)
        records = dossier_data.read_records(work, assessment.assessment_id, FORM_FILE)
    chosen_set = workspace.catalogue_of(assessment)
    return tuple(sorted(_known(records), key=lambda item: not fits(item, chosen_set)))


def current(workspace: Workspace, assessment_id: str = "", wanted: str = "") -> Procedure:
    """The procedure that applies to an assessment, or the one ``wanted``.

    Raises:
        NotFound: there is no such assessment or procedure.
    """
    with workspace.store.read() as work:
        assessment = workspace.assessment(work, assessment_id)
        records = dossier_data.read_records(work, assessment.assessment_id, FORM_FILE, PROCEDURE)
    return procedure_for(workspace.catalogue_of(assessment), records, wanted)


def procedure_for(catalogue: Catalogue, records: Iterable[Record], wanted: str = "") -> Procedure:
    """The procedure that applies: ``wanted``, else the one a person chose, else the first that fits the set.

    Raises:
        NotFound: there is no procedure ``wanted``; the hint lists those that are.
    """
    held = tuple(records)
    known = _known(held)
    by_id = {item.id: item for item in known}
    if wanted:
        return _named(by_id, wanted)
    choice = next((record.text("chosen") for record in held if record.kind == PROCEDURE), "")
    if choice in by_id:
        return by_id[choice]
    return next((item for item in known if fits(item, catalogue)), known[-1])


def fits(procedure: Procedure, catalogue: Catalogue) -> bool:
    """Whether it is made for the set, or for the one that the set was derived from."""
    derived = catalogue.extends.partition("@")[0]
    return procedure.fits(catalogue) or bool(derived and procedure.fits(replace(catalogue, id=derived)))


def templates_for(records: Iterable[Record]) -> Mapping[str, PaperTemplate]:
    """Templates by id; a province's own that reads well stands in the place of ours."""
    found = dict(room.builtin_paper_templates())
    for form_id, text in _stored(records, TEMPLATE):
        try:
            found[form_id] = room.paper_template_from(text.encode(), form_id + ENDING, local=True)
        except CatalogueInvalid:
            continue  # ours stands; form_files tells
    return found


def use(workspace: Workspace, assessment_id: str, procedure_id: str) -> Changes:
    """Choose the procedure of an assessment; an empty id leaves the choice to the program again.

    Raises:
        NotFound: there is no such procedure or assessment. ReadOnly: not this computer's to choose.
    """
    if procedure_id:
        _named({item.id: item for item in procedures(workspace, assessment_id)}, procedure_id)
    return dossier_data.save(workspace, assessment_id, PROCEDURE, "", {"chosen": procedure_id or None})


def _named(known: Mapping[str, Procedure], wanted: str) -> Procedure:
    if wanted not in known:
        raise NotFound(
            _("Không có thủ tục «{id}».").format(id=wanted),
            _("Có thể chọn: {names}.").format(names=", ".join(known)),
        )
    return known[wanted]


def _known(records: Iterable[Record]) -> tuple[Procedure, ...]:
    """The province's own first, then ours whose id it does not have; within each the special before the general."""
    local: dict[str, Procedure] = {}
    for form_id, text in _stored(records, PROCEDURE):
        try:
            local[form_id] = room.procedure_from(text.encode(), form_id + ENDING, local=True)
        except CatalogueInvalid:
            continue
    ours = [item for item in room.builtin_procedures() if item.id not in local]
    made = sorted((*local.values(), *ours), key=lambda item: not (item.periods or item.catalogues))
    return tuple(made)


def _stored(records: Iterable[Record], kind: str) -> Iterable[tuple[str, str]]:
    """Ids and texts of the stored files of a kind."""
    for record in records:
        found_kind, _dot, form_id = record.record_id.partition(".")
        if record.kind == FORM_FILE and found_kind == kind and record.text("text"):
            yield form_id, record.text("text")


# --- files


def form_files(workspace: Workspace, assessment_id: str = "") -> tuple[FormFile, ...]:
    """Procedures, then templates: ours, with the province's own in their places, and its further ones."""
    ours = [
        *(FormFile(PROCEDURE, item.id, item.name, item.version) for item in room.builtin_procedures()),
        *(FormFile(TEMPLATE, item.id, item.name, item.version) for item in room.builtin_paper_templates().values()),
    ]
    found = {(item.kind, item.id): item for item in ours}
    for record in _form_records(workspace, assessment_id):
        kind, _dot, form_id = record.record_id.partition(".")
        if kind in _KINDS and record.text("text"):
            found[kind, form_id] = _form(kind, form_id, record, found.get((kind, form_id)))
    return tuple(sorted(found.values(), key=lambda item: item.kind))


def _form_records(workspace: Workspace, assessment_id: str) -> tuple[Record, ...]:
    return dossier_data.records(workspace, assessment_id, FORM_FILE)


def _form(kind: str, form_id: str, record: Record, ours: FormFile | None) -> FormFile:
    try:
        made = _KINDS[kind].read(record.text("text").encode(), form_id + ENDING, True)
    except CatalogueInvalid as error:
        name = record.text("name") or (ours.name if ours is not None else form_id)
        return FormFile(kind, form_id, name, ours.version if ours is not None else "", True, error.message)
    return FormFile(kind, form_id, made.name, made.version, True)


@dataclass(frozen=True, slots=True)
class _Kind:
    read: Callable[[bytes, str, bool], Procedure | PaperTemplate]
    check: Callable[[bytes, str], tuple[CatalogueProblem, ...]]


_KINDS: Mapping[str, _Kind] = {
    PROCEDURE: _Kind(room.procedure_from, room.check_procedure),
    TEMPLATE: _Kind(room.paper_template_from, room.check_paper_template),
}


def check_file(path: Path, kind: str = "") -> tuple[CatalogueProblem, ...]:
    """Everything that is wrong with a procedure or template file, by line; ``kind`` where it is known.

    Raises:
        StorageFailed: it cannot be read.
    """
    content = _content(path)
    return _KINDS[kind or kind_of(content)].check(content, path.name)


def kind_of(content: bytes) -> str:
    """What a file is meant to be: a template has a list of blocks."""
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines()
    return TEMPLATE if any(line.startswith(b"blocks:") for line in lines) else PROCEDURE


def install(workspace: Workspace, path: Path, kind: str = "", assessment_id: str = "") -> FormFile:
    """Store a province's own procedure or template for this unit; it stands in the place of ours of the same id.

    Raises:
        CatalogueInvalid: the file breaks rules; all are listed with their lines, nothing is stored.
        InvalidInput: a procedure names a template that nobody has, or the file is too long.
        StorageFailed: it cannot be read.
    """
    content = _content(path)
    known = kind or kind_of(content)
    made = _KINDS[known].read(content, path.name, True)
    if isinstance(made, Procedure):
        _check_templates(workspace, assessment_id, made)
    text = content.decode("utf-8-sig")
    if len(text) > LONGEST_FILE:
        raise InvalidInput(
            _("Tệp «{name}» dài {length} ký tự, nhiều nhất là {most}.").format(
                name=path.name, length=len(text), most=LONGEST_FILE
            ),
            _("Chưa có gì thay đổi. Hãy bớt nội dung rồi thử lại."),
        )
    changes = _store(workspace, assessment_id, f"{known}.{made.id}", made.name, text, N_("cài mẫu, thủ tục {id}"))
    return FormFile(known, made.id, made.name, made.version, local=True, changes=changes)


def _check_templates(workspace: Workspace, assessment_id: str, procedure: Procedure) -> None:
    there = templates_for(_form_records(workspace, assessment_id))
    lacking = sorted({entry.template for entry in procedure.documents} - set(there))
    if lacking:
        raise InvalidInput(
            _("Thủ tục «{name}» cần mẫu chưa có trong máy: {templates}.").format(
                name=procedure.name, templates=", ".join(lacking)
            ),
            _("Chưa có gì thay đổi. Hãy cài các mẫu ấy trước, rồi cài lại thủ tục."),
        )


def export(workspace: Workspace, kind: str, form_id: str, path: Path, assessment_id: str = "") -> Path:
    """Write the file that applies here, to be changed and installed again: the province's own, else ours.

    Raises:
        NotFound: there is none. StorageFailed: the file cannot be written.
    """
    stored = dict(_stored(_form_records(workspace, assessment_id), kind))
    content = stored[form_id].encode() if form_id in stored else room.builtin_file(kind, form_id)
    target = paths.extended(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        paths.write_atomic(target, content)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Chưa có gì được ghi. Hãy chọn thư mục khác, hoặc đóng tệp nếu đang mở ở chương trình khác."),
        ) from error
    return path


def restore(workspace: Workspace, kind: str, form_id: str, assessment_id: str = "") -> Changes:
    """Put ours back in the place of the province's own; undo brings that one back.

    Raises:
        NotFound: no file of the province's own is stored under this id.
    """
    if form_id not in dict(_stored(_form_records(workspace, assessment_id), kind)):
        raise NotFound(
            _("Không có tệp riêng của địa phương cho «{id}».").format(id=form_id),
            _("Chưa có gì thay đổi: mẫu có sẵn của chương trình đang được dùng."),
        )
    return _store(workspace, assessment_id, f"{kind}.{form_id}", None, None, N_("bỏ mẫu, thủ tục riêng {id}"))


def _store(
    workspace: Workspace, assessment_id: str, record_id: str, name: str | None, text: str | None, edit: str
) -> Changes:
    """An edit of its own each time, so that undo never takes two of them at once."""
    known = dossier_data.kind_of(FORM_FILE)
    values = {
        "name": dossier_data.read_value(known, "name", name),
        "text": dossier_data.read_value(known, "text", text),
    }
    with workspace.store.write() as work:
        by_office = work.local.get("role") == Role.OFFICE.value
        read = workspace.assessment if by_office else workspace.own_assessment
        unit = read(work, assessment_id).unit_code
        entry = (FORM_FILE, f"{unit}/{record_id}")
        return workspace.write(work, {entry: values}, EditName(edit, {"id": record_id.partition(".")[2]}), unit=unit)


def _content(path: Path) -> bytes:
    try:
        with open(paths.extended(path), "rb") as stream:
            return stream.read(10 * LONGEST_FILE)
    except OSError as error:
        raise StorageFailed(
            _("Không đọc được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Chưa có gì thay đổi. Mời xem lại tên tệp và thư mục."),
        ) from error
