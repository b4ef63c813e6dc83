"""Turns of phrase of official papers, and the sentences that say where a unit stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ntm_desktop.dossier.document import NBSP
from ntm_desktop.model import numbers
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, Tally, Verdict
from ntm_desktop.model.catalogue import LegalBasis

BLANK = NBSP * 6  # room to write a number or a date by hand
_STANDARD = re.compile(r"nông thôn mới( nâng cao| kiểu mẫu| hiện đại)?")


def counted(number: int) -> str:
    """Counts below ten take a leading zero in running text: «05 chỉ tiêu»."""
    return f"{number:02d}" if 0 <= number < 10 else numbers.shown(Decimal(number))


def long_date(iso: str | date) -> str:
    """«ngày 05 tháng 01 năm 2026»: days below 10 and the months 1 and 2 take a zero (Decree 30/2020)."""
    try:
        day = date.fromisoformat(iso) if isinstance(iso, str) else iso
    except ValueError:
        return f"ngày {iso}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def lower_first(words: str) -> str:
    """The name inside a sentence: «Xã Sơn Bình» → «xã Sơn Bình»."""
    return words[:1].lower() + words[1:]


def standard_of(assessed: Assessed) -> str:
    """What is applied for: «đạt chuẩn nông thôn mới nâng cao»."""
    found = _STANDARD.search(assessed.catalogue.name.lower())
    return f"đạt chuẩn {found.group()}" if found else f"đạt chuẩn theo {assessed.catalogue.name}"


def named(criterion: AssessedCriterion) -> str:
    """«Tiêu chí số 5 (Giáo dục)»."""
    return f"tiêu chí số {criterion.criterion.number} ({criterion.criterion.name})"


def listed(items: Iterable[str]) -> str:
    """«a; b; c»."""
    return "; ".join(items)


def code_of(item: AssessedIndicator) -> str:
    """The code, with a star where it is not the decision's own number."""
    return item.code if item.indicator.official_code else f"{item.code}*"


def made_up_codes(assessed: Assessed) -> bool:
    """True where some codes were given by the editor of the set."""
    return any(not item.indicator.official_code for item in assessed.by_code.values())


MADE_UP_NOTE = (
    "(*) Mã do người lập danh mục đặt để tra cứu; chưa đối chiếu được số thứ tự trong văn bản ban hành bộ tiêu chí."
)


def fulfilled(assessed: Assessed) -> bool:
    """True only where every applicable indicator of a complete set is met."""
    tallies = (assessed.criteria_tally, assessed.indicators_tally)
    return assessed.catalogue.indicators_complete and all(
        item.met > 0 and not item.not_met and not item.not_assessed for item in tallies
    )


def one_criterion(assessed: Assessed) -> bool:
    """True for sets that are a list of conditions under a single heading."""
    return len(assessed.criteria) == 1


def score(tally: Tally, what: str) -> str:
    """«17/19 tiêu chí» of all, as the window counts; what does not apply is named behind."""
    text = f"{tally.met}/{tally.total} {what}"
    return f"{text} ({counted(tally.not_applicable)} {what} không áp dụng)" if tally.not_applicable else text


def share(tally: Tally) -> str:
    """Met of applicable in percent, rounded so that less than all never reads 100%."""
    whole = tally.total - tally.not_applicable
    return f"{numbers.shown_beside(Decimal(tally.met) * 100 / whole, Decimal(100))}%" if whole else "0%"


def standing(assessed: Assessed) -> str:
    """Where the unit stands, in half a sentence: «đạt 17/19 tiêu chí, 55/57 chỉ tiêu»."""
    if one_criterion(assessed):
        return f"đạt {score(assessed.indicators_tally, 'chỉ tiêu')}"
    return f"đạt {score(assessed.criteria_tally, 'tiêu chí')}, {score(assessed.indicators_tally, 'chỉ tiêu')}"


def incomplete_sentence(assessed: Assessed) -> str:
    """What must be said where the set is known to lack indicators."""
    known, whole = len(assessed.by_code), assessed.catalogue.indicator_total or 0
    return (
        f"Danh mục của bộ tiêu chí đang dùng mới có {counted(known)}/{whole} chỉ tiêu nên chưa kết luận đạt hay chưa "
        "đạt đối với từng tiêu chí và toàn bộ tiêu chí; các số liệu nêu trong văn bản này chỉ là số liệu đã nhập."
    )


def left_over(assessed: Assessed, verdict: Verdict, word: str) -> str:
    """«còn 03 tiêu chí chưa đạt gồm: Tiêu chí số 5 (Giáo dục); …», or nothing where there are none."""
    if one_criterion(assessed):
        names = [
            f"{code_of(item)} ({item.indicator.name})" for item in assessed.by_code.values() if item.verdict is verdict
        ]
        what = "chỉ tiêu"
    else:
        names = [named(item) for item in assessed.criteria if item.verdict is verdict]
        what = "tiêu chí"
    return f"{counted(len(names))} {what} {word}, gồm: {listed(names)}" if names else ""


def cited(basis: LegalBasis) -> str:
    """A decision as it is cited: «Quyết định số 318/QĐ-TTg ngày 08 tháng 3 năm 2022 của Thủ tướng Chính phủ …»."""
    number = basis.number.strip()
    spelled = "Quyết định" in number or not number.split("/")[-1].startswith(("QĐ", "NQ")) or " " in number
    kind = "Nghị quyết" if "/NQ" in number else "Quyết định"
    parts = [number if spelled else f"{kind} số {number}"]
    if basis.issued:
        parts.append(long_date(basis.issued))
        if number.endswith("QĐ-TTg"):
            parts.append("của Thủ tướng Chính phủ")
    if basis.title:
        parts.append(lower_first(basis.title))
    return " ".join(parts)


def share_text(value: Decimal, *limits: Decimal | None) -> str:
    """«96,5», never rounded to 100 or across one of ``limits``."""
    beside = (Decimal(100), *(limit for limit in limits if limit is not None))
    return max((numbers.shown_beside(value, limit) for limit in beside), key=len)
