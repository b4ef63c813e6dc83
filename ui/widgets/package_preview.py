"""What one package would bring, before anything is taken: who sent it, and its content in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.models.looks import Look
from ui.models.preview_lines import OLD, PreviewLines
from ui.theme import SIZE, SPACE, heading, icon, soft, tone
from ui.widgets.banner import Banner, Mood
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Preview

_GROUPS = {
    "new": N_("Mới ({count})"),
    "changed": N_("Thay đổi ({count})"),
    "conflict": N_("Nhập khác nhau ({count})"),
    "returned": N_("Ý kiến của cơ quan ({count})"),
}
_WAITING, _DAMAGED = "waiting", "damaged"
_HEIGHT = 190  # pixels of the list of a group


class PackagePreview(QWidget):
    """Signals are the wishes of the person about the package that is shown."""

    passphrase_wanted = Signal(object)  # Look
    salvage_wanted = Signal(object)  # Look
    compare_wanted = Signal(object)  # Preview
    offered_wanted = Signal(object)  # Look: believe the computers whose cards travel in it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self._model = PreviewLines(self)
        self.title = heading(QLabel(), 2)
        self.trust = QLabel()
        self.facts = soft(QLabel())
        self.notes = tone(QLabel(), "warning")
        for label in (self.title, self.trust, self.facts, self.notes):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble = Banner()
        self._make_buttons()
        self._make_groups()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        for widget in (self.title, self.trust, self.facts, self.notes, self.trouble, self._buttons):
            column.addWidget(widget)
        column.addWidget(self.tabs)
        column.addWidget(self._stack)
        self.show_look(None)

    def _make_buttons(self) -> None:
        self.compare_button = QPushButton(icon("verify"), _("So mã đối chiếu…"))
        self.offered_button = QPushButton(icon("user"), _("Nhập thẻ kèm trong gói…"))
        self.passphrase_button = QPushButton(icon("password"), _("Nhập mật khẩu…"))
        self.salvage_button = QPushButton(icon("package"), _("Nhận phần còn nguyên vẹn…"))
        self.compare_button.clicked.connect(lambda: self.compare_wanted.emit(self.look and self.look.preview))
        self.offered_button.clicked.connect(lambda: self.offered_wanted.emit(self.look))
        self.passphrase_button.clicked.connect(lambda: self.passphrase_wanted.emit(self.look))
        self.salvage_button.clicked.connect(lambda: self.salvage_wanted.emit(self.look))
        self._buttons = QWidget()
        row = FlowLayout(self._buttons, SPACE.small)
        for button in (self.compare_button, self.offered_button, self.passphrase_button, self.salvage_button):
            row.addWidget(button)

    def _make_groups(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Nhóm nội dung của gói"))
        self.tabs.currentChanged.connect(self._show_group)
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setAccessibleName(_("Những gì gói sẽ thay đổi"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(SIZE.row)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.lines = QListWidget()
        self.lines.setAccessibleName(_("Nhóm nội dung của gói"))
        self.lines.setWordWrap(True)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.lines)
        self._stack.setFixedHeight(_HEIGHT)

    def show_look(self, look: Look | None) -> None:
        """Show this package; the same one again keeps the group that is looked at."""
        group = self.group if look is not None and self.look is not None and look.path == self.look.path else ""
        self.look = look
        preview = look.preview if look is not None else None
        error = look.error if look is not None else None
        for label, text in (
            (self.title, _title(preview) if preview else ""),
            (self.trust, trust_text(preview) if preview else ""),
            (self.facts, _facts(preview) if preview else ""),
            (self.notes, _notes(preview) if preview else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        if error is None:
            self.trouble.clear()
        else:
            mood = Mood.WARNING if look is not None and (look.locked or look.salvageable) else Mood.ERROR
            self.trouble.say(error.message, error.hint, mood, closable=False)
        self.compare_button.setVisible(preview is not None and preview.sender_state == "seen")
        self.offered_button.setVisible(preview is not None and bool(preview.offered))
        self.passphrase_button.setVisible(look is not None and look.locked)
        self.salvage_button.setVisible(look is not None and look.salvageable)
        self._buttons.setVisible(any(not button.isHidden() for button in self._buttons.findChildren(QPushButton)))
        self._fill_tabs(preview, group)
        self.setVisible(look is not None)

    # --- groups

    def _fill_tabs(self, preview: Preview | None, group: str) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        if preview is not None:
            for kind, words in _GROUPS.items():
                self._add_tab(kind, _(words), sum(line.kind == kind for line in preview.lines))
            self._add_tab(_WAITING, _("Đang chờ ({count})"), len(preview.waiting))
            self._add_tab(_DAMAGED, _("Tệp hỏng ({count})"), len(preview.damaged))
            kinds = [self.tabs.tabData(place) for place in range(self.tabs.count())]
            if group in kinds:
                self.tabs.setCurrentIndex(kinds.index(group))
        self.tabs.blockSignals(False)
        self.tabs.setVisible(self.tabs.count() > 0)
        self._stack.setVisible(self.tabs.count() > 0)
        self._show_group()

    def _add_tab(self, kind: str, words: str, count: int) -> None:
        if count:
            self.tabs.setTabData(self.tabs.addTab(words.format(count=count)), kind)

    @property
    def group(self) -> str:
        """The group that is shown."""
        return str(self.tabs.tabData(self.tabs.currentIndex()) or "") if self.tabs.count() else ""

    def _show_group(self) -> None:
        preview = self.look.preview if self.look is not None else None
        kind = self.group
        self._model.take(())
        self.lines.clear()
        if preview is None:
            return
        name = self.tabs.tabText(self.tabs.currentIndex())
        self.table.setAccessibleName(_("Những gì gói sẽ thay đổi: {group}").format(group=name))
        self.lines.setAccessibleName(name)
        if kind == _WAITING:
            self.lines.addItems(list(preview.waiting))
        elif kind == _DAMAGED:
            self.lines.addItems([item.shown for item in preview.damaged])
        else:
            self._model.take(list(enumerate(line for line in preview.lines if line.kind == kind)))
            self.table.setColumnHidden(OLD, kind == "new")
        self._stack.setCurrentWidget(self.lines if kind in (_WAITING, _DAMAGED) else self.table)


def trust_text(preview: Preview) -> str:
    """How far the sender is known, in words and with the digits to compare."""
    sentence = {
        "own": _("✔ Gói do chính máy này xuất."),
        "confirmed": _("✔ Máy gửi đã được xác nhận."),
        "seen": _("⚠ Máy gửi chưa được so mã đối chiếu."),
        "new": _("⚠ Lần đầu nhận gói từ máy này, chưa so mã đối chiếu."),
        "revoked": _("✖ Máy gửi đã bị thu hồi."),
    }.get(preview.sender_state, "")
    if preview.sender_state in ("seen", "new"):
        sentence = _("{sentence} Mã đối chiếu: {digits}").format(sentence=sentence, digits=preview.fingerprint)
    return sentence


def _title(preview: Preview) -> str:
    return _("{unit}, máy {sender}, xuất lúc {time}").format(
        unit=preview.unit.full_name,
        sender=preview.sender or _("(không ghi tên)"),
        time=wording.time_text(preview.created_at),
    )


def _facts(preview: Preview) -> str:
    """How much is new, how it is closed, which part it is."""
    parts = [
        _("{new} thay đổi mới trong {all}, {blobs} tệp minh chứng mới ({size}).").format(
            new=preview.new_changes,
            all=preview.changes,
            blobs=preview.new_blobs,
            size=wording.size_text(preview.size),
        ),
        _("Có mã hoá.") if preview.encrypted else _("Không mã hoá."),
    ]
    number, count = preview.part
    if count > 1:
        parts.append(_("Phần {number} trong {count} phần.").format(number=number, count=count))
    parts += preview.receipt_lines
    return " ".join(parts)


def _notes(preview: Preview) -> str:
    """What must not be overlooked."""
    notes = list(preview.warnings)
    if preview.already:
        notes.insert(0, _("Gói này đã nhận từ trước: nhận lại cũng không thay đổi gì."))
    if preview.repaired:
        notes.append(_("Gói có chỗ hỏng trên USB và đã được tự sửa nhờ dữ liệu phục hồi: nội dung đủ và đúng."))
    if preview.damaged:
        notes.append(
            _(
                "{count} tệp minh chứng bị hỏng sẽ không được nhận; phần mềm sẽ đề nghị nơi gửi gửi lại đúng các tệp "
                "đó."
            ).format(count=len(preview.damaged))
        )
    return "\n".join(notes)
