"""One window on one desk session, from opening to the end of every process it started."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from tradedesk.app.cores import take_window_cores
from tradedesk.app.gui.drill_link import DrillLink
from tradedesk.app.gui.sign_in import SignIn
from tradedesk.app.latency_keeper import LatencyKeeper
from tradedesk.app.practice_drill import drill_among
from tradedesk.app.session import DeskSession
from tradedesk.app.venue_plan import PRACTICE
from tradedesk.domain import events as ev
from tradedesk.domain.errors import AuthError, StoreError, TradeDeskError
from tradedesk.services.drawings.record import DrawingRecord, read_record, record_content
from tradedesk.services.drawings.shelf import DrawingShelf
from tradedesk.services.price_alerts import AlertRecord, PriceAlerts
from tradedesk.services.stress.markets import StressMarkets
from tradedesk.services.stress.run import StressTest
from tradedesk.store.credentials import CredentialStore
from tradedesk.store.record_file import Form, RecordFile
from tradedesk.store.record_folder import RecordFolder
from tradedesk.store.settings_file import SettingsFile
from tradedesk.ui.context import DeskContext, QuitChoice
from tradedesk.ui.drill.panel import DrillPanel
from tradedesk.ui.drill.strip import DrillStrip
from tradedesk.ui.frame_clock import FrameClock
from tradedesk.ui.main_window import MainWindow
from tradedesk.ui.memory import WindowMemory
from tradedesk.ui.stall_watch import StallWatch

if TYPE_CHECKING:
    from tradedesk.app.session import SessionOptions
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.settings import Settings
    from tradedesk.store.paths import Paths

log = logging.getLogger(__name__)


class WindowSession:
    """Opens the window at once, offline, and brings the session up behind it.

    Attributes
    ----------
    clock : Clock
        What presses and steps are stamped with.
    session : DeskSession
        What the window shows.
    window : MainWindow
        The window, after ``open``.
    next_venue : str or None
        Where to open the next window after this one was closed by signing in elsewhere.
    """

    def __init__(self, paths: Paths, options: SessionOptions, clock: Clock) -> None:
        self.clock = clock
        self._options = options
        self._settings_file = SettingsFile(paths.settings_file)
        loaded = self._settings_file.load()
        self._settings = loaded.settings
        self._memory_file = RecordFile(paths.layout_file, WindowMemory.first(loaded.settings))
        self._memory, problem = self._memory_file.load()
        form = Form(read_record, record_content)
        self._drawings = DrawingShelf(RecordFolder(paths.drawings, DrawingRecord(), form))
        alerts_file = RecordFile(paths.alerts_file(options.venue), AlertRecord())
        alerts, alert_problem = alerts_file.load()
        self._alerts = PriceAlerts(alerts, alerts_file.save)
        self._problems = (*loaded.problems, *filter(None, (problem, alert_problem)))
        credentials = CredentialStore()
        self.session = DeskSession(options, paths, loaded.settings, credentials, clock)
        self.session.markets.on_trades(
            lambda item: self._alerts.absorb(item.contract_id, item.batch)
        )
        self._sign_in = SignIn(credentials, clock, self._go_to)
        self._latency = LatencyKeeper(paths.latency_file, clock)
        self._frames: FrameClock | None = None
        self._watch = StallWatch(clock.mono_ns)
        self._stress: StressTest | None = None
        self._drill: DrillLink | None = None
        self._closed = asyncio.Event()
        self._shutdown = True
        self.window: MainWindow
        self.next_venue: str | None = None

    async def open(self) -> None:
        """Show the window; then start the session. A failed start is told in the window."""
        venue_markets, wake = self.session.markets, asyncio.get_running_loop().call_soon_threadsafe
        stress = StressTest(self.clock, lambda: venue_markets.market_ns, wake)
        markets = StressMarkets(venue_markets, stress)
        frames = self._bring_frames(markets)
        self._stress = stress
        practice = self._options.venue == PRACTICE
        context = DeskContext(
            state=self.session.state,
            trade=self.session.trade,
            markets=markets,
            stress=stress,
            clock=self.clock,
            settings=self._settings,
            memory=self._memory,
            save_memory=self._memory_file.save,
            on_quit_requested=self._quit,
            venue_note=self._options.note,
            save_settings=self._save_settings,
            keep_latency=self._latency.keep,
            drawings=self._drawings,
            on_sign_in_requested=lambda: self._sign_in.open(self.window),
            alerts=self._alerts,
        )
        self.window = MainWindow(context, frames)
        frames.watch(self.window)
        self.window.chart_windows.opened.connect(frames.watch)
        self.session.on_symbols = self.window.presenter.prefer
        if practice:
            self._bring_drill()
        seen = QGuiApplication.platformName() != "offscreen"  # whose screen is 800 x 800
        self.window.open_within(self.window.screen().availableSize() if seen else None)
        self._tell_phase(ev.Phase.STARTING, "", live=not practice)
        self._tell_problems()
        # One turn for the first paint: the window is there before anything can be slow.
        await asyncio.sleep(0)
        self.window.latency.remember(await self._latency.open())
        if self._latency.note:
            self._notice("warning", self._latency.note)
        await self._start()

    async def _start(self) -> None:
        """Bring the session up; what keeps it down is told in the window."""
        live = self._options.venue != PRACTICE
        try:
            await self.session.start()
            if self._options.executor == "process":
                take_window_cores()
        except TradeDeskError as error:
            log.warning("the session did not start: %s", error)
            refused = isinstance(error, AuthError)
            phase = ev.Phase.REFUSED if refused else ev.Phase.STOPPED
            self._tell_phase(phase, str(error), live=live)
            self._notice("error", str(error))
            if refused:
                self._sign_in.open(self.window, self._options.venue)

    async def until_closed(self) -> int:
        """Wait until the user has left; the exit code."""
        # No deadline: a desk is open as long as its user wants.
        await self._closed.wait()
        return 0

    async def close(self) -> None:
        """End the session, then the window. Safe to call when it was never opened."""
        if self._stress is not None:
            self._stress.stop()
        await self._sign_in.close()
        if self._drill is not None:
            await self._drill.close()
        try:
            await self.session.stop(shutdown=self._shutdown)
        finally:
            self._watch.stop()
            if self._frames is not None:
                self._frames.stop()
                self.window.release()
                self.window.deleteLater()
                self._frames.deleteLater()
                await asyncio.sleep(0)
            await self._latency.close()

    def leave(self, *, shutdown: bool = True) -> None:
        """End without a question; without ``shutdown`` what guards open orders goes on."""
        self._shutdown = shutdown
        self._closed.set()

    def leave_at_once(self) -> None:
        """End without a question; what is open at the venue stays guarded by the executor."""
        self.leave(shutdown=not self.session.has_something_open)

    # --- inside ---------------------------------------------------------------------------------

    def _bring_frames(self, markets: StressMarkets) -> FrameClock:
        """Frames that write down what they cost, looked at from beside."""
        frames = self._frames = FrameClock(self.clock.mono_ns, watch=self._watch)
        frames.count_intake(lambda: markets.pumped_ns)
        self._watch.start()
        return frames

    def _bring_drill(self) -> None:
        """Show the drill that the venue was asked for, if any."""
        drill = drill_among(self._options.practice.arguments)
        if drill is None:
            return
        strip = DrillStrip()
        self.window.put_above_chart(strip)
        panel = DrillPanel(strip, self.window.widgets.charts)
        self._drill = DrillLink(drill.name, lambda: self.session.plan, panel.show_view)
        panel.again_asked.connect(self._drill.again)
        self._drill.start()

    def _tell_problems(self) -> None:
        for problem in self._problems:
            self._notice("warning", problem)

    def _save_settings(self, settings: Settings) -> None:
        self._settings = settings
        self.session.use(settings)
        try:
            self._settings_file.save(settings)
        except StoreError as error:
            self._notice("error", f"{error} What was set holds until the desk is closed.")

    def _quit(self, choice: QuitChoice) -> None:
        if choice is QuitChoice.FLAT:
            self.leave()
        else:
            self.leave_at_once()

    def _go_to(self, venue: str) -> None:
        self.next_venue = venue
        self.window.close()

    def _tell_phase(self, phase: ev.Phase, detail: str, *, live: bool) -> None:
        self.session.state.apply(
            ev.SessionChanged(
                phase=phase, armed=False, venue=self._options.venue, live=live, detail=detail
            )
        )

    def _notice(self, level: str, text: str) -> None:
        now = self.clock.wall_ns()
        self.session.state.apply(ev.Notice(level=level, text=text, ts_ns=now))
