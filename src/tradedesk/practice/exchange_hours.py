"""The two kinds of trading hours: always open, and the exchange's own calendars."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, time
from typing import TYPE_CHECKING, Final

from tradedesk.history.exchange_hours import CALENDARS, exchange_hours
from tradedesk.practice.hours import FLAT_BY, Span
from tradedesk.practice.hours_days import chicago_ns, day_end_ns, day_start_ns, trading_day

if TYPE_CHECKING:
    from tradedesk.practice.products import Product

BEFORE_CLOSE_NS: Final = 15 * 60 * 1_000_000_000
_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_DAY_NS: Final = 86_400_000_000_000


class AlwaysOpen:
    """Every product trades around the clock; nobody has to be flat."""

    def is_open(self, product: Product, at_ns: int) -> bool:
        """Whether the product trades at a moment: yes."""
        del product, at_ns
        return True

    def spans(self, product: Product, start_ns: int, end_ns: int) -> list[Span]:
        """Return the window itself, or nothing if it is empty."""
        del product
        return [Span(start_ns, end_ns)] if start_ns < end_ns else []

    def next_open_ns(self, product: Product, at_ns: int) -> int:
        """Return the moment itself."""
        del product
        return at_ns

    def trading_day(self, at_ns: int) -> date:
        """Return the trading day that a moment belongs to: 17:00 to 17:00 Chicago."""
        return trading_day(at_ns)

    def flat_by_ns(self, product: Product, at_ns: int, by: time = FLAT_BY) -> None:
        """Return None: without a close there is nothing to be flat before."""
        del product, at_ns, by


class ExchangeHours:
    """Hours of the exchange's product groups, holidays and early closes included.

    Making one loads pandas and the library of calendars, which takes about half a second, and
    the schedules of three years; later questions outside of these load more years, in some ten
    milliseconds each. Nothing is known before 1990 and after 2100: closed.

    Parameters
    ----------
    around_ns : int
        A moment, UTC nanoseconds; its year, the one before and the one after are loaded at once.
    before_close_ns : int, default 15 minutes
        How long before its last close of the day a product that closes early must be flat.
    """

    def __init__(self, around_ns: int, before_close_ns: int = BEFORE_CLOSE_NS) -> None:
        self._before_close_ns = before_close_ns
        self._tables = {name: _Table(name) for name in sorted(set(CALENDARS.values()))}
        year = _year(around_ns)
        for table in self._tables.values():
            table.cover(year - 1, year + 1)

    def is_open(self, product: Product, at_ns: int) -> bool:
        """Whether the product trades at a moment."""
        table = self._table(product, at_ns, at_ns)
        index = bisect_right(table.starts, at_ns) - 1
        return index >= 0 and at_ns < table.ends[index]

    def spans(self, product: Product, start_ns: int, end_ns: int) -> list[Span]:
        """Open stretches that touch a window, oldest first, cut to the window."""
        if start_ns >= end_ns:
            return []
        table = self._table(product, start_ns, end_ns)
        found = []
        for index in range(bisect_right(table.ends, start_ns), len(table.starts)):
            if table.starts[index] >= end_ns:
                break
            found.append(Span(max(start_ns, table.starts[index]), min(end_ns, table.ends[index])))
        return found

    def next_open_ns(self, product: Product, at_ns: int) -> int | None:
        """When the product opens next; `at_ns` itself while it is open, None if not known."""
        table = self._table(product, at_ns, at_ns + 31 * _DAY_NS)
        index = bisect_right(table.ends, at_ns)
        return max(at_ns, table.starts[index]) if index < len(table.starts) else None

    def trading_day(self, at_ns: int) -> date:
        """Return the trading day that a moment belongs to: 17:00 to 17:00 Chicago."""
        return trading_day(at_ns)

    def flat_by_ns(self, product: Product, at_ns: int, by: time = FLAT_BY) -> int | None:
        """When positions in a product must be gone on the trading day of a moment.

        At `by` in Chicago, or a quarter of an hour before the product's last close of that day
        where that is earlier: on early closes, and every day in grains and livestock. None on a
        day on which the product does not trade.
        """
        day = trading_day(at_ns)
        open_spans = self.spans(product, day_start_ns(day), day_end_ns(day))
        if not open_spans:
            return None
        last_close_ns = open_spans[-1].end_ns
        return min(chicago_ns(day, by), last_close_ns - self._before_close_ns)

    def _table(self, product: Product, start_ns: int, end_ns: int) -> _Table:
        table = self._tables[CALENDARS.get(product.group, CALENDARS["equity"])]
        if start_ns < table.from_ns or end_ns > table.until_ns:
            table.cover(_year(start_ns), _year(end_ns + 2 * _DAY_NS))
        return table


class _Table:
    """Open stretches of one calendar over some whole years, as plain integers."""

    def __init__(self, calendar: str) -> None:
        self._calendar = calendar
        self._first, self._last = 0, -1
        self.from_ns, self.until_ns = 0, -1
        self.starts: list[int] = []
        self.ends: list[int] = []

    def cover(self, first: int, last: int) -> None:
        """Load what is missing of some years; years loaded never have gaps between them."""
        first = min(max(first, _FIRST_YEAR), _LAST_YEAR)
        last = min(max(last, first), _LAST_YEAR)
        if self._last < self._first:
            self._first, self._last = first, first - 1
        if first < self._first:
            self._put(0, _load(self._calendar, first, self._first - 1))
            self._first = first
        if last > self._last:
            self._put(len(self.starts), _load(self._calendar, self._last + 1, last))
            self._last = last
        self.from_ns = day_start_ns(date(self._first, 1, 1))
        # A session is listed under the date on which it ends, up to a day after it opens.
        self.until_ns = day_start_ns(date(self._last + 1, 1, 1)) - 2 * _DAY_NS

    def _put(self, index: int, spans: list[Span]) -> None:
        self.starts[index:index] = [span.start_ns for span in spans]
        self.ends[index:index] = [span.end_ns for span in spans]


def _year(at_ns: int) -> int:
    return trading_day(at_ns).year


def _load(calendar: str, first: int, last: int) -> list[Span]:
    """Open stretches of the sessions that the library lists from one year to another."""
    hours = exchange_hours(calendar, date(first, 1, 1), date(last, 12, 31))
    pairs = zip(hours.opens_ns.tolist(), hours.closes_ns.tolist(), strict=True)
    return [Span(*pair) for pair in pairs]
