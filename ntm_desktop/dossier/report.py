"""Báo cáo kết quả: the results in words, criterion by criterion; what only a person knows is left as dotted lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import (
    Addressee,
    Basis,
    Block,
    Document,
    FillIn,
    Heading,
    Metadata,
    Note,
    Paragraph,
    Run,
    Title,
    lettered,
    roman,
    text,
)
from ntm_desktop.dossier.letterhead import Letterhead, head_of, letterhead_of, signature_of
from ntm_desktop.dossier.procedure import procedure_of
from ntm_desktop.dossier.request import basis_lines, conditions_of, result_sentences, warning_of
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, Verdict
from ntm_desktop.model.catalogue import MeasureKind

NO_INDICATORS = "Danh mục chưa có chỉ tiêu của tiêu chí này."
_LISTS = (
    (Verdict.MET, "Tiêu chí đạt"),
    (Verdict.NOT_MET, "Tiêu chí chưa đạt"),
    (Verdict.NOT_ASSESSED, "Tiêu chí chưa đánh giá"),
    (Verdict.NOT_APPLICABLE, "Tiêu chí không áp dụng"),
)


def build_report(assessed: Assessed, on: date) -> Document:
    """The báo cáo."""
    letterhead = letterhead_of(assessed)
    year = assessed.assessment.year
    subject = f"Kết quả tự đánh giá thực hiện {assessed.catalogue.name} năm {year} của {letterhead.unit}"
    blocks: list[Block] = [
        head_of(assessed, letterhead, "bao-cao", on),
        Title("BÁO CÁO", subject),
        Addressee(letterhead.receivers),
    ]
    warning = warning_of(assessed, letterhead)
    if warning:
        blocks.insert(2, warning)
    procedure = procedure_of(assessed.catalogue)
    blocks.append(Basis(basis_lines(assessed, procedure)))
    blocks.append(Paragraph(text(f"{letterhead.office} báo cáo kết quả tự đánh giá năm {year} như sau:")))
    parts: list[tuple[str, list[Block]]] = [
        ("Đặc điểm tình hình chung", [FillIn("Vị trí, diện tích, dân số, số thôn, đặc điểm kinh tế - xã hội:", 4)]),
        ("Công tác chỉ đạo, điều hành, tuyên truyền", [FillIn("Văn bản đã ban hành, hội nghị, tập huấn:", 4)]),
        ("Kết quả thực hiện các tiêu chí", list(_results(assessed))),
        ("Nguồn lực huy động", [FillIn("Tổng số và theo từng nguồn (triệu đồng), đã giải ngân:", 4)]),
        (
            "Các điều kiện khác",
            [FillIn(f"{lettered(n)} {item}:", 2) for n, item in enumerate(conditions_of(assessed, procedure))],
        ),
        ("Khó khăn, vướng mắc và nguyên nhân", [FillIn(lines=5)]),
        ("Nhiệm vụ, giải pháp trong thời gian tới", [FillIn(lines=5)]),
        ("Kiến nghị, đề xuất", [FillIn(lines=4)]),
    ]
    for place, (title, content) in enumerate(parts, start=1):
        blocks.append(Heading(1, f"{roman(place)}.", title))
        blocks.extend(content)
    blocks.append(Paragraph(text(_closing(assessed, letterhead))))
    blocks.append(signature_of(letterhead))
    metadata = Metadata(letterhead.agency, subject, ("nông thôn mới", "báo cáo", str(year)))
    return Document("bao-cao", f"Báo cáo {subject[:1].lower()}{subject[1:]}", tuple(blocks), metadata=metadata)


def _closing(assessed: Assessed, letterhead: Letterhead) -> str:
    return (
        f"Trên đây là Báo cáo kết quả tự đánh giá thực hiện {assessed.catalogue.name} năm {assessed.assessment.year} "
        f"của {letterhead.unit} (kèm theo Phụ lục I: Biểu tổng hợp kết quả tự đánh giá; Phụ lục II: Mục lục minh "
        "chứng)./."
    )


def _results(assessed: Assessed) -> Iterator[Block]:
    yield Heading(2, "1.", "Kết quả chung")
    named = phrases.one_criterion(assessed) or not assessed.catalogue.indicators_complete
    for sentence in result_sentences(assessed)[: None if named else 1]:  # else the lists below have the names
        yield Paragraph(text(sentence))
    if assessed.catalogue.indicators_complete:
        yield Paragraph(text(_indicator_counts(assessed)))
        if not phrases.one_criterion(assessed):
            yield from _lists(assessed)
    yield from _told_apart(assessed)
    yield Heading(2, "2.", "Kết quả từng tiêu chí")
    for criterion in assessed.criteria:
        yield from _criterion(assessed, criterion)
    if phrases.made_up_codes(assessed):
        yield Note(phrases.MADE_UP_NOTE)


def _indicator_counts(assessed: Assessed) -> str:
    """«Về chỉ tiêu: 55 chỉ tiêu đạt (bằng 96,49% số chỉ tiêu áp dụng); 02 chỉ tiêu chưa đạt.»"""
    tally = assessed.indicators_tally
    met = f"{phrases.counted(tally.met)} chỉ tiêu đạt (bằng {phrases.share(tally)} số chỉ tiêu áp dụng)"
    others = (
        f"{phrases.counted(tally.of(verdict))} chỉ tiêu {wording.verdict_name(verdict).lower()}"
        for verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE)
        if tally.of(verdict)
    )
    return f"Về chỉ tiêu: {phrases.listed((met, *others))}."


def _lists(assessed: Assessed) -> Iterator[Block]:
    """Criteria by verdict, by number and name."""
    place = 0
    for verdict, title in _LISTS:
        criteria = [item.criterion for item in assessed.criteria if item.verdict is verdict]
        if criteria:
            names = phrases.listed(f"số {item.number} ({item.name})" for item in criteria)
            count = phrases.counted(len(criteria))
            yield Paragraph(text(Run(f"{lettered(place)} {title}: ", bold=True), f"{count} tiêu chí, gồm {names}."))
            place += 1


def _told_apart(assessed: Assessed) -> Iterator[Block]:
    """Verdicts by hand and figures of another year are named before the single results."""
    by_hand = [phrases.code_of(item) for item in assessed.by_code.values() if item.by_hand]
    if by_hand:
        yield Paragraph(
            text(
                f"Có {phrases.counted(len(by_hand))} chỉ tiêu được đánh giá bằng tay, có ghi lý do tại kết quả từng "
                f"chỉ tiêu: {', '.join(by_hand)}."
            )
        )
    year = assessed.assessment.year
    others: dict[int, list[str]] = {}
    for item in assessed.by_code.values():
        taken = item.result.carried_from or item.result.figure_year
        if item.result.entered and taken not in (None, year):
            others.setdefault(int(taken or 0), []).append(phrases.code_of(item))
    for other, codes in sorted(others.items()):
        yield Paragraph(
            text(f"Có {phrases.counted(len(codes))} chỉ tiêu sử dụng kết quả, số liệu năm {other}: {', '.join(codes)}.")
        )


def _criterion(assessed: Assessed, criterion: AssessedCriterion) -> Iterator[Block]:
    name = f"Tiêu chí số {criterion.criterion.number}. {criterion.criterion.name}"
    yield Heading(3, "", name)
    if assessed.catalogue.indicators_complete:
        verdict = wording.verdict_name(criterion.verdict).lower()
        counts = f"Đạt {criterion.met}/{criterion.applicable} chỉ tiêu; tự" if criterion.applicable else "Tự"
        yield Paragraph(text(f"{counts} đánh giá tiêu chí: ", Run(f"{verdict}.", bold=True)))
    if not criterion.indicators:
        yield Paragraph(text(NO_INDICATORS))
    for item in criterion.indicators:
        yield Paragraph(text(*_indicator(assessed, item)), marker="-")


def _indicator(assessed: Assessed, item: AssessedIndicator) -> Iterator[str | Run]:
    """«1.1. Name: mức đạt chuẩn …; kết quả …; tự đánh giá: Đạt (đánh giá bằng tay: reason).»"""
    result, level = item.result, item.level
    yield Run(f"{phrases.code_of(item)}. ", bold=True)
    yield f"{item.indicator.name}. Mức đạt chuẩn: {wording.level_text(level, item.indicator.measure)}"
    if level.origin.value == "local":
        yield f" ({wording.level_origin_text(level, assessed.catalogue)})"
    value = wording.value_text(item.indicator.measure, result.value, level)
    yield f". Kết quả thực hiện: {value or 'chưa nhập'}"
    open_parts = open_parts_of(item)
    if open_parts:
        yield f" (chưa có: {phrases.listed(open_parts)})"
    yield ". Tự đánh giá: "
    yield Run(wording.verdict_name(item.verdict).lower(), bold=True)
    note = wording.verdict_note(item, assessed.assessment.year)
    yield f" ({note})" if note else ""
    yield "."
    if result.judgement is not None:
        yield f" Lý do: {ended(result.judgement.reason)}"
    for label, said in (
        ("", result.explanation),
        ("Nguồn số liệu: ", result.data_source),
        ("Phụ trách: ", result.responsible),
    ):
        if said:
            yield f" {label}{ended(said)}"


def open_parts_of(item: AssessedIndicator) -> list[str]:
    """Parts of a checklist that are not fulfilled."""
    measure, value = item.indicator.measure, item.result.value
    if measure.kind is not MeasureKind.CHECKLIST or value is None:
        return []
    parts = value.get("parts", {})
    return [part.name for part in measure.parts if not parts.get(part.id)]


def ended(sentence: str) -> str:
    """A person's sentence with a full stop."""
    return sentence if sentence.rstrip().endswith((".", "!", "?", ";", "…")) or not sentence.strip() else f"{sentence}."
