"""Contracts and history for the desk's market thread, which never signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.gateway.rest.limiter import Lane

if TYPE_CHECKING:
    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.rest.contracts import ContractDirectory
    from tradedesk.gateway.rest.history import History, HistoryColumns
    from tradedesk.gateway.rest.pool import ConnectionPool


class MarketDataClient:
    """Reads market data with somebody else's token.

    Parameters
    ----------
    pool : ConnectionPool
        What to close in the end.
    contracts : ContractDirectory
        Asked for symbols.
    history : History
        Asked for bars.
    """

    def __init__(
        self, *, pool: ConnectionPool, contracts: ContractDirectory, history: History
    ) -> None:
        self._pool = pool
        self._contracts = contracts
        self._history = history

    async def resolve(self, symbol_or_id: str) -> Instrument:
        """Active contract of an exact symbol, name or id; see ``ContractDirectory.resolve``."""
        return await self._contracts.resolve(symbol_or_id)

    async def retrieve_bars(
        self,
        instrument: Instrument,
        unit: int,
        unit_number: int,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        include_partial: bool,
        lane: Lane = Lane.HISTORY,
    ) -> HistoryColumns:
        """Bars, oldest first; see ``History.retrieve_bars``."""
        return await self._history.retrieve_bars(
            instrument,
            unit,
            unit_number,
            start_ns,
            end_ns,
            limit,
            include_partial=include_partial,
            lane=lane,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
