"""The installed PySide6 keeps the reference count of None.

6.12.0 on Python 3.11 loses one reference at every call that returns nothing; the process then ends
within seconds, taking the window along. This must be seen before a new version is locked.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tradedesk.app.qt_health import PROBE


def test_void_calls_keep_the_reference_count_of_none() -> None:
    pytest.importorskip("PySide6.QtGui", reason="Qt is not installed here")
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert abs(float(done.stdout)) < 0.5
