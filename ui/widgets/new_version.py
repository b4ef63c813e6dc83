"""The set of this assessment has a newer version: what judging by it would change, and the button to do so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.tasks import Task
from ui.theme import SPACE, heading, primary, soft
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.rejudging import Rejudging
    from ntm_desktop.operations.workspace import Workspace

_TURNS = {"rose": N_("lên"), "fell": N_("xuống"), "new": N_("chỉ tiêu mới"), "gone": N_("không còn")}


class NewVersion(QWidget):
    """Hidden until :meth:`look` finds a newer version."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("plain", True)
        self._session = session
        self._plan: Rejudging | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(_("Bộ tiêu chí có bản mới")), 2))
        self.words = soft(QLabel())
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        self.table = QTreeWidget()
        self.table.setAccessibleName(_("Những chỉ tiêu thay đổi"))
        self.table.setHeaderLabels([_("Chỉ tiêu"), _("Thay đổi"), _("Đang là"), _("Sẽ là")])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setMinimumHeight(180)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setStretchLastSection(False)
        column.addWidget(self.table)
        self.button = primary(QPushButton(_("Đánh giá theo bản mới")))
        self.button.clicked.connect(self._apply)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def look(self) -> None:
        """Ask whether there is a newer version."""
        shown = self._session.shown_id
        if not shown or self._session.read_only:
            self.hide()
            return

        def work(workspace: Workspace, task: Task) -> Rejudging | None:
            from ntm_desktop.operations import rejudging

            return rejudging.offer(workspace, shown)

        self._session.run(work, self._show)

    def _show(self, plan: Rejudging | None) -> None:
        self._plan = plan
        self.setVisible(plan is not None)
        if plan is None:
            return
        counts = Counter(item.turn.value for item in plan.turned)
        parts = ", ".join(f"{_(name)}: {counts[turn]}" for turn, name in _TURNS.items() if counts[turn])
        self.words.setText(
            _(
                "Đợt này đang đánh giá theo {old}. Theo {new}: {changes}. Không kết quả hay minh chứng nào bị xoá,"
                " và có thể hoàn tác."
            ).format(old=plan.old_ref, new=plan.new_ref, changes=parts or _("không chỉ tiêu nào đổi kết luận"))
        )
        self.table.clear()
        for item in plan.turned:
            names = [wording.verdict_with_symbol(one) if one else "–" for one in (item.before, item.after)]
            row = QTreeWidgetItem([f"{item.code}  {item.name}", _(_TURNS[item.turn.value]), *names])
            row.setToolTip(0, item.name)
            self.table.addTopLevelItem(row)
        for column in (1, 2, 3):
            self.table.resizeColumnToContents(column)
        self.table.setVisible(bool(plan.turned))

    def _apply(self) -> None:
        plan, shown = self._plan, self._session.shown_id
        if plan is None:
            return

        def work(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import rejudging

            return rejudging.apply(workspace, shown, plan.new_ref)

        self._session.run(work, lambda _changes: self.hide())
