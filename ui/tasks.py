"""One worker thread that owns the workspace; tasks with progress and cancellation; results come to the GUI thread."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from ntm_desktop.model.progress import Cancelled

REPORT_EVERY = 0.1  # seconds between two progress signals


class Task(QObject):
    """One piece of work. Signals arrive in the GUI thread; exactly one of ``done``, ``failed``, ``cancelled`` is sent.

    It is itself the :class:`~ntm_desktop.model.progress.Progress` that the work reports to.
    """

    done = Signal(object)
    failed = Signal(object)  # the exception
    cancelled = Signal()
    progressed = Signal(str, int, int, str)  # title, amount so far, total (0 unknown), unit
    finished = Signal()  # after any of the three
    _ended = Signal(str, object)  # from the worker's thread: how, and result or error

    def __init__(self, work: Callable[[Task], Any], title: str = "") -> None:
        super().__init__()
        self.title = title
        self.over = False  # ended: whoever hears of it may close the window without asking about this task
        self._work = work
        self._stop = threading.Event()
        self._total = 0
        self._amount = 0
        self._unit = ""
        self._reported = 0.0
        # Through the GUI thread's queue: whoever hands a task over can still connect after that, however fast it runs.
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop; it leaves things as they were."""
        self._stop.set()

    def start(self, title: str, total: int, unit: str = "") -> None:
        """A stage begins (called by the work)."""
        self.title, self._total, self._amount, self._unit = title, total, 0, unit
        self._report(force=True)

    def advance(self, amount: int = 1, note: str = "") -> None:
        """More is done (called by the work).

        Raises:
            Cancelled: the person asked to stop.
        """
        if self._stop.is_set():
            raise Cancelled
        self._amount += amount
        self._report(force=self._amount >= self._total > 0)

    def _report(self, *, force: bool) -> None:
        now = time.monotonic()
        if force or now - self._reported >= REPORT_EVERY:
            self._reported = now
            self.progressed.emit(self.title, self._amount, self._total, self._unit)

    def perform(self) -> None:
        """Do the work (in the worker thread)."""
        try:
            if self._stop.is_set():
                raise Cancelled
            result = self._work(self)
        except Cancelled:
            self._ended.emit("cancelled", None)
        except BaseException as error:  # every failure must reach the window; the worker itself lives on
            self._ended.emit("failed", error)
        else:
            self._ended.emit("done", result)

    def _tell(self, how: str, result: Any) -> None:
        """Say how it ended (in the GUI thread)."""
        self.over = True
        if how == "cancelled":
            self.cancelled.emit()
        elif how == "failed":
            self.failed.emit(result)
        else:
            self.done.emit(result)
        self.finished.emit()


class Worker:
    """The one thread that touches the workspace. Tasks run in the order in which they were handed over."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Task | None] = queue.Queue()
        self._alive: set[Task] = set()
        self._thread = threading.Thread(target=self._loop, name="workspace", daemon=True)
        self._thread.start()

    def submit(self, task: Task) -> Task:
        """Hand a task over. It is kept alive until its signals have been delivered."""
        self._alive.add(task)
        task.finished.connect(lambda: self._alive.discard(task))
        self._queue.put(task)
        return task

    @property
    def busy(self) -> bool:
        """True while a task waits or runs."""
        return bool(self._alive)

    @property
    def titled(self) -> list[Task]:
        """The tasks under way that the person was told of."""
        return [task for task in self._alive if task.title and not task.over]

    def stop(self, seconds: float = 30.0) -> None:
        """Finish what was handed over, then end the thread."""
        self._queue.put(None)
        self._thread.join(seconds)

    def _loop(self) -> None:
        while (task := self._queue.get()) is not None:
            task.perform()
