"""Nội dung còn thiếu: what each indicator, piece of evidence, figure and paper still lacks. Not part of the dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import Align, Block, Cell, Column, Note, Paragraph, Row, Table, cell, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.model import readiness
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.issues import Severity
from ntm_desktop.model.readiness import Area, Finding

_COLUMNS = (
    Column("TT", 11, Align.CENTER),
    Column("Chỉ tiêu, minh chứng, số liệu", 62),
    Column("Còn thiếu", 58),
    Column("Giấy tờ thường cần", 34),
)
_DATA = {
    Area.RECORD: "Số liệu, thông tin của hồ sơ",
    Area.SECTION: "Nội dung cần soạn trong văn bản",
    Area.SETTING: "Quy định cần đối chiếu với văn bản gốc",
    Area.PROFILE: "Thông tin đơn vị",
}


def missing(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """What is to be done, with boxes to tick; what only has to be known has none."""
    found = readiness.find(facts)
    assessed = facts.assessed
    yield Note(f"Bản in ngày {making.on:%d/%m/%Y} để theo dõi nội bộ, không thuộc hồ sơ trình.")
    for finding in found:
        if finding.area is Area.SET:
            yield Paragraph(text(wording.finding_sentence(finding)), indent=False)
    if assessed.catalogue.indicators_complete:
        yield Paragraph(text(f"Tự đánh giá {phrases.standing(assessed)}."), indent=False)
    rows = [*_of_indicators(facts, found), *_of_evidence(facts, found), *_of_data(found)]
    if rows:
        yield Table(_COLUMNS, tuple(rows))
    else:
        yield Paragraph(text("Không còn nội dung nào thiếu."), indent=False)
    remembered = [phrases.code_of(item) for item in assessed.by_code.values() if item.level.source is Source.MEMORY]
    if remembered:
        yield Note(
            "Mức đạt chuẩn của các chỉ tiêu sau được ghi theo trí nhớ của người lập danh mục, cần đối chiếu với văn "
            f"bản gốc trước khi trình: {', '.join(remembered)}."
        )
    if phrases.made_up_codes(assessed):
        yield Note(phrases.MADE_UP_NOTE)


def _band(name: str) -> Row:
    return Row((cell(name, span=len(_COLUMNS), bold=True),), band=True)


def _of_indicators(facts: DossierFacts, found: Sequence[Finding]) -> Iterator[Row]:
    place = 0
    for criterion in facts.assessed.criteria:
        titled = False
        for item in criterion.indicators:
            own = [finding for finding in found if finding.area is Area.INDICATOR and _is_of(finding, item.code)]
            if not own:
                continue
            if not titled:
                yield _band(f"Tiêu chí số {criterion.criterion.number}. {criterion.criterion.name}")
                titled = True
            place += 1
            name = cell(f"{phrases.code_of(item)}. {item.indicator.name}")
            yield Row((cell(str(place)), name, _todo(own), cell(*item.indicator.evidence)))


def _is_of(finding: Finding, code: str) -> bool:
    """An issue of the indicator itself, not one that only leads there."""
    return finding.issue is not None and finding.issue.indicator == code


def _of_evidence(facts: DossierFacts, found: Sequence[Finding]) -> Iterator[Row]:
    by_id = {piece.evidence_id: piece for piece in facts.assessed.evidence}
    own = [finding for finding in found if finding.area is Area.EVIDENCE]
    seen = list(dict.fromkeys(finding.place for finding in own if finding.place in by_id))
    if own:
        yield _band("Minh chứng")
    for place, evidence_id in enumerate(seen, start=1):
        piece = by_id[evidence_id]
        codes = f" ({', '.join(piece.codes)})" if piece.codes else ""
        lacking = [finding for finding in own if finding.place == evidence_id]
        yield Row((cell(str(place)), cell(f"{piece.title}{codes}"), _todo(lacking), cell()))
    rest = [finding for finding in own if finding.place not in by_id]
    if rest:
        yield Row((cell(), cell("Hồ sơ"), _todo(rest), cell()))


def _of_data(found: Sequence[Finding]) -> Iterator[Row]:
    """Everything else, a line each: conditions of recognition, data, papers, settings."""
    others = [finding for finding in found if finding.issue is None and finding.area not in (Area.EVIDENCE, Area.SET)]
    for area, title in (*_DATA.items(), (Area.INDICATOR, "Điều kiện công nhận")):
        own = [finding for finding in others if finding.area is area]
        if own:
            yield _band(title)
        for place, finding in enumerate(own, start=1):
            yield Row((cell(str(place)), _sentence(finding, span=len(_COLUMNS) - 1)))


def _sentence(finding: Finding, span: int = 1) -> Cell:
    return cell(_line(finding), span=span)


def _line(finding: Finding) -> str:
    return f"{'–' if finding.severity is Severity.NOTE else '☐'} {wording.finding_sentence(finding)}"


def _todo(found: Sequence[Finding]) -> Cell:
    return cell(*(_line(finding) for finding in found))


PARTS: dict[str, Part] = {"missing": missing}
