"""A commune's computers and the office above, real workspaces that hand each other real packages on a stick.

What is entered and acknowledged is remembered here, outside all of them, so that in the end nothing can be missing
unnoticed.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntm_desktop.errors import InvalidInput, NotFound, PackageLocked, PackageRefused, ReadOnly, UserError
from ntm_desktop.exchange.cards import Card
from ntm_desktop.model.changes import Change, ChangeId, change_from_json
from ntm_desktop.operations import (
    appraisal,
    conflicts,
    devices,
    evidence,
    identity,
    packages,
    receiving,
    results,
    safety,
    setup,
    undoing,
)
from ntm_desktop.operations.packages import Sealing
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.core.command_line import COMMUNE, NATIONAL, PROVINCE

YEAR = 2024
AID = f"{COMMUNE}.{NATIONAL}.{YEAR}"
CODES = ("3.1", "15.1", "2.1")
ROUNDS = 12

#: What must not differ in the end: what was written, and all that follows from it.
SAME = (
    "change", "field_state", "assessment", "result", "level", "evidence", "evidence_link", "unit", "document",
    "appraisal", "dossier_return", "catalogue",
)  # fmt: skip


@dataclass
class Computer:
    """One computer: its folder, its open workspace, and copies of it that were put aside."""

    name: str
    folder: Path
    workspace: Workspace
    card: Card
    office: bool
    copies: list[Path] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)

    def close(self) -> None:
        """Close the program."""
        self.workspace.close()


@dataclass(frozen=True)
class Parcel:
    """A stick on its way: the file, from whom, whose key it is for, and whether it is sealed for that key."""

    path: Path
    sender: str
    receiver: str
    sealed: bool


#: An edit by what it says: the same words under another device id are the same edit.
Said = tuple[str, str, str, str, str, str]


def said(change: Change) -> Said:
    """What a change says, who said it when."""
    return (*change.key, repr(change.value), change.user, change.at)


class Village:
    """The computers, the sticks between them, and what was acknowledged."""

    def __init__(self, folder: Path, computers: int) -> None:
        self._folder = folder
        self._made = 0
        self._cards: list[Path] = []
        self.acknowledged: dict[Said, str] = {}
        self.sticks: list[Parcel] = []
        self.rolled_back = False
        self.counts: Counter[str] = Counter()
        self.steps: list[str] = []
        self.computers: list[Computer] = []
        self._join(self._make("tỉnh", office=True))
        first = self._make("máy 1", office=False)
        self._join(first)
        for number in range(1, computers):
            self._join(self._make(f"máy {number + 1}", office=False))
        self._note(first, None, "tạo")
        for other in self.computers:  # everybody begins with the same dossier
            if other is not first:
                self._hand_over(first, other, sealed=False)
                self.deliver(len(self.sticks) - 1, other)
                self.lose(len(self.sticks) - 1)

    @property
    def acts(self) -> int:
        """How many things were done."""
        return len(self.steps)

    @property
    def office(self) -> Computer:
        """The receiving office."""
        return self.computers[0]

    @property
    def communes(self) -> list[Computer]:
        """The commune's computers."""
        return self.computers[1:]

    def close(self) -> None:
        """Close all programs."""
        for computer in self.computers:
            computer.close()

    # --- computers

    def _place(self, name: str) -> Path:
        self._made += 1
        return self._folder / f"{self._made:03d} {name}"

    def _make(self, name: str, office: bool) -> Computer:
        folder = self._place(name)
        if office:
            workspace = setup.create(folder, unit_code=PROVINCE, role="office")
        elif not any(not one.office for one in self.computers):
            workspace = setup.create(
                folder, unit_code=COMMUNE, role="commune", catalogue_id=NATIONAL, year=YEAR, region="tdmnpb"
            )
        else:
            workspace = setup.create(folder, unit_code=COMMUNE, role="commune")
        setup.save_user(workspace, f"Người dùng {name}")
        return Computer(name, folder, workspace, identity.own_card(workspace), office)

    def _join(self, computer: Computer) -> None:
        """Everybody gets everybody's card and compares it; the newcomer also those of computers that are no more."""
        mine = identity.export_card(computer.workspace, self._place("thẻ"))
        for card in self._cards:
            _meet(computer, card)
        for other in self.computers:
            _meet(other, mine)
        self._cards.append(mine)
        self.computers.append(computer)

    # --- entering

    def enter(self, computer: Computer, what: int, pick: int) -> None:
        """One act of a person at this computer; what the journal then holds is acknowledged."""
        before = _vector(computer)
        acts = OFFICE_ACTS if computer.office else COMMUNE_ACTS
        act = acts[what % len(acts)]
        try:
            act(computer.workspace, self._folder, pick)
        except (NotFound, ReadOnly):  # a new computer, or one whose dossier was taken back: nothing to write in yet
            return
        self._note(computer, before, act.__name__)

    def choose(self, computer: Computer, side: int) -> None:
        """Settle the first conflict in the list."""
        found = conflicts.conflicts(computer.workspace)
        if not found:
            return
        before = _vector(computer)
        conflicts.choose(computer.workspace, found[0].conflict_id, side % len(found[0].sides))
        self.counts["conflicts settled"] += 1
        self._note(computer, before, "chọn")
        left = {one.conflict_id for one in conflicts.conflicts(computer.workspace)}
        assert found[0].conflict_id not in left, "what was chosen is no conflict any more"

    def _note(self, computer: Computer, before: dict[str, int] | None, act: str) -> None:
        self.steps.append(f"{computer.name}: {act}")
        with computer.workspace.store.read() as work:
            for change in work.journal.after(COMMUNE, before or {}):
                self.acknowledged[said(change)] = f"{computer.name} {change.device[:6]}/{change.seq} ({act})"

    # --- sticks

    def hand_over(self, sender: Computer, receiver: Computer, full: bool = False, sealed: bool = False) -> None:
        """A package for the receiver, on a stick of its own."""
        try:
            self._hand_over(sender, receiver, full, sealed)
        except InvalidInput:
            self.steps.append(f"{sender.name} → {receiver.name}: không có gì")

    def _hand_over(self, sender: Computer, receiver: Computer, full: bool = False, sealed: bool = False) -> None:
        stick = self._place("usb")
        exported = packages.export(
            sender.workspace,
            stick,
            full,
            sealing=Sealing("keys", cards=(receiver.card,)) if sealed else Sealing("plain"),
            unit=COMMUNE if sender.office else "",
            to=None if receiver.office or sender.office else receiver.card,
            recovery=False,
        )
        assert exported.encrypted is sealed
        self.steps.append(f"{sender.name} → {receiver.name}: {exported.changes_count} thay đổi")
        self.sticks.append(Parcel(exported.path, sender.name, receiver.card.key, sealed))

    def deliver(self, number: int, receiver: Computer) -> None:
        """Put a stick into a computer."""
        parcel = self.sticks[number]
        before = _ids(receiver)
        (outcome,) = receiving.import_files(receiver.workspace, [parcel.path]).outcomes
        said_ = outcome.error or f"{outcome.applied}, đã có {outcome.already_had}, chờ {outcome.waiting}"
        self.steps.append(f"{receiver.name} ← {parcel.sender}: {said_}")
        error = outcome.error
        self.counts["packages taken" if error is None else "packages refused"] += 1
        self.counts["packages that waited"] += bool(outcome.waiting)
        if error is not None:
            assert _ids(receiver) == before, f"refused, yet something was taken: {error}"
            self._check_refusal(parcel, receiver, error)
        elif not self.rolled_back:
            assert _ids(receiver) >= before, "an import takes nothing away"

    def _check_refusal(self, parcel: Parcel, receiver: Computer, error: UserError) -> None:
        assert error.message and error.hint, repr(error)
        if parcel.sealed and isinstance(error, PackageLocked):
            assert parcel.receiver != receiver.card.key, f"sealed for {receiver.name}, yet: {error}"
        elif not (self.rolled_back and isinstance(error, PackageRefused)):
            raise AssertionError(f"{receiver.name} refuses {parcel}: {error}") from error

    def lose(self, number: int) -> None:
        """A stick is lost."""
        del self.sticks[number]

    def take_back(self, computer: Computer) -> None:
        """Undo the last import: what was entered here stays."""
        point = undoing.last_import(computer.workspace)
        if point is None:
            return
        own = _own(computer)
        undoing.undo_import(computer.workspace)
        self.counts["imports taken back"] += 1
        self.steps.append(f"{computer.name}: hoàn tác nhận gói")
        assert _own(computer) == own, "undoing an import takes away what was entered here"
        assert verify(computer.workspace).ok
        self._forget_what_nobody_has()

    # --- misfortune

    def put_aside(self, computer: Computer) -> None:
        """A copy of the data folder, as people make them."""
        target = self._place("bản chép")
        computer.close()
        shutil.copytree(computer.folder, target, ignore=shutil.ignore_patterns("lock"))
        computer.workspace = open_workspace(computer.folder)
        computer.copies.append(target)
        self.steps.append(f"{computer.name}: chép")

    def roll_back(self, computer: Computer) -> None:
        """An old copy is put in the place of the data, behind the program's back: the same computer, earlier."""
        computer.close()
        shutil.rmtree(computer.folder)
        shutil.copytree(computer.copies[-1], computer.folder)
        computer.workspace = open_workspace(computer.folder)
        self.rolled_back = True
        self.counts["went back to a copy"] += 1
        self.steps.append(f"{computer.name}: quay về bản chép")
        self._forget_what_nobody_has()

    def back_up(self, computer: Computer) -> None:
        """A backup by the program, without keys."""
        computer.backups.append(safety.backup(computer.workspace, self._place("sao lưu")).path)
        self.steps.append(f"{computer.name}: sao lưu")

    def restore(self, computer: Computer) -> None:
        """The computer is lost; its backup goes on, on another one with keys of its own."""
        computer.close()
        shutil.rmtree(computer.folder)
        computer.folder = self._place(computer.name)
        computer.workspace = safety.restore(computer.backups[-1], computer.folder)
        computer.card = identity.own_card(computer.workspace)
        computer.copies.clear()
        self.computers.remove(computer)
        position = 0 if computer.office else len(self.computers)
        self._join(computer)
        if position == 0:
            self.computers.insert(0, self.computers.pop())
        self.counts["restored"] += 1
        self.steps.append(f"{computer.name}: khôi phục")
        self._forget_what_nobody_has()

    def replace(self, computer: Computer) -> None:
        """A commune's computer is lost for good; a new one comes."""
        computer.close()
        shutil.rmtree(computer.folder)
        self.computers.remove(computer)
        self._join(self._make(computer.name, office=False))
        self.counts["replaced"] += 1
        self.steps.append(f"{computer.name}: máy mới")
        self._forget_what_nobody_has()

    def _forget_what_nobody_has(self) -> None:
        """Edits that were on a lost computer alone cannot come back; sticks under way may be lost too."""
        found = {change.id: change for one in self.computers for change in (*_changes(one), *_waiting(one))}
        # What waits for a change that was on the lost computer alone waits for ever: shown, and never applied.
        held = {said(change) for change_id, change in found.items() if _unbroken(found, change_id)}
        self.acknowledged = {one: where for one, where in self.acknowledged.items() if one in held}

    # --- the end

    def exchange_everything(self) -> None:
        """Everybody hands everybody a package until nobody learns anything new."""
        self.sticks.clear()
        for _round in range(ROUNDS):
            before = [_state(computer) for computer in self.computers]
            for sender in self.computers:
                for receiver in self.computers:
                    if sender is not receiver:
                        self.hand_over(sender, receiver)
                        while self.sticks:
                            self.deliver(0, receiver)
                            self.lose(0)
            if before == [_state(computer) for computer in self.computers]:
                return
        raise AssertionError(f"no end after {ROUNDS} rounds")

    def problems(self) -> list[str]:
        """What is not the same everywhere, or missing, or damaged."""
        found: list[str] = []
        office = _tables(self.office)
        for computer in self.computers:
            found += [f"{computer.name}: {problem}" for problem in verify(computer.workspace).problems]
            mine = _tables(computer)
            found += [
                f"{computer.name}: {name} differs from the office's: {sorted(mine[name] ^ office[name])[:4]}"
                for name in SAME
                if mine[name] != office[name]
            ]
            held = {said(change) for change in _changes(computer)}
            lost = {where for one, where in self.acknowledged.items() if one not in held}
            found += (
                [f"{computer.name}: {len(lost)} acknowledged edits are missing: {sorted(lost)[:4]}"] if lost else []
            )
            with computer.workspace.store.read() as work:
                # What was removed need not travel: it is asked for when somebody takes the removal back.
                wanted = {*(item.blob.sha256 for item in work.rows.evidence(AID)), *work.rows.catalogues(COMMUNE)}
            absent = [sha256 for sha256 in wanted if not computer.workspace.blobs.has(sha256)]
            found += [f"{computer.name}: {len(absent)} evidence files are missing"] if absent else []
        return found


def _meet(computer: Computer, card: Path) -> None:
    known = identity.import_card(computer.workspace, card)
    devices.confirm(computer.workspace, known.key)


# --- what people do -----------------------------------------------------------------------------------------------


def percentage(workspace: Workspace, _folder: Path, pick: int) -> None:
    """A value, or none."""
    value = None if pick % 5 == 0 else {"percent": str(50 + pick % 40)}
    results.save(workspace, AID, CODES[pick % len(CODES)], {"value": value})


def explanation(workspace: Workspace, _folder: Path, pick: int) -> None:
    """A text."""
    results.save(workspace, AID, CODES[pick % len(CODES)], {"explanation": f"Giải trình {pick}"})


def place_name(workspace: Workspace, _folder: Path, pick: int) -> None:
    """What stands at the head of the documents."""
    setup.save_profile(workspace, {"signer_name": f"Người ký mẫu {pick % 7}"})


def new_evidence(workspace: Workspace, folder: Path, pick: int) -> None:
    """A file; the same number is the same content on every computer."""
    file = folder / f"minh chứng {pick}.txt"
    file.write_text(f"Nội dung mẫu {pick}", encoding="utf-8", newline="")
    evidence.add_files(workspace, AID, [file], [CODES[pick % len(CODES)]])


def described(workspace: Workspace, _folder: Path, pick: int) -> None:
    """A number on a piece of evidence."""
    found = _evidence(workspace)
    if found:
        evidence.save_details(workspace, found[pick % len(found)], {"number": f"{pick}/BC"})


def removed(workspace: Workspace, _folder: Path, pick: int) -> None:
    """A piece of evidence is taken out."""
    found = _evidence(workspace)
    if found:
        evidence.remove(workspace, [found[pick % len(found)]])


def linked(workspace: Workspace, _folder: Path, pick: int) -> None:
    """A piece of evidence proves something else."""
    found = _evidence(workspace)
    if found:
        evidence.set_codes(workspace, found[pick % len(found)], [CODES[(pick + 1) % len(CODES)]])


def opinion(workspace: Workspace, _folder: Path, pick: int) -> None:
    """The office thinks something of a result."""
    verdict = (None, "agreed", "disagreed", "supplement")[pick % 4]
    appraisal.save_opinion(workspace, AID, CODES[pick % len(CODES)], verdict, f"Ý kiến {pick}" if verdict else "")


def returned(workspace: Workspace, _folder: Path, pick: int) -> None:
    """The office does something with the dossier."""
    appraisal.set_return(workspace, AID, ("received", "returned", "accepted")[pick % 3], f"Ghi chú {pick}")


def _evidence(workspace: Workspace) -> list[str]:
    with workspace.store.read() as work:
        found = sorted(work.rows.evidence(AID), key=lambda item: (item.blob.sha256, item.evidence_id))
    return [item.evidence_id for item in found]


Act = Callable[[Workspace, Path, int], None]
COMMUNE_ACTS: Sequence[Act] = (percentage, explanation, place_name, new_evidence, described, removed, linked)
OFFICE_ACTS: Sequence[Act] = (opinion, returned)


# --- what a computer holds ----------------------------------------------------------------------------------------


def _vector(computer: Computer) -> dict[str, int]:
    with computer.workspace.store.read() as work:
        return work.journal.vector(COMMUNE)


def _changes(computer: Computer) -> list[Change]:
    with computer.workspace.store.read() as work:
        return list(work.journal.after(COMMUNE, {}))


def _ids(computer: Computer) -> set[tuple[str, int]]:
    return {(change.device, change.seq) for change in _changes(computer)}


def _own(computer: Computer) -> set[tuple[str, int, str]]:
    """What was written at this computer under its present id."""
    with computer.workspace.store.read() as work:
        own = set(work.local.own_devices().values())
    return {(change.device, change.seq, change.hash()) for change in _changes(computer) if change.device in own}


def _unbroken(held: Collection[ChangeId], change_id: ChangeId) -> bool:
    """True where somebody has everything that this device wrote before, too."""
    return all(ChangeId(change_id.device, seq) in held for seq in range(1, change_id.seq))


def _waiting(computer: Computer) -> list[Change]:
    with sqlite3.connect(computer.folder / "ntm.sqlite3") as connection:
        rows = connection.execute("SELECT body FROM waiting_change WHERE released_by IS NULL").fetchall()
    connection.close()
    return [change_from_json(json.loads(body)) for (body,) in rows]


def _state(computer: Computer) -> tuple[Any, ...]:
    with computer.workspace.store.read() as work:
        waiting = work.journal.waiting.spans(COMMUNE)
        forks = work.partners.forks(COMMUNE)
    files = sorted(computer.workspace.blobs.all())
    return (sorted(_vector(computer).items()), waiting, sorted(forks.items()), files)


def _plainly(value: Any) -> Any:
    """Text that is JSON as what it says: members may stand in any order."""
    return sorted(json.loads(value).items()) if type(value) is str and value[:1] == "{" else value


def _tables(computer: Computer) -> dict[str, set[str]]:
    with sqlite3.connect(computer.folder / "ntm.sqlite3") as connection:
        found = {}
        for name in SAME:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            listed = ", ".join(f'"{column}"' for column in sorted(columns))
            # What a field awaits is a note for later: of what has come since as another field's, it is void.
            listed = listed.replace('"awaited"', "'' AS awaited")
            rows = connection.execute(f'SELECT {listed} FROM "{name}"')
            found[name] = {repr([_plainly(value) for value in row]) for row in rows}
    connection.close()
    return found
