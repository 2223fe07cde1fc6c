"""The guards of conftest.py catch what they say they catch: each fault is planted once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PLANTED = {
    "log": (
        "import logging\ndef test_it(): logging.getLogger('x').warning('odd')",
        "unexpected log WARNING x: odd",
    ),
    "log that never came": (
        "def test_it(expect_log): expect_log('odd')",
        "expected log record never came: odd",
    ),
    "thread": (
        "import threading\n"
        "def test_it(): threading.Thread(target=threading.Event().wait, args=[9], daemon=True,"
        " name='stray').start()",
        "left behind: thread stray",
    ),
    "process": (
        "import subprocess\nKEEP = []\n"
        "def test_it(): KEEP.append(subprocess.Popen(['sleep', '30']))",
        "left behind: process",
    ),
    "task": (
        "import asyncio\nKEEP = []\n"
        "async def test_it(): KEEP.append(asyncio.create_task(asyncio.sleep(30), name='stray'))",
        "left behind: <Task pending name='stray'",
    ),
    "Qt message": (
        "def test_it(qapp):\n from PySide6.QtCore import qWarning\n qWarning('odd')",
        "Qt: odd",
    ),
    "Qt timer": (
        "KEEP = []\ndef test_it(qapp):\n from PySide6.QtCore import QTimer\n t = QTimer()\n"
        " t.start(9999)\n KEEP.append(t)",
        "left behind: QTimer",
    ),
    "Qt window": (
        "KEEP = []\ndef test_it(qapp):\n from PySide6.QtWidgets import QWidget\n w = QWidget()\n"
        " w.setObjectName('stray')\n w.show()\n KEEP.append(w)",
        "left behind: QWidget 'stray'",
    ),
    "warning": (
        "import warnings\ndef test_it(): warnings.warn('odd', UserWarning)",
        "UserWarning: odd",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="child processes are read in /proc")
def test_every_planted_fault_fails_its_test_and_a_clean_test_passes(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtCore", reason="Qt is not installed here")
    for number, (code, _) in enumerate(PLANTED.values()):
        (tmp_path / f"test_planted_{number}.py").write_text(code)
    (tmp_path / "test_planted_clean.py").write_text(
        "import logging\n"
        "async def test_it(qapp, expect_log):\n"
        "    expect_log('x: odd')\n"
        "    logging.getLogger('x').warning('odd')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml")]
    command += ["--rootdir", str(ROOT), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    missing = [text for _, text in PLANTED.values() if text not in done.stdout]
    assert missing == [], done.stdout
    # all but the Python warning pass and then err when they are torn down
    assert "1 failed, 9 passed, 8 errors" in done.stdout, done.stdout
