"""Eight sizes kept current, trade by trade, against plain Python and two other products."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
from bench import bar_peers as peers
from bench import bar_python as python
from bench.bar_data import NS, Columns, make_trades
from bench.foreign import Foreign
from bench.timing import Target, interleaved, ratios

from tradedesk.engine import BarSpec, LiveBars, TradeBatch

if TYPE_CHECKING:
    from collections.abc import Callable

LIVE = [BarSpec.parse(text) for text in ("1s", "5s", "15s", "1m", "5m", "15m", "1h", "1d")]
OURS, SLOTS = "ours, one trade a call", "slots objects"
NAUTILUS, PROJECT_X = "nautilus_trader, 8 bar aggregators", "project-x-py, 8 sizes"
ROWS = 65_536
FEW = 256
"""Trades that project-x-py is given in a round; its time is counted for all."""


def live_bars(found: peers.Peers, *, quick: bool) -> list[Target]:
    """Time one trade a call and batches; each candidate is checked against the same bars."""
    columns = make_trades(ROWS, per_second=10_000)
    columns["ts_ns"] = columns["ts_ns"] + np.arange(ROWS) // 4_096 * 20 * NS
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
        for start in range(0, ROWS, size):
            live.absorb(batch[start : start + size])
        return live

    slots = python.live_slots(trades, periods)
    for spec in LIVE:
        made = ticks().bars(spec)
        if not python.same(made, slots[spec.period_ns or 0]) or batches(256).bars(spec) != made:
            raise AssertionError("the live versions make different bars")
    candidates: dict[str, Callable[[], object]] = {
        OURS: ticks,
        "ours, batches of 256": lambda: batches(256),
        "ours, batches of 4,096": lambda: batches(4_096),
        peers.DICTS: lambda: python.live_dicts(trades, periods),
        SLOTS: lambda: python.live_slots(trades, periods),
    }
    with ExitStack() as stack:
        kept = _others(found, stack, candidates, columns, ticks())
        timings = interleaved(candidates, rounds=5 if quick else 11, budget_s=40.0)
    timings.scale(PROJECT_X, ROWS / FEW)
    ratios(f"8 sizes kept live, {ROWS:,} trades", timings, ROWS, (OURS,))
    print(kept)
    return [
        Target("live: at least 12x dict and dataclass", timings.over(peers.DICTS, OURS), 12),
        Target("live: at least 4x slots objects", timings.over(SLOTS, OURS), 4),
        Target("live: at least 4x nautilus_trader", timings.over(NAUTILUS, OURS), 4),
        Target("live: at least 5,000x project-x-py", timings.over(PROJECT_X, OURS), 5_000),
    ]


def _others(
    found: peers.Peers,
    stack: ExitStack,
    candidates: dict[str, Callable[[], object]],
    columns: Columns,
    ours: LiveBars,
) -> str:
    """Add the products that have environments of their own; says what they did with the lots."""
    said = ["\nEvery lot fed is in ours and in both Python versions."]
    if found.nautilus is not None:
        other = stack.enter_context(Foreign(found.nautilus, "bench.foreign_nautilus", columns))
        _same_lots(other.found["lots"], ours)
        candidates[NAUTILUS] = other.candidate("live")
        said.append(
            f"nautilus_trader {other.found['version']}: the same volume in all bars that it "
            "closed; its trade objects were made beforehand and are not counted."
        )
    if found.project_x is not None:
        few = {name: column[:FEW] for name, column in columns.items()}
        other = stack.enter_context(Foreign(found.project_x, "bench.foreign_project_x", few))
        candidates[PROJECT_X] = other.candidate("live")
        lots = other.found
        said.append(
            f"project-x-py {lots['version']}, without its limit of one trade a millisecond: of "
            f"{lots['fed']} lots {lots['eight sizes, no limit']} are in its minute bars; as "
            f"published and with minute bars alone {lots['one size, as published']}."
        )
    return " ".join(said)


def _same_lots(lots: dict[str, Any], ours: LiveBars) -> None:
    for text, (until_ns, volume) in lots.items():
        spec = BarSpec.parse(text)
        bars = ours.bars(spec)
        closed = bars.ts_ns + (spec.period_ns or 0) <= until_ns
        if int(bars.volume[closed].sum()) != volume:
            raise AssertionError(f"nautilus_trader has other volumes in its {text} bars")
