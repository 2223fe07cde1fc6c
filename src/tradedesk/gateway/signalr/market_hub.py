"""The market hub: quotes, trades and depth of the contracts that are wanted."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, NoReturn

from tradedesk.gateway.errors import HubCallError
from tradedesk.gateway.signalr.market_payloads import decode_depth, decode_quote, decode_trades
from tradedesk.gateway.signalr.market_rows import ContractRows
from tradedesk.gateway.wire.base import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import MarketSink
    from tradedesk.gateway.signalr.connection import HubConnection
    from tradedesk.gateway.signalr.link import HubLink

log = logging.getLogger(__name__)

QUOTES: Final = "ContractQuotes"
TRADES: Final = "ContractTrades"
DEPTH: Final = "ContractMarketDepth"
DEFAULT_CHANNELS: Final = (QUOTES, TRADES)
_BAD_EVENTS_LOGGED: Final = 5


class MarketHub:
    """Keeps the wanted contracts subscribed over every reconnect.

    Parameters
    ----------
    link : HubLink
        Keeps the hub connected.

    Notes
    -----
    All methods belong to the loop that `run` runs on.
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link
        self._instruments: dict[str, Instrument] = {}
        self._channels: dict[str, frozenset[str]] = {}
        self._session: _MarketSession | None = None

    @property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """Pairs of channel and contract id that should be subscribed."""
        return frozenset(
            (channel, contract_id)
            for contract_id, channels in self._channels.items()
            for channel in channels
        )

    def subscribe(self, instrument: Instrument, channels: Sequence[str] = DEFAULT_CHANNELS) -> None:
        """Want channels of a contract, besides those wanted already; returns at once."""
        contract_id = instrument.contract_id
        self._instruments[contract_id] = instrument
        before = self._channels.get(contract_id, frozenset())
        self._channels[contract_id] = before | frozenset(channels)
        self._wake()

    async def run(self, sink: MarketSink) -> NoReturn:
        """Connect, deliver and reconnect until cancelled; leaves no task behind."""

        def session(generation: int) -> _MarketSession:
            self._session = _MarketSession(self, sink, generation)
            return self._session

        def lost(_generation: int, reason: str) -> None:
            self._session = None
            sink.on_lost(reason)

        await self._link.run(session, lost)

    def instrument(self, contract_id: str) -> Instrument | None:
        """A wanted contract by id."""
        return self._instruments.get(contract_id)

    def _wake(self) -> None:
        if self._session is not None:
            self._session.changed.set()


class _MarketSession:
    """One connection: keeps subscriptions equal to what is wanted, converts events."""

    def __init__(self, hub: MarketHub, sink: MarketSink, generation: int) -> None:
        self.changed = asyncio.Event()
        self._hub = hub
        self._sink = sink
        self._generation = generation
        self._asked: set[tuple[str, str]] = set()
        self._rows: dict[str, ContractRows] = {}
        self._early: list[tuple[str, msgspec.Raw, int]] | None = []
        self._bad_events = 0

    def on_heard(self, mono_ns: int) -> None:
        """Silence is the connection's matter; the sink is told of data only."""

    def on_event(self, target: str, arguments: msgspec.Raw, mono_ns: int) -> None:
        if self._early is not None:
            self._early.append((target, arguments, mono_ns))
            return
        try:
            self._tell(target, arguments, mono_ns)
        except UNREADABLE as error:
            self._bad_events += 1
            if self._bad_events <= _BAD_EVENTS_LOGGED:
                log.warning("a %s of the market hub cannot be read: %s", target, error)

    async def serve(self, connection: HubConnection) -> None:
        await self._settle(connection)
        self._sink.on_connected(self._generation)
        early, self._early = self._early or [], None
        for event in early:
            self.on_event(*event)
        while True:
            # No deadline: ended by cancellation when the connection is over.
            await self.changed.wait()
            await self._settle(connection)

    async def _settle(self, connection: HubConnection) -> None:
        """Subscribe to what is wanted and was not asked for on this connection yet."""
        self.changed.clear()
        missing = self._hub.wanted - self._asked
        self._asked |= missing
        await asyncio.gather(*(self._begin(connection, pair) for pair in missing))

    async def _begin(self, connection: HubConnection, pair: tuple[str, str]) -> None:
        channel, contract_id = pair
        try:
            await connection.call(f"Subscribe{channel}", contract_id)
        except HubCallError as error:
            log.warning("the hub refused %s of %s: %s", channel, contract_id, error)

    def _tell(self, target: str, arguments: msgspec.Raw, mono_ns: int) -> None:
        if target == "GatewayQuote":
            contract_id, quote = decode_quote(arguments)
            if (rows := self._rows_of(contract_id)) is not None:
                self._sink.on_quote(rows.quote(quote), mono_ns)
        elif target == "GatewayTrade":
            contract_id, trades = decode_trades(arguments)
            if (rows := self._rows_of(contract_id)) is not None:
                columns = rows.trades(trades if isinstance(trades, list) else [trades])
                self._sink.on_trades(rows.instrument.contract_id, *columns, mono_ns)
        elif target == "GatewayDepth":
            contract_id, levels = decode_depth(arguments)
            if (rows := self._rows_of(contract_id)) is not None:
                changed = rows.depth(levels if isinstance(levels, list) else [levels])
                self._sink.on_depth(rows.instrument.contract_id, changed, mono_ns)

    def _rows_of(self, contract_id: str) -> ContractRows | None:
        rows = self._rows.get(contract_id)
        if rows is None and (instrument := self._hub.instrument(contract_id)) is not None:
            rows = self._rows[contract_id] = ContractRows(instrument)
        return rows
