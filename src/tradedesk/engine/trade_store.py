"""All trades of one contract, kept so that bars of any size cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BatchError
from tradedesk.engine.aggregate import aggregate
from tradedesk.engine.bars import Bars
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.calendar import Calendar, grid_of
from tradedesk.engine.count_grid import tick_starts, volume_starts_of_sums
from tradedesk.engine.range_bars import range_starts
from tradedesk.engine.renko_bars import lay_bricks
from tradedesk.engine.trading_hours import TradingHours
from tradedesk.engine.window_extremes import highs_and_lows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST: Final = 1_024


class TradeStore:
    """Growable trade columns with prefix sums of volume, buy volume and turnover.

    The sums are kept as trades come in, so a bar's volume is a difference of two of them and
    only highs and lows read the prices again. 20 bytes a trade plus 24 for the sums.
    """

    __slots__ = ("_columns", "_rows", "_sums")

    def __init__(self) -> None:
        self._rows = 0
        self._columns: tuple[NDArray[Any], ...] = (
            np.empty(_SMALLEST, np.int64),
            *(np.empty(_SMALLEST, np.int32) for _ in range(3)),
        )
        self._sums = tuple(np.zeros(_SMALLEST + 1, np.int64) for _ in range(3))

    def __len__(self) -> int:
        return self._rows

    @property
    def trades(self) -> TradeBatch:
        """All trades as read-only views; they stay as they are when the store grows."""
        views = [column[: self._rows] for column in self._columns]
        for view in views:
            view.flags.writeable = False
        return TradeBatch.unchecked(*views)

    def append(self, batch: TradeBatch) -> None:
        """Add trades.

        Raises
        ------
        BatchError
            If the first one is older than the newest one kept; nothing changes.
        """
        added = len(batch)
        if not added:
            return
        rows = self._rows
        if rows and batch.ts_ns[0] < self._columns[0][rows - 1]:
            raise BatchError(
                f"A batch starting at {batch.ts_ns[0]} is older than the newest trade kept "
                f"({self._columns[0][rows - 1]}): append in the order of time."
            )
        self._make_room(rows + added)
        stop = rows + added
        given = (batch.ts_ns, batch.px_ticks, batch.qty, batch.buy_qty)
        for kept, column in zip(self._columns, given, strict=True):
            kept[rows:stop] = column
        volume, buy_volume, turnover = (sums[rows + 1 : stop + 1] for sums in self._sums)
        np.cumsum(batch.qty, dtype=np.int64, out=volume)
        np.cumsum(batch.buy_qty, dtype=np.int64, out=buy_volume)
        np.multiply(batch.px_ticks, batch.qty, dtype=np.int64, out=turnover)
        np.cumsum(turnover, out=turnover)
        for sums, part in zip(self._sums, (volume, buy_volume, turnover), strict=True):
            part += sums[rows]
        self._rows = stop

    def bars(self, spec: BarSpec, calendar: Calendar = 0) -> Bars:
        """Make bars of all trades; equal to `tradedesk.engine.aggregate` of them.

        Parameters
        ----------
        spec : BarSpec
            Any; all but time bars count from the first trade kept.
        calendar : int or TradingHours, default 0
            What the bars follow, as in `tradedesk.engine.aggregate`.

        Raises
        ------
        BatchError
            If a trade lays more renko bricks at once than can be meant.
        """
        rows = self._rows
        if not rows:
            return Bars.empty()
        ts_ns = self._columns[0][:rows]
        if spec.is_time:
            cut = grid_of(spec, calendar).cut(ts_ns)
            return cut.bars(self._reduced(cut.starts, cut.opens))
        if isinstance(calendar, TradingHours):
            return aggregate(self.trades, spec, calendar)  # the sums run through sessions
        if spec.unit is BarUnit.RENKO:
            bricks = lay_bricks(spec.size, self._columns[1][:rows])
            return bricks.bars(self._reduced(bricks.starts, ts_ns[bricks.starts]), ts_ns)
        starts = self._count_starts(spec)
        return self._reduced(starts, ts_ns[starts])

    def _reduced(self, starts: NDArray[np.intp], opens: NDArray[np.int64]) -> Bars:
        """One bar of the rows from each start to the next."""
        rows = self._rows
        price = self._columns[1][:rows]
        edges = np.append(starts, rows)
        volume, buy_volume, turnover = (np.diff(sums[edges]) for sums in self._sums)
        return Bars.unchecked(
            (
                opens,
                price[starts],
                *highs_and_lows(price, starts),
                price[edges[1:] - 1],
                volume,
                buy_volume,
                turnover,
                np.diff(edges).astype(np.int64, copy=False),
            )
        )

    def _count_starts(self, spec: BarSpec) -> NDArray[np.intp]:
        if spec.unit is BarUnit.TRADES:
            return tick_starts(spec.size, self._rows)
        if spec.unit is BarUnit.RANGE:
            return range_starts(spec.size, self._columns[1][: self._rows])
        return volume_starts_of_sums(spec.size, self._sums[0][: self._rows + 1])

    def _make_room(self, rows: int) -> None:
        room = len(self._columns[0])
        if rows <= room:
            return
        room = max(rows, 2 * room)
        self._columns = tuple(self._moved(column, room, self._rows) for column in self._columns)
        self._sums = tuple(self._moved(sums, room + 1, self._rows + 1) for sums in self._sums)

    @staticmethod
    def _moved(old: NDArray[Any], room: int, used: int) -> NDArray[Any]:
        new = np.empty(room, old.dtype)
        new[:used] = old[:used]
        return new
