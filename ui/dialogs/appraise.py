"""What the receiving office says: its opinion about one indicator, or what it does with a dossier."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

from PySide6.QtWidgets import QButtonGroup, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.appraisal import DossierReturn, Opinion, OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import AssessedIndicator
from ntm_desktop.model.text import clean
from ui.dialogs.asking import Asking
from ui.dialogs.judgement import Choice
from ui.forms.inputs import TextInput
from ui.theme import SIZE

S = TypeVar("S", bound=str)


class _Note(TextInput):
    LEAST = 4


class Saying(Asking, Generic[S]):
    """One of a few states, or none, with words beside it; some states need them."""

    def __init__(
        self,
        title: str,
        subject: str,
        states: Mapping[S, str],
        none: str,
        needing: Collection[S],
        parent: QWidget | None,
    ) -> None:
        super().__init__(title, subject, _("&Lưu"), parent)
        self._needing = needing
        self._group = QButtonGroup(self)
        self.choices: dict[S | None, Choice] = {}
        for state, words in (*states.items(), (None, none)):
            button = Choice(words)
            button.setMinimumHeight(SIZE.target)
            self._group.addButton(button)
            self.choices[state] = button
            self.fields.addWidget(button)
        self.note = _Note(_("Nội dung"))
        self.add_field(_("Nội &dung"), self.note, _("Xã đọc được nội dung này sau khi nhận gói phản hồi."))

    def begin(self, state: S | None, note: str) -> None:
        """What stands there now."""
        self.choices[state].setChecked(True)
        self.choices[state].setFocus()
        self.note.put(note)

    def state(self) -> S | None:
        """What was chosen; None for no state."""
        return next((state for state, button in self.choices.items() if button.isChecked()), None)

    def words(self) -> str:
        """What stands beside it."""
        return clean(self.note.content())

    def problem(self) -> tuple[str, QWidget] | None:
        if self.state() in self._needing and not self.words():
            return _("Hãy ghi rõ điều xã cần làm."), self.note
        return None


class OpinionDialog(Saying[OpinionVerdict]):
    """The office's opinion about one indicator."""

    def __init__(self, item: AssessedIndicator, given: Opinion | None, parent: QWidget | None = None) -> None:
        names = {verdict: wording.opinion_name(verdict) for verdict in OpinionVerdict}
        needing = (OpinionVerdict.DISAGREED, OpinionVerdict.SUPPLEMENT)
        subject = f"{item.code}  {item.indicator.name}"
        super().__init__(_("Ý kiến của cơ quan tiếp nhận"), subject, names, _("Chưa có ý kiến"), needing, parent)
        self.begin(given.verdict if given else OpinionVerdict.AGREED, given.note if given else "")


class ReturnDialog(Saying[ReturnStatus]):
    """What the office does with a commune's dossier."""

    def __init__(self, unit: str, given: DossierReturn | None, parent: QWidget | None = None) -> None:
        names = {status: wording.return_name(status) for status in ReturnStatus}
        needing = (ReturnStatus.RETURNED,)
        super().__init__(_("Tình trạng hồ sơ"), unit, names, _("Chưa ghi tình trạng"), needing, parent)
        self.begin(given.status if given else ReturnStatus.RECEIVED, given.note if given else "")
