"""A real window, offscreen, on a real workspace; keys and clicks as a person makes them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ui import app as program
from ui.desk import Desk
from ui.main_window import MainWindow

Settle = Callable[..., None]

COMMUNE = "03390"  # in Lai Châu, northern mountains
CATALOGUE, YEAR, REGION = "xa-ntm-2021-2025", 2024, "tdmnpb"
OFFICE = "12"
_LONGEST = 30.0


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it."""
    return program.make_app()


@pytest.fixture(scope="session")
def _commune_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ntm_desktop.operations import setup

    folder = tmp_path_factory.mktemp("xã mẫu") / "dữ liệu"
    setup.create(folder, unit_code=COMMUNE, role="commune", catalogue_id=CATALOGUE, year=YEAR, region=REGION).close()
    return folder


@pytest.fixture(scope="session")
def _office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from ntm_desktop.operations import setup

    folder = tmp_path_factory.mktemp("cơ quan mẫu") / "dữ liệu"
    setup.create(folder, unit_code=OFFICE, role="office").close()
    return folder


@pytest.fixture
def workspace_folder(tmp_path: Path, _commune_template: Path) -> Path:
    """A commune's workspace on the 2021-2025 set, nothing entered; not open."""
    return Path(shutil.copytree(_commune_template, tmp_path / "xã"))


@pytest.fixture
def office_folder(tmp_path: Path, _office_template: Path) -> Path:
    """An office's workspace that has received nothing yet; not open."""
    return Path(shutil.copytree(_office_template, tmp_path / "cơ quan"))


@pytest.fixture
def settle(qapp: QApplication) -> Settle:
    """``settle(window)`` waits until the worker is idle and every event is processed; ``quiet`` milliseconds long."""

    def wait(window: MainWindow, quiet: int = 0) -> None:
        until = time.monotonic() + _LONGEST
        calm_since = time.monotonic()
        while True:
            qapp.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            now = time.monotonic()
            if window.session.busy:
                calm_since = now
                time.sleep(0.002)
            elif (now - calm_since) * 1000 >= quiet:
                qapp.processEvents()
                if not window.session.busy:
                    return
            else:
                time.sleep(0.002)
            assert now < until, "the worker does not come to rest"

    return wait


@pytest.fixture(autouse=True)
def no_forgotten_question(qapp: QApplication) -> Iterator[None]:
    """A question nobody answers would stop the tests for ever: it is closed after ten seconds and fails the test."""
    asked: list[str] = []
    waiting: dict[int, float] = {}

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            waiting.clear()
            return
        since = waiting.setdefault(id(dialog), time.monotonic())
        if time.monotonic() - since > 10:
            texts = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
            asked.append(f"{type(dialog).__name__}: {' '.join(texts)}")
            dialog.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(500)
    yield
    timer.stop()
    assert asked == []


@pytest.fixture
def make_desk(qapp: QApplication, qtbot: QtBot, settle: Settle) -> Iterator[Callable[..., Desk]]:
    """``make_desk(folder, page="criteria")``: the whole program on a folder, shown and settled; closed at the end."""
    made: list[Desk] = []

    def make(folder: Path | None, page: str = "", language: str | None = None, shown: bool = True) -> Desk:
        desk = program.assemble(qapp, folder, language, page)
        made.append(desk)
        if shown:
            desk.window.resize(1366, 768)
            desk.show()
            qtbot.waitExposed(desk.window)
            qtbot.waitUntil(lambda: bool(desk.window.current_key) or desk.window.stack.currentWidget() is not None)
            settle(desk.window, quiet=30)
        return desk

    yield make
    for desk in made:
        for task in desk.worker.titled:
            task.cancel()
        settle(desk.window)
        desk.session.close()
        desk.worker.stop()
        desk.window.let_go()
        desk.window.deleteLater()
        qapp.removeTranslator(desk._words)
        desk.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    from ntm_desktop import i18n, log

    i18n.use_language(i18n.DEFAULT_LANGUAGE)
    log.stop()


@pytest.fixture
def window(make_desk: Callable[..., Desk], workspace_folder: Path) -> MainWindow:
    """The main window on a commune's workspace."""
    return make_desk(workspace_folder).window


@pytest.fixture
def office_window(make_desk: Callable[..., Desk], office_folder: Path) -> MainWindow:
    """The main window on an office's workspace."""
    return make_desk(office_folder).window
