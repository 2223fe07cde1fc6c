"""``tradedesk demo``: a scripted session in the real desk against the real practice venue."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tradedesk.app.executor_mode import executor_mode
from tradedesk.app.gui.demo_report import DemoReport
from tradedesk.app.gui.demo_script import DemoScript
from tradedesk.app.gui.desk import run_window
from tradedesk.app.practice_process import PracticeOptions
from tradedesk.app.session import SessionOptions
from tradedesk.domain.errors import StartError
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession

log = logging.getLogger(__name__)

FAILED = 1


def run_demo(out: Path, seed: int) -> int:
    """Play the demo.

    Parameters
    ----------
    out : Path
        Folder for screenshots and ``report.json``; made if missing.
    seed : int
        Market of the practice venue.

    Returns
    -------
    int
        0 only if every step was seen to happen.

    Raises
    ------
    StartError
        If the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"{out} cannot be made ({error.strerror}): give another --out.") from None
    report = DemoReport(out, seed)
    # A home of its own: a demo never meets the orders, settings or window of its user.
    home = Path(tempfile.mkdtemp(prefix="tradedesk-demo-"))

    async def play(window: WindowSession) -> int:
        script = DemoScript(window, report)
        await script.play()
        return 0 if report.passed else FAILED

    try:
        options = SessionOptions(practice=PracticeOptions(seed=seed), executor=executor_mode())
        code = run_window(home_paths(home).create(), options, play)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        report.write()
    sys.stdout.write(report.text() + "\n")
    return code
