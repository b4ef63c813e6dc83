"""The main job on sample data, from an empty folder to an office's summary: to try, to train, to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.errors import WorkspaceExists
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, Verdict
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations import dossier, evidence, overview, packages, receiving, results, setup, wordings
from ntm_desktop.operations.demo_files import sample_document, sample_photo
from ntm_desktop.operations.workspace import Role, Workspace, exists

UNIT, OFFICE = "03390", "12"
CATALOGUE, YEAR, REGION = "xa-ntm-2021-2025", 2024, "tdmnpb"
SAMPLE_BASIS = "00/QĐ-MẪU"

NOT_MET = {"11": "14,2", "13.1": "chưa đạt"}
OPEN = {"14.2", "17.9"}
WITHOUT_EVIDENCE = {"6.2", "8.4", "17.7", "18.6"}
FRACTIONS = {"17.1": ("812", "1040"), "15.1": ("4.126,0", "4380"), "6.3": ("14", "14"), "16": ("13", "14")}
LEVELS = {"10": "39", "11": "13", "14.2": "70", "15.3": "24", "17.1": "50", "16": "80"}
VALUES = {"10": "41,5", "17.4": "2,6", "15.3": "21,4", "17.11": "34,5", "17.12": "52"}


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Where everything lies, and the summary in lines."""

    workspace: Path
    office: Path
    dossier: tuple[Path, ...]
    package: Path
    lines: tuple[str, ...]


def make(folder: Path, progress: Progress | None = None) -> DemoReport:
    """Make the sample: commune workspace, results, evidence, dossier, package, office.

    Raises:
        WorkspaceExists: the folder holds a sample already.
    """
    progress = progress or Silent()
    commune, office = folder / "commune", folder / "office"
    if exists(commune) or exists(office):
        raise WorkspaceExists(
            _("Thư mục {folder} đã có dữ liệu mẫu.").format(folder=folder),
            _("Dữ liệu cũ giữ nguyên. Hãy chọn thư mục khác hoặc xoá thư mục này rồi làm lại."),
        )
    with _commune(commune) as workspace:
        fill(workspace, folder / "sources", progress)
        assessment_id = workspace.info().current
        printed = dossier.write(workspace, assessment_id, folder / "dossier", progress=progress)
        exported = packages.export(workspace, folder / "usb", progress=progress)
    with setup.create(office, unit_code=OFFICE, role=Role.OFFICE, sample=True) as receiver:
        receiving.import_files(receiver, [exported.path], progress)
        lines = wordings.office_lines(overview.office_rows(receiver))
    return DemoReport(commune, office, printed, exported.path, lines)


def _commune(folder: Path) -> Workspace:
    workspace = setup.create(
        folder,
        unit_code=UNIT,
        role=Role.COMMUNE,
        catalogue_id=CATALOGUE,
        year=YEAR,
        region=REGION,
        sample=True,
    )
    setup.save_profile(
        workspace,
        {"signer_title": "CHỦ TỊCH", "signer_name": "(Người ký mẫu)", "receiving_office": "Cơ quan tiếp nhận (mẫu)"},
    )
    return workspace


def fill(workspace: Workspace, sources: Path, progress: Progress | None = None) -> None:
    """Enter plainly marked sample levels, results and evidence into an empty assessment on the 2021-2025 set."""
    progress = progress or Silent()
    shown = overview.assessed(workspace)
    assessment_id = shown.assessment.assessment_id
    items = list(shown.by_code.values())
    progress.start(_("Đang tạo dữ liệu mẫu"), len(items) * 2)
    for item in items:
        if not item.level.known and item.indicator.measure.kind is not MeasureKind.BOOLEAN:
            operator = item.level.operator or "=="
            results.set_level(workspace, assessment_id, item.code, operator, _level(item), SAMPLE_BASIS, "2024-01-15")
        if item.code not in OPEN:
            results.save(workspace, assessment_id, item.code, _fields(item))
        progress.advance()
    for number, item in enumerate(items, start=1):
        if item.code not in OPEN | WITHOUT_EVIDENCE:
            _attach(workspace, assessment_id, item, number, sources)
        progress.advance()


def _level(item: AssessedIndicator) -> str:
    return LEVELS.get(item.code, "70")


def _fields(item: AssessedIndicator) -> dict[str, object]:
    fields: dict[str, object] = {"data_source": "Số liệu mẫu", "figure_year": YEAR, "value": dict(_typed(item))}
    if item.code in NOT_MET:
        fields["explanation"] = "Dữ liệu mẫu: chưa đạt, đang thực hiện kế hoạch khắc phục."
    if item.code == "13.4":
        fields["value"] = None
        fields["judgement"] = (Verdict.NOT_APPLICABLE, "Dữ liệu mẫu: xã không có làng nghề.")
    if item.code == "9.2":
        fields["figure_year"] = YEAR - 1
    return fields


def _typed(item: AssessedIndicator) -> Iterator[tuple[str, object]]:
    measure, code = item.indicator.measure, item.code
    if measure.kind is MeasureKind.BOOLEAN:
        yield "holds", code not in NOT_MET
    elif code in FRACTIONS:
        yield from zip(("numerator", "denominator"), FRACTIONS[code], strict=True)
    elif measure.kind is MeasureKind.PERCENT:
        yield "percent", NOT_MET.get(code) or VALUES.get(code) or "100"
    else:
        yield measure.kind.value, VALUES.get(code, "100")
    if item.indicator.sub_conditions:
        yield "conditions", True


def _attach(workspace: Workspace, assessment_id: str, item: AssessedIndicator, number: int, sources: Path) -> None:
    """One generated paper per indicator, and a photo for those about things that one can see."""
    details = {
        "number": f"{number:02d}/BC-MẪU",
        "issued": f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "issuer": "Đơn vị cung cấp số liệu (mẫu)",
        "summary": f"Báo cáo mẫu về chỉ tiêu {item.code}",
    }
    files = [sample_document(sources, item, details)]
    evidence.add_files(workspace, assessment_id, files, [item.code], details)
    if number % 6 == 0:
        photo = sample_photo(sources, item)
        evidence.add_files(workspace, assessment_id, [photo], [item.code], {"summary": f"Ảnh mẫu chỉ tiêu {item.code}"})
