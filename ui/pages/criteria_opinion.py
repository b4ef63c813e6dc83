"""The office's part of the criteria page: its opinion about the indicator shown, and what it does with the dossier.

The commune reads both; only the office that looks at a commune's dossier has buttons to write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.appraisal import Opinion, OpinionVerdict
from ntm_desktop.model.assessment import Assessed, AssessedIndicator
from ui.dialogs.appraise import OpinionDialog, ReturnDialog
from ui.dialogs.message import tell
from ui.tasks import Task
from ui.widgets.banner import Banner, Deed, Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace

_LINES, _SIGNS = 4, 400  # of a note that stand above the form; more has a button
_MOODS = {
    OpinionVerdict.AGREED: Mood.GOOD,
    OpinionVerdict.DISAGREED: Mood.WARNING,
    OpinionVerdict.SUPPLEMENT: Mood.WARNING,
}


class Opinions(QObject):
    """``strip`` stands above the form, ``banner`` above both."""

    def __init__(self, session: Session, banner: Banner, strip: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._banner, self.strip = session, banner, strip
        self._window = parent
        self._item: AssessedIndicator | None = None
        self._said: tuple[object, ...] = ()
        self._told = ""

    @property
    def _writes(self) -> bool:
        info = self._session.info
        return self._session.read_only and info is not None and info.role == "office"

    def _given(self) -> Opinion | None:
        facts = self._session.facts
        return facts.appraisal.opinions.get(self._item.code) if facts and self._item else None

    def show(self, item: AssessedIndicator | None) -> None:
        """Say what the office thinks of this indicator; nothing is said anew where nothing changed."""
        self._item = item
        if item is None:
            self._told = ""
        given = self._given()
        saying = (item.code if item else "", given, self._writes)
        if saying == self._said:
            return
        self._said = saying
        deeds = ((_("Ghi ý &kiến…"), self.write),) if self._writes else ()
        with _focus_kept(self.strip):
            self._say(item, given, deeds)

    def _say(self, item: AssessedIndicator | None, given: Opinion | None, deeds: tuple[Deed, ...]) -> None:
        if item is None or (given is None and not deeds):
            self.strip.clear()
        elif given is None:
            self.strip.say(_("Chưa có ý kiến về chỉ tiêu này."), deeds=deeds, closable=False)
        else:
            opinion = wording.opinion_with_symbol(given.verdict)
            head = _("Ý kiến của cơ quan tiếp nhận: {opinion}").format(opinion=opinion)
            who = " · ".join(filter(None, (given.user, _moment(given.at))))
            beginning = _beginning(given.note)
            if beginning != given.note:
                deeds = ((_("Đọc toàn bộ…"), lambda: tell(self._window, head, lines=given.note)), *deeds)
            note = "\n".join(filter(None, (beginning, who)))
            self.strip.say(head, note, _MOODS[given.verdict], deeds, closable=False)

    def tell_read_only(self, assessed: Assessed) -> None:
        """Whose dossier this is, and for the office what it has done with it."""
        unit = assessed.profile.name or assessed.unit.full_name
        sentence = _("Đang xem hồ sơ của {unit}: chỉ đọc, không sửa được tại đây.").format(unit=unit)
        if not self._writes:
            self._banner.say(sentence, _("Muốn sửa, hãy đề nghị đơn vị đó sửa và gửi lại gói."), closable=False)
            return
        facts = self._session.facts
        given = facts.appraisal.returned if facts else None
        sentence = _("Hồ sơ của {unit}: chỉ xem và ghi ý kiến.").format(unit=unit)
        state = _("Chưa ghi tình trạng hồ sơ.")
        if given is not None:
            state = _("Tình trạng hồ sơ: {state}").format(state=wording.return_name(given.status))
        if self._told == f"{sentence}{state}":
            return
        self._told = f"{sentence}{state}"
        with _focus_kept(self._banner):
            deeds = ((_("Tình t&rạng hồ sơ…"), self.write_return),)
            self._banner.say(sentence, state, deeds=deeds, closable=False)

    # --- writing, in an office

    def write(self) -> None:
        """Ask for the opinion about the indicator shown."""
        item, assessed = self._item, self._session.assessed
        if item is None or assessed is None:
            return
        dialog = OpinionDialog(item, self._given(), self._window)
        place = (assessed.assessment.assessment_id, item.code)

        def save() -> None:
            said = (dialog.state(), dialog.words())

            def work(workspace: Workspace, task: Task) -> Any:
                from ntm_desktop.operations import appraisal

                return appraisal.save_opinion(workspace, *place, *said)

            self._session.run(work)

        dialog.accepted.connect(save)
        dialog.open()

    def write_return(self) -> None:
        """Ask what the office does with the dossier shown."""
        assessed, facts = self._session.assessed, self._session.facts
        if assessed is None:
            return
        unit = assessed.profile.name or assessed.unit.full_name
        given = facts.appraisal.returned if facts is not None else None
        ask_return(self._session, assessed.assessment.assessment_id, unit, given, self._window)


@contextmanager
def _focus_kept(banner: Banner) -> Iterator[None]:
    """A button that had the focus hands it to the one that takes its place."""
    inside = banner.window().focusWidget() in banner.findChildren(QPushButton)
    yield
    if inside:
        for button in banner.findChildren(QPushButton)[-1:]:
            button.show()  # the layout would do it later, and what is hidden gets no focus
            button.setFocus(Qt.FocusReason.OtherFocusReason)


def ask_return(session: Session, assessment_id: str, unit: str, given: Any, parent: QWidget) -> None:
    """Ask what the office does with a dossier, and write it."""
    dialog = ReturnDialog(unit, given, parent)

    def save() -> None:
        said = (dialog.state(), dialog.words())

        def work(workspace: Workspace, task: Task) -> Any:
            from ntm_desktop.operations import appraisal

            return appraisal.set_return(workspace, assessment_id, *said)

        session.run(work)

    dialog.accepted.connect(save)
    dialog.open()


def _beginning(note: str) -> str:
    """As much of a note as the strip has room for."""
    kept = "\n".join(note.split("\n")[:_LINES])[:_SIGNS]
    return note if kept == note else f"{kept}…"


def _moment(at: str) -> str:
    return wording.time_text(datetime.fromisoformat(at)) if at else ""
