"""When one kind of product trades, looked up once and then asked by both threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.practice.hours import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.hours import Hours
    from tradedesk.practice.products import Product

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DAY_NS: Final = 86_400_000_000_000
_BACK_NS: Final = 440 * DAY_NS
_AHEAD_NS: Final = 1_100 * DAY_NS
_JUST_NOW_NS: Final = 14 * DAY_NS


class OpenTimes:
    """Open stretches of a product from 440 days before a moment to three years after it.

    Parameters
    ----------
    hours : Hours
        Asked here and never again, so that any thread may use what was found.
    product : Product
        Whose hours.
    around_ns : int
        The moment, UTC nanoseconds.
    """

    def __init__(self, hours: Hours, product: Product, around_ns: int) -> None:
        begin_ns, end_ns = around_ns - _BACK_NS, around_ns + _AHEAD_NS
        spans = hours.spans(product, begin_ns, end_ns)
        self.endless = spans == [Span(begin_ns, end_ns)]
        self._starts = np.array([span.start_ns for span in spans], np.int64)
        self._ends = np.array([span.end_ns for span in spans], np.int64)

    def spans(self, start_ns: int, end_ns: int) -> list[Span]:
        """Open stretches that touch a window, oldest first, cut to the window."""
        if self.endless:
            return [Span(start_ns, end_ns)] if start_ns < end_ns else []
        first = int(self._ends.searchsorted(start_ns, side="right"))
        last = int(self._starts.searchsorted(end_ns, side="left"))
        return [
            Span(max(start_ns, int(self._starts[row])), min(end_ns, int(self._ends[row])))
            for row in range(first, last)
        ]

    def latest(self, now_ns: int) -> Span | None:
        """The open stretch that holds a moment, or else the last one before it, up to there.

        None if there was none for two weeks.
        """
        found = self.spans(now_ns - _JUST_NOW_NS, now_ns + 1)
        return found[-1] if found else None

    def holds(self, ts_ns: Ints) -> Bools:
        """Whether moments lie in open stretches, the moment of the opening left out."""
        if self.endless:
            return np.ones(len(ts_ns), np.bool_)
        row = np.searchsorted(self._starts, ts_ns, side="left") - 1
        inside: Bools = (row >= 0) & (ts_ns < self._ends[np.maximum(row, 0)])
        return inside

    def touches(self, ts_ns: Ints, length_ns: int) -> Bools:
        """Whether stretches that begin at some times and last `length_ns` are open in part."""
        if self.endless:
            return np.ones(len(ts_ns), np.bool_)
        row = np.searchsorted(self._starts, ts_ns + length_ns, side="left") - 1
        open_: Bools = (row >= 0) & (ts_ns < self._ends[np.maximum(row, 0)])
        return open_
