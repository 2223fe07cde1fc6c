"""Since when positions have stood bare, kept over the death of the executor.

Without it every start would begin the patience of the rules anew, and an executor that dies again
and again would never act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import StoreError
from tradedesk.domain.ids import AccountId, ContractId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.clock import Clock
    from tradedesk.trading.blotter import PositionKey
    from tradedesk.trading.ports import IntentJournal

JOURNAL_KIND: Final = "bare"
LONGEST_NS: Final = 3_600 * NS_PER_S
"""Older than this counts as this; the wall clock may have been set meanwhile."""


class BareMemory:
    """Notes in the journal which positions miss a stop, and since when."""

    def __init__(self, journal: IntentJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._noted: set[PositionKey] = set()

    def recall(self) -> dict[PositionKey, int]:
        """What an earlier run noted: the monotonic moment, which may lie before this start."""
        now_ns, wall_ns = self._clock.mono_ns(), self._clock.wall_ns()
        found: dict[PositionKey, int] = {}
        for text, payload in self._journal.recorded(JOURNAL_KIND).items():
            account, _, contract = text.partition("|")
            if account.isdecimal() and payload.isdigit():
                key = AccountId(int(account)), ContractId(contract)
                found[key] = now_ns - min(max(0, wall_ns - int(payload)), LONGEST_NS)
        self._noted.update(found)
        return found

    def note(self, bare: Mapping[PositionKey, int]) -> None:
        """Write down what has changed.

        Parameters
        ----------
        bare : mapping of PositionKey to int
            Every position that misses a stop, and the monotonic moment since which it does.
        """
        now_ns, wall_ns = self._clock.mono_ns(), self._clock.wall_ns()
        for key in sorted(bare.keys() - self._noted):
            self._write(key, str(wall_ns - (now_ns - bare[key])).encode())
        for key in sorted(self._noted - bare.keys()):
            self._write(key, b"")
        self._noted = set(bare)

    def _write(self, key: PositionKey, payload: bytes) -> None:
        try:
            self._journal.record(JOURNAL_KIND, key[0], f"{key[0]}|{key[1]}", payload)
        except StoreError:
            pass  # orders say that the disk is full; only a restart would be less patient
