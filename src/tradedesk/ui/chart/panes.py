"""How the chart's area is divided: the price pane, panes below it, an axis beside each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_AXIS_WIDTH: Final = 66.0
TIME_AXIS_HEIGHT: Final = 24
LEGEND_ROOM: Final = 36.0
"""Pixels at the top that bars stay clear of when prices are fitted."""
PILL: Final = (64.0, 24.0)
PILL_GAP: Final = 10.0
PILL_ROOM: Final = PILL[1] + PILL_GAP + 4
"""Height at the bottom of the pane that the pill back to live takes."""
VOLUME: Final = "volume"
_SHARE: Final = 0.14
LEAST_PANE: Final = 40.0
_ROOM: Final = (LEAST_PANE, 140.0)
_LEAST_FOR_LOWER: Final = 160.0
_LOWER_SHARE: Final = 0.6
"""Panes below the price pane take no more than this of the whole."""
_LEAST_PRICE: Final = 160.0
"""Pixels that they leave to the price pane, where there is room for more than one of them."""


@dataclass(frozen=True, slots=True)
class PaneWish:
    """A pane below the price pane: its key and how high it would like to be.

    `height` is in pixels; None for a share of the whole, within limits.
    """

    key: str
    height: float | None = None

    def wanted(self, down: float) -> float:
        """Pixels of `down` that it would like."""
        if self.height is not None:
            return max(self.height, _ROOM[0])
        return min(max(down * _SHARE, _ROOM[0]), _ROOM[1])


@dataclass(frozen=True, slots=True)
class LowerPane:
    """A pane below the price pane, with the part of the axis beside it."""

    key: str
    plot: QRectF
    axis: QRectF


@dataclass(frozen=True, slots=True)
class Panes:
    """Rectangles in logical pixels; together with the corner they cover everything.

    Attributes
    ----------
    price, price_axis : QRectF
        The pane of the bars and the axis at its right.
    lower : tuple of LowerPane
        Panes below it, from top to bottom.
    time_axis : QRectF
        Below all of them, over the whole width.
    """

    price: QRectF
    price_axis: QRectF
    lower: tuple[LowerPane, ...]
    time_axis: QRectF

    @classmethod
    def of(
        cls,
        width: float,
        height: float,
        axis_width: float = LEAST_AXIS_WIDTH,
        wishes: Sequence[PaneWish] = (PaneWish(VOLUME),),
    ) -> Panes:
        """Divide an area; in a very low one the panes below go first, the last one before all."""
        across = max(1.0, width - axis_width)
        down = max(1.0, height - TIME_AXIS_HEIGHT)
        beside = width - across
        heights = _heights(down, wishes)
        top = down - sum(heights)
        price = QRectF(0, 0, across, top)
        lower = []
        for wish, each in zip(wishes, heights, strict=False):
            plot, axis = QRectF(0, top, across, each), QRectF(across, top, beside, each)
            lower.append(LowerPane(wish.key, plot, axis))
            top += each
        return cls(
            price=price,
            price_axis=QRectF(across, 0, beside, price.height()),
            lower=tuple(lower),
            time_axis=QRectF(0, down, width, height - down),
        )

    @property
    def plot(self) -> QRectF:
        """All panes together."""
        return QRectF(0, 0, self.price.width(), self.time_axis.top())

    @property
    def whole(self) -> QRectF:
        """Everything, axes included."""
        return QRectF(0, 0, self.time_axis.width(), self.time_axis.bottom())

    def pane(self, key: str) -> LowerPane | None:
        """A pane below the price pane; None if it is not shown."""
        return next((pane for pane in self.lower if pane.key == key), None)

    def plot_of(self, key: str) -> QRectF:
        """The plot of a pane below; empty if it is not shown."""
        pane = self.pane(key)
        return QRectF() if pane is None else pane.plot


def _heights(down: float, wishes: Sequence[PaneWish]) -> list[float]:
    """Whole pixels for as many of the wishes as there is room for."""
    if down < _LEAST_FOR_LOWER:
        return []
    most = max(min(down * _LOWER_SHARE, down - _LEAST_PRICE), LEAST_PANE)
    kept = list(wishes)
    while kept and len(kept) * _ROOM[0] > most:
        kept.pop()
    wanted = [wish.wanted(down) for wish in kept]
    spare = sum(wanted) - len(kept) * _ROOM[0]
    over = sum(wanted) - most
    share = max(0.0, 1.0 - over / spare) if over > 0 and spare > 0 else 1.0
    return [float(round(_ROOM[0] + (each - _ROOM[0]) * share)) for each in wanted]
