"""What the person sees when something goes wrong: their situation as a calm sentence, our bug with log and details."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from ntm_desktop import log
from ntm_desktop.errors import UserError

_QT_LEVELS = {QtMsgType.QtCriticalMsg: "error", QtMsgType.QtFatalMsg: "error", QtMsgType.QtWarningMsg: "warning"}


class Failures(QObject):
    """Catches what nobody caught. ``situation`` and ``bug`` arrive in the GUI thread, whichever thread failed."""

    situation = Signal(object)  # UserError
    bug = Signal(object)  # any other exception

    def __init__(self) -> None:
        super().__init__()
        self._before: tuple[Callable[..., object], Callable[..., object]] | None = None

    def install(self) -> None:
        """Take over the hooks of Python, of its threads and of Qt."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self.report(args.exc_value) if args.exc_value is not None else None
        qInstallMessageHandler(_from_qt)

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
            qInstallMessageHandler(None)

    def report(self, error: BaseException) -> None:
        """Log it and have it shown."""
        if isinstance(error, UserError):
            log.situation(error)
            self.situation.emit(error)
        else:
            log.bug(error)
            self.bug.emit(error)

    def _uncaught(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(_kind, error, _trace)
            return
        self.report(error)


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = _QT_LEVELS.get(kind)
    if level is not None and not message.startswith("This plugin does not support propagateSizeHints"):
        getattr(log.logger, level)("Qt: %s", message)


def details(error: BaseException, log_file: Path | None) -> str:
    """What support staff need, as text to copy."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    where = [f"Log: {log_file}", ""] if log_file is not None else []
    return "\n".join([*where, "".join(lines)])
