"""The plan of a flatten: cancel all, close all, and believe it only when it is seen twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.order import Order, OrderType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradedesk.domain.position import Position

PROOFS_NEEDED = 2


class FlattenStep(msgspec.Struct, frozen=True):
    """What to do now, and the sentence to show."""

    text: str
    cancel: tuple[OrderId, ...] = ()
    close: tuple[ContractId, ...] = ()
    done: bool = False


class FlattenPlan:
    """Decides the next step from what was seen.

    Give it every fresh look at the venue; it asks for cancels and closes until two looks in a
    row show nothing. A close is a market order at the venue, so it is not repeated while the first
    one may still be filling, and market orders are waited for instead of cancelled. Legs whose
    parent is being cancelled end with it, so they are left for the next look.

    Parameters
    ----------
    contract_id : ContractId or None
        What to flatten; everything if None.
    repeat_ns : int
        How long a close is given before it is asked for again, nanoseconds.
    """

    def __init__(self, contract_id: ContractId | None, repeat_ns: int) -> None:
        self._contract_id = contract_id
        self._repeat_ns = repeat_ns
        self._closed_ns: dict[ContractId, int] = {}
        self._proofs = 0

    def wants(self, contract_id: ContractId) -> bool:
        """Whether a contract is part of this flatten."""
        return self._contract_id is None or contract_id == self._contract_id

    def first(self, working: Iterable[Order]) -> FlattenStep:
        """Cancel what we know of at once, before anything is asked."""
        cancel = self._cancels(working)
        return FlattenStep(text=f"Cancelling {_count(len(cancel), 'order')}", cancel=cancel)

    def close_failed(self, contract_id: ContractId) -> None:
        """A close certainly did not happen; it may be asked for again at once."""
        self._closed_ns.pop(contract_id, None)

    def look(
        self,
        working: Sequence[Order],
        positions: Iterable[Position],
        *,
        on_their_way: int,
        now_ns: int,
    ) -> FlattenStep:
        """Decide from a fresh and complete look.

        Parameters
        ----------
        on_their_way : int
            Our own orders whose answer is still awaited; while there are any, nothing is proven.
        now_ns : int
            Monotonic.
        """
        cancel = self._cancels(working)
        held = [p.contract_id for p in positions if p.net_size and self.wants(p.contract_id)]
        close = tuple(contract for contract in held if self._due(contract, now_ns))
        self._closed_ns.update(dict.fromkeys(close, now_ns))
        if cancel or held:
            self._proofs = 0
            parts = [f"cancelling {_count(len(cancel), 'order')}"] if cancel else []
            parts += [f"closing {_count(len(held), 'position')}"] if held else []
            return FlattenStep(text=" and ".join(parts).capitalize(), cancel=cancel, close=close)
        on_their_way += sum(
            order.is_working and order.type is OrderType.MARKET and self.wants(order.contract_id)
            for order in working
        )
        if on_their_way:
            self._proofs = 0
            return FlattenStep(text=f"Waiting for {_count(on_their_way, 'order')} on the way")
        self._proofs += 1
        if self._proofs < PROOFS_NEEDED:
            return FlattenStep(text="Flat and empty; looking once more")
        return FlattenStep(text="Flat and empty, seen twice", done=True)

    def _due(self, contract_id: ContractId, now_ns: int) -> bool:
        asked_ns = self._closed_ns.get(contract_id)
        return asked_ns is None or now_ns - asked_ns >= self._repeat_ns

    def _cancels(self, working: Iterable[Order]) -> tuple[OrderId, ...]:
        ours = [
            order
            for order in working
            if order.is_working
            and order.type is not OrderType.MARKET
            and self.wants(order.contract_id)
        ]
        ids = {order.order_id for order in ours}
        return tuple(order.order_id for order in ours if order.parent_id not in ids)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
