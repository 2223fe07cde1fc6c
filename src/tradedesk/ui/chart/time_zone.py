"""Local time of many moments at once."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NS: Final = 1_000_000_000
_DAY_S: Final = 86_400
_PROBE_S: Final = 20 * _DAY_S
"""Closer together than any two changes of the clock in one place."""


class LocalTime:
    """Offsets of one place from UTC, looked up without a Python call for each moment.

    Parameters
    ----------
    name : str, optional
        IANA name, e.g. ``America/Chicago``; None is the zone of this machine.
    """

    def __init__(self, name: str | None = None) -> None:
        self._zone: tzinfo | None = None if name is None else ZoneInfo(name)
        self._changes = np.empty(0, np.int64)
        self._offsets = np.zeros(1, np.int64)
        self._known: tuple[int, int] | None = None

    def to_local(self, utc_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Local wall time as nanoseconds since 1970-01-01 00:00 of that wall."""
        if not len(utc_ns):
            return utc_ns
        self._learn(int(utc_ns.min()) // NS, int(utc_ns.max()) // NS)
        at = np.searchsorted(self._changes, utc_ns // NS, side="right")
        local: NDArray[np.int64] = utc_ns + self._offsets[at] * NS
        return local

    def to_utc(self, local_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """The other way round; a wall time that never was is taken an hour later."""
        if not len(local_ns):
            return local_ns
        self._learn(int(local_ns.min()) // NS - _DAY_S, int(local_ns.max()) // NS + _DAY_S)
        guess = local_ns - self._offsets[0] * NS
        for _ in range(2):
            at = np.searchsorted(self._changes, guess // NS, side="right")
            guess = local_ns - self._offsets[at] * NS
        utc: NDArray[np.int64] = guess
        return utc

    def datetime(self, utc_ns: int) -> datetime:
        """Wall time of one moment, without its zone."""
        local = int(self.to_local(np.array([utc_ns], np.int64))[0])
        return datetime.fromtimestamp(local // NS, UTC).replace(tzinfo=None)

    def _learn(self, first_s: int, last_s: int) -> None:
        """Find all changes of the clock between two moments; kept for the next call."""
        if self._known is not None:
            if self._known[0] <= first_s and last_s <= self._known[1]:
                return
            first_s, last_s = min(first_s, self._known[0]), max(last_s, self._known[1])
        first_s, last_s = first_s - 400 * _DAY_S, last_s + 400 * _DAY_S
        changes: list[int] = []
        offsets = [self._offset(first_s)]
        for start in range(first_s, last_s, _PROBE_S):
            stop = min(start + _PROBE_S, last_s)
            if self._offset(stop) != offsets[-1]:
                changes.append(self._bisect(start, stop))
                offsets.append(self._offset(stop))
        self._changes = np.array(changes, np.int64)
        self._offsets = np.array(offsets, np.int64)
        self._known = (first_s, last_s)

    def _bisect(self, before: int, after: int) -> int:
        old = self._offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == old:
                before = middle
            else:
                after = middle
        return after

    def _offset(self, moment_s: int) -> int:
        found = datetime.fromtimestamp(moment_s, UTC).astimezone(self._zone).utcoffset()
        return 0 if found is None else int(found.total_seconds())
