"""Live bars: equal to batch and naive bars at every cut of the stream."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import (
    ALL_SPECS,
    HOUR,
    SECOND,
    Trade,
    batch_of,
    cuts_of,
    naive_bars,
    tapes,
)

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError, BatchError
from tradedesk.engine import Bars, LiveBars, TradeBatch, aggregate
from tradedesk.engine.hours.time_grid import TimeGrid
from tradedesk.engine.live import live_bars as live_bars_module
from tradedesk.engine.live.nested_track import nest

SPEC_SETS = st.lists(st.sampled_from(ALL_SPECS), min_size=1, max_size=9)


@given(
    st.data(),
    tapes(max_size=50),
    SPEC_SETS,
    st.sampled_from([0, -2 * HOUR]),
    st.sampled_from([0, 3, 2_048]),
)
def test_live_equals_batch_equals_naive_at_every_cut(
    data: st.DataObject, trades: list[Trade], specs: list[BarSpec], offset: int, large: int
) -> None:
    """Single trades, small and large batches, in any order of kinds."""
    live = LiveBars(specs, offset)
    cuts = data.draw(cuts_of(len(trades)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_bars_module, "LARGE_BATCH", large)
        for begin, end in itertools.pairwise(cuts):
            before = {spec: live.bars(spec) for spec in specs}
            if data.draw(st.booleans()):
                changed = live.absorb(batch_of(trades[begin:end]))
            else:
                changed = {spec: live.closed_count(spec) for spec in specs}
                for trade in trades[begin:end]:
                    live.tick(*trade)
            assert set(changed) == set(specs)
            for spec in specs:
                now = live.bars(spec)
                assert list(now) == naive_bars(trades[:end], spec, offset)
                assert now == aggregate(batch_of(trades[:end]), spec, offset)
                first = changed[spec]
                assert now[:first] == before[spec][:first]
                assert live.bars(spec, first) == now[first:]
                assert live.forming(spec) == now[len(now) - 1]
                assert live.closed_count(spec) == len(now) - 1


def test_no_lot_is_lost_in_a_burst() -> None:
    """Four hundred trades at one instant, then two hundred thousand within seconds."""
    specs = [BarSpec.parse(text) for text in ("1s", "1m", "1d", "500t", "1000v")]
    rng = np.random.default_rng(11)
    rows = 200_000
    ts_ns = np.concatenate([np.full(400, SECOND), SECOND + rng.integers(0, 40_000, rows).cumsum()])
    qty = rng.geometric(0.4, rows + 400)
    px = 80_000 + rng.integers(-1, 2, rows + 400).cumsum()
    batch = TradeBatch(ts_ns, px, qty, qty)
    live = LiveBars(specs)
    for begin in range(0, len(batch), 777):
        live.absorb(batch[begin : begin + 777])
    for spec in specs:
        assert live.bars(spec).volume.sum() == qty.sum()
        assert live.bars(spec) == aggregate(batch, spec)
    assert live.totals.volume == qty.sum()
    assert live.totals.count == len(batch)


@pytest.mark.parametrize("rows", [1, 5, 3_000])
def test_an_older_batch_is_refused_and_changes_nothing(rows: int) -> None:
    spec = BarSpec.parse("1m")
    live = LiveBars([spec])
    live.absorb(batch_of([(100, 5, 1, 0), (200, 6, 1, 1)]))
    before = live.bars(spec)
    late = TradeBatch(np.full(rows, 199), np.full(rows, 7), np.full(rows, 1), np.full(rows, 0))
    with pytest.raises(BatchError, match=r"199 is older than the newest one \(200\)"):
        live.absorb(late)
    with pytest.raises(BatchError, match="199"):
        live.tick(199, 7, 1, 0)
    assert live.bars(spec) == before
    assert live.totals.count == 2
    live.tick(200, 7, 1, 0)
    assert live.totals.count == 3


def test_before_the_first_trade() -> None:
    spec = BarSpec.parse("1m")
    live = LiveBars([spec])
    assert live.forming(spec) is None
    assert live.bars(spec) == Bars.empty()
    assert live.absorb(TradeBatch.empty()) == {}
    live.tick(7, 1, 1, 0)
    assert live.forming(spec) == (0, 1, 1, 1, 1, 1, 0, 1, 1)


def test_sizes_that_are_not_kept_are_named() -> None:
    live = LiveBars([BarSpec.parse("1m"), BarSpec.parse("5m"), BarSpec.parse("1m")])
    assert list(map(str, live.specs)) == ["1m", "5m"]
    with pytest.raises(BarSpecError, match="No live bars of 7m are kept: ask for one of 1m, 5m"):
        live.bars(BarSpec.parse("7m"))


def test_eight_usual_sizes_share_one_chain() -> None:
    specs = [BarSpec.parse(text) for text in ["1d", "1s", "5s", "15s", "1m", "5m", "15m", "1h"]]
    chains = nest([TimeGrid(spec) for spec in specs])
    assert [[str(grid.spec) for grid in chain] for chain in chains] == [
        ["1s", "5s", "15s", "1m", "5m", "15m", "1h", "1d"]
    ]
    odd = nest([TimeGrid(BarSpec.parse(text)) for text in ["1m", "3m", "5m", "1d", "1w", "1mo"]])
    assert [[str(grid.spec) for grid in chain] for chain in odd] == [
        ["1m", "3m", "1d", "1w"],
        ["5m", "1mo"],
    ]
