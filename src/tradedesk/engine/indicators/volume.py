"""Volume with a direction taken from prices: on-balance volume, money flow index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from tradedesk.engine.indicators.core import NAN, Follower, Indicator, Lines, Values, behind
from tradedesk.engine.indicators.parameter import whole
from tradedesk.engine.indicators.source import reader_of, sums_of
from tradedesk.engine.indicators.window_sum import WindowSum, float_window_sums, window_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars

_ROOM: Final = 2**63


@dataclass(frozen=True)
class Obv(Indicator):
    """On-balance volume: volume added where the close rose, taken away where it fell.

    Begins with the volume of the first bar, as in TA-Lib; others begin with 0. Only its changes
    mean anything, because it depends on where the history begins.
    """

    name: ClassVar[str] = "obv"
    outputs: ClassVar[tuple[str, ...]] = ("obv",)

    @property
    def warm_up(self) -> int:
        return 0

    def compute(self, bars: Bars) -> Lines:
        return (np.cumsum(_signed(bars)).astype(np.float64),)

    def follow(self, after: Bars | None = None) -> Follower:
        follower = _ObvFollower()
        if after is not None and len(after):
            follower.total = int(_signed(after).sum())
            follower.close_before = int(after.close[-1])
        return follower

    def fresh(self) -> Follower:
        return _ObvFollower()


def _signed(bars: Bars) -> NDArray[np.int64]:
    signed = bars.volume.copy()
    signed[1:] *= np.sign(np.diff(bars.close.astype(np.int64)))
    return signed


class _ObvFollower(Follower):
    __slots__ = ("close_before", "total")

    def __init__(self) -> None:
        self.total = 0
        self.close_before: int | None = None

    def step(self, bar: Bar, keep: bool) -> Values:
        before, total = self.close_before, self.total
        if before is None or bar.close > before:
            total += bar.volume
        elif bar.close < before:
            total -= bar.volume
        if keep:
            self.total, self.close_before = total, bar.close
        return (float(total),)


@dataclass(frozen=True)
class Mfi(Indicator):
    """Money flow index, 0 to 100: flow of the bars that rose, of the flow of all that moved.

    The flow of a bar is hlc3 times volume; it rose if hlc3 did. Where nothing moved over `length`
    bars it is 0, as in TA-Lib. Summed in whole numbers as long as they fit into 64 bits.
    """

    name: ClassVar[str] = "mfi"
    outputs: ClassVar[tuple[str, ...]] = ("mfi",)
    length: int = whole(14)

    @property
    def warm_up(self) -> int:
        return self.length

    def compute(self, bars: Bars) -> Lines:
        prices = sums_of(bars, "hlc3")
        moves = np.diff(prices)
        prices, volume = prices[1:], bars.volume[1:]
        tallest, busiest = _largest(prices), _largest(volume)
        rises: NDArray[Any]
        both: NDArray[Any]
        if tallest * busiest * self.length < _ROOM:
            flow = prices * volume
            rises = window_sums(np.where(moves > 0, flow, 0), self.length)
            both = window_sums(np.where(moves != 0, flow, 0), self.length)
        else:
            wide = prices * volume.astype(np.float64)
            rises = float_window_sums(np.where(moves > 0, wide, 0.0), self.length)
            both = float_window_sums(np.where(moves != 0, wide, 0.0), self.length)
        index = np.zeros(len(both))
        np.divide(100.0 * rises, both, out=index, where=both > 0)
        return (behind(min(self.length, len(bars)), index, len(bars)),)

    def fresh(self) -> Follower:
        return _MfiFollower(self.length)


def _largest(values: NDArray[np.int64]) -> int:
    return max(int(values.max()), -int(values.min())) if len(values) else 0


class _MfiFollower(Follower):
    __slots__ = ("_both", "_price", "_read", "_rises")

    def __init__(self, length: int) -> None:
        self._read = reader_of("hlc3")
        self._price: int | None = None
        self._rises, self._both = WindowSum(length), WindowSum(length)

    def step(self, bar: Bar, keep: bool) -> Values:
        price, before = self._read(bar), self._price
        if keep:
            self._price = price
        if before is None:
            return (NAN,)
        flow = price * bar.volume
        rises = self._rises.step(flow if price > before else 0, keep)
        both = self._both.step(flow if price != before else 0, keep)
        if rises is None or both is None:
            return (NAN,)
        return (100.0 * rises / both if both > 0 else 0.0,)
