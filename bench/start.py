"""From typing the command to the first candle on the screen, on the practice venue.

Run it as ``python bench/start.py [--quick]``. Each start is a fresh process with a home of its own;
the venue and the executor are started by it as for a user.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import TYPE_CHECKING

from bench.timing import figure, machine, table

if TYPE_CHECKING:
    from tradedesk.app.gui.window_session import WindowSession

MARKS = ("signed in", "first candle painted", "history and live trades joined")
DEADLINE_S = 60


def child(home: str) -> int:
    """Open the desk, say when each mark is passed, close it."""
    from PySide6.QtCore import QTimer

    from tradedesk.app.gui.desk import run_window
    from tradedesk.app.session import SessionOptions
    from tradedesk.domain.events import Phase
    from tradedesk.store.paths import home_paths

    def passed(desk: WindowSession) -> list[bool]:
        session = desk.session.state.session
        instrument = desk.window.presenter.selection.instrument
        feed = None
        if instrument is not None:
            spec = desk.window.presenter.selection.spec
            feed = desk.session.markets.chart(instrument, spec)
        return [
            session is not None and session.phase is Phase.READY,
            feed is not None and len(feed.series) > 0 and desk.window.widgets.chart.paint_ns > 0,
            feed is not None and feed.is_exact,
        ]

    async def watch(desk: WindowSession) -> int:
        seen: set[str] = set()

        def look() -> None:
            for name, is_so in zip(MARKS, passed(desk), strict=True):
                if is_so and name not in seen:
                    seen.add(name)
                    sys.stdout.write(f"{time.time_ns()} {name}\n")
                    sys.stdout.flush()
            if len(seen) == len(MARKS):
                timer.stop()
                desk.leave()

        timer = QTimer(desk.window)
        timer.timeout.connect(look)
        timer.start(5)
        look()
        return await desk.until_closed()

    return run_window(home_paths(home).create(), SessionOptions(), watch)


def start_once() -> dict[str, float]:
    """Seconds from the start of the process to each mark."""
    with tempfile.TemporaryDirectory(prefix="tradedesk-bench-") as home:
        begun = time.time_ns()
        done = subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), "--child", home],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
            timeout=DEADLINE_S,
            check=True,
        )
    passed = {}
    for line in done.stdout.splitlines():
        stamp, _, name = line.partition(" ")
        passed[name] = (int(stamp) - begun) / 1e9
    return passed


def main(arguments: list[str] | None = None) -> int:
    """Start the desk a few times and print medians."""
    parser = argparse.ArgumentParser(description="Cold start of the desk.")
    parser.add_argument("--quick", action="store_true", help="two starts")
    parser.add_argument("--child", metavar="HOME", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.child:
        return child(chosen.child)
    print(f"# Start\n\n{machine()}, offscreen, after one start to warm the disk")
    start_once()
    starts = [start_once() for _ in range(2 if chosen.quick else 7)]
    rows = [
        [name, *(figure(f([start[name] for start in starts])) for f in (min, _median, max))]
        for name in MARKS
    ]
    table("Seconds from the command", ["mark", "least", "median", "most"], rows)
    return 0


def _median(values: list[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    sys.exit(main())
