"""What a venue's days, weeks and months follow, as its own bars show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.engine import Bars, Calendar, grid_of, venue_calendar

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec

_DAY_NS = 86_400 * NS_PER_S


def calendar_of(spec: BarSpec, bars: Bars, now_ns: int) -> Calendar:
    """Return what a chart's bars follow.

    The trading days of Chicago, whose clock changes twice a year, if the venue's newest bar opens
    with one of them or there is no bar. A venue that has other days is taken to begin them at the
    same time UTC always, read off that bar as the distance from the nearest midnight. A day that
    starts in the evening has a negative one: the grid counts it, its week and its month by the
    midnight that follows.

    Parameters
    ----------
    spec : BarSpec
        Size of the chart's bars.
    bars : Bars
        What the venue has sent of them; may be empty.
    now_ns : int
        The venue's time, UTC nanoseconds.
    """
    opened_ns = int(bars.ts_ns[-1]) if len(bars) else now_ns
    calendar = venue_calendar(spec, opened_ns)
    if not spec.counts_days or not len(bars):
        return calendar
    if grid_of(spec, calendar).floor(opened_ns) == opened_ns:
        return calendar
    after_midnight_ns = opened_ns % _DAY_NS
    return after_midnight_ns - (_DAY_NS if after_midnight_ns > _DAY_NS // 2 else 0)
