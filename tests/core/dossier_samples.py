"""Sample assessments for the tests of the dossier; no person and no real commune's figures."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from ntm_desktop import catalogue
from ntm_desktop.model import rules
from ntm_desktop.model.assessment import (
    Assessed,
    Assessment,
    Judgement,
    LocalLevel,
    Result,
    UnitProfile,
    Verdict,
)
from ntm_desktop.model.catalogue import (
    Catalogue,
    Criterion,
    Indicator,
    LegalBasis,
    Measure,
    MeasureKind,
    Operator,
    Provenance,
    Requirement,
    Source,
)
from ntm_desktop.model.evidence import BlobRef, Evidence
from ntm_desktop.model.units import Level, Unit

XA = "xa-ntm-2021-2025"
SETS = (XA, "xa-ntm-nang-cao-2021-2025", "xa-ntm-kieu-mau-2021-2025", "huyen-ntm-2021-2025", "xa-ntm-2026")
COMMUNE = Unit("03434", "Sơn Bình", "Xã Sơn Bình", "xa", Level.COMMUNE, "12", "Tỉnh Lai Châu")
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES] + ["đ"]
MARKED = [letter for letter in SMALL if not letter.isascii()]
LETTERS = "".join([*MARKED, *(letter.upper() for letter in MARKED)])  # the 134


@cache
def builtin(catalogue_id: str) -> Catalogue:
    return catalogue.builtin(catalogue_id)


def indicator(code: str, name: str = "Chỉ tiêu mẫu", kind: MeasureKind = MeasureKind.PERCENT) -> Indicator:
    plain = kind in (MeasureKind.BOOLEAN, MeasureKind.TEXT)
    requirement = Requirement(Operator.HOLDS, Decimal(1)) if plain else Requirement(Operator.AT_LEAST, Decimal(80))
    sure = Provenance(Source.FOUND, Source.FOUND, Source.FOUND)
    unit = "km" if kind is MeasureKind.NUMBER else ""
    return Indicator(code, name, Measure(kind, unit), requirement, sure)


def small_set(*indicators: Indicator, criteria: int = 1) -> Catalogue:
    rows = indicators or (indicator("1.1"), indicator("1.2"))
    groups = tuple(
        Criterion(str(n + 1), f"Tiêu chí mẫu {n + 1}", tuple(rows[n::criteria]))
        for n in range(min(criteria, len(rows)))
    )
    basis = LegalBasis("318/QĐ-TTg", "2022-03-08")
    name = "Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2021 - 2025"
    return Catalogue("mau", "1", name, Level.COMMUNE, "2021-2025", basis, groups)


def evidence(
    evidence_id: str,
    *codes: str,
    number: str = "",
    issued: str = "",
    issuer: str = "",
    summary: str = "",
    file_name: str = "",
) -> Evidence:
    blob = BlobRef("a" * 64, 10, "application/pdf")
    return Evidence(
        evidence_id, "mau", blob, file_name or f"{evidence_id}.pdf", number, issued, issuer, summary, codes=codes
    )


def assessed(
    chosen: Catalogue,
    results: Iterable[Result] = (),
    levels: Mapping[str, LocalLevel] | None = None,
    pieces: Iterable[Evidence] = (),
    profile: UnitProfile | None = None,
    unit: Unit = COMMUNE,
    documents: Mapping[str, Mapping[str, str]] | None = None,
) -> Assessed:
    record = Assessment("mau", unit.code, chosen.id, chosen.version, "0" * 64, 2024)
    return rules.assess(
        unit,
        profile or UnitProfile(unit.code),
        record,
        chosen,
        {result.code: result for result in results},
        levels or {},
        tuple(pieces),
        documents,
    )


@cache
def filled(catalogue_id: str, met: bool = False) -> Assessed:
    """Every indicator of a shipped set with something entered; ``met``: all of them met by hand."""
    chosen = builtin(catalogue_id)
    level = LocalLevel(Operator.AT_LEAST, Decimal(75), LegalBasis("1253/QĐ-UBND", "2024-08-30"))
    results, levels, pieces = [], {}, []
    for place, item in enumerate(chosen.indicators()):
        kind = item.measure.kind
        value: dict[str, object] = {"holds": place % 7 != 6}
        if kind is MeasureKind.PERCENT:
            value = {"numerator": "812", "denominator": "1040"} if place % 2 else {"percent": "96.5"}
        elif kind is MeasureKind.NUMBER:
            value = {"number": "52.5"}
        if kind in (MeasureKind.PERCENT, MeasureKind.NUMBER) and item.requirement.threshold is None:
            levels[item.code] = level
        judgement = Judgement(Verdict.MET, f"Họp rà soát mẫu số {place}") if met or place % 9 == 8 else None
        results.append(
            Result(
                item.code,
                value,
                judgement,
                explanation=f"Thuyết minh mẫu {place}",
                data_source=f"Nguồn mẫu {place}",
                figure_year=2023 if place % 10 == 9 else None,
            )
        )
        for number in range(place % 3):
            given = {"number": f"{number + 3}/BC-UBND", "issued": f"2024-05-0{number + 1}"}
            pieces.append(evidence(f"p{place}-{number}", item.code, summary=f"Báo cáo mẫu {place}", **given))
    return assessed(chosen, results, levels, pieces)


def with_profile(given: Assessed, **fields: str) -> Assessed:
    return replace(given, profile=replace(given.profile, **fields))
