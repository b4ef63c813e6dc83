"""NTM Desktop from a checkout, with nothing but Python 3.11 or newer.

    python3 dev.py setup             make .venv, install what requirements.lock pins and the project itself
    python3 dev.py demo [args]       the main job on sample data; opens the window where there is a screen
    python3 dev.py run [args]        start the window
    python3 dev.py test [args]       every check that a change must pass; with arguments: pytest alone, with them
    python3 dev.py i18n              collect the texts of the program into resources/i18n and compile them

Every command sets up first; where nothing has changed that costs a fraction of a second.
"""

from __future__ import annotations

import compileall
import contextlib
import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "ntm-setup.json"
LOCK = ROOT / "requirements.lock"
BUILD = ROOT / "build"
LOCALES = ROOT / "resources" / "i18n"
PACKAGES = ("ntm_desktop", "ui")
WINDOWS = sys.platform == "win32"
OLDEST_PYTHON = (3, 11)

# Shared library → Debian package, tried in a bare bookworm; the second table only where a window is to be shown.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    """The person's situation, in one sentence."""
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(2)


def program(name: str, venv: Path = VENV) -> Path:
    """Where a virtual environment keeps its programs."""
    return venv / "Scripts" / f"{name}.exe" if WINDOWS else venv / "bin" / name


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would lead Python or pip away from .venv."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH", "PIP_USER"}}
    return {**kept, "PYTHONUTF8": "1", **more}


def call(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> int:
    return subprocess.run([str(part) for part in command], cwd=cwd, env=env or environment(), check=False).returncode


def has_screen() -> bool:
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two terminals must not build the same .venv at once; the system drops the lock of a process that dies."""
    with (ROOT / ".venv.lock").open("w") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:
                # Waits ten seconds before it gives up; then once more.
                with contextlib.suppress(OSError):
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def wanted_stamp() -> dict[str, str]:
    """What .venv must have been made from: `base` asks for a new one, `pins` only for another installation."""
    pins = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"base": f"{sys.version} | {platform.machine()} | {VENV}", "pins": pins}


def found_stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # never finished, or not ours
    return found if isinstance(found, dict) and program("python").exists() else {}


def setup() -> None:
    """Bring .venv to what the lock says; the stamp is written last, so that a setup cut short is started anew."""
    install_system_libraries()
    with alone():
        wanted, found = wanted_stamp(), found_stamp()
        if wanted != found:
            started = time.monotonic()
            STAMP.unlink(missing_ok=True)
            if wanted["base"] != found.get("base"):
                make_venv()
            install_pinned()
            STAMP.write_text(json.dumps(wanted), encoding="utf-8")
            say(f"Ready in {time.monotonic() - started:.0f} s: {VENV}")
        # Not left to the first import: PYTHONDONTWRITEBYTECODE may be set, and every start would compile again.
        for package in PACKAGES:
            compileall.compile_dir(ROOT / package, quiet=2)


def make_venv() -> None:
    if Path(sys.prefix).resolve() == VENV:
        stop("The virtual environment has to be made anew; call dev.py with the system's Python, not with its own.")
    need_venv_module()
    if call(sys.executable, "-m", "venv", "--clear", VENV):
        stop(f"Python could not make a virtual environment in {VENV}; the lines above say why.")


def need_venv_module() -> None:
    """Debian keeps venv and ensurepip in a package of their own."""
    test = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(test, env=environment(), capture_output=True, check=False).returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not apt_install([package]):
        stop(f"This Python cannot make virtual environments; install its part for that: apt-get install {package}")


def install_pinned() -> None:
    count = sum(line[:1].isalnum() and "==" in line for line in LOCK.read_text(encoding="utf-8").splitlines())
    say(f"Installing {count} pinned packages into .venv (a download of about 150 MB the first time) ...")
    quiet = () if sys.stdout.isatty() else ("-qq",)
    pip = (program("python"), "-m", "pip", "--disable-pip-version-check", "install", "--no-input", *quiet)
    if call(*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK):
        stop("pip could not install what requirements.lock pins; look to the network and call the same command again.")
    if call(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT):
        stop("pip could not install the project itself; the lines above say why.")


def install_system_libraries() -> None:
    """Qt's wheels lack some libraries that a desktop has and a bare Debian has not."""
    if sys.platform != "linux":
        return
    wanted = {**QT_LIBRARIES, **(WINDOW_LIBRARIES if has_screen() else {})}
    missing = [name for name in wanted if not loads(name)]
    if missing and not apt_install([wanted[name] for name in missing]):
        packages = " ".join(wanted[name] for name in missing)
        say(f"The window lacks {', '.join(missing)}; install as root: apt-get install {packages}")


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages where we may; False where we may not or it failed."""
    apt = shutil.which("apt-get")
    if sys.platform == "win32" or apt is None or os.geteuid() != 0:
        return False
    say(f"Installing system packages: {' '.join(packages)} ...")
    env = environment(DEBIAN_FRONTEND="noninteractive")
    # An outdated list of packages may still do, so that only the second command counts.
    subprocess.run([apt, "update", "-qq"], env=env, capture_output=True, check=False)
    install = [apt, "install", "-qq", "-y", "--no-install-recommends", *packages]
    done = subprocess.run(install, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def run(arguments: list[str]) -> int:
    return call(program("ntm-desktop"), *arguments, cwd=Path.cwd())


def demo(arguments: list[str]) -> int:
    """The main job by the command line; then the sample commune in the window."""
    show = has_screen() and "--no-window" not in arguments
    arguments = [argument for argument in arguments if argument != "--no-window"]
    if "--out" not in arguments:
        arguments = ["--out", str(BUILD / f"demo-{time.strftime('%Y%m%d-%H%M%S')}"), *arguments]
    code = call(program("ntm"), "demo", *arguments, cwd=Path.cwd())
    out = Path(arguments[arguments.index("--out") + 1]).resolve()
    if code == 0 and show:
        return run(["--workspace", str(out / "commune")])
    return code


def test(arguments: list[str]) -> int:
    """Cheap checks first, all of them; then the tests, then the wheel. 0 only when everything passed."""
    if arguments:
        return run_pytest(arguments)
    started = time.monotonic()
    cheap = [
        step("ruff check", lambda: call(program("ruff"), "check", ".")),
        step("ruff format", lambda: call(program("ruff"), "format", "--check", ".")),
        step("mypy", lambda: call(program("mypy"))),
        step("import-linter", lambda: call(program("lint-imports"), "--no-cache")),
    ]
    if not all(cheap):
        say("\nStopped before the tests: one of the checks above failed.")
        return 1
    BUILD.mkdir(exist_ok=True)
    report = BUILD / "test-report.xml"
    report.unlink(missing_ok=True)
    # Whole files stay together: some tests of a file share what is dear to make.
    beside = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    tested = step("pytest", lambda: run_pytest([*beside, "--cov", "--cov-report=term", f"--junitxml={report}"]))
    if not tested:
        say(f"\n{counts(report)}")
        return 1
    packed = step("wheel and its self-check", check_wheel)
    say(f"\nEverything together took {time.monotonic() - started:.0f} s.\n{counts(report)}")
    return 0 if packed else 1


def step(name: str, work: Callable[[], int]) -> bool:
    say(f"\n=== {name}")
    started = time.monotonic()
    code = work()
    say(f"--- {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return code == 0


def run_pytest(arguments: list[str]) -> int:
    return call(program("pytest"), *arguments, env=environment(QT_QPA_PLATFORM="offscreen"))


def counts(report: Path) -> str:
    """The closing line, out of pytest's own report."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return "0 passed, 1 failed (pytest left no report)"
    total, skipped, failed, errors = (
        sum(int(suite.get(key, "0")) for suite in suites) for key in ("tests", "skipped", "failures", "errors")
    )
    text = f"{total - skipped - failed - errors} passed, {failed + errors} failed"
    return f"{text}, {skipped} skipped" if skipped else text


def check_wheel() -> int:
    """Build the wheel and use it from elsewhere, as somebody does who has no checkout."""
    shutil.rmtree(BUILD / "wheel", ignore_errors=True)
    if call(program("pyproject-build"), "--wheel", "--no-isolation", "--outdir", BUILD / "wheel", ROOT):
        return 1
    (wheel,) = (BUILD / "wheel").glob("*.whl")
    say(f"{wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory(prefix="ntm-wheel-", ignore_cleanup_errors=True) as folder:
        try:
            use_wheel(wheel, Path(folder).resolve())
        except (subprocess.CalledProcessError, ValueError, LookupError) as error:
            say(f"The installed wheel does not work: {error}")
            return 1
    return 0


def use_wheel(wheel: Path, scratch: Path) -> None:
    """Install into a bare environment that borrows .venv's packages, but not its link to the checkout."""
    venv, elsewhere = scratch / "env", scratch / "elsewhere"
    elsewhere.mkdir()
    call(program("python"), "-m", "venv", "--without-pip", venv)
    pip = (program("python"), "-m", "pip", "--python", program("python", venv), "--disable-pip-version-check")
    if call(*pip, "install", "-qq", "--no-deps", "--no-index", wheel):
        raise ValueError("pip refused the wheel")
    # Added after pip, which would otherwise think the project already installed.
    (site_packages(venv) / "borrowed.pth").write_text(f"{site_packages(VENV)}\n", encoding="utf-8")
    env = environment(QT_QPA_PLATFORM="offscreen", NTM_DATA_DIR=str(scratch / "data"))

    def output(*command: str | Path) -> str:
        parts = [str(part) for part in command]
        return subprocess.run(parts, cwd=elsewhere, env=env, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")

    home = Path(output(program("python", venv), "-c", "import ui.app, ntm_desktop as n; print(n.__file__)").strip())
    if scratch not in home.resolve().parents:
        raise ValueError(f"ntm_desktop was loaded from {home}")
    for folder in ("resources", "schema"):
        if not (home.parent / folder).is_dir():
            raise ValueError(f"the wheel has no {folder}")

    def ntm(*arguments: str) -> list[dict[str, str]]:
        shown = json.loads(output(program("ntm", venv), "--json", *arguments))
        return shown if isinstance(shown, list) else [shown]

    unit = next(unit for unit in ntm("units", "search", "tan lap") if len(unit["code"]) == 5)
    catalogue = ntm("catalogue", "list")[0]["id"]
    workspace = ["--workspace", str(scratch / "xã mẫu")]
    made = ["--unit", unit["code"], "--role", "commune", "--catalogue", catalogue, "--year", "2025"]
    ntm(*workspace, "init", *made)
    if ntm(*workspace, "status")[0]["catalogue"] != catalogue:
        raise ValueError("status shows another catalogue than init was given")
    say(f"From {home.parent.name} outside the checkout: search, catalogues, init and status work, the window imports.")


def site_packages(venv: Path) -> Path:
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([str(program("python", venv)), "-c", script], check=True, stdout=subprocess.PIPE)
    return Path(found.stdout.decode().strip())


def i18n(_arguments: list[str]) -> int:
    """Babel lives in .venv, and this process may not."""
    return call(program("python"), "-c", "import dev; dev.collect_texts()")


def collect_texts() -> None:
    """Texts of the program → ntm.pot → ntm.po of each language (translations kept) → ntm.mo."""
    from datetime import UTC, datetime

    from babel.messages import Catalog
    from babel.messages.extract import extract_from_file
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po, write_po

    # A fixed date: the same texts must give the same bytes.
    date = datetime(2026, 1, 1, tzinfo=UTC)
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    template = Catalog(project="NTM Desktop", charset="utf-8", creation_date=date, revision_date=date)
    template.header_comment = "# Texts of NTM Desktop, Vietnamese; made by `python3 dev.py i18n`."
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for line, text, comments, _context in extract_from_file("python", path, keywords, ("Translators:",)):
            template.add(text, None, [(place, line)], auto_comments=comments)
    with (LOCALES / "ntm.pot").open("wb") as file:
        write_po(file, template, width=110, include_lineno=False)
    for po in sorted(LOCALES.glob("*/LC_MESSAGES/ntm.po")):
        with po.open("rb") as file:
            catalog = read_po(file, locale=po.parents[1].name)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.creation_date = catalog.revision_date = date
        with po.open("wb") as file:
            write_po(file, catalog, width=110, include_lineno=False, ignore_obsolete=True)
        with po.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        texts = [message for message in catalog if message.id]
        blank = sum(not (all(m.string) if isinstance(m.string, (list, tuple)) else m.string) for m in texts)
        say(f"{po.parents[1].name}: {len(texts)} texts, {blank} of them not translated yet")


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        stop(f"NTM Desktop needs Python 3.11 or newer; this is {platform.python_version()} ({sys.executable}).")
    command, rest = (arguments or [""])[0], arguments[1:]
    if command not in {"setup", "demo", "run", "test", "i18n"}:
        stop(str(__doc__).strip())
    setup()
    if command == "setup":
        return 0
    return {"demo": demo, "run": run, "test": test, "i18n": i18n}[command](rest)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
