"""A template and the facts make a paper.

The order and the words are the template's; numbers, names and what a person wrote are data, and no sign in them is
read again as a field or as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import (
    Addressee,
    Basis,
    Block,
    Contents,
    Document,
    FillIn,
    Heading,
    Metadata,
    Note,
    PageBreak,
    Paragraph,
    Section,
    Title,
    lettered,
    roman,
    text,
)
from ntm_desktop.dossier.fields import filled, holds
from ntm_desktop.dossier.letterhead import letterhead_of, paper_head, paper_letterhead, paper_signature
from ntm_desktop.dossier.making import Making
from ntm_desktop.dossier.parts import parts
from ntm_desktop.dossier.parts.conditions import unmet
from ntm_desktop.model.catalogue import LegalBasis
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.paper_template import BlockKind, PaperTemplate, TemplateBlock
from ntm_desktop.model.units import Level

NOT_READY = (
    "Bản in để rà soát. Theo kết quả đã nhập, {unit} chưa đáp ứng đầy đủ bộ tiêu chí: {standing}. "
    "Chưa đủ điều kiện để trình."
)
CONDITIONS_UNMET = (
    "Bản in để rà soát. Theo số liệu đã nhập, {unit} chưa đáp ứng điều kiện xét, công nhận: {conditions}. "
    "Chưa đủ điều kiện để trình."
)
NOT_CONCLUDED = "Bản in để rà soát. Bộ tiêu chí chưa đủ chỉ tiêu nên chưa kết luận; chưa đủ điều kiện để trình."
NO_RULE = "Quy định của cấp có thẩm quyền về trình tự, thủ tục, hồ sơ xét, công nhận: " + "…" * 14
_DASH = "- "


def compose(template: PaperTemplate, facts: DossierFacts, making: Making) -> Document:
    """The paper. Blocks whose condition does not hold are left out; headings are numbered as they come."""
    paper = _Paper(template, facts, making)
    blocks = tuple(paper.blocks())
    title = filled(template.title, facts, making)
    subject = next((block.subject for block in blocks if isinstance(block, Title) and block.subject), title)
    agency = paper_letterhead(facts, making.document_id).agency
    keywords = ("nông thôn mới", phrases.lower_first(template.name), str(facts.assessed.assessment.year))
    return Document(
        making.document_id,
        title,
        blocks,
        landscape=template.landscape,
        draft=making.draft,
        page_numbers=template.page_numbers,
        metadata=Metadata(agency, subject, keywords),
    )


def basis_lines(facts: DossierFacts) -> tuple[str, ...]:
    """Laws and decisions that a paper of the dossier rests upon; a line to write where no rule is known."""
    catalogue = facts.assessed.catalogue
    law = () if facts.assessed.unit.level is Level.VILLAGE else ("Luật Tổ chức chính quyền địa phương",)
    title = "" if catalogue.basis.title else f" ban hành {catalogue.name}"
    rules = tuple(phrases.cited(basis) for basis in facts.procedure.bases) or (NO_RULE,)
    first = phrases.cited(LegalBasis(catalogue.basis.number))
    changes = (
        phrases.cited(basis) if basis.title else f"{phrases.cited(basis)} sửa đổi, bổ sung {first}"
        for basis in catalogue.amended_by
    )
    return tuple(f"Căn cứ {line}" for line in (*law, *rules, f"{phrases.cited(catalogue.basis)}{title}", *changes))


def warning_of(facts: DossierFacts) -> Note | None:
    """What stands in a box on a paper that is printed before everything is met."""
    assessed = facts.assessed
    if not assessed.catalogue.indicators_complete:
        return Note(NOT_CONCLUDED, boxed=True)
    unit = letterhead_of(assessed).unit
    if phrases.fulfilled(assessed):
        failing = phrases.listed(phrases.lower_first(words) for words in unmet(facts))
        return Note(CONDITIONS_UNMET.format(unit=unit, conditions=failing), boxed=True) if failing else None
    return Note(NOT_READY.format(unit=unit, standing=phrases.standing(assessed)), boxed=True)


def paragraphs(lines: Iterable[str]) -> tuple[Paragraph, ...]:
    """A paragraph for each line; those that begin with «- » are points with a marker; blank lines fall away."""
    made = []
    for line in lines:
        bare = line.strip()
        point = bare.startswith(_DASH)
        content = text(bare.removeprefix(_DASH).strip() if point else bare)
        if content:
            made.append(Paragraph(content, marker="-" if point else ""))
    return tuple(made)


class _Paper:
    """One paper in the making: its letterhead, and how far its headings are counted."""

    def __init__(self, template: PaperTemplate, facts: DossierFacts, making: Making) -> None:
        self._template = template
        self._facts = facts
        self._making = making
        self._letterhead = paper_letterhead(facts, making.document_id)
        self._counted = [0, 0, 0]
        self._makers: Mapping[BlockKind, Callable[[TemplateBlock], Iterable[Block]]] = {
            BlockKind.HEAD: self._head,
            BlockKind.TITLE: self._title,
            BlockKind.ADDRESSEE: lambda block: (Addressee(self._letterhead.receivers),),
            BlockKind.BASIS: self._basis,
            BlockKind.WARNING: lambda block: filter(None, (warning_of(self._facts),)),
            BlockKind.HEADING: self._heading,
            BlockKind.TEXT: lambda block: paragraphs(self._lines(block.text)),
            BlockKind.SECTION: self._section,
            BlockKind.PART: self._part,
            BlockKind.NOTE: lambda block: (Note(self._fill(block.text), boxed=bool(block.options.get("boxed"))),),
            BlockKind.SIGNATURE: self._signature,
            BlockKind.PAGE_BREAK: lambda block: (PageBreak(),),
            BlockKind.CONTENTS: lambda block: (Contents(),),
        }

    def blocks(self) -> Iterator[Block]:
        """The blocks in the template's order."""
        for block in self._template.blocks:
            if holds(block.when, self._facts, self._making):
                yield from self._makers[block.kind](block)

    def _fill(self, given: str) -> str:
        return filled(given, self._facts, self._making)

    def _lines(self, given: str) -> Iterator[str]:
        """Lines of the template; a field is filled in after they are told apart."""
        return (self._fill(line) for line in given.split("\n"))

    def _head(self, block: TemplateBlock) -> Iterator[Block]:
        yield paper_head(self._facts, self._letterhead, self._making.document_id, self._making.on)

    def _title(self, block: TemplateBlock) -> Iterator[Block]:
        kind, subject, above, attached = (
            self._fill(block.options.get(key, "")) for key in ("kind", "subject", "above", "attached")
        )
        yield Title(kind, subject, above, attached)

    def _basis(self, block: TemplateBlock) -> Iterator[Block]:
        own = tuple(self._fill(line) for line in block.lines)
        lines = own if block.options.get("own") else (*basis_lines(self._facts), *own)
        if lines:
            yield Basis(lines)

    def _heading(self, block: TemplateBlock) -> Iterator[Block]:
        level = int(block.options.get("level", "1"))
        number = block.options.get("number")
        yield Heading(level, self._next(level) if number is None else number, self._fill(block.text))

    def _next(self, level: int) -> str:
        """«I.», «1.» or «a)»: counted anew below each heading above."""
        self._counted[level - 1] += 1
        self._counted[level:] = [0] * (len(self._counted) - level)
        place = self._counted[level - 1]
        return (f"{roman(place)}.", f"{place}.", lettered(place - 1))[level - 1]

    def _section(self, block: TemplateBlock) -> Iterator[Block]:
        """A person's words, else the template's, else dotted lines."""
        document_id, options = self._making.document_id, block.options
        office = self._making.entry is not None and self._making.entry.by_office
        written = self._facts.section(document_id, options["id"], office=office)
        content = paragraphs(written.splitlines() if written else self._lines(block.text) if block.text else ())
        yield Section(
            f"{document_id}.{options['id']}",
            options.get("name", ""),
            content or (FillIn(options.get("ask", ""), int(options.get("lines", "3"))),),
            written=bool(written and content),
        )

    def _part(self, block: TemplateBlock) -> Iterator[Block]:
        for made in parts()[block.text](self._facts, self._making):
            if isinstance(made, Heading) and made.number and 1 <= made.level <= len(self._counted):
                made = replace(made, number=self._next(made.level))  # counted along with the template's own
            yield made

    def _signature(self, block: TemplateBlock) -> Iterator[Block]:
        addressed = any(other.kind is BlockKind.ADDRESSEE for other in self._template.blocks)
        yield paper_signature(
            self._facts,
            self._letterhead,
            receivers=bool(block.options.get("receivers")),
            addressed=addressed,
            left="\n".join(self._lines(block.options.get("left", ""))),
            right="\n".join(self._lines(block.options.get("right", ""))),
        )
