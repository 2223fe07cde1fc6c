"""Tells the executor, which sees no market, what the contracts held trade at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.commands import Mark

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import ContractId
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.market_desk import MarketDesk
    from tradedesk.services.trade_desk import TradeDesk

EVERY_S: Final = 1.0


class MarkSender:
    """Sends prices once a second, each with the moment at which it was heard."""

    def __init__(
        self, state: DeskState, markets: MarketDesk, trade: TradeDesk, clock: Clock
    ) -> None:
        self._state = state
        self._markets = markets
        self._trade = trade
        self._clock = clock
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Send now and once a second, on the running loop."""
        self.send()
        self._next = asyncio.get_running_loop().call_later(EVERY_S, self.start)

    def stop(self) -> None:
        """Send no more; safe to call twice."""
        if self._next is not None:
            self._next.cancel()

    def send(self) -> None:
        """Send what is known now."""
        now_ns = self._clock.mono_ns()
        marks: dict[ContractId, Mark] = {}
        for _, contract_id in self._state.positions:
            instrument = self._state.instruments.get(contract_id)
            if instrument is None:
                continue
            book = self._markets.watch(instrument)
            age_ms = book.age_ms(now_ns)
            if book.last_ticks is not None and age_ms is not None:
                seen_ns = now_ns - int(age_ms * NS_PER_MS)
                marks[contract_id] = Mark(book.last_ticks, seen_ns)
        self._trade.mark_prices(marks, self._markets.market_ns)
