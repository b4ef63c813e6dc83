"""The assessments of this unit: which there are, which is shown, and one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QRadioButton, QVBoxLayout

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.units import Level
from ui.pages.sections.section import Section, clear, note
from ui.tasks import Task
from ui.theme import primary
from ui.widgets.banner import Banner, Mood
from ui.widgets.new_version import NewVersion
from ui.widgets.set_choice import SetChoice
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace


class AssessmentsSection(Section):
    """A choice among those that exist, and the fields for a new one."""

    key = "assessments"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(_("Mỗi đợt đánh giá gồm một bộ tiêu chí và một năm. Các đợt cũ vẫn giữ nguyên khi thêm đợt mới."))
        sheet = self.sheet(_("Các đợt đã có"))
        self._group = QButtonGroup(self)
        self._list = QVBoxLayout()
        sheet.addLayout(self._list)
        self.new_version = NewVersion(session)
        sheet.addWidget(self.new_version)
        sheet = self.sheet(_("Thêm đợt đánh giá"))
        self.choice = SetChoice()
        sheet.addWidget(self.choice)
        self.banner = Banner()
        sheet.addWidget(self.banner)
        self.add = primary(QPushButton(_("Thêm đợt đánh giá")))
        self.add.clicked.connect(self._add)
        sheet.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.end()
        session.assessed_changed.connect(self._show)

    def title(self) -> str:
        return _("Đợt đánh giá")

    def activate(self) -> None:
        from ntm_desktop.operations import setup

        info = self.session.info
        self._show(self.session.assessed)
        self.new_version.look()
        if info is not None:
            self.choice.set_candidates(setup.region_candidates(info.unit.code))
        if self.choice.catalogue() is None:
            self.session.run(_own_sets, self.choice.set_catalogues)

    def _show(self, _assessed: Assessed | None) -> None:
        info = self.session.info
        if info is None:
            return
        rows = [(item.assessment_id, item.year, item.catalogue_sha256) for item in info.assessments]
        if rows == getattr(self, "_rows", None) and self._list.count():
            self._mark(info.current)
            return
        self._rows = rows
        clear(self._list)
        for item in info.assessments:
            title = self.session.set_titles.get(item.catalogue_sha256, item.catalogue_id)
            button = QRadioButton(_("{set} · Năm {year}").format(set=title, year=item.year))
            button.setObjectName(item.assessment_id)
            wanted = item.assessment_id
            button.clicked.connect(lambda _on=False, wanted=wanted: self._use(wanted))
            self._group.addButton(button)
            self._list.addWidget(button)
        if not info.assessments:
            self._list.addWidget(QLabel(_("Chưa có đợt đánh giá nào. Hãy thêm đợt đầu tiên ở dưới.")))
        else:
            self._list.addWidget(note(_("Đợt được chọn là đợt đang hiện ở các trang khác.")))
        self._mark(info.current)

    def _mark(self, current: str) -> None:
        for button in self._group.buttons():
            if button.objectName() == current:
                button.setChecked(True)

    def _use(self, wanted: str) -> None:
        if wanted != self.session.shown_id:
            self.session.show_assessment(wanted, False)
            self.new_version.look()

    def _add(self) -> None:
        from ntm_desktop.operations import setup

        problem, choice = self.choice.problem(), self.choice.choice()
        if problem is not None or choice is None:
            if problem is not None:
                self.banner.say(problem[0], mood=Mood.WARNING)
                problem[1].setFocus()
            return
        title = self.choice.set_box.currentText()

        def work(workspace: Workspace, task: Task) -> Changes:
            return setup.add_assessment(
                workspace, choice.catalogue_id, choice.year, choice.region, choice.group, choice.special_rule
            )

        def then(_changes: object) -> None:
            words = _("Đã thêm đợt đánh giá {set} năm {year}.").format(set=title, year=choice.year)
            self.banner.say(words, _("Đợt này đang hiện ở các trang khác."), Mood.GOOD)

        self.session.run(work, then)


def _own_sets(workspace: Workspace, _task: Task) -> tuple[Catalogue, ...]:
    """The sets for the level of this unit, those installed here included, the latest version of each."""
    from ntm_desktop.operations import catalogues

    level = workspace.info().unit.level
    wanted = {Level.COMMUNE.value} if level is Level.COMMUNE else {Level.PROVINCE.value, Level.DISTRICT.value}
    ids = dict.fromkeys(info.id for info in catalogues.infos(workspace) if info.level in wanted)
    return tuple(catalogues.get(workspace, name) for name in ids)
