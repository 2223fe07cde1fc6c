"""The one door for changes of what the venue has: checks, write-ahead record, witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder
from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import ChangeMoved
from tradedesk.domain.stamps import Stamps
from tradedesk.trading.change_sight import Sight, Terms, grants, sight_of, terms_of
from tradedesk.trading.change_states import LEGAL, advance
from tradedesk.trading.intent_states import stamped

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId, OrderId
    from tradedesk.domain.order import Order
    from tradedesk.trading.books import Books
    from tradedesk.trading.ports import IntentJournal

KIND = "change"
"""Under which changes are kept in the journal."""

_S = ChangeState
_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Change)


class ChangeDesk:
    """Writes changes down before they are sent, and moves them on as word of them comes.

    Nothing here waits. The caller sends what ``open`` and ``again`` have written down, each time
    once, and reports what came of it.

    Attributes
    ----------
    unread : list of str
        Keys of records of an earlier run that cannot be read.
    """

    def __init__(self, books: Books, journal: IntentJournal) -> None:
        self.books = books
        self._journal = journal
        self.unread: list[str] = []
        self._failed = False
        self._terms: dict[OrderId, Terms] = {}

    # --- asking -------------------------------------------------------------------------------

    def refuse(self, command: ModifyOrder | CancelOrder | ClosePosition) -> str:
        """Why a press is not carried out, or nothing; also notes the press."""
        reason = self.refuse_press(command.click_id, command.account_id)
        return reason or self._refuse_form(command)

    def refuse_press(self, click_id: str, account_id: AccountId) -> str:
        """Why a press of any kind changes nothing, or nothing; also notes the press."""
        if not self.books.changes.press(click_id):
            return "This click was handled already; nothing was sent twice."
        if account_id not in self.books.blotter.accounts:
            return f"Account {account_id} is not one of this login; nothing was sent."
        return ""

    def open(self, command: ModifyOrder | CancelOrder | ClosePosition, received_ns: int) -> Change:
        """Write a change down that is about to be sent for the first time."""
        changes, clock = self.books.changes, self.books.clock
        change = Change(
            key=changes.next_key(command),
            command=command,
            state=_S.ARMED,
            stamps=Stamps(command.press_ns, command.asked_ns or None, received_ns),
            created_ns=clock.wall_ns(),
            attempts=1,
        )
        if self._write(change):
            stamps = stamped(change.stamps, journaled=clock.mono_ns())
            change = msgspec.structs.replace(change, stamps=stamps)
        if isinstance(command, ModifyOrder):
            order = self.books.blotter.orders.get(command.order_id)
            if order is not None:
                self._terms[command.order_id] = terms_of(order)
        changes.put(change)
        changes.forget_old()
        self._announce(change)
        return change

    # --- what becomes of it -------------------------------------------------------------------

    def again(self, key: str) -> None:
        """Write down that it is about to be sent once more."""
        change = self.books.changes.by_key[key]
        self._keep(advance(change, _S.ARMED, attempts=change.attempts + 1))

    def wrote(self, key: str, mono_ns: int) -> None:
        """The last byte was handed to the kernel."""
        change = self.books.changes.by_key[key]
        stamps = stamped(change.stamps, written=mono_ns)
        if change.state is _S.ARMED:
            self._keep(advance(change, _S.SENT, stamps=stamps))
        else:
            self._stamp(change, stamps)

    def replied(self, key: str, mono_ns: int) -> None:
        """An answer was read."""
        change = self.books.changes.by_key[key]
        self._stamp(change, stamped(change.stamps, reply=mono_ns))

    def unknown(self, key: str, reason: str) -> None:
        """Nobody can say; unless it has already been seen."""
        change = self.books.changes.by_key[key]
        if change.state in {_S.ARMED, _S.SENT}:
            self._keep(advance(change, _S.UNKNOWN, reason=reason))

    def conclude(self, key: str, state: ChangeState, reason: str) -> None:
        """The verdict of an inquiry; what the venue showed meanwhile outranks it."""
        change = self.books.changes.by_key[key]
        if state is _S.NOT_SENT and change.state is not _S.ARMED:
            state = _S.REFUSED  # after "written" or an unknown attempt; the book may outrank it
        if state is change.state or state not in LEGAL[change.state]:
            return
        if state is _S.REFUSED and not isinstance(change.command, ClosePosition):
            order = self.books.blotter.orders.get(change.command.order_id)
            if order is not None and order.status.is_final:
                reason = too_late(order, change.command)
        self._keep(advance(change, state, reason=reason))

    def witnessed(self, order: Order, hub_ns: int | None) -> None:
        """The venue shows an order; what was asked of it may be seen now."""
        changes = self.books.changes.of_order(order.order_id)
        if not changes:
            return
        order = self.books.blotter.orders.get(order.order_id, order)
        terms = terms_of(order)
        before = self._terms.get(order.order_id, terms)
        self._terms[order.order_id] = terms
        moved = terms != before
        for rank, change in enumerate(changes):
            command = change.command
            if isinstance(command, ClosePosition):
                continue
            sight = sight_of(command, order)
            if hub_ns is not None and sight in {Sight.DONE, Sight.ON_ITS_WAY}:
                self._echo(change, hub_ns)
            if isinstance(command, ModifyOrder) and moved and grants(terms, command):
                late = rank > 0 or change.state in {_S.REFUSED, _S.NEEDS_HUMAN}
                self._see_modified(change.key, order, late=late)
                moved = False  # one move of an order proves one change of it
            elif change.state in {_S.SENT, _S.UNKNOWN, _S.NEEDS_HUMAN}:
                self._see(change.key, sight)
        if order.status.is_final:
            self._terms.pop(order.order_id, None)

    def recover(self, since_ns: int) -> list[Change]:
        """Take over what an earlier run wrote down; what it left open is unknown now.

        Changes that ended before ``since_ns`` (wall) are struck off the journal.

        Returns
        -------
        list of Change
            Those about which the venue must be asked.
        """
        for key, payload in self._journal.recorded(KIND).items():
            try:
                change = _decoder.decode(payload)
            except msgspec.MsgspecError:
                self.unread.append(key)
                continue
            if change.state.is_final and change.created_ns < since_ns:
                self._strike(change)
                continue
            self.books.changes.put(change)
            if change.state in {_S.ARMED, _S.SENT}:
                self.unknown(key, "The executor ended before the answer came; asking the venue.")
        return self.books.changes.open()

    # --- inside -------------------------------------------------------------------------------

    def _refuse_form(self, command: ModifyOrder | CancelOrder | ClosePosition) -> str:
        if isinstance(command, ClosePosition):
            if command.size is not None and command.size < 1:
                return f"The size to close must be 1 or more, not {command.size}; nothing was sent."
            return ""
        order = self.books.blotter.orders.get(command.order_id)
        if order is not None and order.account_id != command.account_id:
            return (
                f"Order {command.order_id} belongs to another account ({order.account_id}); "
                "nothing was sent."
            )
        return ""

    def _see(self, key: str, sight: Sight) -> None:
        if sight is Sight.DONE:
            self.conclude(key, _S.DONE, "")
        elif sight is Sight.TOO_LATE:
            self.conclude(key, _S.REFUSED, "")

    def _see_modified(self, key: str, order: Order, *, late: bool) -> None:
        change = self.books.changes.by_key[key]
        told = change.state in {_S.REFUSED, _S.UNKNOWN, _S.NEEDS_HUMAN}
        self.conclude(key, _S.DONE, "Carried out late." if late else "")
        if late and told:
            self.books.notice(
                "alarm",
                f"An earlier change of order {order.order_id} was carried out late: it stands at "
                f"{self._standing(order)} now. Move it again if you do not want that.",
            )

    def _standing(self, order: Order) -> str:
        instrument = self.books.instruments.get(order.contract_id)
        ticks = order.price_ticks
        if instrument is None or ticks is None:
            return f"size {order.size}"
        return f"{instrument.tick.text(ticks)}, size {order.size}"

    def _echo(self, change: Change, hub_ns: int) -> None:
        if change.stamps.written is not None and hub_ns >= change.stamps.written:
            self._stamp(change, stamped(change.stamps, hub_echo=hub_ns))

    def _keep(self, change: Change) -> None:
        self.books.changes.put(change)
        self._write(change)
        self._announce(change)

    def _stamp(self, change: Change, stamps: Stamps) -> None:
        """Keep and tell new stamps; they are not worth a row in the journal."""
        if stamps != change.stamps:
            newer = msgspec.structs.replace(change, stamps=stamps)
            self.books.changes.put(newer)
            self._announce(newer)

    def _write(self, change: Change) -> bool:
        """Write one state down; exits are sent even when that fails, and it is told once."""
        try:
            self._journal.record(KIND, change.command.account_id, change.key, _encode(change))
        except StoreError as error:
            if not self._failed:
                self.books.notice("alarm", f"{error} Entries are off until it can be written.")
            self._failed = True
            return False
        self._failed = False
        return True

    def _strike(self, change: Change) -> None:
        try:
            self._journal.record(KIND, change.command.account_id, change.key, b"")
        except StoreError:
            return  # it is read over again next time

    def _announce(self, change: Change) -> None:
        self.books.emit(ChangeMoved(change=change))


def too_late(order: Order, command: ModifyOrder | CancelOrder) -> str:
    """Why a change of an order that has ended did nothing."""
    noun = "change" if isinstance(command, ModifyOrder) else "cancel"
    return f"It was {order.status.name.lower()} before the {noun} arrived."
