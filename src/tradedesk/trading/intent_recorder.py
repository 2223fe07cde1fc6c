"""Writes intents down, keeps them and tells the desk: the three things every move needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import Intent, IntentChanged, IntentState
from tradedesk.trading.intent_states import advance

if TYPE_CHECKING:
    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.stamps import Stamps
    from tradedesk.trading.books import Books
    from tradedesk.trading.ports import IntentJournal


class IntentRecorder:
    """The journal and the book of intents, kept in step."""

    def __init__(self, books: Books, journal: IntentJournal) -> None:
        self.books = books
        self.journal = journal
        self._failed = False
        self.trouble = ""
        """Why the journal could not be written when that was last tried and failed."""

    def write(self, intent: Intent) -> bool:
        """Write one state down; False, and one notice, when the journal cannot be written."""
        try:
            self.journal.append(intent)
        except StoreError as error:
            if not self._failed:
                self.books.notice("alarm", f"{error} Entries are off until it can be written.")
            self._failed, self.trouble = True, str(error)
            return False
        self._failed = False
        return True

    def announce(self, intent: Intent) -> None:
        """Tell the desk how far an intent is."""
        self.books.emit(IntentChanged(intent=intent))

    def move(
        self,
        intent: Intent,
        state: IntentState,
        stamps: Stamps,
        *,
        reason: str = "",
        order_id: OrderId | None = None,
    ) -> None:
        """Move an intent on: keep, write, tell.

        Raises
        ------
        IllegalMoveError
            If the table of moves does not allow it.
        """
        moved = advance(intent, state, stamps=stamps, reason=reason, order_id=order_id)
        self.books.intents.put(moved)
        self.write(moved)
        self.announce(moved)

    def stamp(self, intent: Intent, stamps: Stamps) -> None:
        """Keep and tell new stamps; they are not worth a row in the journal."""
        if stamps != intent.stamps:
            newer = msgspec.structs.replace(intent, stamps=stamps)
            self.books.intents.put(newer)
            self.announce(newer)

    def asked(self, intent: Intent, times: int) -> None:
        """Keep and tell how often the venue was asked about it; not worth a row either."""
        newer = msgspec.structs.replace(intent, asked=times)
        self.books.intents.put(newer)
        self.announce(newer)
