"""What the tests of the computed parts share: facts, a part made from them, its table as rows of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.boxes import PARTS as BOXES_PARTS
from ntm_desktop.dossier.parts.debt import PARTS as DEBT_PARTS
from ntm_desktop.dossier.parts.evidence_index import PARTS as EVIDENCE_INDEX_PARTS
from ntm_desktop.dossier.parts.general import PARTS as GENERAL_PARTS
from ntm_desktop.dossier.parts.missing import PARTS as MISSING_PARTS
from ntm_desktop.dossier.parts.money import PARTS as MONEY_PARTS
from ntm_desktop.dossier.parts.photos import PARTS as PHOTOS_PARTS
from ntm_desktop.dossier.parts.poll import PARTS as POLL_PARTS
from ntm_desktop.model.assessment import Assessed, Result
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.evidence import BlobRef, Evidence
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure, Setting
from ntm_desktop.model.records import Record
from tests.core.dossier_samples import assessed, evidence, indicator, small_set

TABLE_PARTS: dict[str, Part] = {
    **BOXES_PARTS,
    **DEBT_PARTS,
    **EVIDENCE_INDEX_PARTS,
    **GENERAL_PARTS,
    **MISSING_PARTS,
    **MONEY_PARTS,
    **PHOTOS_PARTS,
    **POLL_PARTS,
}
ON = date(2024, 11, 5)
Value = str | int | bool
LIMITS = {"poll_total": "90", "poll_question": "80", "poll_households": "70", "copies": "03"}
PLAIN = assessed(small_set(indicator("1.1"), indicator("2.1"), indicator("1.2"), indicator("2.2"), criteria=2))


def procedure(source: Source = Source.FOUND, **values: str | None) -> Procedure:
    limits: dict[str, str | None] = {**LIMITS, **values}
    settings = tuple(Setting(key, f"Mức {key}", "%", value, source) for key, value in limits.items())
    documents = (
        DocumentEntry("to-trinh", "Tờ trình", "to-trinh"),
        DocumentEntry("bao-cao", "Báo cáo kết quả", "bao-cao"),
        DocumentEntry("giao-nhan", "Biên bản giao nhận", "giao-nhan"),
        DocumentEntry("con-thieu", "Nội dung còn thiếu", "con-thieu", submitted=False),
        DocumentEntry("tham-tra", "Báo cáo thẩm tra", "tham-tra", by_office=True),
    )
    conditions = (Condition("poll", "Tỷ lệ hài lòng", Check.POLL),)
    return Procedure("mau", "Thủ tục mẫu", "1", (), (), (), settings, conditions, documents)


def facts(
    records: Iterable[Record] = (),
    given: Assessed = PLAIN,
    using: Procedure | None = None,
    pages: dict[str, EvidencePages] | None = None,
) -> DossierFacts:
    return DossierFacts(given, using or procedure(), {}, tuple(records), pages or {})


def made(name: str, known: DossierFacts, document_id: str = "mau") -> list[doc.Block]:
    return list(TABLE_PARTS[name](known, Making(document_id, ON)))


def grid(blocks: Iterable[doc.Block]) -> list[list[str]]:
    """The cells of the one table, paragraphs joined by a line break."""
    (table,) = [block for block in blocks if isinstance(block, doc.Table)]
    return [[said(item) for item in row.cells] for row in table.rows if isinstance(row, doc.Row)]


def said(cell: doc.Cell) -> str:
    return "\n".join("".join(run.text for run in paragraph) for paragraph in cell.paragraphs)


def words(blocks: Iterable[doc.Block]) -> str:
    return "\n".join(_texts(tuple(blocks)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple) and value and all(isinstance(item, doc.Run) for item in value):
        yield "".join(run.text for run in value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name))


def decimal(shown: str) -> Decimal:
    return Decimal(shown.replace(".", "").replace(",", "."))


def money(record_id: str, source: str, year: int | None, **values: Value) -> Record:
    known: dict[str, Value] = {"source": source, **values}
    return Record("money", record_id, known if year is None else known | {"year": year})


MONEY = (
    money("a", "people", 2023, raised="250", spent="250"),
    money("b", "province", 2023, planned="800", raised="750.5", spent="600", note="Vốn mẫu"),
    money("c", "province", 2024, planned="100", raised="100", spent="33.35"),
    money("d", "province", 2024, raised="200", spent="66.65"),
)


def debt(record_id: str, accepted: str = "", paid: str = "", **values: Value) -> Record:
    known: dict[str, Value] = {"project": f"Công trình mẫu {record_id}", **values}
    return Record(
        "debt",
        record_id,
        known | {key: value for key, value in (("accepted", accepted), ("paid", paid)) if value},
    )


def stated(**values: Value) -> Record:
    return Record("debt_state", "self", {"until": "2024-09-30", **values})


def village(n: int, households: int = 100, sent: int = 90, returned: int = 85, valid: int = 80) -> Record:
    counts = {"households": households, "sent": sent, "returned": returned, "valid": valid}
    return Record("poll_village", f"v{n}", {"name": f"Thôn mẫu {n}", **counts})


def question(n: int) -> Record:
    return Record("poll_question", f"q{n}", {"place": n, "text": f"Nội dung mẫu {n}"})


def count(n: int, m: int, satisfied: int) -> Record:
    return Record("poll_count", f"v{n}.q{m}", {"satisfied": satisfied})


def photo(evidence_id: str, *codes: str, summary: str = "", name: str = "") -> Evidence:
    piece = evidence(evidence_id, *codes, summary=summary, file_name=name or f"{evidence_id}.jpg")
    return replace(piece, blob=BlobRef("a" * 64, 10, "image/jpeg"))


def with_pieces(*pieces: Evidence) -> Assessed:
    catalogue = small_set(*(indicator(code) for code in ("1.1", "2.1", "1.2", "2.2")), criteria=2)
    return assessed(catalogue, [Result("1.1", {"percent": "95"})], pieces=pieces)


BOXED = with_pieces(
    evidence("a", "1.1", number="1/BC", issued="2024-05-01", issuer="Cơ quan mẫu", summary="Báo cáo mẫu"),
    evidence("b", "1.1", "1.2", "2.1"),
    evidence("c", "1.2"),
    evidence("d", "2.2"),
)
PAGES = {"a": EvidencePages(2), "b": EvidencePages(5), "c": EvidencePages(1), "d": EvidencePages(10)}
