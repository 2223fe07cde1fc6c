"""Where the next bar begins in a stream: the boundaries of `LiveBars`, for others to share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.aggregate import count_starts
from tradedesk.engine.hours.calendar import grid_of
from tradedesk.engine.kinds.range_bars import range_starts
from tradedesk.engine.running_totals import BEFORE_ALL_TIME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.engine.hours.calendar import Calendar


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
    """Knows of a stream how far its forming bar reaches; never given what is outside the hours."""

    def restart(self) -> None:
        """Go on with a new session: bars that do not follow the clock begin anew."""

    def tick(self, ts_ns: int, px: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""


class TimeCut:
    """Boundaries of time bars."""

    __slots__ = ("_end", "_grid")

    def __init__(self, grid: BarGrid) -> None:
        self._grid = grid
        self._end = BEFORE_ALL_TIME

    def restart(self) -> None:
        """Nothing: the grid knows the sessions, and a bar of days holds several."""

    def tick(self, ts_ns: int, px: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""
        if ts_ns < self._end:
            return None
        self._end = self._grid.next(ts_ns)
        return self._grid.floor(ts_ns)

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""
        starts, opens, _ = self._grid.cut(trades.ts_ns)
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

    def restart(self) -> None:
        """Count anew."""
        self._counted = self._edge = 0

    def tick(self, ts_ns: int, px: int, qty: int) -> int | None:
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


class RangeCut:
    """Boundaries of range bars."""

    __slots__ = ("_reach", "_size")

    def __init__(self, spec: BarSpec) -> None:
        self._size = spec.size
        # lowest and highest price of the forming bar
        self._reach: tuple[int, int] | None = None

    def restart(self) -> None:
        """Begin with the next trade."""
        self._reach = None

    def tick(self, ts_ns: int, px: int, qty: int) -> int | None:
        """Go on by a trade; returns when its bar opens if it begins one."""
        reach = self._with(px)
        self._reach = reach or (px, px)
        return None if reach else ts_ns

    def batch(self, trades: TradeBatch) -> Cut:
        """Go on by at least one trade."""
        px = trades.px_ticks
        first = int(px[0])
        reach = self._with(first)
        starts = range_starts(self._size, px, reach or (first, first))
        last = px[int(starts[-1]) :]
        low, high = int(last.min()), int(last.max())
        if reach and len(starts) == 1:
            low, high = min(low, reach[0]), max(high, reach[1])
        self._reach = (low, high)
        return Cut(starts, trades.ts_ns[starts], reach is not None)

    def _with(self, px: int) -> tuple[int, int] | None:
        """How far the forming bar reaches with a price; None if it does not fit."""
        if self._reach is None:
            return None
        low, high = min(self._reach[0], px), max(self._reach[1], px)
        return (low, high) if high - low <= self._size else None


def bar_cut(spec: BarSpec, calendar: Calendar = 0) -> BarCut:
    """Return the boundaries that `tradedesk.engine.LiveBars` has for a size.

    Raises
    ------
    BarSpecError
        For renko bars, of which one trade may make several.
    """
    if spec.is_time:
        return TimeCut(grid_of(spec, calendar))
    if spec.unit is BarUnit.RANGE:
        return RangeCut(spec)
    if spec.is_count:
        return CountCut(spec)
    raise BarSpecError(
        f"A trade may lay several bricks of '{spec}', so they have no footprint: use range bars "
        f"such as '{spec.size}r'."
    )
