"""Trades that a table tells row by row: what CSV and Parquet have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.events import BUY, SELL, TRADE, UNKNOWN_RANK, UNKNOWN_SIDE
from tradedesk.practice.market.recorded.raw import LARGEST_SIZE, LAST_NS, RawEvents, Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS_HELP: Final = (
    "the columns time_ms,side,price,amount (Unix milliseconds) or ts,price,size,side "
    "(Unix nanoseconds or ISO 8601, UTC), oldest first"
)
CSV_HELP: Final = f"a CSV needs {COLUMNS_HELP}"
_BUYS: Final = frozenset({"buy", "b", "bid", "0"})
_SELLS: Final = frozenset({"sell", "s", "a", "ask", "1"})
_MOST_DIGITS: Final = 12
_MOST_STEPS: Final = 2**62


def aggressor(text: str) -> int:
    """``BUY``, ``SELL`` or ``UNKNOWN_SIDE`` of what stands in a side column."""
    word = text.strip().lower()
    if word in _BUYS:
        return BUY
    return SELL if word in _SELLS else UNKNOWN_SIDE


def form_of(path: Path, columns: set[str], kind: str) -> tuple[str, str]:
    """Names of the columns of time and size.

    Raises
    ------
    InputError
        If it is none of the two forms.
    """
    if {"time_ms", "side", "price", "amount"} <= columns:
        return "time_ms", "amount"
    if {"ts", "price", "size", "side"} <= columns:
        return "ts", "size"
    raise InputError(
        f"{path} has the columns {', '.join(sorted(columns))}: a {kind} needs {COLUMNS_HELP}."
    )


def checked(where: str, ts_ns: int, price: Decimal, amount: Decimal, help_text: str) -> int:
    """Contracts of a trade that can be; a part of one counts as one.

    Raises
    ------
    InputError
        `where` says which row it is.
    """
    if not price.is_finite() or price <= 0 or not amount > 0:
        raise InputError(f"{where} has no positive price and size: {help_text}.")
    if amount > LARGEST_SIZE:
        raise InputError(f"{where} has the size {amount}, more than a trade can have.")
    if not 0 <= ts_ns <= LAST_NS:
        raise InputError(f"{where} lies beyond the year 2200: {help_text}.")
    return max(1, round(amount))


def recorded_trades(
    path: Path,
    times: Sequence[int],
    prices: Sequence[Decimal],
    sizes: Sequence[int],
    sides: Sequence[int],
) -> Recorded:
    """Trades of one symbol as events, in the finest step that its prices are written in.

    Raises
    ------
    InputError
        If a price is finer or larger than can be counted.
    """
    distinct = set(prices)
    digits = max([0, *(-int(price.as_tuple().exponent) for price in distinct)])
    largest = max(distinct, default=Decimal(0))
    if digits > _MOST_DIGITS or largest.scaleb(digits) >= _MOST_STEPS:
        raise InputError(
            f"{path} has prices up to {largest:.12g} with {digits} digits behind the point: "
            f"round them to the tick."
        )
    steps = {price: int(price.scaleb(digits)) for price in distinct}
    count = len(times)
    events = RawEvents(
        np.array(times, np.int64) // 1_000 * 1_000,
        np.full(count, TRADE, np.int64),
        np.array(sides, np.int64),
        np.array([steps[price] for price in prices], np.int64),
        np.array(sizes, np.int64),
        np.zeros(count, np.int64),
        np.full(count, UNKNOWN_RANK, np.int64),
    )
    return Recorded(events, Decimal(1).scaleb(-digits), 0)
