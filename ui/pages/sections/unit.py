"""What documents say about the unit: names, place, signer, receiving office. Saved while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ntm_desktop.i18n import N_, _
from ntm_desktop.model.assessment import UnitProfile
from ui.forms.inputs import LineInput
from ui.pages.sections.section import Section, note
from ui.theme import SPACE
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes

QUIET = 500  # milliseconds without a key
_TWO_COLUMNS = 620  # width from which fields stand side by side
_FIELDS = (
    ("name", N_("Tên đơn vị trên văn bản"), N_("Để trống thì dùng tên trong danh mục hành chính.")),
    ("superior", N_("Cơ quan cấp trên (dòng thứ nhất, góc trái)"), N_("Ví dụ: tên huyện hoặc tỉnh, viết hoa.")),
    ("agency", N_("Cơ quan ban hành (dòng thứ hai, góc trái)"), N_("Ví dụ: ỦY BAN NHÂN DÂN XÃ …")),
    ("place", N_("Địa danh trước ngày tháng"), ""),
    ("receiving_office", N_("Nơi nhận hồ sơ"), N_("Ghi sau chữ «Kính gửi».")),
    ("signer_title", N_("Chức vụ người ký"), N_("Ví dụ: CHỦ TỊCH")),
    ("signer_name", N_("Họ và tên người ký"), ""),
)


class UnitSection(Section):
    """The profile's fields."""

    key = "unit"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(
            _("Những dòng này nằm ở đầu và cuối các văn bản. Chỗ để trống in theo tên đơn vị hoặc thành dòng chấm.")
        )
        self._stored: dict[str, str] = {}
        self._waiting = False  # for the answer of a saving
        self.fields: dict[str, LineInput] = {}
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self.save_now)
        sheet = self.sheet()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.large)
        grid.setVerticalSpacing(SPACE.medium)
        self._grid = grid
        self._groups = [self._field(name, _(words), _(hint)) for name, words, hint in _FIELDS]
        self._columns = 0
        self._arrange(2)
        sheet.addLayout(grid)
        self.end()
        session.changed.connect(self._changed)

    def title(self) -> str:
        return _("Đơn vị và người ký")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() >= _TWO_COLUMNS else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, group in enumerate(self._groups):
            self._grid.removeWidget(group)
            self._grid.addWidget(group, place // columns, place % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)

    def _field(self, name: str, words: str, hint: str) -> QWidget:
        field = LineInput(words)
        field.setMaxLength(300)
        field.typed.connect(self._typed)
        field.left.connect(self.save_now)
        self.fields[name] = field
        label = QLabel(words)
        label.setWordWrap(True)
        label.setBuddy(field)
        box = QWidget()
        group = QVBoxLayout(box)
        group.setContentsMargins(0, 0, 0, 0)
        group.setSpacing(SPACE.tiny)
        group.addWidget(label)
        group.addWidget(field)
        if hint:
            group.addWidget(note(hint))
        group.addStretch(1)
        return box

    def activate(self) -> None:
        self._read()

    def _read(self) -> None:
        from ntm_desktop.operations import setup

        self.session.run(lambda workspace, task: setup.profile(workspace), self._show)

    def _show(self, profile: UnitProfile) -> None:
        """Show what is stored, but never over what is being typed."""
        for name, field in self.fields.items():
            value = getattr(profile, name)
            if field.content() == self._stored.get(name, "") and field.content() != value:
                field.put(value)
            self._stored[name] = value

    def _typed(self) -> None:
        self.session.save_state.emit("saving")
        self._quiet.start()

    def save_now(self) -> None:
        from ntm_desktop.operations import setup

        self._quiet.stop()
        changed = {
            name: field.content()
            for name, field in self.fields.items()
            if field.content().strip() != self._stored.get(name, "").strip()
        }
        if not changed:
            return
        self._stored |= changed
        self.session.run(lambda workspace, task: setup.save_profile(workspace, changed), failed=self._failed)

    def _failed(self, _error: Exception) -> bool:
        self._stored.clear()  # nothing counts as stored: the next saving hands everything over again
        self.session.save_state.emit("failed")
        return False

    def _changed(self, changes: Changes) -> None:
        if changes.touches("unit") and self.isVisible():
            self._read()
