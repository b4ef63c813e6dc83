"""Computers and keys: the card of this one, and the others that are known, with how far each is trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHeaderView, QLabel, QPushButton, QScrollArea, QTableView, QWidget

from ntm_desktop.i18n import _
from ui.models.known_devices import CODE, SINCE, STATE, WHO, KnownDevices, meaning, role_words
from ui.models.rows import ROW_ROLE
from ui.pages.sections.section import Section, note
from ui.theme import SPACE, danger, icon, primary
from ui.widgets.banner import Mood
from ui.widgets.enrolling import CARDS, Enrolling
from ui.widgets.fingerprint import Fingerprint
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.told import Told
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.outcome import Changes

_ROW = 52  # pixels: two lines
_MOST = 6  # rows that are shown without scrolling
_WIDE = 640  # width from which code and date stand in the table too


class DevicesSection(Section):
    """This computer's card above, the others below."""

    key = "devices"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(
            _(
                "Mỗi máy có khoá riêng để ký và mở gói. Hai máy trao thẻ cho nhau, rồi hai người đọc mã đối chiếu"
                " cho nhau nghe: khi đó chắc chắn gói đến đúng nơi và đúng người."
            )
        )
        self._replaced: Known | None = None  # the lost computer for which a card is being enrolled
        self.told = Told()
        self.enrolling = Enrolling(session, self.told, self)
        self.trusting = self.enrolling.trusting
        self._build_own()
        self._build_known()
        self.end()
        self.enrolling.enrolled.connect(self._enrolled)
        self.enrolling.left.connect(self._forget_replaced)
        session.changed.connect(self._changed)

    def title(self) -> str:
        return _("Máy và khoá")

    # --- layout

    def _build_own(self) -> None:
        sheet = self.sheet(_("Máy này"))
        self.name = QLabel()
        self.name.setWordWrap(True)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        sheet.addWidget(self.name)
        sheet.addWidget(note(_("Mã đối chiếu của máy này:")))
        self.digits = Fingerprint(_("Mã đối chiếu của máy này"))
        sheet.addWidget(self.digits)
        self.export_button = primary(QPushButton(icon("user", "#ffffff"), _("X&uất thẻ của máy này…")))
        self.export_button.clicked.connect(self._ask_export)
        self.copy_button = QPushButton(icon("copy"), _("Sao chép mã"))
        self.copy_button.clicked.connect(self._copy)
        sheet.addWidget(_row(self.export_button, self.copy_button))
        sheet.addWidget(
            note(
                _(
                    "Thẻ chỉ có tên và khoá công khai, không có gì bí mật. Khoá bí mật nằm trên máy này và chỉ có trong"
                    " bản sao lưu nào được đặt mật khẩu."
                )
            )
        )

    def _build_known(self) -> None:
        sheet = self.sheet(_("Các máy đã biết"))
        self.nothing = note("")
        sheet.addWidget(self.nothing)
        self.model = KnownDevices(self)
        self.table = self._make_table()
        sheet.addWidget(self.table)
        self.about = note("", selectable=True)
        sheet.addWidget(self.about)
        self.import_button = QPushButton(icon("import-down"), _("Nhậ&p thẻ…"))
        self.import_button.clicked.connect(lambda: self._ask_import(None))
        self.confirm_button = QPushButton(icon("verify"), _("Xác &nhận…"))
        self.confirm_button.clicked.connect(self._compare)
        self.revoke_button = danger(QPushButton(icon("not-met", "#a5261b"), _("Thu &hồi…")))
        self.revoke_button.clicked.connect(self._revoke)
        self.replace_button = QPushButton(icon("refresh"), _("Thay &máy bị mất…"))
        self.replace_button.setToolTip(_("Nhập thẻ của máy mới rồi thu hồi máy cũ đang chọn"))
        self.replace_button.clicked.connect(lambda: self._ask_import(self.chosen()))
        sheet.addWidget(_row(self.import_button, self.confirm_button, self.revoke_button, self.replace_button))
        sheet.addWidget(self.told)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(_("Các máy đã biết"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(WHO, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.selectionModel().selectionChanged.connect(lambda *_all: self._show_chosen())
        table.activated.connect(lambda _index: self._compare())
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column in (CODE, SINCE):
            self.table.setColumnHidden(column, event.size().width() < _WIDE)
        self.table.horizontalHeader().setSectionResizeMode(STATE, QHeaderView.ResizeMode.ResizeToContents)

    # --- showing

    def activate(self) -> None:
        from ntm_desktop.operations import devices

        self.session.run(lambda workspace, task: devices.known(workspace), self._show)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("known_key", "unit"):
            self.activate()

    def _show(self, known: tuple[Known, ...]) -> None:
        own = known[0]
        self.name.setText(f"{own.name}\n{own.unit.full_name} · {role_words(own)}")
        self.digits.show_digits(own.fingerprint)
        others = known[1:]
        before = self.chosen()
        self.model.take(others)
        self.table.setVisible(bool(others))
        self.nothing.setText(_nothing_words(office=own.role == "office"))
        self.nothing.setVisible(not others)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + min(_MOST, len(others)) * _ROW + SPACE.tiny)
        if before is None and others:
            asked = next((place for place, item in enumerate(others) if item.state == "seen"), 0)
            self.table.selectRow(asked)
        self._show_chosen()

    def chosen(self) -> Known | None:
        """The computer that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return rows[0].data(ROW_ROLE) if rows else None

    def _show_chosen(self) -> None:
        known = self.chosen()
        self.about.setText(_("«{name}»: {words}").format(name=known.name, words=meaning(known)) if known else "")
        self.about.setVisible(known is not None)
        state = known.state if known else ""
        self.confirm_button.setEnabled(state in ("seen", "revoked"))
        for button in (self.revoke_button, self.replace_button):
            button.setEnabled(state in ("seen", "confirmed"))
        for button in (self.confirm_button, self.revoke_button, self.replace_button):
            button.setVisible(bool(self.model.rows))

    # --- deeds

    def _copy(self) -> None:
        self.digits.copy()
        self.told.say(_("Đã sao chép mã đối chiếu của máy này."))
        self._told()

    def _ask_export(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Chọn nơi ghi thẻ của máy này (thường là USB)"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write this computer's card into a folder."""
        from ntm_desktop.operations import identity

        def then(path: Path) -> None:
            words = _("Đã ghi thẻ của máy này vào {file}.").format(file=path)
            hint = _("Hãy đưa tệp này cho nơi trao đổi để họ nhập, rồi đọc mã đối chiếu cho họ nghe.")
            self.told.say(words, hint, Mood.GOOD)
            self._told()

        self.session.run(lambda workspace, task: identity.export_card(workspace, folder), then)

    def _ask_import(self, replaced: Known | None) -> None:
        kinds = _("Thẻ của máy") + f" (*{CARDS});;" + _("Tất cả các tệp") + " (*)"
        title = _("Chọn thẻ của máy mới") if replaced else _("Chọn thẻ của một máy khác")
        name, _kind = QFileDialog.getOpenFileName(self, title, "", kinds)
        if name:
            self.take_card(Path(name), replaced)

    def take_card(self, file: Path, replaced: Known | None = None) -> None:
        """Look at a card and ask whether to enrol it; ``replaced`` is the lost computer that it stands for."""
        self._replaced = replaced
        self.enrolling.look_at(file)

    def _enrolled(self, known: Known) -> None:
        self._told()
        replaced, self._replaced = self._replaced, None
        if replaced is not None and replaced.key != known.key:
            self.trusting.replace(replaced, known)

    def _forget_replaced(self) -> None:
        self._replaced = None

    def _compare(self) -> None:
        known = self.chosen()
        if known is not None and known.state in ("seen", "revoked"):
            self.trusting.compare(known)

    def _revoke(self) -> None:
        known = self.chosen()
        if known is not None and self.revoke_button.isEnabled():
            self.trusting.revoke(known)

    def _told(self) -> None:
        """Show what is known now, and bring the sentence about it into sight."""
        self.activate()
        above: QWidget | None = self
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            area = above
            QTimer.singleShot(0, self.told, lambda: area.ensureWidgetVisible(self.told))


def _row(*buttons: QPushButton) -> QWidget:
    box = QWidget()
    row = FlowLayout(box, SPACE.small)
    for button in buttons:
        row.addWidget(button)
    return box


def _nothing_words(*, office: bool) -> str:
    if office:
        return _(
            "Chưa biết máy nào khác. Máy của xã tự hiện ở đây khi nhận gói đầu tiên của xã; cũng có thể nhập thẻ trước."
            " Hãy đưa thẻ của máy này cho các xã."
        )
    return _(
        "Chưa biết máy nào khác. Hãy nhập thẻ của cơ quan tiếp nhận (và của máy thứ hai trong xã, nếu có), và đưa thẻ"
        " của máy này cho họ."
    )
