"""Prices that a trading day is measured by: opening range, overnight, the day before. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradedesk.engine import Bars
    from tradedesk.ui.chart.sessions.days import DayRows

MINUTE_NS: Final = 60_000_000_000

OPENING, OVERNIGHT, PRIOR, CLOSE, OPEN = "opening", "overnight", "prior", "close", "open"
GROUPS: Final = {
    OPENING: "Opening range",
    OVERNIGHT: "Overnight high and low",
    PRIOR: "Prior day high and low",
    CLOSE: "Prior day close",
    OPEN: "Today's open",
}
"""What `ChartLook.levels` may hold, and what the menu calls it."""


class Level(NamedTuple):
    """One price of a day, known from bar `row` to before bar `end`.

    Attributes
    ----------
    group : str
        One of `GROUPS`.
    text : str
        What its label says, such as ``ONH``.
    """

    group: str
    text: str
    price_ticks: int
    row: int
    end: int


def day_levels(
    bars: Bars, days: DayRows, at: int, wanted: Collection[str], opening_minutes: int
) -> list[Level]:
    """Find the levels of one trading day.

    Regular hours are what counts: what trades before them is overnight, the day before is its
    regular hours. Where a product has none that are known, whole trading days are compared and
    there is no opening range and no overnight. A level that the bars do not hold exactly is left
    out: of a day whose beginning is not there, or where one bar lies on both sides of a limit.

    Parameters
    ----------
    bars : Bars
        All bars of the chart.
    days : DayRows
        Their days.
    at : int
        Which of the days.
    wanted : collection of str
        Which of `GROUPS`.
    opening_minutes : int
        Length of the opening range.

    Returns
    -------
    list of Level
        A day that is still going on has those that have begun, as they are by now.
    """
    found: list[Level] = []
    known = bool(days.regular_ns[at])
    first, end = int(days.first[at]), int(days.end[at])
    begin, close = int(days.regular_first[at]), int(days.regular_end[at])
    opened = begin if known else first
    has_opened = close > begin or not known
    exact = bool(days.opens[at])
    if known and OVERNIGHT in wanted and exact and days.begins[at]:
        found += _range(bars, OVERNIGHT, ("ONH", "ONL"), (first, min(begin, end)), (first, end))
    stop_ns = int(days.regular_ns[at]) + opening_minutes * MINUTE_NS
    stop = min(int(bars.ts_ns.searchsorted(stop_ns)), close)
    halves = stop > begin and int(bars.ts_ns[stop - 1]) + (days.period_ns or 0) > stop_ns
    if known and has_opened and OPENING in wanted and exact and not halves:
        names = (f"OR{opening_minutes} H", f"OR{opening_minutes} L")
        found += _range(bars, OPENING, names, (begin, stop), (begin, end))
    if has_opened and OPEN in wanted and exact:
        found.append(Level(OPEN, "Open", int(bars.open[opened]), opened, end))
    before = _day_before(days, at)
    if before is not None and days.closes[before]:
        rows = _regular_rows(days, before)
        if PRIOR in wanted and days.opens[before]:
            found += _range(bars, PRIOR, ("PDH", "PDL"), rows, (first, end))
        if CLOSE in wanted:
            found.append(Level(CLOSE, "PDC", int(bars.close[rows[1] - 1]), first, end))
    return found


def _range(
    bars: Bars, group: str, names: tuple[str, str], rows: tuple[int, int], shown: tuple[int, int]
) -> list[Level]:
    """Highest and lowest price of some rows; nothing for no rows."""
    start, stop = rows
    if start >= stop:
        return []
    high, low = int(bars.high[start:stop].max()), int(bars.low[start:stop].min())
    return [Level(group, names[0], high, *shown), Level(group, names[1], low, *shown)]


def _day_before(days: DayRows, at: int) -> int | None:
    """The newest day before that had regular hours, or that had bars at all."""
    for day in range(at - 1, -1, -1):
        if not days.regular_ns[day] or days.regular_end[day] > days.regular_first[day]:
            return day
    return None


def _regular_rows(days: DayRows, at: int) -> tuple[int, int]:
    """Rows of the regular hours of a day, of all of it where they are not known."""
    if not days.regular_ns[at]:
        return int(days.first[at]), int(days.end[at])
    return int(days.regular_first[at]), int(days.regular_end[at])
