"""Where a level comes from: decision, note, pages; a hint that nobody has verified is marked as such and never used."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, LevelOrigin
from ntm_desktop.model.catalogue import Catalogue, LegalBasis
from ui.theme import SPACE, card, heading, icon, primary, soft, tone


class BasisDialog(QDialog):
    """Reading only, and a button to enter a level of one's own."""

    level_wanted = Signal()

    def __init__(
        self, item: AssessedIndicator, catalogue: Catalogue, *, read_only: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Căn cứ của mức đạt chuẩn"))
        self.resize(600, 520)
        self._item, self._catalogue = item, catalogue
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, SPACE.small, 0)
        self._column.setSpacing(SPACE.small)
        self._column.addWidget(heading(QLabel(f"{item.code}  {item.indicator.name}"), 2))
        self._level()
        self._set()
        self._notes()
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.level_button = QPushButton(icon("edit"), _("&Nhập mức của địa phương…"))
        self.level_button.setAutoDefault(False)
        self.level_button.setVisible(not read_only)
        self.level_button.clicked.connect(self._want_level)
        close = primary(QPushButton(_("Đó&ng")))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.level_button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        column.addWidget(area, 1)
        column.addLayout(foot)
        close.setFocus()

    def _want_level(self) -> None:
        self.accept()
        self.level_wanted.emit()

    def words(self) -> str:
        """Everything that the dialog says."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def _say(self, name: str, text: str) -> None:
        if not text:
            return
        self._column.addWidget(soft(QLabel(name)))
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setContentsMargins(SPACE.medium, 0, 0, SPACE.tiny)
        self._column.addWidget(label)

    def _level(self) -> None:
        item = self._item
        level = item.level
        self._say(_("Mức đạt chuẩn đang áp dụng"), wording.level_text(level, item.indicator.measure))
        self._say(_("Theo"), _basis_words(level.basis))
        if level.origin is not LevelOrigin.LOCAL:
            origin = wording.level_origin_text(level, self._catalogue) if level.known else ""
            self._say(_("Xuất xứ của mức"), origin)

    def _set(self) -> None:
        catalogue, provenance = self._catalogue, self._item.indicator.provenance
        self._say(_("Bộ tiêu chí"), f"{catalogue.name}\n{_basis_words(catalogue.basis)}")
        self._say(_("Sửa đổi, bổ sung bởi"), "\n".join(_basis_words(basis) for basis in catalogue.amended_by))
        self._say(_("Tên chỉ tiêu"), _(wording.SOURCE_NAMES[provenance.name_source]).capitalize() + ".")
        if not self._item.indicator.official_code:
            self._say(_("Mã chỉ tiêu"), _("Do người lập đặt, chưa đối chiếu với số thứ tự trong quyết định."))

    def _notes(self) -> None:
        item, provenance = self._item, self._item.indicator.provenance
        self._say(_("Ghi chú của tiêu chí"), item.criterion.note)
        self._say(_("Ghi chú của chỉ tiêu"), provenance.note)
        if provenance.hint:
            self._hint(provenance.hint)
        if provenance.urls:
            self._column.addWidget(soft(QLabel(_("Nơi đã đọc (cần có mạng để mở)"))))
        for url in provenance.urls:
            self._page(url)

    def _hint(self, hint: str) -> None:
        """An unverified memory, framed and named as one."""
        frame = card(QFrame())
        column = QVBoxLayout(frame)
        column.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        warning = _("Gợi nhớ CHƯA KIỂM CHỨNG: chỉ để tra lại văn bản gốc, phần mềm không bao giờ dùng để tính.")
        for label in (tone(QLabel(warning), "warning"), QLabel(hint)):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        self._column.addWidget(frame)

    def _page(self, url: str) -> None:
        shown = escape(url).replace("/", "/&#8203;").replace("-", "-&#8203;")  # places to break the line
        label = QLabel(shown)
        if url.startswith(("http://", "https://")) and " " not in url:
            label.setText(f'<a href="{escape(url, quote=True)}">{shown}</a>')
            label.linkActivated.connect(lambda link: QDesktopServices.openUrl(QUrl(link)))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        label.setWordWrap(True)
        label.setContentsMargins(SPACE.medium, 0, 0, 0)
        self._column.addWidget(label)


def _basis_words(basis: LegalBasis) -> str:
    words = wording.basis_text(basis)
    return "\n".join(part for part in (f"{words}: {basis.title}" if basis.title else words, basis.note) if part)
