"""A finger that drags a chart to older bars and back."""

from __future__ import annotations

from typing import Final

STEP_PX: Final = 7
"""Pixels from one frame to the next: at 60 frames a second a calm drag."""

WAY: Final = 16
"""Steps in one direction, so that every frame but the last shows a place not just shown."""


class Drag:
    """Steps of `STEP_PX` pixels: sixteen to older bars, sixteen back, and again.

    Attributes
    ----------
    away_px : int
        How far the newest bar has been moved to the right.
    """

    def __init__(self) -> None:
        self._steps = 0
        self.away_px = 0

    def step(self) -> int:
        """Move on; pixels to the right in this step."""
        dx = STEP_PX if self._steps % (2 * WAY) < WAY else -STEP_PX
        self._steps += 1
        self.away_px += dx
        return dx
