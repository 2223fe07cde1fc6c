"""The painting tests at other scale factors, which a process can choose only when it begins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

ROOT = Path(__file__).parents[3]
_DEADLINE_S = 180
_WHAT = (
    "ticks_repaint or drags_and_answers or phantom or pixel_column or joined_column "
    "or drawn_through or (odd_series and (extreme or empty))"
)
_STORIES = "every_step_repaints"


@pytest.mark.parametrize(
    ("scale", "what"),
    [("1.25", _STORIES), ("1.5", f"{_STORIES} or {_WHAT}"), ("2", f"{_STORIES} or {_WHAT}")],
)
def test_everything_is_painted_as_well_at_other_scales(scale: str, what: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("tests/ui/chart/test_painting.py", "tests/ui/chart/test_stories.py", "-k", what),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:]
    assert " passed" in done.stdout
