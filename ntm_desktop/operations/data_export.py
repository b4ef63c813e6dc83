"""The data of a dossier as a file: an Excel workbook to fill in and read back, or JSON for scripts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ntm_desktop import paths, wording
from ntm_desktop.errors import InvalidInput, StorageFailed
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Progress
from ntm_desktop.model.records import BY_ID, LISTS, Record
from ntm_desktop.operations import dossier_data
from ntm_desktop.operations.data_rows import NOT_IN_FILES
from ntm_desktop.operations.workspace import Workspace


def export_file(workspace: Workspace, assessment_id: str, path: Path, progress: Progress | None = None) -> Path:
    """Write all data of an assessment to an .xlsx or .json file, whole or not at all.

    Raises:
        InvalidInput: another kind of file. NotFound: no such assessment. StorageFailed: the file cannot be written.
    """
    write = {".xlsx": _write_excel, ".json": _write_json}.get(path.suffix.lower())
    if write is None:
        raise InvalidInput(
            _("Không xuất được ra tệp {name}: chỉ ghi tệp .xlsx hoặc .json.").format(name=path.name),
            _("Hãy đặt tên tệp có đuôi .xlsx hoặc .json."),
        )
    try:
        write(workspace, assessment_id, paths.extended(path), progress)
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Hãy đóng tệp nếu đang mở trong Excel, hoặc chọn thư mục khác; dữ liệu vẫn nguyên."),
        ) from error
    return path


def data_of(records: tuple[Record, ...]) -> dict[str, Any]:
    """Records as scripts read and write them: an object where there is one, a list, or objects by id."""
    found: dict[str, Any] = {}
    for kind in BY_ID.values():
        own = [record for record in records if record.kind == kind.id]
        if not own or kind.id in NOT_IN_FILES:
            continue
        if kind.single:
            found[kind.id] = dict(own[0].values)
        elif kind.id in LISTS:
            found[kind.id] = [{"id": record.record_id, **record.values} for record in own]
        else:
            found[kind.id] = {record.record_id: dict(record.values) for record in own}
    return found


def _write_json(workspace: Workspace, assessment_id: str, path: Path, progress: Progress | None) -> None:
    data = data_of(dossier_data.records(workspace, assessment_id))
    paths.write_atomic(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def _write_excel(workspace: Workspace, assessment_id: str, path: Path, progress: Progress | None) -> None:
    from ntm_desktop.dossier import SAMPLE_MARK
    from ntm_desktop.dossier.excel import write_workbook
    from ntm_desktop.operations import dossier_facts

    facts = dossier_facts.facts(workspace, assessment_id, progress=progress)
    today = datetime.now(UTC).astimezone(wording.VIETNAM).date()
    write_workbook(facts, path, today, SAMPLE_MARK if workspace.info().sample else "")
