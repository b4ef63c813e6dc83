"""The tables of the dossier: self-assessment, evidence index, and the list of what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Metadata,
    Note,
    Paragraph,
    Row,
    RowGroup,
    SignatureBlock,
    Signer,
    Table,
    Title,
    cell,
    text,
)
from ntm_desktop.dossier.letterhead import date_of, letterhead_of, number_of
from ntm_desktop.dossier.report import NO_INDICATORS, open_parts_of
from ntm_desktop.dossier.request import result_sentences
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, LevelOrigin, Verdict
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.issues import Issue, Severity

LONGEST_TITLE = 48  # characters of a title there
PAPERS_NAMED = 3  # pieces of evidence named in one cell of the self-assessment table; the index has them all


def attached_to(assessed: Assessed, on: date) -> str:
    """«(Kèm theo Báo cáo số … ngày … của Ủy ban nhân dân xã …)»."""
    report = f"{number_of(assessed, 'bao-cao')} {date_of(assessed, 'bao-cao', on)}"
    return f"(Kèm theo Báo cáo số {report} của {letterhead_of(assessed).office})"


def level_of(item: AssessedIndicator) -> str:
    """The level; below a local one the decision that sets it."""
    shown = wording.level_text(item.level, item.indicator.measure)
    if item.level.origin is LevelOrigin.LOCAL:
        return f"{shown}\n({wording.basis_text(item.level.basis)})"
    return shown


def value_of(item: AssessedIndicator) -> str:
    """The result as it is read, with the open parts of a checklist."""
    value = wording.value_text(item.indicator.measure, item.result.value, item.level)
    parts = open_parts_of(item)
    return f"{value} (chưa có: {phrases.listed(parts)})" if parts else value


def year_of(assessed: Assessed, item: AssessedIndicator) -> int | None:
    """The year that a figure is from; None where nothing was entered."""
    if not item.result.entered:
        return None
    return item.result.carried_from or item.result.figure_year or assessed.assessment.year


def remarks_of(assessed: Assessed, item: AssessedIndicator) -> str:
    """By hand with its reason, another year, conditions, source: what must stand beside the verdict."""
    notes = [wording.verdict_note(item, assessed.assessment.year)]
    if item.result.judgement is not None:
        notes.append(f"lý do: {item.result.judgement.reason}")
    confirmed = (item.result.value or {}).get("conditions")
    if confirmed is not None:
        notes.append("đã xác nhận điều kiện kèm theo" if confirmed else "không đáp ứng điều kiện kèm theo")
    if item.result.data_source:
        notes.append(f"nguồn: {item.result.data_source}")
    return phrases.listed(filter(None, notes))


def papers_of(item: AssessedIndicator) -> str:
    """The first few pieces of evidence by number, else by title."""
    shown = [piece for piece in item.evidence if not piece.removed]
    names = [piece.number or _short(piece.title) for piece in shown[:PAPERS_NAMED]]
    rest = len(shown) - len(names)
    return phrases.listed(names) + (f"; và {phrases.counted(rest)} minh chứng khác" if rest else "")


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    words, _space, _cut = title[:LONGEST_TITLE].rpartition(" ")
    return f"{words or title[: LONGEST_TITLE - 1]}…"


def build_self_assessment(assessed: Assessed, on: date) -> Document:
    """Biểu tổng hợp kết quả tự đánh giá, A4 across."""
    letterhead = letterhead_of(assessed)
    year = assessed.assessment.year
    kind = "BIỂU TỔNG HỢP KẾT QUẢ TỰ ĐÁNH GIÁ"
    subject = f"Thực hiện {assessed.catalogue.name} năm {year} của {letterhead.unit}"
    table = Table(
        (
            Column("TT", 8, Align.CENTER),
            Column("Tên tiêu chí", 28),
            Column("Nội dung chỉ tiêu", 74),
            Column("Mức đạt chuẩn", 33, Align.CENTER),
            Column("Kết quả thực hiện", 26, Align.CENTER),
            Column("Kết quả tự đánh giá", 19, Align.CENTER),
            Column("Năm số liệu", 13, Align.CENTER),
            Column("Minh chứng, ghi chú", 51),
        ),
        tuple(_group(assessed, criterion) for criterion in assessed.criteria),
        numbered=True,
    )
    blocks: list[Block] = [Title(kind, subject, "Phụ lục I", attached_to(assessed, on)), table]
    blocks.append(Paragraph(text(result_sentences(assessed)[0], bold=True), indent=False))
    if phrases.made_up_codes(assessed):
        blocks.append(Note(phrases.MADE_UP_NOTE))
    blocks.append(SignatureBlock(letterhead.signer, left=Signer(("NGƯỜI LẬP BIỂU",))))
    metadata = Metadata(letterhead.agency, subject, ("nông thôn mới", "biểu tự đánh giá", str(year)))
    title = f"Biểu tổng hợp kết quả tự đánh giá năm {year} của {letterhead.unit}"
    return Document("bieu-tu-danh-gia", title, tuple(blocks), landscape=True, metadata=metadata)


def _group(assessed: Assessed, criterion: AssessedCriterion) -> RowGroup:
    summary: tuple[str, ...] = ()
    if assessed.catalogue.indicators_complete:
        verdict = wording.verdict_name(criterion.verdict)
        counts = f"Đạt {criterion.met}/{criterion.applicable} chỉ tiêu" if criterion.applicable else ""
        summary = (counts, verdict)
    name = (text(criterion.criterion.name, bold=True), *(text(line, italic=True) for line in summary))
    shared = (cell(text(criterion.criterion.number, bold=True)), cell(*name))
    none = Row((cell(text(NO_INDICATORS, italic=True), span=6),))
    return RowGroup(shared, tuple(_indicator_row(assessed, item) for item in criterion.indicators) or (none,))


def _indicator_row(assessed: Assessed, item: AssessedIndicator) -> Row:
    year = year_of(assessed, item)
    verdict = text(wording.verdict_name(item.verdict), bold=item.verdict is not Verdict.MET)
    return Row(
        (
            cell(f"{phrases.code_of(item)}. {item.indicator.name}"),
            cell(level_of(item)),
            cell(value_of(item)),
            cell(verdict),
            cell("" if year is None else str(year)),
            cell(papers_of(item), text(remarks_of(assessed, item), italic=True)),
        )
    )


def build_evidence_index(assessed: Assessed, on: date) -> Document:
    """Mục lục minh chứng per criterion and indicator, A4 across. A paper that proves several stands with each."""
    letterhead = letterhead_of(assessed)
    year = assessed.assessment.year
    subject = f"Hồ sơ đề nghị xét, công nhận {letterhead.unit} {phrases.standard_of(assessed)} năm {year}"
    table = Table(
        (
            Column("TT", 11, Align.CENTER),
            Column("Tên, trích yếu nội dung", 92),
            Column("Số, ký hiệu", 38),
            Column("Ngày ban hành", 24, Align.CENTER),
            Column("Cơ quan ban hành", 42),
            Column("Tệp, ghi chú", 45),
        ),
        tuple(_index_rows(assessed)),
    )
    count = len({piece.evidence_id for piece in assessed.evidence if not piece.removed})
    blocks: list[Block] = [
        Title("MỤC LỤC MINH CHỨNG", subject, "Phụ lục II", attached_to(assessed, on)),
        table,
        Paragraph(text(f"Tổng số: {phrases.counted(count)} minh chứng.", bold=True), indent=False),
        SignatureBlock(letterhead.signer, left=Signer(("NGƯỜI LẬP",))),
    ]
    metadata = Metadata(letterhead.agency, subject, ("nông thôn mới", "minh chứng", str(year)))
    title = f"Mục lục minh chứng năm {year} của {letterhead.unit}"
    return Document("muc-luc-minh-chung", title, tuple(blocks), landscape=True, metadata=metadata)


def _index_rows(assessed: Assessed) -> Iterator[Row]:
    numbers: dict[str, int] = {}
    place = 0
    for criterion in assessed.criteria:
        yield Row(
            (cell(f"Tiêu chí số {criterion.criterion.number}. {criterion.criterion.name}", span=6, bold=True),),
            band=True,
        )
        for item in criterion.indicators:
            yield Row((cell(text(f"{phrases.code_of(item)}. {item.indicator.name}", italic=True), span=6),), band=True)
            pieces = [piece for piece in item.evidence if not piece.removed]
            if not pieces:
                none = "Không áp dụng." if item.verdict is Verdict.NOT_APPLICABLE else "Chưa có minh chứng."
                yield Row((cell(), cell(none, span=5)))
            for piece in pieces:
                place += 1
                yield _evidence_row(place, piece, numbers.setdefault(piece.evidence_id, place))
    loose = [piece for piece in assessed.evidence if not piece.removed and piece.evidence_id not in numbers]
    if loose:
        yield Row((cell("Minh chứng chưa gắn với chỉ tiêu", span=6, bold=True),), band=True)
        for number, piece in enumerate(loose, start=place + 1):
            yield _evidence_row(number, piece, number)


def _evidence_row(place: int, piece: Evidence, first: int) -> Row:
    notes = [piece.file_name]
    if first != place:
        notes.append(f"(cùng văn bản số TT {first})")
    if not piece.blob_present:
        notes.append("(chưa có tệp trên máy này)")
    issued = wording.date_text(piece.issued)
    return Row(
        (cell(str(place)), cell(piece.title), cell(piece.number), cell(issued), cell(piece.issuer), cell(*notes))
    )


def build_missing(assessed: Assessed, on: date, issues: Sequence[Issue]) -> Document:
    """What each indicator still lacks, to carry along; no part of the dossier that is submitted."""
    letterhead = letterhead_of(assessed)
    year = assessed.assessment.year
    general = [wording.issue_sentence(issue) for issue in issues if not issue.indicator and not issue.evidence_id]
    if assessed.catalogue.indicators_complete:
        general.append(f"Tự đánh giá {phrases.standing(assessed)}.")
    rows = [*_missing_of_indicators(assessed, issues), *_missing_of_evidence(assessed, issues)]
    blocks: list[Block] = [
        Title("DANH MỤC NỘI DUNG CÒN THIẾU", f"Hồ sơ {letterhead.unit} {phrases.standard_of(assessed)} năm {year}"),
        Note(f"Bản in ngày {on:%d/%m/%Y} để theo dõi nội bộ, không thuộc hồ sơ trình."),
        *(Paragraph(text(sentence), indent=False) for sentence in general),
    ]
    if rows:
        columns = (
            Column("TT", 11, Align.CENTER),
            Column("Chỉ tiêu, minh chứng", 66),
            Column("Còn thiếu", 52),
            Column("Giấy tờ thường cần", 36),
        )
        blocks.append(Table(columns, tuple(rows)))
    else:
        blocks.append(Paragraph(text("Không còn nội dung nào thiếu."), indent=False))
    remembered = [phrases.code_of(item) for item in assessed.by_code.values() if item.level.source is Source.MEMORY]
    if remembered:
        codes = ", ".join(remembered)
        blocks.append(
            Note(
                "Mức đạt chuẩn của các chỉ tiêu sau được ghi theo trí nhớ của người lập danh mục, cần đối chiếu với "
                f"văn bản gốc trước khi trình: {codes}."
            )
        )
    if phrases.made_up_codes(assessed):
        blocks.append(Note(phrases.MADE_UP_NOTE))
    metadata = Metadata(letterhead.agency, "Nội dung còn thiếu của hồ sơ", ("nông thôn mới", str(year)))
    return Document(
        "con-thieu", f"Nội dung còn thiếu năm {year} của {letterhead.unit}", tuple(blocks), metadata=metadata
    )


def _missing_of_indicators(assessed: Assessed, issues: Sequence[Issue]) -> Iterator[Row]:
    place = 0
    for criterion in assessed.criteria:
        titled = False
        for item in criterion.indicators:
            own = [issue for issue in issues if issue.indicator == item.code]
            if not own:
                continue
            if not titled:
                name = f"Tiêu chí số {criterion.criterion.number}. {criterion.criterion.name}"
                yield Row((cell(name, span=4, bold=True),), band=True)
                titled = True
            place += 1
            yield Row(
                (
                    cell(str(place)),
                    cell(f"{phrases.code_of(item)}. {item.indicator.name}"),
                    _todo(own),
                    cell(*item.indicator.evidence),
                )
            )


def _missing_of_evidence(assessed: Assessed, issues: Sequence[Issue]) -> Iterator[Row]:
    by_id = {piece.evidence_id: piece for piece in assessed.evidence}
    seen = list(dict.fromkeys(issue.evidence_id for issue in issues if issue.evidence_id in by_id))
    if seen:
        yield Row((cell("Minh chứng", span=4, bold=True),), band=True)
    for place, evidence_id in enumerate(seen, start=1):
        piece = by_id[evidence_id]
        own = [issue for issue in issues if issue.evidence_id == evidence_id]
        codes = f" ({', '.join(piece.codes)})" if piece.codes else ""
        yield Row((cell(str(place)), cell(f"{piece.title}{codes}"), _todo(own), cell()))


def _todo(issues: Sequence[Issue]) -> Cell:
    """Boxes to tick; what only has to be known has none."""
    return cell(
        *(f"{'–' if issue.severity is Severity.NOTE else '☐'} {wording.issue_sentence(issue)}" for issue in issues)
    )
