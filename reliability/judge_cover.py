"""How long positions of bracketed entries were without a stop for their full size."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from reliability.wishes import BRACKETED
from tradedesk.domain.order import Order, OrderStatus, OrderType

if TYPE_CHECKING:
    from reliability.venue_model import Venue
    from tradedesk.domain.ids import ContractId, OrderId


class Cover:
    """Reads the venue's history from its beginning.

    Attributes
    ----------
    spells : list of tuple
        Contract, from when and until when it was not wholly covered, in seconds.
    """

    def __init__(self, venue: Venue) -> None:
        self.spells: list[tuple[ContractId, float, float]] = []
        self._venue = venue
        self._net: Counter[ContractId] = Counter()
        self._stops: dict[ContractId, dict[OrderId, Order]] = defaultdict(dict)
        self._bare_s: dict[ContractId, float] = {}

    def judge(self, now_s: float) -> None:
        """Read it all; what is bare at the end counts up to then."""
        watched = {c for c, m in self._venue.markets.items() if m.instrument.symbol in BRACKETED}
        for at_s, kind, *rest in self._venue.history:
            if kind == "net":
                contract = rest[0]
                self._net[contract] = rest[1]
            elif kind == "order" and rest[0].type is OrderType.STOP:
                contract = rest[0].contract_id
                self._stop(rest[0])
            else:
                continue
            if contract in watched:
                self._weigh(contract, at_s)
        for contract in list(self._bare_s):
            self._covered(contract, now_s)

    def _stop(self, order: Order) -> None:
        stops = self._stops[order.contract_id]
        if order.status is OrderStatus.OPEN:
            stops[order.order_id] = order
        else:
            stops.pop(order.order_id, None)

    def _weigh(self, contract: ContractId, at_s: float) -> None:
        held = self._net[contract]
        stops = self._stops[contract].values()
        if sum(one.remaining for one in stops if one.side.sign * held < 0) < abs(held):
            self._bare_s.setdefault(contract, at_s)
        else:
            self._covered(contract, at_s)

    def _covered(self, contract: ContractId, at_s: float) -> None:
        since_s = self._bare_s.pop(contract, None)
        if since_s is not None:
            self.spells.append((contract, since_s, at_s))
