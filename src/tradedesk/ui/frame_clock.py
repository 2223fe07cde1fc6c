"""One timer paces all repaints of a window."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NS: Final = 1_000_000_000
_MS: Final = 1_000_000
_KEPT: Final = 240

FrameCallback = Callable[[int], None]
"""Called once a frame with the monotonic moment in nanoseconds."""


@dataclass(frozen=True, slots=True)
class FrameStats:
    """How the last frames went; milliseconds, 0 before there are any.

    `work_ms` is the median time of all callbacks and paints of a frame, `worst_ms` the longest
    distance between two frames.
    """

    fps: float
    work_ms: float
    worst_ms: float


class FrameClock(QObject):
    """Calls what is registered once a frame, while a watched window is visible.

    Frames stay on a fixed grid, so that a late one does not delay those after it. Frames that
    were missed altogether are left out, not made up for.

    Parameters
    ----------
    mono_ns : callable
        Monotonic nanoseconds.
    hz : float
        Frames a second.
    parent : QObject, optional
        Owner.
    """

    def __init__(
        self, mono_ns: Callable[[], int], hz: float = 60.0, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self._period_ns = round(_NS / hz)
        self._callbacks: list[FrameCallback] = []
        self._windows: list[QWidget] = []
        self._due_ns = 0
        self._starts: deque[int] = deque(maxlen=_KEPT)
        self._works: deque[int] = deque(maxlen=_KEPT)
        self._paint_ns = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    def register(self, callback: FrameCallback) -> Callable[[], None]:
        """Call `callback` every frame; returns what ends that."""
        self._callbacks.append(callback)

        def unregister() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unregister

    def watch(self, window: QWidget) -> None:
        """Run while this window, or another one that is watched, is visible and not minimised."""
        self._windows.append(window)
        window.installEventFilter(self)
        window.destroyed.connect(lambda: self._forget(window))
        self._follow_windows()

    def start(self) -> None:
        """Begin; does nothing while running."""
        if not self.running:
            self._starts.clear()
            self._works.clear()
            self._due_ns = self._mono_ns()
            self._schedule()

    def stop(self) -> None:
        """No frame comes after this until the next start."""
        self._timer.stop()

    @property
    def running(self) -> bool:
        """Whether frames are coming."""
        return self._timer.isActive()

    def note_paint(self, spent_ns: int) -> None:
        """Add the time of a paint to the present frame's work."""
        self._paint_ns += spent_ns

    def stats(self) -> FrameStats:
        """Figures over the last frames, some seconds at most."""
        if len(self._starts) < 2:
            return FrameStats(0.0, 0.0, 0.0)
        starts = list(self._starts)
        gaps = [b - a for a, b in itertools.pairwise(starts)]
        works = sorted(self._works)
        return FrameStats(
            fps=len(gaps) * _NS / max(1, starts[-1] - starts[0]),
            work_ms=works[len(works) // 2] / _MS,
            worst_ms=max(gaps) / _MS,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the visibility of the windows."""
        if watched in self._windows and event.type() in (
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.Close,
            QEvent.Type.WindowStateChange,
        ):
            # At these moments the window has not always taken its new state yet.
            QTimer.singleShot(0, self, self._follow_windows)
        return False

    def _forget(self, window: QWidget) -> None:
        self._windows = [each for each in self._windows if each is not window]

    def _follow_windows(self) -> None:
        if any(each.isVisible() and not each.isMinimized() for each in self._windows):
            self.start()
        else:
            self.stop()

    def _tick(self) -> None:
        start = self._mono_ns()
        self._starts.append(start)
        self._works.append(self._paint_ns)
        self._paint_ns = 0
        self._schedule()
        for callback in tuple(self._callbacks):
            callback(start)
        self._paint_ns += self._mono_ns() - start

    def _schedule(self) -> None:
        now = self._mono_ns()
        self._due_ns += self._period_ns
        if self._due_ns <= now:
            self._due_ns += (now - self._due_ns) // self._period_ns * self._period_ns
            self._due_ns += self._period_ns
        self._timer.start(max(1, round((self._due_ns - now) / _MS)))
