"""Process start to first painted window: ours against a bare PySide6 window, interleaved, with peak memory.

    python tests/bench/start.py [ROUNDS]

Needs a screen (an Xvfb will do) or runs offscreen. «filled» is the moment when the home page shows the workspace's
figures. Every start is a process of its own; times are taken inside against the parent's clock.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEAK = "__import__('resource').getrusage(0).ru_maxrss // 1024"
BARE = f"""
import sys, time
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time() - float(sys.argv[1]), 0, {PEAK}, flush=True)
        QApplication.exit(0)
app = QApplication([])
window = Window()
window.setCentralWidget(QLabel("Xin chào"))
window.resize(1100, 700)
window.show()
sys.exit(app.exec())
"""
OURS = f"""
import sys, time
from pathlib import Path
from ui.app import assemble, make_app
app = make_app()
desk = assemble(app, Path(sys.argv[2]))
first = []
desk.window.painted.connect(lambda: first or first.append(time.time() - float(sys.argv[1])))
def filled(assessed):
    print(first[0], time.time() - float(sys.argv[1]), {PEAK}, flush=True)
    desk.leave()
desk.session.assessed_changed.connect(filled)
desk.closed.connect(app.quit)
desk.show()
sys.exit(app.exec())
"""


def start(script: str, *arguments: str) -> tuple[float, float, int]:
    """Seconds to the first paint, seconds until filled (0 where nothing fills), peak memory in MB."""
    command = [sys.executable, "-c", script, str(time.time()), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    first, filled, peak = done.stdout.split()[:3]
    return float(first), float(filled), int(peak)


def main() -> None:
    """Run the rounds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    if "DISPLAY" not in os.environ and sys.platform != "win32":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ntm_desktop.operations import demo

    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as name:
        workspace = str(demo.make(Path(name) / "demo").workspace)
        os.environ["NTM_DATA_DIR"] = name
        bare, ours = [], []
        for _round in range(rounds):
            bare.append(start(BARE))
            ours.append(start(OURS, workspace))
    base = statistics.median(seconds for seconds, _filled, _peak in bare)
    first = statistics.median(seconds for seconds, _filled, _peak in ours)
    filled = statistics.median(seconds for _first, seconds, _peak in ours)
    print(f"{rounds} rounds, medians:")
    peaks = [max(peak for _first, _filled, peak in rows) for rows in (bare, ours)]
    print(f"  bare PySide6 window  first paint {base:5.3f} s           peak {peaks[0]} MB")
    print(f"  ours                 first paint {first:5.3f} s  {first / base:4.2f} x  peak {peaks[1]} MB")
    print(f"  ours                 filled      {filled:5.3f} s  {filled / base:4.2f} x")


if __name__ == "__main__":
    main()
