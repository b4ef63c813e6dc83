"""Administrative units: codes are strings with leading zeros (QĐ 19/2025/QĐ-TTg: province 2 digits, commune 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Level of a unit. The district ended on 1 July 2025 and stays for the 2021-2025 catalogues."""

    VILLAGE = "village"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit.

    ``kind`` is the Vietnamese kind (``xa``, ``phuong``, ``dac_khu``, ``tinh``, ``thanh_pho``); ``full_name`` carries it
    in words («Xã Sơn Bình»). ``province_code`` is the unit's own code for a province.
    """

    code: str
    name: str
    full_name: str
    kind: str
    level: Level
    province_code: str
    province_name: str

    @property
    def place(self) -> str:
        """Name that tells apart units of one name: «Xã Tân Tiến (Tỉnh Đắk Lắk)»."""
        return self.full_name if self.level is Level.PROVINCE else f"{self.full_name} ({self.province_name})"
