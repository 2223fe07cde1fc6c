"""Moments to bar positions and back, also right of the newest and left of the oldest bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RECENT: Final = 200
"""Bars whose mean length stands for bars that do not follow the clock."""


class TimeMap:
    """Places of moments among the bars of a series.

    A moment within a bar stands at that bar. Beyond the bars the length of a bar counts.

    Parameters
    ----------
    ts_ns : ndarray of int64
        Opening times of all bars, ascending; at least one.
    period_ns : int or None
        Length of a bar, None where bars differ.
    """

    def __init__(self, ts_ns: NDArray[np.int64], period_ns: int | None) -> None:
        self._ts_ns = ts_ns
        self._last = len(ts_ns) - 1
        self._first_ns, self._last_ns = int(ts_ns[0]), int(ts_ns[-1])
        self.period_ns = period_ns or self._mean_ns()

    def bars(self, moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Bar position of each moment; float64 of the same shape."""
        rows = np.searchsorted(self._ts_ns, moments, side="right") - 1.0
        beyond = (moments - self._last_ns) // self.period_ns
        before = np.floor_divide(moments - self._first_ns, self.period_ns)
        rows = np.where(moments > self._last_ns, self._last + beyond, rows)
        return np.where(moments < self._first_ns, before, rows).astype(np.float64)

    def bar(self, moment: int) -> int:
        """Bar position of one moment; the same as `bars` gives, without its arrays."""
        if moment > self._last_ns:
            return self._last + (moment - self._last_ns) // self.period_ns
        if moment < self._first_ns:
            return (moment - self._first_ns) // self.period_ns
        return int(self._ts_ns.searchsorted(moment, side="right")) - 1

    def moment(self, bar: int) -> int:
        """Opening time of the bar at a position; what it would be where there is none."""
        if bar < 0:
            return self._first_ns + bar * self.period_ns
        if bar > self._last:
            return self._last_ns + (bar - self._last) * self.period_ns
        return int(self._ts_ns[bar])

    def shifted(self, moment: int, bars: int) -> int:
        """A moment so many bars later; how far it lies within its bar stays the same."""
        bar = self.bar(moment)
        return moment + self.moment(bar + bars) - self.moment(bar)

    def _mean_ns(self) -> int:
        recent = self._ts_ns[-_RECENT:]
        steps = len(recent) - 1
        return max(1, int(recent[-1] - recent[0]) // steps) if steps > 0 else 60_000_000_000
