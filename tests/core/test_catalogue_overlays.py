"""A province's overlay: its levels stand over the base's, the rest stays, and every row knows its decision."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ntm_desktop import catalogue, paths
from ntm_desktop.catalogue import ProblemCode
from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.model import rules
from ntm_desktop.model.assessment import Assessment, LevelOrigin
from ntm_desktop.model.catalogue import Source

EXAMPLE = paths.resources() / "catalogues" / "examples" / "overlay-mau.yaml"
OVERLAY = """\
format: 1
id: {id}
version: '1'
extends: {base}
name: Bộ tiêu chí của tỉnh mẫu
basis: {{number: 000/QĐ-UBND, issued: '2024-10-22'}}
overrides:
  - code: '2.1'
    source: typed
    threshold: {level}
"""


def overlay(folder: Path, level: str = "100", base: str = "xa-ntm-2021-2025@1", own_id: str = "tinh-mau") -> Path:
    path = folder / f"{own_id}.yaml"
    path.write_text(OVERLAY.format(id=own_id, base=base, level=level), encoding="utf-8")
    return path


def test_the_example_is_marked_and_not_listed() -> None:
    made = catalogue.load(EXAMPLE)
    assert made.name.startswith("MẪU")
    assert made.id not in catalogue.builtin_ids()


def test_the_example_changes_what_it_names_and_nothing_else() -> None:
    base, made = catalogue.builtin("xa-ntm-2021-2025"), catalogue.load(EXAMPLE)
    changed = {code for code, row in made.by_code.items() if row != base.by_code[code]}
    assert changed == {"2.1", "17.1", "10", "3.1"}
    assert made.extends == base.ref == "xa-ntm-2021-2025@1"
    assert made.basis == base.basis
    assert [item.number for item in made.amended_by] == ["211/QĐ-TTg", "000/QĐ-UBND (số mẫu)"]
    assert [item.number for item in made.criteria] == [item.number for item in base.criteria]
    roads, water, wells = made.by_code["2.1"], made.by_code["17.1"], made.by_code["3.1"]
    assert roads.requirement.threshold == 100
    assert roads.basis is not None
    assert roads.basis.number == "000/QĐ-UBND (số mẫu)"
    assert (roads.provenance.threshold_source, roads.provenance.source) == (Source.TYPED, Source.MEMORY)
    assert dict(water.requirement.by_region) == {"tdmnpb": Decimal(30), "dbsh": Decimal("55.5")}
    assert made.by_code["10"].requirement.by_year[2025] == {"tdmnpb": Decimal(48)}
    assert wells.requirement == base.by_code["3.1"].requirement
    assert len(wells.evidence) == 2
    assert wells.basis is not None
    assert wells.basis.number == "000/HD-SNN (số mẫu)"


def test_a_level_of_the_province_is_resolved_with_its_decision() -> None:
    made = catalogue.load(EXAMPLE)
    assessment = Assessment("x", "00000", made.id, "1", "0" * 64, 2024, region="dbsh")
    level = rules.resolve_level(made, made.by_code["17.1"], assessment)
    assert (level.origin, level.threshold) == (LevelOrigin.SET, Decimal("55.5"))
    assert level.basis.number == "000/QĐ-UBND (số mẫu)"
    untouched = rules.resolve_level(made, made.by_code["15.1"], assessment)
    assert untouched.basis.number == "318/QĐ-TTg"


def test_a_resolved_set_needs_its_base_no_more(tmp_path: Path) -> None:
    made = catalogue.load(overlay(tmp_path))
    again = catalogue.from_json(catalogue.to_json(made))
    assert again == made
    assert again.extends == "xa-ntm-2021-2025@1"


def test_a_base_may_lie_beside_and_be_an_overlay_itself(tmp_path: Path) -> None:
    overlay(tmp_path, own_id="tinh-mau")
    (tmp_path / "hỏng.yaml").write_text("a: [", encoding="utf-8")
    made = catalogue.load(overlay(tmp_path, "95", "tinh-mau@1", "huyen-mau"))
    assert made.by_code["2.1"].requirement.threshold == 95
    assert made.extends == "tinh-mau@1"
    assert len(made.amended_by) == 3


def test_a_base_may_be_handed_in(tmp_path: Path) -> None:
    given = catalogue.with_version(catalogue.builtin("xa-ntm-2021-2025"), "7")
    path = overlay(tmp_path, base="xa-ntm-2021-2025@7")
    assert [problem.code for problem in catalogue.check(path)] == [ProblemCode.UNKNOWN_BASE]
    assert catalogue.load(path, [given]).extends == "xa-ntm-2021-2025@7"


def test_a_circle_of_bases_is_told(tmp_path: Path) -> None:
    one = overlay(tmp_path, base="hai", own_id="mot")
    overlay(tmp_path, base="mot", own_id="hai")
    assert [(item.code, item.line) for item in catalogue.check(one)] == [(ProblemCode.UNKNOWN_BASE, 4)]
    own = overlay(tmp_path, base="tu-minh", own_id="tu-minh")
    assert [item.code for item in catalogue.check(own)] == [ProblemCode.UNKNOWN_BASE]


DAMAGE: dict[str, tuple[ProblemCode, str, str, int]] = {
    "unknown base": (ProblemCode.UNKNOWN_BASE, "xa-ntm-2021-2025@1", "xa-ntm-1999", 4),
    "other version": (ProblemCode.UNKNOWN_BASE, "xa-ntm-2021-2025@1", "xa-ntm-2021-2025@9", 4),
    "unknown indicator": (ProblemCode.UNKNOWN_INDICATOR, "'2.1'", "'2.9'", 8),
    "no legal basis": (ProblemCode.NO_LEGAL_BASIS, "basis: {number: 000/QĐ-UBND, issued: '2024-10-22'}\n", "", 1),
    "no number": (ProblemCode.NO_LEGAL_BASIS, "number: 000/QĐ-UBND, ", "", 6),
    "no date": (ProblemCode.NO_LEGAL_BASIS, ", issued: '2024-10-22'", "", 6),
    "no source": (ProblemCode.MISSING_KEY, "    source: typed\n", "", 8),
    "unknown source": (ProblemCode.UNKNOWN_VALUE, "typed", "nghe nói", 9),
    "level in doubt": (ProblemCode.UNCERTAIN_THRESHOLD, "typed", "uncertain", 9),
    "no number as level": (ProblemCode.NOT_A_NUMBER, "threshold: 100", "threshold: cao", 10),
    "nothing changed": (ProblemCode.NOTHING_CHANGED, "threshold: 100", "note: không đổi", 8),
    "unknown region": (ProblemCode.UNKNOWN_REGION, "threshold: 100", "by_region: {trung: 5}", 10),
    "unknown group": (ProblemCode.UNKNOWN_GROUP, "threshold: 100", "by_group: {'1': 5}", 10),
    "impossible operator": (ProblemCode.IMPOSSIBLE_OPERATOR, "threshold: 100", "operator: dat", 10),
    "unknown key": (ProblemCode.UNKNOWN_KEY, "threshold: 100", "name: khác\n    threshold: 1", 10),
    "no overrides": (ProblemCode.MISSING_KEY, "overrides:\n", "criteria:\n", 1),
    "the base's own id": (ProblemCode.DUPLICATE_ID, "id: tinh-mau", "id: xa-ntm-2021-2025", 2),
    "twice": (
        ProblemCode.DUPLICATE_INDICATOR,
        "    threshold: 100\n",
        "    threshold: 100\n  - {code: '2.1', source: typed, threshold: 1}\n",
        11,
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_each_problem_is_named_with_its_line(what: str, tmp_path: Path) -> None:
    code, old, new, line = DAMAGE[what]
    path = overlay(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    problems = catalogue.check(path)
    assert (code, line) in {(item.code, item.line) for item in problems}, [str(item) for item in problems]
    with pytest.raises(CatalogueInvalid):
        catalogue.load(path)
