"""A set in two versions: the second raises one level, drops one indicator and adds one."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
format: 1
id: bo-mau
version: '{version}'
name: Bộ tiêu chí mẫu
level: commune
period: '2021-2025'
basis: {{number: 1/QĐ-UBND, issued: '2024-10-22'}}
criteria:
  - number: '1'
    name: Quy hoạch
    indicators:
"""
ROW = """\
      - code: '{code}'
        name: Chỉ tiêu {code}
        kind: percent
        unit: '%'
        operator: '>='
        threshold: {threshold}
        provenance: {{source: typed, name_source: typed, threshold_source: typed}}
"""


def write_set(path: Path, version: str, levels: dict[str, int]) -> Path:
    """The set with these thresholds by code."""
    rows = "".join(ROW.format(code=code, threshold=threshold) for code, threshold in levels.items())
    path.write_text(HEAD.format(version=version) + rows, encoding="utf-8", newline="\n")
    return path


def two_versions(folder: Path) -> tuple[Path, Path]:
    """The first and the second version."""
    first = write_set(folder / "ban-1.yaml", "1", {"1.1": 50, "1.2": 50, "1.3": 80})
    second = write_set(folder / "ban-2.yaml", "2", {"1.1": 50, "1.2": 90, "1.3": 60, "1.4": 50})
    return first, second
