"""Criteria files on disk: the built-in sets and those that somebody brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from ntm_desktop import paths, wording
from ntm_desktop.catalogue.nodes import MAX_BYTES, Node, Unreadable, from_yaml
from ntm_desktop.catalogue.overlays import BaseRef, base_ref, build_overlay, is_overlay
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode, refusal
from ntm_desktop.catalogue.reading import Reading
from ntm_desktop.catalogue.sets import build_set
from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue

MAX_OVERLAYS = 8
MAX_NEIGHBOURS = 200
ENDINGS = (".yaml", ".yml")


def load(path: Path, bases: Iterable[Catalogue] = ()) -> Catalogue:
    """Read one criteria file in YAML; an overlay is resolved against ``bases``, the built-in sets and files beside it.

    Raises:
        CatalogueInvalid: the message names all problems with file, line and place.
    """
    catalogue, problems = _read(path, tuple(bases), ())
    if catalogue is None or problems:
        raise refusal(path.name, problems)
    return catalogue


def check(path: Path, bases: Iterable[Catalogue] = ()) -> tuple[CatalogueProblem, ...]:
    """All problems of a criteria file in YAML, in the order of its lines; none where :func:`load` takes it."""
    return _read(path, tuple(bases), ())[1]


def builtin_ids() -> tuple[str, ...]:
    """Ids of the sets that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in _builtin_folder().glob("*.yaml")))


def builtin(catalogue_id: str) -> Catalogue:
    """A set that comes with the program.

    Raises:
        NotFound: there is no such set.
    """
    if catalogue_id not in builtin_ids():
        known = ", ".join(builtin_ids())
        message = _("Không có bộ tiêu chí «{id}» trong chương trình.").format(id=catalogue_id)
        raise NotFound(message, _("Các bộ có sẵn: {known}.").format(known=known))
    return _builtin(catalogue_id)


@cache
def _builtin(catalogue_id: str) -> Catalogue:
    return load(_builtin_folder() / f"{catalogue_id}.yaml")


def _builtin_folder() -> Path:
    return paths.resources() / "catalogues"


def _read(
    path: Path, bases: tuple[Catalogue, ...], chain: tuple[Path, ...]
) -> tuple[Catalogue | None, tuple[CatalogueProblem, ...]]:
    """The set (None where there is none to speak of) and all problems; ``chain``: overlays being resolved above."""
    try:
        root = from_yaml(_content(path), path.name)
    except Unreadable as error:
        return None, (error.problem,)
    reading = Reading(path.name)
    catalogue: Catalogue | None
    if is_overlay(root):
        base = _base(reading, root, path, bases, (*chain, path.resolve()))
        catalogue = build_overlay(reading, root, base)
    else:
        catalogue = build_set(reading, root)
    return catalogue, tuple(sorted(reading.problems, key=lambda problem: problem.line))


def _content(path: Path) -> bytes:
    """At most a little more than the allowed size."""
    try:
        with open(paths.extended(path), "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        message = _("Không tìm thấy tệp; mời xem lại tên và thư mục.")
    except OSError as error:
        message = _("Không đọc được tệp ({reason}); mời xem tệp có đang mở ở chương trình khác không.")
        message = message.format(reason=wording.system_reason(error))
    raise Unreadable(CatalogueProblem(path.name, 0, "", ProblemCode.UNREADABLE, message))


def _base(
    reading: Reading, root: Node, path: Path, bases: Sequence[Catalogue], chain: tuple[Path, ...]
) -> Catalogue | None:
    """The base that an overlay names: from the given sets, the built-in ones, then the files beside it."""
    ref = base_ref(reading, root)
    if ref is None:
        return None
    for base in bases:
        if _fits(base, ref):
            return base
    if ref.id in builtin_ids() and _fits(builtin(ref.id), ref):
        return builtin(ref.id)
    neighbour = _neighbour(ref, path, tuple(bases), chain)
    if isinstance(neighbour, Catalogue):
        return neighbour
    reading.report(ref.node, "", ProblemCode.UNKNOWN_BASE, neighbour)
    return None


def _fits(catalogue: Catalogue, ref: BaseRef) -> bool:
    return catalogue.id == ref.id and ref.version in ("", catalogue.version)


def _neighbour(ref: BaseRef, path: Path, bases: tuple[Catalogue, ...], chain: tuple[Path, ...]) -> Catalogue | str:
    """The base among the files of the same folder, or why it cannot be used."""
    name = ref.node.text[:80]
    if len(chain) > MAX_OVERLAYS:
        return _("Các bộ tiêu chí nối nhau quá dài, đến «{base}» thì dừng.").format(base=name)
    candidates = [item for item in sorted(path.parent.iterdir()) if item.suffix.lower() in ENDINGS and item.is_file()]
    for candidate in candidates[:MAX_NEIGHBOURS]:
        if not _names_itself(candidate, ref):
            continue
        if candidate.resolve() in chain:
            return _("Bộ gốc «{base}» lại dựa trên chính tệp này; mời xem lại khóa «extends».").format(base=name)
        catalogue, problems = _read(candidate, bases, chain)
        if catalogue is not None and not problems:
            return catalogue
        message = _("Bộ gốc «{base}» (tệp {file}) có {count} lỗi; mời sửa tệp đó trước.")
        return message.format(base=name, file=candidate.name, count=len(problems))
    message = _(
        "Không tìm thấy bộ gốc «{base}»: không có sẵn trong chương trình, cũng không có trong thư mục của tệp này."
    )
    return message.format(base=name)


def _names_itself(path: Path, ref: BaseRef) -> bool:
    """Does the file carry the id (and version) that is looked for? Files that cannot be read do not."""
    try:
        entries = from_yaml(_content(path), path.name).entries
    except Unreadable:
        return False
    own_id, version = entries.get("id"), entries.get("version")
    fits = ref.version == "" or (version is not None and version.text == ref.version)
    return own_id is not None and own_id.text == ref.id and fits
