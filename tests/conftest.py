"""What every test stands on: no screen, no language of this computer, never the data folder of the person who tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Qt or asks for a folder; the folder goes when the test run ends.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = os.environ["LC_ALL"] = os.environ["LANG"] = "C.UTF-8"
_home = tempfile.TemporaryDirectory(prefix="ntm-tests-", ignore_cleanup_errors=True)
os.environ["NTM_DATA_DIR"] = str(Path(_home.name) / "data")
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = str(Path(_home.name) / _name.lower())

# "ci" gives the same examples in every run; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile(
    "search", deadline=None, max_examples=2000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's data folder of this test alone; not made yet."""
    folder = tmp_path / "dữ liệu của người dùng"
    monkeypatch.setenv("NTM_DATA_DIR", str(folder))
    return folder
