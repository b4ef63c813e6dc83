"""Two to six computers of a commune and an office, hundreds of steps in any order, again and again.

    PYTHONPATH=. python tests/bench/exchange_machine.py [--steps 500] [--examples 4] [--seed 1] [--no-copies]

The machine of tests/core/test_exchange_machine.py with more steps. After each example everybody exchanges everything;
then all hold the same rows, and no acknowledged edit is missing. Exit code 1 with the steps that led there where not.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from typing import Any, ClassVar

import hypothesis

from tests.core.exchange_village import Village
from tests.core.test_exchange_machine import Exchange, run


class Counted(Exchange):
    """Counts what was done."""

    done: ClassVar[Counter[str]] = Counter()
    longest: ClassVar[list[int]] = []

    def teardown(self) -> None:
        """Count before the end."""
        village: Village | None = getattr(self, "village", None)
        if village is not None:
            self.longest.append(village.acts)
            self.done["examples"] += 1
            self.done["steps"] += village.acts
            self.done["acknowledged edits"] += len(village.acknowledged)
            self.done.update(village.counts)
        super().teardown()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--examples", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-copies", action="store_true", help="no data folders copied behind the program's back")
    options = parser.parse_args()
    members: dict[str, Any] = {"raw_copies": not options.no_copies, "__module__": __name__}
    machine = type("Seeded", (Counted,), members)
    hypothesis.seed(options.seed)(machine)
    started = time.monotonic()
    try:
        run(options.steps, options.examples, machine, derandomize=False, database=None, print_blob=False)
        failed = False
    except Exception:
        traceback.print_exc()
        failed = True
    done = ", ".join(f"{count} {what}" for what, count in Counted.done.items())
    longest, seconds = max(Counted.longest, default=0), time.monotonic() - started
    print(f"{done}; longest {longest} steps; {seconds:.0f} s; {'FAILED' if failed else 'ok'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
