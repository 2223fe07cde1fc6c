"""One timer paces all repaints of a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from tradedesk.ui.frame_log import FrameLog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.frame_stats import FrameReport, FrameStats, Sample
    from tradedesk.ui.stall_watch import StallWatch

_NS: Final = 1_000_000_000
_MS: Final = 1_000_000

FrameCallback = Callable[[int], None]
"""Called once a frame with the monotonic moment in nanoseconds."""


class FrameClock(QObject):
    """Calls what is registered once a frame, while a watched window is visible.

    Frames stay on a fixed grid, so that a late one does not delay those after it. Frames that
    were missed altogether are left out, not made up for. All painting of watched windows is
    measured, and what the market costs between frames as well, if it is told who counts that.

    Parameters
    ----------
    mono_ns : callable
        Monotonic nanoseconds.
    hz : float
        Frames a second.
    watch : StallWatch, optional
        Told of every frame, asked what the window was doing in a stall. Its owner starts and
        stops it.
    parent : QObject, optional
        Owner.
    """

    def __init__(
        self,
        mono_ns: Callable[[], int],
        hz: float = 60.0,
        parent: QObject | None = None,
        watch: StallWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self._period_ns = round(_NS / hz)
        self._callbacks: list[FrameCallback] = []
        self._windows: list[QWidget] = []
        self._due_ns = 0
        self._log = FrameLog()
        self._watch = watch
        self._intake: Callable[[], int] = lambda: 0
        self._intake_ns = 0
        self._model_ns = 0
        self._paint_ns = 0
        self._painting = False
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
            self._log.begin()
            self._due_ns = self._mono_ns()
            self._schedule()

    def stop(self) -> None:
        """No frame comes after this until the next start."""
        self._timer.stop()
        self._log.pause()
        if self._watch is not None:
            self._watch.beat(0)

    @property
    def running(self) -> bool:
        """Whether frames are coming."""
        return self._timer.isActive()

    def note_paint(self, spent_ns: int) -> None:
        """Add the time of a paint in a window that is not watched to the present frame's work."""
        self._paint_ns += spent_ns

    def count_intake(self, spent_ns: Callable[[], int]) -> None:
        """Read from now on what taking in the market has cost so far, in all, nanoseconds."""
        self._intake = spent_ns
        self._intake_ns = spent_ns()

    def stats(self) -> FrameStats:
        """Figures over the last frames, some seconds at most."""
        return self._log.stats(self._mono_ns())

    def report(self) -> FrameReport:
        """All frames of the last minutes, and the longest stalls."""
        return self._log.report(self._mono_ns())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the visibility of the windows, and measure their painting."""
        if event.type() == QEvent.Type.UpdateRequest:
            return self._paint(watched, event)
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

    def _paint(self, window: QObject, event: QEvent) -> bool:
        """Let the window paint all that is due, as it would do by itself, and take the time."""
        if self._painting:
            return False
        start = self._mono_ns()
        self._painting = True
        try:
            window.event(event)
        finally:
            self._painting = False
        self._paint_ns += self._mono_ns() - start
        return True

    def _tick(self) -> None:
        start = self._mono_ns()
        self._write_down(start)
        self._schedule()
        before = self._intake()
        for callback in tuple(self._callbacks):
            callback(start)
        self._model_ns += self._mono_ns() - start - (self._intake() - before)

    def _write_down(self, start: int) -> None:
        """Close the frame that ends with this one."""
        log, watch = self._log, self._watch
        intake = self._intake()
        samples: tuple[Sample, ...] = ()
        if watch is not None:
            if log.last_ns is not None and log.is_stall(start):
                samples = watch.take(log.last_ns)
            watch.beat(start)
        log.add(start, max(0, intake - self._intake_ns), self._model_ns, self._paint_ns, samples)
        self._intake_ns = intake
        self._model_ns = self._paint_ns = 0

    def _schedule(self) -> None:
        now = self._mono_ns()
        self._due_ns += self._period_ns
        if self._due_ns <= now:
            self._due_ns += (now - self._due_ns) // self._period_ns * self._period_ns
            self._due_ns += self._period_ns
        self._timer.start(max(1, round((self._due_ns - now) / _MS)))
