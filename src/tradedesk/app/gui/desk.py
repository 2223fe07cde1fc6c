"""The desk with its window: Qt application, loop, start and stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tradedesk.app.crash import CrashHandlers
from tradedesk.app.executor_mode import executor_mode
from tradedesk.app.gui.garbage import GarbageRounds
from tradedesk.app.gui.loop import DeskLoop
from tradedesk.app.gui.window_session import WindowSession
from tradedesk.app.instance_lock import InstanceLock
from tradedesk.app.log_setup import LogSetup
from tradedesk.app.practice_drill import wanted_drill
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.app.system_clock import SystemClock
from tradedesk.app.venue_plan import PRACTICE
from tradedesk.domain.errors import StartError
from tradedesk.gateway.config import firm_config
from tradedesk.store.paths import Paths, home_paths
from tradedesk.ui.held_chords import HeldChords
from tradedesk.ui.theme.style import apply_theme

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

SWITCH_INTERVAL_S = 0.0005
"""How long a busy thread keeps the interpreter before the market thread may run."""


def run_desk(chosen: argparse.Namespace, venue_arguments: tuple[str, ...] = ()) -> int:
    """Open the desk and return its exit code when it is closed.

    Parameters
    ----------
    chosen : Namespace
        Options of ``tradedesk run``.
    venue_arguments : tuple of str
        Further words of the practice venue's command line.

    Raises
    ------
    TradeDeskError
        If the venue is not known, another desk is open on the same folder, or files cannot be used.
    """
    if chosen.venue != PRACTICE:
        firm_config(chosen.venue)
    replay = None if chosen.replay is None else str(chosen.replay)
    if chosen.drill is not None:
        wanted_drill(chosen.drill, replay)
    options = SessionOptions(
        venue=chosen.venue,
        practice=PracticeOptions(chosen.seed, replay, chosen.speed, venue_arguments),
        executor=executor_mode(),
    )

    async def desk(window: WindowSession) -> int:
        return await window.until_closed()

    return run_window(home_paths().create(), options, desk)


def run_window(
    paths: Paths, options: SessionOptions, use: Callable[[WindowSession], Awaitable[int]]
) -> int:
    """Set up the process, open a window, and let ``use`` work it until it returns an exit code.

    A window that asks for another venue is closed and opened again there.
    """
    logs = LogSetup(paths.log_file("desk"))
    crash = CrashHandlers(paths.crash_file("desk"))
    crash.install()
    try:
        with InstanceLock(paths.lock_file):
            app = application()
            loop = DeskLoop(app)
            asyncio.set_event_loop(loop)
            crash.watch(loop)
            with loop, GarbageRounds(loop), HeldChords(app):
                while True:
                    window = WindowSession(paths, options, SystemClock())
                    code: int = loop.run_until_complete(_use(window, use))
                    if window.next_venue is None:
                        return code
                    options = SessionOptions(window.next_venue, options.practice, options.executor)
    finally:
        asyncio.set_event_loop(None)
        crash.remove()
        logs.close()


def application() -> QApplication:
    """The one Qt application of this process, dressed."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    existing = QApplication.instance()
    if existing is not None and not isinstance(existing, QApplication):
        raise StartError("A Qt application without windows is running in this process already.")
    if existing is None:
        QApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        existing = QApplication(["tradedesk"])
    existing.setApplicationName("tradedesk")
    existing.setQuitOnLastWindowClosed(False)
    apply_theme(existing)
    return existing


async def _use(window: WindowSession, use: Callable[[WindowSession], Awaitable[int]]) -> int:
    _leave_on_signals(window)
    try:
        await window.open()
        # What exists now lives as long as the window; leaving it out makes later passes shorter.
        gc.collect()
        gc.freeze()
        return await use(window)
    finally:
        await window.close()
        gc.unfreeze()


def _leave_on_signals(window: WindowSession) -> None:
    """Ctrl-C and a request to terminate end the desk in order; what is open stays guarded."""
    if sys.platform == "win32":
        # The handler runs between two steps of Python code, of which the frame clock has plenty.
        signal.signal(signal.SIGINT, lambda *_: window.leave_at_once())
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, window.leave_at_once)
