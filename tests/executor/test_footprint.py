"""The executor process stays small: no window, no numbers library, a quick start."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["numpy", "PySide6", "pyqtgraph", "qasync", "keyring"])
def test_the_executor_does_not_load(module: str) -> None:
    program = f"import sys, tradedesk.app.executor_main; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("line", [b"", b"nonsense\n", b'{"home": "x"}\n'])
def test_a_configuration_that_cannot_be_read_is_said(line: bytes) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tradedesk.app.executor_main"],
        input=line,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert b"configuration cannot be read" in ended.stdout
