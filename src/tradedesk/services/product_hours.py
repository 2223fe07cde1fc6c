"""When the products of the CME group trade, as a chart needs it: without holidays, at once.

The exchanges' own calendars (`tradedesk.history.exchange_hours`) know holidays and early closes
but take half a second to load, which a window cannot wait for. On a holiday there are no bars to
be shaded, and on an early close none behind it, so the rule of the usual week shows the same.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.time_zone import CHICAGO
from tradedesk.engine import TradingHours
from tradedesk.history.exchange_hours import PRODUCTS, REGULAR

_GROUPS: Final = {symbol: group for group, row in PRODUCTS.items() for symbol in row.split()}
_GLOBEX: Final = ((time(17), time(16)),)
_WINDOWS: Final = {
    "grain": ((time(19), time(7, 45)), (time(8, 30), time(13, 20))),
    "livestock": ((time(8, 30), time(13, 5)),),
}
"""All hours where they are not those of most products, Chicago."""
_FIRST_YEAR: Final = 1971
_LAST_YEAR: Final = 2199


class ProductHours(NamedTuple):
    """Sessions of one product.

    Attributes
    ----------
    every : TradingHours
        All of them; trading days from 17:00 to 17:00 in Chicago where the product is not known.
    regular : TradingHours or None
        The regular ones alone; None where nobody knows any.
    """

    every: TradingHours
    regular: TradingHours | None

    @property
    def known(self) -> bool:
        """Whether the product's own hours are known."""
        return self.regular is not None


def product_hours(symbol: str, first_ns: int, last_ns: int) -> ProductHours:
    """Return the hours of a product around the years of two moments.

    Parameters
    ----------
    symbol : str
        Such as ``MNQ``.
    first_ns, last_ns : int
        UTC nanoseconds; the hours reach at least to the ends of their years.
    """
    return _hours(_GROUPS.get(symbol, ""), _year(first_ns), _year(last_ns))


@lru_cache(maxsize=16)
def _hours(group: str, first_year: int, last_year: int) -> ProductHours:
    first, last = date(first_year - 1, 12, 20), date(last_year + 1, 1, 10)
    if group not in REGULAR:
        return ProductHours(TradingHours.always(CHICAGO, time(17), first, last), None)
    windows = _WINDOWS.get(group, _GLOBEX)
    return ProductHours(
        TradingHours.weekly(CHICAGO, windows, first, last),
        TradingHours.weekly(CHICAGO, [REGULAR[group]], first, last),
    )


def _year(ts_ns: int) -> int:
    year = datetime.fromtimestamp(ts_ns // NS_PER_S, UTC).year
    return min(max(year, _FIRST_YEAR), _LAST_YEAR)
