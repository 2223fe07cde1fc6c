"""Growable storage for bars: nine columns that double when full."""

from __future__ import annotations

from typing import Final

import numpy as np

from tradedesk.engine.bars import COLUMNS, DTYPES, Bar, Bars, Columns

_SMALLEST: Final = 64


class BarColumns:
    """Bars that are only ever added to or rewritten at the end.

    Growing allocates new arrays, so views handed out before keep what they showed.
    """

    __slots__ = ("_arrays", "_rows")

    def __init__(self, room: int = _SMALLEST) -> None:
        self._arrays = _allocate(room)
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
        grown = rows > len(self._arrays[0])
        if grown:
            old = self._arrays
            self._arrays = _allocate(max(rows, 2 * len(old[0])))
            for new_column, old_column in zip(self._arrays, old, strict=True):
                new_column[:at] = old_column[:at]
        for kept, given in zip(self._arrays, bars.columns(), strict=True):
            kept[at:rows] = given
        self._rows = rows
        return grown

    def view(self, start: int, stop: int) -> Bars:
        """Return rows `start` to `stop` without copying."""
        return Bars.unchecked(tuple(column[start:stop] for column in self._arrays))


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
