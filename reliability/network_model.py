"""The way to the gateway: ``OrderGateway`` over a network that loses, cuts and delays.

What is on its way arrives although the one who sent it is dead, as on a real network.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from reliability.faults import Fault
from tradedesk.domain.errors import (
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    UnknownSymbolError,
)
from tradedesk.gateway.rest.calls import BACK_OFF_S
from tradedesk.gateway.rest.hedge import hedged

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Sequence

    from reliability.faults import Network
    from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Order, OrderType, Side
    from tradedesk.domain.ports import Stamp
    from tradedesk.domain.position import Account, Fill, Position

T = TypeVar("T")

READ_TIMEOUT_S = 5.0
READ_DEADLINE_S = 10.0
READ_PAUSES_S = BACK_OFF_S
"""Questions are asked again after these, as the product's own client does."""


class Call(Generic[T]):
    """Begins when it is awaited; a coroutine that its dead process never awaits would complain."""

    __slots__ = ("_begin",)

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, None, T]:
        return self._begin().__await__()


class Line:
    """One process's connections; ``dead`` when the process is.

    Satisfies ``OrderGateway``.
    """

    def __init__(
        self,
        network: Network,
        intention_of: Callable[[Tag], int | None],
        on_edge: Callable[[str], None] = lambda edge: None,
    ) -> None:
        self.dead = False
        self._network = network
        self._venue = network.venue
        self._loop = network.loop
        self._intention_of = intention_of
        self._on_edge = on_edge

    # --- OrderGateway -----------------------------------------------------------------------

    def login(self) -> Call[str]:
        return self.ask(lambda: "token-1")

    def accounts(self) -> Call[Sequence[Account]]:
        return self.ask(lambda: self._venue.accounts)

    async def resolve(self, symbol_or_id: str) -> Instrument:
        for market in self._venue.markets.values():
            found = market.instrument
            if symbol_or_id in {found.contract_id, found.symbol}:
                return found  # remembered on disk by the real client
        raise UnknownSymbolError(f"No active contract is called {symbol_or_id}.")

    def place(
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
    ) -> Call[OrderId]:
        intention = self._intention_of(tag)
        return self.change(
            lambda: self._venue.place(
                instrument.contract_id,
                side,
                type,
                size,
                limit_ticks,
                stop_ticks,
                stop_loss_ticks,
                take_profit_ticks,
                tag,
                intention,
            ),
            intention,
            on_written,
        )

    def modify(
        self,
        *,
        account_id: AccountId,
        order: Order,
        instrument: Instrument,
        size: int | None,
        limit_ticks: int | None,
        stop_ticks: int | None,
        on_written: Stamp | None = None,
    ) -> Call[None]:
        return self.change(
            lambda: self._venue.modify(order.order_id, size, limit_ticks, stop_ticks),
            on_written=on_written,
        )

    def cancel(
        self, *, account_id: AccountId, order_id: OrderId, on_written: Stamp | None = None
    ) -> Call[None]:
        return self.change(lambda: self._venue.cancel(order_id), on_written=on_written)

    def close_contract(
        self,
        *,
        account_id: AccountId,
        contract_id: ContractId,
        size: int | None,
        on_written: Stamp | None = None,
    ) -> Call[None]:
        return self.change(lambda: self._venue.close(contract_id, size), on_written=on_written)

    def orders_since(self, account_id: AccountId, start_ns: int) -> Call[Sequence[Order]]:
        return self.ask(lambda: self._venue.orders_since(start_ns))

    def working_orders(self, account_id: AccountId) -> Call[Sequence[Order]]:
        return self.ask(self._venue.working)

    def positions(self, account_id: AccountId) -> Call[Sequence[Position]]:
        return self.ask(self._venue.positions)

    def fills_since(self, account_id: AccountId, start_ns: int) -> Call[Sequence[Fill]]:
        return self.ask(lambda: self._venue.fills_since(start_ns))

    def ping(self) -> Call[None]:
        return self.ask(lambda: None)

    async def aclose(self) -> None:
        """Nothing is held."""

    # --- one request ------------------------------------------------------------------------

    def ask(self, read: Callable[[], T]) -> Call[T]:
        """A question, asked again as the product's own client does."""
        return Call(lambda: self._ask(read))

    async def _ask(self, read: Callable[[], T]) -> T:
        until_s = self._loop.now + READ_DEADLINE_S
        for pause_s in (*READ_PAUSES_S, None):
            try:
                return await hedged(lambda: self._ask_once(read, until_s))
            except GatewayError:
                if pause_s is None or self._loop.now + pause_s >= until_s:
                    raise
            await asyncio.sleep(pause_s)
        raise AssertionError("the last attempt always returns or raises")

    async def _ask_once(self, read: Callable[[], T], until_s: float) -> T:
        if self.dead:
            raise GatewayError("this process is dead")
        loop, network = self._loop, self._network
        fault, stall_s = network.fault_of(None)
        patience_s = min(READ_TIMEOUT_S, until_s - loop.now)
        arrives_s = network.half_trip_s() + stall_s
        answers_s = arrives_s + network.half_trip_s()
        if fault is Fault.REFUSED:
            await asyncio.sleep(arrives_s - stall_s)
            raise GatewayError("No connection.")
        if fault in {Fault.BLACK_HOLE, Fault.REPLY_LOST} or answers_s > patience_s:
            await asyncio.sleep(patience_s)
            raise GatewayError("No answer.")
        if fault is not Fault.NONE:
            await asyncio.sleep(answers_s)
            raise GatewayError("HTTP 500")
        future = loop.create_future()
        loop.call_later(arrives_s, self._serve, future, read, answers_s - arrives_s)
        return await future  # type: ignore[no-any-return]

    def _serve(self, future: asyncio.Future[Any], read: Callable[[], T], back_s: float) -> None:
        if not future.done():
            self._loop.call_later(back_s, _resolve, future, read())

    def change(
        self,
        carry_out: Callable[[], T],
        intention: int | None = None,
        on_written: Stamp | None = None,
    ) -> Call[T]:
        """A mutation: sent at most once."""
        return Call(lambda: self._change(carry_out, intention, on_written))

    async def _change(
        self,
        carry_out: Callable[[], T],
        intention: int | None,
        on_written: Stamp | None,
    ) -> T:
        if self.dead:
            raise NotSentError("this process is dead")
        loop, network = self._loop, self._network
        fault, stall_s = network.fault_of(intention)
        if fault is Fault.REFUSED:
            await asyncio.sleep(0.2 * network.dice.random())
            raise NotSentError("Not sent: no connection.")
        await asyncio.sleep(0)
        if self.dead:
            raise NotSentError("this process is dead")
        future = loop.create_future()
        if fault not in {Fault.BLACK_HOLE, Fault.ERROR_BEFORE}:
            loop.call_later(
                network.half_trip_s() + stall_s, self._carry_out, future, carry_out, fault
            )
        elif fault is Fault.ERROR_BEFORE:
            loop.call_later(
                2 * network.half_trip_s(), _resolve, future, OutcomeUnknownError("HTTP 500")
            )
        self._on_edge("sent")  # the bytes are out, nobody has noted it
        if on_written is not None and not self.dead:
            on_written()
        expiry = loop.call_later(
            READ_TIMEOUT_S, _resolve, future, OutcomeUnknownError("No answer.")
        )
        try:
            answer = await future
        finally:
            expiry.cancel()
        self._on_edge("reply")  # the answer is read, nobody has noted it
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def _carry_out(
        self, future: asyncio.Future[Any], carry_out: Callable[[], Any], fault: Fault
    ) -> None:
        try:
            answer: object = carry_out()
        except GatewayError as error:
            answer = error
        else:
            if fault is Fault.ERROR_AFTER:
                answer = OutcomeUnknownError("HTTP 500")
            elif fault is Fault.CODE_7:
                answer = OutcomeUnknownError("code 7")
            elif fault is Fault.REPLY_CUT:
                answer = OutcomeUnknownError("the answer broke off")
        if fault is not Fault.REPLY_LOST:
            self._loop.call_later(self._network.half_trip_s(), _resolve, future, answer)


def _resolve(future: asyncio.Future[Any], answer: object) -> None:
    if not future.done():
        future.set_result(answer)
