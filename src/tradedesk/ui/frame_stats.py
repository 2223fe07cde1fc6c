"""What is told of frames: the figures of the bar, and the report of the sheet. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

LATE_MS: Final = 25.0
"""From here on movement stutters."""
STALL_MS: Final = 50.0
"""A longer distance between two frames is a stall: an eye that follows something sees it."""
LOOKED_INTO_MS: Final = 100.0
"""A frame that is so late is looked into while it lasts."""
EDGES_MS: Final = (10.0, 14.0, 18.0, 21.0, 25.0, 36.0, 50.0, 100.0, 250.0)
"""Where one bar of the histogram ends and the next begins; the last one has no end."""
PARTS: Final = ("intake", "model", "paint")
"""What a frame's work is made of: market records, words and figures, drawing."""


@dataclass(frozen=True, slots=True)
class FrameStats:
    """How the last frames went; milliseconds, 0 before there are any.

    `work_ms` is the median time of all callbacks, market intake and paints of a frame, `worst_ms`
    the longest distance between two of the last 600 frames, `p99_ms` the one that 1 in 100 of them
    exceeds. `stalls` counts since the window was opened;
    `stall_age_ms` says how long ago the last one ended, None if there was none.
    """

    fps: float
    work_ms: float
    worst_ms: float
    p99_ms: float = 0.0
    stalls: int = 0
    stall_age_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What the window was doing at a moment of a stall.

    `late_ms` is how long its last frame was over then; `stack` names files, lines and functions,
    innermost first, and no values.
    """

    late_ms: float
    stack: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stall:
    """A frame that came late.

    `at_ns` is the monotonic moment at which it came; `parts_ms` the time of its `PARTS`.
    `samples` are empty for one that was too short to be looked into.
    """

    at_ns: int
    distance_ms: float
    parts_ms: tuple[float, float, float]
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameReport:
    """The frames of the last minutes.

    `counts` has one entry more than `EDGES_MS`. `parts_ms` has for each of `PARTS` the median and
    the 99th percentile. `stalls` are the longest ones, longest first.
    """

    frames: int = 0
    span_ms: float = 0.0
    counts: tuple[int, ...] = (0,) * (len(EDGES_MS) + 1)
    parts_ms: tuple[tuple[float, float], ...] = ((0.0, 0.0),) * len(PARTS)
    stalls: tuple[Stall, ...] = field(default=())
