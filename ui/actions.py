"""Everything the menus offer, as one table: words, place, keys, and when it can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ntm_desktop.i18n import N_, _
from ui.theme import icon


class Needs(StrEnum):
    """What must be there before something can be done."""

    NOTHING = "nothing"
    WORKSPACE = "workspace"
    ASSESSMENT = "assessment"
    OWN = "own"  # an assessment that may be written here


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. An empty key is a separator."""

    menu: str
    key: str = ""
    words: str = ""
    sign: str = ""
    keys: str = ""
    needs: Needs = Needs.NOTHING


MENUS: Mapping[str, str] = {
    "file": N_("&Tệp"),
    "edit": N_("&Sửa"),
    "view": N_("&Xem"),
    "tools": N_("&Công cụ"),
    "help": N_("Trợ &giúp"),
}
ENTRIES: tuple[Entry, ...] = (
    Entry("file", "export", N_("Gửi &gói lên cơ quan tiếp nhận…"), "export-up", "Ctrl+E", Needs.WORKSPACE),
    Entry("file", "import", N_("&Nhận gói từ USB…"), "import-down", "Ctrl+I", Needs.WORKSPACE),
    Entry("file"),
    Entry("file", "results", N_("Nhập &kết quả từ Excel…"), "table", "", Needs.OWN),
    Entry("file", "print", N_("&In hồ sơ…"), "print", "Ctrl+P", Needs.ASSESSMENT),
    Entry("file", "missing", N_("In &danh sách còn thiếu"), "file", "", Needs.ASSESSMENT),
    Entry("file"),
    Entry("file", "open", N_("&Mở thư mục dữ liệu khác…"), "folder-open", "Ctrl+O"),
    Entry("file", "quit", N_("&Thoát"), "close", "Ctrl+Q"),
    Entry("edit", "undo", N_("&Hoàn tác"), "undo", "Ctrl+Z", Needs.WORKSPACE),
    Entry("edit", "redo", N_("&Làm lại"), "redo", "Ctrl+Y", Needs.WORKSPACE),
    Entry("edit"),
    Entry("edit", "search", N_("&Tìm…"), "search", "Ctrl+K", Needs.WORKSPACE),
    Entry("edit", "conflicts", N_("Chọn giữa hai &giá trị khác nhau…"), "package", "Ctrl+D", Needs.WORKSPACE),
    Entry("tools", "backup", N_("&Sao lưu…"), "backup", "Ctrl+B", Needs.WORKSPACE),
    Entry("tools", "backup_keys", N_("Sao lưu kèm k&hoá của máy…"), "password", "", Needs.WORKSPACE),
    Entry("tools", "restore", N_("&Khôi phục từ bản sao lưu…"), "restore"),
    Entry("tools", "verify", N_("Kiểm &tra dữ liệu"), "verify", "", Needs.WORKSPACE),
    Entry("tools"),
    Entry("tools", "folder", N_("Mở thư mục &dữ liệu trên máy"), "folder-open", "", Needs.WORKSPACE),
    Entry("help", "help", N_("&Hướng dẫn"), "help", "F1"),
    Entry("help", "about", N_("&Giới thiệu phần mềm"), "info"),
)


class Actions:
    """The actions of one window, by key."""

    def __init__(self, window: QMainWindow, deeds: Mapping[str, Callable[[], object]]) -> None:
        self._window = window
        self._menus: dict[str, QMenu] = {}
        self._made: dict[str, QAction] = {}
        self._needs: dict[str, Needs] = {}
        bar = window.menuBar()
        bar.clear()
        for key, words in MENUS.items():
            self._menus[key] = bar.addMenu(_(words))
        for entry in ENTRIES:
            if not entry.key:
                self._menus[entry.menu].addSeparator()
                continue
            deed = deeds[entry.key]
            self.add(entry.menu, entry.key, _(entry.words), icon(entry.sign), entry.keys, deed, entry.needs)

    def __getitem__(self, key: str) -> QAction:
        return self._made[key]

    def add(
        self,
        menu: str,
        key: str,
        words: str,
        sign: QIcon,
        keys: str,
        deed: Callable[[], object],
        needs: Needs = Needs.NOTHING,
    ) -> QAction:
        """Add a line to a menu."""
        action = QAction(sign, words, self._window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: deed())
        self._menus[menu].addAction(action)
        self._window.addAction(action)
        self._made[key], self._needs[key] = action, needs
        return action

    def drop(self, keys: list[str]) -> None:
        """Take lines away again."""
        for key in keys:
            action = self._made.pop(key)
            self._needs.pop(key)
            self._window.removeAction(action)
            action.deleteLater()

    def allow(self, workspace: bool, assessment: bool, own: bool) -> None:
        """Switch on what can be done now."""
        there = {
            Needs.NOTHING: True,
            Needs.WORKSPACE: workspace,
            Needs.ASSESSMENT: assessment,
            Needs.OWN: own,
        }
        for key, action in self._made.items():
            action.setEnabled(there[self._needs[key]])

    def name_undo(self, undo: str | None, redo: str | None) -> None:
        """Say what would be undone and redone; nothing to undo switches the line off."""
        for key, name, bare, named in (
            ("undo", undo, N_("&Hoàn tác"), N_("&Hoàn tác: {what}")),
            ("redo", redo, N_("&Làm lại"), N_("&Làm lại: {what}")),
        ):
            self._made[key].setText(_(named).format(what=name.replace("&", "&&")) if name else _(bare))
            self._made[key].setEnabled(name is not None)
