"""Takes what the user hub says, and knows since when nothing was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Account, Fill, Position
    from tradedesk.trading.live.instruments import Instruments
    from tradedesk.trading.live.watchers import Watchers
    from tradedesk.trading.venue_news import VenueNews


class UserSink:
    """Satisfies ``UserStreamSink``.

    Attributes
    ----------
    since_ns : int or None
        Monotonic moment since which the hub has been connected without a gap; None while it is
        not.
    heard_ns : int or None
        When anything was last read.
    generation : int
        Of the newest connection.
    reason : str
        Why the last connection was lost.
    """

    def __init__(
        self, news: VenueNews, instruments: Instruments, clock: Clock, watchers: Watchers
    ) -> None:
        self.since_ns: int | None = None
        self.heard_ns: int | None = None
        self.generation = 0
        self.reason = "not connected yet"
        self._news = news
        self._instruments = instruments
        self._clock = clock
        self._watchers = watchers

    def on_connected(self, generation: int) -> None:
        """Subscribed."""
        self.generation = generation
        self.since_ns = self.heard_ns = self._clock.mono_ns()
        self._news.hub_connected(self.since_ns)
        self._watchers.wake()

    def on_lost(self, generation: int, reason: str) -> None:
        """Gone; a word about an older connection is no news."""
        if generation >= self.generation:
            self.since_ns = None
            self._news.hub_connected(None)
            self.reason = reason
            self._watchers.wake()

    def on_heard(self, mono_ns: int) -> None:
        """Any record."""
        self.heard_ns = mono_ns

    def on_order(self, order: Order, mono_ns: int) -> None:
        """An order changed."""
        self._seen(order.contract_id)
        self._news.order(order, mono_ns, hub=True)

    def on_position(self, position: Position, mono_ns: int) -> None:
        """A position changed."""
        self._seen(position.contract_id)
        self._news.position(position, mono_ns)

    def on_fill(self, fill: Fill, mono_ns: int) -> None:
        """A trade of ours."""
        self._news.fill(fill, mono_ns)

    def on_account(self, account: Account, mono_ns: int) -> None:
        """An account changed."""
        self._news.account(account)

    def _seen(self, contract_id: ContractId) -> None:
        self._instruments.want(contract_id)
