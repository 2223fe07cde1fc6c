"""The locks that hold: one list for whoever locks entries, and the question that every entry asks.

A lock says why entries are off; exits never ask. Locks are rows of the journal, so that they
survive the process: ``key_of`` names the row, ``encode`` makes it and ``load`` reads them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.safety import Lock, LockKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.ids import AccountId

JOURNAL_KIND: Final = "lock"
"""What the rows of locks are called in the journal."""

RELEASE_WORD: Final = "RELEASE"
"""What a person types to release the kill switch."""

KILL_TEXT: Final = (
    f"The kill switch is on: entries are off until it is released; type {RELEASE_WORD} to do so. "
    "Exits still go."
)
_UNREADABLE: Final = (
    "A lock of an earlier run cannot be read, so entries are off; type "
    f"{RELEASE_WORD} to end it. Exits still go."
)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Lock).decode


def key_of(lock: Lock) -> str:
    """Name of a lock's row: its kind and its account, ``*`` for every account."""
    return _key(lock.kind, lock.account_id)


def encode(lock: Lock) -> bytes:
    """A lock as the payload of its row."""
    return _encode(lock)


class Locks:
    """Locks by kind and account; of each kind an account has one at most.

    Attributes
    ----------
    unreadable : set of str
        Keys of rows that nobody can read; the release of the kill switch ends them too.
    """

    def __init__(self) -> None:
        self.unreadable: set[str] = set()
        self._held: dict[str, Lock] = {}

    def add(self, lock: Lock) -> bool:
        """Lock; False when a lock of this kind holds already and the new one says nothing more.

        A lock that ends at a moment is only ever made longer.
        """
        held = self._held.get(key_of(lock))
        if held == lock or (held is not None and _ends_sooner(lock, held)):
            return False
        self._held[key_of(lock)] = lock
        return True

    def release(self, kind: LockKind, account_id: AccountId | None = None) -> bool:
        """End one lock; False when there is none. Whether that is allowed the caller knows."""
        return self._held.pop(_key(kind, account_id), None) is not None

    def holding(self, now_ns: int, account_id: AccountId | None = None) -> tuple[Lock, ...]:
        """Locks that hold now (wall, nanoseconds UTC), oldest first.

        Parameters
        ----------
        account_id : int, optional
            Only those that bind this account; all of them if None.
        """
        return tuple(
            sorted(
                (
                    lock
                    for lock in self._held.values()
                    if (lock.until_ns is None or now_ns < lock.until_ns)
                    and (account_id is None or lock.account_id in {None, account_id})
                ),
                key=lambda lock: lock.since_ns,
            )
        )

    def refuse_entry(self, account_id: AccountId, now_ns: int) -> str:
        """Why an account may send no entry now, or nothing; the kill switch comes first."""
        if not self._held:
            return ""
        locks = self.holding(now_ns, account_id)
        killed = [lock.text for lock in locks if lock.kind is LockKind.KILL]
        return (killed or [lock.text for lock in locks] or [""])[0]

    def load(self, rows: Mapping[str, bytes], now_ns: int) -> None:
        """Take what the journal holds; a row that cannot be read keeps entries off.

        Parameters
        ----------
        rows : mapping of str to bytes
            Newest payload of each key; an empty one is a lock that was ended.
        now_ns : int
            Wall, for a row that does not say since when.
        """
        for key, payload in rows.items():
            if not payload:
                continue
            try:
                lock = _decode(payload)
            except msgspec.MsgspecError:
                self.unreadable.add(key)
                lock = Lock(kind=LockKind.KILL, text=_UNREADABLE, since_ns=now_ns)
            self._held.setdefault(key_of(lock), lock)

    def dump(self) -> dict[str, bytes]:
        """Every lock as a row; empty for those that are to be ended."""
        ended = dict.fromkeys(self.unreadable, b"")
        return ended | {key: _encode(lock) for key, lock in self._held.items()}


def _key(kind: LockKind, account_id: AccountId | None) -> str:
    return f"{kind}:{'*' if account_id is None else account_id}"


def _ends_sooner(new: Lock, held: Lock) -> bool:
    if held.until_ns is None:
        return new.until_ns is not None
    return new.until_ns is not None and new.until_ns < held.until_ns
