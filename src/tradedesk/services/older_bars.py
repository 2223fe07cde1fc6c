"""The bars of a chart that stand in front of those of its first look at history.

No join of history and live trades reads or changes them. So a join takes as long and is as exact
as without them, and a chart that was moved back far does not pay for it with every reconnect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.services.older_asking import Older, OlderAsking

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars, BarSeries, Calendar, Stitcher
    from tradedesk.services.history_request import HistoryRequest


EVER_NS: Final = 2**63 - 1
"""Later than every trade."""


class OlderBars:
    """Puts older bars in front of a series and keeps them there.

    Parameters
    ----------
    spec : BarSpec
        Size of the bars.
    series : BarSeries
        The bars of the chart.

    Attributes
    ----------
    sure_ns : int or None
        All bars of the series that closed before it are whole and none of them is missing; None
        while there is no such moment.
    """

    def __init__(self, spec: BarSpec, series: BarSeries) -> None:
        self.sure_ns: int | None = None
        self._series = series
        self._rows = 0
        self._asking = OlderAsking(spec)

    @property
    def standing(self) -> Older:
        """What is being done about bars in front of the oldest one."""
        return self._asking.standing

    @property
    def recent(self) -> Bars:
        """The bars behind the older ones, as views."""
        return self._series.bars[self._rows :]

    def sure_until(self, nothing_is_missing: bool) -> int:
        """All that traded before this moment is in the series, UTC nanoseconds.

        0 where that is nothing, `EVER_NS` where it is all.
        """
        return EVER_NS if nothing_is_missing else self.sure_ns or 0

    def want(self, count: int) -> None:
        """Ask for about `count` more."""
        self._asking.want(count, len(self._series))

    def next_request(self, market_ns: int) -> HistoryRequest | None:
        """What to ask for now; None if nothing, or not yet."""
        if not len(self._series):
            return None
        return self._asking.next_request(int(self._series.ts_ns[0]), market_ns)

    def take(self, bars: Bars | None, error: str, stitcher: Stitcher, calendar: Calendar) -> None:
        """Put the answer to the last request in front; an answer to an earlier one is left out."""
        oldest_ns = int(self._series.ts_ns[0]) if len(self._series) else -1
        found = self._asking.take(bars, error, oldest_ns, calendar)
        if not len(found):
            return
        kept = stitcher.kept(found)
        if not len(kept):
            # All of it lies before the trading days that are known.
            self._asking.begin()
        self._rows += self._series.prepend(kept)

    def interrupt(self) -> None:
        """The connection began anew: what was asked is not answered any more."""
        self._asking.interrupt()

    def meet(self, bars: Bars, now_ns: int) -> None:
        """History was looked at again: all bars in front of `bars` are older ones from here on.

        They are dropped if bars between the two may be missing, or if the venue's time was put
        back since, as they are of another time then.
        """
        sure_ns = self.sure_ns
        if len(bars) and sure_ns is not None and bars.ts_ns[0] <= sure_ns <= now_ns:
            self._rows = self._before(bars)
        else:
            self._rows = 0
            self._asking.forget()

    def show(self, bars: Bars) -> None:
        """Show `bars` behind the older ones, the newest of them forming."""
        if len(bars):
            self._rows = min(self._rows, self._before(bars))
        self._series.replace(bars, stays=self._rows)

    def _before(self, bars: Bars) -> int:
        return int(self._series.ts_ns.searchsorted(bars.ts_ns[0]))
