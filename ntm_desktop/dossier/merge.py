"""Puts papers, contents, evidence and slips into one PDF."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NumberObject, TextStringObject

from ntm_desktop import __version__, paths
from ntm_desktop.dossier import merge_pages as pages
from ntm_desktop.dossier.document import Document, legible
from ntm_desktop.dossier.merge_in import Drawing, Layers, Source, Unreadable, Why
from ntm_desktop.dossier.merge_out import Bookmark, MergedFile, WriteFailed, name, numbers, stream_of
from ntm_desktop.dossier.merge_stamp import Stamps
from ntm_desktop.dossier.one_file import NO_PICTURE, NOT_PRINTABLE, Attached, OneFile, OnePaper
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.dossier.pdf_fonts import Typeface
from ntm_desktop.dossier.pdf_images import ImageFile, look_at
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Cancelled, Progress, Silent

_A4 = (595.28, 841.89)
_MARGIN = 28.0
_LARGEST_DOT = 0.72  # points: a small picture is not blown up beyond 100 dots per inch


@dataclass(slots=True)
class _Tree:
    """Branches of the tree of pages, and the bookmarks."""

    branches: list[tuple[int, list[int]]] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    layers: list[Layers] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(kids) for _node, kids in self.branches)


def merge(
    papers: Sequence[OnePaper],
    attached: Sequence[Attached],
    path: Path,
    progress: Progress | None,
    *,
    title: str,
    author: str,
    mark: str,
    draft: bool,
) -> OneFile:
    """See :func:`ntm_desktop.dossier.one_file.write_one_file`. Raises OSError where the file cannot be written."""
    told = progress or Silent()
    told.start(_("Đang ghép hồ sơ và minh chứng vào một tệp"), len(papers) + len(attached))
    with tempfile.TemporaryDirectory(prefix="ntm-", ignore_cleanup_errors=True) as scratch, paths.writing(path) as out:
        try:
            return _Merger(MergedFile(out), Path(scratch), attached, told, mark, draft).made(
                papers, path, title, author
            )
        except WriteFailed as error:
            raise error.__cause__ or OSError() from error


class _Merger:
    """One file in the making."""

    def __init__(
        self,
        file: MergedFile,
        scratch: Path,
        attached: Sequence[Attached],
        progress: Progress,
        mark: str,
        draft: bool,
    ) -> None:
        self._file, self._scratch, self._attached, self._progress = file, scratch, attached, progress
        self._mark, self._draft = mark, draft
        self._root = file.reserve()
        self._tree = _Tree()
        typeface = Typeface(paths.resources() / "fonts")
        self._stamps = Stamps([pages.stamp(piece, 0, 1) for piece in attached], typeface, file)
        self._begun: dict[tuple[str, int], tuple[int, int]] = {}  # (criterion, place) → page object, page of the file
        self._slips: list[tuple[str, str]] = []

    def made(self, papers: Sequence[OnePaper], path: Path, title: str, author: str) -> OneFile:
        for paper in papers:
            self._paper(paper)
            self._progress.advance(1, paper.title)
        contents = len(self._tree.branches)
        self._tree.branches.append((self._file.reserve(), []))
        length = len(self._contents(0)) if self._attached else 0  # known before its page numbers are
        for piece in self._attached:
            if piece.lies_in is None:
                self._piece(piece, length)
            self._progress.advance(1, piece.title)
        if self._attached:
            self._put_contents(contents)
        self._finish(title, author)
        return OneFile(path, self._tree.count, tuple(self._slips))

    def _paper(self, paper: OnePaper) -> None:
        source = self._source(paper.path)
        try:
            kids, node = self._taken(source, [])
            bookmark = Bookmark(pages.one_line(paper.title), kids[0])
            bookmark.children = _outline(paper.path, kids)
            self._tree.bookmarks.append(bookmark)
            self._tree.branches.append((node, kids))
        finally:
            source.close()

    def _piece(self, piece: Attached, contents: int) -> None:
        mark = self._file.mark()
        kids: list[int] = []
        node = 0
        why = piece.missing
        if piece.pdf is not None:
            try:
                source = self._source(piece.pdf)
                try:
                    kids, node = self._taken(source, [], piece)
                    self._tree.layers.append(source.layers())
                finally:
                    source.close()
            except (Cancelled, WriteFailed):
                raise
            except Exception as error:  # hostile content raises anything, RecursionError and MemoryError among it
                self._file.back_to(mark)
                kids, why = [], pages.REASONS[_why(error)]
        elif piece.picture is not None:
            image = look_at(piece.picture)
            if image is not None:
                node = self._file.reserve()
                kids = [self._stamps.page(self._picture(image), pages.stamp(piece, 0, 1), node)]
            else:
                why = why or NO_PICTURE
        if not kids:
            why = why or NOT_PRINTABLE
            self._slips.append((piece.title, why))
            kids, node = self._slip(piece, why)
        self._begun[piece.criterion, piece.place] = (kids[0], self._tree.count + contents + 1)
        self._tree.branches.append((node, kids))

    def _source(self, path: Path) -> Source:
        return Source(path, self._file, lambda: self._progress.advance(0))

    def _taken(self, source: Source, kids: list[int], piece: Attached | None = None) -> tuple[list[int], int]:
        """All pages of a source, stamped; and the branch that holds them."""
        node = self._file.reserve()
        drawings: Iterable[Drawing] = source.drawings()
        if piece is None:
            return [*kids, *(self._stamps.page(drawing, "", node) for drawing in drawings)], node
        known = list(drawings)  # numbers only: the pages are in the file
        for place, drawing in enumerate(known):
            kids.append(self._stamps.page(drawing, pages.stamp(piece, place, len(known)), node))
        return kids, node

    def _slip(self, piece: Attached, why: str) -> tuple[list[int], int]:
        source = self._source(self._printed(pages.slip(piece, why)))
        try:
            return self._taken(source, [], piece)
        finally:
            source.close()

    def _picture(self, image: ImageFile) -> Drawing:
        """A picture on A4, upright or lying as it is itself."""
        width, height = _A4 if image.height >= image.width else _A4[::-1]
        room = (width - 2 * _MARGIN, height - 2 * _MARGIN)
        scale = min(room[0] / image.width, room[1] / image.height, _LARGEST_DOT)
        wide, high = image.width * scale, image.height * scale
        held = stream_of(
            image.content(),
            Type=name("XObject"),
            Subtype=name("Image"),
            Width=NumberObject(image.width),
            Height=NumberObject(image.height),
            BitsPerComponent=NumberObject(8),
            ColorSpace=name("DeviceGray" if image.gray else "DeviceRGB"),
            Filter=name("DCTDecode" if image.jpeg else "FlateDecode"),
        )
        own: dict[Any, Any] = {name("I"): self._file.add(held)}
        place = f"q {wide:.3f} 0 0 {high:.3f} {(width - wide) / 2:.3f} {(height - high) / 2:.3f} cm /I Do Q"
        number = self._file.reserve()
        form = stream_of(
            zlib.compress(place.encode()),
            Type=name("XObject"),
            Subtype=name("Form"),
            BBox=numbers(0, 0, width, height),
            Resources=DictionaryObject({name("XObject"): DictionaryObject(own)}),
            Filter=name("FlateDecode"),
        )
        self._file.put(number, form)
        return Drawing(number, width, height)

    def _printed(self, document: Document) -> Path:
        path = self._scratch / f"{document.document_id}.pdf"
        write_pdf(document, path)
        return path

    def _contents(self, first: int) -> Sequence[Any]:
        """Pages of the table of contents; ``first`` is the page of the file that it begins on, 0 while unknown."""
        begun = {key: page for key, (_number, page) in self._begun.items()} if first else {}
        document = pages.contents(self._attached, begun, self._mark, self._draft)
        return PdfReader(self._printed(document)).pages

    def _put_contents(self, place: int) -> None:
        self._contents(1)
        source = self._source(self._scratch / "muc-luc.pdf")
        try:
            kids, node = self._taken(source, [])
        finally:
            source.close()
        self._tree.branches[place] = (node, kids)
        self._tree.bookmarks.append(Bookmark(pages.CONTENTS, kids[0]))
        self._tree.bookmarks.extend(self._criteria())

    def _criteria(self) -> Iterable[Bookmark]:
        """Criteria, their indicators, and the pieces of each; one that lies elsewhere leads there."""
        for number, group in groupby(self._attached, lambda piece: piece.criterion):
            pieces = list(group)
            codes = dict.fromkeys(code for piece in pieces for code in piece.codes)
            children: list[Bookmark] = []
            for code in codes:
                found = [self._bookmark(piece) for piece in pieces if code in piece.codes]
                below = [bookmark for bookmark in found if bookmark is not None]
                if below:
                    children.append(Bookmark(f"Chỉ tiêu {code}", below[0].page, below))
            if children:
                name_ = pages.one_line(f"Tiêu chí {number}. {pieces[0].criterion_name}")
                yield Bookmark(name_, children[0].page, children)

    def _bookmark(self, piece: Attached) -> Bookmark | None:
        begun = self._begun.get(piece.lies_in or (piece.criterion, piece.place))
        if begun is None:
            return None
        return Bookmark(pages.one_line(f"Minh chứng {piece.place:02d}. {piece.title}"), begun[0])

    def _finish(self, title: str, author: str) -> None:
        branches = [(node, kids) for node, kids in self._tree.branches if kids]
        for node, kids in branches:
            self._stamps.pages(kids, node, self._root)
        nodes = [self._file.reference(node) for node, _kids in branches]
        root = {
            name("Type"): name("Pages"),
            name("Count"): NumberObject(self._tree.count),
            name("Kids"): ArrayObject(nodes),
        }
        self._file.put(self._root, DictionaryObject(root))
        catalog = DictionaryObject(
            {
                name("Type"): name("Catalog"),
                name("Pages"): self._file.reference(self._root),
                name("Outlines"): self._file.put_outline(self._tree.bookmarks),
                name("PageMode"): name("UseOutlines"),
                name("Lang"): TextStringObject("vi"),
                name("ViewerPreferences"): DictionaryObject({name("DisplayDocTitle"): BooleanObject(True)}),
            }
        )
        layers = self._layers()
        if layers is not None:
            catalog[name("OCProperties")] = layers
        about = {
            "Title": pages.one_line(title),
            "Author": pages.one_line(author),
            "Creator": f"NTM Desktop {__version__}",
        }
        self._file.finish(catalog, about)

    def _layers(self) -> DictionaryObject | None:
        """Layers that are off stay off."""
        every = [self._file.reference(number) for layers in self._tree.layers for number in layers.all]
        if not every:
            return None
        off = [self._file.reference(number) for layers in self._tree.layers for number in layers.off]
        shown = DictionaryObject({name("OFF"): ArrayObject(off), name("Order"): ArrayObject()})
        return DictionaryObject({name("OCGs"): ArrayObject(every), name("D"): shown})


def _why(error: Exception) -> Why:
    if isinstance(error, LimitReachedError | RecursionError | MemoryError):
        return Why.TOO_MUCH
    return error.why if isinstance(error, Unreadable) else Why.BROKEN


def _outline(path: Path, kids: Sequence[int]) -> list[Bookmark]:
    """Bookmarks of a paper, as far as they lead to its pages."""
    with open(paths.extended(path), "rb") as stream:
        reader = PdfReader(stream)

        def level(items: Any) -> list[Bookmark]:
            made: list[Bookmark] = []
            for item in items:
                if isinstance(item, list):
                    if made:
                        made[-1].children.extend(level(item))
                    continue
                place = reader.get_destination_page_number(item)
                if place is not None and 0 <= place < len(kids):
                    made.append(Bookmark(legible(str(item.title)), kids[place]))
            return made

        return level(reader.outline)
