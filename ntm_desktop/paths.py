"""Where things lie, and how a file is written so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO

PROGRAM_FOLDER = "NTM Desktop"
DATA_DIR_VARIABLE = "NTM_DATA_DIR"


@cache
def _base() -> Path:
    """The folder that holds both ``resources`` and ``schema``: the package when installed, its parent in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package, package.parent):
        if (folder / "resources").is_dir() and (folder / "schema").is_dir():
            return folder
    raise FileNotFoundError("the program's resources are missing: install it again")


def resources() -> Path:
    """Fonts, icons, catalogues, units, translations, help."""
    return _base() / "resources"


def schema() -> Path:
    """Migrations, JSON Schemas, the package format."""
    return _base() / "schema"


def default_workspace() -> Path:
    """The person's data folder, unless the environment names another (``NTM_DATA_DIR``)."""
    given = os.environ.get(DATA_DIR_VARIABLE)
    if given:
        return Path(given)
    import appdirs

    return Path(appdirs.user_data_dir(PROGRAM_FOLDER, appauthor=False, roaming=False))


def fsync_directory(folder: Path) -> None:
    """Make a rename in ``folder`` durable. Windows has no such call and needs none: NTFS journals its names."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some network and FUSE file systems refuse; the file itself is synced
        pass
    finally:
        os.close(descriptor)


def patiently(action: Callable[[], None], seconds: float = 10.0) -> None:
    """Repeat what a virus scanner's grip on a file may refuse for a moment (sharing violation on Windows).

    Raises:
        PermissionError: it is still refused after ``seconds``.
    """
    deadline = time.monotonic() + (seconds if os.name == "nt" else 0.0)
    pause = 0.02
    while True:
        try:
            action()
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 0.5)


def replace_file(source: Path, target: Path) -> None:
    """Rename over ``target``, durably."""
    patiently(lambda: os.replace(source, target))
    fsync_directory(target.parent)


@contextlib.contextmanager
def writing(target: Path, suffix: str = ".partial") -> Iterator[IO[bytes]]:
    """Write ``target`` whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + suffix)
    try:
        with open(temporary, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        replace_file(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_atomic(target: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    with writing(target) as stream:
        stream.write(content)


_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
_FORBIDDEN = set('<>:"/\\|?*')


def safe_name(name: str, longest: int = 120) -> str:
    """A file name that Windows, FAT32 and Linux all take: no reserved names or signs, not too long, never empty."""
    kept = "".join("_" if char in _FORBIDDEN or ord(char) < 32 else char for char in name).rstrip(". ").lstrip()
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 12:
        stem, ending = kept, ""
    if stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    room = longest - (len(ending) + 1 if ending else 0)
    stem = stem[:room].rstrip(". ") or "_"
    return f"{stem}.{ending}" if ending else stem


def extended(path: Path) -> Path:
    """On Windows the form of an absolute path that may be longer than 260 characters; elsewhere the path itself."""
    if os.name != "nt":
        return path
    text = str(path.resolve())
    if text.startswith("\\\\?\\"):
        return path
    return Path("\\\\?\\UNC\\" + text[2:]) if text.startswith("\\\\") else Path("\\\\?\\" + text)
