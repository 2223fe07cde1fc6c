"""What the order core needs from outside and the domain's ports do not name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent

ReserveBlock = Callable[[], tuple[int, int]]
"""Reserves counters durably; returns the first one and how many."""


class IntentJournal(Protocol):
    """The write-ahead record of what was asked for."""

    def append(self, intent: Intent) -> None:
        """Write one state of an intent so that it survives the death of this process.

        Raises
        ------
        StoreError
            If it could not be written; nothing was kept.
        """

    def recall(self, since_ns: int) -> Sequence[Intent]:
        """Newest state of every intent created since then, and of every older one still open."""

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        """Write one state of something that is no order: a change, a lock, a rule.

        Parameters
        ----------
        kind : str
            What it is, such as ``change`` or ``lock``.
        key : str
            Which one; the newest payload of a key is the one that counts.

        Raises
        ------
        StoreError
            If it could not be written; nothing was kept.
        """

    def recorded(self, kind: str) -> Mapping[str, bytes]:
        """Newest payload of every key of a kind; an empty payload means that it is over."""

    def reserve(self) -> tuple[int, int]:
        """Reserve a block of tag counters for ever; returns the first one and how many.

        Raises
        ------
        StoreError
            If the reservation could not be written.
        """
