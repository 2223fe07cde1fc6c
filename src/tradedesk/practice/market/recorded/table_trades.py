"""Trades of a table as events of a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.events import TRADE, UNKNOWN_RANK
from tradedesk.practice.market.recorded.raw import (
    LARGEST_SIZE,
    MICROSECOND,
    RawEvents,
    Recorded,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.history.decimals import Exact
    from tradedesk.history.trade_table import TradeTable

_MOST_STEPS: Final = 2**62


def recorded_trades(table: TradeTable) -> Recorded:
    """Take trades as events without a book; a part of a contract counts as one.

    Raises
    ------
    InputError
        Names the row whose price or size the venue cannot trade.
    """
    price, size, names = table.price, table.size, table.rows
    bad = (price.steps <= 0) | (size.steps <= 0)
    if bad.any():
        where = names.where(int(np.argmax(bad)))
        raise InputError(f"{where} has no positive price and size: {names.help_text}.")
    large = size.steps > LARGEST_SIZE * 10**size.digits
    if large.any():
        row = int(np.argmax(large))
        raise InputError(
            f"{names.where(row)} has the size {size.value(row)}, more than a trade can have."
        )
    if int(price.steps.max(initial=0)) >= _MOST_STEPS:
        row = int(np.argmax(price.steps))
        raise InputError(f"{names.where(row)} has the price {price.value(row)}, too large for one.")
    count = len(table)
    events = RawEvents(
        table.ts_ns // MICROSECOND * MICROSECOND,
        np.full(count, TRADE, np.int64),
        table.side.astype(np.int64),
        price.steps,
        _contracts(size),
        np.zeros(count, np.int64),
        np.full(count, UNKNOWN_RANK, np.int64),
    )
    return Recorded(events, price.step, 0)


def _contracts(size: Exact) -> NDArray[np.int64]:
    """Whole contracts, at least one; half of one goes to the even neighbour."""
    per = 10**size.digits
    whole, rest = np.divmod(size.steps, per)
    up = (2 * rest > per) | ((2 * rest == per) & (whole & 1 == 1))
    contracts: NDArray[np.int64] = np.maximum(whole + up, 1)
    return contracts
