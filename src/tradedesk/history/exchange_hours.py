"""Trading hours of exchanges and of their products, holidays and early closes included.

The dates are those of the library pandas_market_calendars; there are none of our own. Loading it
takes half a second, which only those pay who ask for hours.
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.domain.time_zone import CHICAGO
from tradedesk.engine import TradingHours

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALENDARS: Final = {
    "equity": "CME Globex Equity",
    "fx": "CMEGlobex_FX",
    "rates": "CME Globex Interest Rate Products",
    "stir": "CME Globex Interest Rate Products",
    "metal": "CMEGlobex_EnergyAndMetals",
    "energy": "CMEGlobex_EnergyAndMetals",
    "grain": "CME_Agriculture",
    "livestock": "CMEGlobex_Livestock",
    "crypto": "CME Globex Crypto",
}
"""Calendar of the library by product group; `docs/decisions/0012-calendars.md` says why these."""

PRODUCTS: Final = {
    "equity": "ES MES NQ MNQ RTY M2K YM MYM EMD NKD",
    "fx": "6A 6B 6C 6E 6J 6M 6N 6S E7 M6A M6B M6E MCD",
    "rates": "ZT ZF ZN TN ZB UB",
    "stir": "SR1 SR3 ZQ",
    "metal": "GC MGC SI SIL HG MHG PL PA",
    "energy": "CL MCL QM NG MNG QG HO RB",
    "grain": "ZC ZS ZW ZL ZM KE XC XK XW",
    "livestock": "LE HE GF",
    "crypto": "BTC MBT ETH MET",
}
"""Symbols of products by group."""

GOOD_FRIDAYS: Final = "CME_Bond"
"""The calendar that knows which Good Fridays are closed; on Fridays none trades without it."""

REGULAR: Final = {
    "equity": (time(8, 30), time(15)),
    "fx": (time(7, 20), time(14)),
    "rates": (time(7, 20), time(14)),
    "stir": (time(7, 20), time(14)),
    "metal": (time(7, 20), time(12, 30)),
    "energy": (time(8), time(13, 30)),
    "grain": (time(8, 30), time(13, 20)),
    "livestock": (time(8, 30), time(13, 5)),
}
"""Regular hours by product group, Chicago: those of the floors that there once were."""

_GROUPS: Final = {symbol: group for group, row in PRODUCTS.items() for symbol in row.split()}
_FRIDAY: Final = 4
_FIRST: Final = date(1970, 1, 1)
_LAST: Final = date(2200, 12, 31)


def exchange_hours(name: str, first: date, last: date, *, rth: bool = False) -> TradingHours:
    """Return the sessions of an exchange or a product over a span of dates.

    Parameters
    ----------
    name : str
        A product of the CME group such as ``ES`` or ``6E``, a group of them such as ``equity``,
        or a calendar of pandas_market_calendars such as ``EUREX``, ``XTKS`` or ``CME_Equity``.
    first, last : date
        First and last trading day, from 1970 to 2200.
    rth : bool, default False
        Whether only the regular hours count, which are known for products and groups but not for
        those of ``crypto``. On days with an early close they end with it.

    Returns
    -------
    TradingHours
        A session is split where the exchange has a break.

    Raises
    ------
    InputError
        If nobody knows the name, it has no regular hours, the library fails at it, or no trading
        day lies between the dates.
    """
    group = _GROUPS.get(name, name)
    if rth and group not in REGULAR:
        raise InputError(
            f"{name!r} has no regular hours that are known here: use all hours, restrict them "
            f"with TradingHours.within, or ask for a product of {', '.join(REGULAR)}."
        )
    if not _FIRST <= first <= last <= _LAST:
        raise InputError(
            f"Trading days from {first} to {last}: give dates in order, {_FIRST} to {_LAST}."
        )
    hours = _loaded(CALENDARS.get(group, group), first, last)
    return hours.within(CHICAGO, REGULAR[group]) if rth else hours


def _loaded(calendar: str, first: date, last: date) -> TradingHours:
    # pandas takes half a second to load, which nobody must pay who asks for no calendar
    import pandas_market_calendars as library

    if calendar not in library.get_calendar_names():
        groups = ", ".join(CALENDARS)
        raise InputError(
            f"Nobody knows the hours of {calendar!r}: use a product such as 'ES', a group "
            f"({groups}), or a calendar of pandas_market_calendars such as 'EUREX'."
        )
    try:
        frame = library.get_calendar(calendar).schedule(first, last)
        if calendar in CALENDARS.values() and len(frame):
            fridays = library.get_calendar(GOOD_FRIDAYS).schedule(first, last).index
            frame = frame[(frame.index.day_of_week != _FRIDAY) | frame.index.isin(fridays)]
    except (ValueError, LookupError, NotImplementedError) as error:
        raise InputError(
            f"pandas_market_calendars cannot tell the hours of {calendar} from {first} to {last} "
            f"({error}): use another name for this exchange, or other dates."
        ) from error
    if not len(frame):
        raise InputError(f"{calendar} has no trading day from {first} to {last}: give more days.")
    day = frame.index.to_numpy().astype("datetime64[D]").astype(np.int64)
    names = ("market_open", "market_close")
    breaks = ("break_start", "break_end")
    edges = [_nanoseconds(frame[name]) for name in (*names, *breaks) if name in frame]
    return TradingHours(*_split(day, *edges))


def _split(
    day: NDArray[np.int64],
    opens: NDArray[np.int64],
    closes: NDArray[np.int64],
    pause: NDArray[np.int64] | None = None,
    resume: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], ...]:
    """Opening, close and day of each session: two where a day has a break inside it."""
    if pause is None or resume is None:
        return opens, closes, day
    has_break = (opens < pause) & (pause < resume) & (resume < closes)
    first_row = np.arange(len(day)) + has_break.cumsum() - has_break
    again = first_row[has_break] + 1
    columns = tuple(np.repeat(column, 1 + has_break) for column in (opens, closes, day))
    columns[0][again] = resume[has_break]
    columns[1][again - 1] = pause[has_break]
    return columns


def _nanoseconds(column: Any) -> NDArray[np.int64]:
    values: NDArray[np.int64] = column.astype("datetime64[ns, UTC]").astype("int64").to_numpy()
    return values
