"""The house rules that no other tool checks: sizes, names, rooms, texts and what must not stand in a file."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "resources" / "i18n" / "en" / "LC_MESSAGES"
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
PROGRAM = sorted(path for folder in ("ntm_desktop", "ui") for path in (ROOT / folder).rglob("*.py"))
TYPED = [ROOT / "dev.py", *PROGRAM]


def place(path: Path, line: int | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def expect_none(found: Iterable[object], hint: str = "") -> None:
    """Every finding on a line of its own, none cut off."""
    lines = [str(one) for one in found]
    assert not lines, "\n".join([hint, *lines])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Full names of everything that a file imports, inside functions too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path, node.lineno)}: relative import"
            yield node.module or "", node.lineno


@cache
def kept_files() -> list[Path]:
    """What git keeps or would keep; in a copy without git, everything but folders that are made."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8").split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        made = re.compile(
            r"(^|/)(\.venv|\.git|build|dist|__pycache__|\.[a-z_]+_cache|\.hypothesis|[^/]+\.egg-info)(/|$)"
        )
        found = [path for path in ROOT.rglob("*") if not made.search(path.relative_to(ROOT).as_posix())]
    return sorted(path for path in found if path.is_file())


@cache
def kept_texts() -> dict[Path, str]:
    texts = {}
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content[:8192] and path.suffix not in {".pdf", ".mo"}:
            texts[path] = content.decode("utf-8")
    return texts


# --- sizes and names ----------------------------------------------------------------------------------------------


def test_there_is_a_program() -> None:
    assert len(PROGRAM) > 40


def test_files_are_short() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in TYPED}
    expect_none(f"{name}: {count} lines" for name, count in lengths.items() if count > LONGEST_FILE)


def test_functions_are_short() -> None:
    long = []
    for path in TYPED:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{place(path, node.lineno)} {node.name}: {length} lines")
    expect_none(long)


def test_nothing_is_called_manager_helper_or_util() -> None:
    vague = re.compile(r"(manager|helper|utils?|utilities)$", re.IGNORECASE)
    named = [
        place(path) for path in TYPED for part in path.relative_to(ROOT).with_suffix("").parts if vague.search(part)
    ]
    for path in TYPED:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and vague.search(node.name):
                named.append(f"{place(path, node.lineno)} {node.name}")
    expect_none(named)


# --- rooms --------------------------------------------------------------------------------------------------------


def test_core_knows_no_qt() -> None:
    qt = {"PySide6", "shiboken6", "ui"}
    found = [
        place(path, line)
        for path in PROGRAM
        if path.is_relative_to(ROOT / "ntm_desktop")
        for name, line in imported(path)
        if name.partition(".")[0] in qt
    ]
    expect_none(found)


def test_model_imports_nothing_but_errors_and_the_standard_library() -> None:
    model = ROOT / "ntm_desktop" / "model"
    foreign = [
        f"{place(path, line)} {name}"
        for path in PROGRAM
        if path.is_relative_to(model)
        for name, line in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith(("ntm_desktop.model", "ntm_desktop.errors"))
    ]
    expect_none(foreign)


def test_heavy_libraries_are_imported_only_when_they_are_used() -> None:
    """Starting the command line and the window must not load what only one command needs."""
    heavy = "{'reportlab', 'openpyxl', 'alembic', 'PIL', 'pypdfium2', 'pi_heif'}"
    script = f"import sys, ntm_desktop.cli, ui.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- translations -------------------------------------------------------------------------------------------------

MARKERS = {"_": 1, "N_": 1, "ngettext": 2}
SPOKEN = ("ui/", "ntm_desktop/cli", "ntm_desktop/operations", "ntm_desktop/wording")
Text = tuple[str, ...]


def called(node: ast.AST) -> str:
    """The name of the function that a call calls; nothing for any other node."""
    return getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""


def marked_texts() -> dict[Text, str]:
    """Every text that is wrapped for translation (singular, or singular and plural) and where it stands first."""
    found: dict[Text, str] = {}
    for path in PROGRAM:
        for node in ast.walk(tree(path)):
            arguments = node.args[: MARKERS.get(called(node), 0)] if isinstance(node, ast.Call) else []
            for argument in arguments:
                built = isinstance(argument, ast.JoinedStr | ast.BinOp)
                assert not built, f"{place(path, argument.lineno)}: only a plain text can be translated"
            texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if arguments and len(texts) == len(arguments):
                found.setdefault(tuple(texts), place(path, arguments[0].lineno))
    return found


def placeholders(text: str) -> set[str]:
    return {field for _literal, field, _spec, _conversion in string.Formatter().parse(text) if field is not None}


def english() -> dict[Text, Text]:
    with (ENGLISH / "ntm.po").open("rb") as file:
        catalog = read_po(file, locale="en", abort_invalid=True)
    assert not [message.id for message in catalog if message.fuzzy and message.id], "translations marked fuzzy"

    def forms(value: object) -> Text:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()

    return {forms(message.id): forms(message.string) for message in catalog if message.id}


def test_there_are_texts_to_translate() -> None:
    assert len(marked_texts()) > 200


def test_vietnamese_that_people_read_is_marked() -> None:
    """A sentence outside of the markers can never be translated. What is only compared with input is not shown."""
    letters = re.compile(r"[ăâđêôơưạ-ỹĂÂĐÊÔƠƯẠ-Ỹ]")
    spoken = [path for path in PROGRAM if path.relative_to(ROOT).as_posix().startswith(SPOKEN)]
    unmarked = []
    for path in spoken:
        nodes = list(ast.walk(tree(path)))
        understood = [node for node in nodes if isinstance(node, ast.Compare) or called(node) == "compile"]
        wrapped = [node for node in nodes if called(node) in MARKERS]
        keys = [key for node in nodes if isinstance(node, ast.Dict) for key in node.keys if key]
        marked = {id(part) for node in [*understood, *wrapped, *keys] for part in ast.walk(node)}
        marked |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
        unmarked += [
            f"{place(path, node.lineno)} {node.value!r}"
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in marked
            if letters.search(node.value)
        ]
    expect_none(unmarked)


def test_every_text_has_an_english_translation() -> None:
    translated = english()
    missing = [f"{where}: {text}" for text, where in marked_texts().items() if not all(translated.get(text, ("",)))]
    expect_none(missing, "python3 dev.py i18n collects the texts; then translate them")


def test_no_translation_is_left_over() -> None:
    expect_none(sorted(set(english()) - set(marked_texts())), "python3 dev.py i18n drops them")


def test_translations_have_the_placeholders_of_their_texts() -> None:
    wrong = []
    for text, translation in english().items():
        if not all(translation):
            continue  # reported as missing
        wanted = set().union(*map(placeholders, text))
        # A singular may leave the number out ("one file"); nothing else may be lost, nothing invented.
        single, last = placeholders(translation[0]), placeholders(translation[-1])
        if last != wanted or not single <= wanted:
            wrong.append(f"{text} → {translation}")
    expect_none(wrong)


def test_compiled_translations_are_up_to_date() -> None:
    compiled = gettext.GNUTranslations(io.BytesIO((ENGLISH / "ntm.mo").read_bytes()))
    for text, translation in english().items():
        if len(text) == 1:
            assert compiled.gettext(text[0]) == translation[0], "python3 dev.py i18n compiles them"
        else:
            shown = (compiled.ngettext(text[0], text[1], 1), compiled.ngettext(text[0], text[1], 2))
            assert shown == translation, "python3 dev.py i18n compiles them"


# --- what stands in the files -------------------------------------------------------------------------------------


def test_texts_are_composed() -> None:
    """NFC everywhere: a decomposed letter looks the same and is not found by a search."""
    decomposed = [place(path) for path, text in kept_texts().items() if not unicodedata.is_normalized("NFC", text)]
    expect_none(decomposed)


def test_no_invisible_signs() -> None:
    """Bidirectional and zero-width signs can make code look like what it is not; tests write them as escapes."""
    signs = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")
    found = [
        place(path, text.count("\n", 0, match.start()) + 1)
        for path, text in kept_texts().items()
        for match in signs.finditer(text)
    ]
    expect_none(found)


# Written so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w./])/(?:root|home/[a-z]\w*|work|tmp/ntm|opt/[pw]\w+)/|[A-Z]:[\\]+Users[\\]",
    "a package host": r"(?:py" r"pi\.org|python" r"hosted\.org|index[-_]url\s*[= ]\s*\S*//)",
    "something left to do": r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{place(path, text.count(chr(10), 0, match.start()) + 1)}: {match.group()}"
        for path, text in kept_texts().items()
        for match in pattern.finditer(text)
        if path != Path(__file__).resolve()
    ]
    expect_none(found)
