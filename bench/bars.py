"""Bars of trades, bars of bars and live bars against peers.

Run it as ``python bench/bars.py [--quick]``. Trust the ratios, not the absolute times. Every
pure Python peer is checked to make the same bars before it is timed.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import bar_peers as peers
from bench.timing import Target, Timings, figure, interleaved, machine, table

from tradedesk.engine import Bars, BarSpec, LiveBars, TradeBatch, TradeStore, aggregate, resample

if TYPE_CHECKING:
    from collections.abc import Callable

ONE_MINUTE = BarSpec.parse("1m")
LONGER = {"5m": 5, "15m": 15, "1h": 60, "1d": 1_440}
LIVE = [BarSpec.parse(text) for text in ("1s", "5s", "15s", "1m", "5m", "15m", "1h", "1d")]
FLOOR, RAW, STORE, LOOP = "memory floor", "ours, raw trades", "ours, from the store", "Python loop"
POLARS, PANDAS, DICTS = "polars", "pandas", "dict and dataclass"


def _trade_peers(
    pd: Any, pl: Any, columns: dict[str, Any], every: str
) -> dict[str, Callable[[], object]]:
    """The libraries, on the columns as they come and on our integer ones."""
    candidates: dict[str, Callable[[], object]] = {}
    if pl is not None:
        candidates[POLARS] = peers.polars_trades(pl, columns, every)
        candidates[f"{POLARS}, our columns"] = peers.polars_integers(pl, columns, every)
    if pd is not None:
        candidates[PANDAS] = peers.pandas_trades(pd, columns, every)
        candidates[f"{PANDAS}, our columns"] = peers.pandas_integers(pd, columns, every)
    return candidates


def trades_to_minutes(pd: Any, pl: Any, *, quick: bool) -> list[Target]:
    """Minute bars of many trades, raw and from the store."""
    rows = 1_000_000 if quick else 10_000_000
    columns = peers.make_trades(rows)
    batch = TradeBatch(**columns)
    store = TradeStore()
    store.append(batch)
    part = batch[: rows // 10]
    come = peers.as_they_come(columns).values()
    few = list(zip(*(column[: len(part)].tolist() for column in come), strict=True))
    if not peers.same_in_prices(aggregate(part, ONE_MINUTE), peers.python_loop(few, peers.MINUTE)):
        raise AssertionError("the Python loop makes other bars than the engine")
    if store.bars(ONE_MINUTE) != aggregate(batch, ONE_MINUTE):
        raise AssertionError("the store makes other bars than the trades")
    timings = interleaved(
        {
            FLOOR: peers.floor_of(batch),
            RAW: lambda: aggregate(batch, ONE_MINUTE),
            STORE: lambda: store.bars(ONE_MINUTE),
            LOOP: lambda: peers.python_loop(few, peers.MINUTE),
            **_trade_peers(pd, pl, columns, "1m"),
        },
        rounds=5 if quick else 9,
        budget_s=60.0,
    )
    timings.seconds[LOOP] = [seconds * 10 for seconds in timings.seconds[LOOP]]
    title = f"{rows:,} trades to {len(store.bars(ONE_MINUTE)):,} minute bars"
    _print_ratios(title, timings, rows, (FLOOR, RAW, STORE))
    floor = _over(timings, RAW, FLOOR)
    return [
        Target("minute bars of raw trades: at most 3x the floor", floor, 3, at_least=False),
        Target("at least 7x polars", _over(timings, POLARS, RAW), 7),
        Target("at least 20x pandas", _over(timings, PANDAS, RAW), 20),
        Target("at least 80x the best Python loop", _over(timings, LOOP, RAW), 80),
        Target(
            "from the store: at most 1.3x the floor",
            _over(timings, STORE, FLOOR),
            1.3,
            at_least=False,
        ),
    ]


def seconds_of_trades(pd: Any, pl: Any, *, quick: bool) -> list[Target]:
    """One-second bars, the expensive ones: a bar costs more than its twenty trades."""
    rows = 1_000_000 if quick else 10_000_000
    columns = peers.make_trades(rows)
    batch = TradeBatch(**columns)
    spec = BarSpec.parse("1s")
    timings = interleaved(
        {RAW: lambda: aggregate(batch, spec), **_trade_peers(pd, pl, columns, "1s")},
        rounds=3 if quick else 5,
        budget_s=30.0,
    )
    title = f"{rows:,} trades to {len(aggregate(batch, spec)):,} one-second bars"
    _print_ratios(title, timings, rows, (RAW,))
    return [
        Target("one-second bars: at least 3x polars", _over(timings, POLARS, RAW), 3),
        Target("at least 6x pandas", _over(timings, PANDAS, RAW), 6),
    ]


def minutes_to_longer(pd: Any, pl: Any, *, rows: int, quick: bool) -> list[Target]:
    """Minute bars to longer ones; the worst of the sizes counts."""
    minutes = peers.make_minutes(rows)
    bars = Bars(**minutes)
    few = {name: column[:100_000] for name, column in minutes.items()}
    objects = peers.minute_objects(few)
    scale = rows / len(objects)
    worst: dict[str, float] = {}
    cells = []
    for text, size in LONGER.items():
        spec = BarSpec.parse(text)
        naive = peers.python_resample(objects, size)
        ours = resample(bars[: len(objects)], spec)
        if [bar.high for bar in naive] != ours.high.tolist():
            raise AssertionError("the Python version makes other bars than the engine")
        candidates: dict[str, Callable[[], object]] = {
            "ours": partial(resample, bars, spec),
            "Python": partial(peers.python_resample, objects, size),
        }
        if pl is not None:
            candidates["polars"] = peers.polars_resample(pl, minutes, size)
        if pd is not None:
            candidates["pandas"] = peers.pandas_resample(pd, minutes, size)
        timings = interleaved(candidates, rounds=11 if quick else 41, budget_s=4.0)
        timings.seconds["Python"] = [seconds * scale for seconds in timings.seconds["Python"]]
        names = [name for name in timings.seconds if name != "ours"]
        ratios = {name: timings.ratio(name, "ours") for name in names}
        worst = {name: min(ratio, worst.get(name, ratio)) for name, ratio in ratios.items()}
        shown = [f"{figure(timings.median(n) * 1e3)} ({figure(ratios[n])}x)" for n in names]
        cells.append([text, figure(timings.median("ours") * 1e3), *shown])
    head = ["to", "ours, ms", *(f"{name}, ms (x ours)" for name in worst)]
    table(f"{rows:,} minute bars to longer ones", head, cells)
    what = f"{rows:,} minute bars to any size"
    if rows > 100_000:
        return [
            Target(f"{what}: at least 50x Python", worst["Python"], 50),
            Target("at least 2.5x pandas", worst.get("pandas"), 2.5),
        ]
    return [
        Target(f"{what}: at least 30x Python", worst["Python"], 30),
        Target("at least 12x pandas", worst.get("pandas"), 12),
        Target("at least 3x polars", worst.get("polars"), 3),
    ]


def live_bars(*, quick: bool) -> list[Target]:
    """Eight sizes kept current, trade by trade."""
    rows = 65_536
    columns = peers.make_trades(rows, per_second=10_000)
    columns["ts_ns"] = columns["ts_ns"] + np.arange(rows) // 4_096 * 20 * peers.NS
    batch = TradeBatch(**columns)
    trades = list(batch.rows())
    periods = [spec.period_ns or 0 for spec in LIVE]

    def ticks() -> LiveBars:
        live = LiveBars(LIVE)
        tick = live.tick
        for ts_ns, px, qty, buy in trades:
            tick(ts_ns, px, qty, buy)
        return live

    def batches(size: int) -> LiveBars:
        live = LiveBars(LIVE)
        for start in range(0, rows, size):
            live.absorb(batch[start : start + size])
        return live

    slots = peers.live_slots(trades, periods)
    for spec in LIVE:
        made = ticks().bars(spec)
        if not peers.same(made, slots[spec.period_ns or 0]) or batches(256).bars(spec) != made:
            raise AssertionError("the live versions make different bars")
    ours = "ours, one trade a call"
    timings = interleaved(
        {
            ours: ticks,
            "ours, batches of 256": lambda: batches(256),
            "ours, batches of 4,096": lambda: batches(4_096),
            DICTS: lambda: peers.live_dicts(trades, periods),
            "slots objects": lambda: peers.live_slots(trades, periods),
        },
        rounds=5 if quick else 11,
        budget_s=20.0,
    )
    _print_ratios("8 sizes kept live", timings, rows, (ours,))
    return [
        Target("live: at least 12x dict and dataclass", _over(timings, DICTS, ours), 12),
        Target("at least 4x slots objects", _over(timings, "slots objects", ours), 4),
    ]


def _over(timings: Timings, slow: str, fast: str) -> float | None:
    return timings.ratio(slow, fast) if slow in timings else None


def _print_ratios(title: str, timings: Timings, rows: int, against: tuple[str, ...]) -> None:
    cells = [
        [name, figure(timings.median(name) / rows * 1e9)]
        + [figure(timings.ratio(name, base)) for base in against]
        for name in timings.seconds
    ]
    table(title, ["candidate", "ns a trade", *(f"x {base}" for base in against)], cells)


def main(arguments: list[str] | None = None) -> int:
    """Run all comparisons; returns 1 if a full run missed a target."""
    parser = argparse.ArgumentParser(description="Bars against peers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the trades, fewer rounds")
    quick: bool = parser.parse_args(arguments).quick
    print(f"# Bars\n\n{machine()}, NumPy {np.__version__}")
    pl, pd = peers.peer("polars"), peers.peer("pandas")
    targets = trades_to_minutes(pd, pl, quick=quick)
    targets += seconds_of_trades(pd, pl, quick=quick)
    targets += minutes_to_longer(pd, pl, rows=3_000, quick=quick)
    if not quick:
        targets += minutes_to_longer(pd, pl, rows=1_000_000, quick=quick)
    targets += live_bars(quick=quick)
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
