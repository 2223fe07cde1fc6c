"""The other way to hand market data over: a queued Qt signal for every single event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from tradedesk.services.market_thread import FeedItem, MarketThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.domain.ids import ContractId
    from tradedesk.services.market_ports import MarketSource


class _Post(QObject):
    """Lives on the window's thread; what is emitted on another one is queued there."""

    came = Signal(object)


class SignalThread(MarketThread):
    """A market thread that sends every trade and every quote on its own, by a signal.

    What the window's thread does with an event is the same as ever.
    """

    def __init__(self, make_source: Callable[[], MarketSource], pump: Callable[[], None]) -> None:
        super().__init__(make_source, lambda: None)
        self._pump = pump
        self._here: list[FeedItem] = []
        self._post = _Post()
        self._post.came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def drain(self) -> Sequence[FeedItem]:
        """The event of the signal that is being served."""
        here, self._here = self._here, []
        return here

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        """See ``MarketSink``; one message for each trade."""
        for at, px, lots, bought in zip(ts_ns, px_ticks, qty, buy_qty, strict=True):
            super().on_trades(contract_id, [at], [px], [lots], [bought], mono_ns)

    def _put(self, item: FeedItem) -> None:
        self._post.came.emit(item)

    def _take(self, item: FeedItem) -> None:
        self._here.append(item)
        self._pump()
