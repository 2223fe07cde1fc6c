"""True range and its average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.smoothing import wilder, wilder_column, wilder_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


def true_ranges(bars: Bars) -> NDArray[np.int64]:
    """Return the true range in ticks from row 1 on: the first bar has no close before it."""
    before = bars.close[:-1].astype(np.int64)
    return np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)


def true_range(bar: Bar, close_before: int) -> int:
    """Return the range of a bar in ticks, the close before it included."""
    return max(bar.high, close_before) - min(bar.low, close_before)


def atr_column(bars: Bars, length: int) -> NDArray[np.float64]:
    """Return the average true range from row `length` on."""
    return wilder_column(true_ranges(bars).astype(np.float64), length)


@dataclass(frozen=True)
class Atr(Indicator):
    """Average true range in ticks: Wilder's average of the range with the close before included.

    Begins at row `length` with the plain mean of rows 1 to `length`, as in TA-Lib. TradingView
    counts the first bar's high less low as a true range and so begins a row earlier.
    """

    name: ClassVar[str] = "atr"
    outputs: ClassVar[tuple[str, ...]] = ("atr",)
    length: int = whole(14)

    @property
    def warm_up(self) -> int:
        return self.length

    @property
    def memory(self) -> int:
        return wilder_memory(self.length) + 1

    def compute(self, bars: Bars) -> Lines:
        return (behind(min(self.length, len(bars)), atr_column(bars, self.length), len(bars)),)

    def fresh(self) -> Follower:
        return AtrFollower(self.length)


class AtrFollower(Follower):
    """The average true range bar by bar; also a part of Keltner channels."""

    __slots__ = ("_average", "_close")

    def __init__(self, length: int) -> None:
        self._average = wilder(length)
        self._close: int | None = None

    def step(self, bar: Bar, keep: bool) -> Values:
        """Return the average with `bar` as the newest."""
        before = self._close
        if keep:
            self._close = bar.close
        if before is None:
            return (NAN,)
        return (self._average.step(float(true_range(bar, before)), keep),)
