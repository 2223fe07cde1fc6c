"""The one door for orders: gate, tag, write-ahead record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import Tag
from tradedesk.domain.roles import TAG_PREFIX
from tradedesk.domain.stamps import Stamps
from tradedesk.trading.gate import Exposure, Standing, is_exit, refuse
from tradedesk.trading.pace import Pace, order_itself
from tradedesk.trading.tags import TagSource, check_custom

if TYPE_CHECKING:
    from tradedesk.domain.commands import PlaceOrder
    from tradedesk.domain.instrument import Instrument
    from tradedesk.trading.books import Books
    from tradedesk.trading.intent_recorder import IntentRecorder

_S = IntentState


class OrderDesk:
    """Turns clicks into recorded intents.

    Nothing here waits. The caller sends what ``open_place`` returns in state ``ARMED``, exactly
    once, and reports what became of it to ``IntentFates``.
    """

    def __init__(self, books: Books, recorder: IntentRecorder, tags: TagSource) -> None:
        self.books = books
        self._recorder = recorder
        self._tags = tags
        self._pace = Pace()

    def open_place(self, command: PlaceOrder, instrument: Instrument, received_ns: int) -> Intent:
        """Check a click and write it down.

        Returns
        -------
        Intent
            ``ARMED``: journaled, to be sent now. ``DENIED``: not to be sent; ``reason`` says why.
            It is not told to the desk yet, so that the send can start first.
        """
        net = self.books.blotter.net_size(command.account_id, command.contract_id)
        leaving = is_exit(command, net)
        stamps = Stamps(command.press_ns, command.asked_ns or None, received_ns)
        standing = self._standing(command, stamps, net, leaving=leaving)
        reason = refuse(command, instrument, standing, self.books.rules.risk)
        if reason:
            return _denied(self.books, command, stamps, reason)
        try:
            tag = self._tag_for(command, leaving=leaving)
        except (StoreError, InputError) as error:
            return _denied(self.books, command, stamps, str(error))
        intent = Intent(
            tag=tag,
            command=command,
            state=_S.ARMED,
            stamps=stamps,
            created_ns=self.books.clock.wall_ns(),
            is_exit=leaving,
        )
        if not self._recorder.write(intent) and not leaving:
            return _denied(
                self.books,
                command,
                stamps,
                f"{self._recorder.trouble} Entries are off; exits still go.",
            )
        now_ns = self.books.clock.mono_ns()
        intent = replace(intent, stamps=replace(stamps, journaled=now_ns))
        self.books.intents.put(intent)
        self._pace.let_through(command, stamps.start, now_ns, entry=not leaving)
        return intent

    def refuse_at_the_wire(self, intent: Intent) -> str:
        """Why an entry that passed the gate must not be sent after all, or nothing."""
        if intent.tag in self.books.intents.exit_tags:
            return ""
        now_ns = self.books.clock.wall_ns()
        return self.books.locks.refuse_entry(intent.command.account_id, now_ns)

    def deny(self, command: PlaceOrder, received_ns: int, reason: str) -> Intent:
        """Refuse a click for a reason of the caller's; nothing is written down."""
        stamps = Stamps(command.press_ns, command.asked_ns or None, received_ns)
        return _denied(self.books, command, stamps, reason)

    # --- inside -----------------------------------------------------------------------------

    def _standing(
        self, command: PlaceOrder, stamps: Stamps, net: int, *, leaving: bool
    ) -> Standing:
        """The figures that the gate looks at; of an exit only those that it asks for."""
        books = self.books
        key = (command.account_id, command.contract_id)
        handled = books.intents.clicked(command.click_id)
        guard_ms = books.rules.risk.repeat_guard_ms
        repeat_ms = self._pace.repeat_ms(command, stamps.start, guard_ms)
        if leaving:
            return Standing(
                exposure=Exposure(net_size=net),
                handled=handled,
                repeat_ms=repeat_ms,
                leaving=0 if repeat_ms is None else books.leaving(*key, command.side),
            )
        now_ns = books.clock.mono_ns()
        account = books.blotter.accounts.get(command.account_id)
        lost = books.locked_by(*key)
        return Standing(
            exposure=books.exposure(*key),
            handled=handled,
            closed=books.locks.refuse_entry(command.account_id, books.clock.wall_ns())
            or books.conditions.refuse_entry(),
            click_age_s=(now_ns - stamps.start) / NS_PER_S,
            may_trade=account is not None and account.can_trade,
            lost="" if lost is None else lost.tag,
            repeat_ms=repeat_ms,
            rate_wait_s=self._pace.wait_s(books.rules.risk.orders_per_10_s, now_ns),
        )

    def _tag_for(self, command: PlaceOrder, *, leaving: bool) -> Tag:
        if command.custom_tag is None:
            try:
                return self._tags.take()
            except StoreError:
                if leaving:
                    return self._tags.take_unreserved()
                raise
        tag = Tag(command.custom_tag)
        check_custom(tag)
        known = self.books.intents.by_tag.get(tag)
        if known is None and not tag.startswith(TAG_PREFIX):
            return tag
        if known is None or known.state not in {_S.ABSENT, _S.NOT_SENT}:
            raise InputError(f"The tag {tag} was used before; choose another one.")
        if order_itself(known.command) != order_itself(command):
            raise InputError(f"The tag {tag} belongs to a different order; choose another one.")
        return tag


def _denied(books: Books, command: PlaceOrder, stamps: Stamps, reason: str) -> Intent:
    return Intent(
        tag=Tag(f"denied-{command.click_id}-{stamps.received}"),
        command=command,
        state=_S.DENIED,
        stamps=stamps,
        reason=reason,
        created_ns=books.clock.wall_ns(),
    )
