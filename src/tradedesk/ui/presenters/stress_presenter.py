"""The stress test in the window: off by default, on the chart while it runs, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.errors import StartError
from tradedesk.ui.meter.view_model import band_text

if TYPE_CHECKING:
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.meter.stress_band import StressBand
    from tradedesk.ui.ports import Frames, Stress
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.presenters.chart_visit import ChartVisit

EVERY_NS = 250 * NS_PER_MS
HELD = (
    "The stress test would take the chart away from an open position or order on a live account: "
    "close and cancel first."
)


class StressPresenter:
    """Starts and ends the test, and takes the chart there and back.

    Choosing another contract where it is shown ends it: made-up prices are on a chart, or there are
    none.

    Parameters
    ----------
    stress : Stress
        The test.
    band : StressBand
        Shown while it runs.
    state : DeskState
        Whether something is open on a live account.
    visit : ChartVisit
        Takes charts there and back.
    frames : Frames
        When to look.
    say : callable
        Tells why it did not begin, and that it has ended by itself.
    """

    def __init__(
        self,
        stress: Stress,
        band: StressBand,
        state: DeskState,
        visit: ChartVisit,
        frames: Frames,
        say: Say,
    ) -> None:
        self._stress = stress
        self._band = band
        self._state = state
        self._visit = visit
        self._say = say
        self._on = False
        self._shown_ns: int | None = None
        band.end_asked.connect(lambda: self.choose(0))
        visit.on_change(self._charts_changed)
        self._leave = frames.register(self._frame)

    def choose(self, rate: int) -> None:
        """Begin at so many events a second, go on at as many, or end at 0."""
        if not rate:
            self._end()
            return
        if not self._on and self._is_held():
            self._say("warning", HELD)
            return
        try:
            self._stress.start(rate)
        except StartError as error:
            self._say("error", str(error))
            return
        if not self._on:
            self._visit.begin(self._stress.instrument)
            self._on = True
        self._show()

    def stop(self) -> None:
        """The window closes."""
        self._leave()
        self._on = False
        self._stress.stop()

    def _is_held(self) -> bool:
        session = self._state.session
        live = session is not None and session.live
        return live and bool(self._state.open_positions() or self._state.working_orders())

    def _end(self) -> None:
        if not self._on:
            return
        self._on = False
        # The chart goes first, so that it never looks for a market that is gone.
        self._visit.end()
        self._stress.stop()
        self._show()

    def _charts_changed(self) -> None:
        if self._on and not self._visit.is_on:
            self._on = False
            self._stress.stop()
            self._show()

    def _frame(self, now_ns: int) -> None:
        if not self._on:
            return
        if not self._stress.running:
            self._end()
            self._say("info", "The stress test has ended by itself after 10 minutes.")
        elif self._shown_ns is None or now_ns - self._shown_ns >= EVERY_NS:
            self._shown_ns = now_ns
            self._show()

    def _show(self) -> None:
        text = band_text(self._stress.rate, self._stress.left_ns) if self._on else ""
        self._band.show_figures(text)
