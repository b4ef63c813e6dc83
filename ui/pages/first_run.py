"""The first start: who works here, in which unit, on which set of criteria; one page, a minute, by keyboard too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.units import Level, Unit
from ui.tasks import Task
from ui.theme import SPACE, card, heading, icon, link, primary, program_icon, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.set_choice import SetChoice
from ui.widgets.unit_picker import UnitPicker
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace, WorkspaceInfo

Known = tuple[tuple[Unit, ...], dict[str, tuple[Unit, ...]], tuple[Catalogue, ...]]
_WIDEST = 1240


class FirstRunPage(QWidget):
    """``made`` is sent with the workspace that was created and what it is."""

    made = Signal(object, object)
    other_wanted = Signal()
    restore_wanted = Signal()
    folder_wanted = Signal(object, bool)  # Path of the sample, False: not remembered

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = folder
        self._communes: dict[str, tuple[Unit, ...]] = {}
        self.commune_role = QRadioButton(_("Xã, phường, đặc khu: lập hồ sơ của đơn vị mình"))
        self.office_role = QRadioButton(_("Cơ quan tiếp nhận: nhận và tổng hợp hồ sơ của nhiều xã"))
        self._roles = QButtonGroup(self)
        for button in (self.commune_role, self.office_role):
            self._roles.addButton(button)
            button.installEventFilter(self)
        self.commune_role.setChecked(True)
        self.province = UnitPicker(_("Tỉnh, thành phố"))
        self.commune = UnitPicker(_("Xã, phường, đặc khu"))
        self.choice = SetChoice()
        self.banner = Banner()
        self.begin = primary(QPushButton(_("Bắt đầu làm việc")))
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.go_title = heading(QLabel(), 2)
        self._third = QFrame()
        self._build()
        self._connect()
        self._show_role()
        session.run_free(_load, self._show_known)

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self.commune_role

    # --- layout

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("plain", True)
        inside.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        column.addLayout(self._title())
        columns = QHBoxLayout()
        columns.setSpacing(SPACE.large)
        left = QVBoxLayout()
        left.setSpacing(SPACE.medium)
        left.addWidget(self._who())
        left.addWidget(self._where(), 1)
        columns.addLayout(left, 6)
        right = QVBoxLayout()
        right.setSpacing(SPACE.medium)
        right.addWidget(self._what())
        right.addStretch(1)
        right.addWidget(self._go())
        columns.addLayout(right, 5)
        column.addLayout(columns, 1)
        column.addLayout(self._others())
        middle = QWidget()
        middle.setProperty("plain", True)
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inside)
        area = QScrollArea()
        area.setWidget(middle)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _title(self) -> QHBoxLayout:
        sign = QLabel()
        sign.setPixmap(program_icon().pixmap(44, 44))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(heading(QLabel(_("Lập hồ sơ nông thôn mới"))))
        words.addWidget(soft(QLabel(_("Các mục dưới đây chỉ phải chọn một lần. Sau này đổi được ở trang Thiết lập."))))
        row = QHBoxLayout()
        row.setSpacing(SPACE.medium)
        row.addWidget(sign)
        row.addLayout(words, 1)
        return row

    def _who(self) -> QFrame:
        sheet, column = _sheet(_("1. Ai dùng phần mềm trên máy này?"))
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.commune_role)
        column.addWidget(self.office_role)
        return sheet

    def _where(self) -> QFrame:
        sheet, column = _sheet(_("2. Đơn vị nào?"))
        row = QHBoxLayout()
        row.setSpacing(SPACE.large)
        row.addWidget(self.province, 5)
        row.addWidget(self.commune, 6)
        for picker in (self.province, self.commune):
            picker.list.setMinimumHeight(150)
        column.addLayout(row, 1)
        return sheet

    def _what(self) -> QFrame:
        self._third, column = _sheet(_("3. Bộ tiêu chí nào, năm nào?"))
        column.addWidget(self.choice)
        return self._third

    def _go(self) -> QFrame:
        sheet, column = _sheet("")
        column.addWidget(self.go_title)
        column.addWidget(self.banner)
        column.addWidget(self.summary)
        where = soft(QLabel(_("Dữ liệu nằm trên máy này, trong thư mục {folder}").format(folder=self._folder)))
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(where)
        column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        self.begin.setMinimumWidth(180)
        return sheet

    def _others(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        row.addWidget(soft(QLabel(_("Hoặc:"))))
        for words, sign, deed in (
            (_("Khôi phục từ bản sao lưu…"), "restore", self.restore_wanted.emit),
            (_("Mở thư mục dữ liệu khác…"), "folder-open", self.other_wanted.emit),
            (_("Xem thử với dữ liệu mẫu"), "eye", self._make_sample),
        ):
            button = link(QPushButton(icon(sign), words))
            button.clicked.connect(lambda _checked=False, deed=deed: deed())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self._roles.buttonToggled.connect(lambda _button, _on: self._show_role())
        self.province.picked.connect(self._show_communes)
        self.province.confirmed.connect(self._after_province)
        self.commune.picked.connect(self._show_regions)
        self.commune.confirmed.connect(self._after_commune)
        self.choice.changed.connect(self._show_summary)
        self.begin.clicked.connect(self._create)

    # --- choosing

    def _show_known(self, known: Known) -> None:
        provinces, self._communes, catalogues = known
        self.choice.set_catalogues(catalogues)
        self.province.set_units(provinces)
        self._show_communes(None)

    @property
    def _is_office(self) -> bool:
        return self.office_role.isChecked()

    def _show_role(self) -> None:
        self._third.setEnabled(not self._is_office)
        self._third.setVisible(not self._is_office)
        self.go_title.setText(_("3. Bắt đầu") if self._is_office else _("4. Bắt đầu"))
        self._show_summary()

    def _show_communes(self, province: Unit | None) -> None:
        self.commune.set_units(self._communes.get(province.code, ()) if province else ())
        self.commune.field.setEnabled(province is not None)
        hint = _("Gõ tên, không cần dấu") if province else _("Chọn tỉnh, thành phố trước")
        self.commune.field.setPlaceholderText(hint)
        self._show_regions(None)

    def _show_regions(self, _commune: Unit | None) -> None:
        unit = self.commune.unit() or self.province.unit()
        if unit is not None:
            from ntm_desktop.operations import setup

            self.choice.set_candidates(setup.region_candidates(unit.code))
        self._show_summary()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on from the choice of who works here."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys:
            self.province.field.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _after_province(self) -> None:
        """An office is a province's as a rule: Enter goes on to the end, Tab to the communes."""
        if self.province.unit() is not None:
            (self.begin if self._is_office else self.commune.field).setFocus(Qt.FocusReason.TabFocusReason)

    def _after_commune(self) -> None:
        if self._unit() is not None:
            (self.begin if self._is_office else self.choice.set_box).setFocus(Qt.FocusReason.TabFocusReason)

    def _unit(self) -> Unit | None:
        """The unit that works here: an office may be a province."""
        return self.commune.unit() or (self.province.unit() if self._is_office else None)

    def _show_summary(self) -> None:
        unit, choice, catalogue = self._unit(), self.choice.choice(), self.choice.catalogue()
        parts: list[str] = []
        if unit is not None:
            parts.append(unit.place if unit.level is Level.COMMUNE else unit.full_name)
        if self._is_office:
            parts.append(_("cơ quan tiếp nhận"))
        elif choice is not None and catalogue is not None:
            parts += [catalogue.title, _("Năm {year}").format(year=choice.year)]
        self.summary.setText("  ·  ".join(parts) if unit is not None else _("Chưa chọn đơn vị."))
        self.banner.clear()

    # --- creating

    def _missing(self) -> tuple[str, QWidget] | None:
        if self._is_office and self._unit() is None:
            return _("Chưa chọn tỉnh, thành phố của cơ quan."), self.province.field
        if self._unit() is None:
            return (
                (_("Chưa chọn xã, phường hoặc đặc khu."), self.commune.field)
                if self.province.unit()
                else (_("Chưa chọn tỉnh, thành phố."), self.province.field)
            )
        return None if self._is_office else self.choice.problem()

    def _create(self) -> None:
        missing = self._missing()
        if missing is not None:
            words, where = missing
            self.banner.say(words, mood=Mood.WARNING, closable=False)
            where.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        unit, choice, folder, office = self._unit(), self.choice.choice(), self._folder, self._is_office
        assert unit is not None
        chosen: dict[str, Any] = {}
        if not office and choice is not None:
            chosen = {name: getattr(choice, name) for name in choice.__slots__}

        def work(task: Task) -> tuple[Workspace, WorkspaceInfo]:
            from ntm_desktop.operations import setup

            workspace = setup.create(folder, unit_code=unit.code, role="office" if office else "commune", **chosen)
            return workspace, workspace.info()

        self._run(work, lambda done: self.made.emit(*done), _("Đang tạo dữ liệu"))

    def _make_sample(self) -> None:
        folder = self._folder / "mau"

        def work(task: Task) -> Path:
            from ntm_desktop.operations import demo
            from ntm_desktop.operations import workspace as room

            made = folder / "commune"
            return made if room.exists(made) else demo.make(folder, task).workspace

        self._run(work, lambda made: self.folder_wanted.emit(made, False), _("Đang tạo dữ liệu mẫu"))

    def _run(self, work: Any, then: Any, title: str) -> None:
        self.begin.setEnabled(False)
        task = self._session.run_free(work, then, title, self._failed)
        task.cancelled.connect(lambda: self.begin.setEnabled(True))

    def _failed(self, error: Exception) -> bool:
        self.begin.setEnabled(True)
        if not isinstance(error, UserError):
            return False
        self.banner.say(error.message, error.hint, Mood.WARNING)
        return True


def _load(_task: Task) -> Known:
    from ntm_desktop.operations import catalogues, places

    provinces = places.provinces()
    communes = {province.code: places.communes(province.code) for province in provinces}
    sets = tuple(catalogues.get(None, info.id) for info in catalogues.infos() if info.level == Level.COMMUNE.value)
    return provinces, communes, sets


def _sheet(title: str) -> tuple[QFrame, QVBoxLayout]:
    sheet = card(QFrame())
    column = QVBoxLayout(sheet)
    column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
    column.setSpacing(SPACE.small)
    if title:
        column.addWidget(heading(QLabel(title), 2))
    return sheet, column
