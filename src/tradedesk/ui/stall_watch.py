"""Looks at the window's thread from beside it when a frame is late, and writes down where it is."""

from __future__ import annotations

import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from tradedesk.domain.clock import NS_PER_MS, NS_PER_S
from tradedesk.ui.frame_stats import LOOKED_INTO_MS, Sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

LATE_NS: Final = round(LOOKED_INTO_MS * NS_PER_MS)
"""From here on a frame is looked into; again at twice, four times ... this."""
MOST_SAMPLES: Final = 6
"""Of one stall."""
DEEPEST: Final = 16
"""Functions named in one sample, innermost first."""
_IDLE_S: Final = 0.1
_AT_ONCE_S: Final = 0.002
_STOP_S: Final = 2.0


class StallWatch:
    """A thread that sleeps until a frame is late, which in a healthy window is never.

    It wakes some ten times a second to look at one number. What it writes down are names of
    files, lines and functions: no values, so no secret can be among them.

    Parameters
    ----------
    mono_ns : callable
        Monotonic nanoseconds; called from the thread.
    """

    def __init__(self, mono_ns: Callable[[], int]) -> None:
        self._mono_ns = mono_ns
        self._beat_ns = 0
        self._taken_of = 0
        self._taken = 0
        self._samples: deque[tuple[int, Sample]] = deque(maxlen=MOST_SAMPLES)
        self._ended = threading.Event()
        self._watched = 0
        self._thread: threading.Thread | None = None

    # --- the window's thread ------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch the thread that calls; does nothing while it runs."""
        if self._thread is None:
            self._watched = threading.get_ident()
            self._ended.clear()
            self._thread = threading.Thread(
                target=self._run, name="tradedesk-stall-watch", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End the thread; safe to call when it was never started."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._ended.set()
            thread.join(_STOP_S)

    def beat(self, at_ns: int) -> None:
        """A frame came at `at_ns`; 0 says that none is expected until the next beat."""
        self._beat_ns = at_ns

    def take(self, since_ns: int) -> tuple[Sample, ...]:
        """What was seen after the frame that came at `since_ns`, earliest first."""
        found = tuple(sample for beat, sample in self._samples if beat == since_ns)
        self._samples.clear()
        return found

    # --- the watching thread ------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.wait(self._wait_s()):
            beat_ns = self._beat_ns
            late_ns = self._mono_ns() - beat_ns
            if beat_ns and late_ns >= self._due_ns(beat_ns):
                self._look(beat_ns, late_ns)

    def _wait_s(self) -> float:
        beat_ns = self._beat_ns
        due_ns = self._due_ns(beat_ns)
        if not beat_ns or not due_ns:
            return _IDLE_S
        return max(_AT_ONCE_S, (beat_ns + due_ns - self._mono_ns()) / NS_PER_S)

    def _due_ns(self, beat_ns: int) -> int:
        """How late a frame has to be for the next look; 0 if there is none any more."""
        if beat_ns != self._taken_of:
            return LATE_NS
        return LATE_NS << self._taken if self._taken < MOST_SAMPLES else 0

    def _look(self, beat_ns: int, late_ns: int) -> None:
        frame = sys._current_frames().get(self._watched)
        if frame is None or self._beat_ns != beat_ns:
            return
        self._taken = self._taken + 1 if beat_ns == self._taken_of else 1
        self._taken_of = beat_ns
        self._samples.append((beat_ns, Sample(late_ns / NS_PER_MS, names_of(frame))))


def names_of(frame: FrameType | None) -> tuple[str, ...]:
    """Files, lines and functions of a stack, innermost first: ``services/tape.py:61 absorb``."""
    found: list[str] = []
    while frame is not None and len(found) < DEEPEST:
        code = frame.f_code
        found.append(f"{_short(code.co_filename)}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return tuple(found)


def _short(path: str) -> str:
    """A file of ours from the package on, any other with the folder it lies in."""
    parts = path.replace("\\", "/").split("/")
    if "tradedesk" in parts[:-1]:
        return "/".join(parts[len(parts) - parts[::-1].index("tradedesk") :])
    return "/".join(parts[-2:])
