"""What to ask a venue for: bars of one size, and shorter ones for a span that ends anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.bar_spec import SECOND_NS, BarSpec
from tradedesk.engine.hours.trading_hours import TradingHours

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bars
    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.engine.hours.calendar import Calendar

_PART_SPECS: Final = tuple(BarSpec.parse(text) for text in ("1h", "1m", "1s"))


class HistoryRange(NamedTuple):
    """Closed bars to ask the venue for: those that open in ``[start_ns, end_ns)``.

    Attributes
    ----------
    spec : BarSpec
        Size of the bars.
    start_ns : int or None
        First opening time; None leaves the depth to the caller.
    end_ns : int
        Bars that open at or after this time are not wanted.
    """

    spec: BarSpec
    start_ns: int | None
    end_ns: int

    def of(self, bars: Bars) -> Bars:
        """Return those of some bars that were asked for, as views."""
        start, end = self.start_ns, self.end_ns
        first = 0 if start is None else int(bars.ts_ns.searchsorted(start))
        return bars[first : int(bars.ts_ns.searchsorted(end))]


def begin_of(grid: BarGrid, boundary_ns: int, calendar: Calendar) -> int:
    """Return when the bar opens that holds a boundary, or the one before while closed."""
    if isinstance(calendar, TradingHours) and boundary_ns <= calendar.opens_ns[0]:
        return boundary_ns
    return grid.floor(boundary_ns)


def parts_of(begin: int, boundary_ns: int, calendar: Calendar) -> list[HistoryRange]:
    """Cover a span with whole hours, then whole minutes, then seconds.

    Parameters
    ----------
    begin, boundary_ns : int
        The span, whole seconds.
    calendar : int or TradingHours
        With trading hours, no part has bars that reach over the edge of a session, so that what
        lies outside can be told apart.
    """
    parts = []
    for spec in _PART_SPECS:
        period_ns = spec.period_ns or SECOND_NS
        end = boundary_ns - boundary_ns % period_ns
        if begin < end and _is_whole(begin, end, period_ns, calendar):
            parts.append(HistoryRange(spec, begin, end))
            begin = end
    return parts


def _is_whole(begin: int, end: int, period_ns: int, calendar: Calendar) -> bool:
    if begin % period_ns:
        return False
    if not isinstance(calendar, TradingHours):
        return True
    return not (calendar.edges(begin, end) % period_ns).any()
