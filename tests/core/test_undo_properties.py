"""Undo and redo of any edits come back to the very same values; history keeps everything."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_desktop.errors import InvalidInput, NotFound
from ntm_desktop.model.assessment import Verdict
from ntm_desktop.operations import evidence, history, results
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.core.command_line import a_file, database, new

AID = "03433.xa-ntm-2021-2025.2024"
CODES = ("3.1", "17.4", "2.1")
TABLES = ("result", "level", "evidence", "evidence_link")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undo")
    ntm = new(folder / "xã")
    ntm.ask("evidence", "add", a_file(folder, "biên bản.txt"), "--indicator", "3.1")
    return ntm.folder


Step = Callable[[Workspace], object]


def _on_evidence(edit: Callable[[Workspace, str], object]) -> Step:
    """A step on the only piece of evidence; once removed it cannot be edited."""

    def step(workspace: Workspace) -> object:
        with workspace.store.read() as work:
            (item,) = work.rows.evidence(AID, removed=True)
        try:
            return edit(workspace, item.evidence_id)
        except NotFound:
            assert item.removed
            return None

    return step


_code = st.sampled_from(CODES)
_percentages = st.sampled_from(("3.1", "2.1"))
_fields: st.SearchStrategy[Mapping[str, Any]] = st.one_of(
    st.builds(lambda n: {"value": {"percent": n}}, st.sampled_from(["0", "50", "85,5"])),
    st.just({"value": None}),
    st.builds(lambda text: {"explanation": text}, st.sampled_from(["", "Kênh chính", "Đã nghiệm thu"])),
    st.builds(lambda year: {"figure_year": year}, st.sampled_from([None, 2023, 2024])),
    st.builds(lambda verdict: {"judgement": verdict}, st.sampled_from([None, (Verdict.MET, "Theo biên bản")])),
)
_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda code, fields: lambda ws: results.save(ws, AID, code, fields), _percentages, _fields),
    st.builds(
        lambda n: lambda ws: results.save(ws, AID, "17.4", {"value": {"number": n}}), st.sampled_from(["0", "3"])
    ),
    st.builds(
        lambda v: lambda ws: results.set_level(ws, AID, "2.1", ">=", v, "1/QĐ", ""), st.sampled_from(["80", "90"])
    ),
    st.just(lambda ws: results.clear_level(ws, AID, "2.1")),
    st.builds(
        lambda codes: _on_evidence(lambda ws, proof: evidence.set_codes(ws, proof, codes)),
        st.lists(_code, unique=True, max_size=3),
    ),
    st.just(_on_evidence(lambda ws, proof: evidence.remove(ws, [proof]))),
    st.builds(
        lambda number: _on_evidence(lambda ws, proof: evidence.save_details(ws, proof, {"number": number})),
        st.sampled_from(["", "12/BC", "13/BC"]),
    ),
)


def values(folder: Path) -> set[tuple[Any, ...]]:
    """Every value that a row shows; a row whose fields are all empty says nothing."""
    with database(folder) as db:
        found = set()
        for table in TABLES:
            cursor = db.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                found |= {
                    (table, *row[:2], name, canonical(value))
                    for name, value in zip(names, row, strict=True)
                    if value is not None
                }
    keys = ("assessment_id", "code", "unit", "evidence_id")
    return {item for item in found if item[3] not in keys}


def canonical(value: object) -> str:
    """A column's value; JSON without regard to the order of its members."""
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(json.loads(value), sort_keys=True)
    return repr(value)


def count(folder: Path, sql: str) -> int:
    with database(folder) as db:
        return int(db.execute(sql).fetchone()[0])


@given(steps=st.lists(_steps, min_size=1, max_size=8), back=st.integers(1, 10))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_undo_and_redo_walk_the_same_states(prepared: Path, steps: list[Step], back: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ntm-undo-") as place:
        folder = Path(shutil.copytree(prepared, Path(place) / "xã"))
        done = "SELECT count(*) FROM edit WHERE state='done'"
        with open_workspace(folder) as ws:
            first = count(folder, done)
            states = [values(folder)]
            for step in steps:
                step(ws)
                del states[count(folder, done) - first :]  # edits of one subject in quick succession are one
                states.append(values(folder))
            states = states[: count(folder, done) - first + 1]
            written = count(folder, 'SELECT count(*) FROM "change"')
            back = min(back, len(states) - 1)
            for number in range(back):
                history.undo(ws)
                assert values(folder) == states[-2 - number]
            for number in range(back):
                history.redo(ws)
                assert values(folder) == states[len(states) - back + number]
            with pytest.raises(InvalidInput):
                history.redo(ws)
            assert count(folder, 'SELECT count(*) FROM "change"') >= written, "nothing is taken out of the history"
            assert verify(ws).ok


def test_a_new_edit_ends_what_could_be_redone(prepared: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "xã"))
    with open_workspace(folder) as ws:
        results.save(ws, AID, "3.1", {"value": {"percent": "80"}})
        history.undo(ws)
        results.save(ws, AID, "17.4", {"value": {"number": "3"}})
        with pytest.raises(InvalidInput):
            history.redo(ws)


def test_undo_to_the_beginning(prepared: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "xã"))
    with open_workspace(folder) as ws:
        results.save(ws, AID, "3.1", {"value": {"percent": "80"}})
        names = []
        while history.names(ws)[0] is not None:
            names.append(history.undo(ws).name)
        assert "3.1" in names[0]
        assert {item for item in values(folder) if item[0] == "result"} == set()
        with pytest.raises(InvalidInput):
            history.undo(ws)
        assert verify(ws).ok
