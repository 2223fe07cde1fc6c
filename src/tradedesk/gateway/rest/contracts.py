"""Which contract a symbol means now."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import UnknownSymbolError
from tradedesk.gateway.rest import to_domain
from tradedesk.gateway.wire.rest import (
    ContractAvailableRequest,
    ContractByIdRequest,
    ContractResponse,
    ContractSearchRequest,
    ContractsResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.rest.reader import Reader

SYMBOL_GOOD_FOR_NS: Final = 3600 * NS_PER_S
"""A symbol is looked up again after an hour: the active expiry rolls while desks are left open."""
_SUGGESTIONS: Final = 5


class ContractDirectory:
    """Looks contracts up and remembers them.

    Parameters
    ----------
    reader : Reader
        Asks the venue.
    clock : Clock
        Age of what is remembered.
    live : bool
        Data tier to ask for.
    """

    def __init__(self, reader: Reader, clock: Clock, *, live: bool) -> None:
        self._reader = reader
        self._clock = clock
        self._live = live
        self._by_id: dict[str, Instrument] = {}
        self._by_symbol: dict[str, tuple[Instrument, int]] = {}

    def known(self, contract_id: str) -> Instrument | None:
        """The contract of an id if it has been seen; never asks."""
        return self._by_id.get(contract_id)

    async def resolve(self, symbol_or_id: str) -> Instrument:
        """Contract of an exact symbol, name, symbol id or contract id.

        The venue's own search is fuzzy (``ES`` also finds ``MES``), so only exact matches count;
        of several expiries the active one is taken. Ids are remembered for ever, symbols for an
        hour.

        Raises
        ------
        UnknownSymbolError
            If nothing matches exactly; names the nearest symbols.
        GatewayError
            If the venue does not answer.
        """
        text = symbol_or_id.strip()
        if text.upper().startswith("CON."):
            return await self._by_contract_id(text)
        wanted = text.upper()
        remembered = self._by_symbol.get(wanted)
        now = self._clock.mono_ns()
        if remembered is not None and now - remembered[1] < SYMBOL_GOOD_FOR_NS:
            return remembered[0]
        found = await self._search(wanted) if wanted else None
        if found is None:
            raise UnknownSymbolError(self._not_found(symbol_or_id))
        self._by_symbol[wanted] = (found, now)
        return found

    async def _by_contract_id(self, contract_id: str) -> Instrument:
        known = self._by_id.get(contract_id)
        if known is not None:
            return known
        answer = await self._reader.ask(
            "/api/Contract/searchById",
            ContractByIdRequest(contract_id=contract_id),
            ContractResponse,
        )
        if answer.contract is None:
            raise UnknownSymbolError(
                f"The venue knows no contract {contract_id!r}: check the id, or use a symbol "
                f"such as MNQ."
            )
        return self._remember(to_domain.instrument(answer.contract))

    async def _search(self, wanted: str) -> Instrument | None:
        answer = await self._reader.ask_successfully(
            "/api/Contract/search",
            ContractSearchRequest(search_text=wanted, live=self._live),
            ContractsResponse,
        )
        rows = [to_domain.instrument(row) for row in answer.contracts or ()]
        found = _exact_match(rows, wanted)
        if found is None:
            # The search gives 20 rows at most; the one that is meant may not be among them.
            found = _exact_match(await self._available(), wanted)
        return None if found is None else self._remember(found)

    async def _available(self) -> Sequence[Instrument]:
        answer = await self._reader.ask_successfully(
            "/api/Contract/available", ContractAvailableRequest(live=self._live), ContractsResponse
        )
        return [self._remember(to_domain.instrument(row)) for row in answer.contracts or ()]

    def _not_found(self, text: str) -> str:
        symbols = sorted({found.symbol for found in self._by_id.values() if found.active})
        near = difflib.get_close_matches(text.strip().upper(), symbols, _SUGGESTIONS, cutoff=0.5)
        choice = near or symbols[:_SUGGESTIONS]
        hint = f" Near to it: {', '.join(choice)}." if choice else ""
        return f"No active contract has the symbol {text!r}.{hint}"

    def _remember(self, instrument: Instrument) -> Instrument:
        self._by_id[instrument.contract_id] = instrument
        return instrument


def _exact_match(rows: Iterable[Instrument], wanted: str) -> Instrument | None:
    candidates = list(rows)
    keys: tuple[Callable[[Instrument], str], ...] = (
        lambda row: row.name,
        lambda row: row.symbol,
        lambda row: row.symbol_id,
        lambda row: row.symbol_id.rsplit(".", 1)[-1],
    )
    for key in keys:
        matches = [row for row in candidates if key(row).upper() == wanted]
        if matches:
            return max(matches, key=lambda row: row.active)
    return None
