"""The satisfaction poll in numbers of ballots: by village and by question, held against the limits of the procedure.

A limit that nobody has seen for certain, and that was not entered locally, is only named as not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ntm_desktop.dossier.document import Align, Block, Column, FillIn, Note, Paragraph, Row, Table, cell, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import (
    ROOM,
    bold_figures,
    cited,
    dated,
    figure,
    figure_or_room,
    figures,
    limit_of,
    percent,
    ratio,
    text_or_room,
    whole_sum,
)
from ntm_desktop.dossier.phrases import counted, listed, lower_first
from ntm_desktop.model import numbers
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, Poll, share
from ntm_desktop.model.procedure import AppliedSetting, SettingId
from ntm_desktop.model.records import BY_ID, Record

_COUNTS = ("households", "sent", "returned", "valid")
_FORMS = {choice.id: choice.name for choice in BY_ID["poll"].by_id["form"].choices}
_VILLAGES = (
    Column("TT", 11, Align.CENTER),
    Column("Thôn, bản", 50),
    Column("Tổng số hộ", 21, Align.RIGHT),
    Column("Số phiếu phát ra", 21, Align.RIGHT),
    Column("Phiếu phát ra so với số hộ (%)", 23, Align.RIGHT),
    Column("Số phiếu thu về", 19, Align.RIGHT),
    Column("Số phiếu hợp lệ", 20, Align.RIGHT),
)
_QUESTIONS = (
    Column("TT", 11, Align.CENTER),
    Column("Nội dung lấy ý kiến", 85),
    Column("Số phiếu hợp lệ", 23, Align.RIGHT),
    Column("Số phiếu hài lòng", 23, Align.RIGHT),
    Column("Tỷ lệ hài lòng (%)", 23, Align.RIGHT),
)


def question_share(poll: Poll, question: Record) -> Decimal | None:
    """Percent of the valid ballots; None while a count is missing or while more are satisfied than are valid."""
    valid = whole_sum(poll.villages, "valid")
    satisfied = poll.satisfied(question.record_id)
    fits = valid is not None and satisfied is not None and satisfied <= valid
    return share(satisfied, valid) if fits else None


def overall_share(poll: Poll) -> Decimal | None:
    """Percent over all questions, from their counts; None while one of them cannot be told."""
    found = [question_share(poll, question) for question in poll.questions]
    return None if not found or None in found else poll.total_share


def poll_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Ballots by village. A sum stands only where every village has the figure."""
    villages = facts.poll.villages
    if not villages:
        yield FillIn("Số hộ, số phiếu phát ra, thu về, hợp lệ theo từng thôn, bản:", 4)
        return
    rows = []
    for place, village in enumerate(villages, start=1):
        households, sent, returned, valid = (village.number(name) for name in _COUNTS)
        asked = cell(percent(ratio(sent, households)))
        name = village.text("name")
        rows.append(Row((cell(str(place)), cell(name), *figures(households, sent), asked, *figures(returned, valid))))
    households, sent, returned, valid = (whole_sum(villages, name) for name in _COUNTS)
    asked = cell(percent(ratio(sent, households), *_limits(facts, SettingId.POLL_HOUSEHOLDS)), bold=True)
    sums = (*bold_figures(households, sent), asked, *bold_figures(returned, valid))
    rows.append(Row((cell(), cell("TỔNG CỘNG", bold=True), *sums)))
    yield Table(_VILLAGES, tuple(rows))


def poll_questions(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Satisfied ballots and their share, question by question and over all."""
    poll = facts.poll
    if not poll.questions:
        yield FillIn("Nội dung lấy ý kiến; số phiếu, tỷ lệ hài lòng theo từng nội dung:", 4)
        return
    limits = _limits(facts, SettingId.POLL_QUESTION)
    valid = whole_sum(poll.villages, "valid")
    rows = []
    for place, question in enumerate(poll.questions, start=1):
        satisfied = poll.satisfied(question.record_id)
        shown = cell(percent(question_share(poll, question), *limits))
        rows.append(Row((cell(str(place)), cell(question.text("text")), *figures(valid, satisfied), shown)))
    counts = [poll.satisfied(question.record_id) for question in poll.questions]
    total = None if None in counts else sum(number or 0 for number in counts)
    ballots = None if valid is None else valid * len(poll.questions)
    overall = cell(percent(overall_share(poll), *_limits(facts, SettingId.POLL_TOTAL)), bold=True)
    sums = (*bold_figures(ballots, total), overall)
    rows.append(Row((cell(), cell("Tính chung các nội dung", bold=True), *sums)))
    yield Table(_QUESTIONS, tuple(rows))
    wrong = [
        str(place)
        for place, question in enumerate(poll.questions, start=1)
        if valid is not None and (poll.satisfied(question.record_id) or 0) > valid
    ]
    if wrong:
        yield Note(f"Số phiếu hài lòng lớn hơn số phiếu hợp lệ ở nội dung số {', '.join(wrong)}: cần rà soát số liệu.")


def poll_summary(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Who asked, how and when; how many ballots; how many are satisfied, against the limits that are known."""
    poll = facts.poll
    yield Paragraph(text(_asked(facts.one("poll"))))
    if poll.villages:
        yield Paragraph(text(_ballots(facts)))
    if not poll.villages or not poll.questions:
        return
    yield Paragraph(text(_overall(facts)))
    yield Paragraph(text(_each(facts)))
    yield from _doubts(facts)


def _doubts(facts: DossierFacts) -> Iterator[Block]:
    """Limits that are not known, and those that somebody only remembers."""
    found = [facts.settings[name] for name in SettingId if name.startswith("poll_") and name in facts.settings]
    unknown = [lower_first(item.setting.name) for item in found if limit_of(item) is None]
    if unknown:
        yield Note(
            f"Chưa xác định được mức quy định về: {listed(unknown)}; báo cáo này không kết luận theo các mức đó. "
            "Cần đối chiếu với văn bản của cấp có thẩm quyền trước khi trình."
        )
    remembered = [
        f"{lower_first(item.setting.name)} {figure(limit_of(item))}%"
        for item in found
        if limit_of(item) is not None and not item.local and item.setting.source is Source.MEMORY
    ]
    if remembered:
        yield Note(
            f"Mức quy định ghi theo trí nhớ, cần đối chiếu với văn bản gốc trước khi trình: {listed(remembered)}."
        )


def _asked(record: Record) -> str:
    """«Việc lấy ý kiến do … chủ trì; hình thức: …; thời gian: từ … đến …; kết quả tại Báo cáo số …»"""
    form = _FORMS.get(record.text("form"), "")
    parts = [
        f"Việc lấy ý kiến sự hài lòng của người dân do {text_or_room(record.text('led_by'))} chủ trì",
        f"hình thức: {text_or_room(lower_first(form))}",
    ]
    if record.text("sheet").strip():
        parts.append(f"mẫu phiếu: {record.text('sheet').strip()}")
    parts.append(f"thời gian: từ {dated(record.text('began'))} đến {dated(record.text('ended'))}")
    parts.append(f"kết quả được nêu tại Báo cáo {cited(record.text('number'), record.text('issued'))}")
    return f"{listed(parts)}."


def _ballots(facts: DossierFacts) -> str:
    """«Tại 12 thôn, bản: tổng số 1.200 hộ; phát ra 1.100 phiếu, bằng 91,67% số hộ (mức quy định 70%) …»"""
    villages = facts.poll.villages
    households, sent, returned, valid = (whole_sum(villages, name) for name in _COUNTS)
    shown = percent(ratio(sent, households), *_limits(facts, SettingId.POLL_HOUSEHOLDS))
    asked = f", bằng {shown}% số hộ" if shown else ""
    needed = facts.settings.get(SettingId.POLL_HOUSEHOLDS)
    return (
        f"Đã lấy ý kiến tại {counted(len(villages))} thôn, bản có tổng số {figure_or_room(households)} hộ; phát ra "
        f"{figure_or_room(sent)} phiếu{asked}{_needed(needed)}; thu về {figure_or_room(returned)} phiếu; hợp lệ "
        f"{figure_or_room(valid)} phiếu."
    )


def _overall(facts: DossierFacts) -> str:
    setting = facts.settings.get(SettingId.POLL_TOTAL)
    limit, reached = limit_of(setting), overall_share(facts.poll)
    said = f"Tỷ lệ hài lòng tính chung các nội dung: {percent(reached, *_some(limit)) or ROOM}%"
    if limit is None or reached is None:
        return f"{said}{_needed(setting)}."
    return f"{said}, {_against(reached, limit)}."


def _against(reached: Decimal, limit: Decimal) -> str:
    shown = numbers.shown(limit)
    if reached == limit:
        return f"bằng mức quy định {shown}%"
    return f"{'cao' if reached > limit else 'thấp'} hơn mức quy định {shown}%"


def _each(facts: DossierFacts) -> str:
    """The lowest share; against the limit of single questions where that is known."""
    poll, setting = facts.poll, facts.settings.get(SettingId.POLL_QUESTION)
    limit = limit_of(setting)
    told = [(question_share(poll, question), question) for question in poll.questions]
    known = [(reached, question) for reached, question in told if reached is not None]
    whole = f"{counted(len(told))} nội dung"
    if len(known) < len(told):
        missing = counted(len(told) - len(known))
        return f"Theo từng nội dung: còn {missing}/{whole} chưa tính được tỷ lệ hài lòng{_needed(setting)}."
    if limit is None:
        lowest, highest = (percent(pick(reached for reached, _question in known)) for pick in (min, max))
        return f"Theo từng nội dung ({whole}): thấp nhất {lowest}%, cao nhất {highest}%{_needed(setting)}."
    below = [f"{_named(question)} ({percent(reached, limit)}%)" for reached, question in known if reached < limit]
    shown = numbers.shown(limit)
    if not below:
        return f"Theo từng nội dung: {counted(len(told))}/{whole} có tỷ lệ hài lòng từ {shown}% trở lên theo quy định."
    count = f"{counted(len(below))}/{whole}"
    return f"Theo từng nội dung: có {count} có tỷ lệ hài lòng thấp hơn mức quy định {shown}%, gồm: {listed(below)}."


def _named(question: Record) -> str:
    return text_or_room(question.text("text").strip().rstrip(".;"))


def _needed(setting: AppliedSetting | None) -> str:
    """Behind a figure: the limit, or that it is not known."""
    if setting is None:
        return ""
    limit = limit_of(setting)
    if limit is None:
        return f" (mức quy định: {ROOM}%)"
    return f" (mức quy định {figure(limit)}%)"


def _limits(facts: DossierFacts, name: SettingId) -> tuple[Decimal, ...]:
    return _some(limit_of(facts.settings.get(name)))


def _some(limit: Decimal | None) -> tuple[Decimal, ...]:
    return () if limit is None else (limit,)


PARTS: dict[str, Part] = {
    "poll_table": poll_table,
    "poll_questions": poll_questions,
    "poll_summary": poll_summary,
}
