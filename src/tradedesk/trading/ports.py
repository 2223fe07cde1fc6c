"""What the order core needs from outside and the domain's ports do not name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def reserve(self) -> tuple[int, int]:
        """Reserve a block of tag counters for ever; returns the first one and how many.

        Raises
        ------
        StoreError
            If the reservation could not be written.
        """
