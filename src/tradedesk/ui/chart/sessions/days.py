"""Which bars belong to which trading day. No painting, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.services.product_hours import ProductHours

_MONDAY = 3
"""1970-01-01 was a Thursday, so that days count from a Monday with three more."""


@dataclass(frozen=True, slots=True)
class DayRows:
    """Trading days that have bars, oldest first; columns of one length.

    Attributes
    ----------
    day : ndarray of int64
        Days since 1970-01-01.
    first, end : ndarray of intp
        First row of the day and the one behind its last.
    regular_first, regular_end : ndarray of intp
        The rows in regular hours; equal where there are none (yet).
    regular_ns : ndarray of int64
        When regular hours open; 0 where that is not known.
    begins : ndarray of bool
        Whether the bars reach back to the beginning of the day, and none reaches over it.
    opens, closes : ndarray of bool
        Whether the bars reach back to the opening of regular hours, and none reaches over it; and
        whether none reaches over their close. Those of the day where regular hours are not known.
    period_ns : int or None
        Length of a bar; None where bars differ, which are then taken for points in time.
    """

    day: NDArray[np.int64]
    first: NDArray[np.intp]
    end: NDArray[np.intp]
    regular_first: NDArray[np.intp]
    regular_end: NDArray[np.intp]
    regular_ns: NDArray[np.int64]
    begins: NDArray[np.bool_]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]
    period_ns: int | None = None

    def __len__(self) -> int:
        return len(self.day)

    def week_begins(self) -> NDArray[np.bool_]:
        """Whether each day is the first one of its week that has bars; not so for the first."""
        week = (self.day + _MONDAY) // 7
        begins = np.zeros(len(week), np.bool_)
        np.not_equal(week[1:], week[:-1], out=begins[1:])
        return begins

    def at(self, start: int, stop: int) -> tuple[int, int]:
        """Days that have any of the rows from `start` to before `stop`, as a range of indices."""
        return int(self.end.searchsorted(start, "right")), int(self.first.searchsorted(stop))


def day_rows(
    ts_ns: NDArray[np.int64], hours: ProductHours, period_ns: int | None = None
) -> DayRows:
    """Find the trading days of bars.

    Parameters
    ----------
    ts_ns : ndarray of int64, shape (n,)
        When the bars open, ascending.
    hours : ProductHours
        Those of the product over all the time of the bars. Bars outside of all sessions belong to
        no day, unless they lie between two sessions of the same one.
    period_ns : int, optional
        Length of a bar; left out where bars differ.
    """
    if not len(ts_ns):
        nothing, never = np.empty(0, np.intp), np.empty(0, np.bool_)
        return DayRows(*(nothing,) * 5, nothing, never, never, never, period_ns)
    session, firsts, ends = hours.every.rows_of(ts_ns)
    day = hours.every.day[session : session + len(firsts)]
    filled = ends > firsts
    day, firsts, ends = day[filled], firsts[filled], ends[filled]
    begins = np.flatnonzero(np.diff(day, prepend=np.int64(-(2**62))))
    first, end = firsts[begins], ends[np.append(begins[1:], len(day)) - 1] if len(day) else ends
    day = day[begins]
    day_ns = hours.every.opens_ns[hours.every.day.searchsorted(day)]
    over_ns = hours.every.closes_ns[hours.every.day.searchsorted(day, "right") - 1]

    def clear(rows: NDArray[np.intp], moments: NDArray[np.int64]) -> NDArray[np.bool_]:
        return _none_over(ts_ns, rows, moments, period_ns or 0, hours)

    begins = (ts_ns[0] <= day_ns) & clear(first, day_ns)
    begin, close, opens_ns, closes_ns = _regular(ts_ns, hours, day, first)
    opens = np.where(opens_ns, (ts_ns[0] <= opens_ns) & clear(begin, opens_ns), begins)
    closes = np.where(closes_ns, clear(close, closes_ns), clear(end, over_ns))
    return DayRows(day, first, end, begin, close, opens_ns, begins, opens, closes, period_ns)


def _regular(
    ts_ns: NDArray[np.int64],
    hours: ProductHours,
    day: NDArray[np.int64],
    first: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Rows in the regular hours of each day, and when these open and close."""
    if hours.regular is None:
        never = np.zeros(len(day), np.int64)
        return first, first, never, never
    regular = hours.regular
    at = regular.day.searchsorted(day)
    known = (at < len(regular)) & (regular.day[np.minimum(at, len(regular) - 1)] == day)
    at = np.where(known, at, 0)
    opens, closes = regular.opens_ns[at], regular.closes_ns[at]
    begin, end = ts_ns.searchsorted(opens), ts_ns.searchsorted(closes)
    return (
        np.where(known, begin, first),
        np.where(known, end, first),
        np.where(known, opens, 0),
        np.where(known, closes, 0),
    )


def _none_over(
    ts_ns: NDArray[np.int64],
    rows: NDArray[np.intp],
    moments: NDArray[np.int64],
    period_ns: int,
    hours: ProductHours,
) -> NDArray[np.bool_]:
    """Whether the bar in front of each row holds no trade from a moment on.

    A bar that is longer than a pause of the market holds what trades behind it.
    """
    ends = ts_ns[np.maximum(rows - 1, 0)] + period_ns
    every = hours.every
    trades = np.minimum(every.closes_ns.searchsorted(moments, "right"), len(every) - 1)
    found: NDArray[np.bool_] = (rows == 0) | (ends <= np.maximum(moments, every.opens_ns[trades]))
    return found


def missing(
    ts_ns: NDArray[np.int64], start: int, stop: int, period_ns: int, hours: ProductHours
) -> NDArray[np.intp]:
    """Return the rows in front of which bars are missing though the market was open.

    Parameters
    ----------
    ts_ns : ndarray of int64, shape (n,)
        When the bars open, ascending.
    start, stop : int
        Rows to look at; the row before `start` is looked back to.
    period_ns : int
        Length of a bar.
    hours : ProductHours
        A stretch counts if both its bars lie in one session.
    """
    begin = max(start - 1, 0)
    part = ts_ns[begin:stop]
    wide = np.flatnonzero(np.diff(part) > period_ns)
    if not len(wide):
        return wide
    before = hours.every.session_of(part[wide])
    after = hours.every.session_of(part[wide + 1])
    found: NDArray[np.intp] = wide[(before == after) & (before >= 0)] + begin + 1
    return found
