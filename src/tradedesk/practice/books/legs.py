"""The legs of brackets as their entries and they themselves fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.order import OrderStatus
from tradedesk.practice.books.brackets import grown_legs, shrink_twin, wake_leg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.ports import Markets, Trouble
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.books.rules import BookRules

    class Orders(Protocol):
        """What can be done with orders."""

        def entry_of(self, leg: OrderRow) -> OrderRow: ...
        def legs(self, entry: OrderRow) -> list[OrderRow]: ...
        def net(self, row: OrderRow) -> int: ...
        def touch(self, row: OrderRow) -> None: ...
        def requeue(self, row: OrderRow) -> None: ...
        def apply(self, matches: Sequence[Match]) -> None: ...
        def finish(self, row: OrderRow, status: OrderStatus) -> None: ...


class Legs:
    """Wakes, grows, shrinks and ends the legs of brackets.

    Parameters
    ----------
    execution : Orders
        Does it.
    markets : Markets
        Books and venue time.
    rules : BookRules
        Times.
    trouble : Trouble
        What goes wrong on request.
    """

    def __init__(
        self, execution: Orders, markets: Markets, rules: BookRules, trouble: Trouble
    ) -> None:
        self._execution = execution
        self._markets = markets
        self._rules = rules
        self._trouble = trouble

    def entry_filled(self, entry: OrderRow, qty: int, first_fill: bool) -> None:
        """Let the legs wake soon after the first fill, and grow with every other one."""
        if first_fill:
            at_ns = self._markets.now_ns() + self._rules.wake_ns
            self._markets.at(at_ns, lambda: self._wake(entry))
            return
        for leg in grown_legs(entry, self._execution.legs(entry), qty):
            if leg.live:  # the other leg may have met the market and ended it
                self._markets.book(leg.contract).leave(leg)
                self._execution.requeue(leg)

    def _wake(self, entry: OrderRow) -> None:
        """Let the legs of an entry work: target first, as production announces them."""
        waking = []
        for leg in reversed(self._execution.legs(entry)):
            if leg.status is not OrderStatus.SUSPENDED:
                continue
            if self._trouble.rejects(leg, self._execution.net(leg)):
                self._execution.finish(leg, OrderStatus.REJECTED)
                continue
            wake_leg(entry, leg)
            self._markets.book(leg.contract).trail(leg)  # the market may have gone on since
            self._execution.touch(leg)
            waking.append(leg)
        for leg in waking:
            if leg.live:
                book = self._markets.book(leg.contract)
                self._execution.apply(book.enter(leg, self._markets.now_ns()))
        self._markets.settle(entry.contract)

    def leg_filled(self, leg: OrderRow, qty: int) -> None:
        """One leg takes from the other; a leg that is done ends what is left of the entry."""
        entry = self._execution.entry_of(leg)
        if not leg.remaining and entry.live:
            self._execution.finish(entry, OrderStatus.CANCELLED)
        for twin in self._execution.legs(entry):
            if twin is leg or not twin.live:
                continue
            if leg.remaining and shrink_twin(twin, qty):
                self._execution.touch(twin)
            else:
                self._execution.finish(twin, OrderStatus.CANCELLED)
