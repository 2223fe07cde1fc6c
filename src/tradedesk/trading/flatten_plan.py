"""The plan of a flatten: cancel all, close all, and believe it only when it is seen twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.ids import ContractId, OrderId
from tradedesk.domain.order import Order, OrderType
from tradedesk.domain.roles import STOP_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tradedesk.domain.position import Position

PROOFS_NEEDED = 2
WAIT_NS = NS_PER_S
"""How long closes wait for cancels to be confirmed and for orders on their way to fill."""
SOON_NS = NS_PER_S // 2
"""How soon a position is closed again that a close has certainly met."""


class FlattenStep(msgspec.Struct, frozen=True):
    """What to do now, and the sentence to show.

    ``soon`` says that a close waits for its second to pass, so the next look should not be late.
    """

    text: str
    cancel: tuple[OrderId, ...] = ()
    close: tuple[ContractId, ...] = ()
    done: bool = False
    soon: bool = False


class FlattenPlan:
    """Decides the next step from what was seen.

    Give it every fresh look at the venue; it asks for cancels and closes until two looks in a
    row show nothing. A position is closed when its orders are seen to be gone, so that no target
    fills beside the close and turns it; what cannot be cancelled within a second is not waited
    for. A close is a market order at the venue, so it is not repeated while the first one may
    still be filling, and market orders are waited for instead of cancelled. Legs whose parent is
    being cancelled end with it, so they are left for the next look. Where closes get nowhere for
    long, stops that protect what is held stay at work until it is flat.

    Parameters
    ----------
    contract_id : ContractId or None
        What to flatten; everything if None.
    repeat_ns : int
        How long a close is given before it is asked for again, nanoseconds.
    keep_stops_ns : int
        From when on stops of what is still held are left alone, monotonic.
    may_close : callable
        Whether a close of a contract may go out now, so many nanoseconds after the one before.
    """

    def __init__(
        self,
        contract_id: ContractId | None,
        repeat_ns: int,
        keep_stops_ns: int,
        may_close: Callable[[ContractId, int], bool],
    ) -> None:
        self._contract_id = contract_id
        self._repeat_ns = repeat_ns
        self._keep_stops_ns = keep_stops_ns
        self._may_close = may_close
        self._closed_size: dict[ContractId, int] = {}
        self._waits_ns: dict[ContractId, int] = {}
        self._proofs = 0

    def wants(self, contract_id: ContractId) -> bool:
        """Whether a contract is part of this flatten."""
        return self._contract_id is None or contract_id == self._contract_id

    def first(self, working: Sequence[Order], now_ns: int) -> FlattenStep:
        """Cancel what we know of at once, before anything is asked."""
        cancel = self._cancels(working)
        self._waits_ns = {one.contract_id: now_ns for one in working if one.order_id in cancel}
        text = f"Cancelling {_count(len(cancel), 'order')}" if cancel else "Looking at the account"
        return FlattenStep(text=text, cancel=cancel)

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
        ours = [order for order in working if order.is_working and self.wants(order.contract_id)]
        held = {p.contract_id: p.net_size for p in positions if p.net_size}
        held = {contract: size for contract, size in held.items() if self.wants(contract)}
        late = now_ns >= self._keep_stops_ns
        cancel = self._cancels(one for one in ours if not (late and _guards(one, held)))
        busy = {order.contract_id for order in ours}
        filling = {order.contract_id for order in ours if order.type is OrderType.MARKET}
        close = tuple(
            contract
            for contract, size in held.items()
            if self._waited(contract, now_ns, busy=contract in busy or on_their_way > 0)
            and self._may_close(contract, self._gap(contract, size, filling))
        )
        self._closed_size.update({contract: held[contract] for contract in close})
        if cancel or held:
            self._proofs = 0
            return FlattenStep(
                text=_doing(len(cancel), len(held)),
                cancel=cancel,
                close=close,
                soon=any(
                    now_ns - since_ns < WAIT_NS
                    for contract, since_ns in self._waits_ns.items()
                    if contract in held
                ),
            )
        on_their_way += len([order for order in ours if order.type is OrderType.MARKET])
        if on_their_way:
            self._proofs = 0
            return FlattenStep(text=f"Waiting for {_count(on_their_way, 'order')} on the way")
        self._proofs += 1
        if self._proofs < PROOFS_NEEDED:
            return FlattenStep(text="Flat and empty; looking once more")
        return FlattenStep(text="Flat and empty, seen twice", done=True)

    def _waited(self, contract_id: ContractId, now_ns: int, *, busy: bool) -> bool:
        """Whether nothing works in the contract any more, or was waited for long enough."""
        if not busy:
            self._waits_ns.pop(contract_id, None)
            return True
        return now_ns - self._waits_ns.setdefault(contract_id, now_ns) >= WAIT_NS

    def _gap(self, contract_id: ContractId, size: int, filling: set[ContractId]) -> int:
        """How long after the last close of a contract the next one may go out.

        A position of another size than the one that was closed, with no market order at work, is
        what the close left behind, or what a late fill made of it.
        """
        closed = self._closed_size.get(contract_id)
        met = closed is not None and closed != size and contract_id not in filling
        return SOON_NS if met else self._repeat_ns

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


def _guards(order: Order, held: Mapping[ContractId, int]) -> bool:
    """Whether the order is a stop for a position that is held."""
    return order.type in STOP_TYPES and order.side.sign * held.get(order.contract_id, 0) < 0


def _doing(cancels: int, held: int) -> str:
    if not held:
        return f"Cancelling {_count(cancels, 'order')}"
    if not cancels:
        return f"Closing {_count(held, 'position')}"
    return f"Cancelling {_count(cancels, 'order')}, then closing {_count(held, 'position')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
