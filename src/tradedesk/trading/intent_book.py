"""Every intent by tag, and how it is found from a click or an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import Intent, IntentState
from tradedesk.trading.tags import parent_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.domain.ids import OrderId, Tag
    from tradedesk.domain.order import Order

COVER_PREFIX = "cover-"
"""How the click ids of stops and targets begin that were placed for a position held; the journal
keeps them, so that a later run knows which exits are its own."""
UNRESOLVED = frozenset({IntentState.UNKNOWN, IntentState.NEEDS_HUMAN})
ON_ITS_WAY = frozenset({IntentState.ARMED, IntentState.SENT}) | UNRESOLVED


class IntentBook:
    """Intents by tag, with indexes by click and by order."""

    def __init__(self) -> None:
        self.by_tag: dict[Tag, Intent] = {}
        self.exit_tags: set[Tag] = set()
        """Those sent as exits, in this run or an earlier one."""
        self.unlisted: dict[Tag, Intent] = {}
        """Those that may hold contracts which no list of orders shows yet; few at any time."""
        self._clicks: set[str] = set()
        self._by_order: dict[OrderId, Tag] = {}

    def put(self, intent: Intent) -> None:
        """Keep the newest copy."""
        self.by_tag[intent.tag] = intent
        if intent.is_exit:
            self.exit_tags.add(intent.tag)
        else:
            self.exit_tags.discard(intent.tag)  # an absent exit, clicked again as an entry
        if intent.state in ON_ITS_WAY or intent.state is IntentState.ACCEPTED:
            self.unlisted[intent.tag] = intent
        else:
            self.unlisted.pop(intent.tag, None)
        self._clicks.add(intent.command.click_id)
        if intent.order_id is not None:
            self._by_order[intent.order_id] = intent.tag

    def clicked(self, click_id: str) -> bool:
        """Whether this press was handled before."""
        return click_id in self._clicks

    def of_order(self, order: Order) -> Intent | None:
        """The intent that an order (or the leg of one) belongs to."""
        if order.tag is not None:
            found = self.by_tag.get(order.tag) or self.by_tag.get(parent_tag(order.tag))
            if found is not None:
                return found
        tag = self._by_order.get(order.order_id)
        if tag is None and order.parent_id is not None:
            tag = self._by_order.get(order.parent_id)
        return self.by_tag[tag] if tag is not None else None

    def of_order_id(self, order_id: OrderId) -> Intent | None:
        """The intent whose own order has this id."""
        tag = self._by_order.get(order_id)
        return self.by_tag[tag] if tag is not None else None

    def on_their_way(self) -> Iterator[Intent]:
        """Intents that may yet become an order nobody knows of."""
        return (intent for intent in self.unlisted.values() if intent.state in ON_ITS_WAY)

    def unresolved(self) -> list[Intent]:
        """Intents about which the venue has to be asked."""
        return [intent for intent in self.unlisted.values() if intent.state in UNRESOLVED]

    def listed(self, order_id: OrderId) -> None:
        """An order is in the blotter: from here on that counts, not the intent."""
        tag = self._by_order.get(order_id)
        intent = self.unlisted.get(tag) if tag is not None else None
        if intent is not None and intent.state is IntentState.ACCEPTED:
            del self.unlisted[intent.tag]
