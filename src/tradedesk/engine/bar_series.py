"""The bars of one chart, growing at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import BatchError
from tradedesk.engine.bar_columns import BarColumns
from tradedesk.engine.flow_figures import FlowFigures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine.bars import Bar, Bars


class BarSeries(FlowFigures):
    """Bars for a reader that looks often: columns as views, numbers that tell what changed.

    The columns are read-only views of length ``len(series)``. The newest bar is rewritten in
    place, so a view that is held shows its changes until the series grows out of its arrays or
    is replaced; a view never changes in its other rows and never becomes invalid.

    Attributes
    ----------
    forming : bool
        Whether the newest bar may still change; all bars in front of it are closed. True for a
        newest bar of which nobody said otherwise, False without bars.
    version : int
        Rises with every change.
    generation : int
        Rises when anything but the tail changed: row numbers and closed bars known from before
        are no longer good.
    """

    __slots__ = ("_columns", "_view", "forming", "generation", "version")

    def __init__(self, bars: Bars | None = None) -> None:
        self.version = 0
        self.generation = 0
        self.forming = bars is not None and len(bars) > 0
        self._columns = BarColumns()
        if bars is not None:
            self._columns.write(0, bars)
        self._view = self._read_only()

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def bars(self) -> Bars:
        """All nine columns as read-only views."""
        return self._view

    @property
    def ts_ns(self) -> NDArray[np.int64]:
        """When each bar opens, UTC nanoseconds; int64, shape (n,)."""
        return self._view.ts_ns

    @property
    def open(self) -> NDArray[np.int32]:
        """First prices in ticks; int32, shape (n,)."""
        return self._view.open

    @property
    def high(self) -> NDArray[np.int32]:
        """Highest prices in ticks; int32, shape (n,)."""
        return self._view.high

    @property
    def low(self) -> NDArray[np.int32]:
        """Lowest prices in ticks; int32, shape (n,)."""
        return self._view.low

    @property
    def close(self) -> NDArray[np.int32]:
        """Last prices in ticks; int32, shape (n,)."""
        return self._view.close

    @property
    def volume(self) -> NDArray[np.int64]:
        """Contracts traded; int64, shape (n,)."""
        return self._view.volume

    @property
    def buy_volume(self) -> NDArray[np.int64]:
        """Contracts bought by the aggressor; int64, shape (n,)."""
        return self._view.buy_volume

    @property
    def turnover(self) -> NDArray[np.int64]:
        """Sums of price in ticks times contracts; int64, shape (n,)."""
        return self._view.turnover

    @property
    def count(self) -> NDArray[np.int64]:
        """Numbers of trades; int64, shape (n,)."""
        return self._view.count

    def replace(self, bars: Bars, forming: bool = True, *, stays: int = 0) -> None:
        """Show other bars, the newest of which is forming unless the caller knows better.

        Parameters
        ----------
        bars : Bars
            The other bars.
        forming : bool, default True
            Whether the newest one may still change.
        stays : int, default 0
            How many of the own oldest bars stay in front of them.

        Raises
        ------
        BatchError
            If `bars` start before the last one that stays. Nothing changes.
        """
        own = self._view[:stays]
        if len(own) and len(bars) and bars.ts_ns[0] < own.ts_ns[-1]:
            raise BatchError(
                f"Bars starting at {bars.ts_ns[0]} cannot stand behind one that opens at "
                f"{own.ts_ns[-1]}: let fewer bars stay."
            )
        self._restart(own, bars)
        self.forming = forming and len(bars) > 0

    def close_newest(self) -> None:
        """Mark the newest bar as closed, as when the clock has passed its end.

        Should a trade come late, `apply_tail` marks the bar as forming again.
        """
        if self.forming:
            self.forming = False
            self.version += 1

    def prepend(self, bars: Bars) -> int:
        """Put older bars in front.

        Returns
        -------
        int
            By how many rows everything moved.

        Raises
        ------
        BatchError
            If `bars` do not end before the first own bar opens.
        """
        if not len(bars):
            return 0
        if len(self) and bars.ts_ns[-1] >= self.ts_ns[0]:
            raise BatchError(
                f"Bars ending at {bars.ts_ns[-1]} cannot go in front of a series starting at "
                f"{self.ts_ns[0]}: give only bars that open earlier."
            )
        self.forming = self.forming or not len(self)
        self._columns.write_in_front(bars)
        self._view = self._read_only()
        self.version += 1
        self.generation += 1
        return len(bars)

    def apply_tail(self, bars: Bars, at: int | None = None, forming: bool = True) -> int:
        """Rewrite the newest bar and append what follows.

        Parameters
        ----------
        bars : Bars
            None of them older than the newest own bar.
        at : int, optional
            Row at which `bars` go: that of the newest bar or the one behind it. Left out, a
            first bar that opens when the newest own one does replaces it. Needed for all but time
            bars: several of them may open at the same time.
        forming : bool, default True
            Whether the last of `bars` may still change.

        Returns
        -------
        int
            First row that changed; ``len(series)`` when `bars` is empty.

        Raises
        ------
        BatchError
            If `bars` start before the newest own bar, or `at` is another row. Nothing changes.
        """
        rows = len(self)
        if not len(bars):
            return rows
        last_ts = int(self.ts_ns[-1]) if rows else int(bars.ts_ns[0]) - 1
        first_ts = int(bars.ts_ns[0])
        if first_ts < last_ts:
            raise BatchError(
                f"Bars starting at {first_ts} are older than the newest bar ({last_ts}): "
                f"use replace or prepend for history."
            )
        if at is None:
            at = rows - 1 if first_ts == last_ts else rows
        elif not max(rows - 1, 0) <= at <= rows:
            raise BatchError(
                f"Row {at} is not at the tail of a series of {rows} bars: "
                f"use {max(rows - 1, 0)} or {rows}."
            )
        grown = self._columns.write(at, bars)
        if grown or len(self._columns) != rows:
            self._view = self._read_only()
        self.forming = forming
        self.version += 1
        return at

    def apply_newest(self, bar: Bar, at: int | None = None, forming: bool = True) -> bool:
        """Rewrite the newest bar; what `apply_tail` does with one bar, at a tenth of its cost.

        Parameters
        ----------
        bar, at, forming
            As `bars`, `at` and `forming` in `apply_tail`.

        Returns
        -------
        bool
            Whether it was done. If `bar` is another one than the newest own one, nothing changes.
        """
        rows = len(self._columns)
        if not rows or bar.ts_ns != self._view.ts_ns[-1] or at not in (None, rows - 1):
            return False
        self._columns.rewrite_last(bar)
        self.forming = forming
        self.version += 1
        return True

    def _restart(self, head: Bars, tail: Bars) -> None:
        rows = len(head) + len(tail)
        # Room for the bars to come, so that the next one does not move all of them once more.
        self._columns = BarColumns(rows + rows // 16)
        self._columns.write(0, head)
        self._columns.write(len(head), tail)
        self._view = self._read_only()
        self.version += 1
        self.generation += 1

    def _read_only(self) -> Bars:
        view = self._columns.view(0, len(self._columns))
        for column in view.columns():
            column.flags.writeable = False
        return view
