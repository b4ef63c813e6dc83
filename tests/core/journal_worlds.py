"""Several computers that write about one unit without always seeing each other: their changes, chained and honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from ntm_desktop.model.changes import GENESIS, Change, FieldKey, FieldState, JsonValue

UNIT = "03433"
ASSESSMENT = f"{UNIT}.xa-ntm-2021-2025.2024"
EVIDENCE = "5c" * 16
DEVICES = ("c" * 32, "a" * 32, "b" * 32)  # not in the order in which they begin

VALUES: dict[FieldKey, list[JsonValue]] = {
    ("result", f"{ASSESSMENT}/3.1", "value"): [None, {"percent": "80"}, {"percent": "0"}, {"percent": "85.5"}],
    ("result", f"{ASSESSMENT}/3.1", "explanation"): [None, "Kênh chính", "Nguồn nước ổn định"],
    ("result", f"{ASSESSMENT}/17.10", "judgement"): [None, {"verdict": "met", "reason": "Theo biên bản"}],
    ("level", f"{ASSESSMENT}/2.1", "level"): [
        None,
        {
            "operator": ">=",
            "threshold": "80",
            "basis": {"number": "1/QĐ-UBND", "issued": "2024-10-22", "title": "", "note": ""},
        },
    ],
    ("evidence", EVIDENCE, "number"): [None, "12/BC", "13/BC"],
    ("evidence", EVIDENCE, "removed"): [None, True],
    ("evidence_link", f"{EVIDENCE}/3.1", "linked"): [None, True],
    ("unit", UNIT, "name"): ["Xã Bum Tở", "Xã Bum Tở (mẫu)"],
}
KEYS = list(VALUES)


@dataclass(frozen=True)
class Write:
    """A device sets a field; ``pick`` chooses among the field's values."""

    device: int
    key: int
    pick: int


@dataclass(frozen=True)
class Sync:
    """One device (-1: every one) learns what another knows."""

    source: int
    target: int


@dataclass
class World:
    """What each device knows, in the order in which it learnt it."""

    known: list[list[Change]] = field(default_factory=lambda: [[] for _device in DEVICES])

    @property
    def chains(self) -> dict[str, list[Change]]:
        """Everything that was written, by device."""
        own = {
            device: [change for change in self.known[n] if change.device == device] for n, device in enumerate(DEVICES)
        }
        return {device: changes for device, changes in own.items() if changes}

    @property
    def changes(self) -> list[Change]:
        """Everything that was written."""
        return [change for chain in self.chains.values() for change in chain]

    def apply(self, step: Write | Sync) -> None:
        """One step."""
        if isinstance(step, Sync):
            for target in range(len(DEVICES)) if step.target < 0 else [step.target]:
                held = {change.id for change in self.known[target]}
                self.known[target] += [change for change in self.known[step.source] if change.id not in held]
            return
        key = KEYS[step.key]
        device, known = DEVICES[step.device], self.known[step.device]
        own = [change for change in known if change.device == device]
        state = folded([change for change in known if change.key == key])
        value = VALUES[key][step.pick % len(VALUES[key])]
        seen = {head.id for head in state.heads}
        if key[2] == "removed" and value:  # a removal names all that its writer saw of the evidence
            for other in KEYS:
                if other != key and other[1].startswith(EVIDENCE):
                    seen |= {head.id for head in folded([c for c in known if c.key == other]).heads if not head.deletes}
        self.known[step.device].append(
            Change(
                *(device, len(own) + 1, 1 + max((change.lamport for change in known), default=0)),
                *("2024-11-20T03:04:05.678+00:00", f"Người dùng {step.device}", UNIT, *key),
                value,
                tuple(sorted(seen)),
                own[-1].hash() if own else GENESIS,
            )
        )


def folded(changes: Sequence[Change]) -> FieldState:
    """What the changes of one field say, in this order."""
    state = FieldState()
    for change in changes:
        state = state.after(change)
    return state


_device = st.integers(0, len(DEVICES) - 1)
_write = st.builds(Write, _device, st.integers(0, len(KEYS) - 1), st.integers(0, 3))
_crowded = st.builds(Write, _device, st.just(0), st.integers(0, 3))  # everybody at one field
_sync = st.builds(Sync, _device, _device)
_told_to_all = st.builds(Sync, _device, st.just(-1))


@st.composite
def worlds(draw: st.DrawFn, most: int = 24) -> World:
    """A world after some steps; everybody is told often, so that several write over the same."""
    world = World()
    step_ = st.one_of(_crowded, _told_to_all, _told_to_all, _sync, _write)
    for step in draw(st.lists(step_, min_size=8, max_size=most)):
        world.apply(step)
    return world


@st.composite
def deliveries(draw: st.DrawFn, world: World) -> list[list[Change]]:
    """All changes in batches, devices interleaved at will but each in its own order, some parts sent again."""
    rest = {device: list(chain) for device, chain in world.chains.items()}
    batches: list[list[Change]] = []
    while any(rest.values()):
        batch: list[Change] = []
        for device in draw(st.permutations([device for device, chain in rest.items() if chain])):
            count = draw(st.integers(0, len(rest[device])))
            again = draw(st.integers(0, len(world.chains[device]) - len(rest[device])))
            sent = len(world.chains[device]) - len(rest[device])
            batch += world.chains[device][sent - again : sent + count]
            del rest[device][:count]
        if not batch:  # nothing drawn: somebody must move on
            device = next(device for device, chain in rest.items() if chain)
            batch.append(rest[device].pop(0))
        batches.append(batch)
    return batches
