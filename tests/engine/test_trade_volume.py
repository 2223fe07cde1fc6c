"""The store at volume: blocks of all lengths, readers that hold views, bounded memory."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Arrivals, LiveBars, TradeBatch, TradeIntake, TradeStore, aggregate

TRADES = 5_000_000
COLUMN_BYTES, ALL_BYTES = 20, 44
ONE_COLUMN = 8


def day(rows: int) -> TradeBatch:
    """A day of trades in which equal times, empty trades and large ones occur."""
    rng = np.random.default_rng(5)
    ts_ns = 1_700_000_000 * 10**9 + np.cumsum(rng.integers(0, 40_000_000, rows) // 4 * 4)
    px = 80_000 + np.cumsum(rng.integers(-2, 3, rows, np.int32), dtype=np.int32)
    qty = rng.integers(0, 50, rows, np.int32)
    return TradeBatch(ts_ns, px, qty, qty // 3)


def blocks(rows: int) -> list[slice]:
    """From 1 to 10,000 trades, long and short ones mixed."""
    sizes = np.random.default_rng(6).choice([1, 10, 100, 1_000, 10_000], rows // 500)
    edges = np.concatenate(([0], np.cumsum(sizes)))
    within = [*edges[edges < rows].tolist(), rows]
    return [slice(a, b) for a, b in itertools.pairwise(within)]


def test_a_day_in_blocks_while_readers_hold_views() -> None:
    trades = day(TRADES)
    store = TradeStore()
    held: list[TradeBatch] = []
    for number, block in enumerate(blocks(TRADES)):
        store.append(trades[block])
        if number % 400 == 0:
            held.append(store.trades)
    assert store.trades == trades
    assert len(held) > 5
    for view in held:
        assert view.ts_ns[-1] == trades.ts_ns[len(view) - 1]
        assert int(view.qty.sum()) == int(trades.qty[: len(view)].sum())
        assert not view.qty.flags.writeable
    for text in ("1m", "1h", "500t", "10000v"):
        spec = BarSpec.parse(text)
        assert store.bars(spec) == aggregate(trades, spec)


def test_memory_per_trade_is_what_the_docstring_says() -> None:
    trades = day(300_000)
    exact = TradeStore()
    exact.reserve(len(trades))
    exact.append(trades)
    assert exact.nbytes == ALL_BYTES * len(trades) + 3 * 8
    for given in (20, 44, 80):
        assert f"{given}" in (TradeStore.__doc__ or "")
    columns = (trades.ts_ns, trades.px_ticks, trades.qty, trades.buy_qty)
    assert sum(column.itemsize for column in columns) == COLUMN_BYTES
    grown = TradeStore()
    for start in range(0, len(trades), 500):
        grown.append(trades[start : start + 500])
        # Columns grow by half once five sixths are full, one of eight bytes being there twice.
        rows = 1.5 * 6 / 5 * max(len(grown), 1_024) + 1
        assert grown.nbytes <= (ALL_BYTES + 8) * rows


@pytest.mark.parametrize("reader", [False, True], ids=["alone", "with a reader"])
def test_growing_has_one_column_twice_at_most(reader: bool) -> None:
    """What is allocated at the worst moment; views keep the old columns of trades as well."""
    trades = day(400_000)
    tracemalloc.start()
    try:
        store = TradeStore()
        store.append(trades[:-1])
        before, full = store.nbytes, len(trades) - 1
        held = store.trades if reader else None
        tracemalloc.reset_peak()
        store.append(trades[-1:])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert before < store.nbytes == pytest.approx(1.5 * before, rel=0.01)
    kept_by_readers = 0 if held is None else COLUMN_BYTES * full
    assert peak <= store.nbytes + kept_by_readers + ONE_COLUMN * full + 65_536
    assert held is None or held == trades[:-1]


def test_the_intake_takes_ids_and_busts_at_volume() -> None:
    rows = 1_000_000
    trades = day(rows)
    ids = np.arange(rows) * 3
    intake, never = TradeIntake(), TradeStore()
    for start in range(0, rows, 10_000):
        part = trades[start : start + 10_000]
        intake.take(Arrivals.of(part, ids[start : start + 10_000]))
        again = intake.take(Arrivals.of(part, ids[start : start + 10_000]))
        assert again.counts.duplicate.trades == len(part)
    specs = [BarSpec.parse(text) for text in ("1m", "5m", "1h", "500t")]
    live = LiveBars(specs)
    live.absorb(intake.store.trades)
    gone = np.arange(500_000, 500_040)
    mending = intake.bust(ids[gone])
    assert mending == (500_000, int(trades.ts_ns[500_000]))
    columns = (trades.ts_ns, trades.px_ticks, trades.qty, trades.buy_qty)
    never.append(TradeBatch(*(np.delete(column, gone) for column in columns)))
    assert intake.store.trades == never.trades
    changed = live.remake(intake.store.trades)
    for spec in specs:
        assert live.bars(spec) == never.bars(spec) == intake.store.bars(spec)
        assert 0 < changed[spec] < len(live.bars(spec))
