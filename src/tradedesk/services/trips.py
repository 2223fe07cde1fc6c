"""Which fill closed which: first in, first out, for one contract of one account. Pure."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.domain.order import Side
    from tradedesk.domain.position import Fill


class Trip(NamedTuple):
    """Contracts that were opened by one fill and closed by another.

    ``side`` is that of the entry; prices are ticks, times nanoseconds UTC.
    """

    side: Side
    size: int
    entry_ns: int
    entry_ticks: int
    exit_ns: int
    exit_ticks: int

    @property
    def gained_ticks(self) -> int:
        """Ticks of each contract; negative for a loss."""
        return (self.exit_ticks - self.entry_ticks) * self.side.sign


class _Lot(NamedTuple):
    """Contracts that are still open."""

    side: Side
    size: int
    ts_ns: int
    price_ticks: int


def pair_fifo(fills: Iterable[Fill]) -> list[Trip]:
    """Entries and exits that belong together, in the order of the exits.

    Parameters
    ----------
    fills : iterable of Fill
        Of one account and contract, in any order; voided ones are passed over.

    Returns
    -------
    list of Trip
        What is still open is in none. A closing half whose entry is not among the fills is passed
        over, as far as it closes.
    """
    lots: deque[_Lot] = deque()
    trips: list[Trip] = []
    kept = (fill for fill in fills if not fill.voided)
    for fill in sorted(kept, key=lambda one: (one.ts_ns, one.trade_id)):
        if not lots and fill.pnl is not None:
            continue
        left = _close(lots, fill, trips)
        if left:
            lots.append(_Lot(fill.side, left, fill.ts_ns, fill.price_ticks))
    return trips


def _close(lots: deque[_Lot], fill: Fill, trips: list[Trip]) -> int:
    """Close what is open on the other side; gives the contracts of the fill that are left."""
    left = fill.size
    while left and lots and lots[0].side is not fill.side:
        lot = lots.popleft()
        size = min(lot.size, left)
        trips.append(Trip(lot.side, size, lot.ts_ns, lot.price_ticks, fill.ts_ns, fill.price_ticks))
        left -= size
        if size < lot.size:
            lots.appendleft(lot._replace(size=lot.size - size))
    return left
