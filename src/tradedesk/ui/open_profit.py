"""What all open positions are ahead or behind, by the newest prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.ui.readiness import is_stale

if TYPE_CHECKING:
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.ports import Markets


def open_profit(state: DeskState, markets: Markets, mono_ns: int) -> tuple[Decimal, bool]:
    """Dollars all positions are ahead, and whether any of their prices is old or missing."""
    total, stale = Decimal(0), False
    for position in state.open_positions():
        book = markets.books.get(position.contract_id)
        if book is None or book.last_ticks is None:
            stale = True
            continue
        stale = stale or is_stale(book, mono_ns)
        ahead = book.instrument.open_pnl(position.average_price, book.last_ticks, position.net_size)
        total += ahead
    return total, stale
