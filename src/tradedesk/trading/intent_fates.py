"""What became of each intent: answers, hub events, searches and recovery, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.order import Order, OrderStatus
from tradedesk.domain.stamps import Stamps
from tradedesk.trading.intent_states import LEGAL, stamped
from tradedesk.trading.tags import leg_of, made_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import AccountId, OrderId, Tag
    from tradedesk.trading.books import Books
    from tradedesk.trading.intent_recorder import IntentRecorder

_S = IntentState
ADOPTED_PREFIX = "adopted-"
"""How the click ids of orders begin that were found at the venue and of which no click is known."""
_DOUBT_NS = 20 * NS_PER_S
"""How long an accepted order may be shown by nobody; longer than the venue's lists are late."""
_GIVEN_UP = frozenset({_S.ABSENT, _S.NOT_SENT, _S.REJECTED})


class IntentFates:
    """Moves intents on as outcomes and witnesses arrive, whichever comes first.

    Attributes
    ----------
    on_late : callable
        Told of an order that the venue accepted after it was taken for not placed.
    """

    def __init__(self, books: Books, recorder: IntentRecorder, install: str) -> None:
        self.on_late: Callable[[Intent], None] = lambda intent: None
        self.books = books
        self._recorder = recorder
        self._install = install

    def wrote(self, tag: Tag, mono_ns: int) -> None:
        """The last byte was handed to the kernel."""
        intent = self.books.intents.by_tag[tag]
        stamps = stamped(intent.stamps, written=mono_ns)
        if intent.state is _S.ARMED:
            self._recorder.move(intent, _S.SENT, stamps)
        else:
            self._recorder.stamp(intent, stamps)

    def accepted(self, tag: Tag, order_id: OrderId, mono_ns: int) -> None:
        """The venue's answer gave an order id."""
        intent = self.books.intents.by_tag[tag]
        stamps = stamped(intent.stamps, reply=mono_ns)
        owner = self.books.intents.of_order_id(order_id)
        if owner is not None and owner.tag != tag:
            self.unknown(tag, f"The venue's answer names {order_id}, which is another order.")
            return
        if intent.state is not _S.ACCEPTED:
            self._recorder.move(intent, _S.ACCEPTED, stamps, order_id=order_id)
            return
        if intent.order_id != order_id:
            self.books.notice(
                "alarm",
                f"Order {tag} is {intent.order_id} on the hub and {order_id} in the answer; "
                "look at the venue's own page.",
            )
        self._recorder.stamp(intent, stamps)

    def refused(self, tag: Tag, reason: str, mono_ns: int) -> None:
        """The venue's answer was a definite no."""
        intent = self.books.intents.by_tag[tag]
        stamps = stamped(intent.stamps, reply=mono_ns)
        shown = self.books.blotter.orders.get(intent.order_id) if intent.order_id else None
        if shown is None or shown.status is OrderStatus.REJECTED:
            if _S.REJECTED in LEGAL[intent.state]:
                self._recorder.move(intent, _S.REJECTED, stamps, reason=reason)
            return
        self._recorder.stamp(intent, stamps)
        self.books.notice(
            "alarm",
            f"The venue refused order {tag} ({reason}) but lists it as {intent.order_id}; "
            "look at the venue's own page.",
        )

    def not_sent(self, tag: Tag, reason: str) -> None:
        """It is proven that nothing left this machine."""
        intent = self.books.intents.by_tag[tag]
        if intent.state is _S.ARMED:
            self._recorder.move(intent, _S.NOT_SENT, intent.stamps, reason=reason)
        elif intent.state is _S.SENT:
            # the last byte was seen to leave: that is no proof, so the venue is asked
            self.unknown(tag, reason)

    def unknown(self, tag: Tag, reason: str) -> None:
        """Nobody can say; ask the venue, unless it has already been seen there."""
        intent = self.books.intents.by_tag[tag]
        if intent.state not in {_S.ARMED, _S.SENT}:
            return
        self._recorder.move(intent, _S.UNKNOWN, intent.stamps, reason=reason)
        for order in self.books.blotter.orders.values():
            owner = self.books.intents.of_order(order)
            if owner is not None and owner.tag == tag:
                self.witnessed(order)

    def witnessed(self, order: Order, hub_ns: int | None = None) -> None:
        """The venue shows an order that may be one of ours (or a leg of it)."""
        intent = self.books.intents.of_order(order)
        if intent is None:
            self._adopt(order)
            return
        own = order.tag == intent.tag or order.order_id == intent.order_id
        stamps = intent.stamps
        if own and hub_ns is not None:
            stamps = stamped(stamps, hub_echo=hub_ns)
        rejected = order.status is OrderStatus.REJECTED
        if not own and (order.parent_id is None or rejected):
            return
        order_id = order.order_id if own else order.parent_id
        # a pending order may still be refused, and the reason travels only in the answer
        undecided = rejected or order.status in {OrderStatus.PENDING, OrderStatus.NONE}
        waits = undecided and intent.state in {_S.ARMED, _S.SENT, _S.REJECTED}
        state = _S.REJECTED if rejected else _S.ACCEPTED
        # it was taken for accepted while it was pending, and no answer came to say otherwise
        undone = rejected and order.order_id == intent.order_id and not order.filled
        settled = intent.state is _S.ACCEPTED and not undone
        if waits or settled or state not in LEGAL[intent.state]:
            self._recorder.stamp(intent, stamps)
            return
        self._recorder.move(
            intent,
            state,
            stamps,
            order_id=order_id,
            reason="The venue lists it as rejected." if rejected else "",
        )
        if not rejected and intent.state in _GIVEN_UP:
            self._tell_late(intent)

    def filled(self, order_id: OrderId, mono_ns: int) -> None:
        """The hub told of a fill of an order that may be ours."""
        intent = self.books.intents.of_order_id(order_id)
        if intent is not None:
            self._recorder.stamp(intent, stamped(intent.stamps, fill=mono_ns))

    def conclude(self, tag: Tag, state: IntentState, reason: str) -> None:
        """End an inquiry: ``ABSENT`` or ``NEEDS_HUMAN``."""
        intent = self.books.intents.by_tag[tag]
        if state in LEGAL[intent.state]:
            self._recorder.move(intent, state, intent.stamps, reason=reason)

    def doubt(self, account_id: AccountId, asked_ns: int) -> None:
        """Ask about orders that the venue said it took and that neither it nor the hub shows.

        Parameters
        ----------
        asked_ns : int
            When the full look was asked for that has just been taken in, monotonic.
        """
        blotter, intents = self.books.blotter, self.books.intents
        for intent in list(intents.unlisted.values()):
            if intent.state is not _S.ACCEPTED or intent.command.account_id != account_id:
                continue
            if intent.order_id in blotter.orders:
                intents.listed(intent.order_id)
                continue
            since_ns = blotter.hub_since_ns
            if since_ns is None or asked_ns - max(since_ns, intent.stamps.reply or 0) < _DOUBT_NS:
                continue
            self._recorder.move(
                intent,
                _S.UNKNOWN,
                intent.stamps,
                reason=f"The venue took it as {intent.order_id}, but lists no such order; asking.",
            )
            for order in list(blotter.orders.values()):
                if order.tag == intent.tag:
                    self.witnessed(order)  # it is there under another number

    def recover(self, since_ns: int) -> list[Intent]:
        """Take over what an earlier run wrote down; what it left open is unknown now.

        Returns
        -------
        list of Intent
            Those about which the venue must be asked.
        """
        for intent in self._recorder.journal.recall(since_ns):
            self.books.intents.put(intent)
            if intent.state in {_S.ARMED, _S.SENT}:
                self._recorder.move(
                    intent,
                    _S.UNKNOWN,
                    intent.stamps,
                    reason="The executor ended before the answer came; asking the venue.",
                )
        return self.books.intents.unresolved()

    # --- inside -----------------------------------------------------------------------------

    def _adopt(self, order: Order) -> None:
        """Take in an order that this installation made and the journal no longer knows."""
        tag = order.tag
        if tag is None or leg_of(tag) or not made_by(tag, self._install):
            return
        command = PlaceOrder(
            click_id=f"{ADOPTED_PREFIX}{tag}",
            press_ns=0,
            account_id=order.account_id,
            contract_id=order.contract_id,
            side=order.side,
            type=order.type,
            size=order.size,
            limit_ticks=order.limit_ticks,
            stop_ticks=order.stop_ticks,
        )
        rejected = order.status is OrderStatus.REJECTED
        intent = Intent(
            tag=tag,
            command=command,
            state=_S.REJECTED if rejected else _S.ACCEPTED,
            stamps=Stamps(press=0),
            reason="Found at the venue; the journal did not know it.",
            order_id=order.order_id,
            created_ns=order.created_ns,
        )
        self._recorder.write(intent)
        self.books.intents.put(intent)
        self._recorder.announce(intent)
        self.books.notice(
            "warning", f"Order {order.order_id} is ours but was not in the journal; taken over."
        )

    def _tell_late(self, intent: Intent) -> None:
        """The trader had been told that it is not there, and may have acted on that."""
        self.books.notice(
            "alarm",
            f"The venue accepted {words_of(intent.command, self.books)} late, after it was taken "
            f"for {intent.state.replace('_', ' ')}; check the position.",
        )
        self.on_late(self.books.intents.by_tag[intent.tag])


def words_of(command: PlaceOrder, books: Books) -> str:
    """An order in a few words: ``buy 1 MNQ Z26``."""
    return f"{command.side.word.lower()} {command.size} {books.name_of(command.contract_id)}"
