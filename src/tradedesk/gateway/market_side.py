"""Puts together what the desk's market thread needs of a venue: hub, contracts and history."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NoReturn

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import InputError
from tradedesk.gateway.history_columns import to_bars
from tradedesk.gateway.rest import history
from tradedesk.gateway.rest.calls import Caller
from tradedesk.gateway.rest.contracts import ContractDirectory
from tradedesk.gateway.rest.health import RestHealth
from tradedesk.gateway.rest.history import History
from tradedesk.gateway.rest.limiter import MARKET_SIDE_LIMIT, MARKET_SIDE_RESERVES, Lane, Limiter
from tradedesk.gateway.rest.market_data import MarketDataClient
from tradedesk.gateway.rest.pool import ConnectionPool
from tradedesk.gateway.rest.reader import Reader
from tradedesk.gateway.rest.tokens import GivenTokens
from tradedesk.gateway.signalr.link import HubLink
from tradedesk.gateway.signalr.market_hub import MarketHub
from tradedesk.gateway.signalr.timing import HubTiming
from tradedesk.gateway.tls import tls_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import MarketSink
    from tradedesk.engine import Bars
    from tradedesk.gateway.clockwork import Sleep
    from tradedesk.gateway.config import GatewayConfig

_UNITS: Final = {
    BarUnit.SECOND: history.SECOND,
    BarUnit.MINUTE: history.MINUTE,
    BarUnit.HOUR: history.HOUR,
    BarUnit.DAY: history.DAY,
    BarUnit.WEEK: history.WEEK,
    BarUnit.MONTH: history.MONTH,
}
_DEFAULT_TIMING = HubTiming()


class MarketSide:
    """The market side of a venue, used on one loop.

    Attributes
    ----------
    client : MarketDataClient
        Contracts and history over REST.
    hub : MarketHub
        Live data.
    """

    def __init__(self, client: MarketDataClient, hub: MarketHub) -> None:
        self.client = client
        self.hub = hub

    async def run(self, sink: MarketSink) -> NoReturn:
        """Connect, deliver and reconnect until cancelled."""
        await self.hub.run(sink)

    async def subscribe(self, instrument: Instrument) -> None:
        """Ask for quotes and trades of a contract; kept over reconnects."""
        self.hub.subscribe(instrument)

    async def bars(
        self,
        instrument: Instrument,
        spec: BarSpec,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        partial: bool,
        patient: bool = False,
    ) -> Bars:
        """History, oldest first; with ``partial`` the forming bar is included.

        What is ``patient`` leaves room below the venue's limit for what is not.

        Raises
        ------
        InputError
            If the venue has no bars of this kind.
        UnknownSymbolError, GatewayError
            As ``History.retrieve_bars``.
        """
        unit = _UNITS.get(spec.unit)
        if unit is None:
            raise InputError(f"The venue has no history of {spec.label} bars: choose time bars.")
        columns = await self.client.retrieve_bars(
            instrument,
            unit,
            spec.size,
            start_ns,
            end_ns,
            limit,
            include_partial=partial,
            lane=Lane.PAST if patient else Lane.HISTORY,
        )
        return to_bars(columns, instrument.tick)

    async def aclose(self) -> None:
        """Close every connection that `run` does not own."""
        await self.client.aclose()


def build_market_side(
    config: GatewayConfig,
    token_provider: Callable[[], str | None],
    clock: Clock,
    *,
    timing: HubTiming = _DEFAULT_TIMING,
    sleep: Sleep = asyncio.sleep,
) -> MarketSide:
    """Build the market side of a venue; nothing is sent yet.

    Parameters
    ----------
    config : GatewayConfig
        Addresses.
    token_provider : callable
        Returns the newest token, or None before the first sign-in; this side never signs in.
    clock : Clock
        Wall and monotonic time.
    timing : HubTiming
        Deadlines of the hub.
    sleep : callable
        How back-offs are spent.
    """
    tls = tls_context(config)
    pool = ConnectionPool(config.rest_url, tls, clock, RestHealth())
    limiter = Limiter(clock, sleep, general=MARKET_SIDE_LIMIT, reserves=MARKET_SIDE_RESERVES)
    tokens = GivenTokens(token_provider)
    reader = Reader(Caller(pool, limiter, clock, sleep), tokens)
    client = MarketDataClient(
        pool=pool,
        contracts=ContractDirectory(reader, clock, live=config.live),
        history=History(reader, clock, live=config.live),
    )
    link = HubLink(config.market_hub_url, tokens, tls, clock, timing, sleep)
    return MarketSide(client, MarketHub(link))
