"""The sheet of frames: opened by the status bar, kept current, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.ui.meter.sheet import MeterSheet
from tradedesk.ui.meter.view_model import meter_view, report_text
from tradedesk.ui.presenters.stress_presenter import StressPresenter

if TYPE_CHECKING:
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.desk_widgets import DeskWidgets
    from tradedesk.ui.ports import Frames
    from tradedesk.ui.presenters.chart_visit import ChartVisit

EVERY_NS = 250 * NS_PER_MS
COPIED_NS = 2_000 * NS_PER_MS
"""How long the button says that it has copied."""


class MeterPresenter:
    """Makes the sheet when it is first asked for.

    Parameters
    ----------
    context : DeskContext
        Its clock, and its stress test, whose part is left out without one.
    widgets : DeskWidgets
        The status bar opens the sheet.
    frames : Frames
        What is shown.
    visit : ChartVisit
        Takes charts to the made-up contract and back.
    """

    def __init__(
        self, context: DeskContext, widgets: DeskWidgets, frames: Frames, visit: ChartVisit
    ) -> None:
        self._status = widgets.status
        self._frames = frames
        self._clock = context.clock
        self._stress = context.stress
        self._test = None
        if context.stress is not None:
            self._test = StressPresenter(
                context.stress, widgets.stress, context.state, visit, frames, widgets.toasts.show
            )
        self._shown_ns: int | None = None
        self._copied_ns: int | None = None
        self.sheet: MeterSheet | None = None
        self._status.frames_pressed.connect(self.toggle)
        self._leave = frames.register(self._frame)

    def stop(self) -> None:
        """The window closes."""
        self._leave()
        if self._test is not None:
            self._test.stop()

    def toggle(self) -> None:
        """Show the sheet above the bar, or hide it."""
        if self.sheet is None:
            self.sheet = MeterSheet(
                self._status.window(), self._stress.rates if self._stress is not None else ()
            )
            self.sheet.copy_asked.connect(self._copy)
            self.sheet.rate_chosen.connect(self._choose)
        if self.sheet.isVisible():
            self.sheet.hide()
            return
        if self._status.sheet is not None:
            self._status.sheet.hide()
        self._show()
        self.sheet.stand_above(self._status)

    def _choose(self, rate: int) -> None:
        if self._test is not None:
            self._test.choose(rate)
        self._show()

    def _frame(self, now_ns: int) -> None:
        if self.sheet is None or not self.sheet.isVisible():
            return
        if self._shown_ns is None or now_ns - self._shown_ns >= EVERY_NS:
            self._shown_ns = now_ns
            self._show()

    def _show(self) -> None:
        if self.sheet is None:
            return
        stress = self._stress
        figures = stress.figures() if stress is not None else None
        view = meter_view(self._frames.stats(), self._frames.report(), figures, self._offset_ns())
        copied = self._copied_ns
        fresh = copied is not None and self._clock.mono_ns() - copied < COPIED_NS
        self.sheet.copy.setText("Copied" if fresh else "Copy")
        self.sheet.show_view(view, stress.rate if stress is not None else 0)

    def _copy(self) -> None:
        stats, report, offset = self._frames.stats(), self._frames.report(), self._offset_ns()
        figures = self._stress.figures() if self._stress is not None else None
        view = meter_view(stats, report, figures, offset)
        QGuiApplication.clipboard().setText(report_text(stats, report, view, offset))
        self._copied_ns = self._clock.mono_ns()
        self._show()

    def _offset_ns(self) -> int:
        return self._clock.wall_ns() - self._clock.mono_ns()
