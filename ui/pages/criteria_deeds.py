"""What the form's buttons ask for: levels, verdicts by hand, the preceding year's result, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ntm_desktop.i18n import _
from ui.dialogs.basis import BasisDialog
from ui.dialogs.indicator_history import IndicatorHistory
from ui.dialogs.judgement import JudgementDialog
from ui.dialogs.level import LevelDialog
from ui.forms.autosave import Autosave
from ui.forms.draft import JUDGEMENT, Draft
from ui.forms.lines import AUTOMATIC, BASIS, BY_HAND, CARRY, HISTORY, LEVEL
from ui.tasks import Task
from ui.widgets.banner import Banner, Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace


class CriteriaDeeds(QObject):
    """One method for each button. ``follow`` is called after the draft was changed here."""

    def __init__(
        self, session: Session, saving: Autosave, banner: Banner, follow: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._saving, self._banner, self._follow = session, saving, banner, follow
        self._window = parent
        self._deeds: dict[str, Callable[[Draft], None]] = {
            LEVEL: self._enter_level,
            BASIS: self._show_basis,
            BY_HAND: self._judge,
            AUTOMATIC: lambda draft: self._set_judgement(draft, None),
            CARRY: self._carry,
            HISTORY: self._show_history,
        }

    def do(self, name: str, draft: Draft) -> None:
        """Do what a button asked for."""
        self._saving.flush()
        self._deeds[name](draft)

    def _show_basis(self, draft: Draft) -> None:
        read_only = self._session.read_only
        dialog = BasisDialog(draft.assessed(), draft.catalogue, read_only=read_only, parent=self._window)
        dialog.level_wanted.connect(lambda: self._enter_level(draft))
        dialog.open()

    def _enter_level(self, draft: Draft) -> None:
        dialog = LevelDialog(draft.assessed(), self._window)

        def enter() -> None:
            given = (dialog.operator.currentData(), dialog.threshold_text)
            basis = (dialog.number.content(), dialog.issued_iso, dialog.decision_title.content())

            def work(workspace: Workspace, task: Task) -> Any:
                from ntm_desktop.operations import results

                return results.set_level(workspace, draft.assessment.assessment_id, draft.code, *given, *basis)

            self._session.run(work)

        dialog.accepted.connect(enter)
        dialog.taken_back.connect(lambda: self._clear_level(draft))
        dialog.open()

    def _clear_level(self, draft: Draft) -> None:
        def work(workspace: Workspace, task: Task) -> Any:
            from ntm_desktop.operations import results

            return results.clear_level(workspace, draft.assessment.assessment_id, draft.code)

        self._session.run(work)

    def _judge(self, draft: Draft) -> None:
        dialog = JudgementDialog(draft.assessed(), self._window)
        dialog.accepted.connect(lambda: self._set_judgement(draft, dialog.judgement()))
        dialog.open()

    def _set_judgement(self, draft: Draft, judgement: object) -> None:
        if draft.change(JUDGEMENT, judgement):
            self._saving.touch(draft)
            self._follow()
            self._saving.flush()

    def _carry(self, draft: Draft) -> None:
        def work(workspace: Workspace, task: Task) -> Any:
            from ntm_desktop.operations import results

            return results.carry(workspace, draft.assessment.assessment_id, [draft.code])

        self._session.run(work, self._carried)

    def _carried(self, carried: Any) -> None:
        for code, reason in carried.left:
            sentence = _("Chưa lấy được kết quả năm trước của chỉ tiêu {code}: {reason}.")
            self._banner.say(sentence.format(code=code, reason=reason), mood=Mood.WARNING)

    def _show_history(self, draft: Draft) -> None:
        def read(workspace: Workspace, task: Task) -> Any:
            from ntm_desktop.operations import history

            return history.entries(workspace, draft.assessment.assessment_id, draft.code)

        def show(entries: Any) -> None:
            IndicatorHistory(f"{draft.code}  {draft.item.indicator.name}", entries, self._window).open()

        self._session.run(read, show)
