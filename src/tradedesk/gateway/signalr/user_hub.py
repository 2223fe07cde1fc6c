"""The user hub: orders, positions, fills and accounts of a login, as domain values."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

import msgspec

from tradedesk.domain.errors import GatewayError, UnknownSymbolError
from tradedesk.gateway.errors import HubLostError
from tradedesk.gateway.rest import to_domain
from tradedesk.gateway.wire.base import UNREADABLE
from tradedesk.gateway.wire.orders import OrderModel
from tradedesk.gateway.wire.rest import AccountModel, PositionModel, TradeModel

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import UserStreamSink
    from tradedesk.gateway.signalr.connection import HubConnection
    from tradedesk.gateway.signalr.link import HubLink

log = logging.getLogger(__name__)

InstrumentLookup = Callable[[str], Awaitable["Instrument"]]

LOOKUP_DEADLINE_S: Final = 5.0
_METHODS: Final = ("SubscribeOrders", "SubscribePositions", "SubscribeTrades")


class _Wrapped(msgspec.Struct):
    """Live events come as ``{action, data}``, documented ones bare; ``action`` means nothing
    that could be relied on."""

    data: msgspec.Raw = msgspec.Raw()


class _Event(NamedTuple):
    target: str
    arguments: msgspec.Raw
    mono_ns: int


_decode_arguments = msgspec.json.Decoder(tuple[msgspec.Raw]).decode
_decode_wrapped = msgspec.json.Decoder(_Wrapped).decode
_decode_order = msgspec.json.Decoder(OrderModel).decode
_decode_position = msgspec.json.Decoder(PositionModel).decode
_decode_trade = msgspec.json.Decoder(TradeModel).decode
_decode_account = msgspec.json.Decoder(AccountModel).decode


class UserHub:
    """Satisfies ``UserStream``.

    Parameters
    ----------
    link : HubLink
        Keeps the hub connected.
    lookup : callable
        Contract of an id, for tick sizes; asked once for each contract.
    """

    def __init__(self, link: HubLink, lookup: InstrumentLookup) -> None:
        self._link = link
        self._lookup = lookup

    async def run(self, account_ids: Sequence[AccountId], sink: UserStreamSink) -> NoReturn:
        """See ``UserStream``. ``on_lost`` is also told of attempts that never connected."""

        def session(generation: int) -> _UserSession:
            return _UserSession(tuple(account_ids), sink, self._lookup, generation)

        await self._link.run(session, sink.on_lost)


class _UserSession:
    """One connection: subscribes, then delivers in the order of arrival."""

    def __init__(
        self,
        account_ids: tuple[AccountId, ...],
        sink: UserStreamSink,
        lookup: InstrumentLookup,
        generation: int,
    ) -> None:
        self._account_ids = account_ids
        self._sink = sink
        self._lookup = lookup
        self._generation = generation
        # Events that arrive while subscribing wait here until the sink knows the generation.
        self._events: asyncio.Queue[_Event] = asyncio.Queue()

    def on_heard(self, mono_ns: int) -> None:
        self._sink.on_heard(mono_ns)

    def on_event(self, target: str, arguments: msgspec.Raw, mono_ns: int) -> None:
        self._events.put_nowait(_Event(target, arguments, mono_ns))

    async def serve(self, connection: HubConnection) -> None:
        calls = [connection.call("SubscribeAccounts")]
        for account_id in self._account_ids:
            calls += [connection.call(method, account_id) for method in _METHODS]
        try:
            await asyncio.gather(*calls)
        except HubLostError:
            raise
        except GatewayError as error:
            raise HubLostError(f"The hub refused a subscription: {error}", patient=True) from error
        self._sink.on_connected(self._generation)
        while True:
            # No deadline: the connection's own watch over silence ends this wait.
            event = await self._events.get()
            await self._deliver(event)

    async def _deliver(self, event: _Event) -> None:
        try:
            (argument,) = _decode_arguments(event.arguments)
            payload = _decode_wrapped(argument).data or argument
            await self._tell(event.target, payload, event.mono_ns)
        except UNREADABLE as error:
            # Going on would hide a change of an order; a new connection begins with a snapshot.
            raise HubLostError(
                f"The hub sent a {event.target} that cannot be read: {error}.", patient=True
            ) from error

    async def _tell(self, target: str, payload: msgspec.Raw, mono_ns: int) -> None:
        sink = self._sink
        if target == "GatewayUserOrder":
            order = _decode_order(payload)
            instrument = await self._instrument(order.contract_id)
            sink.on_order(to_domain.order(order, instrument.tick), mono_ns)
        elif target == "GatewayUserTrade":
            trade = _decode_trade(payload)
            instrument = await self._instrument(trade.contract_id)
            sink.on_fill(to_domain.fill(trade, instrument.tick), mono_ns)
        elif target == "GatewayUserPosition":
            sink.on_position(to_domain.position(_decode_position(payload)), mono_ns)
        elif target == "GatewayUserAccount":
            sink.on_account(to_domain.account(_decode_account(payload)), mono_ns)
        else:
            log.info("the user hub sent %s, which is not used", target)

    async def _instrument(self, contract_id: str) -> Instrument:
        try:
            async with asyncio.timeout(LOOKUP_DEADLINE_S):
                return await self._lookup(contract_id)
        except (GatewayError, UnknownSymbolError, TimeoutError) as error:
            raise HubLostError(
                f"An event names {contract_id}, which could not be looked up: {error}",
                patient=True,
            ) from error
