"""What came of a folder full of packages: a row per file, the refused ones first, each with its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.outcomes import Outcomes
from ui.theme import SIZE, SPACE, heading, primary, soft

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Received


def received_sentence(received: Received) -> str:
    """How many were taken, had already, refused."""
    outcomes = received.outcomes
    bad = sum(outcome.error is not None for outcome in outcomes)
    new = sum(outcome.error is None and bool(outcome.applied or outcome.blobs) for outcome in outcomes)
    parts = [_("Đã nhận {count} gói mới.").format(count=new)]
    old = len(outcomes) - bad - new
    if old:
        parts.append(_("{count} gói đã nhận từ trước.").format(count=old))
    if bad:
        parts.append(_("{count} gói không nhận được; các gói khác không bị ảnh hưởng.").format(count=bad))
    return " ".join(parts)


class OfficeReceived(QDialog):
    """Table of outcomes."""

    def __init__(self, received: Received, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Kết quả nhận gói"))
        self.resize(980, min(600, 220 + 52 * len(received.outcomes)))
        self._model = Outcomes(self)
        self._model.take(sorted(received.outcomes, key=lambda outcome: (outcome.error is None, outcome.path.name)))
        self.table = QTableView()
        self.table.setModel(self._model)
        self.table.setAccessibleName(self.windowTitle())
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setMinimumSectionSize(SIZE.row)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.resizeSection(0, 320)
        head.resizeSection(1, 150)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        close = primary(QPushButton(_("Đó&ng")))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(soft(QLabel(_("Có thể rút USB ra."))), 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(received_sentence(received)), 2))
        column.addWidget(self.table, 1)
        column.addLayout(foot)
