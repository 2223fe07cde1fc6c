"""Open, high, low, volume and change of the running session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.engine import Bars
    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.practice.market.prints import Prints


class Session:
    """Figures of the running day, in ticks and contracts; of the last one until it has a trade.

    So a market that is closed shows its last day, as price pages do. None if there was none yet.

    Parameters
    ----------
    days : Bars
        Day bars up to a moment.
    day : BarGrid
        Where days begin.
    at_ns : int
        That moment.
    """

    def __init__(self, days: Bars, day: BarGrid, at_ns: int) -> None:
        self._day = day
        self._ends_ns = day.next(at_ns)
        self.open: int | None = None
        self.high: int | None = None
        self.low: int | None = None
        self.close: int | None = None
        self.volume = 0
        self.previous_close: int | None = None
        for bar in days:
            self.previous_close = self.close
            self.open, self.high, self.low, self.close = bar.open, bar.high, bar.low, bar.close
            self.volume = bar.volume
            self._ends_ns = day.next(bar.ts_ns)

    def absorb(self, prints: Prints) -> None:
        """Go on by some trades; a new day begins with its first trade."""
        rest = prints
        while len(rest.ts_ns):
            if int(rest.ts_ns[0]) >= self._ends_ns:
                self._turn(int(rest.ts_ns[0]))
            rows = int(rest.ts_ns.searchsorted(self._ends_ns))
            self._fold(rest.rows(0, rows))
            rest = rest.rows(rows, len(rest.ts_ns))

    def _turn(self, ts_ns: int) -> None:
        self._ends_ns = self._day.next(ts_ns)
        if self.close is not None:
            self.previous_close = self.close
        self.open = self.high = self.low = self.close = None
        self.volume = 0

    def _fold(self, prints: Prints) -> None:
        high, low = int(prints.px.max()), int(prints.px.min())
        self.open = int(prints.px[0]) if self.open is None else self.open
        self.high = high if self.high is None else max(self.high, high)
        self.low = low if self.low is None else min(self.low, low)
        self.close = int(prints.px[-1])
        self.volume += int(prints.qty.sum())
