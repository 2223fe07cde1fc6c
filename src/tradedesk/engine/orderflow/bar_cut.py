"""Where the next bar begins in a stream: the boundaries of `LiveBars`, for others to share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.aggregate import count_starts
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.time_grid import TimeGrid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch


class Cut(NamedTuple):
    """A batch cut into bars.

    Attributes
    ----------
    starts : ndarray of intp, shape (bars,)
        Row at which each bar begins; strictly ascending, the first one 0.
    opens : ndarray of int64, shape (bars,)
        When each bar opens.
    continues : bool
        Whether the first of them is a further part of the bar that was forming.
    """

    starts: NDArray[np.intp]
    opens: NDArray[np.int64]
    continues: bool


class BarCut(Protocol):
    """Knows of a stream how far its forming bar reaches."""

    def tick(self, ts_ns: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""


class TimeCut:
    """Boundaries of time bars."""

    __slots__ = ("_end", "_grid")

    def __init__(self, grid: TimeGrid) -> None:
        self._grid = grid
        self._end = BEFORE_ALL_TIME

    def tick(self, ts_ns: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""
        if ts_ns < self._end:
            return None
        self._end = self._grid.next(ts_ns)
        return self._grid.floor(ts_ns)

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""
        starts, opens = self._grid.cut(trades.ts_ns)
        continues = int(trades.ts_ns[0]) < self._end
        self._end = self._grid.next(int(opens[-1]))
        return Cut(starts, opens, continues)


class CountCut:
    """Boundaries of tick and volume bars, counted from the first trade of the stream."""

    __slots__ = ("_by_trades", "_counted", "_edge", "_spec")

    def __init__(self, spec: BarSpec) -> None:
        self._spec = spec
        self._by_trades = spec.unit is BarUnit.TRADES
        self._counted = 0
        # a trade before which this many trades or contracts were counted begins a bar
        self._edge = 0

    def tick(self, ts_ns: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""
        begins = self._counted >= self._edge
        if begins:
            self._reach(self._counted)
        self._counted += 1 if self._by_trades else qty
        return ts_ns if begins else None

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""
        starts = count_starts(self._spec, trades, self._counted)
        continues = self._counted < self._edge
        last = int(starts[-1])
        if len(starts) > 1 or not continues:
            self._reach(self._counted + self._count(trades[:last]))
        self._counted += self._count(trades)
        return Cut(starts, trades.ts_ns[starts], continues)

    def _reach(self, counted: int) -> None:
        self._edge = (counted // self._spec.size + 1) * self._spec.size

    def _count(self, trades: TradeBatch) -> int:
        return len(trades) if self._by_trades else int(trades.qty.sum(dtype="int64"))


def bar_cut(spec: BarSpec, session_offset_ns: int = 0) -> BarCut:
    """Return the boundaries that `tradedesk.engine.LiveBars` has for a size.

    Raises
    ------
    BarSpecError
        For range and renko bars.
    """
    if spec.is_time:
        return TimeCut(TimeGrid(spec, session_offset_ns))
    if spec.unit in (BarUnit.TRADES, BarUnit.CONTRACTS):
        return CountCut(spec)
    raise BarSpecError(
        f"The trades of '{spec}' bars are not cut here: give the row at which each bar begins."
    )
