"""What an office would send a dossier back for, found before it is printed. Pure checks; sentences are made elsewhere.

Limits are the procedure's settings. One that nobody has seen, or that is in doubt, is asked for and never concluded
from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ntm_desktop.model import issues
from ntm_desktop.model.assessment import Verdict
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, owed, share, total, vote_share
from ntm_desktop.model.issues import Issue, IssueCode, Severity
from ntm_desktop.model.procedure import AppliedSetting, Check, Condition, DocumentEntry, SettingId
from ntm_desktop.model.records import BY_ID, LISTS, SELF, Record, Writer


class FindingCode(StrEnum):
    """What is missing, wrong or doubtful."""

    ISSUE = "issue"  # of the results and the evidence: see model.issues
    CRITERIA_UNMET = "criteria_unmet"
    CONDITION_OPEN = "condition_open"
    CONDITION_FAILS = "condition_fails"
    CONDITION_WITHOUT_PAPER = "condition_without_paper"
    DEBT_OPEN = "debt_open"
    DEBT_LEFT = "debt_left"
    DEBT_CONTRADICTS = "debt_contradicts"
    POLL_MISSING = "poll_missing"
    POLL_COUNT_MISSING = "poll_count_missing"
    POLL_IMPOSSIBLE = "poll_impossible"
    POLL_BELOW = "poll_below"
    POLL_QUESTION_BELOW = "poll_question_below"
    POLL_TOO_FEW = "poll_too_few"
    VOTE_MISSING = "vote_missing"
    VOTE_BELOW = "vote_below"
    VOTE_IMPOSSIBLE = "vote_impossible"
    FRONT_SILENT = "front_silent"
    OPINION_UNANSWERED = "opinion_unanswered"
    BROADCASTS_BELOW = "broadcasts_below"
    POSTED_TOO_SHORT = "posted_too_short"
    FIELD_MISSING = "field_missing"
    SETTING_UNKNOWN = "setting_unknown"
    SETTING_REMEMBERED = "setting_remembered"
    SECTION_EMPTY = "section_empty"
    SIGNER_MISSING = "signer_missing"
    PAPER_WITHOUT_NUMBER = "paper_without_number"
    PAPER_UNSIGNED = "paper_unsigned"
    PAPER_BEFORE_VOTE = "paper_before_vote"
    PAPER_AFTER_REQUEST = "paper_after_request"
    MONEY_MISSING = "money_missing"
    SPENT_OVER_RAISED = "spent_over_raised"
    PHOTOS_MISSING = "photos_missing"
    SHEETS_UNKNOWN = "sheets_unknown"


class Area(StrEnum):
    """Where a finding is mended; ``Finding.place`` names the spot there."""

    INDICATOR = "indicator"  # place: code
    EVIDENCE = "evidence"  # place: evidence id
    RECORD = "record"  # place: kind, kind/record id, or kind/record id/field
    SECTION = "section"  # place: document.section
    SETTING = "setting"  # place: setting id
    PROFILE = "profile"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the checklist. ``arguments`` fill the sentence; ``issue`` is what stands behind an ISSUE."""

    code: FindingCode
    severity: Severity
    area: Area
    place: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    issue: Issue | None = None


def find(facts: DossierFacts) -> tuple[Finding, ...]:
    """All findings: results and evidence first, then conditions, data, papers."""
    found: list[Finding] = []
    for check in (_of_results, _conditions, _vote, _publication, _opinions, _money, _poll, _fields, _settings, _papers):
        found.extend(check(facts))
    return tuple(found)


def blocking(findings: tuple[Finding, ...]) -> int:
    """How many of them an office would send the dossier back for."""
    return sum(finding.severity is Severity.BLOCKING for finding in findings)


def _of_results(facts: DossierFacts) -> Iterator[Finding]:
    preceding = facts.settings.get(SettingId.PRECEDING_YEAR)
    allowed = preceding is not None and preceding.computable and preceding.value == "yes"
    for issue in issues.find(facts.assessed):
        severity = issue.severity
        if issue.code is IssueCode.OTHER_YEAR and not allowed:
            severity = Severity.WARNING
        area = Area.INDICATOR if issue.indicator else Area.EVIDENCE if issue.evidence_id else Area.SET
        yield Finding(FindingCode.ISSUE, severity, area, issue.indicator or issue.evidence_id, issue=issue)


# --- conditions of recognition


def _conditions(facts: DossierFacts) -> Iterator[Finding]:
    for condition in facts.procedure.conditions:
        yield from _BY_CHECK[condition.check](facts, condition)


def _criteria(facts: DossierFacts, condition: Condition) -> Iterator[Finding]:
    tally = facts.assessed.indicators_tally
    if tally.not_met or tally.not_assessed:
        counts = {"not_met": str(tally.not_met), "open": str(tally.not_assessed)}
        first = next(
            (
                code
                for code, item in facts.assessed.by_code.items()
                if item.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSED)
            ),
            "",
        )
        yield Finding(FindingCode.CRITERIA_UNMET, Severity.BLOCKING, Area.INDICATOR, first, counts)


def _stated(facts: DossierFacts, condition: Condition) -> Iterator[Finding]:
    record = facts.one("condition", condition.id)
    holds, place = record.values.get("holds"), f"condition/{condition.id}"
    arguments = {"condition": condition.text}
    if holds is None:
        yield Finding(FindingCode.CONDITION_OPEN, Severity.BLOCKING, Area.RECORD, f"{place}/holds", arguments)
    elif not holds:
        yield Finding(FindingCode.CONDITION_FAILS, Severity.BLOCKING, Area.RECORD, f"{place}/holds", arguments)
    elif not record.text("number"):
        yield Finding(FindingCode.CONDITION_WITHOUT_PAPER, Severity.WARNING, Area.RECORD, f"{place}/number", arguments)


def _debt(facts: DossierFacts, condition: Condition) -> Iterator[Finding]:
    projects, state = facts.of("debt"), facts.one("debt_state")
    left = [record for record in projects if (owed(record) or 0) > 0]
    if left and state.values.get("none") is True:
        yield Finding(FindingCode.DEBT_CONTRADICTS, Severity.BLOCKING, Area.RECORD, "debt_state/self/none")
    for record in left:
        arguments = {"project": record.text("project"), "amount": str(owed(record))}
        yield Finding(FindingCode.DEBT_LEFT, Severity.BLOCKING, Area.RECORD, f"debt/{record.record_id}", arguments)
    said, open_projects = state.values.get("none"), [record for record in projects if owed(record) is None]
    if not left and (open_projects or said is False or (not projects and said is not True)):
        yield Finding(FindingCode.DEBT_OPEN, Severity.BLOCKING, Area.RECORD, "debt_state/self/none")


def _poll_condition(facts: DossierFacts, condition: Condition) -> Iterator[Finding]:
    poll = facts.poll
    if not poll.villages or not poll.questions:
        kind = "poll_question" if poll.villages else "poll_village"
        yield Finding(FindingCode.POLL_MISSING, Severity.BLOCKING, Area.RECORD, kind)
        return
    needed = _limit(facts, SettingId.POLL_TOTAL)
    reached = poll.total_share
    if needed is not None and reached is not None and reached < needed:
        yield Finding(FindingCode.POLL_BELOW, Severity.BLOCKING, Area.RECORD, "poll_village", _shares(reached, needed))
    needed = _limit(facts, SettingId.POLL_QUESTION)
    for question in poll.questions:
        reached = poll.share(question.record_id)
        if needed is not None and reached is not None and reached < needed:
            arguments = _shares(reached, needed) | {"question": question.text("text")}
            place = f"poll_question/{question.record_id}"
            yield Finding(FindingCode.POLL_QUESTION_BELOW, Severity.BLOCKING, Area.RECORD, place, arguments)
    needed = _limit(facts, SettingId.POLL_HOUSEHOLDS)
    asked = share(poll.whole("sent"), poll.whole("households"))
    if needed is not None and asked is not None and asked < needed:
        yield Finding(FindingCode.POLL_TOO_FEW, Severity.BLOCKING, Area.RECORD, "poll_village", _shares(asked, needed))


_BY_CHECK: Mapping[Check, Callable[[DossierFacts, Condition], Iterator[Finding]]] = {
    Check.CRITERIA: _criteria,
    Check.DEBT: _debt,
    Check.POLL: _poll_condition,
    Check.STATED: _stated,
}


def _limit(facts: DossierFacts, setting: SettingId) -> Decimal | None:
    """A limit that may be concluded from."""
    applied = facts.settings.get(setting)
    return applied.number if applied is not None and applied.computable else None


def _shares(reached: Decimal, needed: Decimal) -> dict[str, str]:
    return {"reached": str(reached), "needed": str(needed)}


# --- data


def _poll(facts: DossierFacts) -> Iterator[Finding]:
    """Ballots that cannot be: more returned than sent, more satisfied than valid."""
    poll = facts.poll
    for village in poll.villages:
        counts = [village.number(name) for name in ("households", "sent", "returned", "valid")]
        known = [number for number in counts if number is not None]
        arguments = {"village": village.text("name")}
        if known != sorted(known, reverse=True):
            place = f"poll_village/{village.record_id}"
            yield Finding(FindingCode.POLL_IMPOSSIBLE, Severity.BLOCKING, Area.RECORD, place, arguments)
        for question in poll.questions:
            key = (village.record_id, question.record_id)
            place = f"poll_count/{'.'.join(key)}/satisfied"
            satisfied, valid = poll.counts.get(key), village.number("valid")
            if satisfied is None:
                arguments = {"village": village.text("name"), "question": question.text("text")}
                yield Finding(FindingCode.POLL_COUNT_MISSING, Severity.WARNING, Area.RECORD, place, arguments)
            elif valid is not None and satisfied > valid:
                yield Finding(FindingCode.POLL_IMPOSSIBLE, Severity.BLOCKING, Area.RECORD, place, arguments)


def _vote(facts: DossierFacts) -> Iterator[Finding]:
    meeting = facts.vote
    if meeting is None:
        yield Finding(FindingCode.VOTE_MISSING, Severity.BLOCKING, Area.RECORD, "meeting")
        return
    place = f"meeting/{meeting.record_id}/agreed"
    votes = [meeting.number(name) for name in ("agreed", "disagreed", "blank")]
    present = meeting.number("present")
    if present is not None and sum(number or 0 for number in votes) > present:
        yield Finding(FindingCode.VOTE_IMPOSSIBLE, Severity.BLOCKING, Area.RECORD, place)
    reached, needed = vote_share(meeting), _limit(facts, SettingId.VOTE_SHARE)
    if reached is not None and needed is not None and reached < needed:
        yield Finding(FindingCode.VOTE_BELOW, Severity.BLOCKING, Area.RECORD, place, _shares(reached, needed))


def _publication(facts: DossierFacts) -> Iterator[Finding]:
    record = facts.one("publication")
    heard, needed = record.number("broadcasts"), _limit(facts, SettingId.BROADCASTS)
    if heard is not None and needed is not None and heard < needed:
        yield Finding(
            FindingCode.BROADCASTS_BELOW,
            Severity.BLOCKING,
            Area.RECORD,
            "publication/self/broadcasts",
            _shares(Decimal(heard), needed),
        )
    first, last = _day(record.text("posted_from")), _day(record.text("posted_to"))
    needed = _limit(facts, SettingId.POSTED_DAYS)
    if first and last and needed is not None and (last - first).days + 1 < needed:
        days = Decimal((last - first).days + 1)
        place = "publication/self/posted_to"
        yield Finding(FindingCode.POSTED_TOO_SHORT, Severity.BLOCKING, Area.RECORD, place, _shares(days, needed))


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _opinions(facts: DossierFacts) -> Iterator[Finding]:
    given = facts.of("opinion")
    if not any(record.text("giver") == "front" for record in given):
        yield Finding(FindingCode.FRONT_SILENT, Severity.BLOCKING, Area.RECORD, "opinion")
    for record in given:
        if record.text("content") and not record.text("taken"):
            place = f"opinion/{record.record_id}/taken"
            name = {"name": record.text("name")}
            yield Finding(FindingCode.OPINION_UNANSWERED, Severity.WARNING, Area.RECORD, place, name)


def _money(facts: DossierFacts) -> Iterator[Finding]:
    records = facts.of("money")
    if not records:
        yield Finding(FindingCode.MONEY_MISSING, Severity.WARNING, Area.RECORD, "money")
    for year in sorted({record.number("year") or 0 for record in records}):
        own = [record for record in records if (record.number("year") or 0) == year]
        if total(own, "spent") > total(own, "raised"):
            place = f"money/{own[0].record_id}/spent"
            yield Finding(FindingCode.SPENT_OVER_RAISED, Severity.WARNING, Area.RECORD, place, {"year": str(year)})


def _fields(facts: DossierFacts) -> Iterator[Finding]:
    """Required fields that are blank: of single kinds always, of lists in the records that stand there."""
    asked = ["general", "publication", *LISTS]
    if any(condition.check is Check.POLL for condition in facts.procedure.conditions):
        asked.append("poll")
    if any(condition.check is Check.DEBT for condition in facts.procedure.conditions):
        asked.append("debt_state")
    for name in asked:
        kind = BY_ID[name]
        if kind.writer is Writer.OFFICE:
            continue
        records = (facts.one(name, SELF),) if kind.single else facts.of(name)
        for record in records:
            for item in kind.fields:
                if item.required and not record.text(item.id) and _asked(record, item.id):
                    place = f"{name}/{record.record_id}/{item.id}"
                    arguments = {"kind": kind.name, "field": item.name, "name": _title(record)}
                    yield Finding(FindingCode.FIELD_MISSING, Severity.WARNING, Area.RECORD, place, arguments)


def _asked(record: Record, name: str) -> bool:
    """Votes are counted where a meeting votes."""
    return name != "agreed" or record.kind != "meeting" or record.text("purpose") == "recommend"


def _title(record: Record) -> str:
    """What a record is called in a sentence."""
    return next(filter(None, (record.text(name) for name in ("name", "project", "text", "held_on", "year"))), "")


# --- settings and papers

_CHECKED: Mapping[SettingId, Check | None] = {
    SettingId.VOTE_SHARE: None,
    SettingId.BROADCASTS: None,
    SettingId.POSTED_DAYS: None,
    SettingId.POLL_TOTAL: Check.POLL,
    SettingId.POLL_QUESTION: Check.POLL,
    SettingId.POLL_HOUSEHOLDS: Check.POLL,
    SettingId.COPIES: None,
}


def _settings(facts: DossierFacts) -> Iterator[Finding]:
    checks = {condition.check for condition in facts.procedure.conditions}
    for setting_id, check in _CHECKED.items():
        applied = facts.settings.get(setting_id)
        if applied is None or (check is not None and check not in checks):
            continue
        yield from _setting(applied)


def _setting(applied: AppliedSetting) -> Iterator[Finding]:
    arguments = {"setting": applied.setting.name, "value": applied.value or ""}
    place = applied.setting.id
    if not applied.computable or applied.number is None:  # «chín mươi» is no limit either
        yield Finding(FindingCode.SETTING_UNKNOWN, Severity.WARNING, Area.SETTING, place, arguments)
    elif not applied.local and applied.setting.source is Source.MEMORY:
        yield Finding(FindingCode.SETTING_REMEMBERED, Severity.NOTE, Area.SETTING, place, arguments)


def _papers(facts: DossierFacts) -> Iterator[Finding]:
    profile = facts.assessed.profile
    for entry in facts.procedure.documents:
        template = facts.templates.get(entry.template)
        if entry.by_office or not entry.submitted or template is None:
            continue
        paper, arguments = facts.paper(entry.id), {"paper": entry.name}
        place = f"document/{entry.id}"
        for block in template.sections():
            key = block.options.get("id", "")
            if not block.text and facts.section(entry.id, key) is None:
                named = arguments | {"section": block.options.get("name", "")}
                yield Finding(FindingCode.SECTION_EMPTY, Severity.WARNING, Area.SECTION, f"{entry.id}.{key}", named)
        if not template.symbol:
            continue
        if not (paper.text("signer_name") or profile.signer_name or template.signed_by_others):
            yield Finding(FindingCode.SIGNER_MISSING, Severity.WARNING, Area.RECORD, f"{place}/signer_name", arguments)
        if not paper.text("number") or not paper.text("issued"):
            field_name = "issued" if paper.text("number") else "number"
            yield Finding(
                FindingCode.PAPER_WITHOUT_NUMBER, Severity.NOTE, Area.RECORD, f"{place}/{field_name}", arguments
            )
        if not paper.values.get("signed"):
            yield Finding(FindingCode.PAPER_UNSIGNED, Severity.NOTE, Area.RECORD, f"{place}/signed", arguments)
        yield from _dates(facts, entry)
    yield from _of_boxes(facts)


def _dates(facts: DossierFacts, entry: DocumentEntry) -> Iterator[Finding]:
    """A request dated before the vote that it rests upon, or before a paper that it encloses."""
    issued, vote = _day(facts.paper(entry.id).text("issued")), facts.vote
    held, request = _day(vote.text("held_on")) if vote else None, _day(facts.paper("to-trinh").text("issued"))
    place, arguments = f"document/{entry.id}/issued", {"paper": entry.name}
    if entry.id == "to-trinh" and issued and held and issued < held:
        yield Finding(FindingCode.PAPER_BEFORE_VOTE, Severity.WARNING, Area.RECORD, place, arguments)
    if entry.required and issued and request and issued > request:
        yield Finding(FindingCode.PAPER_AFTER_REQUEST, Severity.WARNING, Area.RECORD, place, arguments)


def _of_boxes(facts: DossierFacts) -> Iterator[Finding]:
    if facts.procedure.document("phu-luc-anh") and not any(
        piece.blob.media_type.startswith("image/") and not facts.one("photo", piece.evidence_id).values.get("left_out")
        for piece in facts.assessed.evidence
        if not piece.removed
    ):
        yield Finding(FindingCode.PHOTOS_MISSING, Severity.NOTE, Area.EVIDENCE)
    for piece in facts.assessed.evidence:
        pages = facts.pages.get(piece.evidence_id)
        if not piece.removed and piece.sheets is None and pages is not None and pages.pages is None:
            title = {"title": piece.title}
            yield Finding(FindingCode.SHEETS_UNKNOWN, Severity.NOTE, Area.EVIDENCE, piece.evidence_id, title)
