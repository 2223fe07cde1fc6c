"""How many calls a way out of everything would take; known to the side that must keep them free."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import AccountId


class Exposure:
    """Counts what may be open: what the venue answered last, and what was sent since.

    Parameters
    ----------
    on_changed : callable
        Told how many cancels and closes would end everything, after every change.
    """

    def __init__(self, on_changed: Callable[[int], None]) -> None:
        self._on_changed = on_changed
        self._working: dict[AccountId, int] = {}
        self._held: dict[AccountId, int] = {}
        self._sent: dict[AccountId, int] = defaultdict(int)
        self._sent_in_all: dict[AccountId, int] = defaultdict(int)

    @property
    def calls(self) -> int:
        """Cancels and closes that would end everything that may be open."""
        return sum(self._working.values()) + sum(self._held.values()) + sum(self._sent.values())

    def mark(self, account_id: AccountId) -> int:
        """How much was sent so far: call it before asking for working orders."""
        return self._sent_in_all[account_id]

    def note_sent(self, account_id: AccountId, orders: int) -> None:
        """So many orders, legs included, have been sent; what came of them is not known yet."""
        self._sent[account_id] += orders
        self._sent_in_all[account_id] += orders
        self._on_changed(self.calls)

    def note_working(self, account_id: AccountId, orders: int, mark: int) -> None:
        """So many orders work, suspended ones too; what was sent after ``mark`` may be missing."""
        self._working[account_id] = orders
        self._sent[account_id] = self._sent_in_all[account_id] - mark
        self._on_changed(self.calls)

    def note_held(self, account_id: AccountId, positions: int) -> None:
        """So many contracts are held."""
        self._held[account_id] = positions
        self._on_changed(self.calls)
