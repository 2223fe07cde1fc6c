"""Growable storage for the footprints of closed bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.engine.orderflow.footprint import Footprint
from tradedesk.engine.orderflow.levels import Levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST: Final = 64


class ClosedFootprints:
    """Footprints that are only added to; single bars wait in a list until somebody reads them.

    Growing allocates new arrays, so what was handed out before keeps what it showed.
    """

    __slots__ = ("_bars", "_pending", "_prices", "_waiting")

    def __init__(self) -> None:
        nothing = Footprint.empty()
        self._bars = tuple(map(_Growing, (nothing.ts_ns, nothing.max_delta, nothing.min_delta)))
        # where each bar ends among the prices: the offsets without the first one, which is 0
        self._bars += (_Growing(nothing.offsets[1:]),)
        self._prices = tuple(map(_Growing, nothing.levels.columns()))
        self._pending: list[Footprint] = []
        self._waiting = 0

    def __len__(self) -> int:
        return self._bars[0].rows + self._waiting

    def add(self, bars: Footprint) -> None:
        """Add bars."""
        if len(bars):
            self._pending.append(bars)
            self._waiting += len(bars)

    def since(self, start: int) -> Footprint:
        """Return the bars from row `start` on; views of everything but the offsets."""
        self._flush()
        ts_ns, max_delta, min_delta, ends = (column.view() for column in self._bars)
        offsets = np.concatenate((np.zeros(1, np.intp), ends))
        levels = Levels(offsets, *(column.view() for column in self._prices))
        return Footprint(ts_ns, levels, max_delta, min_delta)[start:]

    def _flush(self) -> None:
        if not self._pending:
            return
        bars = Footprint.concat(self._pending)
        self._pending.clear()
        self._waiting = 0
        ends = bars.offsets[1:] + self._prices[0].rows
        given = (bars.ts_ns, bars.max_delta, bars.min_delta, ends)
        for kept, column in zip(self._bars, given, strict=True):
            kept.extend(column)
        for kept, column in zip(self._prices, bars.levels.columns(), strict=True):
            kept.extend(column)


class _Growing:
    """One column that doubles when it is full."""

    __slots__ = ("_array", "rows")

    def __init__(self, like: NDArray[Any]) -> None:
        self._array = np.empty(_SMALLEST, like.dtype)
        self.rows = 0

    def extend(self, values: NDArray[Any]) -> None:
        rows = self.rows + len(values)
        if rows > len(self._array):
            array = np.empty(max(rows, 2 * len(self._array)), self._array.dtype)
            array[: self.rows] = self._array[: self.rows]
            self._array = array
        self._array[self.rows : rows] = values
        self.rows = rows

    def view(self) -> NDArray[Any]:
        return self._array[: self.rows]
