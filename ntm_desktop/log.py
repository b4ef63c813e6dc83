"""The log that support staff read: small files in the workspace's logs folder, times in UTC, never what was entered.

Values of fields, names of persons and contents of files are not logged; an exception's text and place are.
"""

from __future__ import annotations

import logging
import logging.handlers
import platform
import time
from pathlib import Path

from ntm_desktop import __version__

FOLDER = "logs"
FILE_NAME = "ntm.log"
_SIZE, _KEPT = 512 * 1024, 5
_NAME = "ntm"

logger = logging.getLogger(_NAME)


def path_in(workspace: Path) -> Path:
    """Where the log of a workspace lies."""
    return workspace / FOLDER / FILE_NAME


def start(workspace: Path, program: str = "window") -> Path:
    """Log into this workspace from now on; returns the file. A folder that cannot be written: no log, no failure."""
    file = path_in(workspace)
    stop()
    handler: logging.Handler
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    logger.info("%s %s started, Python %s, %s", program, __version__, platform.python_version(), platform.platform())
    return file


def stop() -> None:
    """Close the log, so that its folder can be moved or deleted."""
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


def bug(error: BaseException, where: str = "") -> None:
    """An exception that is no person's situation, with its place in the program."""
    logger.error("bug %s", where, exc_info=(type(error), error, error.__traceback__))


def situation(error: BaseException) -> None:
    """A person's situation: only its kind, for its sentence may name files and persons."""
    logger.info("situation %s", type(error).__name__)
