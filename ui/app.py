"""The window's beginning: ``ntm-desktop [--workspace DIR] [--language vi|en] [--page home]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ntm_desktop import __version__, i18n, paths
from ntm_desktop.i18n import _
from ntm_desktop.settings import LANGUAGE, WORKSPACE, Settings
from ui import theme
from ui.desk import Desk


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ntm-desktop", description="NTM Desktop")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help=_("thư mục dữ liệu"))
    parser.add_argument("--language", choices=sorted(i18n.LANGUAGES), help=_("ngôn ngữ"))
    parser.add_argument("--page", default="", help=_("trang mở đầu tiên"))
    parser.add_argument("--version", action="version", version=f"NTM Desktop {__version__}")
    return parser.parse_args(arguments)


def make_app() -> QApplication:
    """The one QApplication, dressed."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QApplication.setApplicationName("NTM Desktop")
    QApplication.setApplicationVersion(__version__)
    app = QApplication.instance()
    made = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
    theme.apply(made)
    made.setQuitOnLastWindowClosed(False)
    return made


def assemble(app: QApplication, workspace: Path | None = None, language: str | None = None, page: str = "") -> Desk:
    """Put the program together on a folder: the one named, else the one chosen last, else the person's data folder."""
    home = (workspace or paths.default_workspace()).absolute()
    machine = Settings.of_folder(home)
    chosen = machine.text(WORKSPACE) if workspace is None else ""
    if language is not None:
        machine.put(LANGUAGE, language)
    folder = Path(chosen) if chosen else home
    return Desk(app, folder, machine, home=home, page=page, keeps_choice=workspace is None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; the exit code."""
    options = _options(sys.argv[1:] if arguments is None else arguments)
    app = make_app()
    desk = assemble(app, options.workspace, options.language, options.page)
    desk.failures.install()
    desk.closed.connect(app.quit)
    desk.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
