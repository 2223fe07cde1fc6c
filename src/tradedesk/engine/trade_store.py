"""All trades of one contract, kept so that bars of any size cost next to nothing.

Columns are contiguous arrays that are replaced by larger ones before they are full, one column
after another and, under a live feed, a piece with each delivery: only one of them exists twice at a
time, and none is moved in one go. A reader's views keep the array they were cut
from, so what was handed out never changes, whatever is added or rewritten later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BatchError
from tradedesk.engine.aggregate import aggregate
from tradedesk.engine.bars import Bars
from tradedesk.engine.batch import TradeBatch
from tradedesk.engine.growth import Growth
from tradedesk.engine.hours.calendar import Calendar, grid_of
from tradedesk.engine.hours.trading_hours import TradingHours
from tradedesk.engine.kinds.count_grid import tick_starts, volume_starts_of_sums
from tradedesk.engine.kinds.range_bars import range_starts
from tradedesk.engine.kinds.renko_bars import lay_bricks
from tradedesk.engine.room import room_for
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.window_extremes import highs_and_lows

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST: Final = 1_024
_PIECE: Final = 131_072
"""Trades added up at a time, so that the second pass over them finds them in the cache."""

_FEW: Final = 16
"""Up to here, writing one by one costs less than one call per column."""

_LIVE: Final = 1_024
"""Deliveries up to this size come from a live feed. A load is larger, and may know its length."""

_MOVED_EACH: Final = 64
"""Values moved for each trade added. Seven columns with a sixth of their room left need 42."""

_MOVED_LEAST: Final = 2_048


class TradeStore:
    """Growable trade columns with prefix sums of volume, buy volume and turnover.

    The sums are kept as trades come in, so a bar's volume is a difference of two of them and
    only highs and lows read the prices again.

    Attributes
    ----------
    revision : int
        Rises when trades that were kept are changed or taken out: rows and bars known from
        before are no longer good from the row on that `rewrite` was told.

    Notes
    -----
    A trade takes 44 bytes: 20 for its columns and 24 for the sums. Columns grow by half once a
    sixth of their room is left, so up to 80 bytes are asked for, of which the system gives those
    that were written to. While they grow, one more column (8 bytes of the 44) is there twice. The
    columns of trades, not the sums, also stay as long as a reader holds views that were cut from
    them earlier.
    `reserve` before a load of known length saves all growing.
    """

    __slots__ = ("_columns", "_growths", "_rows", "_sums", "revision")

    def __init__(self) -> None:
        self.revision = 0
        self._rows = 0
        self._columns: list[NDArray[Any]] = [
            np.empty(_SMALLEST, np.int64),
            *(np.empty(_SMALLEST, np.int32) for _ in range(3)),
        ]
        self._sums: list[NDArray[Any]] = [np.zeros(_SMALLEST + 1, np.int64) for _ in range(3)]
        self._growths = (Growth(), Growth())

    def __len__(self) -> int:
        return self._rows

    @property
    def newest_ns(self) -> int:
        """Stamp of the newest trade kept; before all time while there is none."""
        return int(self._columns[0][self._rows - 1]) if self._rows else BEFORE_ALL_TIME

    @property
    def nbytes(self) -> int:
        """Bytes asked for, room to grow included; views of older arrays are their readers'."""
        kept = sum(array.nbytes for array in (*self._columns, *self._sums))
        return kept + sum(growth.nbytes for growth in self._growths)

    @property
    def trades(self) -> TradeBatch:
        """All trades as read-only views; they stay as they are whatever the store does."""
        views = [column[: self._rows] for column in self._columns]
        for view in views:
            view.flags.writeable = False
        return TradeBatch.unchecked(*views)

    def reserve(self, rows: int) -> None:
        """Make room for this many trades in all, so that no column grows until then.

        Parameters
        ----------
        rows : int
            Trades kept and to come. Fewer than there is room for changes nothing.
        """
        for growth in self._growths:
            growth.stop()
        # One array after another: the old one is dropped before the next new one is made.
        for at in range(len(self._columns)):
            if len(self._columns[at]) < rows:
                self._columns[at] = _moved(self._columns[at], rows, self._rows)
        for at in range(len(self._sums)):
            if len(self._sums[at]) <= rows:
                self._sums[at] = _moved(self._sums[at], rows + 1, self._rows + 1)

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
        self._refuse_older(batch, rows)
        stop = rows + added
        room = len(self._columns[0])
        if stop > room:
            self.reserve(max(stop, room + room // 2))
        self._write(rows, batch)
        self._rows = stop
        if added <= _LIVE and stop > len(self._columns[0]) * 5 // 6:
            self._grow(max(_MOVED_LEAST, _MOVED_EACH * added))

    def rewrite(self, row: int, trades: TradeBatch) -> None:
        """Keep other trades from a row on; the sums are mended from there.

        Parameters
        ----------
        row : int
            First row that is another one now, 0 to ``len(store)``.
        trades : TradeBatch
            What stands there instead, to the end: it may be fewer or more trades, or none.

        Raises
        ------
        BatchError
            If there is no such row, or the first trade is older than the one in front of it;
            nothing changes.
        """
        if not 0 <= row <= self._rows:
            raise BatchError(f"There is no row {row} in a store of {self._rows} trades.")
        if len(trades):
            self._refuse_older(trades, row)
        stop = row + len(trades)
        room = max(len(self._columns[0]), stop)
        for at in range(len(self._columns)):  # new arrays, as a reader may hold views of these
            self._columns[at] = _moved(self._columns[at], room, row)
        self._rows = row
        self.reserve(room)
        self._write(row, trades)
        self._rows = stop
        self.revision += 1

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

    def _grow(self, count: int) -> None:
        """Move a piece of what is kept into larger arrays."""
        rows, room = self._rows, len(self._columns[0])
        room += room // 2
        sums, columns = self._growths
        if sums.step(self._sums, rows + 1, room + 1, count):
            columns.step(self._columns, rows, room, count)

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

    def _refuse_older(self, batch: TradeBatch, row: int) -> None:
        """Refuse trades that do not follow the one in front of a row."""
        if row and batch.ts_ns[0] < self._columns[0][row - 1]:
            raise BatchError(
                f"A batch starting at {batch.ts_ns[0]} is older than the newest trade kept "
                f"({self._columns[0][row - 1]}): append in the order of time."
            )

    def _write(self, row: int, batch: TradeBatch) -> None:
        """Put trades at `row`, where there is room, and add them up piece by piece."""
        if len(batch) <= _FEW:
            self._write_few(row, batch)
            return
        given = (batch.ts_ns, batch.px_ticks, batch.qty, batch.buy_qty)
        for kept, column in zip(self._columns, given, strict=True):
            kept[row : row + len(batch)] = column
        for start in range(0, len(batch), _PIECE):
            stop = min(start + _PIECE, len(batch))
            # Each slice begins with the sum so far, so that adding up carries it on.
            volume, buy_volume, turnover = (s[row + start : row + stop + 1] for s in self._sums)
            qty = batch.qty[start:stop]
            volume[1:] = qty
            buy_volume[1:] = batch.buy_qty[start:stop]
            np.multiply(batch.px_ticks[start:stop], qty, dtype=np.int64, out=turnover[1:])
            for sums in (volume, buy_volume, turnover):
                np.cumsum(sums, out=sums)

    def _write_few(self, row: int, batch: TradeBatch) -> None:
        """The same for the handful of trades that a live feed delivers, one by one."""
        ts, px, lots, bought = self._columns
        volumes, buy_volumes, turnovers = self._sums
        volume, buy_volume, turnover = (int(sums[row]) for sums in self._sums)
        for ts_ns, px_ticks, qty, buy_qty in batch.rows():
            ts[row], px[row], lots[row], bought[row] = ts_ns, px_ticks, qty, buy_qty
            row += 1
            volume += qty
            buy_volume += buy_qty
            turnover += px_ticks * qty
            volumes[row], buy_volumes[row], turnovers[row] = volume, buy_volume, turnover


def _moved(old: NDArray[Any], room: int, used: int) -> NDArray[Any]:
    new = room_for(room, old.dtype)
    new[:used] = old[:used]
    return new
