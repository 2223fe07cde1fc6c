"""What the modelled venue keeps: orders, what its searches show of them, and contracts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize

if TYPE_CHECKING:
    from tradedesk.domain.order import Order

START = 80_000
TICK = Decimal("0.25")


def instrument(symbol: str) -> Instrument:
    """One contract; all have the same tick."""
    return Instrument(
        contract_id=ContractId(f"CON.F.US.{symbol}.Z26"),
        name=f"{symbol}Z6",
        description=symbol,
        tick=TickSize(TICK),
        tick_value=Decimal("0.5"),
        symbol_id=f"F.US.{symbol}",
    )


class Lagging:
    """A value and what the search index knows of it."""

    __slots__ = ("coming", "shown")

    def __init__(self) -> None:
        self.shown: object = None
        self.coming: deque[tuple[float, object]] = deque()

    def put(self, at_s: float, value: object) -> None:
        """Show a value from a moment on, and no older one after it."""
        if self.coming and self.coming[-1][0] > at_s:
            at_s = self.coming[-1][0]
        self.coming.append((at_s, value))

    def at(self, now_s: float) -> object:
        """What is shown now."""
        coming = self.coming
        while coming and coming[0][0] <= now_s:
            self.shown = coming.popleft()[1]
        return self.shown


class Row:
    """One order at the venue."""

    __slots__ = ("distance", "index", "intention", "legs", "order", "parent")

    def __init__(self, order: Order, intention: int | None, parent: Row | None) -> None:
        self.order = order
        self.intention = intention
        self.parent = parent
        self.legs: list[Row] = []
        self.distance = 0
        self.index = Lagging()


@dataclass
class Market:
    """One contract: its price, its position and what rests in it."""

    instrument: Instrument
    last: int = START
    net: int = 0
    cost: int = 0
    opened_ns: int = 0
    resting: dict[OrderId, Row] = field(default_factory=dict)
    shown: Lagging = field(default_factory=Lagging)
