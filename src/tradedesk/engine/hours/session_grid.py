"""Where time bars open in a market with trading hours.

Seconds, minutes and hours count from the opening of each session, and the last bar of a session
ends at its close, however short that makes it. Days are trading days, whatever sessions they
have; weeks and months are the trading days of a calendar week (from Monday) or month. Several
days, weeks or months in one bar are counted as in `tradedesk.engine.hours.time_grid`, by the dates
of the trading days. A bar opens when its first session does, be it the first that is known.

What lies outside the sessions belongs to no bar.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.hours.cut import Cut
from tradedesk.engine.hours.time_grid import DAY_NS, TimeGrid, cut_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.engine.hours.trading_hours import TradingHours

_DENSE_ROWS_PER_BAR: Final = 8
_BLOCK: Final = 65_536


class SessionGrid:
    """Bar boundaries of one time spec in trading hours.

    Parameters
    ----------
    spec : BarSpec
        Seconds, minutes, hours, days, weeks or months.
    hours : TradingHours
        Sessions and their trading days.

    Attributes
    ----------
    hours : TradingHours
        As given.
    period_ns : int
        Length of a bar that no close cuts short; 0 for months.
    months : int
        Months in a bar; 0 for other sizes.

    Raises
    ------
    BarSpecError
        If the spec does not count time.
    """

    __slots__ = ("_begins", "_ends", "_looked_up", "_plain", "hours", "months", "period_ns", "spec")

    def __init__(self, spec: BarSpec, hours: TradingHours) -> None:
        dates = TimeGrid(spec)
        self.spec = spec
        self.hours = hours
        self.period_ns = dates.period_ns
        self.months = dates.months
        self._plain: TimeGrid | None = None
        self._looked_up: tuple[list[int], list[int]] | None = None
        # stretches that bars never leave: sessions, or the days that make one bar
        self._begins, self._ends = hours.opens_ns, hours.closes_ns
        if spec.counts_days:
            firsts = dates.cut(hours.day * DAY_NS).starts
            self._begins = self._begins[firsts]
            self._ends = self._ends[np.append(firsts[1:], len(hours)) - 1]
        else:
            plain = TimeGrid.anchored(spec, int(self._begins[0]))
            if self.fits(plain.period_ns, plain.anchor_ns):
                self._plain = plain

    def span(self, ts_ns: int) -> tuple[int, int]:
        """Return when the bar holding `ts_ns` opens, and when it closes.

        While the market is closed that is the bar before.

        Raises
        ------
        BatchError
            If `ts_ns` lies before the first known session.
        """
        begins, ends = self._lists()
        stretch = bisect_right(begins, ts_ns) - 1
        if stretch < 0:
            raise BatchError(
                f"{ts_ns} lies before the first known session, which opens at {begins[0]}: "
                f"make the trading hours begin earlier."
            )
        begin, end = begins[stretch], ends[stretch]
        if self.spec.counts_days:
            return begin, end
        moment = min(ts_ns, end - 1)
        opens_ns = moment - (moment - begin) % self.period_ns
        return opens_ns, min(opens_ns + self.period_ns, end)

    def floor(self, ts_ns: int) -> int:
        """Return when the bar holding `ts_ns` opens; while closed, the one before."""
        return self.span(ts_ns)[0]

    def next(self, ts_ns: int) -> int:
        """Return when the following bar opens; where none is known, when the last one closes."""
        begins, ends = self._lists()
        _, end = self.span(ts_ns)
        stretch = bisect_right(begins, ts_ns)
        if end < ends[stretch - 1] or stretch == len(begins):
            return end
        return begins[stretch]

    def cut(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut a column of times into bars and what lies outside the sessions.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, n at least 1.
        """
        if self.spec.counts_days:
            return self._cut_days(ts_ns)
        if self._plain is not None:
            # no boundary of a session lies inside a bar, so it is open all through or not at all
            starts, opens, _ = self._plain.cut(ts_ns)
            return _checked(starts, opens, self.hours.is_open(opens))
        first, last = int(ts_ns[0]), int(ts_ns[-1])
        if len(ts_ns) >= _DENSE_ROWS_PER_BAR * ((last - first) // self.period_ns + 1):
            starts, opens = cut_at(self._edges(first, last), ts_ns)
            return _checked(starts, opens, self.hours.is_open(opens))
        return self._cut_at_changes(ts_ns)

    def nests_in(self, longer: BarGrid) -> bool:
        """Tell whether a bar of `longer` never opens or closes inside a bar of this grid."""
        if not isinstance(longer, SessionGrid) or longer.hours != self.hours:
            plain = self._plain
            return plain is not None and longer.fits(plain.period_ns, plain.anchor_ns)
        if self.spec.counts_days:
            return longer.spec.counts_days and TimeGrid(self.spec).nests_in(TimeGrid(longer.spec))
        if longer.spec.counts_days or longer.period_ns % self.period_ns == 0:
            return True
        longest = int((self.hours.closes_ns - self.hours.opens_ns).max())
        return longer.period_ns >= longest

    def fits(self, period_ns: int, anchor_ns: int) -> bool:
        """Tell whether all bars open and close a whole number of periods after `anchor_ns`."""
        if not self.spec.counts_days and self.period_ns % period_ns:
            return False
        edges = (self.hours.opens_ns, self.hours.closes_ns)
        return not any(((edge - anchor_ns) % period_ns).any() for edge in edges)

    def _lists(self) -> tuple[list[int], list[int]]:
        """Where stretches begin and end, in the form in which single times are looked up fast."""
        if self._looked_up is None:
            self._looked_up = self._begins.tolist(), self._ends.tolist()
        return self._looked_up

    def _cut_days(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut at the sessions, and join those of one bar unless something lies between them."""
        edges, opens = self._stretches(ts_ns)
        filled = edges[1:] > edges[:-1]
        inside = np.zeros(len(filled), np.bool_)
        inside[1::2] = True
        opens[1::2] = self._begins[self._begins.searchsorted(opens[1::2], "right") - 1]
        starts, opens, inside = edges[:-1][filled], opens[filled], inside[filled]
        if not inside.all():
            return Cut(starts, opens, inside)
        begins = np.ones(len(opens), np.bool_)
        np.not_equal(opens[1:], opens[:-1], out=begins[1:])
        return Cut(starts[begins], opens[begins])

    def _edges(self, first: int, last: int) -> NDArray[np.int64]:
        """Openings of bars and the closes behind them, from the one that holds `first` on."""
        hours = self.hours
        session = int(hours.closes_ns.searchsorted(first, "right"))
        stop = int(hours.opens_ns.searchsorted(last, "right"))
        opens, closes = hours.opens_ns[session:stop], hours.closes_ns[session:stop]
        bars = -((opens - closes) // self.period_ns)
        number = np.arange(int(bars.sum())) - np.repeat(bars.cumsum() - bars, bars)
        edges = np.concatenate([np.repeat(opens, bars) + number * self.period_ns, closes])
        edges = np.unique(edges)
        begin = int(edges.searchsorted(first, "right")) - 1
        edges = edges[max(begin, 0) : int(edges.searchsorted(last, "right"))]
        return edges if begin >= 0 else np.concatenate([np.array([first]), edges])

    def _cut_at_changes(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut where the opening time of the bar changes, in pieces that stay in cache."""
        edges, begins = self._stretches(ts_ns)
        rows = len(ts_ns)
        starts, opens = [np.zeros(1, np.intp)], [np.zeros(0, np.int64)]
        before = np.zeros(0, np.int64)
        for start in range(0, rows, _BLOCK):
            stop = min(start + _BLOCK, rows)
            within: NDArray[np.intp] = np.clip(edges, start, stop)
            begin = np.repeat(begins, within[1:] - within[:-1])
            opened = ts_ns[start:stop] - begin
            opened //= self.period_ns
            opened *= self.period_ns
            opened += begin
            opened = np.concatenate([before, opened])
            change = np.flatnonzero(opened[1:] != opened[:-1]) + 1
            opens += [opened[:1], opened[change]] if not start else [opened[change]]
            starts.append(change + (start - len(before)))
            before = opened[-1:]
        found = np.concatenate(opens)
        return _checked(np.concatenate(starts), found, self.hours.is_open(found))

    def _stretches(self, ts_ns: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Rows at which the market opens and closes by turns, and since when it is open or not.

        The first stretch is closed and begins with row 0, so it may be empty as any other.
        """
        session, first_rows, end_rows = self.hours.rows_of(ts_ns)
        sessions = slice(session, session + len(first_rows))
        edges = np.zeros(2 * len(first_rows) + 2, np.intp)
        edges[1:-1:2], edges[2::2], edges[-1] = first_rows, end_rows, len(ts_ns)
        begins = np.empty(len(edges) - 1, np.int64)
        begins[0] = ts_ns[0]
        begins[1::2], begins[2::2] = self.hours.opens_ns[sessions], self.hours.closes_ns[sessions]
        return edges, begins


def _checked(starts: NDArray[np.intp], opens: NDArray[np.int64], inside: NDArray[np.bool_]) -> Cut:
    return Cut(starts, opens, None if inside.all() else inside)
