"""``ntm``: the same operations for scripts, support staff and tests.

Exit codes: 0 done, 2 the person's situation (a sentence on stderr, nothing changed), 1 a bug (the log is named).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ntm_desktop import i18n, paths
from ntm_desktop.cli.answers import Terminal
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Cancelled

DONE, BUG, SITUATION, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _use_utf8()
    i18n.use_language(os.environ.get("NTM_LANGUAGE", i18n.DEFAULT_LANGUAGE))
    from ntm_desktop.cli.commands import parser_of_all

    parsed = parser_of_all().parse_args(arguments)
    folder = Path(parsed.workspace) if parsed.workspace else paths.default_workspace()
    terminal = Terminal(parsed.json)
    try:
        answer = parsed.run(parsed, folder, terminal)
        terminal.show(answer)
        return SITUATION if answer.failed else DONE
    except UserError as error:
        terminal.tell(str(error))
        return SITUATION
    except (Cancelled, KeyboardInterrupt):
        terminal.tell(_("Đã dừng theo yêu cầu. Dữ liệu giữ nguyên như trước."))
        return STOPPED
    except BrokenPipeError:  # the reader of a pipe went away: nothing to tell anybody
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return DONE
    except Exception as error:
        from ntm_desktop import log

        place = log.start(folder, "ntm")
        log.bug(error, parsed.command)
        log.stop()
        terminal.tell(
            _("Phần mềm gặp lỗi ngoài dự kiến. Dữ liệu đã lưu vẫn an toàn. Chi tiết trong {log}.").format(log=place)
        )
        return BUG


def _use_utf8() -> None:
    """A Windows console and a pipe may have an encoding that lacks Vietnamese letters."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
