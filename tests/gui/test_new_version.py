"""Settings: a newer version of the set is offered with what it would change, taken by one button, undone by one key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ntm_desktop.operations import catalogues, results, setup
from ntm_desktop.operations.workspace import open_workspace
from tests.core.rejudging_samples import two_versions
from ui.desk import Desk
from ui.pages.sections.assessments import AssessmentsSection
from ui.pages.settings import SettingsPage

Settle = Callable[..., None]


def test_it_is_offered_taken_and_undone(
    make_desk: Callable[..., Desk], workspace_folder: Path, tmp_path: Path, settle: Settle
) -> None:
    first, second = two_versions(tmp_path)
    with open_workspace(workspace_folder) as workspace:
        catalogues.install(workspace, first)
        setup.add_assessment(workspace, "bo-mau", 2024)
        results.save(workspace, workspace.info().current, "1.2", {"value": {"percent": "70"}})
        catalogues.install(workspace, second)
    window = make_desk(workspace_folder).window
    window.show_page("settings")
    settle(window)
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_place("assessments")
    settle(window)
    part = page.sections["assessments"]
    assert isinstance(part, AssessmentsSection)
    assert part.new_version.isVisible()
    assert "bo-mau@2" in part.new_version.words.text()
    fallen = part.new_version.table.topLevelItem(0)
    assert fallen is not None
    assert [fallen.text(column) for column in (2, 3)] == ["✔ Đạt", "✖ Chưa đạt"]
    QTest.mouseClick(part.new_version.button, Qt.MouseButton.LeftButton)
    settle(window)
    assert not part.new_version.isVisible()
    assert window.session.assessed is not None
    assert window.session.assessed.catalogue.version == "2"
    window.actions_table["undo"].trigger()
    settle(window)
    assert window.session.assessed.catalogue.version == "1"
