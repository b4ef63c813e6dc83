"""Setting up: create a workspace, add and choose assessments, what the documents say about the unit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ntm_desktop import catalogue as catalogues
from ntm_desktop import paths
from ntm_desktop.errors import InvalidInput, WorkspaceExists
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.assessment import UnitProfile, assessment_id_of
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Level
from ntm_desktop.operations import own_keys
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.workspace import DATABASE, Role, Workspace, clear_journals, exists, hold, unit_of
from ntm_desktop.store.local import KEY
from ntm_desktop.store.store import EditName, UnitOfWork, utc_now

FIRST_YEAR, LAST_YEAR = 2000, 2100
PROFILE_FIELDS = tuple(name for name in UnitProfile.__slots__ if name != "unit_code")


def create(
    folder: Path,
    *,
    unit_code: str,
    role: Role | str,
    catalogue_id: str = "",
    year: int | None = None,
    region: str = "",
    group: str = "",
    special_rule: str = "",
    name: str = "",
    sample: bool = False,
) -> Workspace:
    """Create a workspace and open it; with ``catalogue_id`` its first assessment too.

    Raises:
        WorkspaceExists: the folder has one.
        NotFound, InvalidInput: unit, set, region or year cannot be; nothing is left behind.
    """
    unit = catalogues.find_unit(unit_code)
    role = Role(role)
    if role is Role.COMMUNE and unit.level is Level.PROVINCE and not catalogue_id:
        raise InvalidInput(
            _("{unit} là cấp tỉnh.").format(unit=unit.full_name),
            _("Hãy chọn một xã, phường hoặc đặc khu, hoặc tạo dữ liệu cho cơ quan tiếp nhận."),
        )
    if catalogue_id:
        check_choices(catalogues.builtin(catalogue_id), year or date.today().year, region, group, special_rule)
    _make(folder, unit_code, role, sample)
    workspace = Workspace(folder)
    try:
        if name:
            save_profile(workspace, {"name": name})
        if catalogue_id:
            add_assessment(workspace, catalogue_id, year or date.today().year, region, group, special_rule)
        with workspace.store.write() as work:  # nothing to undo in a workspace that was just made
            last = work.local.last_edit("done")
            while last is not None:
                work.local.mark_edit(last.edit_id, "dropped")
                last = work.local.last_edit("done")
    except BaseException:
        workspace.store.close()
        (folder / DATABASE).unlink(missing_ok=True)
        own_keys.discard(folder)
        workspace.close()
        raise
    return workspace


def _make(folder: Path, unit_code: str, role: Role, sample: bool) -> None:
    """Keys and database of a new workspace: both are there afterwards, or neither."""
    _require_none(folder)
    lock = hold(folder)
    try:
        _require_none(folder)
        clear_journals(folder)
        keys = own_keys.fresh(folder)
        try:
            partial = folder / f"{DATABASE}.partial"
            _fill(partial, unit_code, role, sample, keys.key)
            paths.replace_file(partial, folder / DATABASE)
        except BaseException:
            own_keys.discard(folder)
            raise
    finally:
        lock.release()


def _require_none(folder: Path) -> None:
    if exists(folder):
        raise WorkspaceExists(
            _("Thư mục {folder} đã có dữ liệu.").format(folder=folder),
            _("Dữ liệu cũ giữ nguyên. Hãy mở dữ liệu đó, hoặc chọn thư mục khác."),
        )


def _fill(database: Path, unit_code: str, role: Role, sample: bool, key: str) -> None:
    """A new database with the facts of the workspace, complete before it gets its name."""
    from ntm_desktop.store.migrate import upgrade
    from ntm_desktop.store.store import Store

    database.unlink(missing_ok=True)
    upgrade(database)
    store = Store(database)
    try:
        with store.write() as work:
            work.local.put(KEY, key)
            work.local.put("unit", unit_code)
            work.local.put("role", role.value)
            work.local.put("sample", sample)
            work.local.put("workspace_id", uuid.uuid4().hex)
            work.local.put("created_at", datetime.now(UTC).isoformat(timespec="seconds"))
    finally:
        store.close()


def check_choices(catalogue: Catalogue, year: int, region: str, group: str, special_rule: str) -> None:
    """Region, group, rule and year must be ones that the set knows.

    Raises:
        InvalidInput: one is not; the sentence lists those that are.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(_("Năm {year} không hợp lệ.").format(year=year), _("Hãy ghi năm đánh giá, ví dụ 2024."))
    offered = (
        (region, [item.id for item in catalogue.regions], _("vùng")),
        (group, [item.id for item in catalogue.groups], _("nhóm xã")),
        (special_rule, [item.id for item in catalogue.special_rules], _("quy định riêng")),
    )
    for given, known, what in offered:
        if given and given not in known:
            raise InvalidInput(
                _("Bộ tiêu chí {set} không có {what} «{given}».").format(set=catalogue.title, what=what, given=given),
                _("Có thể chọn: {known}.").format(known=", ".join(known) or "–"),
            )


def add_assessment(
    workspace: Workspace, catalogue_id: str, year: int, region: str = "", group: str = "", special_rule: str = ""
) -> Changes:
    """Add an assessment of this workspace's unit and make it the current one. The set's text is pinned by its hash.

    Raises:
        InvalidInput: there is one for this set and year already, or a choice that the set does not know.
    """
    from ntm_desktop.operations import catalogues as sets

    catalogue = sets.get(workspace, catalogue_id)
    check_choices(catalogue, year, region, group, special_rule)
    content = catalogues.to_json(catalogue)
    ref = workspace.blobs.put_bytes(content, "application/json")
    with workspace.store.write() as work:
        unit = work.local.get("unit")
        assessment_id = assessment_id_of(unit, catalogue.id, year)
        if work.rows.assessment(assessment_id) is not None:
            raise InvalidInput(
                _("Đã có đợt đánh giá theo {set} năm {year}.").format(set=catalogue.title, year=year),
                _("Dữ liệu cũ giữ nguyên. Hãy chọn đợt đó để làm tiếp."),
            )
        pinned: JsonValue = {"id": catalogue.id, "version": catalogue.version, "sha256": ref.sha256}
        entry: JsonValue = {
            "id": catalogue.id,
            "version": catalogue.version,
            "name": one_line(catalogue.name)[:500],
            "size": ref.size,
        }
        assessment: dict[str, JsonValue] = {"catalogue": pinned, "year": year}
        optional = {"region": region, "group": group, "special_rule": special_rule}
        assessment |= {name: value for name, value in optional.items() if value}
        records: dict[tuple[str, str], Mapping[str, JsonValue]] = {
            ("catalogue", f"{unit}/{ref.sha256}"): {"entry": entry},
            ("assessment", assessment_id): assessment,
        }
        workspace.write(work, records)
        work.local.put("current", assessment_id)
    return EVERYTHING


def use_assessment(workspace: Workspace, assessment_id: str) -> Changes:
    """Make an assessment of this unit the current one.

    Raises:
        NotFound, ReadOnly: there is none of that id here, or it is another unit's.
    """
    with workspace.store.write() as work:
        found = workspace.own_assessment(work, assessment_id)
        work.local.put("current", found.assessment_id)
    return EVERYTHING


def region_candidates(unit_code: str) -> tuple[str, ...]:
    """Regions that the unit's province may belong to; a person confirms one."""
    return catalogues.region_candidates(unit_of(unit_code).province_code)


def save_profile(workspace: Workspace, fields: Mapping[str, str]) -> Changes:
    """What documents say about this unit: any of :data:`PROFILE_FIELDS`."""
    with workspace.store.write() as work:
        unit = work.local.get("unit")
        values: dict[str, JsonValue] = {
            name: one_line(value)[:500] or None for name, value in fields.items() if name in PROFILE_FIELDS
        }
        return workspace.write(work, {("unit", unit): values}, EditName(N_("sửa thông tin đơn vị"), {}, "unit"))


def profile(workspace: Workspace) -> UnitProfile:
    """What documents say about this unit."""
    with workspace.store.read() as work:
        return work.rows.profile(work.local.get("unit"))


def save_document(workspace: Workspace, assessment_id: str, document_id: str, number: str, issued: str) -> Changes:
    """Number and date of one document of the dossier.

    Raises:
        InvalidInput: the date is none.
    """
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        values: dict[str, JsonValue] = {"number": one_line(number)[:100] or None, "issued": read_date(issued) or None}
        record = ("document", f"{assessment.assessment_id}/{document_id}")
        return workspace.write(work, {record: values}, EditName(N_("sửa số, ngày văn bản"), {}, record[1]))


def save_user(workspace: Workspace, name: str) -> Changes:
    """The person at this computer, as history names them."""
    return save_setting(workspace, "user", one_line(name)[:80])


def save_setting(workspace: Workspace, name: str, value: Any) -> Changes:
    """A fact of this workspace that does not travel."""
    with workspace.store.write() as work:
        work.local.put(name, value)
    return Changes()


def stamp(work: UnitOfWork, name: str) -> None:
    """Remember that something was done now."""
    work.local.put(name, utc_now())


_DATE = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})")


def read_date(text: str) -> str:
    """A date as people write it (``5/1/2024``, ``05-01-24``) or ISO, as ISO; empty for blank.

    Raises:
        InvalidInput: it is no date.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        match = _DATE.fullmatch(text)
        if match:
            day, month, year = (int(piece) for piece in match.groups())
            return date(year + 2000 if year < 100 else year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InvalidInput(
            _("«{text}» không phải là ngày.").format(text=text), _("Hãy ghi ngày dạng dd/mm/yyyy, ví dụ 05/01/2024.")
        ) from None
