"""A journal in memory that outlives the executor that writes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent


class Disk:
    """What is on the disk."""

    def __init__(self) -> None:
        self.rows: list[Intent] = []
        self.notes: dict[tuple[str, str], bytes] = {}
        self.next_counter = 0


class MemoryJournal:
    """Satisfies ``IntentJournal``; ``kill`` makes it forget whatever a dying process still says."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.full = False
        self._killed = False

    def append(self, intent: Intent) -> None:
        if self.full:
            raise StoreError("The order journal cannot be written (database or disk is full).")
        if not self._killed:
            self.disk.rows.append(intent)

    def recall(self, since_ns: int) -> list[Intent]:
        return list({intent.tag: intent for intent in self.disk.rows}.values())

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        if self.full:
            raise StoreError("The order journal cannot be written (database or disk is full).")
        if not self._killed:
            self.disk.notes[kind, key] = payload

    def recorded(self, kind: str) -> dict[str, bytes]:
        return {key: note for (of, key), note in self.disk.notes.items() if of == kind and note}

    def reserve(self) -> tuple[int, int]:
        if self.full:
            raise StoreError("The order journal cannot be written (database or disk is full).")
        first, self.disk.next_counter = self.disk.next_counter, self.disk.next_counter + 64
        return first, 64

    def kill(self) -> None:
        self._killed = True
