"""What a person sets and the window remembers: one small JSON file in the data folder, never needed to read the data.

The file in the person's own data folder also says, under ``workspace``, which other folder is opened at start.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from ntm_desktop import paths

FILE_NAME = "settings.json"
LANGUAGE = "language"
WORKSPACE = "workspace"
_LARGEST = 1 << 20


class Settings:
    """Named values of a folder. A missing or damaged file means defaults; a file that cannot be written is let be."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._guard = threading.Lock()
        self._values = _read(file)

    @staticmethod
    def of_folder(folder: Path) -> Settings:
        """The settings that lie in a workspace's folder."""
        return Settings(folder / FILE_NAME)

    def text(self, name: str, default: str = "") -> str:
        """A value that must be a text, else the default."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else default

    def get(self, name: str, default: Any = None) -> Any:
        """A value as it was put."""
        return self._values.get(name, default)

    def put(self, name: str, value: Any) -> None:
        """Set a JSON value and write the file; None removes it."""
        self.put_all({name: value})

    def put_all(self, values: dict[str, Any]) -> None:
        """Set several values with one writing."""
        with self._guard:
            merged = {name: value for name, value in (self._values | values).items() if value is not None}
            if merged == self._values:
                return
            self._values = merged
            try:
                paths.write_atomic(self.file, json.dumps(merged, ensure_ascii=False, indent=1).encode())
            except OSError:
                return  # a full or read-only disk must not stop the work; the value holds until the program ends

    @property
    def language(self) -> str:
        """The language that was chosen, empty for none."""
        return self.text(LANGUAGE)


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _LARGEST:
            return {}
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
