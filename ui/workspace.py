"""What a page is handed: run an operation on the worker, be told what changed, know which assessment is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from ntm_desktop.model.progress import Cancelled
from ui.tasks import Task, Worker

if TYPE_CHECKING:
    from ntm_desktop.model.assessment import Assessed
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.overview import HomeFacts
    from ntm_desktop.operations.workspace import Workspace, WorkspaceInfo

T = TypeVar("T")


class Session(QObject):
    """The open workspace as the window sees it. Lives in the GUI thread; only the worker touches the workspace itself.

    ``changed`` is emitted once per operation that changed something; ``assessed_changed`` after the shown assessment
    was read anew. An operation that returns ``Changes`` (or an object with ``changes``) is announced by itself.
    """

    changed = Signal(object)  # Changes
    assessed_changed = Signal(object)  # Assessed
    save_state = Signal(str)  # "saving" | "saved" | "failed"
    task_started = Signal(object)  # Task with a title: the window shows its progress and Cancel
    failure = Signal(object)  # an exception that the asking page did not handle
    language_wanted = Signal(str)  # build the window anew in this language
    folder_wanted = Signal(object)  # Path: open the workspace of another folder; None: the person's own data folder
    deed_wanted = Signal(str)  # key of the action table: «backup», «missing», «export» …
    restore_wanted = Signal()  # ask for a backup and open what it holds
    place_wanted = Signal(str, str)  # page key, and indicator code or evidence id («» for none): go there

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._workspace: Workspace | None = None
        self.info: WorkspaceInfo | None = None
        self.assessed: Assessed | None = None
        self.facts: HomeFacts | None = None  # last backup and package, names of undo and redo
        self.set_titles: dict[str, str] = {}  # hash of each set used here → its title
        self._reading = False  # a reading is queued and has not begun
        self._after_reading: list[Callable[[Any], Any]] = []
        self.shown_id = ""  # assessment that is shown; an office looks at those of its communes
        self.read_only = False

    @property
    def busy(self) -> bool:
        """True while something handed over waits or runs."""
        return self._worker.busy

    def adopt(self, workspace: Workspace, info: WorkspaceInfo) -> None:
        """Take over an opened workspace (its first assessment is read by :meth:`reload`)."""
        self._workspace, self.info = workspace, info
        self.assessed, self.facts = None, None
        self.shown_id, self.read_only = info.current, info.role == "office"
        self._reading = False
        self._after_reading.clear()

    @property
    def is_open(self) -> bool:
        """True while a workspace is open."""
        return self._workspace is not None

    def run(
        self,
        operation: Callable[[Workspace, Task], T],
        then: Callable[[T], Any] | None = None,
        failed: Callable[[Exception], bool] | None = None,
        title: str = "",
    ) -> Task:
        """Run ``operation(workspace, progress)`` on the worker; ``then(result)`` runs in the GUI thread.

        ``failed(error)`` may return True to say that it has dealt with the error; else the window shows it. With a
        ``title`` the window shows progress and Cancel. After :meth:`close` nothing runs: the task ends as cancelled.
        """
        workspace = self._workspace

        def work(task: Task) -> T:
            if workspace is None:
                raise Cancelled
            return operation(workspace, task)

        task = Task(work, title)
        task.done.connect(lambda result: self._done(result, then))
        task.failed.connect(lambda error: self._failed(error, failed))
        self._worker.submit(task)
        if title:
            self.task_started.emit(task)
        return task

    def run_free(
        self,
        work: Callable[[Task], T],
        then: Callable[[T], Any] | None = None,
        title: str = "",
        failed: Callable[[Exception], bool] | None = None,
    ) -> Task:
        """Run work that needs no workspace (create, restore, list drives) on the worker."""
        task = Task(work, title)
        if then is not None:
            task.done.connect(then)
        task.failed.connect(lambda error: self._failed(error, failed))
        self._worker.submit(task)
        if title:
            self.task_started.emit(task)
        return task

    def reload(
        self, then: Callable[[Any], Any] | None = None, failed: Callable[[Exception], bool] | None = None
    ) -> Task | None:
        """Read the shown assessment anew and tell everybody; wishes that come before the reading begins are one.

        Returns the task that reads, None where one was waiting already.
        """
        from ntm_desktop.operations import overview

        if then is not None:
            self._after_reading.append(then)
        if self._reading:
            return None
        self._reading = True

        def read(workspace: Workspace, task: Task) -> tuple[WorkspaceInfo, HomeFacts, dict[str, str], Assessed | None]:
            self._reading = False
            info = workspace.info()
            shown = info.current if info.role == "commune" else self.shown_id
            hashes = {item.catalogue_sha256 for item in info.assessments}
            titles = {sha256: workspace.catalogue_by_hash(sha256).title for sha256 in hashes}
            assessed = overview.assessed(workspace, shown) if shown else None
            return info, overview.home(workspace, shown), titles, assessed

        def show(found: tuple[WorkspaceInfo, HomeFacts, dict[str, str], Assessed | None]) -> None:
            self.info, self.facts, self.set_titles, self.assessed = found
            if self.info.role == "commune":
                self.shown_id = self.info.current
            waiting, self._after_reading = self._after_reading, []
            self.assessed_changed.emit(self.assessed)
            for wish in waiting:
                wish(self.assessed)

        return self.run(read, show, failed)

    def show_assessment(self, assessment_id: str, read_only: bool) -> None:
        """Show another assessment; an office opens its communes' read-only, a commune remembers the one it works on."""
        from ntm_desktop.operations import setup

        self.shown_id, self.read_only = assessment_id, read_only
        if self.info is not None and self.info.role == "commune":
            self.run(lambda workspace, task: setup.use_assessment(workspace, assessment_id))
        else:
            self.reload()

    def go(self, page: str, place: str = "") -> None:
        """Ask the window to show a page and a place on it."""
        self.place_wanted.emit(page, place)

    def _done(self, result: Any, then: Callable[[Any], Any] | None) -> None:
        if then is not None:
            then(result)
        changes: Changes | None = getattr(result, "changes", result)
        if type(changes).__name__ == "Changes" and changes and self.is_open:
            self.save_state.emit("saved")
            self.changed.emit(changes)
            self.reload()

    def _failed(self, error: Exception, failed: Callable[[Exception], bool] | None) -> None:
        if failed is None or not failed(error):
            self.failure.emit(error)

    def hand_over(self, other: Session) -> None:
        """Give the open workspace to the session of another window."""
        if self._workspace is not None and self.info is not None:
            other.adopt(self._workspace, self.info)
            other.assessed, other.facts, other.set_titles = self.assessed, self.facts, self.set_titles
            other.shown_id, other.read_only = self.shown_id, self.read_only
        self._workspace = None

    def close(self) -> None:
        """Close the workspace after everything handed over has run."""
        workspace = self._workspace
        self._workspace = None
        if workspace is not None:
            self._worker.submit(Task(lambda task: workspace.close()))
