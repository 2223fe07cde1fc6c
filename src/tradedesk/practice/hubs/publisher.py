"""Turns a feed into market hub records: trades, partial quotes, depth changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from tradedesk.gateway.wire.hub import DepthPayload, QuotePayload, TradePayload
from tradedesk.practice.hubs import framing
from tradedesk.practice.hubs.depth_teller import DepthTeller
from tradedesk.practice.market.events import ASKS, BIDS
from tradedesk.practice.stamps import plain, wire_time

if TYPE_CHECKING:
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.market.prints import Prints

ASK, BID, RESET = 1, 2, 6
QUOTES, TRADES, DEPTH = "quotes", "trades", "depth"
_DOM: Final = {BIDS: BID, ASKS: ASK}
_SWAPPED: Final = {BIDS: ASK, ASKS: BID}


class Style(NamedTuple):
    """How market data is told; see ``VenueConfig``."""

    quote_every_s: float = 9.0
    quotes_full_every_s: float = 0.0
    depth_levels: int = 0
    depth_every_s: float = 0.0
    dom_swapped: bool = False


class Trouble(Protocol):
    """What is wrong with market data because somebody asked for it."""

    def passes(self, contract_id: str, data: str) -> bool:
        """Whether the next record is sent."""

    def crossed(self, contract_id: str) -> int:
        """Ticks by which the best bid is to stand above the best ask; 0 if all is well."""

    def age_ns(self, contract_id: str, data: str) -> int:
        """Nanoseconds by which time stamps are to be too old."""


class Publisher:
    """What the subscribers of one contract know, and what they are to be told next.

    Parameters
    ----------
    feed : Feed
        The contract as it plays.
    style : Style
        How it is told.
    trouble : Trouble
        What is wrong with it.
    """

    def __init__(self, feed: Feed, style: Style, trouble: Trouble) -> None:
        self._feed = feed
        self._style = style
        self._trouble = trouble
        self._id = feed.contract.contract_id
        self._tick = feed.contract.product.tick
        self._symbol_id = feed.contract.product.symbol_id
        self._dom = _SWAPPED if style.dom_swapped else _DOM
        self._quote: dict[str, float | None] = {}
        self._basis: tuple[object, ...] = ()
        self._quoted_ns = self._full_ns = self._depth_ns = 0
        self.depth = DepthTeller(feed, style.depth_levels)

    def trades(self, prints: Prints) -> bytes:
        """Record with all trades of `prints`, oldest first."""
        age_ns = self._trouble.age_ns(self._id, TRADES)
        rows = [
            TradePayload(
                symbol_id=self._symbol_id,
                price=self._tick.price_lossy(trade.px),
                timestamp=wire_time(trade.ts_ns - age_ns),
                type=0 if trade.buy_qty * 2 > trade.qty else 1,
                volume=trade.qty,
            )
            for trade in prints.each()
        ]
        return framing.event("GatewayTrade", self._id, rows)

    def full_quote(self) -> bytes:
        """Record with every member, for a new subscriber; tell the others with `quote` first."""
        self._quote = self._figures()
        self._quoted_ns = self._full_ns = self._feed.cursor_ns
        name = f"/{self._feed.contract.product.symbol}"
        return self._quote_record({**self._quote, "symbol_name": name})

    def quote(self, rate: float) -> bytes | None:
        """Record with what changed since the last one; None if nothing did and none is due.

        Parameters
        ----------
        rate : float
            Venue seconds per real second, for what clients expect every few real seconds.
        """
        now_ns, style = self._feed.cursor_ns, self._style
        full_ns = style.quotes_full_every_s * 1e9 * rate
        if full_ns and now_ns - self._full_ns >= full_ns:
            return self.full_quote()
        due = now_ns - self._quoted_ns >= style.quote_every_s * 1e9 * rate
        if not due and self._basis == self._state():
            return None
        figures = self._figures()
        changed = {name: px for name, px in figures.items() if self._quote.get(name) != px}
        if not changed and not due:
            return None
        self._quote = figures
        self._quoted_ns = now_ns
        return self._quote_record(changed)

    def full_depth(self) -> bytes:
        """Record with a reset and every level."""
        return self._depth_record(self.depth.everything(self._trouble.crossed(self._id)), True)

    def levels(self) -> bytes | None:
        """Record with the levels that changed; None if none did or it is too early."""
        now_ns = self._feed.cursor_ns
        if now_ns - self._depth_ns < self._style.depth_every_s * 1e9:
            return None
        self._depth_ns = now_ns
        if self.depth.anew:
            return self.full_depth()
        changes = self.depth.changes(self._trouble.crossed(self._id))
        return self._depth_record(changes) if changes else None

    def _state(self) -> tuple[object, ...]:
        """What figures are made of; nothing else changes them."""
        session = self._feed.session
        volume = None if session is None else session.volume
        return self._feed.touch, session, volume, self._trouble.crossed(self._id)

    def _figures(self) -> dict[str, float | None]:
        self._basis = self._state()
        touch, session = self._feed.touch, self._feed.session
        price, crossed = self._tick.price_lossy, self._trouble.crossed(self._id)
        figures: dict[str, float | None] = {
            "last_price": price(touch.last),
            "best_bid": price(touch.ask + crossed if crossed else touch.bid),
            "best_ask": price(touch.ask),
        }
        if session is not None and session.open is not None:
            assert session.high is not None
            assert session.low is not None
            before = session.previous_close or session.open
            change = touch.last - before
            figures |= {
                "change": plain(price(change)),
                "change_percent": plain(round(change / before, 6)) if before else 0.0,
                "open": price(session.open),
                "high": price(session.high),
                "low": price(session.low),
                "volume": session.volume,
            }
        return figures

    def _quote_record(self, members: dict[str, Any]) -> bytes:
        now = self._stamp(QUOTES)
        payload = QuotePayload(symbol=self._symbol_id, last_updated=now, timestamp=now, **members)
        return framing.event("GatewayQuote", self._id, payload)

    def _depth_record(self, levels: dict[tuple[int, int], int], anew: bool = False) -> bytes:
        now, price = self._stamp(DEPTH), self._tick.price_lossy
        rows = [_row(now, RESET, 0.0, 0)] if anew else []
        rows += [_row(now, self._dom[side], price(px), size) for (side, px), size in levels.items()]
        return framing.event("GatewayDepth", self._id, rows)

    def _stamp(self, data: str) -> Any:
        return wire_time(self._feed.cursor_ns - self._trouble.age_ns(self._id, data))


def _row(now: Any, kind: int, price: float, size: int) -> DepthPayload:
    return DepthPayload(timestamp=now, type=kind, price=price, volume=size, current_volume=size)
