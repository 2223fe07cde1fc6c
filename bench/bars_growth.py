"""How the cost of bars grows with the trades, and what memory they take at most.

Each cell is a process of its own: ``python bench/bars_growth.py CANDIDATE ROWS`` prints one as
JSON.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import bar_frames as frames
from bench import bar_peers as peers
from bench.bar_compiled import one_pass
from bench.bar_data import make_trades
from bench.timing import figure, table

from tradedesk.engine import BarSpec, TradeBatch, TradeStore, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns

SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)
NEEDED = {peers.RAW: 40, peers.STORE: 90, peers.NUMBA: 60, peers.POLARS: 120, peers.PANDAS: 150}
"""Bytes a trade that must be free for a cell to be run."""

CELL_S = 600.0
RESET_PEAK = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")
FREE = Path("/proc/meminfo")


def growth(*, quick: bool) -> None:
    """Print the tables of one-minute and of one-second bars, and that of memory."""
    sizes = SIZES[:2] if quick else SIZES
    cells: dict[str, list[dict[str, Any] | None]] = {}
    for rows in sizes:
        for name in NEEDED:
            cells.setdefault(name, []).append(_cell(name, rows))
    head = ["candidate", *(f"{rows:,} trades" for rows in sizes)]
    for text in ("1m", "1s"):
        table(
            f"How the cost of {text} bars grows: ns a trade (x memory floor)",
            head,
            [[name, *(_shown(cell, text) for cell in row)] for name, row in cells.items()],
        )
    table(
        "How memory grows: most in use, MB, of which the given columns take 20 bytes a trade",
        head,
        [[name, *(_peak(cell) for cell in row)] for name, row in cells.items()],
    )


def _shown(cell: dict[str, Any] | None, text: str) -> str:
    if cell is None:
        return "not measured"
    return f"{figure(cell[text])} ({figure(cell[text] / cell['floor'])}x)"


def _peak(cell: dict[str, Any] | None) -> str:
    return "not measured" if cell is None else figure(cell["peak_mb"])


def _cell(name: str, rows: int) -> dict[str, Any] | None:
    """One cell, or None with the reason printed."""
    needed, free = NEEDED[name] * rows, _free_memory()
    if free is not None and free < needed + 500_000_000:
        print(
            f"- {name}, {rows:,} trades: left out, it needs {needed / 1e9:.0f} GB "
            f"of memory and {free / 1e9:.0f} GB are free"
        )
        return None
    command = [sys.executable, str(Path(__file__).resolve()), name, str(rows)]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, timeout=CELL_S, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"- {name}, {rows:,} trades: left out, {error}")
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _free_memory() -> int | None:
    """Bytes that a process may still take; None where the system does not say."""
    try:
        lines = FREE.read_text().splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else None


def measure(name: str, rows: int) -> dict[str, float]:
    """Make the trades, then run one candidate; nanoseconds a trade, and the peak of the runs."""
    columns = make_trades(rows)
    batch = TradeBatch(**columns)
    floor = _median(peers.floor_of(batch), rows)
    gc.collect()
    if RESET_PEAK.exists():
        RESET_PEAK.write_text("5")  # the making of the trades took more
    found = {"floor": floor}
    for text in ("1m", "1s"):
        run = _run(name, columns, batch, text)  # one at a time: a library's frame is large
        found[text] = _median(run, rows)
        del run
    return {**found, "peak_mb": _peak_bytes() / 1e6}


def _run(name: str, columns: Columns, batch: TradeBatch, text: str) -> Callable[[], object]:
    spec = BarSpec.parse(text)
    if name == peers.RAW:
        return lambda: aggregate(batch, spec)
    if name == peers.STORE:
        store = TradeStore()
        store.append(batch)
        return lambda: store.bars(spec)
    if name == peers.NUMBA:
        loop = one_pass(peers.peer("numba"))
        return lambda: loop(columns, peers.PERIODS[text])
    if name == peers.POLARS:
        return frames.polars_trades(peers.peer("polars"), columns, text)
    return frames.pandas_trades(peers.peer("pandas"), columns, text)


def _median(run: Callable[[], object], rows: int) -> float:
    run()
    taken = []
    for _ in range(max(3, min(21, 20_000_000 // rows))):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) / rows * 1e9


def _peak_bytes() -> int:
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource  # not on Windows, where there is no such figure

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
