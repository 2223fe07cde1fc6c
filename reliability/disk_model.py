"""A journal in memory that outlives its process, and loses what a crash may lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.events import Intent, IntentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from reliability.virtual_time import VirtualLoop


class KilledError(BaseException):
    """Ends whatever a process was doing when it was killed; nothing of it gets any further."""


SYNC_S = 0.002
"""How long a sync takes; rows without one are lost by a power cut, not by a kill."""


class Disk:
    """What is written, in order; the last rows may not have reached the platter."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.intents: dict[str, Intent] = {}
        self.notes: dict[tuple[str, str], bytes] = {}
        self.next_counter = 0
        self.rows = 0
        self._unsynced: list[Callable[[], None]] = []
        self._asked: list[tuple[float, int]] = []

    def write(self, undo: Callable[[], None], *, ask: bool) -> None:
        """Note one row that was written, and how a power cut undoes it."""
        self._settle()
        self.rows += 1
        self._unsynced.append(undo)
        if ask:
            self._asked.append((self.loop.now + SYNC_S, self.rows))

    def cut_power(self) -> int:
        """Lose what was not synced; returns how many rows that were."""
        self._settle()
        lost = len(self._unsynced)
        while self._unsynced:
            self._unsynced.pop()()
        self.rows -= lost
        self._asked.clear()
        return lost

    def tear(self) -> None:
        """Lose the last row: it was being written when the process died."""
        if self._unsynced:
            self._unsynced.pop()()
            self.rows -= 1

    def _settle(self) -> None:
        while self._asked and self._asked[0][0] <= self.loop.now:
            safe = self._asked.pop(0)[1] - (self.rows - len(self._unsynced))
            del self._unsynced[: max(0, safe)]


class Journal:
    """Satisfies ``IntentJournal``; forgets what a dying process still says.

    Parameters
    ----------
    on_edge : callable
        Told ``writing`` in the middle of a row and ``written`` behind it.
    """

    def __init__(self, disk: Disk, on_edge: Callable[[str], None]) -> None:
        self.disk = disk
        self.dead = False
        self._on_edge = on_edge

    def append(self, intent: Intent) -> None:
        if self.dead:
            return
        kept, tag = self.disk.intents, intent.tag
        older = kept.get(tag)

        def undo() -> None:
            if older is None:
                kept.pop(tag, None)
            else:
                kept[tag] = older

        kept[tag] = intent
        armed = intent.state is IntentState.ARMED
        self.disk.write(undo, ask=not armed)
        self._on_edge("armed" if armed else "moved")

    def recall(self, since_ns: int) -> list[Intent]:
        return list(self.disk.intents.values())

    def record(self, kind: str, account: int, key: str, payload: bytes) -> None:
        if self.dead:
            return
        kept, name = self.disk.notes, (kind, key)
        older = kept.get(name, b"")

        def undo() -> None:
            kept[name] = older

        kept[name] = payload
        self.disk.write(undo, ask=True)
        self._on_edge("noted")

    def recorded(self, kind: str) -> dict[str, bytes]:
        return {key: note for (of, key), note in self.disk.notes.items() if of == kind and note}

    def reserve(self) -> tuple[int, int]:
        disk = self.disk
        first = disk.next_counter

        def undo() -> None:
            disk.next_counter = first

        disk.next_counter = first + 64
        disk.write(undo, ask=True)
        return first, 64
