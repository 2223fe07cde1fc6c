"""Orders as the venue keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from tradedesk.practice.products import Contract


@dataclass(slots=True, eq=False)
class OrderRow:
    """One order. Prices are ticks; times are venue nanoseconds.

    ``cost`` is the sum of ticks times contracts filled. ``ahead`` is what stands in front of it at
    its price, where it has waited since ``rank_ns``; ``seq`` counts how orders came to rest.
    ``bracket`` names the legs of an entry, stop first; ``leg_ticks`` is a leg's signed distance
    from the entry. ``trail`` is the distance, in ticks, at which a trailing stop follows the last
    price. A ``forced`` order closes a position for the rules of the account: it waits until it can
    trade, and the client cannot take it back.
    """

    id: int
    account_id: int
    contract: Contract
    type: OrderType
    side: Side
    size: int
    created_ns: int
    updated_ns: int
    status: OrderStatus = OrderStatus.PENDING
    limit: int | None = None
    stop: int | None = None
    filled: int = 0
    cost: int = 0
    tag: str | None = None
    ahead: int = 0
    rank_ns: int = 0
    seq: int = 0
    parent_id: int | None = None
    linked_id: int | None = None
    leg_ticks: int | None = None
    trail: int | None = None
    bracket: tuple[int, ...] = field(default=())
    forced: bool = False

    @property
    def remaining(self) -> int:
        """Contracts still to fill."""
        return self.size - self.filled

    @property
    def average(self) -> Decimal | None:
        """Average fill in price units; None before the first."""
        if not self.filled:
            return None
        return self.contract.product.tick.size * self.cost / self.filled

    @property
    def is_stop(self) -> bool:
        """Whether it waits for a trade at its stop price, which may trail the market."""
        return self.type in (OrderType.STOP, OrderType.TRAILING_STOP)

    @property
    def is_market(self) -> bool:
        """Whether it takes what there is and never waits."""
        return self.type is OrderType.MARKET

    @property
    def is_leg(self) -> bool:
        """Whether it is one side of a bracket."""
        return self.parent_id is not None

    @property
    def live(self) -> bool:
        """Whether something can still happen to it."""
        return not self.status.is_final


class OrderRows:
    """Every order the venue ever had, by id, and the tags that are taken."""

    def __init__(self, first_id: int) -> None:
        self._next = first_id
        self._rows: dict[int, OrderRow] = {}
        self._tags: dict[tuple[int, str], OrderRow] = {}
        self._live: dict[str, dict[int, OrderRow]] = {}
        self._of: dict[int, dict[int, OrderRow]] = {}
        self._working: dict[int, dict[int, OrderRow]] = {}

    def take_ids(self, count: int) -> int:
        """Reserve consecutive ids; return the first."""
        first = self._next
        self._next += count
        return first

    def add(self, row: OrderRow) -> None:
        """Keep an order; its tag is taken for ever."""
        self._rows[row.id] = row
        self._of.setdefault(row.account_id, {})[row.id] = row
        self._working.setdefault(row.account_id, {})[row.id] = row
        self._live.setdefault(row.contract.contract_id, {})[row.id] = row
        if row.tag is not None:
            self._tags[(row.account_id, row.tag)] = row

    def tag_taken(self, account_id: int, tag: str, for_ever: bool = True) -> bool:
        """Whether an order of the account ever had this tag, or a live one has it."""
        row = self._tags.get((account_id, tag))
        return row is not None and (for_ever or row.live)

    def get(self, account_id: int, order_id: int) -> OrderRow | None:
        """One order of an account, or None."""
        row = self._rows.get(order_id)
        return row if row is not None and row.account_id == account_id else None

    def __getitem__(self, order_id: int) -> OrderRow:
        return self._rows[order_id]

    def where(self, account_id: int, wanted: Callable[[OrderRow], bool]) -> Iterator[OrderRow]:
        """Orders of an account that satisfy a condition, oldest first."""
        return (row for row in self._of.get(account_id, {}).values() if wanted(row))

    def live_of(self, account_id: int) -> list[OrderRow]:
        """Orders of an account that can still change, oldest first."""
        rows = self._working.get(account_id, {})
        for row in tuple(rows.values()):
            if not row.live:
                del rows[row.id]  # it has ended for good and need not be looked at again
        return list(rows.values())

    def live_on(self, contract_id: str) -> bool:
        """Whether any order on a contract can still change."""
        rows = self._live.get(contract_id, {})
        while rows:
            order_id, row = next(iter(rows.items()))
            if row.live:
                return True
            del rows[order_id]  # it has ended for good and need not be looked at again
        return False
