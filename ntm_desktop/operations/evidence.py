"""Evidence: take files in, describe them, say what they prove, remove (undoably), open, export."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop import paths, wording
from ntm_desktop.errors import EvidenceRefused, InvalidInput, NotFound, ReadOnly, StorageFailed, UserError
from ntm_desktop.evidence import TakenFile, intake, opening_name, print_copy, safe_file_name
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.evidence import BlobRef, Evidence
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.text import clean, one_line
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.results import indicator_of
from ntm_desktop.operations.setup import read_date
from ntm_desktop.operations.workspace import PREVIEWS, Workspace
from ntm_desktop.store.store import EditName, UnitOfWork, utc_now

MOST_SHEETS = 100_000
DETAILS = ("number", "issued", "issuer", "summary", "sheets")


@dataclass(frozen=True, slots=True)
class Added:
    """What came of files handed over: taken, refused with the reason, and warnings about the taken ones."""

    changes: Changes
    added: tuple[Evidence, ...]
    refused: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def add_files(
    workspace: Workspace,
    assessment_id: str,
    files: Sequence[Path],
    codes: Iterable[str] = (),
    details: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    all_or_none: bool = False,
) -> Added:
    """Take files as evidence of ``codes``, as one edit. A file that cannot be taken is named and harms no other
    (with ``all_or_none``: none is taken then).

    A file whose content is here already as evidence of this assessment is linked, not doubled. Each blob is durable
    before the rows that name it are committed.

    Raises:
        NotFound, ReadOnly, InvalidInput: no such indicator or assessment, or details that cannot be.
        EvidenceRefused: with ``all_or_none``, a file cannot be taken.
        StorageFull: the disk is full; nothing is added.
    """
    with workspace.store.read() as work:
        assessment = workspace.own_assessment(work, assessment_id)
    catalogue = workspace.catalogue_of(assessment)
    wanted = [indicator_of(catalogue, code).code for code in codes]
    described = _details(details or {})
    taken, refused = _take(workspace, files, progress or Silent(), all_or_none)
    with workspace.store.write() as work:
        present = {item.blob.sha256: item for item in work.rows.evidence(assessment.assessment_id, removed=True)}
        records: dict[tuple[str, str], dict[str, JsonValue]] = {}
        for one in {one.ref.sha256: one for one in taken}.values():
            known = present.get(one.ref.sha256)
            evidence_id = known.evidence_id if known else uuid.uuid4().hex
            fields: dict[str, JsonValue] = {"removed": None} if known else _new_record(assessment.assessment_id, one)
            records["evidence", evidence_id] = fields | described
            proved = () if known is None or not known.removed else known.codes  # what it proved before it was removed
            links = dict.fromkeys(proved) | dict.fromkeys(wanted, True)
            records |= {("evidence_link", f"{evidence_id}/{code}"): {"linked": to} for code, to in links.items()}
        ids = [entity_id for entity, entity_id in records if entity == "evidence"]
        name = EditName(N_("thêm {count} minh chứng"), {"count": len(ids)})
        changes = workspace.write(work, records, name)
        added = tuple(item for item in map(work.rows.one_evidence, ids) if item is not None)
    warnings = tuple(warning for one in taken for warning in one.warnings)
    return Added(changes, added, tuple(refused), warnings)


def _take(
    workspace: Workspace, files: Sequence[Path], progress: Progress, all_or_none: bool
) -> tuple[list[TakenFile], list[tuple[str, str]]]:
    """Bring the files' contents into the store; those refused with the reason. On any failure none stays there."""
    held = frozenset(workspace.blobs.all())
    taken: list[TakenFile] = []
    refused: list[tuple[str, str]] = []
    progress.start(_("Đang thêm tệp minh chứng"), sum(_size(file) for file in files), "B")
    try:
        for file in files:
            try:
                one = intake(file, workspace.blobs, progress)
            except EvidenceRefused as error:
                refused.append((file.name, str(error)))
                continue
            taken.append(one)
            print_copy(workspace.blobs, one.ref, workspace.folder / PREVIEWS)  # now, so that printing is fast later
        if refused and all_or_none:
            raise EvidenceRefused("\n".join(sentence for _name, sentence in refused))
    except BaseException:
        workspace.forget({one.ref.sha256 for one in taken} - held)
        raise
    return taken, refused


def _new_record(assessment_id: str, one: TakenFile) -> dict[str, JsonValue]:
    file: JsonValue = {
        "sha256": one.ref.sha256,
        "size": one.ref.size,
        "media_type": one.ref.media_type,
        "name": one.file_name,
    }
    return {"assessment": assessment_id, "added_at": utc_now(), "file": file}


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _details(fields: Mapping[str, str]) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {}
    for name in DETAILS:
        if name not in fields:
            continue
        text = fields[name] or ""
        if name == "issued":
            values[name] = read_date(text) or None
        elif name == "sheets":
            values[name] = _sheets(text)
        elif name == "summary":
            values[name] = clean(text)[:20_000] or None
        else:
            values[name] = one_line(text)[:1000] or None
    return values


def _own(workspace: Workspace, work: UnitOfWork, evidence_id: str) -> Evidence:
    found = work.rows.one_evidence(evidence_id)
    if found is None:
        raise NotFound(_("Không tìm thấy minh chứng này trong dữ liệu."), _("Chưa có gì thay đổi."))
    assessment = work.rows.assessment(found.assessment_id)
    if assessment is None or assessment.unit_code != work.local.get("unit"):
        raise ReadOnly(_("Minh chứng của đơn vị khác chỉ được xem tại đây."), _("Chưa có gì thay đổi."))
    return found


def _in_dossier(workspace: Workspace, work: UnitOfWork, evidence_id: str) -> Evidence:
    """A piece that may be edited: an edit of one that was removed would bring it back unasked."""
    found = _own(workspace, work, evidence_id)
    if found.removed:
        raise NotFound(
            _("Minh chứng {name} đã được gỡ khỏi hồ sơ.").format(name=found.file_name),
            _("Chưa có gì thay đổi. Muốn dùng lại, hãy thêm lại tệp đó hoặc hoàn tác việc gỡ."),
        )
    return found


def _sheets(text: str) -> int | None:
    text = one_line(text)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7 and 0 < int(text) <= MOST_SHEETS):
        raise InvalidInput(
            _("«{text}» không phải là số tờ.").format(text=text[:40]),
            _("Chưa có gì thay đổi. Hãy ghi số nguyên, ví dụ 12."),
        )
    return int(text)


def save_details(workspace: Workspace, evidence_id: str, fields: Mapping[str, str]) -> Changes:
    """Number, date (ISO or dd/mm/yyyy), issuer, summary, count of sheets of a piece of evidence.

    Raises:
        InvalidInput: the date is none, the sheets are no whole number. NotFound, ReadOnly.
    """
    values = _details(fields)
    with workspace.store.write() as work:
        found = _in_dossier(workspace, work, evidence_id)
        subject = f"{evidence_id}:{','.join(sorted(values))}"
        name = EditName(N_("sửa minh chứng {name}"), {"name": found.title[:60]}, subject)
        return workspace.write(work, {("evidence", evidence_id): values}, name)


def set_codes(workspace: Workspace, evidence_id: str, codes: Iterable[str]) -> Changes:
    """Say which indicators a piece of evidence proves.

    Raises:
        NotFound, ReadOnly.
    """
    with workspace.store.write() as work:
        found = _in_dossier(workspace, work, evidence_id)
        catalogue = workspace.catalogue_of(workspace.assessment(work, found.assessment_id))
        wanted = {indicator_of(catalogue, code).code for code in codes}
        records: dict[tuple[str, str], dict[str, JsonValue]] = {
            ("evidence_link", f"{evidence_id}/{code}"): {"linked": True if code in wanted else None}
            for code in sorted(wanted ^ set(found.codes))
        }
        return workspace.write(work, records, EditName(N_("gắn minh chứng {name}"), {"name": found.title[:60]}))


def link(workspace: Workspace, evidence_id: str, code: str) -> Changes:
    """Let a piece of evidence prove one more indicator."""
    return set_codes(workspace, evidence_id, [*_codes(workspace, evidence_id), code])


def unlink(workspace: Workspace, evidence_id: str, code: str) -> Changes:
    """Let it prove one indicator less; the piece itself stays."""
    return set_codes(workspace, evidence_id, [item for item in _codes(workspace, evidence_id) if item != code])


def _codes(workspace: Workspace, evidence_id: str) -> tuple[str, ...]:
    with workspace.store.read() as work:
        return _in_dossier(workspace, work, evidence_id).codes


def remove(workspace: Workspace, evidence_ids: Iterable[str]) -> Changes:
    """Take evidence out of the dossier. The file stays in the store, so that this can be undone at any time."""
    with workspace.store.write() as work:
        found = [_own(workspace, work, evidence_id) for evidence_id in evidence_ids]
        records: dict[tuple[str, str], dict[str, JsonValue]] = {
            ("evidence", item.evidence_id): {"removed": True} for item in found
        }
        name = EditName(N_("gỡ {count} minh chứng"), {"count": len(found)})
        return workspace.write(work, records, name)


def _stored(workspace: Workspace, evidence_id: str) -> Evidence:
    with workspace.store.read() as work:
        found = work.rows.one_evidence(evidence_id)
    if found is None:
        raise NotFound(_("Không tìm thấy minh chứng này trong dữ liệu."), _("Chưa có gì thay đổi."))
    if not workspace.blobs.has(found.blob.sha256):
        raise NotFound(
            _("Tệp {name} không có trên máy này.").format(name=found.file_name),
            _("Hãy nhận lại gói có tệp này, hoặc thêm lại tệp gốc."),
        )
    return found


def openable(workspace: Workspace, evidence_id: str) -> Path:
    """A copy under its own name, to open in the system's program: what is changed there does not touch the evidence.

    Raises:
        NotFound: the file is not on this computer. StorageFailed: the copy cannot be written.
    """
    found = _stored(workspace, evidence_id)
    target = (
        workspace.folder
        / PREVIEWS
        / "open"
        / found.blob.sha256[:12]
        / opening_name(found.file_name, found.blob.media_type)
    )
    _copy(workspace, found, target)
    return target


def _copy(workspace: Workspace, item: Evidence, target: Path) -> None:
    try:
        if _holds(target, item.blob):
            return
        with workspace.blobs.open(item.blob.sha256) as source, paths.writing(paths.extended(target)) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được tệp {name}: {reason}.").format(name=target, reason=wording.system_reason(error)),
            _("Minh chứng trong dữ liệu vẫn an toàn. Hãy kiểm tra dung lượng và quyền ghi."),
        ) from error


def _holds(file: Path, blob: BlobRef) -> bool:
    """True where the file is this content: one that a person has changed since is not, whatever its size."""
    if not file.is_file() or file.stat().st_size != blob.size:
        return False
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == blob.sha256


def thumbnail(workspace: Workspace, evidence_id: str, box: tuple[int, int] = (160, 200)) -> Path | None:
    """A small picture of a piece of evidence, or None where there is none to be had."""
    from ntm_desktop.evidence import thumbnail as make

    try:
        found = _stored(workspace, evidence_id)
    except UserError:
        return None
    return make(workspace.blobs, found.blob, workspace.folder / PREVIEWS, box)


def export(
    workspace: Workspace, assessment_id: str, folder: Path, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Copy all evidence into ``folder``, one folder per criterion, file names led by the indicator's code.

    Evidence of several indicators stands once, under the first. Files that exist with the same name are replaced.

    Raises:
        StorageFailed: the folder cannot be written.
    """
    from ntm_desktop.operations.overview import assessed

    progress = progress or Silent()
    shown = assessed(workspace, assessment_id)
    items = [item for item in shown.evidence if item.blob_present]
    progress.start(_("Đang chép tệp minh chứng"), len(items))
    written: list[Path] = []
    used: set[str] = set()
    order = {code: place for place, code in enumerate(shown.by_code)}
    for item in sorted(items, key=lambda one: min((order.get(code, 999) for code in one.codes), default=999)):
        codes = [code for code in item.codes if code in order]
        place = folder / _("Chưa gắn chỉ tiêu")
        prefix = ""
        if codes:
            criterion = shown.catalogue.criterion_of[codes[0]]
            place = folder / paths.safe_name(f"{int(criterion.number):02d} {criterion.name}", 60)
            prefix = f"{codes[0]} "
        name = safe_file_name(prefix + item.file_name)
        stem, ending = os.path.splitext(name)
        number = 2
        while str(place / name).lower() in used:
            name = f"{stem} ({number}){ending}"
            number += 1
        used.add(str(place / name).lower())
        _copy(workspace, item, place / name)
        written.append(place / name)
        progress.advance()
    return tuple(written)
