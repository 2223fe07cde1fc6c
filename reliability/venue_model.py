"""A gateway in memory that everything is judged by: requests and questions.

It knows nothing of the executor. What a request does happens in the moment in which it arrives;
what the searches show of it comes later, as at the real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reliability.venue_book import Book
from tradedesk.domain.errors import OutcomeUnknownError, VenueRefusedError
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Fill, Position

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId, OrderId, Tag

RACE_S = 1.0
"""For how long a racy venue does not know yet that a tag is taken."""

_S = OrderStatus
_SEARCHABLE = frozenset({_S.OPEN, _S.FILLED, _S.CANCELLED, _S.REJECTED})


class Venue(Book):
    """The gateway's side of each request."""

    # --- requests ---------------------------------------------------------------------------

    def place(
        self,
        contract_id: ContractId,
        side: Side,
        type: OrderType,
        size: int,
        limit_ticks: int | None,
        stop_ticks: int | None,
        stop_loss_ticks: int | None,
        take_profit_ticks: int | None,
        tag: Tag | None,
        intention: int | None,
    ) -> OrderId:
        """Take an order in; a market order fills at once."""
        if tag is not None:
            self._take_tag(tag)
        market = self.markets[contract_id]
        if self.faulty and self.dice.random() < 0.01:
            if self.dice.random() < 0.5:
                self._new(market, side, type, size, limit_ticks, stop_ticks, tag, intention, None)
                self._change(self.rows[-1], status=_S.REJECTED)
            raise VenueRefusedError("Not enough money.", "place", 3)
        if type is OrderType.STOP and stop_ticks is not None:
            _check_stop(stop_ticks, market.last, side)
        entry = self._new(market, side, type, size, limit_ticks, stop_ticks, tag, intention, None)
        missing = self.faulty and self.dice.random() < 0.03
        if stop_loss_ticks is not None and not missing:
            self._leg(market, entry, OrderType.STOP, -stop_loss_ticks, "-SL")
        if take_profit_ticks is not None:
            self._leg(market, entry, OrderType.LIMIT, take_profit_ticks, "-TP")
        if missing and stop_loss_ticks is not None:
            self.history.append((self.loop.now, "no stop", entry.order.order_id))
        if type is OrderType.MARKET:
            self._market_fill(market, entry)
        else:
            self._change(entry, status=_S.OPEN)
            self._touch(market, entry)
        return entry.order.order_id

    def _take_tag(self, tag: Tag) -> None:
        now = self.loop.now
        taken = self._taken.get(tag)
        if taken is not None and (
            self.tags == "strict" or (self.tags == "racy" and now - taken > RACE_S)
        ):
            # the gateway's client turns this refusal into an unknown outcome
            raise OutcomeUnknownError("Specified custom tag is already in use")
        self._taken.setdefault(tag, now)

    def cancel(self, order_id: OrderId) -> None:
        """End a working order, and the legs that wait for it."""
        row = self._known(order_id, "cancel")
        self._cancel(row, "api")

    def modify(
        self, order_id: OrderId, size: int | None, limit_ticks: int | None, stop_ticks: int | None
    ) -> None:
        """Change a working order."""
        row = self._known(order_id, "modify")
        order = row.order
        market = self.markets[order.contract_id]
        if size is not None and size <= order.filled:
            raise VenueRefusedError("The size is too small.", "modify", 3)
        if order.type is OrderType.STOP and stop_ticks is not None:
            _check_stop(stop_ticks, market.last, order.side)
        self._change(
            row,
            size=order.size if size is None else size,
            limit_ticks=order.limit_ticks if limit_ticks is None else limit_ticks,
            stop_ticks=order.stop_ticks if stop_ticks is None else stop_ticks,
        )
        if row.order.status is _S.OPEN:
            self._touch(market, row)

    def close(
        self, contract_id: ContractId, size: int | None, intention: int | None = None
    ) -> None:
        """Close a position at market; its exits stay."""
        market = self.markets[contract_id]
        if market.net == 0:
            raise VenueRefusedError("There is no such position.", "close", 2)
        if size is not None and size > abs(market.net):
            raise VenueRefusedError("The size is larger than the position.", "close", 5)
        side = Side.SELL if market.net > 0 else Side.BUY
        row = self._new(
            market,
            side,
            OrderType.MARKET,
            size or abs(market.net),
            None,
            None,
            None,
            intention,
            None,
        )
        self._market_fill(market, row, whole=True)

    # --- questions --------------------------------------------------------------------------

    def freeze(self, *, deep: bool) -> None:
        """From now on the searches learn nothing new; nor do the lists of what is open."""
        self.frozen_working = self.working() if deep else None
        self.frozen_positions = self.positions() if deep else None
        self.frozen_s = self.loop.now

    def thaw(self) -> None:
        """They know everything again."""
        self.frozen_s = self.frozen_working = self.frozen_positions = None

    def orders_since(self, start_ns: int) -> list[Order]:
        """What the search shows: late, and without what waits for its entry."""
        now = self.loop.now if self.frozen_s is None else self.frozen_s
        found = []
        for row in self.rows:
            if row.order.created_ns >= start_ns:
                order = row.index.at(now)
                if isinstance(order, Order) and order.status in _SEARCHABLE:
                    found.append(order)
        return found

    def working(self) -> list[Order]:
        """What works now, what waits for its entry included."""
        if self.frozen_working is not None:
            return self.frozen_working
        return [row.order for market in self.markets.values() for row in market.resting.values()]

    def positions(self) -> list[Position]:
        """What is held, a moment late."""
        if self.frozen_positions is not None:
            return self.frozen_positions
        now = self.loop.now
        shown = [market.shown.at(now) for market in self.markets.values()]
        return [one for one in shown if isinstance(one, Position) and one.net_size]

    def fills_since(self, start_ns: int) -> list[Fill]:
        """Trades, as late as the search."""
        now = self.loop.now if self.frozen_s is None else self.frozen_s
        return [fill for at, fill in self.fills if at <= now and fill.ts_ns >= start_ns]


def _check_stop(stop_ticks: int, last: int, side: Side) -> None:
    if (stop_ticks - last) * side.sign <= 0:
        raise VenueRefusedError("The stop is on the wrong side.", "order", 3)
