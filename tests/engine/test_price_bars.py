"""Range and renko bars: their rules, and live == batch == naive at every cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import Trade, batch_of, cuts_of, naive_bars, naive_ranges

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import Bar, LiveBars, TradeBatch, TradeStore, aggregate
from tradedesk.engine.kinds import range_bars as range_bars_module
from tradedesk.engine.kinds import renko_bars as renko_bars_module
from tradedesk.engine.kinds.range_bars import range_starts
from tradedesk.engine.live import live_bars as live_bars_module

INT32 = np.iinfo(np.int32)
SIZES = st.sampled_from([1, 2, 3, 4, 5, 8, 20])
SPECS = st.builds(lambda size, unit: BarSpec.parse(f"{size}{unit}"), SIZES, st.sampled_from("rn"))
STARTS = st.sampled_from([0, -1, 7, 80_000, -80_000, INT32.max, INT32.min])


@st.composite
def walks(draw: st.DrawFn, *, min_size: int = 0, max_size: int = 120) -> list[Trade]:
    """Prices that step, rest, jump and swing, near zero and at the ends of int32 too."""
    start = draw(STARTS)
    steps = draw(
        st.lists(
            st.one_of(st.integers(-1, 1), st.integers(-3, 3), st.integers(-60, 60)),
            min_size=min_size,
            max_size=max_size,
        )
    )
    prices = np.clip(start + np.cumsum([0, *steps])[1:], INT32.min, INT32.max).tolist()
    flow = st.tuples(st.integers(0, 2), st.integers(0, 5))
    trades = []
    ts_ns = 0
    for px in prices:
        gap, qty = draw(flow)
        ts_ns += gap
        trades.append((ts_ns, px, qty, qty // 2))
    return trades


def prices(*px: int) -> list[Trade]:
    """One lot at each price, one nanosecond apart."""
    return [(row, each, 1, 0) for row, each in enumerate(px)]


def bars_of(text: str, trades: list[Trade]) -> list[Bar]:
    return list(aggregate(batch_of(trades), BarSpec.parse(text)))


# --- equal to the naive bars ---------------------------------------------------------------------


@given(walks(), SPECS, st.integers(1, 40), st.integers(1, 5))
def test_batch_and_store_equal_naive_bars(
    trades: list[Trade], spec: BarSpec, piece: int, lane: int
) -> None:
    """However long the pieces are in which prices are worked through."""
    expected = naive_bars(trades, spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(range_bars_module, "_PIECE", piece)
        patch.setattr(range_bars_module, "_SHORTEST_LANE", lane)
        patch.setattr(range_bars_module, "_ROUNDS", lane)
        patch.setattr(range_bars_module, "_FIRST_LOOK", piece)
        patch.setattr(renko_bars_module, "_BLOCK", piece)
        bars = aggregate(batch_of(trades), spec)
        assert list(bars) == expected
    store = TradeStore()
    store.append(batch_of(trades))
    assert store.bars(spec) == bars
    assert bars.volume.sum() == sum(qty for _, _, qty, _ in trades)
    assert bars.count.sum() == len(trades)


@given(
    st.data(), walks(max_size=60), st.lists(SPECS, min_size=1, max_size=4), st.sampled_from([0, 9])
)
def test_live_equals_batch_equals_naive_at_every_cut(
    data: st.DataObject, trades: list[Trade], specs: list[BarSpec], large: int
) -> None:
    live = LiveBars(specs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_bars_module, "LARGE_BATCH", large)
        for begin, end in itertools.pairwise(data.draw(cuts_of(len(trades)))):
            before = {spec: live.bars(spec) for spec in specs}
            closed = {spec: live.closed_count(spec) for spec in specs}
            if data.draw(st.booleans()):
                assert live.absorb(batch_of(trades[begin:end])) == closed
            else:
                for trade in trades[begin:end]:
                    live.tick(*trade)
            for spec in specs:
                now = live.bars(spec)
                assert list(now) == naive_bars(trades[:end], spec)
                assert now[: closed[spec]] == before[spec][: closed[spec]]
                assert live.forming(spec) == now[len(now) - 1]
                assert live.closed_count(spec) == len(now) - 1


@pytest.mark.parametrize("size", [1, 3, 5, 20, 150])
@pytest.mark.parametrize("widest", [1, 4])
def test_many_trades(size: int, widest: int) -> None:
    """Enough trades for several pieces of many lanes."""
    rng = np.random.default_rng(size)
    px = (80_000 + rng.integers(-widest, widest + 1, 600_000).cumsum()).astype(np.int32)
    trades = [(0, each, 0, 0) for each in px.tolist()]
    lengths = [len(group) for group in naive_ranges(trades, size)]
    assert range_starts(size, px).tolist() == np.cumsum([0, *lengths[:-1]]).tolist()
    live = LiveBars([BarSpec.parse(f"{size}n")])
    batch = TradeBatch(np.arange(len(px)), px, np.ones(len(px), int), np.zeros(len(px), int))
    for row in range(0, len(px), 70_001):
        live.absorb(batch[row : row + 70_001])
    for spec in live.specs:
        assert live.bars(spec) == aggregate(batch, spec)
    head = 4_000
    expected = naive_bars(list(batch[:head].rows()), spec)
    assert list(live.bars(spec))[: len(expected) - 1] == expected[:-1]


@pytest.mark.parametrize("seed", range(6))
def test_many_small_batches(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every batch in columns, so that each state is handed from one to the next many times."""
    monkeypatch.setattr(live_bars_module, "LARGE_BATCH", 0)
    rng = np.random.default_rng(seed)
    specs = [BarSpec.parse(text) for text in ("1r", "2r", "4r", "9r", "1n", "2n", "4n", "9n")]
    px = rng.integers(-1 - seed % 3, 2 + seed % 3, 3_000).cumsum()
    qty = rng.integers(0, 4, len(px))
    batch = TradeBatch(rng.integers(0, 2, len(px)).cumsum(), px, qty, qty // 2)
    live = LiveBars(specs)
    row = 0
    while row < len(batch):
        rows = int(rng.integers(1, 30))
        live.absorb(batch[row : row + rows])
        row += rows
    for spec in specs:
        assert live.bars(spec) == aggregate(batch, spec)
        assert list(live.bars(spec)) == naive_bars(list(batch.rows()), spec)


@given(st.integers(1, 30), st.integers(1, 4), st.booleans())
def test_a_price_that_only_rises_or_falls(size: int, step: int, rises: bool) -> None:
    way = step if rises else -step
    trades = prices(*range(0, 400 * way, way))
    for unit in "rn":
        spec = BarSpec.parse(f"{size}{unit}")
        assert list(aggregate(batch_of(trades), spec)) == naive_bars(trades, spec)


# --- rules ---------------------------------------------------------------------------------------


@given(walks(min_size=1), SIZES)
def test_range_bars_are_as_long_as_they_can_be(trades: list[Trade], size: int) -> None:
    bars = aggregate(batch_of(trades), BarSpec.parse(f"{size}r"))
    high, low = bars.high.astype(int), bars.low.astype(int)
    assert (high - low <= size).all()
    first = bars.open[1:].astype(int)
    assert (np.maximum(high[:-1], first) - np.minimum(low[:-1], first) > size).all()


def test_a_jump_leaves_a_gap_between_range_bars() -> None:
    assert bars_of("4r", prices(100, 104, 101, 130, 131, 90)) == [
        Bar(0, 100, 104, 100, 101, 3, 0, 305, 3),
        Bar(3, 130, 131, 130, 131, 2, 0, 261, 2),
        Bar(5, 90, 90, 90, 90, 1, 0, 90, 1),
    ]


def test_a_brick_is_complete_when_its_line_is_reached() -> None:
    """Counting begins at 100, the first line touched; a turn needs two bricks from the close."""
    bars = bars_of("4n", prices(101, 100, 103, 104, 107, 101, 97, 96))
    assert [(bar.open, bar.high, bar.low, bar.close, bar.count) for bar in bars] == [
        (100, 104, 100, 104, 4),
        (100, 107, 96, 96, 4),
    ]
    assert bars_of("4n", prices(101, 100, 103, 104, 107, 97))[-1][1:5] == (104, 107, 97, 97)


def test_a_jump_lays_bricks_that_join() -> None:
    """What waited goes to the first brick, the trade itself to the last, the others are empty."""
    trades = [(0, 100, 1, 1), (5, 102, 2, 0), (9, 113, 7, 3), (9, 114, 1, 0), (12, 99, 5, 5)]
    assert bars_of("4n", trades) == [
        Bar(0, 100, 104, 100, 104, 3, 1, 304, 2),
        Bar(9, 104, 108, 104, 108, 0, 0, 0, 0),
        Bar(9, 108, 113, 108, 112, 7, 3, 791, 1),
        Bar(9, 108, 114, 104, 104, 1, 0, 114, 1),
        Bar(12, 104, 104, 99, 100, 5, 5, 495, 1),
    ]


def test_the_forming_brick_opens_where_the_last_one_closed() -> None:
    assert bars_of("4n", prices(101, 102)) == [Bar(0, 101, 102, 101, 102, 2, 0, 203, 2)]
    assert bars_of("4n", prices(100, 104, 106)) == [
        Bar(0, 100, 104, 100, 104, 2, 0, 204, 2),
        Bar(2, 104, 106, 104, 106, 1, 0, 106, 1),
    ]


@given(walks(min_size=1), SIZES)
def test_complete_bricks_join_and_lie_on_the_lines(trades: list[Trade], size: int) -> None:
    spec = BarSpec.parse(f"{size}n")
    live = LiveBars([spec])
    live.absorb(batch_of(trades))
    bars = live.bars(spec)
    bricks = bars[: len(bars) - live.is_forming(spec)]
    opened, closed = bricks.open.astype(int), bricks.close.astype(int)
    assert (np.abs(closed - opened) == size).all()
    assert (closed % size == 0).all()
    turns = np.sign(closed - opened)[1:] != np.sign(closed - opened)[:-1]
    assert (opened[1:] == np.where(turns, opened[:-1], closed[:-1])).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()


@given(walks(min_size=1), SIZES, st.data())
def test_a_later_beginning_gives_the_same_bricks(
    trades: list[Trade], size: int, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(trades) - 1))
    spec = BarSpec.parse(f"{size}n")

    def bricks(part: list[Trade]) -> list[tuple[int, int]]:
        live = LiveBars([spec])
        live.absorb(batch_of(part))
        bars = live.bars(spec)
        return [(bar.open, bar.close) for bar in bars[: len(bars) - live.is_forming(spec)]]

    late = bricks(trades[cut:])[1:]
    whole = bricks(trades)
    assert late == whole[len(whole) - len(late) :]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [3, 2_000])
def test_a_jump_over_too_many_bricks_is_refused_and_changes_nothing(rows: int) -> None:
    specs = [BarSpec.parse(text) for text in ("1m", "4r", "2n", "3t")]
    renko = specs[2]
    good = prices(*(100 + row % 7 for row in range(rows)))
    bad = [*prices(*(100 + row % 7 for row in range(rows))), (rows, 300_000, 1, 0)]
    said = "300000.* lays 1499.. renko bricks of 2 ticks at once, 100000 allowed"
    with pytest.raises(BatchError, match=f"px_ticks row {rows} is {said}"):
        aggregate(batch_of(bad), renko)
    live = LiveBars(specs)
    live.absorb(batch_of(good))
    before = [live.bars(spec) for spec in specs]
    shifted = [(ts_ns + rows, *rest) for ts_ns, *rest in bad]
    with pytest.raises(BatchError, match=f"px_ticks row {rows} is {said}"):
        live.absorb(TradeBatch(*zip(*shifted, strict=True)))
    with pytest.raises(BatchError, match=f"px_ticks {said}"):
        live.tick(rows, 300_000, 1, 0)
    assert [live.bars(spec) for spec in specs] == before
    live.tick(rows, 100_000, 1, 0)
    assert live.totals.count == rows + 1
    assert live.bars(renko).count.sum() == rows + 1


def test_more_bricks_than_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renko_bars_module, "MOST_BRICKS", 99)
    assert len(bars_of("1n", prices(0, 99))) == 99
    with pytest.raises(BatchError, match="100 renko bricks of 1 ticks are too many"):
        bars_of("1n", prices(0, 100))


# --- the newest bar ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "px", "forming"),
    [
        ("3t", (1, 2), True),
        ("3t", (1, 2, 3), False),
        ("3v", (1, 2), True),
        ("3v", (1, 2, 3), False),
        ("3r", (1, 4), True),
        ("3r", (1, 5), True),
        ("3n", (1, 2), True),
        ("3n", (1, 3, 6), False),
        ("3n", (1, 3, 6, 6), True),
        ("3n", (1, 3, 17), False),
    ],
)
@pytest.mark.parametrize("large", [0, 768])
def test_whether_the_newest_bar_is_forming(
    text: str, px: tuple[int, ...], forming: bool, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_bars_module, "LARGE_BATCH", large)
    spec = BarSpec.parse(text)
    live = LiveBars([spec])
    assert not live.is_forming(spec)
    live.absorb(batch_of(prices(*px)))
    assert live.is_forming(spec) is forming
    assert live.is_forming(spec, 10**18) is forming


@given(walks(max_size=30), SPECS | st.sampled_from([BarSpec.parse("2t"), BarSpec.parse("5v")]))
def test_the_next_trade_leaves_a_complete_bar_alone(trades: list[Trade], spec: BarSpec) -> None:
    live = LiveBars([spec])
    for trade in trades:
        newest, forming = live.forming(spec), live.is_forming(spec)
        rows = live.closed_count(spec)
        live.tick(*trade)
        if newest is not None and not forming:
            assert live.bars(spec)[rows] == newest


def test_the_clock_ends_a_time_bar() -> None:
    minute = BarSpec.parse("1m")
    live = LiveBars([minute, BarSpec.parse("1mo")])
    live.tick(61_000_000_000, 5, 1, 0)
    assert live.is_forming(minute)
    assert live.is_forming(minute, 119_999_999_999)
    assert not live.is_forming(minute, 120_000_000_000)
    assert live.is_forming(BarSpec.parse("1mo"), 120_000_000_000)
    assert not live.is_forming(BarSpec.parse("1mo"), 31 * 86_400 * 10**9)
