"""The market hub: quotes, trades and depth of any contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from tradedesk.practice.hubs import framing
from tradedesk.practice.hubs.connection import Connection, HubError
from tradedesk.practice.hubs.publisher import Publisher, Style, Trouble
from tradedesk.practice.hubs.topics import Topic, Topics, asked

if TYPE_CHECKING:
    from tradedesk.practice.feed import Feed

_KINDS: Final = ("ContractQuotes", "ContractTrades", "ContractMarketDepth")
QUOTES, TRADES, DEPTH = _KINDS


class Feeds(Protocol):
    """Where feeds come from."""

    async def watch(self, contract_id: str, depth: bool) -> Feed | None:
        """The feed of an active contract, with session figures and everything published."""

    def wake(self) -> None:
        """Somebody listens no more."""


class _Line(NamedTuple):
    """What is told of one contract, and under which topics."""

    publisher: Publisher
    quotes: Topic
    trades: Topic
    depth: Topic


class MarketHub:
    """Tells subscribers what the tapes play.

    Parameters
    ----------
    feeds : Feeds
        Gives feeds.
    style : Style
        How market data is told.
    trouble : Trouble
        What is wrong with it.
    """

    def __init__(self, feeds: Feeds, style: Style, trouble: Trouble) -> None:
        self._feeds = feeds
        self._style = style
        self._trouble = trouble
        self._lines: dict[str, _Line] = {}
        self.topics = Topics()
        self.connections: set[Connection] = set()

    async def invoke(self, connection: Connection, target: str, values: list[Any]) -> None:
        """Subscribe or unsubscribe. A subscriber is given the whole picture at once."""
        wish = asked(target, _KINDS)
        if wish is None:
            raise HubError(framing.no_method(target))
        subscribes, kind = wish
        if len(values) != 1 or not isinstance(values[0], str):
            raise HubError("Error binding arguments: one contractId, a string, is expected.")
        topic = Topic(kind, values[0])
        if not subscribes:
            self.topics.discard(topic, connection)
            self._feeds.wake()
            return
        feed = await self._feeds.watch(values[0], kind == DEPTH)
        if feed is None:
            raise HubError(f"Failed to invoke '{target}': contract {values[0]} was not found.")
        if connection in self.connections:
            self._introduce(connection, topic, feed)

    def joined(self, connection: Connection) -> None:
        """Keep a connection."""
        self.connections.add(connection)

    def left(self, connection: Connection) -> None:
        """Forget a connection and what it listened to."""
        self.connections.discard(connection)
        self.topics.drop(connection)
        self._feeds.wake()

    def wanted(self, contract_id: str) -> bool:
        """Whether anybody listens to a contract."""
        return any(self.topics.heard(Topic(kind, contract_id)) for kind in _KINDS)

    def depth_wanted(self, contract_id: str) -> bool:
        """Whether anybody listens to the depth of a contract."""
        return self.topics.heard(Topic(DEPTH, contract_id))

    def publish(self, feed: Feed, rate: float) -> None:
        """Tell subscribers what a feed has played.

        Parameters
        ----------
        rate : float
            Venue seconds per real second, for what clients expect every few real seconds.
        """
        publisher, quotes, trades, depth = self._lines.get(feed.contract_id) or self._line(feed)
        publisher.depth.gather()
        prints = feed.unpublished()
        if len(prints.ts_ns) and self.topics.heard(trades):
            self._tell(trades, "trades", publisher.trades(prints))
        if self.topics.heard(quotes):
            self._tell(quotes, "quotes", publisher.quote(rate))
        if self.topics.heard(depth):
            self._tell(depth, "depth", publisher.levels())

    def _tell(self, topic: Topic, data: str, record: bytes | None) -> None:
        if record is not None and self._trouble.passes(str(topic.of), data):
            self.topics.send(topic, record)

    def forget(self, contract_id: str) -> None:
        """Drop what subscribers were told about a contract that plays no more."""
        self._lines.pop(contract_id, None)

    def _introduce(self, connection: Connection, topic: Topic, feed: Feed) -> None:
        publisher = (self._lines.get(feed.contract_id) or self._line(feed)).publisher
        if topic.kind == QUOTES:
            connection.send(publisher.full_quote())
        elif topic.kind == DEPTH:
            connection.send(publisher.full_depth())
        self.topics.add(topic, connection)

    def _line(self, feed: Feed) -> _Line:
        contract_id = feed.contract_id
        topics = (Topic(kind, contract_id) for kind in _KINDS)
        line = _Line(Publisher(feed, self._style, self._trouble), *topics)
        self._lines[contract_id] = line
        return line
