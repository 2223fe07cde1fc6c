"""Where time bars open, counted from a constant time of day UTC.

One grid serves for single times and for columns of them. It knows no breaks, no holidays and no
change of the clocks; `tradedesk.engine.hours.session_grid` does.

Seconds, minutes and hours count from 1970-01-01 00:00 UTC. Days, weeks and months follow the
trading day, which starts `session_offset_ns` after midnight UTC: with an offset of minus two
hours the bar that opens on Sunday 22:00 is Monday's. Several days or weeks in one bar count from
1970-01-01 and from Monday 1969-12-29, several months from January of year 0, so that 3mo bars are
the calendar quarters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.bar_spec import UNIT_NS, BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError
from tradedesk.engine.hours.cut import Cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.hours.bar_grid import BarGrid

DAY_NS: Final = UNIT_NS[BarUnit.DAY]
_FIRST_MONDAY_NS: Final = -3 * DAY_NS
_EPOCH_MONTHS: Final = 1970 * 12
_BLOCK: Final = 65_536
_DENSE_ROWS_PER_BAR: Final = 100
_LONG_COLUMN: Final = 500_000
_SAMPLE: Final = 256


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

    @classmethod
    def anchored(cls, spec: BarSpec, anchor_ns: int) -> TimeGrid:
        """Make a grid of seconds, minutes or hours that counts from another time than 1970."""
        grid = cls(spec)
        grid.anchor_ns = anchor_ns % grid.period_ns
        return grid

    def span(self, ts_ns: int) -> tuple[int, int]:
        """Return when the bar holding `ts_ns` opens, and when it closes."""
        if self.period_ns:
            opens_ns = ts_ns - (ts_ns - self.anchor_ns) % self.period_ns
            return opens_ns, opens_ns + self.period_ns
        bar = self._month_bar(ts_ns)
        return self._month_open(bar), self._month_open(bar + 1)

    def floor(self, ts_ns: int) -> int:
        """Return when the bar holding `ts_ns` opens."""
        if self.period_ns:
            return ts_ns - (ts_ns - self.anchor_ns) % self.period_ns
        return self._month_open(self._month_bar(ts_ns))

    def next(self, ts_ns: int) -> int:
        """Return when the bar after the one holding `ts_ns` opens."""
        return self.span(ts_ns)[1]

    def cut(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut a column of times into bars, none of which is left out.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, n at least 1.
        """
        first, last = int(ts_ns[0]), int(ts_ns[-1])
        if not self.period_ns:
            bars = np.arange(self._month_bar(first), self._month_bar(last) + 1)
            return Cut(*cut_at(self._month_opens(bars), ts_ns))
        bars_spanned = (last - first) // self.period_ns + 1
        if len(ts_ns) >= _DENSE_ROWS_PER_BAR * bars_spanned:
            return Cut(*cut_at(np.arange(self.floor(first), last + 1, self.period_ns), ts_ns))
        return Cut(*self._cut_at_changes(ts_ns))

    def nests_in(self, longer: BarGrid) -> bool:
        """Tell whether a bar of `longer` never opens inside a bar of this grid."""
        if self.months:
            return (
                isinstance(longer, TimeGrid)
                and longer.anchor_ns == self.anchor_ns
                and longer.months > 0
                and longer.months % self.months == 0
            )
        return longer.fits(self.period_ns, self.anchor_ns)

    def fits(self, period_ns: int, anchor_ns: int) -> bool:
        """Tell whether all bars open a whole number of periods after `anchor_ns`."""
        whole = self.period_ns or DAY_NS
        return (self.anchor_ns - anchor_ns) % period_ns == 0 and whole % period_ns == 0

    def _cut_at_changes(
        self, ts_ns: NDArray[np.int64]
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Cut where the bar number changes, by division in pieces that stay in cache."""
        rows = len(ts_ns)
        buffer = np.empty(min(rows, _BLOCK) + 1, np.int64)
        starts = [np.zeros(1, np.intp)]
        numbers = [np.array([(int(ts_ns[0]) - self.anchor_ns) // self.period_ns])]
        for start in range(0, rows - 1, _BLOCK):
            part = ts_ns[start : start + _BLOCK + 1]
            number = buffer[: len(part)]
            if self.anchor_ns:
                part = np.subtract(part, self.anchor_ns, out=number)
            np.floor_divide(part, self.period_ns, out=number)
            change = np.flatnonzero(number[1:] != number[:-1])
            change += 1
            numbers.append(number[change])
            change += start
            starts.append(change)
        opens = np.concatenate(numbers)
        opens *= self.period_ns
        opens += self.anchor_ns
        return np.concatenate(starts), opens

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


def cut_at(
    opens: NDArray[np.int64], ts_ns: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Cut at given times, the first of which opens the bar of row 0.

    Returns
    -------
    starts : ndarray of intp, shape (bars,)
        The row at which each bar begins; bars without rows are left out.
    opens : ndarray of int64, shape (bars,)
        When each of these bars opens.
    """
    starts = np.empty(len(opens), np.intp)
    starts[0] = 0
    starts[1:] = first_rows(ts_ns, opens[1:])
    keep = np.empty(len(starts), np.bool_)
    keep[-1] = True
    np.not_equal(starts[1:], starts[:-1], out=keep[:-1])
    return starts[keep], opens[keep]


def first_rows(ts_ns: NDArray[np.int64], opens: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return ``ts_ns.searchsorted(opens)`` for opens behind the first time and up to the last.

    In a long column every step of a binary search waits for memory. A sample that fits into the
    cache is searched instead, and the rest of the way all searches take their steps together, so
    that they wait side by side.
    """
    if len(ts_ns) < _LONG_COLUMN:
        return ts_ns.searchsorted(opens)
    before: NDArray[np.intp] = np.ascontiguousarray(ts_ns[::_SAMPLE]).searchsorted(opens)
    before -= 1
    before *= _SAMPLE
    probe = np.empty_like(before)
    found = np.empty(len(opens), np.int64)
    earlier = np.empty(len(opens), np.bool_)
    step = _SAMPLE // 2
    while step:
        np.add(before, step, out=probe)
        ts_ns.take(probe, out=found, mode="clip")
        np.less(found, opens, out=earlier)
        np.multiply(earlier, step, out=probe)
        before += probe
        step //= 2
    before += 1
    return before
