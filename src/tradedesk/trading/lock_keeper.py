"""Keeps the list of locks, the journal and the desk in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError
from tradedesk.domain.events import LocksChanged
from tradedesk.domain.safety import LockKind
from tradedesk.trading.locks import JOURNAL_KIND, encode, key_of

if TYPE_CHECKING:
    from tradedesk.domain.ids import AccountId
    from tradedesk.domain.safety import Lock
    from tradedesk.trading.books import Books
    from tradedesk.trading.ports import IntentJournal


class LockKeeper:
    """Adds and ends locks: in memory first, so that nothing is late, then on the disk."""

    def __init__(self, books: Books, journal: IntentJournal) -> None:
        self._books = books
        self._journal = journal

    def recover(self) -> None:
        """Take over the locks of an earlier run."""
        self._books.locks.load(self._journal.recorded(JOURNAL_KIND), self._books.clock.wall_ns())

    def add(self, lock: Lock) -> bool:
        """Lock, write it down and tell; False when it holds already."""
        if not self._books.locks.add(lock):
            return False
        self._write(lock, encode(lock))
        self.tell()
        return True

    def release(self, kind: LockKind, account_id: AccountId | None = None) -> bool:
        """End a lock, write that down and tell; False when there is none."""
        now_ns = self._books.clock.wall_ns()
        held = [
            lock
            for lock in self._books.locks.holding(now_ns)
            if lock.kind is kind and lock.account_id == account_id
        ]
        if not held or not self._books.locks.release(kind, account_id):
            return False
        self._write(held[0], b"")
        if kind is LockKind.KILL:
            for key in self._books.locks.unreadable:
                self._record(key, 0, b"")
            self._books.locks.unreadable.clear()
        self.tell()
        return True

    def tell(self) -> None:
        """Tell the desk every lock that holds now, and the rules."""
        books = self._books
        locks = books.locks.holding(books.clock.wall_ns())
        books.emit(LocksChanged(locks=locks, rules=books.rules))

    def _write(self, lock: Lock, payload: bytes) -> None:
        self._record(key_of(lock), lock.account_id or 0, payload)

    def _record(self, key: str, account: int, payload: bytes) -> None:
        try:
            self._journal.record(JOURNAL_KIND, account, key, payload)
        except StoreError as error:
            now = "holds, but may be forgotten" if payload else "is off, but may come back"
            self._books.notice("alarm", f"{error} The lock {now} when the desk is started again.")
