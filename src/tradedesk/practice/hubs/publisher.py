"""Turns a feed into market hub records: trades, partial quotes, depth changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradedesk.domain.order import Side
from tradedesk.gateway.wire.hub import DepthPayload, QuotePayload, TradePayload
from tradedesk.practice.hubs import framing
from tradedesk.practice.stamps import wire_time

if TYPE_CHECKING:
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.market.prints import Prints

ASK, BID, RESET = 1, 2, 6
QUOTE_EVERY_S: Final = 9.0
DEPTH_EVERY_S: Final = 0.1
Rows = dict[tuple[int, int], int]


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
        self._quoted_s = 0.0
        self._depth: Rows = {}
        self._depth_s = 0.0

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

    def full_quote(self, now_s: float) -> bytes:
        """Record with every member, for a new subscriber; tell the others with `quote` first."""
        self._quote = self._figures()
        self._quoted_s = now_s
        name = f"/{self._feed.contract.product.symbol}"
        return self._quote_record({**self._quote, "symbol_name": name})

    def quote(self, now_s: float) -> bytes | None:
        """Record with what changed since the last one; None if nothing did and none is due."""
        figures = self._figures()
        changed = {name: px for name, px in figures.items() if self._quote.get(name) != px}
        if not changed and now_s - self._quoted_s < QUOTE_EVERY_S:
            return None
        self._quote = figures
        self._quoted_s = now_s
        return self._quote_record(changed)

    def full_depth(self) -> bytes:
        """Record with a reset and every level, for a new subscriber; `depth` first."""
        self._depth = self._ladder()
        return self._depth_record([self._row(RESET, 0, 0), *self._rows(self._depth)])

    def depth(self, now_s: float, early: bool = False) -> bytes | None:
        """Record with the levels that changed; None if none did or it is too early."""
        if now_s - self._depth_s < DEPTH_EVERY_S and not early:
            return None
        self._depth_s = now_s
        ladder = self._ladder()
        gone: Rows = {level: 0 for level in self._depth if level not in ladder}
        changed = {level: size for level, size in ladder.items() if self._depth.get(level) != size}
        self._depth = ladder
        if not gone and not changed:
            return None
        return self._depth_record(self._rows(gone | changed))

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

    def _ladder(self) -> Rows:
        now_ns, touch = self._feed.cursor_ns, self._feed.touch
        side = self._feed.ladder.side
        asks = {(ASK, level.px): level.size for level in side(Side.BUY, touch.ask, now_ns)}
        bids = {(BID, level.px): level.size for level in side(Side.SELL, touch.bid, now_ns)}
        return asks | bids

    def _rows(self, levels: Rows) -> list[DepthPayload]:
        return [self._row(kind, px, size) for (kind, px), size in levels.items()]

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
