"""Bars of trades, bars of bars and live bars against peers.

Run it as ``python bench/bars.py [--quick]``. Trust the ratios, not the absolute times. Every peer
is checked to make the same bars before it is timed. Where a table has two versions of pandas, each
is held to the same limits.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import bar_peers as peers
from bench import bar_python as python
from bench.bar_data import Columns, as_they_come, make_trades
from bench.bars_growth import growth
from bench.bars_kinds import ingest, other_kinds
from bench.bars_live import live_bars
from bench.bars_longer import minutes_to_longer
from bench.foreign import Foreign
from bench.timing import Target, Timings, interleaved, machine, ratios, table

from tradedesk.engine import BarSpec, TradeBatch, TradeStore, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tradedesk.engine import Bars

BASES = (peers.FLOOR, peers.RAW, peers.STORE, peers.NUMBA)
PART = 10
"""Pure Python is given a tenth of the trades, and its time is counted tenfold."""


def bars_of_trades(
    found: peers.Peers, columns: Columns, text: str, *, rounds: int, budget_s: float
) -> Timings:
    """Time bars of one table of trades: ours raw and from the store, and everybody else's."""
    spec = BarSpec.parse(text)
    batch = TradeBatch(**columns)
    store = TradeStore()
    store.append(batch)
    ours = aggregate(batch, spec)
    if store.bars(spec) != ours:
        raise AssertionError("the store makes other bars than the trades")
    candidates: dict[str, Callable[[], object]] = {
        peers.FLOOR: peers.floor_of(batch),
        peers.RAW: lambda: aggregate(batch, spec),
        peers.STORE: lambda: store.bars(spec),
        **peers.trade_peers(found, columns, text, ours),
        **_pure_python(batch, columns, spec),
    }
    with _pandas_2(found, columns, text) as foreign:
        if foreign is not None:
            peers.check(peers.PANDAS_2, foreign.found[text], ours)
            candidates[peers.PANDAS_2] = foreign.candidate(text)
            other = f"{text}, our columns"
            candidates[f"{peers.PANDAS_2}, our columns"] = foreign.candidate(other)
        timings = interleaved(candidates, rounds=rounds, budget_s=budget_s)
    for name in (peers.LOOP, peers.DICTS):
        timings.scale(name, PART)
    title = f"{len(batch):,} trades to {len(ours):,} bars of {text}"
    ratios(title, timings, len(batch), BASES)
    return timings


def _pandas_2(
    found: peers.Peers, columns: Columns, text: str
) -> AbstractContextManager[Foreign | None]:
    if found.nautilus is None:
        return nullcontext()
    return Foreign(found.nautilus, "bench.foreign_pandas", columns, {"every": [text]})


def _pure_python(
    batch: TradeBatch, columns: Columns, spec: BarSpec
) -> dict[str, Callable[[], object]]:
    period = spec.period_ns or 0
    part = batch[: len(batch) // PART]
    come = as_they_come(columns).values()
    few = list(zip(*(column[: len(part)].tolist() for column in come), strict=True))
    rows = list(part.rows())
    ours: Bars = aggregate(part, spec)
    if not python.same_in_prices(ours, python.python_loop(few, period)):
        raise AssertionError("the Python loop makes other bars than the engine")
    if list(python.live_dicts(rows, [period])[period]) != ours.ts_ns.tolist():
        raise AssertionError("the dict of dataclasses has other bars than the engine")
    return {
        peers.LOOP: lambda: python.python_loop(few, period),
        peers.DICTS: lambda: python.live_dicts(rows, [period]),
    }


def minute_targets(timings: Timings) -> list[Target]:
    """Limits for minute bars of 10,000,000 trades."""
    over, ours = timings.over, peers.RAW
    least = "minute bars of raw trades: at least"
    store = "minute bars from the store:"
    return [
        Target(
            "minute bars of raw trades: at most 2.5x the floor",
            over(ours, peers.FLOOR),
            2.5,
            at_least=False,
        ),
        Target(f"{least} 7x polars", over(peers.POLARS, ours), 7),
        Target(f"{least} 20x pandas 3", over(peers.PANDAS, ours), 20),
        Target(f"{least} 20x pandas 2", over(peers.PANDAS_2, ours), 20),
        Target(f"{least} 80x the best Python loop", over(peers.LOOP, ours), 80),
        Target(
            f"{store} at most 1.3x the floor", over(peers.STORE, peers.FLOOR), 1.3, at_least=False
        ),
        Target(f"{store} faster than numba's one pass", over(peers.NUMBA, peers.STORE), 1),
    ]


def second_targets(timings: Timings) -> list[Target]:
    """Limits for one-second bars, the expensive ones: a bar costs more than its trades."""
    over, ours, least = timings.over, peers.RAW, "one-second bars of raw trades: at least"
    return [
        Target(f"{least} 3x polars", over(peers.POLARS, ours), 3),
        Target(f"{least} 6x pandas 3", over(peers.PANDAS, ours), 6),
        Target(f"{least} 6x pandas 2", over(peers.PANDAS_2, ours), 6),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run all comparisons; returns 1 if a full run missed a target."""
    parser = argparse.ArgumentParser(description="Bars against peers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the trades, fewer rounds")
    quick: bool = parser.parse_args(arguments).quick
    print("# Bars\n")
    found = peers.Peers.found()
    print(f"{machine()}, NumPy {np.__version__}, {found.versions()}")
    columns = make_trades(1_000_000 if quick else 10_000_000)
    rounds = 5 if quick else 9
    targets = minute_targets(bars_of_trades(found, columns, "1m", rounds=rounds, budget_s=90.0))
    targets += second_targets(bars_of_trades(found, columns, "1s", rounds=rounds, budget_s=90.0))
    ingest(columns, rounds=rounds)
    other_kinds(columns, rounds=rounds)
    del columns
    for rows in (3_000, 1_000_000):
        targets += minutes_to_longer(found, rows=rows, quick=quick)
    targets += live_bars(found, quick=quick)
    growth(quick=quick)
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
