"""Satisfies ``OrderGateway`` and ``UserStream`` over the venue in memory, with faults to order.

What the venue does goes on although the one who asked is cancelled or dead, as on a real network.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes.fake_venue import ACCOUNT, MNQ, FakeVenue, Told

from tradedesk.domain.errors import (
    AuthError,
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    UnknownSymbolError,
    VenueRefusedError,
)
from tradedesk.domain.order import Order
from tradedesk.domain.position import Fill, Position

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import OrderType, Side
    from tradedesk.domain.ports import Stamp, UserStreamSink
    from tradedesk.domain.position import Account

T = TypeVar("T")

HALF_TRIP_S = 0.045


class Fault(Enum):
    """What happens to one request."""

    NONE = "none"
    NOT_SENT = "no connection"
    REQUEST_LOST = "never arrives, no answer"
    REPLY_LOST = "done, no answer"
    LATE = "done long after the caller gave up"
    CUT = "cut in the middle of the request"
    REFUSED = "refused without being done"


class FakeGateway:
    """One client's connection to the venue.

    Attributes
    ----------
    faults : dict
        Queue of faults for each kind of call (``place``, ``cancel`` ...); empty means none.
    choose : callable or None
        Draws a fault for each call instead.
    """

    def __init__(self, venue: FakeVenue) -> None:
        self.venue = venue
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.choose: Callable[[str], Fault] | None = None
        self.give_up_s = 5.0
        self.late_s = 20.0
        self.calls: list[str] = []
        self.auth_refused = False
        self.closed = False

    async def login(self) -> str:
        if self.auth_refused:
            raise AuthError("The venue refused the key of 'fake'.")
        return await self._ask("login", lambda: "token-1")

    async def accounts(self) -> Sequence[Account]:
        return await self._ask("accounts", lambda: self.venue.accounts)

    async def resolve(self, symbol_or_id: str) -> Instrument:
        if symbol_or_id not in {MNQ.contract_id, "MNQ", "MNQZ6"}:
            raise UnknownSymbolError(f"No active contract is called {symbol_or_id}.")
        return await self._ask("resolve", lambda: MNQ)

    async def place(
        self,
        *,
        account_id: AccountId,
        instrument: Instrument,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        tag: Tag,
        on_written: Stamp,
    ) -> OrderId:
        def carry_out() -> OrderId:
            return self.venue.place(
                side, type, size, limit_ticks, stop_ticks, stop_loss_ticks, take_profit_ticks, tag
            )

        return await self._change("place", carry_out, on_written)

    async def modify(
        self,
        *,
        account_id: AccountId,
        order: Order,
        instrument: Instrument,
        size: int | None,
        limit_ticks: int | None,
        stop_ticks: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        await self._change(
            "modify",
            lambda: self.venue.modify(order.order_id, size, limit_ticks, stop_ticks),
            on_written,
        )

    async def cancel(
        self, *, account_id: AccountId, order_id: OrderId, on_written: Stamp | None = None
    ) -> None:
        await self._change("cancel", lambda: self.venue.cancel(order_id), on_written)

    async def close_contract(
        self,
        *,
        account_id: AccountId,
        contract_id: ContractId,
        size: int | None,
        on_written: Stamp | None = None,
    ) -> None:
        await self._change("close", self.venue.close, on_written)

    async def orders_since(self, account_id: AccountId, start_ns: int) -> Sequence[Order]:
        # as at the real venue, suspended legs show up only among the working orders
        return await self._ask(
            "orders",
            lambda: [
                order
                for order in self.venue.orders.values()
                if order.created_ns >= start_ns and order.status.value in {1, 2, 3, 5}
            ],
        )

    async def working_orders(self, account_id: AccountId) -> Sequence[Order]:
        return await self._ask("working", self.venue.working)

    async def positions(self, account_id: AccountId) -> Sequence[Position]:
        return await self._ask("positions", lambda: self.venue.positions)

    async def fills_since(self, account_id: AccountId, start_ns: int) -> Sequence[Fill]:
        return await self._ask("fills", lambda: list(self.venue.fills))

    async def ping(self) -> None:
        await self._ask("ping", lambda: None)

    async def aclose(self) -> None:
        self.closed = True

    def _fault(self, kind: str) -> Fault:
        self.calls.append(kind)
        if self.choose is not None:
            return self.choose(kind)
        return self.faults[kind].popleft() if self.faults[kind] else Fault.NONE

    async def _ask(self, kind: str, read: Callable[[], T]) -> T:
        fault = self._fault(kind)
        await asyncio.sleep(HALF_TRIP_S)
        if fault is not Fault.NONE:
            raise GatewayError("The venue could not be reached.")
        answer = read()
        await asyncio.sleep(HALF_TRIP_S)
        return answer

    async def _change(  # noqa: C901 - every fault in one place
        self, kind: str, carry_out: Callable[[], T], on_written: Stamp | None = None
    ) -> T:
        fault = self._fault(kind)
        if fault is Fault.NOT_SENT:
            raise NotSentError("Not sent: no connection.")
        if fault is Fault.CUT:
            raise OutcomeUnknownError("The connection was cut in the middle of the request.")
        if on_written is not None:
            await asyncio.sleep(0)
            on_written()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def arrive() -> None:
            outcome: Any
            try:
                if fault is Fault.REFUSED:
                    raise VenueRefusedError("The market is closed.", kind, 5)
                outcome = carry_out()
            except VenueRefusedError as error:
                outcome = error
            if fault in {Fault.NONE, Fault.REFUSED}:
                loop.call_later(HALF_TRIP_S, _answer, answer, outcome)

        if fault is Fault.LATE:
            loop.call_later(self.late_s, arrive)
        elif fault is not Fault.REQUEST_LOST:
            loop.call_later(HALF_TRIP_S, arrive)
        try:
            async with asyncio.timeout(self.give_up_s):
                outcome = await answer
        except TimeoutError:
            raise OutcomeUnknownError("No answer came in time.") from None
        if isinstance(outcome, VenueRefusedError):
            raise outcome
        return outcome  # type: ignore[no-any-return]


def _answer(future: asyncio.Future[Any], outcome: Any) -> None:
    if not future.done():
        future.set_result(outcome)


class FakeStream:
    """The user hub: tells what the venue tells, a moment later, while it is connected.

    Attributes
    ----------
    delay_s : callable
        How long each word takes.
    loses : callable
        Whether a word is lost although the connection stands.
    """

    def __init__(self, venue: FakeVenue) -> None:
        self.venue = venue
        self.delay_s: Callable[[], float] = lambda: 0.05
        self.loses: Callable[[], bool] = lambda: False
        self.up = asyncio.Event()
        self.up.set()
        self._drop = asyncio.Event()
        self.generation = 0

    def drop(self) -> None:
        """Cut the connection; it comes back when ``up`` is set."""
        self.up.clear()
        self._drop.set()

    async def run(self, account_ids: Sequence[AccountId], sink: UserStreamSink) -> None:
        assert ACCOUNT in account_ids
        loop = asyncio.get_running_loop()
        while True:
            await self.up.wait()
            await asyncio.sleep(HALF_TRIP_S)
            self._drop.clear()
            self.generation += 1
            generation = self.generation

            def tell(told: Told, generation: int = generation) -> None:
                if not self.loses():
                    loop.call_later(self.delay_s(), self._deliver, told, generation, sink)

            self.venue.tell = tell
            sink.on_connected(generation)
            try:
                while not self._drop.is_set():
                    sink.on_heard(self.venue.clock.mono_ns())
                    try:
                        async with asyncio.timeout(10):
                            await self._drop.wait()
                    except TimeoutError:
                        continue
            finally:
                self.venue.tell = lambda told: None
                self.generation += 1
            sink.on_lost(generation, "the connection was cut")

    def _deliver(self, told: Told, generation: int, sink: UserStreamSink) -> None:
        if generation != self.generation:
            return
        now_ns = self.venue.clock.mono_ns()
        if isinstance(told, Order):
            sink.on_order(told, now_ns)
        elif isinstance(told, Position):
            sink.on_position(told, now_ns)
        else:
            sink.on_fill(told, now_ns)
