"""Growable storage for bars: nine columns with room behind, and in front when that is used."""

from __future__ import annotations

from typing import Final

import numpy as np

from tradedesk.engine.bars import COLUMNS, DTYPES, Bar, Bars, Columns

_SMALLEST: Final = 64


class BarColumns:
    """Bars that are only ever added to at both ends, or rewritten at the newer one.

    Growing allocates new arrays, so views handed out before keep what they showed.
    """

    __slots__ = ("_arrays", "_first", "_rows")

    def __init__(self, room: int = _SMALLEST) -> None:
        self._arrays = _allocate(room)
        self._first = 0
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def write(self, at: int, bars: Bars) -> bool:
        """Put `bars` at row `at`, which becomes the last part; tells whether arrays were replaced.

        Parameters
        ----------
        at : int
            0 to the number of rows kept; rows from there on are overwritten or dropped.
        """
        rows = at + len(bars)
        grown = self._first + rows > len(self._arrays[0])
        if grown:
            self._move(at, self._first, max(self._first + rows, 2 * len(self._arrays[0])))
        self._put(at, bars)
        self._rows = rows
        return grown

    def write_in_front(self, bars: Bars) -> None:
        """Put `bars` in front, which moves all rows; what follows them soon has room there."""
        count, rows = len(bars), self._rows
        if count > self._first:
            spare = max(count, rows // 2)
            self._move(rows, spare + count, spare + count + rows + max(_SMALLEST, rows // 16))
        self._first -= count
        self._rows += count
        self._put(0, bars)

    def rewrite_last(self, bar: Bar) -> None:
        """Put `bar` in place of the newest row, which must exist."""
        at = self._first + self._rows - 1
        for column, value in zip(self._arrays, bar, strict=True):
            column[at] = value

    def view(self, start: int, stop: int) -> Bars:
        """Return rows `start` to `stop` without copying."""
        first = self._first
        return Bars.unchecked(
            tuple(column[first + start : first + stop] for column in self._arrays)
        )

    def _put(self, at: int, bars: Bars) -> None:
        begin = self._first + at
        for kept, given in zip(self._arrays, bars.columns(), strict=True):
            kept[begin : begin + len(bars)] = given

    def _move(self, rows: int, first: int, room: int) -> None:
        """Move the oldest `rows` into new arrays, in which they begin at `first`."""
        old = self.view(0, rows)
        self._first, self._arrays = first, _allocate(room)
        self._put(0, old)


class ClosedBars:
    """Closed bars of one live series; single bars wait in a list until somebody reads them."""

    __slots__ = ("_columns", "_pending")

    def __init__(self) -> None:
        self._columns = BarColumns()
        self._pending: list[Bar] = []

    def __len__(self) -> int:
        return len(self._columns) + len(self._pending)

    def add(self, bar: Bar) -> None:
        """Add one bar."""
        self._pending.append(bar)

    def extend(self, bars: Bars) -> None:
        """Add bars."""
        self._flush()
        self._columns.write(len(self._columns), bars)

    def since(self, start: int) -> Bars:
        """Return the bars from row `start` on; a view, good until the next call that adds."""
        self._flush()
        return self._columns.view(start, len(self._columns))

    def _flush(self) -> None:
        if self._pending:
            bars = Bars.from_rows(self._pending)
            self._pending.clear()
            self._columns.write(len(self._columns), bars)


def _allocate(rows: int) -> Columns:
    return tuple(np.empty(max(rows, _SMALLEST), DTYPES[name]) for name in COLUMNS)
