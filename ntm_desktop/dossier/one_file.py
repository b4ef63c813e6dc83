"""The whole dossier in one PDF: its papers, then all evidence, each page with the place where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.dossier.writing import guarded
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.progress import Progress

# Why a slip stands for a piece: on paper as it is, to a person in the language of the window.
ABSENT = N_("tệp chưa có trên máy tính đã in")
NO_PICTURE = N_("không mở được ảnh này trên máy đã in")
NOT_PRINTABLE = N_("loại tệp này không in được")
NO_OFFICE = N_("máy tính đã in không có LibreOffice để chuyển tệp này sang PDF")
NOT_CONVERTED = N_("LibreOffice không chuyển được tệp này sang PDF")


@dataclass(frozen=True, slots=True)
class OnePaper:
    """A paper of the dossier, printed already."""

    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class Attached:
    """A piece of evidence in its box.

    ``criterion``: number, ``criterion_name``; ``codes`` as they are printed; ``place`` in the box from 1; ``about``:
    number, date and issuer on one line; ``first``, ``last``: its sheets, None where they are not known.
    What is shown is ``pdf`` or ``picture`` (upright, print size), else a slip that says ``missing``. ``lies_in``:
    (criterion, place) of the box that holds it already; then it is only referred to.
    """

    criterion: str
    criterion_name: str
    codes: tuple[str, ...]
    place: int
    title: str
    file_name: str = ""
    about: str = ""
    first: int | None = None
    last: int | None = None
    pdf: Path | None = None
    picture: Path | None = None
    missing: str = ""
    lies_in: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OneFile:
    """What was made: its pages, and the pieces that only a slip stands for, with the reason."""

    path: Path
    pages: int
    slips: tuple[tuple[str, str], ...]


def write_one_file(
    papers: Sequence[OnePaper],
    attached: Sequence[Attached],
    path: Path,
    progress: Progress | None = None,
    *,
    title: str = "",
    author: str = "",
    mark: str = "",
    draft: bool = False,
) -> OneFile:
    """Write papers and evidence as one PDF, whole or not at all. ``attached`` is in the order of the boxes.

    Memory stays that of the largest file, whatever their number: each is written before the next is opened. A file that
    cannot be shown becomes a slip that says why.

    Raises:
        StorageFull, StorageFailed: the file cannot be written. Cancelled: the person has asked to stop.
    """
    from ntm_desktop.dossier.merge import merge

    made: list[OneFile] = []
    target = paths.extended(path)
    about = {"title": title, "author": author, "mark": mark}
    guarded(target, lambda: made.append(merge(papers, attached, target, progress, draft=draft, **about)))
    return OneFile(path, made[0].pages, tuple((name, _(why)) for name, why in made[0].slips))


def title_of(year: int, unit: str) -> str:
    """What the file is called in its own metadata."""
    return f"Hồ sơ năm {year} của {unit}, kèm minh chứng"
