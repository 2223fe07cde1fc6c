"""Runs of `bench.chart_load` side by side, and the long one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.timing import Target, figure, table

SCRIPT = Path(__file__).with_name("chart_load.py")
SOAK_RATE = 10_000
KEPT_BYTES = 44
"""What the tape keeps of a trade; see `TradeStore`."""
RUNS = {
    "deque and one wake": ("10000", "--way=wake"),
    "the same, candles and volume alone": ("10000", "--way=wake", "--plain"),
    "the same as the first, newest bar the largest": ("10000", "--way=wake", "--quiet-before"),
    "a Qt signal an event": ("10000", "--way=signal"),
    "deque and one wake, 50,000": ("50000", "--way=wake"),
    "a Qt signal an event, 50,000": ("50000", "--way=signal"),
}
FIRST, PLAIN = "deque and one wake", "the same, candles and volume alone"
FAST, FAST_SIGNAL = "deque and one wake, 50,000", "a Qt signal an event, 50,000"


MOST_S = {FAST_SIGNAL: 3.0}
"""It does not keep up, and afterwards needs several times as long to take in what it was sent."""
END_S = 120.0


def run(rate: str, *options: str, seconds: float) -> dict[str, Any]:
    """One run in a process of its own.

    Raises
    ------
    subprocess.TimeoutExpired, subprocess.CalledProcessError
        If it does not end, or fails; it has said why on stderr.
    """
    command = [sys.executable, str(SCRIPT), "--rate", rate, "--seconds", str(seconds), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=seconds + END_S)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def load(*, quick: bool) -> list[Target]:
    """10,000 and 50,000 events a second with one chart at 60 frames a second."""
    seconds = 3.0 if quick else 15.0
    found = {
        name: run(*given, seconds=min(seconds, MOST_S.get(name, seconds)))
        for name, given in RUNS.items()
    }
    head = [
        *("events come by", "events/s", "tick to model, us, p50", "p99", "p99.9"),
        *(
            "window's thread",
            "us an event",
            "process",
            "frame to frame, ms, p50",
            "p99",
            "most",
            "over 50 ms",
        ),
        *("work a frame, ms, p50", "p99", "lots not in bars"),
    ]
    table("Under load, one chart at 60 frames a second", head, [_row(*x) for x in found.items()])
    share = _us_an_event(found[FAST]) / _us_an_event(found[FAST_SIGNAL])
    lost = sum(abs(each["lots_sent"] - each["lots_in_bars"]) for each in found.values())
    at = "10,000 events/s"
    return [
        *_promises(f"{at}, candles and volume", found[PLAIN]),
        *_promises(f"{at}, all on", found[FIRST]),
        Target(
            "50,000 events/s: window's thread an event at most 0.5x that of signals",
            share,
            0.5,
            False,
        ),
        Target("lots sent that are not in the bars: none", float(lost), 0, False, ""),
    ]


def _promises(where: str, found: dict[str, Any]) -> list[Target]:
    """What is promised of a chart under load."""
    p50, p99, _ = found["delay_us"]
    return [
        Target(f"{where}: tick to model, p50 at most 150 us", p50, 150, False, " us"),
        Target(f"{where}: tick to model, p99 at most 500 us", p99, 500, False, " us"),
        Target(f"{where}: window's thread at most 15%", found["window_cpu"] * 100, 15, False, "%"),
        Target(f"{where}: frame timer, p99 at most 18 ms", found["frame_ms"][1], 18, False, " ms"),
    ]


def soak(minutes: float) -> list[Target]:
    """Whether memory and frames stay as they are."""
    found = run(str(SOAK_RATE), "--way=wake", seconds=minutes * 60)
    memory = found["memory"]
    settled = next((row for row in memory if row[0] >= 60.0), memory[0])
    rows = []
    for at_s, mb, trades in (settled, *_marks(memory, settled[0])):
        kept = (trades - settled[2]) * KEPT_BYTES / 1e6
        cells = [f"{at_s / 60:.1f}", figure(mb), figure(kept), f"{mb - settled[1] - kept:+.1f}"]
        rows.append(cells)
    head = ["minute", "in RAM, MB", "more trades kept, MB", "anything else since, MB"]
    table(f"{minutes:g} minutes at {SOAK_RATE:,} events/s", head, rows)
    names = ["frames", "over 50 ms", "longest, ms", "thread busy in one, most, ms"]
    names += ["tick to model, us, p50", "p99", "lots not in bars"]
    delay = found["delay_us"]
    lost = found["lots_sent"] - found["lots_in_bars"]
    cells = [f"{found['frames']:,}", found["late_frames"]]
    cells += [figure(found[key][2]) for key in ("frame_ms", "busy_ms")]
    table("Its frames", names, [[*cells, figure(delay[0]), figure(delay[1]), lost]])
    last = memory[-1]
    beyond = last[1] - settled[1] - (last[2] - settled[2]) * KEPT_BYTES / 1e6
    return [
        Target("soak: memory beyond the trades kept: 10 MB", beyond, 10, False, " MB"),
        Target("soak: frames over 50 ms: none", float(found["late_frames"]), 0, False, ""),
        Target(
            "soak: thread busy from frame to frame: at most 50 ms",
            found["busy_ms"][2],
            50,
            False,
            " ms",
        ),
        Target("soak: lots sent that are not in the bars: none", float(abs(lost)), 0, False, ""),
    ]


def _marks(memory: list[list[float]], after_s: float) -> list[list[float]]:
    """Four moments spread over the rest, the last one among them."""
    rest = [row for row in memory if row[0] > after_s]
    return [rest[len(rest) * quarter // 4 - 1] for quarter in (1, 2, 3, 4)] if rest else []


def _us_an_event(found: dict[str, Any]) -> float:
    """Microseconds of the window's thread, painting included, by the events of the same time."""
    return float(found["window_cpu"] / found["events_s"] * 1e6)


def _row(name: str, found: dict[str, Any]) -> list[str]:
    delays = [figure(value) for value in found["delay_us"]]
    frames = [figure(value) for value in found["frame_ms"]]
    shares = [f"{found['window_cpu']:.1%}", figure(_us_an_event(found))]
    shares.append(f"{found['process_cpu']:.1%}")
    busy = [figure(value) for value in found["busy_ms"]]
    lost = str(found["lots_sent"] - found["lots_in_bars"])
    events = f"{found['events_s']:,.0f}"
    return [name, events, *delays, *shares, *frames, str(found["late_frames"]), *busy, lost]
