"""The photo annex: which pictures of the evidence come into it, in which order, with which words below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.records import BY_ID
from ui.forms.record_draft import RecordDraft
from ui.models.record_rows import Column, RecordRows
from ui.models.rows import Index
from ui.pages.data_parts import Known, Part, Tools, words
from ui.theme import SPACE
from ui.widgets.record_grid import CellDelegate, Grid
from ui.widgets.thumbnails import Thumbnails, paint_tile

_KIND = BY_ID["photo"]
_PICTURE, _CAPTION = 0, 2
_HEIGHT, _WIDTHS = 64, (84, 220, 200, 80, 130)


class PhotoPart(Part):
    """A row for each picture. Without a caption the picture's own words are printed."""

    key, kinds = "photo", ("photo",)

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._pieces: dict[str, Evidence] = {}
        self._thumbnails = Thumbnails(tools.session, self)
        self.rows = RecordRows(tools.drafts, self._columns(), self)
        self.grid = Grid(self.title())
        self.grid.setModel(self.rows)
        self.grid.setItemDelegate(_PictureDelegate(self.grid, self._paint_picture))
        self.grid.verticalHeader().setDefaultSectionSize(_HEIGHT)
        head = self.grid.horizontalHeader()
        head.setFixedHeight(2 * head.fontMetrics().lineSpacing() + SPACE.medium)
        self.grid.setMinimumHeight(4 * _HEIGHT)
        self.grid.beyond.connect(lambda: self.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self._thumbnails.ready.connect(lambda _id: self.grid.viewport().update())
        self.empty = words(
            _("Chưa có ảnh nào trong minh chứng. Thêm ảnh ở trang Minh chứng, ảnh sẽ tự vào phụ lục của hồ sơ.")
        )
        self.column.addWidget(
            words(_("Ảnh lấy từ minh chứng. Để trống chú thích thì in nội dung, tên tệp của minh chứng."))
        )
        self.column.addWidget(self.empty)
        self.column.addWidget(self.grid, 1)
        self.column.addStretch(0)

    def title(self) -> str:
        return _("Ảnh trong phụ lục")

    def _columns(self) -> tuple[Column, ...]:
        caption, place, left_out = _KIND.fields
        return (
            Column("", computed=lambda _draft: "", width=_WIDTHS[0], tip=_("Ảnh")),
            Column(_("Minh chứng"), computed=self._title_of, width=_WIDTHS[1], left=True),
            Column(_(caption.name), caption, width=_WIDTHS[2], stretch=True, key=caption.id),
            Column(_(place.name), place, width=_WIDTHS[3], key=place.id),
            Column(_(left_out.name), left_out, width=_WIDTHS[4], key=left_out.id),
        )

    def _title_of(self, draft: RecordDraft) -> str:
        piece = self._pieces.get(draft.record_id)
        return piece.title if piece is not None else ""

    def _paint_picture(self, painter: QPainter, box: QRectF, row: int) -> None:
        """Draw a row's picture, or its tile until it has come."""
        piece = self._pieces.get(self.rows.rows[row].record_id)
        if piece is not None:
            paint_tile(painter, box, piece, self._thumbnails.of(piece))

    # --- showing

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        pictures = [
            piece
            for piece in known.facts.assessed.evidence
            if piece.blob.media_type.startswith("image/") and not piece.removed
        ]
        self._pieces = {piece.evidence_id: piece for piece in pictures}
        held = [draft.record_id for draft in self.rows.rows]
        wanted = [name for name in held if name in self._pieces]
        wanted += [name for name in self._pieces if name not in held]
        self._take([self.tools.drafts.one("photo", name) for name in wanted])

    def arrange(self) -> None:
        order = {name: place for place, name in enumerate(self._pieces)}

        def key(draft: RecordDraft) -> tuple[bool, int, int]:
            place = draft.record().number("place")
            return place is None, place or 0, order.get(draft.record_id, 0)

        self._take(sorted(self.rows.rows, key=key))

    def _take(self, drafts: Sequence[RecordDraft]) -> None:
        self.rows.take(drafts)
        self.empty.setVisible(not drafts)
        self.grid.setVisible(bool(drafts))
        if drafts and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.rows.index(0, _CAPTION))
        self._size()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size()

    def _size(self) -> None:
        for place, width in enumerate(_WIDTHS):
            self.grid.setColumnWidth(place, width)
        room = self.width() - 2 * SPACE.large - 24 - sum(_WIDTHS)
        self.grid.setColumnWidth(_CAPTION, _WIDTHS[_CAPTION] + max(0, room))

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.rows.editable = not read_only

    # --- places

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        columns = [column.key for column in self.rows.columns]
        for row, draft in enumerate(self.rows.rows):
            if draft.record_id == record_id:
                index = self.rows.index(row, columns.index(field) if field in columns else _CAPTION)
                self.grid.setCurrentIndex(index)
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        return self.grid

    def finish(self) -> None:
        self.grid.finish()


class _PictureDelegate(CellDelegate):
    """Cells with the picture itself in the first column."""

    def __init__(self, grid: Grid, picture: Callable[[QPainter, QRectF, int], None]) -> None:
        super().__init__(grid)
        self._picture = picture

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.column() == _PICTURE:
            self._picture(painter, QRectF(option.rect).adjusted(4, 4, -4, -4), index.row())
