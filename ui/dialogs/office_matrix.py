"""Communes × criteria of one set and year at one glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Verdict
from ui.models.commune_table import set_of
from ui.models.matrix import Matrix
from ui.theme import SIZE, SPACE, heading, primary, soft

if TYPE_CHECKING:
    from ntm_desktop.operations.overview import CommuneRow


class OfficeMatrix(QDialog):
    """Enter or a double click opens the commune; ``chosen`` carries its assessment and the criterion."""

    chosen = Signal(str, str)

    def __init__(self, rows: Sequence[CommuneRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = set_of(rows[0]) if rows else ""
        self.setWindowTitle(_("Bảng xã × tiêu chí – {title}").format(title=title))
        self._model = Matrix(rows, self)
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setAccessibleName(self.windowTitle())
        self.table.setShowGrid(True)
        self.table.setTabKeyNavigation(False)
        head, side = self.table.horizontalHeader(), self.table.verticalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setDefaultSectionSize(44)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(SIZE.row)
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.activated.connect(self._open)
        signs = "    ".join(wording.verdict_with_symbol(verdict) for verdict in Verdict)
        close = primary(QPushButton(_("Đó&ng")))
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(soft(QLabel(signs)), 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(self.windowTitle()), 2))
        column.addWidget(soft(QLabel(_("Nhấn Enter hoặc nhấp đúp vào một ô để mở xã đó tại tiêu chí đó (chỉ xem)."))))
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        width = 44 * len(self._model.criteria) + 240
        self.resize(min(1240, max(640, width)), min(660, 190 + SIZE.row * (len(rows) + 2)))
        if rows:
            self.table.setCurrentIndex(self._model.index(1, 0))
        self.table.setFocus()

    def _open(self, index: QModelIndex) -> None:
        if index.row() > 0:
            row = self._model.rows[index.row() - 1]
            self.chosen.emit(row.assessment_id, self._model.criteria[index.column()])
            self.accept()
