"""Conditions of recognition, each with what the data say of it; dotted lines where they say nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import Block, FillIn, Paragraph, lettered, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.debt import Debts
from ntm_desktop.dossier.parts.figures import WHOLE, cited, dated, figure, limit_of, percent
from ntm_desktop.dossier.parts.results import ended
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.numbers import shown
from ntm_desktop.model.procedure import Check, Condition, SettingId
from ntm_desktop.model.records import Record

HOLDS, FAILS = "đáp ứng điều kiện", "chưa đáp ứng điều kiện"
_TOLD_BY_RESULTS = "Đạt các tiêu chí"  # a condition of a set that the results themselves answer
_SAME = 24  # letters by which a set's condition is known again in the procedure's list
_WORDS: Mapping[Check, str] = {Check.POLL: "hài lòng", Check.DEBT: "nợ đọng"}


def conditions(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The procedure's conditions with their answers, then those of the set that the procedure does not name."""
    for place, (condition, said) in enumerate(answers(facts)):
        yield stated(f"{lettered(place)} {condition}", said)


def stated(condition: str, said: str) -> Block:
    """A condition with its answer, or with room for one."""
    return Paragraph(text(f"{condition}: {ended(said)}")) if said else FillIn(f"{condition}:", 1)


def answers(facts: DossierFacts) -> list[tuple[str, str]]:
    """Conditions in words, each with its answer; an empty one where the data have none."""
    found = [
        (_bare(condition.text), _BY_CHECK[condition.check](facts, condition))
        for condition in facts.procedure.conditions
    ]
    return [*found, *((_bare(words), "") for words in _of_set(facts))]


def unmet(facts: DossierFacts) -> list[str]:
    """Conditions that the data say are not met; what is not known is not among them."""
    return [words for words, said in answers(facts) if said.startswith(FAILS) or said.endswith(FAILS)]


def _of_set(facts: DossierFacts) -> Iterator[str]:
    known = [_key(condition.text) for condition in facts.procedure.conditions]
    checks = {condition.check for condition in facts.procedure.conditions}
    for words in facts.assessed.catalogue.conditions:
        named = any(_key(words)[:_SAME] in text for text in known)
        computed = any(check in checks and sign in words for check, sign in _WORDS.items())
        if not (named or computed or words.startswith(_TOLD_BY_RESULTS)):
            yield words


def _key(words: str) -> str:
    return words.lower().replace(" đã ", " ")


def _bare(words: str) -> str:
    return words.strip().rstrip(".;:")


def _criteria(facts: DossierFacts, condition: Condition) -> str:
    assessed = facts.assessed
    if not assessed.catalogue.indicators_complete:
        known, whole = len(assessed.by_code), assessed.catalogue.indicator_total or 0
        return f"chưa kết luận, do danh mục của bộ tiêu chí mới có {phrases.counted(known)}/{whole} chỉ tiêu"
    return f"tự đánh giá {phrases.standing(assessed)}; {HOLDS if phrases.fulfilled(assessed) else FAILS}"


def _debt(facts: DossierFacts, condition: Condition) -> str:
    records, state = facts.of("debt"), facts.one("debt_state")
    debts, until = Debts.of(records), f"tính đến {dated(state.text('until'))}"
    if debts.left:
        count = phrases.counted(len(debts.left))
        return f"{until}, còn nợ đọng {figure(debts.total)} triệu đồng của {count} công trình, dự án; {FAILS}"
    if debts.unsettled(state):
        return ""
    by = state.text("confirmed_by").strip()
    confirmed = f" (văn bản xác nhận: {by})" if by else ""
    return f"{until}, không có nợ đọng xây dựng cơ bản{confirmed}; {HOLDS}"


def _poll(facts: DossierFacts, condition: Condition) -> str:
    poll, needed = facts.poll, limit_of(facts.settings.get(SettingId.POLL_TOTAL))
    each = limit_of(facts.settings.get(SettingId.POLL_QUESTION))
    reached = poll.total_share
    shares = [poll.share(question.record_id) for question in poll.questions]
    if reached is None or any(share is None or share > WHOLE for share in shares):
        return ""  # ballots that cannot be prove nothing
    said = f"tỷ lệ hài lòng chung đạt {percent(reached, *filter(None, (needed,)))}% trên tổng số phiếu hợp lệ"
    if needed is None or (each is None and SettingId.POLL_QUESTION in facts.settings):
        return said  # nothing is concluded while a limit is not known
    low = sum(share is not None and each is not None and share < each for share in shares)
    limits = f"mức quy định: từ {shown(needed)}% trở lên"
    if each is not None:
        limits += f", từng nội dung từ {shown(each)}% trở lên"
    below = f"; {phrases.counted(low)} nội dung có tỷ lệ hài lòng dưới mức quy định" if low else ""
    return f"{said} ({limits}){below}; {FAILS if low or reached < needed else HOLDS}"


def _stated(facts: DossierFacts, condition: Condition) -> str:
    record = facts.one("condition", condition.id)
    holds = record.values.get("holds")
    if holds is None:
        return ""
    said = (HOLDS if holds else FAILS) + _paper(record)
    note = record.text("note").strip()
    return f"{said}; {note}" if note else said


def _paper(record: Record) -> str:
    """«, theo Văn bản số 9/XN-CAX ngày 03 tháng 10 năm 2024», as far as it is known."""
    number, issued = record.text("number").strip(), record.text("issued")
    if not number:
        return ""
    if " " in number:  # typed with its kind: «Giấy xác nhận số 9/XN-CAX»
        return f", theo {number} {dated(issued)}" if issued else f", theo {number}"
    return f", theo văn bản {cited(number, issued)}" if issued else f", theo văn bản số {number}"


_BY_CHECK: Mapping[Check, Callable[[DossierFacts, Condition], str]] = {
    Check.CRITERIA: _criteria,
    Check.DEBT: _debt,
    Check.POLL: _poll,
    Check.STATED: _stated,
}

PARTS: dict[str, Part] = {"conditions": conditions}
