"""Where time bars open in a market with trading hours.

Seconds, minutes and hours count from the opening of each session, and the last bar of a session
ends at its close, however short that makes it. Days are trading days, whatever sessions they
have; weeks and months are the trading days of a calendar week (from Monday) or month. Several
days, weeks or months in one bar are counted as in `tradedesk.engine.time_grid`, by the dates of the
trading days. A bar opens when its first session does, be it the first that is known.

What lies outside the sessions belongs to no bar.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.cut import Cut
from tradedesk.engine.time_grid import DAY_NS, TimeGrid, cut_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.bar_grid import BarGrid
    from tradedesk.engine.trading_hours import TradingHours

_DENSE_ROWS_PER_BAR: Final = 8
_NO_BAR: Final = -(2**63)


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

    __slots__ = ("_begins", "_ends", "_firsts", "_plain", "hours", "months", "period_ns", "spec")

    def __init__(self, spec: BarSpec, hours: TradingHours) -> None:
        dates = TimeGrid(spec)
        self.spec = spec
        self.hours = hours
        self.period_ns = dates.period_ns
        self.months = dates.months
        self._plain: TimeGrid | None = None
        # stretches that bars never leave: sessions, or the days that make one bar
        opens, closes = hours.opens_ns, hours.closes_ns
        self._firsts: NDArray[np.intp] | None = None
        if spec.counts_days:
            self._firsts = firsts = dates.cut(hours.day * DAY_NS).starts
            opens, closes = opens[firsts], closes[np.append(firsts[1:], len(hours)) - 1]
        else:
            plain = TimeGrid.anchored(spec, int(opens[0]))
            if self.fits(plain.period_ns, plain.anchor_ns):
                self._plain = plain
        self._begins: list[int] = opens.tolist()
        self._ends: list[int] = closes.tolist()

    def span(self, ts_ns: int) -> tuple[int, int]:
        """Return when the bar holding `ts_ns` opens, and when it closes.

        While the market is closed that is the bar before.

        Raises
        ------
        BatchError
            If `ts_ns` lies before the first known session.
        """
        stretch = bisect_right(self._begins, ts_ns) - 1
        if stretch < 0:
            raise BatchError(
                f"{ts_ns} lies before the first known session, which opens at {self._begins[0]}: "
                f"make the trading hours begin earlier."
            )
        begin, end = self._begins[stretch], self._ends[stretch]
        if self._firsts is not None:
            return begin, end
        moment = min(ts_ns, end - 1)
        opens_ns = moment - (moment - begin) % self.period_ns
        return opens_ns, min(opens_ns + self.period_ns, end)

    def floor(self, ts_ns: int) -> int:
        """Return when the bar holding `ts_ns` opens; while closed, the one before."""
        return self.span(ts_ns)[0]

    def next(self, ts_ns: int) -> int:
        """Return when the following bar opens; where none is known, when the last one closes."""
        _, end = self.span(ts_ns)
        stretch = bisect_right(self._begins, ts_ns)
        if end < self._ends[stretch - 1] or stretch == len(self._begins):
            return end
        return self._begins[stretch]

    def cut(self, ts_ns: NDArray[np.int64]) -> Cut:
        """Cut a column of times into bars and what lies outside the sessions.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, n at least 1.
        """
        if self._firsts is not None:
            return self._cut_days(ts_ns, self._firsts)
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
        if self._firsts is not None:
            return longer.spec.counts_days and TimeGrid(self.spec).nests_in(TimeGrid(longer.spec))
        if longer.spec.counts_days or longer.period_ns % self.period_ns == 0:
            return True
        longest = int((self.hours.closes_ns - self.hours.opens_ns).max())
        return longer.period_ns >= longest

    def fits(self, period_ns: int, anchor_ns: int) -> bool:
        """Tell whether all bars open and close a whole number of periods after `anchor_ns`."""
        if self._firsts is None and self.period_ns % period_ns:
            return False
        edges = (self.hours.opens_ns, self.hours.closes_ns)
        return not any(((edge - anchor_ns) % period_ns).any() for edge in edges)

    def _cut_days(self, ts_ns: NDArray[np.int64], firsts: NDArray[np.intp]) -> Cut:
        """Cut at the sessions, and join those of one bar unless something lies between them."""
        session, first_rows, end_rows = self.hours.rows_of(ts_ns)
        # closed, open, closed, open ... closed
        edges = np.zeros(2 * len(first_rows) + 2, np.intp)
        edges[1:-1:2], edges[2::2], edges[-1] = first_rows, end_rows, len(ts_ns)
        filled = edges[1:] > edges[:-1]
        inside = np.zeros(len(filled), np.bool_)
        inside[1::2] = True
        opens = np.zeros(len(filled), np.int64)
        rows = firsts.searchsorted(np.arange(session, session + len(first_rows)), "right") - 1
        opens[1::2] = self.hours.opens_ns[firsts[rows]]
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
        """Cut where the opening time of the bar changes, worked out for each row."""
        session = self.hours.session_of(ts_ns)
        begin = self.hours.opens_ns[session]
        opens = ts_ns - (ts_ns - begin) % self.period_ns
        opens[session < 0] = _NO_BAR
        begins = np.ones(len(opens), np.bool_)
        np.not_equal(opens[1:], opens[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        opens = opens[starts]
        return _checked(starts, opens, opens != _NO_BAR)


def _checked(starts: NDArray[np.intp], opens: NDArray[np.int64], inside: NDArray[np.bool_]) -> Cut:
    return Cut(starts, opens, None if inside.all() else inside)
