"""A window that is busy drawing, for measurements beside it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

if TYPE_CHECKING:
    from collections.abc import Callable

PLOTS, POINTS = 4, 2_000
SIZE = (1_400, 900)


def repainter() -> Callable[[], None]:
    """Open a window with four plots; each call sets and repaints all of them."""
    window = pg.GraphicsLayoutWidget()
    window.resize(*SIZE)
    data = np.random.default_rng(7).normal(size=(64, POINTS)).cumsum(axis=1)
    curves = [window.addPlot(row=at // 2, col=at % 2).plot() for at in range(PLOTS)]
    window.show()
    frames = itertools.count()

    def paint() -> None:
        frame = next(frames)
        for at, curve in enumerate(curves):
            curve.setData(data[(frame + at) % len(data)])
        window.viewport().repaint()

    return paint
