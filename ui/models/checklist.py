"""What is to be done before printing, grouped so that fifty missing results are one line that opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.issues import IssueCode, Severity
from ntm_desktop.model.readiness import Area, Finding, FindingCode

_GROUPS: Mapping[str, str] = {
    IssueCode.SET_INCOMPLETE: N_("Bộ tiêu chí chưa đủ chỉ tiêu"),
    IssueCode.MISSING_RESULT: N_("Nhập kết quả: {count} chỉ tiêu"),
    IssueCode.MISSING_LEVEL: N_("Nhập mức đạt chuẩn của địa phương: {count} chỉ tiêu"),
    IssueCode.VALUE_UNCLEAR: N_("Sửa kết quả chưa rõ: {count} chỗ"),
    IssueCode.PARTS_OPEN: N_("Trả lời hết các nội dung: {count} chỉ tiêu"),
    IssueCode.CONDITIONS_OPEN: N_("Xác nhận điều kiện kèm theo: {count} chỉ tiêu"),
    IssueCode.JUDGE_BY_HAND: N_("Đánh giá bằng tay, ghi lý do: {count} chỉ tiêu"),
    IssueCode.MISSING_EVIDENCE: N_("Bổ sung minh chứng: {count} chỉ tiêu"),
    IssueCode.EVIDENCE_FILE_MISSING: N_("Tìm lại tệp minh chứng: {count} tệp"),
    IssueCode.NOT_MET: N_("Chưa đạt chuẩn: {count} chỉ tiêu"),
    IssueCode.EVIDENCE_WITHOUT_NUMBER: N_("Minh chứng chưa có số hoặc ngày: {count} tệp"),
    IssueCode.OTHER_YEAR: N_("Số liệu lấy từ năm khác: {count} chỉ tiêu"),
    FindingCode.FIELD_MISSING: N_("Điền số liệu còn trống: {count} ô"),
    FindingCode.SECTION_EMPTY: N_("Soạn nội dung văn bản: {count} phần"),
    FindingCode.SETTING_UNKNOWN: N_("Ghi quy định của địa phương: {count} mục"),
    FindingCode.SETTING_REMEMBERED: N_("Quy định cần đối chiếu: {count} mục"),
    FindingCode.SIGNER_MISSING: N_("Điền người ký: {count} văn bản"),
    FindingCode.PAPER_WITHOUT_NUMBER: N_("Văn bản chưa có số hoặc ngày: {count}"),
    FindingCode.PAPER_UNSIGNED: N_("Văn bản chưa ký, đóng dấu: {count}"),
    FindingCode.POLL_COUNT_MISSING: N_("Điền số phiếu hài lòng: {count} ô"),
    FindingCode.POLL_QUESTION_BELOW: N_("Nội dung có tỷ lệ hài lòng thấp: {count}"),
    FindingCode.POLL_IMPOSSIBLE: N_("Số phiếu không khớp: {count} chỗ"),
    FindingCode.DEBT_LEFT: N_("Công trình còn nợ đọng: {count}"),
    FindingCode.CONDITION_OPEN: N_("Xác định điều kiện công nhận: {count}"),
    FindingCode.CONDITION_WITHOUT_PAPER: N_("Ghi văn bản xác nhận điều kiện: {count}"),
    FindingCode.OPINION_UNANSWERED: N_("Ghi tiếp thu, giải trình: {count} ý kiến"),
    FindingCode.SHEETS_UNKNOWN: N_("Ghi số tờ của minh chứng: {count} tệp"),
}
_RANK = {Severity.BLOCKING: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the window and a place on it."""

    page: str
    place: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the checklist. ``to_do``: more than to be known; ``blocking``: an office would send it back."""

    key: str
    text: str
    place: Place
    to_do: bool = True
    inner: tuple[Entry, ...] = ()
    blocking: bool = False


def entries(assessed: Assessed, findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """The lines, what an office would send the dossier back for first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_code(finding), []).append(finding)
    ordered = sorted(groups.items(), key=lambda item: min(_RANK[finding.severity] for finding in item[1]))
    return tuple(entry for code, found in ordered for entry in _group(assessed, code, found))


def to_do_count(lines: Iterable[Entry]) -> int:
    """How many lines are to be done."""
    return sum(entry.to_do for entry in lines)


def place_of(finding: Finding) -> Place:
    """Where a finding is mended."""
    match finding.area:
        case Area.INDICATOR:
            proof = finding.issue is not None and finding.issue.code is IssueCode.EVIDENCE_WITHOUT_NUMBER
            return Place("evidence" if proof else "criteria", finding.place)
        case Area.EVIDENCE:
            return Place("evidence", finding.place)
        case Area.RECORD:
            return Place("data", finding.place)
        case Area.SECTION:
            return Place("dossier", f"section:{finding.place}")
        case Area.SETTING:
            return Place("dossier", f"setting:{finding.place}")
        case Area.PROFILE:
            return Place("settings", "profile")
        case Area.SET:
            return Place("settings", "")


def _code(finding: Finding) -> str:
    return str(finding.issue.code if finding.issue is not None else finding.code)


def _group(assessed: Assessed, code: str, found: list[Finding]) -> list[Entry]:
    """One line where there is one finding, or none that could be put together; else a line that opens."""
    severity = min((finding.severity for finding in found), key=lambda item: _RANK[item])
    to_do, blocking = severity is not Severity.NOTE, severity is Severity.BLOCKING
    singles = [_single(assessed, finding, to_do, blocking) for finding in found]
    if len(singles) == 1 or code not in _GROUPS:
        return [
            Entry(code if place == 0 else f"{code}-{place}", _alone(finding), single.place, to_do, (), blocking)
            for place, (single, finding) in enumerate(zip(singles, found, strict=True))
        ]
    return [Entry(code, _(_GROUPS[code]).format(count=len(found)), singles[0].place, to_do, tuple(singles), blocking)]


def _alone(finding: Finding) -> str:
    """A line of its own: an indicator's long name would hide what to do."""
    what = finding.place if finding.area is Area.INDICATOR and finding.issue is not None else ""
    sentence = wording.finding_sentence(finding)
    return f"{what}: {sentence}" if what else sentence


def _single(assessed: Assessed, finding: Finding, to_do: bool, blocking: bool) -> Entry:
    place = place_of(finding)
    text = wording.finding_sentence(finding)
    if finding.issue is not None and finding.issue.indicator:
        text = f"{finding.place} {assessed.by_code[finding.issue.indicator].indicator.name}"
    elif finding.area is Area.EVIDENCE and finding.place:
        names = {item.evidence_id: item.title for item in assessed.evidence}
        text = names.get(finding.place, text)
    return Entry(f"{_code(finding)} {finding.place}", text, place, to_do, (), blocking)
