"""The main job on sample data, from an empty folder to an office's summary: to try, to train, to show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_desktop import paths
from ntm_desktop.errors import WorkspaceExists
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, Verdict
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations import (
    data_import,
    devices,
    dossier,
    dossier_data,
    evidence,
    identity,
    one_file,
    overview,
    packages,
    receiving,
    results,
    setup,
    wordings,
)
from ntm_desktop.operations.demo_files import sample_document, sample_photo
from ntm_desktop.operations.workspace import Role, Workspace, exists


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Where everything lies, and the summary in lines; ``receipt`` is the package that the office sent back."""

    workspace: Path
    office: Path
    dossier: tuple[Path, ...]
    package: Path
    receipt: Path
    lines: tuple[str, ...]


def sample_data() -> dict[str, Any]:
    """The sample's figures and texts: data, plainly marked as sample."""
    data: dict[str, Any] = json.loads((_samples() / "commune.json").read_text(encoding="utf-8"))
    return data


def _samples() -> Path:
    return paths.resources() / "samples"


def make(folder: Path, progress: Progress | None = None) -> DemoReport:
    """Make the sample: commune and office exchange cards, the commune sends its dossier, the office a receipt.

    Raises:
        WorkspaceExists: the folder holds a sample already.
    """
    progress = progress or Silent()
    sample = sample_data()
    commune, office, stick = folder / "commune", folder / "office", folder / "usb"
    if exists(commune) or exists(office):
        raise WorkspaceExists(
            _("Thư mục {folder} đã có dữ liệu mẫu.").format(folder=folder),
            _("Dữ liệu cũ giữ nguyên. Hãy chọn thư mục khác hoặc xoá thư mục này rồi làm lại."),
        )
    with setup.create(office, unit_code=sample["office"], role=Role.OFFICE, sample=True) as receiver:
        with _commune(commune, sample) as workspace:
            fill(workspace, folder / "sources", sample, progress)
            printed = _print(workspace, folder / "dossier", progress)
            _meet(workspace, receiver, stick)
            exported = packages.export(workspace, stick, progress=progress)
            _deliver(exported.path, receiver, progress)
            (answer,) = packages.export_receipts(receiver, stick, progress=progress)
            _deliver(answer.path, workspace, progress)
            _appraise(receiver, workspace.info().current)
        lines = (
            *wordings.office_lines(overview.office_rows(receiver)),
            _("Gói đã mã hoá, chỉ mở được trên: {names}.").format(names="; ".join(exported.recipients)),
            _("Biên nhận của cơ quan tiếp nhận đã về tới xã."),
        )
    return DemoReport(commune, office, printed, exported.path, answer.path, lines)


def _print(workspace: Workspace, folder: Path, progress: Progress) -> tuple[Path, ...]:
    """The whole dossier: to print, to adjust, to compute with, and as one file with all evidence behind it."""
    written = dossier.write(workspace, "", folder, progress=progress)
    one = folder / paths.safe_name("ho-so-va-minh-chung.pdf")
    one_file.write(workspace, "", one, None, progress=progress)
    return (*written, one)


def _appraise(receiver: Workspace, assessment_id: str) -> None:
    """What the office writes for its own papers about the dossier."""
    data_import.import_file(receiver, assessment_id, _samples() / "appraisal.json")


def _meet(workspace: Workspace, receiver: Workspace, stick: Path) -> None:
    """Both sides take each other's card from the stick and compare fingerprints."""
    for mine, theirs in ((workspace, receiver), (receiver, workspace)):
        known = identity.import_card(mine, identity.export_card(theirs, stick))
        if known.fingerprint == identity.own_card(theirs).fingerprint:
            devices.confirm(mine, known.key)


def _deliver(package: Path, workspace: Workspace, progress: Progress) -> None:
    (outcome,) = receiving.import_files(workspace, [package], progress).outcomes
    if outcome.error is not None:
        raise outcome.error


def _commune(folder: Path, sample: Mapping[str, Any]) -> Workspace:
    workspace = setup.create(
        folder,
        unit_code=sample["unit"],
        role=Role.COMMUNE,
        catalogue_id=sample["catalogue"],
        year=sample["year"],
        region=sample["region"],
        sample=True,
    )
    setup.save_profile(workspace, sample["profile"])
    return workspace


def fill(workspace: Workspace, sources: Path, sample: Mapping[str, Any], progress: Progress | None = None) -> None:
    """Enter sample levels, results, evidence and all other data into an empty assessment."""
    progress = progress or Silent()
    shown = overview.assessed(workspace)
    assessment_id = shown.assessment.assessment_id
    items = list(shown.by_code.values())
    progress.start(_("Đang tạo dữ liệu mẫu"), len(items) * 2)
    for item in items:
        if not item.level.known and item.level.operator and item.indicator.measure.kind is not MeasureKind.BOOLEAN:
            level = sample["levels"].get(item.code, sample["other_level"])
            number, issued = sample["level_basis"]["number"], sample["level_basis"]["issued"]
            results.set_level(workspace, assessment_id, item.code, item.level.operator, level, number, issued)
        if item.code not in sample["no_result"]:
            results.save(workspace, assessment_id, item.code, _fields(item, sample))
        progress.advance()
    data_import.import_file(workspace, assessment_id, _samples() / "dossier.json")
    without = {*sample["no_result"], *sample["no_evidence"]}
    for place, item in enumerate(items, start=1):
        if item.code not in without:
            _attach(workspace, assessment_id, item, place, sources, sample)
        progress.advance()


def _fields(item: AssessedIndicator, sample: Mapping[str, Any]) -> dict[str, Any]:
    code = item.code
    fields: dict[str, Any] = {"data_source": sample["data_source"]}
    if code in sample["not_applicable"]:
        return fields | {"judgement": (Verdict.NOT_APPLICABLE, sample["not_applicable"][code])}
    fields["value"] = dict(_typed(item, sample))
    fields["figure_year"] = sample["figure_years"].get(code, sample["year"])
    if code in sample["explanations"]:
        fields["explanation"] = sample["explanations"][code]
    return fields


def _typed(item: AssessedIndicator, sample: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    measure, code = item.indicator.measure, item.code
    if measure.kind is MeasureKind.BOOLEAN:
        yield "holds", code not in sample["does_not_hold"]
    elif code in sample["fractions"]:
        yield from zip(("numerator", "denominator"), sample["fractions"][code], strict=True)
    else:
        yield measure.kind.value, sample["values"].get(code, sample["other_value"])
    if item.indicator.sub_conditions:
        yield "conditions", True


def _attach(
    workspace: Workspace,
    assessment_id: str,
    item: AssessedIndicator,
    place: int,
    sources: Path,
    sample: Mapping[str, Any],
) -> None:
    """One generated paper per indicator, and now and then a photo."""
    paper, photo, code = sample["paper"], sample["photo"], item.code
    details = {name: paper[name].format(place=place, code=code) for name in ("number", "issuer", "summary")}
    details["issued"] = f"{sample['year']}-{1 + place % 12:02d}-{1 + place % 28:02d}"
    evidence.add_files(workspace, assessment_id, [sample_document(sources, item, paper, details)], [code], details)
    if place % photo["every"] == 0:
        summary = {"summary": photo["summary"].format(code=code)}
        picture = sample_photo(sources, code, photo["words"].format(code=code))
        (added,) = evidence.add_files(workspace, assessment_id, [picture], [code], summary).added
        caption = {"caption": photo["caption"].format(code=code), "place": place // photo["every"]}
        dossier_data.save(workspace, assessment_id, "photo", added.evidence_id, caption)
