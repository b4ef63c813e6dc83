"""The criteria page: list, form and evidence of the assessment that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, AssessedIndicator, Verdict, assessment_id_of
from ui.forms.autosave import Autosave
from ui.forms.draft import Draft
from ui.forms.form import Surroundings
from ui.models.criteria_filter import Wanted, wanted_of
from ui.pages.criteria_center import FormPane
from ui.pages.criteria_deeds import CriteriaDeeds
from ui.pages.criteria_list import CriteriaList
from ui.pages.criteria_opinion import Opinions
from ui.pages.criteria_panes import Panes
from ui.pages.page import Page
from ui.tasks import Task
from ui.theme import SPACE
from ui.widgets.banner import Mood
from ui.widgets.evidence_pane import EvidencePane
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace

KEPT = "criteria_page"  # name of the workspace's setting: pane sizes, and the last indicator of each assessment


class CriteriaPage(Page):
    """Where the days are spent."""

    key = "criteria"
    icon = "criteria"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.code = ""
        self.draft: Draft | None = None
        self.earlier: Assessed | None = None
        self._kept: dict[str, Any] | None = None
        self._written: dict[str, Any] = {}
        self._place = ""
        self.saving = Autosave(session, self)
        self.list = CriteriaList()
        self.center = FormPane()
        self.form = self.center.form
        self.evidence = EvidencePane(session)
        self.sides = Panes(self.list, self.center, self.evidence)
        self.deeds = CriteriaDeeds(session, self.saving, self.center.banner, self._follow, self)
        self.opinions = Opinions(session, self.center.banner, self.center.opinion, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.medium, SPACE.medium, SPACE.medium, SPACE.small)
        column.addWidget(self.sides)
        self._connect()
        self._fetch_kept()
        self._show_assessed(session.assessed)

    def title(self) -> str:
        return _("Tiêu chí")

    def _connect(self) -> None:
        self.session.assessed_changed.connect(self._show_assessed)
        self.session.changed.connect(self._changed)
        self.list.chosen.connect(self.open_indicator)
        self.list.opened.connect(self._opened)
        self.list.filtered.connect(self._show_neighbours)
        self.center.step.connect(self.go)
        self.center.asked.connect(self._asked)
        self.form.edited.connect(self._edited)
        self.form.left.connect(lambda: self.saving.flush())
        self.form.gone_on.connect(lambda: self.go(1))
        self.saving.failed.connect(self._save_failed)
        self.saving.saved.connect(self._saved)
        for keys, deed in (
            ("Alt+Left", lambda: self.go(-1)),
            ("Alt+Right", lambda: self.go(1)),
            ("Ctrl+PgUp", lambda: self.go(-1)),
            ("Ctrl+PgDown", lambda: self.go(1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    # --- what the store says

    def _show_assessed(self, assessed: Assessed | None) -> None:
        self.list.take(assessed)
        if assessed is None:
            self._forget()
            self.center.show_nothing(_("Chưa có đợt đánh giá nào. Hãy tạo đợt đánh giá ở trang Thiết lập."))
            return
        shown = self.draft.assessment.assessment_id if self.draft else ""
        if shown == assessed.assessment.assessment_id and self.code in assessed.by_code:
            self._refresh(assessed.by_code[self.code])
            self._tell_read_only(assessed)
        else:
            self._forget()
            self._tell_read_only(assessed)
            self._fetch_earlier(assessed)
            self._open_first()

    def _forget(self) -> None:
        self.code, self.draft, self.earlier = "", None, None
        self.center.banner.clear()
        self.evidence.show_indicator(None)
        self.opinions.show(None)

    def _refresh(self, item: AssessedIndicator) -> None:
        """The same indicator, read anew: its own echo changes nothing, a foreign change goes into fields not in use."""
        assert self.draft is not None
        names = self.draft.rebase(item)
        self.form.surround(self._around(item))
        if names:
            self.form.show_fields(names)
        if not self.draft.settled:
            self.list.take_indicator(self.draft.assessed())
        self._show_evidence(item)

    def _show_evidence(self, item: AssessedIndicator) -> None:
        self.evidence.show_indicator(item)
        self.sides.name_evidence(len(item.evidence))
        self.opinions.show(item)

    def _around(self, item: AssessedIndicator) -> Surroundings:
        assessed = self.session.assessed
        results = [each.result for each in assessed.by_code.values()] if assessed else []
        named = [[result.data_source for result in results], [result.responsible for result in results]]
        sources, persons = ([text for text, _times in Counter(filter(None, texts)).most_common()] for texts in named)
        earlier = self.earlier.by_code.get(item.code) if self.earlier else None
        return Surroundings(earlier, self.session.read_only, sources, persons)

    def _tell_read_only(self, assessed: Assessed) -> None:
        if self.session.read_only:
            self.opinions.tell_read_only(assessed)

    def _changed(self, changes: Changes) -> None:
        if changes.everything and self.session.assessed is not None:
            self._fetch_earlier(self.session.assessed)

    def _fetch_earlier(self, assessed: Assessed) -> None:
        """The preceding year's assessment on the same set, where this workspace has it."""
        own = assessed.assessment
        earlier_id = assessment_id_of(own.unit_code, own.catalogue_id, own.year - 1)

        def read(workspace: Workspace, task: Task) -> Assessed:
            from ntm_desktop.operations import overview

            return overview.assessed(workspace, earlier_id)

        def show(earlier: Assessed) -> None:
            self.earlier = earlier
            if self.draft is not None:
                self.form.surround(self._around(self.draft.item))

        self.session.run(read, show, lambda error: isinstance(error, UserError))

    # --- where the person is

    def open_indicator(self, code: str) -> None:
        """Show an indicator; what was typed into the last one is handed over first."""
        assessed = self.session.assessed
        if assessed is None or code not in assessed.by_code:
            return
        if code != self.code:
            self.form.finish_composing()
            self.saving.flush()
            item = assessed.by_code[code]
            draft = self.saving.open_draft(assessed.assessment.assessment_id, code)
            self.draft = draft or Draft(assessed.catalogue, assessed.assessment, item)
            self.draft.rebase(item)
            self.code = code
            self.form.show_draft(self.draft, self._around(item))
            self._show_evidence(item)
            self.list.tidy(keep=code)
        self.list.select(code)
        self._show_neighbours()

    def _show_neighbours(self) -> None:
        if self.code:
            self.center.show_form(self.list.neighbour(self.code, -1), self.list.neighbour(self.code, 1))

    def _open_first(self) -> None:
        """The indicator that was shown last, else the first without a result, else the first."""
        assessed = self.session.assessed
        if assessed is None or self._kept is None or not assessed.by_code:
            return
        last = self._kept.get("codes", {}).get(assessed.assessment.assessment_id, "")
        open_ones = [code for code, item in assessed.by_code.items() if item.lacks_result]
        wanted = [code for code in (last, *open_ones[:1], *assessed.by_code) if code in assessed.by_code]
        self.open_indicator(wanted[0])
        if self._place:
            self.show_place(self._place)
        elif self.list.view.hasFocus():  # the page was opened by keyboard before there was a form to go to
            self.focus_form()

    def _opened(self, code: str, by_key: bool) -> None:
        self.open_indicator(code)
        self.sides.bring(self.center)
        if by_key:
            self.focus_form()

    def go(self, step: int) -> None:
        """To the previous (-1) or next (1) indicator of the list; the focus goes to its result."""
        code = self.list.neighbour(self.code, step)
        if code:
            self.open_indicator(code)
            self.focus_form()

    def focus_form(self) -> None:
        """Put the focus where the result is entered."""
        self.sides.bring(self.center)
        self.form.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    def panes(self) -> Sequence[QWidget]:
        return (self.list, self.center, self.evidence)

    def reveals(self, pane: QWidget) -> bool:
        return True

    def enter_pane(self, pane: QWidget) -> None:
        self.sides.bring(pane)
        if pane is self.center:
            self.focus_form()
        else:
            target = self.list.view if pane is self.list else self.evidence.first_focus()
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_place(self, place: str) -> None:
        if self.session.assessed is None or self._kept is None:
            self._place = place
            return
        self._place = ""
        wanted = wanted_of(place)
        if wanted is not None:
            self._filter(wanted)
            return
        code = self._code_of(place)
        if code:
            if code not in self.list.rows.shown:
                self.list.want(Wanted())
            self.open_indicator(code)
            self.focus_form()

    def _code_of(self, place: str) -> str:
        """The indicator that a place means; of a criterion the first that is not met, else the first."""
        assessed = self.session.assessed
        if assessed is None or place in assessed.by_code:
            return place if assessed is not None else ""
        groups = {f"criterion:{group.criterion.number}": group.indicators for group in assessed.criteria}
        items = groups.get(place, ())
        codes = [*(item.code for item in items if item.verdict is Verdict.NOT_MET), *(item.code for item in items)]
        return codes[0] if codes else ""

    def _filter(self, wanted: Wanted) -> None:
        self.list.want(wanted)
        if self.list.rows.shown and self.code not in self.list.rows.shown:
            self.open_indicator(self.list.rows.shown[0])
        self.sides.bring(self.list)
        self.list.view.setFocus(Qt.FocusReason.TabFocusReason)

    def first_focus(self) -> QWidget:
        return self.form.first_focus() if self.draft is not None else self.list.view

    def activate(self) -> None:
        self.list.tidy(keep=self.code)

    # --- typing and saving

    def _edited(self) -> None:
        if self.draft is not None:
            self.saving.touch(self.draft)
            self.list.take_indicator(self.draft.assessed())

    def _follow(self) -> None:
        """The draft was changed by a dialog."""
        self.form.follow()
        if self.draft is not None:
            self.list.take_indicator(self.draft.assessed())

    def save_now(self) -> None:
        self.form.finish_composing()
        self.saving.flush(leaving=True)
        self._keep()

    def _saved(self, draft: Draft) -> None:
        if self.center.banner.property("draft") == draft.code and draft.settled:
            self.center.banner.setProperty("draft", "")
            self.center.banner.clear()

    def _save_failed(self, draft: Draft, sentence: str) -> None:
        hint = _("Điều đã gõ cho chỉ tiêu {code} vẫn còn trong ô, chưa mất.").format(code=draft.code)
        deeds = [(_("Lưu lại"), lambda: self.saving.flush())]
        self.center.banner.setProperty("draft", draft.code)
        self.center.banner.say(sentence, hint, Mood.ERROR, deeds, closable=False)

    def _asked(self, name: str) -> None:
        if self.draft is not None:
            self.deeds.do(name, self.draft)

    # --- what is kept from one start to the next

    def _fetch_kept(self) -> None:
        def read(workspace: Workspace, task: Task) -> Any:
            from ntm_desktop.operations import workspace as workspaces

            return workspaces.setting(workspace, KEPT, {})

        self.session.run(read, self._take_kept, lambda _error: self._take_kept({}))

    def _take_kept(self, kept: Any) -> bool:
        self._kept = kept if isinstance(kept, dict) else {}
        self._written = dict(self._kept)
        sizes = self._kept.get("sizes", {})
        if isinstance(sizes, dict):
            self.sides.take_sizes(sizes)
        if self.draft is None:
            self._open_first()
        return True

    def _keep(self) -> None:
        if self._kept is None or self.draft is None:
            return
        codes = {**self._kept.get("codes", {}), self.draft.assessment.assessment_id: self.code}
        kept = {"sizes": self.sides.sizes(), "codes": codes}
        if kept == self._written:
            return
        self._kept = self._written = kept

        def write(workspace: Workspace, task: Task) -> None:
            from ntm_desktop.operations import setup

            setup.save_setting(workspace, KEPT, kept)

        self.session.run(write, failed=lambda error: isinstance(error, UserError))
