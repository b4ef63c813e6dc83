"""Qt's own words in Vietnamese: standard buttons, context menus, file, print and message dialogs.

Qt ships no Vietnamese for them. The table resources/i18n/qt-vi.json is by English source text; a letter after ``&`` is
always plain ASCII, for ``Alt+Đ`` cannot be typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTranslator

from ntm_desktop import paths


def words() -> Mapping[str, str]:
    """Vietnamese by Qt's English."""
    table: dict[str, str] = json.loads((paths.resources() / "i18n" / "qt-vi.json").read_text(encoding="utf-8"))
    return table


class QtWords(QTranslator):
    """Answers Qt's own questions from the table; everything else stays as it is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words()

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str,
        sourceText: str,  # as Qt calls it
        /,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        return self._words.get(sourceText)  # type: ignore[return-value]  # None tells Qt that there is no translation
