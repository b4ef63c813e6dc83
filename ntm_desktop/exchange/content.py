"""Whether the bytes of an entry are what the manifest says, stored and plain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass

from ntm_desktop.exchange import sealing, streams
from ntm_desktop.exchange.manifest import Entry
from ntm_desktop.exchange.sealing import SealError
from ntm_desktop.exchange.streams import Sums, Tally


@dataclass(frozen=True, slots=True)
class Holding:
    """``stored`` are the sums of the entry's bytes, None where they are not the manifest's; ``plain_too`` says whether
    what they hold is what the manifest says as well."""

    stored: Sums | None
    plain_too: bool


def _same(piece: memoryview) -> memoryview:
    return piece


def holds(
    pieces: Iterable[memoryview],
    entry: Entry,
    identities: tuple[str, ...],
    beside: Executor,
    advance: Callable[[int], None],
) -> Holding:
    """Read an entry's bytes once; ``beside`` needs a thread for each side."""
    outside, inside = Tally(beside), Tally(beside, crc=False)
    passed = streams.passing(pieces, outside, advance)
    opens = True
    if entry.sealed:
        try:
            # map, for a seal that breaks early closes a generator that it was given
            sealing.unseal(map(_same, passed), inside.update, identities)
        except SealError:
            opens = False
    for _piece in passed:  # also what follows a seal that broke early: the bytes may be right all the same
        pass
    stored = outside.result()
    if (stored.size, stored.sha256) != (entry.stored_size, entry.stored_sha256):
        return Holding(None, False)
    plain = inside.result() if entry.sealed else stored
    return Holding(stored, opens and (plain.size, plain.sha256) == (entry.size, entry.sha256))
