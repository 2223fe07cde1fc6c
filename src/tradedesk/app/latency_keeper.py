"""Opens and closes the latency file beside a window that never waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tradedesk.domain.errors import StoreError
from tradedesk.store.latency_file import LatencyFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.latency import LatencyRecord


class LatencyKeeper:
    """Takes records from the first moment on; they reach the file once it is open.

    Attributes
    ----------
    note : str
        What there is to say about the file, for the log of the window; usually nothing.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._file: LatencyFile | None = None
        self._early: list[LatencyRecord] = []
        self._closed = False
        self.note = ""

    def keep(self, record: LatencyRecord) -> None:
        """Keep a record; never waits."""
        if self._file is not None:
            self._file.append(record)
        elif not self._closed:
            self._early.append(record)

    async def open(self) -> Sequence[LatencyRecord]:
        """Open the file and give what it holds; nothing, and a note, where it cannot be used."""
        try:
            file, records = await asyncio.to_thread(self._read)
        except StoreError as error:
            self.note, self._closed = str(error), True
            return []
        finally:
            early, self._early = self._early, []
        self._file, self.note = file, file.note
        for record in early:
            file.append(record)
        return records

    async def close(self) -> None:
        """Write what waits; safe to call twice."""
        self._closed = True
        if self._file is not None:
            await asyncio.to_thread(self._file.close)

    def _read(self) -> tuple[LatencyFile, Sequence[LatencyRecord]]:
        file = LatencyFile(self._path, self._clock)
        try:
            return file, file.recall()
        except StoreError:
            file.close()
            raise
