"""The right pane of the criteria page: what proves the indicator that is shown, and what still lacks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator
from ntm_desktop.model.evidence import Evidence
from ui.dialogs.evidence_details import EvidenceDetails
from ui.dialogs.message import tell
from ui.dialogs.pick_evidence import PickEvidence
from ui.models.evidence_list import EvidenceList, evidence_at
from ui.theme import COLOURS, SPACE, heading, icon, soft, tone
from ui.widgets.banner import Banner, Mood
from ui.widgets.evidence_deeds import EvidenceDeeds, say
from ui.widgets.evidence_intake import EvidenceIntake
from ui.widgets.evidence_rows import evidence_view
from ui.widgets.thumbnails import Thumbnails
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.evidence import Added

_MANY = 4  # sentences that stand in a field that scrolls
_LISTED = "• "  # begins a line for each file that was refused


class EvidencePane(QWidget):
    """Evidence of one indicator: add by button, dropping or pasting, choose what is there, open, describe, take off."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._session = session
        self._item: AssessedIndicator | None = None
        self._arrived = ""  # the piece of evidence added last: selected once it is listed
        self._thumbnails = Thumbnails(session, self)
        self._model = EvidenceList(self)
        self.banner = Banner()
        self.deeds = EvidenceDeeds(session, self.banner, self)
        self.intake = EvidenceIntake(session, self, self._codes)
        self.intake.told.connect(self._tell)
        self.intake.arrived.connect(self._note_arrived)
        self.title = heading(QLabel(_("Minh chứng")), 2)
        self.list = evidence_view(self._thumbnails, chips=False)
        self.list.setModel(self._model)
        self.list.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.missing = QLabel()
        self._make_buttons()
        self._build()
        self._connect()
        self.show_indicator(None)

    def _make_buttons(self) -> None:
        self.add_button = QPushButton(icon("add"), _("Thêm tệ&p…"))
        self.pick_button = QPushButton(icon("link"), _("Chọn từ m&inh chứng đã có…"))
        self.paste_button = QPushButton(icon("paste"), _("Dán"))
        self.paste_button.setToolTip(_("Dán tệp hoặc ảnh đã sao chép (Ctrl+V)"))
        self.open_button = QPushButton(icon("open-external"), _("Mở"))
        self.open_button.setToolTip(_("Mở bằng chương trình của máy (Enter)"))
        self.details_button = QPushButton(icon("edit"), _("Chi tiết…"))
        self.details_button.setToolTip(_("Số, ngày, cơ quan ban hành, trích yếu (F2)"))
        self.remove_button = QPushButton(icon("unlink"), _("Gỡ"))
        self.remove_button.setToolTip(_("Bỏ khỏi chỉ tiêu này; tệp vẫn còn trong danh sách minh chứng (Delete)"))
        for button in (self.paste_button, self.open_button, self.details_button, self.remove_button):
            button.setStyleSheet(f"padding-left: {SPACE.tiny}px; padding-right: {SPACE.tiny}px;")

    def _build(self) -> None:
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(SPACE.medium)
        self._empty.setStyleSheet(f"border: 1px dashed {COLOURS.edge}; border-radius: 6px; color: {COLOURS.soft};")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        of_one = QHBoxLayout()
        of_one.setSpacing(SPACE.tiny)
        for button in (self.open_button, self.details_button, self.remove_button):
            of_one.addWidget(button)
        adding = QHBoxLayout()
        adding.setSpacing(SPACE.tiny)
        adding.addWidget(self.add_button, 1)
        adding.addWidget(self.paste_button)
        self.missing.setWordWrap(True)
        self.missing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.missing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.missing)
        area.setMaximumHeight(150)
        area.setAccessibleName(_("Còn thiếu"))
        self._missing_area = area
        self._missing_title = tone(QLabel(_("Còn thiếu")), "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        column.addLayout(of_one)
        column.addLayout(adding)
        column.addWidget(self.pick_button)
        column.addWidget(self._missing_title)
        column.addWidget(area)
        soft(self._empty)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.intake.choose)
        self.paste_button.clicked.connect(self.intake.paste)
        self.pick_button.clicked.connect(self._pick)
        self.open_button.clicked.connect(self._open)
        self.details_button.clicked.connect(self._describe)
        self.remove_button.clicked.connect(self._take_off)
        self.list.activated.connect(lambda _index: self._open())
        self.list.selectionModel().selectionChanged.connect(lambda *_all: self._enable())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        for keys, deed in (
            (QKeySequence(QKeySequence.StandardKey.Paste), self.intake.paste),
            (QKeySequence(Qt.Key.Key_Delete), self._take_off),
            (QKeySequence(Qt.Key.Key_F2), self._describe),
        ):
            QShortcut(keys, self.list, context=Qt.ShortcutContext.WidgetShortcut).activated.connect(deed)
        for button in (self.add_button, self.paste_button):
            paste = QKeySequence(QKeySequence.StandardKey.Paste)
            QShortcut(paste, button, context=Qt.ShortcutContext.WidgetShortcut).activated.connect(self.intake.paste)

    def _tell(self, mood: str, sentence: str, details: str) -> None:
        """Several files that were refused do not fit beside the form: their sentences stand in a window."""
        lines = sentence.splitlines()
        listed = [line.removeprefix(_LISTED) for line in lines if line.startswith(_LISTED)]
        if len(listed) < 2:
            say(self.banner, mood, sentence)
            return
        first, *rest = [line.rstrip(":") for line in lines if not line.startswith((_LISTED, "…"))]
        words = details or "\n\n".join(listed)
        few = {"hint": words} if len(listed) < _MANY and not details else {"lines": words}
        show = partial(tell, self, "\n".join((first, *rest)), sign="warning", **few)
        self.banner.say(first, "\n".join(rest), Mood(mood), [(_("Xem tất cả"), show)])

    def _note_arrived(self, added: Added) -> None:
        self._arrived = added.added[0].evidence_id if added.added else ""

    def show_indicator(self, item: AssessedIndicator | None) -> None:
        """Show the evidence of this indicator; None shows nothing to do."""
        if item is None or self._item is None or item.code != self._item.code:
            self.banner.clear()
        self._item = item
        evidence = item.evidence if item else ()
        self._model.take(evidence)
        if (new := self._model.find(self._arrived)).isValid():
            self._arrived = ""
            self.list.setCurrentIndex(new)
            self.list.scrollTo(new)
        elif evidence and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(0, 0))
        self.title.setText(_("Minh chứng ({count})").format(count=len(evidence)) if evidence else _("Minh chứng"))
        self._stack.setCurrentIndex(0 if evidence else 1)
        self._empty.setText(self._empty_words())
        lines = self._missing_lines()
        self.missing.setText("\n".join(lines))
        for widget in (self._missing_title, self._missing_area):
            widget.setVisible(bool(lines))
        self._enable()

    def first_focus(self) -> QWidget:
        """The list where there is evidence, else the button that adds some."""
        return self.list if self._model.rows else self.add_button

    def _empty_words(self) -> str:
        if self._item is None:
            return _("Chọn một chỉ tiêu để xem minh chứng.")
        if self._session.read_only:
            return _("Chỉ tiêu này chưa có minh chứng.")
        return _("Chưa có minh chứng cho chỉ tiêu này.\n\nThả tệp vào đây, dán ảnh, hoặc bấm «Thêm tệp…».")

    def _missing_lines(self) -> list[str]:
        """What lacks: evidence altogether (then what is usually asked for), numbers and dates of what is there."""
        item = self._item
        if item is None:
            return []
        lines = []
        if item.lacks_evidence:
            lines.append(_("Đã có kết quả nhưng chưa có minh chứng."))
        without = [piece for piece in item.evidence if not piece.number or not piece.issued]
        if without:
            lines.append(_("{count} minh chứng chưa có số hoặc ngày văn bản.").format(count=len(without)))
        if item.indicator.evidence:
            lines.append(_("Thường cần:"))
            lines.extend(f"• {paper}" for paper in item.indicator.evidence)
        return lines if not item.evidence or without or item.lacks_evidence else []

    def _enable(self) -> None:
        one, editable = bool(self._selected()), self._item is not None and not self._session.read_only
        self.open_button.setEnabled(one)
        self.details_button.setEnabled(one)
        self.remove_button.setEnabled(one and editable)
        for button in (self.add_button, self.paste_button, self.pick_button):
            button.setEnabled(editable)

    def _codes(self) -> tuple[str, ...]:
        return (self._item.code,) if self._item else ()

    def _selected(self) -> tuple[Evidence, ...]:
        found = (evidence_at(index) for index in self.list.selectionModel().selectedIndexes())
        return tuple(item for item in found if item is not None)

    def _open(self) -> None:
        for evidence in self._selected()[:1]:
            self.deeds.open(evidence)

    def _describe(self) -> None:
        for evidence in self._selected()[:1]:
            EvidenceDetails(self._session, evidence, self).open()

    def _take_off(self) -> None:
        if self._item is None or self._session.read_only:
            return
        for evidence in self._selected():
            self.deeds.unlink(evidence, self._item.code)

    def _pick(self) -> None:
        assessed, item = self._session.assessed, self._item
        if assessed is None or item is None:
            return
        mine = {evidence.evidence_id for evidence in item.evidence}
        dialog = PickEvidence(
            self._session, [piece for piece in assessed.evidence if piece.evidence_id not in mine], item.code, self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.deeds.link(dialog.chosen(), item.code))
        dialog.open()

    def _menu(self, place: QPoint) -> None:
        if not self._selected():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("open-external"), _("Mở bằng chương trình của máy"), self._open)
        menu.addAction(icon("edit"), _("Chi tiết…"), self._describe)
        evidence = self._selected()[0]
        show = menu.addAction(icon("eye"), _("Xem ở trang Minh chứng"))
        show.triggered.connect(lambda: self._session.go("evidence", evidence.evidence_id))
        if not self._session.read_only:
            menu.addAction(icon("unlink"), _("Gỡ khỏi chỉ tiêu này"), self._take_off)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if self._item is not None and (mime.hasUrls() or mime.hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.intake.take_mime(event.mimeData()):
            event.acceptProposedAction()
