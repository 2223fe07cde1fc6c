"""The window under load: ``python bench/chart_load.py --rate 10000 --seconds 10``.

A process of its own for every run. The window's loop, market thread, market desk, chart feed, frame
clock and chart are the product's; a made-up market takes the place of the venue's hubs. The answer
is one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("QT_API", "pyside6")
if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from bench.load_window import LoadWindow, Way

from tradedesk.app.gui.desk import application
from tradedesk.app.gui.garbage import GarbageRounds
from tradedesk.app.gui.loop import DeskLoop

LATE_FRAME_MS = 50.0
SAMPLE_S = 5.0
STATM = Path("/proc/self/statm")


async def measure(window: LoadWindow, seconds: float) -> dict[str, Any]:
    """One run; see `report` for what comes back."""
    await window.open()
    gc.collect()
    gc.freeze()
    window.forget()
    trades = window.source.trades
    thread_s, process_s, began_s = time.thread_time(), time.process_time(), time.perf_counter()
    memory: list[tuple[float, float, int]] = []
    while (passed_s := time.perf_counter() - began_s) < seconds:
        memory.append((passed_s, resident_mb(), window.kept))
        await asyncio.sleep(min(SAMPLE_S, seconds - passed_s))
    wall_s = time.perf_counter() - began_s
    memory.append((wall_s, resident_mb(), window.kept))
    found = report(window, wall_s)
    found["window_cpu"] = (time.thread_time() - thread_s) / wall_s
    found["process_cpu"] = (time.process_time() - process_s) / wall_s
    found["events_s"] = 2 * (window.source.trades - trades) / wall_s
    found["memory"] = memory
    found["lots_sent"], found["lots_in_bars"] = await window.close()
    return found


def report(window: LoadWindow, wall_s: float) -> dict[str, Any]:
    """Microseconds from tick to model; milliseconds of frames, distances, work and busy time."""
    delays = np.array(window.delays_ns) / 1e3
    gaps = np.diff(np.array(window.frames_ns)) / 1e6
    works = np.array(window.works_ns) / 1e6
    busy = np.diff(np.array(window.busy_ns)) / 1e6
    return {
        "delay_us": [float(np.percentile(delays, q)) for q in (50, 99, 99.9)],
        "frame_ms": [float(np.percentile(gaps, q)) for q in (50, 99, 100)],
        "work_ms": [float(np.percentile(works, q)) for q in (50, 99, 100)],
        "busy_ms": [float(np.percentile(busy, q)) for q in (50, 99, 100)],
        "late_frames": int((gaps > LATE_FRAME_MS).sum()),
        "frames": len(gaps),
        "messages_s": len(delays) / wall_s,
    }


def resident_mb() -> float:
    """Memory of this process that is in RAM; where that cannot be read, the most it ever was."""
    if STATM.exists():
        return int(STATM.read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> int:
    """Run once and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rate", type=float, default=10_000.0, help="events a second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--way", choices=("wake", "signal"), default="wake")
    parser.add_argument("--quiet-before", action="store_true", help="smaller bars in history")
    parser.add_argument("--plain", action="store_true", help="candles and volume alone")
    chosen = parser.parse_args()
    loop = DeskLoop(application())
    asyncio.set_event_loop(loop)
    with loop, GarbageRounds(loop):
        way = cast("Way", chosen.way)
        window = LoadWindow(chosen.rate, way, quiet_before=chosen.quiet_before, plain=chosen.plain)
        found = loop.run_until_complete(measure(window, chosen.seconds))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
