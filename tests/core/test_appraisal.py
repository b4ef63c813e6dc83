"""The office's opinions and returns: who may write them, how they travel, what the commune sees, undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput, NotFound, ReadOnly
from ntm_desktop.model.appraisal import DossierReturn, OpinionVerdict, ReturnStatus
from ntm_desktop.model.devices import KeyRole
from ntm_desktop.model.fields import LONGEST_TEXT, ChangeForbidden
from ntm_desktop.operations import appraisal, history, overview, packages, receiving, results
from ntm_desktop.store.journal import Assignment
from tests.core.appraisal_samples import NOTE, UNIT, World, hand_on, make_world
from tests.core.command_line import Ntm


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.close()


def test_the_commune_reads_what_the_office_wrote(world: World) -> None:
    assert appraisal.appraisal(world.commune, world.dossier) == appraisal.Appraisal()
    appraisal.save_opinion(world.office, world.dossier, "17.2", "agreed")
    changes = appraisal.save_opinion(world.office, world.dossier, "17.1", "supplement", f"  {NOTE}\n")
    assert changes.codes == {"17.1"}
    appraisal.set_return(world.office, world.dossier, "returned", "Thiếu biên bản họp thôn.")
    world.answer()
    said = appraisal.opinions(world.commune, world.dossier)
    assert list(said) == ["17.1", "17.2"]
    assert (said["17.1"].verdict, said["17.1"].note) == (OpinionVerdict.SUPPLEMENT, NOTE)
    assert said["17.1"].user
    assert said["17.1"].at
    found = appraisal.returned(world.commune, world.dossier)
    assert found is not None
    assert (found.status, found.note) == (ReturnStatus.RETURNED, "Thiếu biên bản họp thôn.")
    facts = overview.home(world.commune).appraisal
    assert facts == appraisal.appraisal(world.commune, world.dossier)
    assert facts.open_codes == ("17.1",)


def test_the_office_lists_what_it_did(world: World) -> None:
    (row,) = overview.office_rows(world.office)
    assert row.returned is None
    appraisal.set_return(world.office, world.dossier, ReturnStatus.ACCEPTED)
    (row,) = overview.office_rows(world.office)
    assert row.returned is not None
    assert row.returned.status is ReturnStatus.ACCEPTED
    assert overview.home(world.office, world.dossier).appraisal.returned == row.returned


def test_an_opinion_can_change_and_be_taken_back(world: World) -> None:
    appraisal.save_opinion(world.office, world.dossier, "17.1", "disagreed", NOTE)
    world.answer()
    appraisal.save_opinion(world.office, world.dossier, "17.1", "agreed")
    world.answer()
    assert appraisal.opinions(world.commune, world.dossier)["17.1"].verdict is OpinionVerdict.AGREED
    appraisal.save_opinion(world.office, world.dossier, "17.1", None, "không dùng")
    appraisal.set_return(world.office, world.dossier, "received", "Nhận đủ.")
    appraisal.set_return(world.office, world.dossier, None, "không dùng")
    world.answer()
    assert appraisal.appraisal(world.commune, world.dossier) == appraisal.Appraisal()


def test_a_new_result_of_the_commune_keeps_the_opinion(world: World) -> None:
    appraisal.save_opinion(world.office, world.dossier, "17.1", "disagreed", NOTE)
    world.answer()
    results.save(world.commune, world.dossier, "17.1", {"value": {"numerator": "900", "denominator": "1040"}})
    world.send()
    assert overview.assessed(world.office, world.dossier).by_code["17.1"].result.value == {
        "numerator": "900",
        "denominator": "1040",
    }
    assert appraisal.opinions(world.office, world.dossier)["17.1"].note == NOTE


# --- rights


def test_a_commune_only_reads(world: World) -> None:
    with pytest.raises(ReadOnly, match="cơ quan tiếp nhận"):
        appraisal.save_opinion(world.commune, world.dossier, "17.1", "agreed")
    with pytest.raises(ReadOnly, match="cơ quan tiếp nhận"):
        appraisal.set_return(world.commune, world.dossier, "accepted")
    assert appraisal.appraisal(world.commune, world.dossier) == appraisal.Appraisal()


def test_an_office_writes_nothing_else_of_a_commune(world: World) -> None:
    with pytest.raises(ReadOnly):
        results.save(world.office, world.dossier, "17.1", {"explanation": "sửa hộ"})
    explanation = Assignment("result", f"{world.dossier}/17.1", "explanation", "sửa hộ")
    with pytest.raises(ChangeForbidden), world.office.store.write() as work:
        work.write(UNIT, "", [explanation])


def test_a_commune_that_writes_an_opinion_is_refused_below_too(world: World) -> None:
    opinion = Assignment("appraisal", f"{world.dossier}/17.1", "opinion", {"verdict": "agreed", "note": ""})
    with pytest.raises(ChangeForbidden), world.commune.store.write() as work:
        work.write(UNIT, "", [opinion])
    appraisal.save_opinion(world.office, world.dossier, "17.1", "agreed")
    with pytest.raises(ChangeForbidden):  # the office's change under a commune's key
        hand_on(world.office, world.commune, KeyRole.COMMUNE)
    assert appraisal.opinions(world.commune, world.dossier) == {}


# --- what cannot be written


@pytest.mark.parametrize("verdict", ["disagreed", "supplement"])
def test_who_asks_for_something_says_what(world: World, verdict: str) -> None:
    with pytest.raises(InvalidInput, match=r"17\.1"):
        appraisal.save_opinion(world.office, world.dossier, "17.1", verdict, " \n ")
    with pytest.raises(InvalidInput, match="bổ sung"):
        appraisal.set_return(world.office, world.dossier, "returned")
    assert appraisal.appraisal(world.office, world.dossier) == appraisal.Appraisal()


def test_unknown_words_and_places_are_refused(world: World) -> None:
    with pytest.raises(InvalidInput, match="agreed, disagreed, supplement"):
        appraisal.save_opinion(world.office, world.dossier, "17.1", "maybe")
    with pytest.raises(InvalidInput, match="received, returned, accepted"):
        appraisal.set_return(world.office, world.dossier, "lost")
    with pytest.raises(NotFound):
        appraisal.save_opinion(world.office, world.dossier, "99.9", "agreed")
    with pytest.raises(NotFound):
        appraisal.set_return(world.office, "03390.xa-ntm-2021-2025.1999", "accepted")
    with pytest.raises(InvalidInput, match="nhiều nhất"):
        appraisal.save_opinion(world.office, world.dossier, "17.1", "agreed", "x" * (LONGEST_TEXT + 1))


# --- undo and history


def test_undo_and_redo_by_name(world: World) -> None:
    appraisal.save_opinion(world.office, world.dossier, "17.1", "disagreed", NOTE)
    appraisal.set_return(world.office, world.dossier, "returned", "Thiếu biên bản.")
    assert history.names(world.office) == ("ghi tình trạng hồ sơ của Xã Bình Lư", None)
    history.undo(world.office)
    assert appraisal.returned(world.office, world.dossier) is None
    assert history.undo(world.office).name == "ghi ý kiến về chỉ tiêu 17.1"
    assert appraisal.appraisal(world.office, world.dossier) == appraisal.Appraisal()
    history.redo(world.office)
    history.redo(world.office)
    assert appraisal.opinions(world.office, world.dossier)["17.1"].note == NOTE
    found = appraisal.returned(world.office, world.dossier)
    assert found is not None
    assert found.note == "Thiếu biên bản."


def test_history_tells_it_in_words(world: World) -> None:
    appraisal.save_opinion(world.office, world.dossier, "17.1", "disagreed", NOTE)
    appraisal.set_return(world.office, world.dossier, "returned", "Thiếu biên bản.")
    world.answer()
    latest = history.entries(world.commune, world.dossier, "17.1")[0]
    assert latest.what == "17.1 · Ý kiến của cơ quan tiếp nhận"
    assert latest.new_text == f"Chưa đồng ý: {NOTE}"
    told = {entry.what: entry.new_text for entry in history.entries(world.commune)}
    assert told["Tình trạng hồ sơ"] == "Trả lại để bổ sung"
    assert told["Ghi chú của cơ quan tiếp nhận"] == "Thiếu biên bản."


def test_sentences() -> None:
    given = DossierReturn("x", ReturnStatus.RETURNED, "Thiếu biên bản\nvà phiếu lấy ý kiến.")
    assert wording.return_sentence(given) == "Cơ quan tiếp nhận trả lại hồ sơ: Thiếu biên bản và phiếu lấy ý kiến."
    assert wording.return_sentence(given, 10) == "Cơ quan tiếp nhận trả lại hồ sơ: Thiếu biê…"
    assert wording.return_sentence(DossierReturn("x", ReturnStatus.ACCEPTED, "")).endswith("chấp thuận hồ sơ.")
    assert wording.opinion_with_symbol(OpinionVerdict.SUPPLEMENT) == "+ Cần bổ sung"
    assert {*wording.OPINION_NAMES, *wording.OPINION_SYMBOLS} == set(OpinionVerdict)
    assert set(wording.RETURN_NAMES) == set(ReturnStatus)


# --- the command line


def test_the_office_appraises_from_the_command_line(world: World) -> None:
    dossier = world.dossier
    ntm, theirs = Ntm(world.office.folder), Ntm(world.commune.folder)
    world.office.close()
    said = ntm.ask("office", "appraise", dossier, "17.1", "--verdict", "disagreed", "--note", NOTE)
    assert [(item["code"], item["verdict"], item["note"]) for item in said["opinions"]] == [("17.1", "disagreed", NOTE)]
    said = ntm.ask("office", "return", dossier, "--status", "returned", "--note", "Thiếu biên bản.")
    assert (said["returned"]["status"], said["returned"]["note"]) == ("returned", "Thiếu biên bản.")
    assert ntm.ask("office", "opinions", dossier) == said
    (row,) = ntm.ask("office", "list")
    assert row["returned"] == "returned"
    shown = ntm.run("office", "opinions", dossier).out
    assert "Cơ quan tiếp nhận trả lại hồ sơ: Thiếu biên bản." in shown
    assert "✖ Chưa đồng ý" in shown
    said = ntm.ask("office", "appraise", dossier, "17.1", "--verdict", "none")
    assert said["opinions"] == []
    world.commune.close()
    assert theirs.ask("office", "opinions") == {"returned": None, "opinions": []}
    assert theirs.run("office", "return", dossier, "--status", "accepted").code == 2
    assert theirs.run("office", "appraise", dossier, "17.1", "--verdict", "maybe").code == 2


# --- in packages


def test_it_comes_back_in_a_package(world: World, tmp_path: Path) -> None:
    plain = packages.Sealing(packages.PLAIN)
    sent = packages.export(world.commune, tmp_path / "gửi", sealing=plain)
    (outcome,) = receiving.import_files(world.office, sent.paths).outcomes
    assert outcome.error is None
    appraisal.save_opinion(world.office, world.dossier, "17.1", "supplement", NOTE)
    appraisal.set_return(world.office, world.dossier, "returned", "Thiếu biên bản.")
    back = packages.export(world.office, tmp_path / "trả", sealing=plain, unit=UNIT)
    (outcome,) = receiving.import_files(world.commune, back.paths).outcomes
    assert outcome.error is None
    assert outcome.applied == 3
    said = appraisal.appraisal(world.commune, world.dossier)
    assert said.opinions["17.1"].note == NOTE
    assert said.returned is not None
    assert said.returned.note == "Thiếu biên bản."
    assert [said.opinions, said.returned] == [
        appraisal.opinions(world.office, world.dossier),
        appraisal.returned(world.office, world.dossier),
    ]
