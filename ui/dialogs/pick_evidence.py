"""Choose from the evidence that is there already: one file may prove several indicators."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import EvidenceList, EvidenceProxy, evidence_at
from ui.theme import SPACE, heading, primary, soft
from ui.widgets.evidence_rows import evidence_view
from ui.widgets.thumbnails import Thumbnails
from ui.workspace import Session


class PickEvidence(QDialog):
    """A searchable list; several can be chosen with Ctrl or Shift."""

    def __init__(self, session: Session, items: Sequence[Evidence], code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Chọn từ minh chứng đã có"))
        self.resize(620, 600)
        self._model = EvidenceList(self)
        self._model.take(items)
        self._found = EvidenceProxy(self)
        self._found.setSourceModel(self._model)
        self.list = evidence_view(Thumbnails(session, self))
        self.list.setModel(self._found)
        self.list.doubleClicked.connect(lambda _index: self.accept())
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Gõ tên, số văn bản hoặc mã chỉ tiêu"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._found.search)
        find = QLabel(_("&Tìm minh chứng"))
        find.setBuddy(self.search)
        self.take = primary(QPushButton(_("&Dùng cho chỉ tiêu {code}").format(code=code)))
        self.take.setDefault(True)
        self.take.setEnabled(False)
        self.take.clicked.connect(self.accept)
        leave = QPushButton(_("Để nguyên như cũ"))
        leave.clicked.connect(self.reject)
        self.list.selectionModel().selectionChanged.connect(lambda *_all: self.take.setEnabled(bool(self.chosen())))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(self.windowTitle()), 2))
        note = _("Một tệp có thể chứng minh nhiều chỉ tiêu. Giữ phím Ctrl để chọn nhiều tệp.")
        column.addWidget(soft(QLabel(note if items else _("Chưa có minh chứng nào khác để chọn."))))
        column.addWidget(find)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        if items:
            self.list.setCurrentIndex(self._found.index(0, 0))

    def chosen(self) -> tuple[Evidence, ...]:
        """The chosen pieces."""
        found = (evidence_at(index) for index in self.list.selectionModel().selectedIndexes())
        return tuple(item for item in found if item is not None)
