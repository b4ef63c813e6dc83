"""Facts and data of a dossier for the tests of the workbook: the shipped sample, and a small procedure."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ntm_desktop import paths
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure, Setting
from ntm_desktop.model.records import BY_ID, LISTS, Record
from ntm_desktop.operations.dossier_data import read_value
from tests.core.dossier_samples import XA, filled

SAMPLE = paths.resources() / "samples" / "dossier.json"
PROCEDURE = Procedure(
    "mau",
    "Thủ tục mẫu",
    "1",
    (),
    (),
    (),
    (
        Setting("copies", "Số bộ hồ sơ", "bộ"),
        Setting("poll_question", "Tỷ lệ của từng nội dung", "%", "80", Source.MEMORY),
        Setting("poll_total", "Tỷ lệ chung", "%", "90", Source.MEMORY),
    ),
    (
        Condition("debt", "Không có nợ đọng xây dựng cơ bản", Check.DEBT),
        Condition("order", "Bảo đảm an ninh, trật tự", Check.STATED),
    ),
    (DocumentEntry("to-trinh", "Tờ trình", "to-trinh"), DocumentEntry("bao-cao", "Báo cáo kết quả", "bao-cao")),
)


@cache
def sample_records() -> tuple[Record, ...]:
    """The shipped sample as records."""
    found: list[Record] = []
    for name, content in json.loads(SAMPLE.read_text(encoding="utf-8")).items():
        kind = BY_ID.get(name)
        if kind is None:
            continue
        if kind.single:
            entries: Iterable[tuple[str, Mapping[str, object]]] = [("self", content)]
        elif kind.id in LISTS:
            entries = [(item["id"], {key: value for key, value in item.items() if key != "id"}) for item in content]
        else:
            entries = content.items()
        for record_id, fields in entries:
            values = {key: read_value(kind, key, value) for key, value in fields.items()}
            found.append(Record(kind.id, record_id, values))  # type: ignore[arg-type]
    return tuple(found)


def facts(assessed: Assessed | None = None, records: Iterable[Record] = ()) -> DossierFacts:
    """Facts of a sample assessment with these records."""
    shown = assessed or filled(XA)
    pages = {piece.evidence_id: EvidencePages(2) for piece in shown.evidence}
    return DossierFacts(shown, PROCEDURE, {}, tuple(records), pages)


def sample_facts() -> DossierFacts:
    """The shipped sample."""
    return facts(records=sample_records())


def with_record(given: DossierFacts, kind: str, record_id: str, **values: str | int | bool) -> DossierFacts:
    """The facts with one more record, or another in its place."""
    kept = tuple(item for item in given.records if (item.kind, item.record_id) != (kind, record_id))
    return replace(given, records=(*kept, Record(kind, record_id, values)))


def recalculated(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice reckons it: results that we wrote beside formulas are taken away before."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    bare = folder / "bare.xlsx"
    load_workbook(book).save(bare)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=150)
    return folder / "out" / bare.name


def total_of(records: Iterable[Record], field: str) -> Decimal:
    """The sum of a number field."""
    return sum((Decimal(record.text(field) or 0) for record in records), Decimal(0))
