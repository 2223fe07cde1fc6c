"""What the market side needs from the venue, and what it is told in return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.market import DepthRow, Quote
    from tradedesk.engine import Bars


class MarketSink(Protocol):
    """Told what the market hub says, on the market thread, in the order it was said."""

    def on_connected(self, generation: int) -> None:
        """Connected and subscribed; rises with every connection."""

    def on_lost(self, reason: str) -> None:
        """Disconnected; trades are missed until the next ``on_connected``."""

    def on_quote(self, quote: Quote, mono_ns: int) -> None:
        """Top of book after merging; ``mono_ns`` is when the bytes were read."""

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        """Trades of one contract in parallel sequences of equal length."""

    def on_depth(self, contract_id: ContractId, rows: Sequence[DepthRow], mono_ns: int) -> None:
        """Changed price levels."""


class MarketSource(Protocol):
    """The venue's market side. Every method is called on the market thread."""

    async def run(self, sink: MarketSink) -> None:
        """Connect, deliver and reconnect until cancelled."""

    async def subscribe(self, instrument: Instrument) -> None:
        """Ask for quotes and trades of a contract; kept over reconnects."""

    async def bars(
        self,
        instrument: Instrument,
        spec: BarSpec,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        partial: bool,
    ) -> Bars:
        """History, oldest first; with ``partial`` the forming bar is included."""

    async def aclose(self) -> None:
        """Close every connection."""
