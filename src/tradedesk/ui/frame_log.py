"""The frames of the last minutes, written down at a microsecond each."""

from __future__ import annotations

from array import array
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S
from tradedesk.ui.frame_stats import EDGES_MS, PARTS, STALL_MS, FrameReport, FrameStats, Stall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.ui.frame_stats import Sample

ROWS: Final = 32_768
"""Nine minutes at 60 frames a second; a power of two."""
REPORTED_NS: Final = 300 * NS_PER_S
"""How far a report looks back."""
_SHORT: Final = 240
_LONG: Final = 600
_STALLS_KEPT: Final = 200
_LONGEST: Final = 20
_STALL_NS: Final = round(STALL_MS * NS_PER_MS)
_EDGES_NS: Final = np.array(EDGES_MS) * NS_PER_MS


class FrameLog:
    """Distances and work of frames in rings of integers."""

    def __init__(self) -> None:
        self._at, self._distance, *parts = (
            array("q", bytes(8 * ROWS)) for _ in range(2 + len(PARTS))
        )
        self._intake, self._model, self._paint = parts
        self._count = 0
        self._since = 0
        self._last_ns: int | None = None
        self._stalls: deque[Stall] = deque(maxlen=_STALLS_KEPT)
        self.stalls = 0
        """Distances longer than `STALL_MS` since the log was made."""

    @property
    def last_ns(self) -> int | None:
        """When the newest frame came; None after a pause."""
        return self._last_ns

    def begin(self) -> None:
        """Frames begin here: figures of the last ones look no further back."""
        self._last_ns = None
        self._since = self._count

    def pause(self) -> None:
        """Frames end here on purpose: the time until the next one is no distance."""
        self._last_ns = None

    def is_stall(self, at_ns: int) -> bool:
        """Whether a frame at `at_ns` would end a stall."""
        return self._last_ns is not None and at_ns - self._last_ns > _STALL_NS

    def add(
        self,
        at_ns: int,
        intake_ns: int,
        model_ns: int,
        paint_ns: int,
        samples: tuple[Sample, ...] = (),
    ) -> None:
        """Write down a frame that comes at `at_ns`, with the work since the one before.

        Parameters
        ----------
        at_ns : int
            Monotonic nanoseconds.
        intake_ns, model_ns, paint_ns : int
            The work.
        samples : tuple of Sample
            What the window was doing, if it ends a stall.
        """
        last, self._last_ns = self._last_ns, at_ns
        if last is None:
            return
        row = self._count & (ROWS - 1)
        self._at[row] = at_ns
        self._distance[row] = at_ns - last
        self._intake[row] = intake_ns
        self._model[row] = model_ns
        self._paint[row] = paint_ns
        self._count += 1
        if at_ns - last > _STALL_NS:
            self.stalls += 1
            parts = (intake_ns / NS_PER_MS, model_ns / NS_PER_MS, paint_ns / NS_PER_MS)
            self._stalls.append(Stall(at_ns, (at_ns - last) / NS_PER_MS, parts, samples))

    def stats(self, now_ns: int) -> FrameStats:
        """Figures over the last frames, some seconds at most."""
        age = (now_ns - self._stalls[-1].at_ns) / NS_PER_MS if self._stalls else None
        known = self._count - self._since
        if known < 1:
            return FrameStats(0.0, 0.0, 0.0, 0.0, self.stalls, age)
        long = np.sort(self._newest(self._distance, min(known, _LONG)))
        short = min(known, _SHORT)
        distances = self._newest(self._distance, short)
        work = sum(self._newest(part, short) for part in (self._intake, self._model, self._paint))
        return FrameStats(
            fps=short * NS_PER_S / max(1, int(distances.sum())),
            work_ms=float(np.median(work)) / NS_PER_MS,
            worst_ms=float(long[-1]) / NS_PER_MS,
            p99_ms=float(long[(len(long) * 99 - 1) // 100]) / NS_PER_MS,
            stalls=self.stalls,
            stall_age_ms=age,
        )

    def report(self, now_ns: int) -> FrameReport:
        """All frames of the last minutes."""
        kept = min(self._count, ROWS)
        at = self._newest(self._at, kept)
        frames = kept - int(at.searchsorted(now_ns - REPORTED_NS))
        recent = [stall for stall in self._stalls if now_ns - stall.at_ns <= REPORTED_NS]
        stalls = sorted(recent, key=lambda stall: -stall.distance_ms)[:_LONGEST]
        if not frames:
            return FrameReport(stalls=tuple(stalls))
        distances = self._newest(self._distance, frames)
        bins = np.bincount(_EDGES_NS.searchsorted(distances, "left"), minlength=len(EDGES_MS) + 1)
        parts = (
            np.percentile(self._newest(part, frames), (50, 99)) / NS_PER_MS
            for part in (self._intake, self._model, self._paint)
        )
        return FrameReport(
            frames=frames,
            span_ms=float(distances.sum()) / NS_PER_MS,
            counts=tuple(bins.tolist()),
            parts_ms=tuple((float(p50), float(p99)) for p50, p99 in parts),
            stalls=tuple(stalls),
        )

    def _newest(self, column: array[int], count: int) -> NDArray[np.int64]:
        """The newest rows of a column, oldest first; a copy."""
        ring: NDArray[np.int64] = np.frombuffer(column, np.int64)
        return ring.take(np.arange(self._count - count, self._count) & (ROWS - 1))
