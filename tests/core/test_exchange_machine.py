"""Computers of one commune and an office exchange packages in any order, lose some, repeat some, go back, go on.

The full run with hundreds of steps: ``python tests/bench/exchange_machine.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.core.exchange_village import Village

_who = st.integers(0, 5)
_pick = st.integers(0, 99)
_luck = st.integers(0, 3)  # mostly good


class Exchange(RuleBasedStateMachine):
    """The steps; in the end everybody exchanges everything with everybody."""

    raw_copies = True
    village: Village

    @initialize(computers=st.integers(2, 6))
    def begin(self, computers: int) -> None:
        """The first computer has a dossier, the others have got it."""
        self._folder = tempfile.TemporaryDirectory(prefix="ntm-village-", ignore_cleanup_errors=True)
        self.village = Village(Path(self._folder.name), computers)

    def _computer(self, who: int) -> Any:
        return self.village.computers[who % len(self.village.computers)]

    def _commune(self, who: int) -> Any:
        return self.village.communes[who % len(self.village.communes)]

    # --- the ordinary day

    @rule(who=_who, what=_pick, pick=_pick)
    def enters(self, who: int, what: int, pick: int) -> None:
        self.village.enter(self._computer(who), what, pick)

    @rule(who=_who, what=_pick, pick=_pick, other=_who)
    def two_enter_the_same(self, who: int, what: int, pick: int, other: int) -> None:
        self.village.enter(self._commune(who), what, pick)
        self.village.enter(self._commune(other), what, pick + 3)

    @rule(who=_who, to=_who, full=st.booleans(), seal=st.integers(0, 5))
    def hands_over(self, who: int, to: int, full: bool, seal: int) -> None:
        sender, receiver = self._computer(who), self._computer(to)
        if sender is not receiver:
            self.village.hand_over(sender, receiver, full, sealed=seal == 0)

    @rule(who=_who, to=_who)
    def visits(self, who: int, to: int) -> None:
        """A stick is handed over and read at once."""
        sender, receiver = self._computer(who), self._computer(to)
        if sender is not receiver:
            waiting = len(self.village.sticks)
            self.village.hand_over(sender, receiver)
            if len(self.village.sticks) > waiting:
                self.village.deliver(waiting, receiver)

    @precondition(lambda self: self.village.sticks)
    @rule(which=_pick, stays=st.booleans())
    def arrives(self, which: int, stays: bool) -> None:
        """Any stick, so in any order; one that stays comes again."""
        number = which % len(self.village.sticks)
        wanted = self.village.sticks[number].receiver
        for receiver in self.village.computers:
            if receiver.card.key == wanted:  # else that computer is no more
                self.village.deliver(number, receiver)
        if not stays:
            self.village.lose(number)

    @precondition(lambda self: self.village.sticks)
    @rule(which=_pick, who=_who)
    def arrives_somewhere(self, which: int, who: int) -> None:
        """A stick meant for somebody else."""
        self.village.deliver(which % len(self.village.sticks), self._computer(who))

    @precondition(lambda self: self.village.sticks)
    @rule(which=_pick)
    def is_lost(self, which: int) -> None:
        self.village.lose(which % len(self.village.sticks))

    @rule(who=_who, side=_pick)
    def chooses(self, who: int, side: int) -> None:
        self.village.choose(self._commune(who), side)

    @rule(who=_who, luck=_luck)
    def takes_an_import_back(self, who: int, luck: int) -> None:
        if not luck:
            self.village.take_back(self._computer(who))

    @rule(who=_who, to=_who, pick=_pick)
    def goes_back_after_its_receipt(self, who: int, to: int, pick: int) -> None:
        """What comes next continues something that is no longer there: it waits."""
        sender, receiver = self._computer(who), self._computer(to)
        if sender is not receiver:
            self.visits(who, to)
            self.visits(to, who)
            self.village.enter(sender, pick, pick)
            self.village.take_back(receiver)
            self.visits(who, to)

    # --- misfortune

    @rule(who=_who)
    def backs_up(self, who: int) -> None:
        self.village.back_up(self._computer(who))

    @precondition(lambda self: any(one.backups for one in self.village.computers))
    @rule(who=_who, luck=_luck)
    def goes_on_from_a_backup(self, who: int, luck: int) -> None:
        with_backup = [one for one in self.village.computers if one.backups]
        if not luck:
            self.village.restore(with_backup[who % len(with_backup)])

    @precondition(lambda self: self.raw_copies)
    @rule(who=_who)
    def copies_the_folder(self, who: int) -> None:
        self.village.put_aside(self._computer(who))

    @precondition(lambda self: any(one.copies for one in self.village.computers))
    @rule(who=_who, luck=_luck)
    def goes_back_to_a_copy(self, who: int, luck: int) -> None:
        with_copy = [one for one in self.village.computers if one.copies]
        if not luck:
            self.village.roll_back(with_copy[who % len(with_copy)])

    @rule(who=_who, luck=_luck)
    def gets_a_new_computer(self, who: int, luck: int) -> None:
        if not luck:
            self.village.replace(self._commune(who))

    # --- the end

    def teardown(self) -> None:
        """In the end everybody holds the same, and nothing that was acknowledged is missing."""
        if not hasattr(self, "village"):
            return
        try:
            self.village.exchange_everything()
            problems = self.village.problems()
            assert not problems, "\n".join((*self.village.steps, *problems))
        finally:
            self.village.close()
            self._folder.cleanup()


def run(steps: int, examples: int, machine: type[Exchange] = Exchange, **more: Any) -> None:
    """So many examples of up to so many steps, without looking for smaller ones when one fails."""
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(machine, settings=limits)


class NoCopies(Exchange):
    """Without folders copied behind the program's back: then every package is taken by whom it is for."""

    raw_copies = False


@pytest.mark.slow
def test_whatever_happens_to_the_sticks_all_end_with_the_same() -> None:
    run(40, 4, NoCopies)


@pytest.mark.slow
def test_a_computer_put_back_to_an_old_copy_loses_nothing_that_it_handed_over() -> None:
    run(40, 3)
