"""Sending packages: export what the receiver lacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ntm_desktop import __version__, wording
from ntm_desktop.errors import InvalidInput, StorageFailed, WorkspaceDamaged
from ntm_desktop.exchange import (
    PackagePlan,
    PlannedBlob,
    estimate,
    write_package,
)
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.units import Unit
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.local import PackageRecord
from ntm_desktop.store.store import UnitOfWork, utc_now

SENT, RECEIVED = "sent", "received"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the next package would carry; ``bytes`` on the stick."""

    changes: int
    blobs: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was written, read back and named."""

    path: Path
    package_id: str
    unit: Unit
    changes_count: int
    blobs: int
    size: int
    full: bool
    changes: Changes = EVERYTHING  # home and exchange pages show the last package


def _plan(workspace: Workspace, work: UnitOfWork, full: bool) -> PackagePlan:
    """What the receiver lacks, by what was sent before; with ``full`` everything."""
    local = work.local
    if Role(local.get("role")) is Role.OFFICE:
        raise InvalidInput(
            _("Cơ quan tiếp nhận nhận gói của các xã; phiên bản này chưa gửi gói ngược lại."), _("Chưa có gì được ghi.")
        )
    unit = unit_of(local.get("unit"))
    device = local.own_device(unit.code)
    sent = local.packages(SENT, unit.code)
    known = dict(sent[0].vector) if sent and not full else {}
    carried = frozenset() if full else local.sent_blobs(unit.code)
    assessments = work.rows.assessments(unit.code)
    catalogues = [  # all that the changes name: the receiver lists them too
        BlobRef(sha256, entry["size"], "application/json") for sha256, entry in sorted(work.rows.catalogues().items())
    ]
    wanted: dict[str, BlobRef] = {}
    for assessment in assessments:
        wanted |= {item.blob.sha256: item.blob for item in work.rows.evidence(assessment.assessment_id)}
    return PackagePlan(
        unit_code=unit.code,
        unit_name=work.rows.profile(unit.code).name or unit.full_name,
        device=device,
        device_name=workspace.user(work),
        sequence=1 + max((item.sequence for item in sent), default=0),
        vector_from=known,
        vector_to=work.journal.vector(unit.code),
        changes=list(work.journal.after(unit.code, known)),
        blobs=tuple(
            PlannedBlob(ref, workspace.blobs.path(sha256))
            for sha256, ref in sorted(wanted.items())
            if sha256 not in carried
        ),
        catalogues=tuple(PlannedBlob(ref, workspace.blobs.path(ref.sha256)) for ref in catalogues),
        assessments=[
            {
                "assessment_id": item.assessment_id,
                "catalogue": f"{item.catalogue_id}@{item.catalogue_version}",
                "year": item.year,
            }
            for item in assessments
        ],
        app_version=__version__,
        created_at=utc_now(),
    )


def plan_facts(workspace: Workspace, full: bool = False) -> PlanFacts:
    """What the next package would carry; nothing is written."""
    with workspace.store.write() as work:
        plan = _plan(workspace, work, full)
    return PlanFacts(len(plan.changes), len(plan.blobs), estimate(plan))


def export(workspace: Workspace, folder: Path, full: bool = False, progress: Progress | None = None) -> Exported:
    """Write a package of what the receiver lacks (or everything), read it back, and remember it as sent.

    Raises:
        InvalidInput: nothing is new. StorageFull, StorageFailed: the target cannot take it; nothing is left there.
        WorkspaceDamaged: evidence here is missing or damaged.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được vào {folder}: {reason}.").format(folder=folder, reason=wording.system_reason(error)),
            _("Chưa có gì được ghi. Hãy kiểm tra USB đã cắm và không bị khoá ghi."),
        ) from error
    with workspace.store.write() as work:
        plan = _plan(workspace, work, full)
    if not plan.changes and not plan.blobs:
        raise InvalidInput(
            _("Không có gì mới kể từ gói đã xuất lần trước."),
            _("Nếu gói trước bị mất hoặc chưa tới nơi nhận, hãy chọn «Gửi toàn bộ» (--full)."),
        )
    _check_blobs(workspace, plan)
    written = write_package(plan, folder, progress or Silent(), overwrite=True)
    with workspace.store.write() as work:
        record = PackageRecord(
            package_id=plan.package_id,
            direction=SENT,
            unit=plan.unit_code,
            device=plan.device,
            sequence=plan.sequence,
            at=utc_now(),
            path=str(written.path),
            changes=len(plan.changes),
            blobs=len(plan.blobs),
            vector=plan.vector_to,
        )
        work.local.record_package(record, [blob.ref.sha256 for blob in plan.blobs])
    return Exported(
        path=written.path,
        package_id=plan.package_id,
        unit=unit_of(plan.unit_code),
        changes_count=len(plan.changes),
        blobs=len(plan.blobs),
        size=written.size,
        full=full or not plan.vector_from,
    )


def _check_blobs(workspace: Workspace, plan: PackagePlan) -> None:
    """Evidence that is named but not here is told by its name before anything is written."""
    with workspace.store.read() as work:
        names = work.rows.blob_owners()
    lost = [blob.ref.sha256 for blob in plan.blobs if not workspace.blobs.has(blob.ref.sha256)]
    if lost:
        raise WorkspaceDamaged(
            _("Không tìm thấy tệp minh chứng trên máy này: {names}.").format(
                names=", ".join(names.get(sha256, sha256[:12]) for sha256 in lost[:5])
            ),
            _("Chưa có gì được ghi. Hãy thêm lại tệp đó, gỡ minh chứng đó, hoặc khôi phục từ bản sao lưu."),
        )
