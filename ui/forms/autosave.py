"""Hands drafts to the store: after half a second of quiet, on leaving, on request. What fails stays in its draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.forms.draft import Batch, Draft
from ui.tasks import Task
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.results import Saved
    from ntm_desktop.operations.workspace import Workspace

QUIET = 500  # milliseconds without a key
LONGEST = 3000  # milliseconds of typing without a pause


class Autosave(QObject):
    """All drafts that are not in the store yet, by assessment and code."""

    saved = Signal(object)  # Draft
    failed = Signal(object, str)  # Draft, what happened and what is safe

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(lambda: self.flush())
        self._since = QElapsedTimer()
        session.changed.connect(lambda _changes: self._still_saving())

    def open_draft(self, assessment_id: str, code: str) -> Draft | None:
        """The draft of an indicator that still waits for the store."""
        draft = self._drafts.get((assessment_id, code))
        return draft if draft is not None and not draft.settled else None

    @property
    def settled(self) -> bool:
        """True where everything typed is in the store."""
        return all(draft.settled for draft in self._drafts.values())

    def touch(self, draft: Draft) -> None:
        """Something was typed into a draft."""
        self._drafts[draft.assessment.assessment_id, draft.code] = draft
        if not self._quiet.isActive():
            self._since.start()
        self._session.save_state.emit("saving")
        if self._since.elapsed() >= LONGEST:
            self.flush()
        else:
            self._quiet.start()

    def flush(self, leaving: bool = False) -> None:
        """Hand over everything now. ``leaving``: the page is left, so a failure must be told by the window too."""
        self._quiet.stop()
        for draft in list(self._drafts.values()):
            if draft.unsent:
                self._send(draft, leaving)

    def _send(self, draft: Draft, leaving: bool) -> None:
        batch = draft.send()
        assessment_id, fields = draft.assessment.assessment_id, dict(batch.fields)

        def save(workspace: Workspace, task: Task) -> Saved:
            from ntm_desktop.operations import results

            return results.save(workspace, assessment_id, batch.code, fields)

        self._session.save_state.emit("saving")
        self._session.run(
            save,
            lambda saved: self._taken(draft, batch, saved),
            lambda error: self._refused(draft, batch, error) and not leaving,
        )

    def _taken(self, draft: Draft, batch: Batch, saved: Any) -> None:
        draft.taken(batch, saved.item)
        self._drafts = {place: each for place, each in self._drafts.items() if not each.settled}
        self.saved.emit(draft)
        if draft.unsent and not self._quiet.isActive():
            self._send(draft, leaving=False)  # what was refused before may be taken now
        if not self._drafts:
            self._session.save_state.emit("saved")

    def _still_saving(self) -> None:
        """Something else was saved while more is typed here."""
        if not self.settled:
            self._session.save_state.emit("saving")

    def _refused(self, draft: Draft, batch: Batch, error: Exception) -> bool:
        draft.refused(batch)
        self._session.save_state.emit("failed")
        expected = isinstance(error, UserError)
        sentence = str(error) if expected else _("Chưa lưu được chỉ tiêu {code}.").format(code=draft.code)
        self.failed.emit(draft, sentence)
        return expected
