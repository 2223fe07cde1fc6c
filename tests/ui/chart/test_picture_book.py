"""Every style in every palette at two scale factors, against pictures that somebody looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QImage
from tests.ui.chart.chart_bench import pixels
from tests.ui.chart.picture_book import name_of

from tradedesk.ui.chart.reading.styles import STYLES
from tradedesk.ui.theme.tokens import PALETTES

ROOT = Path(__file__).parents[3]
KEPT = Path(__file__).with_name("pictures")
_DEADLINE_S = 180
_CLOSE = 24
"""Levels of a channel: glyphs differ a little between versions of Qt and its font engine."""
_SHARE = 0.01


def channels(picture: np.ndarray) -> np.ndarray:
    """Red, green and blue of each pixel; shape (height, width, 3)."""
    return np.stack([picture >> shift & 0xFF for shift in (16, 8, 0)], axis=-1).astype(np.int16)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels in which a channel differs by more than glyphs may."""
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(channels(one) - channels(other)).max(axis=-1) > _CLOSE).mean())


@pytest.mark.parametrize("scale", ["1", "2"])
def test_styles_look_as_they_did_in_every_palette(scale: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.chart.picture_book", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    wrong = {}
    seen: dict[str, np.ndarray] = {}
    for palette in PALETTES:
        for style in STYLES:
            name = name_of(scale, palette, style)
            now = seen[name] = pixels(QImage(str(tmp_path / name)))
            share = difference(now, pixels(QImage(str(KEPT / name))))
            if share > _SHARE:
                wrong[name] = share
    assert not wrong, "look at them, and keep them if they are right (see picture_book)"
    dark, *others = (seen[name_of(scale, palette, "candles")] for palette in PALETTES)
    assert all(difference(dark, other) > 2 * _SHARE for other in others), "palettes differ"
