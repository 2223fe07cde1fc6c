"""Sinks that write down what they are told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.gateway.hub_server import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.market import DepthRow, Quote
    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Account, Fill, Position


class _Notebook:
    """Notes in order, and a way to wait for one."""

    def __init__(self) -> None:
        self.notes: list[tuple[Any, ...]] = []
        self.heard = 0
        self._pulse = asyncio.Event()

    def note(self, *words: Any) -> None:
        self.notes.append(words)
        self._pulse.set()

    def of(self, kind: str) -> list[Any]:
        """Values of all notes of one kind."""
        return [words[1] for words in self.notes if words[0] == kind]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on the notes holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._pulse.clear()
                await self._pulse.wait()

    async def count(self, kind: str, number: int = 1) -> list[Any]:
        """Wait for so many notes of a kind; returns their values."""
        await self.until(lambda: len(self.of(kind)) >= number)
        return self.of(kind)


class UserNotes(_Notebook):
    """A ``UserStreamSink``."""

    def on_connected(self, generation: int) -> None:
        self.note("connected", generation)

    def on_lost(self, generation: int, reason: str) -> None:
        self.note("lost", (generation, reason))

    def on_heard(self, mono_ns: int) -> None:
        self.heard = mono_ns
        self._pulse.set()

    def on_order(self, order: Order, mono_ns: int) -> None:
        self.note("order", order, mono_ns)

    def on_position(self, position: Position, mono_ns: int) -> None:
        self.note("position", position, mono_ns)

    def on_fill(self, fill: Fill, mono_ns: int) -> None:
        self.note("fill", fill, mono_ns)

    def on_account(self, account: Account, mono_ns: int) -> None:
        self.note("account", account, mono_ns)


class MarketNotes(_Notebook):
    """A ``MarketSink``."""

    def on_connected(self, generation: int) -> None:
        self.note("connected", generation)

    def on_lost(self, reason: str) -> None:
        self.note("lost", reason)

    def on_quote(self, quote: Quote, mono_ns: int) -> None:
        self.note("quote", quote, mono_ns)

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        self.note("trades", (contract_id, ts_ns, px_ticks, qty, buy_qty), mono_ns)

    def on_depth(self, contract_id: ContractId, rows: Sequence[DepthRow], mono_ns: int) -> None:
        self.note("depth", (contract_id, rows), mono_ns)
