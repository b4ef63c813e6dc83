"""Sentences for what the rules find: one wording for window, command line and documents."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers, values
from ntm_desktop.model.appraisal import DossierReturn, OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import AssessedIndicator, LevelOrigin, ResolvedLevel, Verdict, Why
from ntm_desktop.model.catalogue import Catalogue, LegalBasis, Measure, MeasureKind, Operator, Source
from ntm_desktop.model.issues import Issue, IssueCode
from ntm_desktop.model.readiness import Finding, FindingCode
from ntm_desktop.model.text import one_line
from ntm_desktop.model.values import ProblemCode, ValueProblem

VIETNAM = timezone(timedelta(hours=7))

VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.MET: N_("Đạt"),
    Verdict.NOT_MET: N_("Chưa đạt"),
    Verdict.NOT_ASSESSED: N_("Chưa đánh giá"),
    Verdict.NOT_APPLICABLE: N_("Không áp dụng"),
}
VERDICT_SYMBOLS: Mapping[Verdict, str] = {
    Verdict.MET: "✔",
    Verdict.NOT_MET: "✖",
    Verdict.NOT_ASSESSED: "○",
    Verdict.NOT_APPLICABLE: "–",
}
OPINION_NAMES: Mapping[OpinionVerdict, str] = {
    OpinionVerdict.AGREED: N_("Đồng ý"),
    OpinionVerdict.DISAGREED: N_("Chưa đồng ý"),
    OpinionVerdict.SUPPLEMENT: N_("Cần bổ sung"),
}
OPINION_SYMBOLS: Mapping[OpinionVerdict, str] = {
    OpinionVerdict.AGREED: "✔",
    OpinionVerdict.DISAGREED: "✖",
    OpinionVerdict.SUPPLEMENT: "+",
}
RETURN_NAMES: Mapping[ReturnStatus, str] = {
    ReturnStatus.RECEIVED: N_("Đã tiếp nhận"),
    ReturnStatus.RETURNED: N_("Trả lại để bổ sung"),
    ReturnStatus.ACCEPTED: N_("Đã chấp thuận"),
}
_RETURN_SENTENCES: Mapping[ReturnStatus, str] = {
    ReturnStatus.RECEIVED: N_("Cơ quan tiếp nhận đã tiếp nhận hồ sơ"),
    ReturnStatus.RETURNED: N_("Cơ quan tiếp nhận trả lại hồ sơ"),
    ReturnStatus.ACCEPTED: N_("Cơ quan tiếp nhận đã chấp thuận hồ sơ"),
}
OPERATOR_SIGNS: Mapping[Operator, str] = {
    Operator.AT_LEAST: "≥",
    Operator.AT_MOST: "≤",
    Operator.MORE: ">",
    Operator.LESS: "<",
    Operator.EQUAL: "=",
}
SOURCE_NAMES: Mapping[Source, str] = {
    Source.FOUND: N_("đã đọc thấy trong văn bản hoặc trang được dẫn"),
    Source.MEMORY: N_("ghi theo trí nhớ của người lập, cần đối chiếu với văn bản gốc"),
    Source.UNCERTAIN: N_("chưa chắc chắn, phải đối chiếu với văn bản gốc"),
    Source.TYPED: N_("do người giữ văn bản nhập"),
}
WHY_SENTENCES: Mapping[Why, str] = {
    Why.COMPUTED: N_("Tự tính từ kết quả và mức đạt chuẩn."),
    Why.BY_HAND: N_("Đánh giá bằng tay, có ghi lý do."),
    Why.NO_RESULT: N_("Chưa nhập kết quả."),
    Why.NO_LEVEL: N_("Chưa có mức đạt chuẩn tại địa phương: hãy nhập mức kèm số văn bản, hoặc đánh giá bằng tay."),
    Why.VALUE_UNCLEAR: N_("Kết quả đã nhập chưa rõ nên chưa thể kết luận."),
    Why.PARTS_OPEN: N_("Còn nội dung chưa trả lời."),
    Why.CONDITIONS_OPEN: N_("Tự tính từ kết quả và mức đạt chuẩn; còn phải xác nhận điều kiện kèm theo."),
    Why.CONDITIONS_FAIL: N_("Không đáp ứng điều kiện kèm theo."),
    Why.JUDGE_BY_HAND: N_("Chỉ tiêu này do người có trách nhiệm đánh giá, phần mềm không tự kết luận."),
    Why.SET_INCOMPLETE: N_("Bộ tiêu chí chưa đủ chỉ tiêu nên phần mềm không kết luận."),
}
_ISSUES: Mapping[IssueCode, str] = {
    IssueCode.MISSING_RESULT: N_("Chưa nhập kết quả."),
    IssueCode.MISSING_LEVEL: N_("Chưa có mức đạt chuẩn tại địa phương."),
    IssueCode.MISSING_EVIDENCE: N_("Chưa có minh chứng."),
    IssueCode.VALUE_UNCLEAR: N_("Kết quả đã nhập chưa rõ."),
    IssueCode.PARTS_OPEN: N_("Còn nội dung chưa trả lời."),
    IssueCode.CONDITIONS_OPEN: N_("Chưa xác nhận điều kiện kèm theo."),
    IssueCode.JUDGE_BY_HAND: N_("Cần đánh giá bằng tay, có ghi lý do."),
    IssueCode.NOT_MET: N_("Chưa đạt chuẩn."),
    IssueCode.EVIDENCE_WITHOUT_NUMBER: N_("Minh chứng chưa có số hoặc ngày văn bản."),
    IssueCode.EVIDENCE_FILE_MISSING: N_("Không tìm thấy tệp minh chứng trên máy này."),
    IssueCode.OTHER_YEAR: N_("Số liệu lấy từ năm khác."),
    IssueCode.SET_INCOMPLETE: N_("Bộ tiêu chí này chưa đủ chỉ tiêu: phần mềm không kết luận đạt hay chưa đạt."),
}
COMPONENT_NAMES: Mapping[str, str] = {
    "holds": N_("Kết quả"),
    "percent": N_("Tỷ lệ"),
    "numerator": N_("Tử số"),
    "denominator": N_("Mẫu số"),
    "number": N_("Số liệu"),
    "choice": N_("Mức"),
    "parts": N_("Nội dung"),
    "text": N_("Nội dung"),
}


def verdict_name(verdict: Verdict) -> str:
    """«Đạt», «Chưa đạt» …"""
    return _(VERDICT_NAMES[verdict])


def verdict_with_symbol(verdict: Verdict) -> str:
    """«✔ Đạt» …: never a colour alone."""
    return f"{VERDICT_SYMBOLS[verdict]} {verdict_name(verdict)}"


def opinion_name(verdict: OpinionVerdict) -> str:
    """What the office thinks of a result: «Đồng ý», «Chưa đồng ý», «Cần bổ sung»."""
    return _(OPINION_NAMES[verdict])


def opinion_with_symbol(verdict: OpinionVerdict) -> str:
    """«✔ Đồng ý» …: never a colour alone."""
    return f"{OPINION_SYMBOLS[verdict]} {opinion_name(verdict)}"


def return_name(status: ReturnStatus) -> str:
    """What the office did with the dossier: «Đã tiếp nhận», «Trả lại để bổ sung», «Đã chấp thuận»."""
    return _(RETURN_NAMES[status])


def return_sentence(given: DossierReturn, longest: int = 0) -> str:
    """«Cơ quan tiếp nhận trả lại hồ sơ: …»; of a note longer than ``longest`` signs (0: any) the beginning."""
    words, note = _(_RETURN_SENTENCES[given.status]), one_line(given.note)
    if longest and len(note) > longest:
        note = f"{note[: longest - 1]}…"
    return _("{what}: {note}").format(what=words, note=note) if note else f"{words}."


def verdict_note(item: AssessedIndicator, year: int) -> str:
    """What must stand beside a verdict wherever it appears: given by hand, figure of another year, taken over."""
    notes: list[str] = []
    if item.by_hand:
        notes.append(_("đánh giá bằng tay"))
    if item.why is Why.CONDITIONS_OPEN:
        notes.append(_("chưa xác nhận điều kiện kèm theo"))
    if item.result.carried_from is not None and item.result.entered:
        notes.append(_("sử dụng kết quả năm trước liền kề ({year})").format(year=item.result.carried_from))
    elif item.result.entered and item.result.figure_year not in (None, year):
        notes.append(_("số liệu năm {year}").format(year=item.result.figure_year))
    return "; ".join(notes)


def level_text(level: ResolvedLevel, measure: Measure) -> str:
    """The level as it stands in the table: «≥ 50 %», «Đạt», «Không», or that it is not known."""
    if not level.known:
        return _("Chưa có mức đạt chuẩn tại địa phương")
    assert level.operator is not None and level.threshold is not None
    return requirement_text(level.operator, level.threshold, measure)


def requirement_text(operator: Operator, threshold: Decimal, measure: Measure) -> str:
    """Operator and threshold in the measure's unit."""
    if operator is Operator.HOLDS:
        return _("Đạt")
    if operator is Operator.ABSENT:
        return _("Không")
    sign = OPERATOR_SIGNS[operator]
    if measure.kind is MeasureKind.CHOICE:
        names = [choice.name for choice in measure.choices if choice.rank == threshold]
        return f"{sign} {names[0]}" if names else f"{sign} {numbers.shown(threshold)}"
    if measure.kind is MeasureKind.CHECKLIST:
        return _("{sign} {count} nội dung").format(sign=sign, count=numbers.shown(threshold))
    unit = measure.unit or ("%" if measure.kind is MeasureKind.PERCENT else "")
    if unit == "%" and operator is Operator.AT_LEAST and threshold == 100:
        sign = ""  # as decisions write it: no share is more than all
    return f"{sign} {numbers.shown(threshold)}{'' if unit == '%' else ' '}{unit}".strip()


def basis_text(basis: LegalBasis) -> str:
    """«QĐ 318/QĐ-TTg ngày 08/3/2022»."""
    text = basis.number
    if basis.issued:
        text = _("{number} ngày {date}").format(number=text, date=date_text(basis.issued))
    return text


def level_origin_text(level: ResolvedLevel, catalogue: Catalogue) -> str:
    """Where the level comes from, with how sure it is."""
    if level.origin is LevelOrigin.LOCAL:
        return _("mức của địa phương theo {basis}").format(basis=basis_text(level.basis))
    parts = [basis_text(level.basis)]
    names = {region.id: region.name for region in catalogue.regions}
    if level.region in names:
        parts.append(_("vùng {region}").format(region=names[level.region]))
    if level.year is not None:
        parts.append(_("mức năm {year}").format(year=level.year))
    if level.known and level.source is not Source.TYPED:
        parts.append(_(SOURCE_NAMES[level.source]))
    return "; ".join(parts)


def value_text(measure: Measure, value: Mapping[str, Any] | None, level: ResolvedLevel | None = None) -> str:
    """A stored value as it is read: «78,08% (812/1.040)», «Đạt», «Không còn»; what cannot be read as it was typed."""
    if value is None:
        return ""
    typed = value.get("typed", {})
    if typed:
        return " / ".join(str(text) for text in typed.values())
    return _VALUE_TEXTS[measure.kind](measure, value, level)


def _boolean_text(measure: Measure, value: Mapping[str, Any], level: ResolvedLevel | None) -> str:
    absent = level is not None and level.operator is Operator.ABSENT
    if "holds" not in value:
        return ""
    if absent:
        return _("Không") if value["holds"] else _("Có")
    return _("Đạt") if value["holds"] else _("Chưa đạt")


def _number_text(measure: Measure, value: Mapping[str, Any], level: ResolvedLevel | None) -> str:
    number = values.number_of(measure, value)
    threshold = level.threshold if level else None
    if measure.kind is MeasureKind.PERCENT:
        numerator, denominator = value.get("numerator"), value.get("denominator")
        if numerator is not None or denominator is not None:
            shown = [numbers.shown(Decimal(part)) if part is not None else "…" for part in (numerator, denominator)]
            fraction = "/".join(shown)
            return fraction if number is None else f"{numbers.shown_beside(number, threshold)}% ({fraction})"
        return "" if number is None else f"{numbers.shown(number)}%"
    return "" if number is None else f"{numbers.shown(number)} {measure.unit}".strip()


def _choice_text(measure: Measure, value: Mapping[str, Any], level: ResolvedLevel | None) -> str:
    return next((choice.name for choice in measure.choices if choice.id == value.get("choice")), "")


def _checklist_text(measure: Measure, value: Mapping[str, Any], level: ResolvedLevel | None) -> str:
    ticked, _open = values.checklist_counts(measure, value)
    return _("{done}/{all} nội dung").format(done=ticked, all=len(measure.parts))


def _free_text(measure: Measure, value: Mapping[str, Any], level: ResolvedLevel | None) -> str:
    return str(value.get("text", ""))


_VALUE_TEXTS: Mapping[MeasureKind, Callable[[Measure, Mapping[str, Any], ResolvedLevel | None], str]] = {
    MeasureKind.BOOLEAN: _boolean_text,
    MeasureKind.PERCENT: _number_text,
    MeasureKind.NUMBER: _number_text,
    MeasureKind.CHOICE: _choice_text,
    MeasureKind.CHECKLIST: _checklist_text,
    MeasureKind.TEXT: _free_text,
}


def problem_sentence(problem: ValueProblem) -> str:
    """What is wrong with a value, and what to type instead."""
    component = _(COMPONENT_NAMES.get(problem.component, problem.component))
    if problem.code is ProblemCode.AMBIGUOUS:
        one, other = (numbers.shown(candidate) for candidate in problem.candidates)
        as_groups = numbers.canonical(problem.candidates[0])
        return _("«{typed}» có thể là {whole} (gõ {plain}) hoặc {decimal}. Hãy gõ lại cho rõ.").format(
            typed=problem.typed, whole=one, plain=as_groups, decimal=other
        )
    return _(_PROBLEMS[problem.code]).format(component=component, typed=problem.typed)


_PROBLEMS: Mapping[ProblemCode, str] = {
    ProblemCode.NOT_A_NUMBER: N_("{component}: «{typed}» không phải là số. Hãy gõ số như 1.234,56 hoặc 12,5."),
    ProblemCode.NEGATIVE: N_("{component}: tỷ lệ không thể là số âm ({typed})."),
    ProblemCode.OVER_100: N_("{component}: tỷ lệ lớn hơn 100% ({typed})."),
    ProblemCode.ZERO_DENOMINATOR: N_("Mẫu số phải lớn hơn 0."),
    ProblemCode.PART_OVER_WHOLE: N_("Tử số lớn hơn mẫu số."),
    ProblemCode.HALF_FRACTION: N_("Còn thiếu {component}."),
    ProblemCode.UNKNOWN_CHOICE: N_("{component}: «{typed}» không có trong các mức của chỉ tiêu này."),
    ProblemCode.NOT_YES_NO: N_("{component}: «{typed}» chưa rõ. Hãy ghi «Đạt» hoặc «Chưa đạt»."),
    ProblemCode.UNKNOWN_PART: N_("{component}: «{typed}» không có trong các nội dung của chỉ tiêu này."),
}


def issue_sentence(issue: Issue) -> str:
    """An issue as one sentence, without its place."""
    if issue.problem is not None:
        return problem_sentence(issue.problem)
    return _(_ISSUES[issue.code])


_FINDINGS: Mapping[FindingCode, str] = {
    FindingCode.CRITERIA_UNMET: N_("Còn {not_met} chỉ tiêu chưa đạt, {open} chỉ tiêu chưa đánh giá."),
    FindingCode.CONDITION_OPEN: N_("Chưa xác định: {condition}."),
    FindingCode.CONDITION_FAILS: N_("Không đáp ứng: {condition}."),
    FindingCode.CONDITION_WITHOUT_PAPER: N_("Chưa ghi văn bản xác nhận: {condition}."),
    FindingCode.DEBT_OPEN: N_("Chưa xác định tình hình nợ đọng xây dựng cơ bản."),
    FindingCode.DEBT_LEFT: N_("Còn nợ đọng {amount} triệu đồng: {project}."),
    FindingCode.DEBT_CONTRADICTS: N_("Ghi là không có nợ đọng nhưng bảng công trình còn nợ."),
    FindingCode.POLL_MISSING: N_("Chưa có kết quả lấy ý kiến hài lòng."),
    FindingCode.POLL_COUNT_MISSING: N_("{village}: chưa có số phiếu hài lòng của «{question}»."),
    FindingCode.POLL_IMPOSSIBLE: N_("{village}: số phiếu không khớp (hài lòng, hợp lệ, thu về, phát ra, số hộ)."),
    FindingCode.POLL_BELOW: N_("Tỷ lệ hài lòng chung {reached}%, cần từ {needed}%."),
    FindingCode.POLL_QUESTION_BELOW: N_("«{question}»: hài lòng {reached}%, cần từ {needed}%."),
    FindingCode.POLL_TOO_FEW: N_("Mới lấy ý kiến {reached}% số hộ, cần từ {needed}%."),
    FindingCode.VOTE_MISSING: N_("Chưa có cuộc họp bỏ phiếu đề nghị xét, công nhận."),
    FindingCode.VOTE_BELOW: N_("Tỷ lệ nhất trí {reached}%, cần từ {needed}%."),
    FindingCode.VOTE_IMPOSSIBLE: N_("Tổng số phiếu lớn hơn số đại biểu có mặt."),
    FindingCode.FRONT_SILENT: N_("Chưa có ý kiến của Ủy ban Mặt trận Tổ quốc Việt Nam xã."),
    FindingCode.OPINION_UNANSWERED: N_("Chưa ghi tiếp thu, giải trình ý kiến của {name}."),
    FindingCode.BROADCASTS_BELOW: N_("Đã phát truyền thanh {reached} lần, cần ít nhất {needed} lần."),
    FindingCode.POSTED_TOO_SHORT: N_("Đã niêm yết {reached} ngày, cần ít nhất {needed} ngày."),
    FindingCode.FIELD_MISSING: N_("{kind} {name}: chưa ghi «{field}»."),
    FindingCode.SETTING_UNKNOWN: N_("Chưa rõ quy định: {setting}. Hãy ghi mức của địa phương và văn bản quy định."),
    FindingCode.SETTING_REMEMBERED: N_("{setting}: {value}, ghi theo trí nhớ; hãy đối chiếu văn bản."),
    FindingCode.SECTION_EMPTY: N_("{paper}: chưa soạn «{section}», sẽ in dòng chấm."),
    FindingCode.SIGNER_MISSING: N_("{paper}: chưa có người ký."),
    FindingCode.PAPER_WITHOUT_NUMBER: N_("{paper}: chưa có số hoặc ngày ký."),
    FindingCode.PAPER_UNSIGNED: N_("{paper}: chưa đánh dấu đã ký, đóng dấu."),
    FindingCode.PAPER_BEFORE_VOTE: N_("{paper}: ngày ký trước ngày họp bỏ phiếu."),
    FindingCode.PAPER_AFTER_REQUEST: N_("{paper}: ngày ký sau ngày của tờ trình."),
    FindingCode.MONEY_MISSING: N_("Chưa có số liệu nguồn lực huy động."),
    FindingCode.SPENT_OVER_RAISED: N_("Năm {year}: số giải ngân lớn hơn số huy động."),
    FindingCode.PHOTOS_MISSING: N_("Chưa có ảnh nào cho phụ lục ảnh."),
    FindingCode.SHEETS_UNKNOWN: N_("Chưa rõ số tờ: {title}."),
}
_TRANSLATED = ("kind", "field")  # arguments that are texts of the program
_NUMBERS = ("reached", "needed", "amount")


def finding_sentence(finding: Finding) -> str:
    """A line of the checklist before printing, without its place where that is an indicator or piece of evidence."""
    if finding.issue is not None:
        return issue_sentence(finding.issue)
    arguments = dict(finding.arguments)
    arguments["name"] = date_text(arguments.get("name", ""))  # a meeting is called by its date
    for name in _TRANSLATED:
        arguments[name] = _(arguments.get(name, ""))
    limit = Decimal(arguments.get("needed") or 0)  # never rounded to it, nor a debt to nothing
    for name in _NUMBERS:
        if arguments.get(name):
            arguments[name] = numbers.shown_beside(Decimal(arguments[name]), limit)
    return _(_FINDINGS[finding.code]).format(**arguments).replace(" :", ":").replace("..", ".")


def why_sentence(why: Why) -> str:
    """Why a verdict stands, or why none does."""
    return _(WHY_SENTENCES[why])


def date_text(iso: str) -> str:
    """An ISO date as dd/mm/yyyy; what is no date stays as it is."""
    try:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")
    except ValueError:
        return iso


def time_text(moment: datetime) -> str:
    """A moment as «10:32» today, else «20/11/2024 10:32», Vietnamese time."""
    local = moment.astimezone(VIETNAM)
    today = datetime.now(UTC).astimezone(VIETNAM).date()
    return local.strftime("%H:%M") if local.date() == today else local.strftime("%d/%m/%Y %H:%M")


_REASONS: Mapping[int, str] = {
    errno.ENOENT: N_("không tìm thấy tệp hoặc thư mục"),
    errno.EACCES: N_("không có quyền hoặc tệp đang bị chương trình khác giữ"),
    errno.EPERM: N_("không có quyền"),
    errno.ENOSPC: N_("ổ đĩa đã đầy"),
    errno.EROFS: N_("ổ đĩa chỉ cho đọc"),
    errno.EIO: N_("ổ đĩa không trả lời, có thể đã rút ra hoặc bị hỏng"),
    errno.ENXIO: N_("ổ đĩa không còn ở đó"),
    errno.ENODEV: N_("ổ đĩa không còn ở đó"),
    errno.ENAMETOOLONG: N_("tên hoặc đường dẫn quá dài"),
    errno.ENOTDIR: N_("đường dẫn đi qua một tệp, không phải thư mục"),
    errno.EISDIR: N_("đó là thư mục, không phải tệp"),
    errno.EEXIST: N_("đã có tệp hoặc thư mục cùng tên"),
    errno.EBUSY: N_("đang bị chương trình khác giữ"),
    errno.EFBIG: N_("tệp quá lớn đối với ổ đĩa này"),
    errno.EMFILE: N_("máy đang mở quá nhiều tệp"),
    errno.EINVAL: N_("ổ đĩa không nhận tên hoặc yêu cầu này"),
}


def system_reason(error: OSError) -> str:
    """Why the system refused, in the person's language; a reason that is not known here by its number."""
    reason = _REASONS.get(error.errno or 0)
    return _(reason) if reason else _("hệ thống báo lỗi số {number}").format(number=error.errno)


def size_text(size: int) -> str:
    """Bytes as «34,2 MB»."""
    amount = Decimal(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            return f"{numbers.shown(amount, 0 if unit == 'B' else 1)} {unit}"
        amount /= 1024
    raise AssertionError(size)
