"""What is to be done before printing, grouped so that fifty missing results are one line that opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import issues
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.issues import Issue, IssueCode

_GROUPS = {
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
}
_ONLY_TO_KNOW = (IssueCode.NOT_MET, IssueCode.EVIDENCE_WITHOUT_NUMBER, IssueCode.OTHER_YEAR)
_BLANKS = ("signer_title", "signer_name", "receiving_office")  # what nothing stands in for


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the window and a place on it."""

    page: str
    place: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the checklist; ``to_do`` off where it is only to be known."""

    key: str
    text: str
    place: Place
    to_do: bool = True
    inner: tuple[Entry, ...] = ()


def entries(assessed: Assessed) -> tuple[Entry, ...]:
    """The lines, what is to be done first."""
    found = issues.find(assessed)
    made = [
        _group(assessed, code, [issue for issue in found if issue.code is code])
        for code in _GROUPS
        if any(issue.code is code for issue in found)
    ]
    blank = sum(not getattr(assessed.profile, name) for name in _BLANKS)
    if blank:
        text = _("Điền nơi nhận và người ký: còn {count} ô trống").format(count=blank)
        made.append(Entry("profile", text, Place("settings", "profile")))
    return tuple(sorted(made, key=lambda entry: not entry.to_do))


def to_do_count(lines: Iterable[Entry]) -> int:
    """How many lines are to be done."""
    return sum(entry.to_do for entry in lines)


def _group(assessed: Assessed, code: IssueCode, found: list[Issue]) -> Entry:
    inner = tuple(_single(assessed, issue) for issue in found)
    text = _(_GROUPS[code]).format(count=len(found))
    single = inner[0] if len(inner) == 1 else None
    if single is not None and single.place.place:
        what = found[0].indicator or single.text  # the line is short: an indicator's long name would hide what to do
        return Entry(code.value, f"{what}: {wording.issue_sentence(found[0])}", single.place, _is_to_do(code))
    return Entry(code.value, text, inner[0].place, _is_to_do(code), inner if single is None else ())


def _is_to_do(code: IssueCode) -> bool:
    return code not in _ONLY_TO_KNOW


def _single(assessed: Assessed, issue: Issue) -> Entry:
    if issue.indicator:
        name = assessed.by_code[issue.indicator].indicator.name
        page = "evidence" if issue.code is IssueCode.EVIDENCE_WITHOUT_NUMBER else "criteria"
        return Entry(f"{issue.code} {issue.indicator}", f"{issue.indicator} {name}", Place(page, issue.indicator))
    if issue.evidence_id:
        names = {item.evidence_id: item.title for item in assessed.evidence}
        title = names.get(issue.evidence_id, "")
        return Entry(f"{issue.code} {issue.evidence_id}", title, Place("evidence", issue.evidence_id))
    return Entry(issue.code.value, wording.issue_sentence(issue), Place("settings", ""))
