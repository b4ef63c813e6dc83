"""An open workspace: one folder, locked, with its database, evidence and pinned criteria sets."""

from __future__ import annotations

import getpass
import os
import platform
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ntm_desktop import catalogue as catalogues
from ntm_desktop import wording
from ntm_desktop.errors import (
    NotFound,
    ReadOnly,
    StorageFailed,
    UserError,
    WorkspaceBusy,
    WorkspaceDamaged,
    WorkspaceMissing,
)
from ntm_desktop.evidence import BlobStore
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessment
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.changes import Change, JsonValue
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Level, Unit
from ntm_desktop.operations import own_keys
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.store.journal import Assignment
from ntm_desktop.store.migrate import bring_up_to_date
from ntm_desktop.store.store import EditName, Store, UnitOfWork

DATABASE = "ntm.sqlite3"
BLOBS = "blobs"
PREVIEWS = "previews"
BACKUPS = "backups"
LOCK = "lock"
SCRATCH = "ntm-backup-"  # begins the name of a folder in which a backup is made ready


class Role(StrEnum):
    """Who works here: a commune on its own dossier, or an office that receives those of many."""

    COMMUNE = "commune"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class WorkspaceInfo:
    """What a workspace is, read at one moment. ``current`` is the shown assessment's id, empty where there is none."""

    folder: Path
    role: Role
    unit: Unit
    name: str
    sample: bool
    created_at: datetime
    assessments: tuple[Assessment, ...]
    current: str
    device: str
    user: str


def exists(folder: Path) -> bool:
    """True where the folder holds a workspace."""
    return (folder / DATABASE).is_file()


def clear_journals(folder: Path) -> None:
    """Remove what a killed program left of a database that is gone: SQLite would play it back into the new one."""
    for name in (DATABASE, f"{DATABASE}.partial"):
        (folder / f"{name}-journal").unlink(missing_ok=True)


def _clear_scratch(folder: Path) -> None:
    """Remove what a backup that was killed left: a whole copy of the database each time."""
    for place in folder.glob(f"{SCRATCH}*"):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)


def open_workspace(folder: Path) -> Workspace:
    """Open a workspace for this program alone.

    Raises:
        WorkspaceMissing, WorkspaceBusy, WorkspaceTooNew, WorkspaceDamaged: nothing is opened.
    """
    if not exists(folder):
        raise WorkspaceMissing(
            _("Thư mục {folder} chưa có dữ liệu của phần mềm.").format(folder=folder),
            _("Hãy tạo dữ liệu mới (ntm init) hoặc chọn thư mục khác."),
        )
    return Workspace(folder)


def hold(folder: Path) -> FileLock:
    """Lock a folder for this program; the lock ends with the program, however that ends.

    Raises:
        WorkspaceBusy: another program holds it.
        StorageFailed: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise WorkspaceBusy(
            _("Dữ liệu trong {folder} đang được mở bởi một cửa sổ hoặc lệnh khác.").format(folder=folder),
            _("Chưa có gì thay đổi. Hãy đóng cửa sổ hoặc lệnh kia rồi thử lại."),
        ) from error
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được vào thư mục {folder}: {reason}.").format(
                folder=folder, reason=wording.system_reason(error)
            ),
            _("Chưa có gì thay đổi. Hãy chọn thư mục khác hoặc kiểm tra quyền ghi."),
        ) from error
    return lock


class Workspace:
    """One open workspace. Used by one thread at a time; close it to let others in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = hold(folder)
        try:
            _clear_scratch(folder)
            bring_up_to_date(folder / DATABASE, folder / BACKUPS)
            self.blobs = BlobStore(folder / BLOBS)
            self.blobs.clean_partials()
            self.store = Store(folder / DATABASE)
            try:
                self.keys = own_keys.of_workspace(folder, self.store)
            except BaseException:
                self.store.close()
                raise
        except BaseException:
            self._lock.release()
            raise
        self._catalogues: dict[str, Catalogue] = {}
        self.page_counts: dict[str, int] = {}  # of PDFs by hash, counted since the workspace was opened

    def close(self) -> None:
        """Close the database and let others in."""
        self.store.close()
        self._lock.release()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- who and what

    def info(self) -> WorkspaceInfo:
        """What this workspace is."""
        with self.store.read() as work:
            local = work.local
            code = local.get("unit")
            if code is None:
                raise WorkspaceDamaged(
                    _("Dữ liệu trong {folder} chưa được tạo xong.").format(folder=self.folder),
                    _("Hãy giữ nguyên thư mục này, rồi tạo dữ liệu hoặc khôi phục bản sao lưu vào một thư mục khác."),
                )
            role = Role(local.get("role"))
            assessments = work.rows.assessments(code)
            current = local.get("current", "")
            if role is Role.COMMUNE and current not in {item.assessment_id for item in assessments}:
                current = assessments[0].assessment_id if assessments else ""
            unit = unit_of(code)
            return WorkspaceInfo(
                folder=self.folder,
                role=role,
                unit=unit,
                name=work.rows.profile(code).name or unit.full_name,
                sample=bool(local.get("sample", False)),
                created_at=datetime.fromisoformat(local.get("created_at")),
                assessments=assessments,
                current=current,
                device=local.get("workspace_id", ""),
                user=self.user(work),
            )

    def user(self, work: UnitOfWork) -> str:
        """The person at this computer, as the journal names them."""
        given = work.local.get("user", "")
        if given:
            return str(given)
        with suppress(OSError, KeyError, ImportError):  # no such account in a container, no variable on a bare system
            return one_line(getpass.getuser())[:80]
        return one_line(os.environ.get("USERNAME", ""))[:80]

    def computer(self, work: UnitOfWork) -> str:
        """This computer as others see it in cards and packages: the person, and the name that the system gives it."""
        person, node = self.user(work), one_line(platform.node())[:60]
        return f"{person} ({node})" if person and node else person or node or _("Máy tính không tên")

    # --- assessments and their sets

    def assessment(self, work: UnitOfWork, assessment_id: str = "") -> Assessment:
        """An assessment by id, or the current one.

        Raises:
            NotFound: there is none.
        """
        wanted = assessment_id or work.local.get("current", "")
        found = work.rows.assessment(wanted) if wanted else None
        if found is None and not assessment_id:
            mine = work.rows.assessments(work.local.get("unit", ""))
            found = mine[0] if mine else None
        if found is None:
            raise NotFound(
                _("Không có đợt đánh giá {name} trong dữ liệu này.")
                .format(name=assessment_id or "")
                .replace("  ", " "),
                _("Hãy tạo đợt đánh giá trước: chọn bộ tiêu chí và năm."),
            )
        return found

    def own_assessment(self, work: UnitOfWork, assessment_id: str = "") -> Assessment:
        """An assessment that may be written here.

        Raises:
            ReadOnly: it is another unit's.
        """
        found = self.assessment(work, assessment_id)
        if found.unit_code != work.local.get("unit"):
            raise ReadOnly(
                _("Dữ liệu của {unit} chỉ được xem tại đây.").format(unit=unit_of(found.unit_code).full_name),
                _("Muốn sửa, hãy đề nghị đơn vị đó sửa và gửi lại gói."),
            )
        return found

    def catalogue_by_hash(self, sha256: str) -> Catalogue:
        """A pinned set by the hash of its content.

        Raises:
            WorkspaceDamaged: its text is missing or damaged here.
        """
        if sha256 not in self._catalogues:
            try:
                with self.blobs.open(sha256) as stream:
                    self._catalogues[sha256] = catalogues.from_json(stream.read())
            except (OSError, ValueError, UserError) as error:
                raise WorkspaceDamaged(
                    _("Không đọc được bộ tiêu chí đã dùng cho đợt đánh giá này trên máy."),
                    _("Kết quả đã nhập vẫn an toàn. Hãy khôi phục từ bản sao lưu, hoặc nhận lại gói đồng bộ đầy đủ."),
                ) from error
        return self._catalogues[sha256]

    def forget(self, sha256s: Iterable[str]) -> None:
        """Remove contents that nothing names (yet)."""
        for sha256 in sha256s:
            self._catalogues.pop(sha256, None)
            self.blobs.discard(sha256)

    def catalogue_of(self, assessment: Assessment) -> Catalogue:
        """The set by which an assessment is judged."""
        return self.catalogue_by_hash(assessment.catalogue_sha256)

    # --- writing

    def write(
        self,
        work: UnitOfWork,
        records: Mapping[tuple[str, str], Mapping[str, JsonValue]],
        name: EditName | None = None,
        unit: str = "",
    ) -> Changes:
        """Write values of records through the journal, as one named edit."""
        assignments: Sequence[Assignment] = [
            Assignment(entity, entity_id, field, value)
            for (entity, entity_id), fields in records.items()
            for field, value in fields.items()
        ]
        made = work.write(unit or work.local.get("unit"), self.user(work), assignments, name)
        return changes_of(made)


def changes_of(made: Sequence[Change]) -> Changes:
    """The records that changes touch."""
    return Changes.of((change.entity, change.entity_id) for change in made)


def unit_of(code: str) -> Unit:
    """A unit by code; one that this program's list does not know keeps its code as its name."""
    try:
        return catalogues.find_unit(code)
    except NotFound:
        level = Level.PROVINCE if len(code) == 2 else Level.COMMUNE
        name = _("Đơn vị {code}").format(code=code)
        return Unit(code, name, name, "", level, code[:2], "")


def setting(workspace: Workspace, name: str, default: Any = None) -> Any:
    """A fact of this workspace that does not travel."""
    with workspace.store.read() as work:
        return work.local.get(name, default)
