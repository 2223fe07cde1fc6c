"""Where time bars open: one grid for single times and for columns of them.

Seconds, minutes and hours count from 1970-01-01 00:00 UTC. Days, weeks and months follow the
trading day, which starts `session_offset_ns` after midnight UTC: with an offset of minus two
hours the bar that opens on Sunday 22:00 is Monday's. Several days or weeks in one bar count from
1970-01-01 and from Monday 1969-12-29, several months from January of year 0, so that 3mo bars are
the calendar quarters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.bar_spec import UNIT_NS, BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_NS: Final = UNIT_NS[BarUnit.DAY]
_FIRST_MONDAY_NS: Final = -3 * DAY_NS
_EPOCH_MONTHS: Final = 1970 * 12
_BLOCK: Final = 32_768
_DENSE_ROWS_PER_BAR: Final = 100


class TimeGrid:
    """Bar boundaries of one time spec.

    Parameters
    ----------
    spec : BarSpec
        Seconds, minutes, hours, days, weeks or months.
    session_offset_ns : int, default 0
        Start of the trading day after midnight UTC, between minus and plus one day. Moves days,
        weeks and months only.

    Attributes
    ----------
    period_ns : int
        Length of a bar; 0 for months.
    anchor_ns : int
        A time at which a bar opens.

    Raises
    ------
    BarSpecError
        If the spec does not count time or the offset is a day or more.
    """

    __slots__ = ("anchor_ns", "months", "period_ns", "spec")

    def __init__(self, spec: BarSpec, session_offset_ns: int = 0) -> None:
        if not spec.is_time:
            raise BarSpecError(f"'{spec}' bars do not close by the clock: use a time such as '5m'.")
        if abs(session_offset_ns) >= DAY_NS:
            raise BarSpecError(
                f"A session offset of {session_offset_ns} ns is a day or more: "
                f"give the distance to the nearest midnight UTC."
            )
        self.spec = spec
        self.period_ns = spec.period_ns or 0
        self.months = spec.size if spec.unit is BarUnit.MONTH else 0
        if spec.unit in (BarUnit.DAY, BarUnit.MONTH):
            self.anchor_ns = session_offset_ns
        elif spec.unit is BarUnit.WEEK:
            self.anchor_ns = session_offset_ns + _FIRST_MONDAY_NS
        else:
            self.anchor_ns = 0

    def floor(self, ts_ns: int) -> int:
        """Return when the bar holding `ts_ns` opens."""
        if self.period_ns:
            return ts_ns - (ts_ns - self.anchor_ns) % self.period_ns
        return self._month_open(self._month_bar(ts_ns))

    def next(self, ts_ns: int) -> int:
        """Return when the bar after the one holding `ts_ns` opens."""
        if self.period_ns:
            return self.floor(ts_ns) + self.period_ns
        return self._month_open(self._month_bar(ts_ns) + 1)

    def floor_column(self, ts_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return when the bar of each time opens; shape (n,)."""
        if self.period_ns:
            late = (ts_ns - self.anchor_ns) % self.period_ns
            return np.subtract(ts_ns, late, out=late)
        return self._month_opens(self._month_bars(ts_ns))

    def starts(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the row at which each bar begins.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, n at least 1.

        Returns
        -------
        ndarray of intp, shape (bars,)
            Ascending rows, the first one 0; bars without rows are left out.
        """
        first, last = int(ts_ns[0]), int(ts_ns[-1])
        if not self.period_ns:
            bars = np.arange(self._month_bar(first) + 1, self._month_bar(last) + 1)
            return _rows_of(self._month_opens(bars), ts_ns)
        bars_spanned = (last - first) // self.period_ns + 1
        if len(ts_ns) >= _DENSE_ROWS_PER_BAR * bars_spanned:
            return _rows_of(np.arange(self.next(first), last + 1, self.period_ns), ts_ns)
        return self._changes(ts_ns)

    def nests_in(self, longer: TimeGrid) -> bool:
        """Tell whether a bar of `longer` never opens inside a bar of this grid."""
        if self.months:
            return longer.months > 0 and longer.months % self.months == 0
        shift = (longer.anchor_ns - self.anchor_ns) % self.period_ns
        whole = longer.period_ns or DAY_NS
        return shift == 0 and whole % self.period_ns == 0

    def _changes(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows where the bar number changes, by division in pieces that stay in cache."""
        rows = len(ts_ns)
        number = np.empty(min(rows, _BLOCK) + 1, np.int64)
        found: list[NDArray[np.intp]] = [np.zeros(1, np.intp)]
        for start in range(0, rows - 1, _BLOCK):
            part = ts_ns[start : start + _BLOCK + 1]
            bar = number[: len(part)]
            if self.anchor_ns:
                np.subtract(part, self.anchor_ns, out=bar)
                part = bar
            np.floor_divide(part, self.period_ns, out=bar)
            change = np.flatnonzero(bar[1:] != bar[:-1])
            change += start + 1
            found.append(change)
        return np.concatenate(found)

    def _month_bar(self, ts_ns: int) -> int:
        return int(self._month_bars(np.array([ts_ns], np.int64))[0])

    def _month_bars(self, ts_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        moved = (ts_ns - self.anchor_ns).view("datetime64[ns]")
        month = moved.astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTHS
        return month // self.months

    def _month_open(self, bar: int) -> int:
        return int(self._month_opens(np.array([bar], np.int64))[0])

    def _month_opens(self, bars: NDArray[np.int64]) -> NDArray[np.int64]:
        month = (bars * self.months - _EPOCH_MONTHS).view("datetime64[M]")
        return month.astype("datetime64[ns]").astype(np.int64) + self.anchor_ns


def _rows_of(opens: NDArray[Any], ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
    """First row of each bar, given when every bar but the first one opens; empty bars left out."""
    starts = np.empty(len(opens) + 1, np.intp)
    starts[0] = 0
    starts[1:] = ts_ns.searchsorted(opens)
    keep = np.empty(len(starts), np.bool_)
    keep[-1] = True
    np.not_equal(starts[1:], starts[:-1], out=keep[:-1])
    return starts[keep]
