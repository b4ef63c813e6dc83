"""Office files as PDF by a LibreOffice that is on the computer: hidden, nothing in them runs."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ntm_desktop import paths
from ntm_desktop.model.progress import Progress

ENDINGS = frozenset({"doc", "docx", "docm", "odt", "rtf", "xls", "xlsx", "xlsm", "ods", "csv", "ppt", "pptx", "txt"})
PATIENCE = 180.0  # seconds for one file
_LARGEST = 200 << 20
_STEP = 0.2
_HIDDEN = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
# No macro runs, whoever signed it; no linked file or address is read.
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Setup/Office", "FirstStartWizardCompleted", "true"),
)

_log = logging.getLogger("ntm.dossier")


def find() -> Path | None:
    """LibreOffice's program: on the path, or where its installers put it."""
    for place in _places():
        if place.is_file():
            return place
    return None


def _places() -> Iterator[Path]:
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            yield Path(found)
    for variable in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"):
        root = os.environ.get(variable)
        if root:
            yield from sorted(Path(root).glob("LibreOffice*/program/soffice.exe"), reverse=True)
            yield from sorted(Path(root).glob("Programs/LibreOffice*/program/soffice.exe"), reverse=True)
    yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")


def to_pdf(program: Path, source: Path, ending: str, folder: Path, progress: Progress) -> Path | None:
    """``source`` as ``folder``/tep.pdf, or None where LibreOffice makes none of it in time.

    ``folder`` is scratch: it holds a copy of the file and the private profile, which serves the next file too.

    Raises:
        Cancelled: the person has asked to stop; LibreOffice is stopped too.
    """
    try:
        if ending not in ENDINGS or source.stat().st_size > _LARGEST:
            return None
        profile = _profile(folder)
        target = folder / "tep.pdf"
        target.unlink(missing_ok=True)
        copy = folder / f"tep.{ending}"
        shutil.copyfile(paths.extended(source), copy)
        _run([str(program), *_options(profile), "--convert-to", "pdf", "--outdir", str(folder), str(copy)], progress)
        copy.unlink(missing_ok=True)
    except (OSError, subprocess.SubprocessError) as error:
        _log.info("not converted: %r", error)
        return None
    return target if target.is_file() and target.stat().st_size else None


def _options(profile: Path) -> list[str]:
    quiet = ("headless", "invisible", "norestore", "nologo", "nodefault", "nolockcheck", "nofirststartwizard")
    return [*(f"--{option}" for option in quiet), f"-env:UserInstallation={profile.as_uri()}"]


def _profile(folder: Path) -> Path:
    profile = (folder / "profile").resolve()
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        items = "".join(
            f'<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} oor:op="fuse">'
            f"<value>{value}</value></prop></item>\n"
            for path, name, value in _SETTINGS
        )
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        settings.write_text(f"{head}{items}</oor:items>\n", encoding="utf-8", newline="\n")
    return profile


def _run(command: list[str], progress: Progress) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=_HIDDEN,
        start_new_session=sys.platform != "win32",
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STEP)
                return
            progress.advance(0)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=_HIDDEN,
            check=False,
        )
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
