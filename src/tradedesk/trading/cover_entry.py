"""How a position was entered, as far as its cover is concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.events import IntentState
from tradedesk.domain.roles import STOP_TYPES, is_leg
from tradedesk.trading.intent_book import COVER_PREFIX
from tradedesk.trading.intent_fates import ADOPTED_PREFIX

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent
    from tradedesk.domain.order import Order
    from tradedesk.domain.position import Position
    from tradedesk.domain.safety import CoverPolicy
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.books import Books

_SKEW_NS = 60 * NS_PER_S
"""Times of orders and of positions may come from different clocks."""
_SHOWS_NS = 4 * NS_PER_S
"""How long a stop that was sent may take to be listed."""


def policy_for(books: Books, key: PositionKey, net_size: int) -> CoverPolicy:
    """What happens to a position that is bare."""
    rules = books.rules.cover
    if entry_of(books, key, net_size) is not None or _is_our_slip(books, key, net_size):
        return rules.bracketed
    return rules.unbracketed


def stop_distance(books: Books, key: PositionKey, net_size: int) -> int:
    """Ticks between a position's average price and its protective stop."""
    entry = entry_of(books, key, net_size)
    named = None if entry is None else entry.command.stop_loss_ticks
    return max(1, named or books.rules.cover.stop_ticks)


def entry_of(books: Books, key: PositionKey, net_size: int) -> Intent | None:
    """The newest entry with a stop loss of ours that made the position; None if there is none.

    Of an order that the journal lost nobody knows whether it had one; doubt counts as yes.
    """
    position = books.blotter.positions.get(key)
    found = [
        intent
        for intent in books.intents.by_tag.values()
        if (
            intent.command.stop_loss_ticks is not None
            or intent.command.click_id.startswith(ADOPTED_PREFIX)
        )
        and intent.state is IntentState.ACCEPTED
        and (intent.command.account_id, intent.command.contract_id) == key
        and intent.command.side.sign * net_size > 0
        and _is_part_of(books, intent, position)
    ]
    return max(found, key=lambda intent: intent.created_ns, default=None)


def stop_is_unknown(books: Books, key: PositionKey, net_size: int) -> bool:
    """Whether a stop for the position was sent a moment ago that may yet show up.

    It is unknown, or not listed yet. One that is older and still in no list is not waited for; if
    it shows up all the same, there is one stop too many for a while, and that one is ended.
    """
    oldest_ns = books.clock.wall_ns() - _SHOWS_NS
    return any(
        intent.command.type in STOP_TYPES
        and intent.created_ns > oldest_ns
        and (intent.command.account_id, intent.command.contract_id) == key
        and intent.command.side.sign * net_size < 0
        and (intent.order_id is None or intent.order_id not in books.blotter.orders)
        for intent in books.intents.unlisted.values()
    )


def _is_our_slip(books: Books, key: PositionKey, net_size: int) -> bool:
    """Whether an exit of ours opened the position: it was larger than what was left to close."""
    left = net_size
    fills = [
        fill
        for fill in books.blotter.fills.values()
        if (fill.account_id, fill.contract_id) == key and not fill.voided
    ]
    for fill in sorted(fills, key=lambda one: (one.ts_ns, one.trade_id), reverse=True):
        left -= fill.side.sign * fill.size
        if left * net_size <= 0:
            order = books.blotter.orders.get(fill.order_id)
            return order is not None and _is_our_exit(books, order)
    return _may_have_slipped(books, key, net_size)


def _may_have_slipped(books: Books, key: PositionKey, net_size: int) -> bool:
    """Whether an exit of ours on the position's side may have filled before any list tells of it.

    Lists of orders and trades may stand still for minutes while those of positions and of working
    orders go on.
    """
    return any(
        order.side.sign * net_size > 0 and _is_our_exit(books, order)
        for order in books.blotter.missed(*key)
    ) or any(
        intent.is_exit
        and (intent.command.account_id, intent.command.contract_id) == key
        and intent.command.side.sign * net_size > 0
        and (intent.order_id is None or intent.order_id not in books.blotter.orders)
        for intent in books.intents.unlisted.values()
    )


def _is_our_exit(books: Books, order: Order) -> bool:
    return order.tag in books.intents.exit_tags or (
        is_leg(order) and books.intents.of_order(order) is not None
    )


def _is_part_of(books: Books, intent: Intent, position: Position | None) -> bool:
    """Whether the entry was filled since the position was opened; doubt counts as yes."""
    order = None if intent.order_id is None else books.blotter.orders.get(intent.order_id)
    if order is None or position is None or not position.opened_ns:
        return True
    if order.filled == 0:
        return order in books.blotter.missed(order.account_id, order.contract_id)
    return max(order.updated_ns, order.created_ns) >= position.opened_ns - _SKEW_NS


def is_protective(books: Books, order: Order) -> bool:
    """Whether the desk placed a stop or target for a position held, now or in an earlier run.

    Such an order belongs to the position and ends with it.
    """
    intent = books.intents.by_tag.get(order.tag) if order.tag else None
    return intent is not None and intent.command.click_id.startswith(COVER_PREFIX)
