"""What the papers cite: the rules for recognition that belong to a set's period.

2021-2025: QĐ 18/2022/QĐ-TTg, changed by QĐ 03/2024/QĐ-TTg. For 2026-2030 no such rule has been found; its line is left
to the person.
"""

from __future__ import annotations

from dataclasses import dataclass

from ntm_desktop.dossier.phrases import long_date
from ntm_desktop.model.catalogue import Catalogue, LegalBasis


@dataclass(frozen=True, slots=True)
class Procedure:
    """Legal basis of the procedure (none where it is not known) and further conditions of recognition in words."""

    bases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


_OF_2022 = Procedure(
    bases=(
        "Quyết định số 18/2022/QĐ-TTg ngày 02 tháng 8 năm 2022 của Thủ tướng Chính phủ ban hành Quy định điều kiện, "
        "trình tự, thủ tục, hồ sơ xét, công nhận, công bố và thu hồi quyết định công nhận địa phương đạt chuẩn nông "
        "thôn mới, đạt chuẩn nông thôn mới nâng cao, đạt chuẩn nông thôn mới kiểu mẫu và hoàn thành nhiệm vụ xây dựng "
        "nông thôn mới giai đoạn 2021 - 2025",
        "Quyết định số 03/2024/QĐ-TTg ngày 07 tháng 3 năm 2024 của Thủ tướng Chính phủ sửa đổi, bổ sung một số điều "
        "của Quy định ban hành kèm theo Quyết định số 18/2022/QĐ-TTg",
    ),
    conditions=(
        "Tình hình nợ đọng xây dựng cơ bản trong thực hiện Chương trình trên địa bàn",
        "Tỷ lệ hài lòng của người dân đối với kết quả thực hiện",
        "Tình hình bảo đảm an ninh, trật tự",
    ),
)
_BY_PERIOD = {"2021-2025": _OF_2022}
_UNKNOWN = Procedure(conditions=_OF_2022.conditions)


def procedure_of(catalogue: Catalogue) -> Procedure:
    """The procedure of the set's period."""
    return _BY_PERIOD.get(catalogue.period.replace(" ", ""), _UNKNOWN)


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
        parts.append(basis.title[:1].lower() + basis.title[1:])
    return " ".join(parts)
