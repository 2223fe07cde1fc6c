"""The one door for orders: gate, tag, write-ahead record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import Tag
from tradedesk.domain.roles import TAG_PREFIX
from tradedesk.domain.stamps import Stamps
from tradedesk.trading.gate import is_exit, refuse_entry, refuse_form
from tradedesk.trading.intent_states import stamped
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
        reason = self._refuse(command, instrument, stamps, leaving=leaving)
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
        )
        if not self._recorder.write(intent) and not leaving:
            return _denied(
                self.books,
                command,
                stamps,
                "The order journal cannot be written, so entries are off; free some disk space. "
                "Exits still go.",
            )
        stamps = stamped(stamps, journaled=self.books.clock.mono_ns())
        intent = msgspec.structs.replace(intent, stamps=stamps)
        self.books.intents.put(intent)
        if leaving:
            self.books.intents.exit_tags.add(tag)
        return intent

    def deny(self, command: PlaceOrder, received_ns: int, reason: str) -> Intent:
        """Refuse a click for a reason of the caller's; nothing is written down."""
        stamps = Stamps(command.press_ns, command.asked_ns or None, received_ns)
        return _denied(self.books, command, stamps, reason)

    # --- inside -----------------------------------------------------------------------------

    def _refuse(
        self, command: PlaceOrder, instrument: Instrument, stamps: Stamps, *, leaving: bool
    ) -> str:
        books = self.books
        if books.intents.clicked(command.click_id):
            return "This click was handled already; nothing was sent twice."
        reason = refuse_form(command)
        if reason or leaving:
            return reason
        reason = (
            books.locks.refuse_entry(command.account_id, books.clock.wall_ns())
            or books.conditions.refuse_entry()
            or self._refuse_old(stamps)
        )
        if reason:
            return reason
        account = books.blotter.accounts.get(command.account_id)
        if account is None or not account.can_trade:
            return f"Account {command.account_id} may not trade; choose another one."
        locked = books.locked_by(command.account_id, command.contract_id)
        if locked is not None:
            return (
                f"Nobody knows what became of order {locked.tag}; look at the venue's own page "
                f"before entering {instrument.short_name} again. Exits still go."
            )
        exposure = books.exposure(command.account_id, command.contract_id)
        return refuse_entry(command, instrument, exposure, books.rules.risk)

    def _refuse_old(self, stamps: Stamps) -> str:
        age_s = (self.books.clock.mono_ns() - stamps.start) / NS_PER_S
        if age_s <= self.books.rules.risk.max_click_age_s:
            return ""
        return f"The click came {age_s:.1f} s late, so nothing was sent; look at the price again."

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
        if _what(known.command) != _what(command):
            raise InputError(f"The tag {tag} belongs to a different order; choose another one.")
        return tag


def _what(command: PlaceOrder) -> PlaceOrder:
    """The order itself, without who clicked when."""
    return msgspec.structs.replace(
        command, click_id="", press_ns=0, asked_ns=0, reference_ticks=None, custom_tag=None
    )


def _denied(books: Books, command: PlaceOrder, stamps: Stamps, reason: str) -> Intent:
    return Intent(
        tag=Tag(f"denied-{command.click_id}-{stamps.received}"),
        command=command,
        state=_S.DENIED,
        stamps=stamps,
        reason=reason,
        created_ns=books.clock.wall_ns(),
    )
