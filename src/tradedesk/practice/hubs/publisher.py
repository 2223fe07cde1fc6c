"""Turns a feed into market hub records: trades, partial quotes, depth changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradedesk.gateway.wire.hub import DepthPayload, QuotePayload, TradePayload
from tradedesk.practice.hubs import framing
from tradedesk.practice.market.events import ASKS, BIDS
from tradedesk.practice.stamps import wire_time

if TYPE_CHECKING:
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.market.prints import Prints

ASK, BID, RESET = 1, 2, 6
QUOTE_EVERY_S: Final = 9.0
_DOM: Final = {BIDS: BID, ASKS: ASK}


class Publisher:
    """What the subscribers of one contract know, and what they are to be told next.

    Parameters
    ----------
    feed : Feed
        The contract as it plays.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._id = feed.contract.contract_id
        self._tick = feed.contract.product.tick
        self._symbol_id = feed.contract.product.symbol_id
        self._quote: dict[str, float | None] = {}
        self._quoted_ns = 0

    def trades(self, prints: Prints) -> bytes:
        """Record with all trades of `prints`, oldest first."""
        rows = [
            TradePayload(
                symbol_id=self._symbol_id,
                price=self._tick.price_lossy(trade.px),
                timestamp=wire_time(trade.ts_ns),
                type=0 if trade.buy_qty * 2 > trade.qty else 1,
                volume=trade.qty,
            )
            for trade in prints.each()
        ]
        return framing.event("GatewayTrade", self._id, rows)

    def full_quote(self) -> bytes:
        """Record with every member, for a new subscriber; tell the others with `quote` first."""
        self._quote = self._figures()
        self._quoted_ns = self._feed.cursor_ns
        name = f"/{self._feed.contract.product.symbol}"
        return self._quote_record({**self._quote, "symbol_name": name})

    def quote(self, rate: float) -> bytes | None:
        """Record with what changed since the last one; None if nothing did and none is due."""
        figures = self._figures()
        changed = {name: px for name, px in figures.items() if self._quote.get(name) != px}
        since_ns = self._feed.cursor_ns - self._quoted_ns
        if not changed and since_ns < QUOTE_EVERY_S * 1e9 * rate:
            return None
        self._quote = figures
        self._quoted_ns = self._feed.cursor_ns
        return self._quote_record(changed)

    def full_depth(self) -> bytes:
        """Record with a reset and every level."""
        book = self._feed.book.market
        rows = [self._row(RESET, 0, 0)]
        rows += [self._row(BID, level.px, level.size) for level in book.levels(BIDS)]
        rows += [self._row(ASK, level.px, level.size) for level in book.levels(ASKS)]
        return self._depth_record(rows)

    def levels(self, changed: dict[tuple[int, int], int]) -> bytes:
        """Record with levels that changed."""
        return self._depth_record(
            [self._row(_DOM[side], px, size) for (side, px), size in changed.items()]
        )

    def _figures(self) -> dict[str, float | None]:
        touch, session = self._feed.touch, self._feed.session
        price = self._tick.price_lossy
        figures: dict[str, float | None] = {
            "last_price": price(touch.last),
            "best_bid": price(touch.bid),
            "best_ask": price(touch.ask),
        }
        if session is not None and session.open is not None:
            assert session.high is not None
            assert session.low is not None
            before = session.previous_close or session.open
            change = touch.last - before
            figures |= {
                "change": price(change),
                "change_percent": round(change / before, 6) if before else 0.0,
                "open": price(session.open),
                "high": price(session.high),
                "low": price(session.low),
                "volume": session.volume,
            }
        return figures

    def _quote_record(self, members: dict[str, Any]) -> bytes:
        now = wire_time(self._feed.cursor_ns)
        payload = QuotePayload(symbol=self._symbol_id, last_updated=now, timestamp=now, **members)
        return framing.event("GatewayQuote", self._id, payload)

    def _row(self, kind: int, px: int, size: int) -> DepthPayload:
        return DepthPayload(
            timestamp=wire_time(self._feed.cursor_ns),
            type=kind,
            price=self._tick.price_lossy(px),
            volume=size,
            current_volume=size,
        )

    def _depth_record(self, rows: list[DepthPayload]) -> bytes:
        return framing.event("GatewayDepth", self._id, rows)
