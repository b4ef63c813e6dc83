"""What a command answers, and how it reaches the terminal or a script."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from ntm_desktop.i18n import N_, _
from ntm_desktop.model.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON value for scripts, lines for people; ``failed`` where something was refused (told on stderr)."""

    data: Any
    lines: tuple[str, ...] = ()
    failed: bool = False


class Bar:
    """Progress as a bar on the terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def start(self, title: str, total: int, unit: str = "") -> None:
        """Begin a stage."""
        from tqdm import tqdm

        self.close()
        in_bytes = unit == "B"
        self._bar = tqdm(
            total=total or None,
            desc=title,
            unit=unit or " ",
            unit_scale=in_bytes,
            unit_divisor=1024,
            leave=False,
            file=sys.stderr,
            dynamic_ncols=True,
        )

    def advance(self, amount: int = 1, note: str = "") -> None:
        """More is done; Ctrl+C cancels."""
        if self._bar is not None:
            self._bar.update(amount)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Terminal:
    """Standard output for the answer, standard error for sentences and progress."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._bar = Bar()

    @property
    def progress(self) -> Progress:
        """A bar where a person watches."""
        return self._bar if sys.stderr.isatty() else Silent()

    def tell(self, sentence: str) -> None:
        """A sentence for the person."""
        self._bar.close()
        print(_STEERING.sub("", sentence), file=sys.stderr)

    def show(self, answer: Answer) -> None:
        """The answer, in the form that was asked for."""
        self._bar.close()
        if self._as_json:
            print(_escaped(json.dumps(answer.data, ensure_ascii=False, indent=2, default=str)))
        else:
            for line in answer.lines:
                print(_STEERING.sub("", line))
        sys.stdout.flush()


def _escaped(text: str) -> str:
    """JSON without a sign that steers a terminal or that no encoding holds: names on a stick may have any."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"unrecognized arguments: (?P<what>.+)"), N_("không hiểu «{what}»")),
    (re.compile(r"the following arguments are required: (?P<what>.+)"), N_("còn thiếu {what}")),
    (re.compile(r"argument (?P<what>.+): expected .*"), N_("{what} còn thiếu giá trị")),
    (
        re.compile(r"argument (?P<what>.+): invalid choice: (?P<given>.+?) \(choose from (?P<known>.+)\)"),
        N_("{what}: không có {given}; có thể dùng {known}"),
    ),
    (re.compile(r"argument (?P<what>.+): invalid \S+ value: (?P<given>.+)"), N_("{what}: {given} không đúng dạng")),
    (re.compile(r"ambiguous option: (?P<what>\S+) could match (?P<known>.+)"), N_("{what} chưa rõ; có thể là {known}")),
    (re.compile(r"argument (?P<what>.+): not allowed with argument (?P<given>.+)"), N_("{what} không đi cùng {given}")),
)


class Parser(argparse.ArgumentParser):
    """Argument parser that speaks the person's language; mistakes end with exit code 2."""

    def __init__(self, *, add_help: bool = True, **arguments: Any) -> None:
        super().__init__(add_help=False, **arguments)
        if add_help:  # a parser without is a parent, whose groups join the child's by their English titles
            self._positionals.title, self._optionals.title = _("tham số"), _("tuỳ chọn")
            self.add_argument("-h", "--help", action="help", help=_("xem cách dùng"))

    def format_help(self) -> str:
        """What ``--help`` shows."""
        return super().format_help().replace("usage:", _("cách dùng:"), 1)

    def error(self, message: str) -> NoReturn:
        """A sentence and the way to help."""
        detail = message
        for pattern, sentence in _MISTAKES:
            match = pattern.fullmatch(message)
            if match:
                detail = _(sentence).format(**match.groupdict())
                break
        told = _("Lệnh chưa đúng: {detail}. Chưa có gì thay đổi. Xem cách dùng: {program} --help")
        self.exit(2, told.format(detail=detail, program=self.prog) + "\n")


def table(rows: Iterable[Iterable[Any]]) -> tuple[str, ...]:
    """Rows as lines with aligned columns."""
    texts = [[str(cell) for cell in row] for row in rows]
    if not texts:
        return ()
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    return tuple(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts
    )
