"""Questions about the installed Qt, asked in another process because the answer may be a crash."""

from __future__ import annotations

import subprocess
import sys

DEADLINE_S = 30.0

PROBE = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6 import QtCore, QtGui
app = QtGui.QGuiApplication([])
image = QtGui.QImage(100, 100, QtGui.QImage.Format.Format_RGB32)
painter = QtGui.QPainter(image)
timer = QtCore.QTimer()
calls = 200

def void_calls():
    painter.drawLine(1, 1, 5, 5)
    timer.start(60000)

void_calls()
before = sys.getrefcount(None)
for _ in range(calls):
    void_calls()
lost = (before - sys.getrefcount(None)) / (2 * calls)
painter.end()
print(f"{lost:.3f}", flush=True)
os._exit(int(lost > 0.5))
"""
"""Prints how many references to None one void call loses; exits 1 if the build is broken."""

START = """
import sys
from PySide6 import QtWidgets
app = QtWidgets.QApplication(["probe"])
widget = QtWidgets.QWidget()
widget.winId()
print(app.platformName(), flush=True)
"""


def run_probe(code: str, environment: dict[str, str] | None = None) -> tuple[bool, str]:
    """Run a piece of code in a Python of its own.

    Returns
    -------
    tuple of bool and str
        Whether it ended well, and what it printed, or the last line of its complaint.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own code, no outside input
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, f"no answer within {DEADLINE_S:.0f} s"
    if done.returncode == 0:
        return True, done.stdout.strip()
    lines = (done.stderr or done.stdout).strip().splitlines()
    return False, lines[-1] if lines else f"ended with code {done.returncode}"
