"""Finds out about contracts, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import GatewayError, UnknownSymbolError
from tradedesk.domain.events import CommandFailed, InstrumentResolved

if TYPE_CHECKING:
    from tradedesk.domain.commands import TrackContract
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.trading.live.desk_parts import DeskParts


class Instruments:
    """Resolves symbols and contract ids and keeps what came of it."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._asking: set[str] = set()

    def track(self, command: TrackContract) -> None:
        """Resolve a symbol in the background and tell the desk."""
        self._parts.owner.start(self._track(command), f"track {command.symbol}")

    def want(self, contract_id: ContractId) -> None:
        """Make sure that a contract seen in the account becomes known."""
        if contract_id not in self._parts.books.instruments and contract_id not in self._asking:
            self._asking.add(contract_id)
            self._parts.owner.start(self._want(contract_id), f"resolve {contract_id}")

    async def resolve(self, symbol_or_id: str) -> Instrument:
        """Ask the venue (or its cache) and keep the answer.

        Raises
        ------
        GatewayError, UnknownSymbolError
        """
        books = self._parts.books
        instrument = await self._parts.calls.read(self._parts.calls.gateway.resolve(symbol_or_id))
        if books.instruments.get(instrument.contract_id) != instrument:
            books.instruments[instrument.contract_id] = instrument
            books.emit(InstrumentResolved(instrument=instrument))
        return instrument

    async def _track(self, command: TrackContract) -> None:
        try:
            instrument = await self.resolve(command.symbol)
        except (GatewayError, UnknownSymbolError) as error:
            self._parts.books.emit(CommandFailed(click_id=command.click_id, reason=str(error)))
            return
        # told again although it may be known: the desk asked
        self._parts.books.emit(InstrumentResolved(instrument=instrument))

    async def _want(self, contract_id: ContractId) -> None:
        try:
            await self.resolve(contract_id)
        except (GatewayError, UnknownSymbolError) as error:
            self._parts.books.notice("warning", f"{contract_id} is not known yet: {error}")
        finally:
            self._asking.discard(contract_id)
