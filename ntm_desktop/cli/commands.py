"""All commands of ``ntm`` in one tree."""

from __future__ import annotations

import argparse
from typing import Any

from ntm_desktop import __version__
from ntm_desktop.cli import appraising, assessing, criteria, data, exchanging, forms, keeping, papers, trusting
from ntm_desktop.cli.answers import Parser
from ntm_desktop.i18n import _


def parser_of_all() -> Parser:
    """The parser of the whole command line; the parsed arguments carry ``run``."""
    common = Parser(add_help=False)
    common.add_argument("--workspace", metavar="DIR", default=argparse.SUPPRESS, help=_("thư mục dữ liệu"))
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_("trả lời bằng JSON"))
    parser = Parser(prog="ntm", description=_("Hồ sơ xét công nhận nông thôn mới, làm việc không cần mạng."))
    parser.add_argument("--workspace", metavar="DIR", default="", help=_("thư mục dữ liệu"))
    parser.add_argument("--json", action="store_true", help=_("trả lời bằng JSON"))
    parser.add_argument("--version", action="version", version=f"ntm {__version__}", help=_("xem phiên bản"))
    commands = parser.add_subparsers(dest="command", metavar=_("LỆNH"), required=True)
    for room in (criteria, assessing, data, papers, forms, exchanging, trusting, appraising, keeping):
        room.add_commands(Tree(commands, common))
    return parser


class Tree:
    """Adds commands that all take the common options, wherever they stand in the line."""

    def __init__(self, commands: Any, common: Parser, own: Parser | None = None) -> None:
        self._commands = commands
        self._common = common
        self._own = own

    @property
    def own(self) -> Parser:
        """The parser of the group itself, for options of what it does without a command."""
        assert self._own is not None
        return self._own

    def add(self, name: str, help_text: str, run: Any = None) -> Parser:
        """A command; ``run(arguments, folder, terminal)`` returns its answer."""
        parser: Parser = self._commands.add_parser(name, help=help_text, description=help_text, parents=[self._common])
        if run is not None:
            parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help_text: str, run: Any = None) -> Tree:
        """A command with commands of its own; with ``run`` it does something without one, too."""
        parser = self.add(name, help_text, run)
        commands = parser.add_subparsers(dest=f"{name}_command", metavar=_("LỆNH"), required=run is None)
        return Tree(commands, self._common, parser)
