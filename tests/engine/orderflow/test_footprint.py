"""Footprints: live, batch and naive the same; imbalances, stacks and auctions by their rules."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import (
    ALL_SPECS,
    COUNT_SPECS,
    HOUR,
    MINUTE,
    SECOND,
    TIME_SPECS,
    Trade,
    batch_of,
    cuts_of,
    tapes,
)
from tests.engine.naive_hours import HOURS as SOME_HOURS
from tests.engine.naive_hours import tapes_in
from tests.engine.orderflow.naive_flow import (
    NaiveBar,
    bars_of,
    naive_footprint,
    naive_poc,
    naive_rows,
    rows_of,
)

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.errors import BarSpecError, BatchError, InputError
from tradedesk.engine import (
    Footprint,
    LiveBars,
    LiveFootprint,
    TradeBatch,
    TradingHours,
    VolumeProfile,
    aggregate,
    developing_profile,
    footprint,
    imbalances,
    stacked_imbalances,
)
from tradedesk.engine.orderflow import live_footprint, tally

SPECS = st.sampled_from(TIME_SPECS + COUNT_SPECS)
WITH_FOOTPRINT = [spec for spec in ALL_SPECS if spec.unit is not BarUnit.RENKO]
HOURS = st.one_of(SOME_HOURS, st.just(0))
OFFSETS = st.sampled_from([0, -2 * HOUR])
CLOSE_PRICES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-4, 4), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=60,
)  # minute, price, bought, sold


@given(
    st.data(),
    tapes(max_size=60),
    SPECS,
    OFFSETS,
    st.sampled_from([0, 3, 2_048]),
    st.sampled_from([1, 5, tally.PIECE]),
)
def test_live_equals_batch_equals_naive_at_every_cut(
    data: st.DataObject, trades: list[Trade], spec: BarSpec, offset: int, large: int, piece: int
) -> None:
    live, bars = LiveFootprint(spec, offset), LiveBars([spec], offset)
    cuts = data.draw(cuts_of(len(trades)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_footprint, "LARGE_BATCH", large)
        patch.setattr(tally, "PIECE", piece)
        for begin, end in itertools.pairwise(cuts):
            before = live.footprint()
            part = batch_of(trades[begin:end])
            if data.draw(st.booleans()):
                changed = live.absorb(part)
            else:
                changed = live.closed_count()
                for trade in trades[begin:end]:
                    live.tick(*trade)
            bars.absorb(part)
            now = live.footprint()
            assert now == footprint(batch_of(trades[:end]), spec, offset)
            assert bars_of(now) == naive_footprint(trades[:end], spec, offset)
            assert now[:changed] == before[:changed]
            assert live.footprint(changed) == now[changed:]
            assert live.forming() == now[len(now) - 1 :]
            assert len(live) == len(now) == live.closed_count() + 1
            assert now.ts_ns.tolist() == bars.bars(spec).ts_ns.tolist()
            volumes = np.add.reduceat(now.volume, now.offsets[:-1])
            assert volumes.tolist() == bars.bars(spec).volume.tolist()


@given(tapes(min_size=2, max_size=40), SPECS, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_many_small_batches_as_arrays(trades: list[Trade], spec: BarSpec, sizes: list[int]) -> None:
    """Bars that go on over several batches, all of them by the array path."""
    live = LiveFootprint(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_footprint, "LARGE_BATCH", 0)
        begin = 0
        for size in itertools.cycle(sizes):
            live.absorb(batch_of(trades[begin : begin + size]))
            begin += size
            if begin >= len(trades):
                break
    assert bars_of(live.footprint()) == naive_footprint(trades, spec)


@pytest.mark.parametrize("text", ["1t", "7t", "3v", "10v", "1m"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 10])
def test_bars_end_in_any_place_of_a_batch(
    text: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_footprint, "LARGE_BATCH", 0)
    trades = [(n * 7 * SECOND, n % 4, n % 3, n % 2 * (n % 3)) for n in range(60)]
    spec = BarSpec.parse(text)
    live = LiveFootprint(spec)
    for begin in range(0, len(trades), size):
        live.absorb(batch_of(trades[begin : begin + size]))
        assert bars_of(live.footprint()) == naive_footprint(trades[: begin + size], spec)


@given(tapes(min_size=1, max_size=60), SPECS, st.integers(1, 5))
def test_what_a_footprint_tells_of_its_bars(trades: list[Trade], spec: BarSpec, ticks: int) -> None:
    whole = footprint(batch_of(trades), spec)
    naive = naive_footprint(trades, spec)
    assert whole.points_of_control().tolist() == [naive_poc(bar.rows) for bar in naive]
    lows, highs = whole.unfinished()
    both = [[0 < buy < volume for volume, buy, _ in bar.rows.values()] for bar in naive]
    assert lows.tolist() == [row[0] for row in both]
    assert highs.tolist() == [row[-1] for row in both]
    assert whole.profile() == VolumeProfile.of(batch_of(trades))
    assert len(whole.profile(0, 0)) == 0
    first = sum(count for _, _, count in naive[0].rows.values())
    assert rows_of(whole.profile(1)) == naive_rows(trades[first:])
    rows = whole.grouped(ticks)
    assert rows.profile() == VolumeProfile.of(batch_of(trades), ticks)
    assert [bar.delta for bar in bars_of(rows)] == [bar.delta for bar in naive]
    assert rows.grouped(2 * ticks) == whole.grouped(2 * ticks)
    assert Footprint.concat([whole[:1], Footprint.empty(), whole[1:]]) == whole


def minutes_of(pairs: list[tuple[int, int, int, int]]) -> TradeBatch:
    trades = [(minute * MINUTE, px, buy + sell, buy) for minute, px, buy, sell in sorted(pairs)]
    return batch_of(trades)


def naive_imbalances(
    bar: NaiveBar, ticks: int, ratio: Fraction, minimum: int, against_zero: bool
) -> tuple[list[int], list[int]]:
    """Prices where buyers and where sellers overran, one by one."""
    rows = bar.rows
    nothing = (0, 0, 0)
    found: tuple[list[int], list[int]] = ([], [])
    for px in rows:
        ask, below = rows[px][1], rows.get(px - ticks, nothing)
        bid, above = rows[px][0] - ask, rows.get(px + ticks, nothing)
        sold = below[0] - below[1]
        if px > min(rows) and ask >= minimum and ask >= ratio * sold and (sold or against_zero):
            found[0].append(px)
        bought = above[1]
        if px < max(rows) and bid >= minimum and bid >= ratio * bought and (bought or against_zero):
            found[1].append(px)
    return found


def naive_stacks(prices: list[int], ticks: int, least: int) -> list[tuple[int, int]]:
    runs: list[list[int]] = []
    for px in prices:
        if runs and runs[-1][-1] == px - ticks:
            runs[-1].append(px)
        else:
            runs.append([px])
    return [(run[0], run[-1] + ticks - 1) for run in runs if len(run) >= least]


@given(
    CLOSE_PRICES,
    st.integers(1, 2),
    st.fractions(1, 5, max_denominator=4),
    st.integers(1, 6),
    st.booleans(),
    st.integers(1, 3),
)
def test_imbalances_and_stacks(
    pairs: list[tuple[int, int, int, int]],
    ticks: int,
    ratio: Fraction,
    minimum: int,
    against_zero: bool,
    least: int,
) -> None:
    whole = footprint(minutes_of(pairs), BarSpec.parse("1m")).grouped(ticks)
    found = imbalances(whole, ratio, minimum, against_zero)
    stacked = list(
        zip(*(column.tolist() for column in stacked_imbalances(whole, found, least)), strict=True)
    )
    expected = []
    for number, bar in enumerate(bars_of(whole)):
        rows = slice(whole.offsets[number], whole.offsets[number + 1])
        buys, sells = naive_imbalances(bar, ticks, ratio, minimum, against_zero)
        assert whole.px_ticks[rows][found.buy[rows]].tolist() == buys
        assert whole.px_ticks[rows][found.sell[rows]].tolist() == sells
        for is_buy, prices in ((True, buys), (False, sells)):
            expected += [
                (number, is_buy, low, high, (high - low + 1) // ticks)
                for low, high in naive_stacks(prices, ticks, least)
            ]
    assert stacked == expected


def test_an_imbalance_by_hand() -> None:
    # price: sold x bought, the highest first
    # 103:  0 x 2
    # 102:  9 x 30
    # 101: 10 x 12
    # 100:  4 x 1
    pairs = [(0, 103, 2, 0), (0, 102, 30, 9), (0, 101, 12, 10), (0, 100, 1, 4)]
    whole = footprint(minutes_of(pairs), BarSpec.parse("1m"))
    found = imbalances(whole, 3)
    assert found.buy.tolist() == [False, True, True, False]  # 12 to 4 and 30 to 10
    assert found.sell.tolist() == [False, False, True, False]  # 9 to 2
    found = imbalances(whole, 3.01)
    assert found.buy.tolist() == [False, False, False, False]
    assert imbalances(whole, 3, minimum=13).buy.tolist() == [False, False, True, False]
    assert stacked_imbalances(whole, imbalances(whole), 2).low.tolist() == [101]
    assert [flags.tolist() for flags in whole.unfinished()] == [[True], [False]]


def test_quantities_beyond_the_product() -> None:
    most = 2**31 - 1
    trades = [(0, 5, most, 0)] * 3 + [(0, 6, most, most)] * 3
    whole = footprint(batch_of(trades), BarSpec.parse("1m"))
    assert imbalances(whole, Fraction(2**31 - 1, 2**31 - 2)).buy.tolist() == [False, False]
    assert imbalances(whole, Fraction(1), minimum=3 * most).buy.tolist() == [False, True]


def test_nothing_and_too_old() -> None:
    live = LiveFootprint(BarSpec.parse("1m"))
    assert live.absorb(TradeBatch.empty()) == len(live) == 0
    assert live.forming() is None
    nothing = live.footprint()
    assert nothing == Footprint.empty() == footprint(TradeBatch.empty(), BarSpec.parse("5t"))
    assert nothing.delta.tolist() == nothing.points_of_control().tolist() == []
    assert len(stacked_imbalances(nothing, imbalances(nothing)).bar) == 0
    assert Footprint.of(TradeBatch.empty(), np.empty(0, np.intp)) == nothing
    assert nothing.profile() == VolumeProfile.empty()
    live.tick(10, 5, 1, 1)
    before = live.footprint()
    with pytest.raises(BatchError, match="A trade at 9 is older than the newest one"):
        live.tick(9, 5, 1, 1)
    with pytest.raises(BatchError, match="A trade at 9 is older"):
        live.absorb(batch_of([(9, 5, 1, 1)]))
    assert live.footprint() == before
    assert repr(before) == "Footprint(1 bars, 1 rows of 1 ticks)"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda f: imbalances(f, 0.5), "A ratio of 0.5"),
        (lambda f: imbalances(f, float("nan")), "A ratio of nan"),
        (lambda f: imbalances(f, 3, 0), "A minimum of 0 contracts"),
        (lambda f: imbalances(f, 3, 2**63), "A minimum of 9223372036854775808"),
        (lambda f: stacked_imbalances(f, imbalances(f), 0), "A stack of 0 rows"),
        (lambda f: stacked_imbalances(f[:1], imbalances(f)), "2 rows of imbalances .* of 1 rows"),
        (lambda f: developing_profile(f, 2), "A value area of 2"),
        (lambda f: f.profile(0, 3), "Bars 0 to 3 are not among the 2"),
        (lambda f: f.grouped(0), "A row of 0 ticks"),
        (lambda f: Footprint.concat([f, f.grouped(2)]), "rows of different heights"),
        (lambda _: cut_at(1), "Starts 1 to 1 do not cut 3 trades"),
        (lambda _: cut_at(), "Starts none do not cut 3 trades"),
        (lambda _: cut_at(0, 3), "Starts 0 to 3 do not cut 3 trades"),
        (
            lambda _: Footprint.of(
                batch_of([(0, 5, 1, 1)]), np.zeros(1, np.intp), np.zeros(2, int)
            ),
            "2 opens are given for 1 bars",
        ),
        (lambda _: cut_at(0, 1, 1), "starts row 2 is 1, not behind row 1"),
    ],
)
def test_refusals_say_what_and_why(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call(footprint(batch_of([(0, 5, 1, 1), (MINUTE, 6, 1, 0)]), BarSpec.parse("1m")))


def cut_at(*starts: int) -> Footprint:
    return Footprint.of(batch_of([(0, 5, 1, 1)] * 3), np.array(starts, np.intp))


@given(tapes(min_size=1, max_size=40), st.data())
def test_bars_of_any_kind_by_their_first_rows(trades: list[Trade], data: st.DataObject) -> None:
    cuts = data.draw(cuts_of(len(trades)))
    whole = Footprint.of(batch_of(trades), np.array(cuts[:-1], np.intp))
    expected = [naive_rows(trades[a:b]) for a, b in itertools.pairwise(cuts)]
    assert [bar.rows for bar in bars_of(whole)] == expected
    assert whole.ts_ns.tolist() == [trades[a][0] for a in cuts[:-1]]


@given(st.data(), HOURS, st.sampled_from(WITH_FOOTPRINT), st.sampled_from([0, 3, 2_048]))
def test_footprints_keep_to_trading_hours_as_bars_do(
    data: st.DataObject, hours: TradingHours | int, spec: BarSpec, large: int
) -> None:
    trades = data.draw(tapes_in(hours) if isinstance(hours, TradingHours) else tapes(max_size=60))
    live = LiveFootprint(spec, hours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live_footprint, "LARGE_BATCH", large)
        for begin, end in itertools.pairwise(data.draw(cuts_of(len(trades)))):
            if data.draw(st.booleans()):
                live.absorb(batch_of(trades[begin:end]))
            else:
                for trade in trades[begin:end]:
                    live.tick(*trade)
            now = live.footprint()
            assert now == footprint(batch_of(trades[:end]), spec, hours)
            bars = aggregate(batch_of(trades[:end]), spec, hours)
            assert now.ts_ns.tolist() == bars.ts_ns.tolist()
            if len(now):
                firsts = now.offsets[:-1]
                for mine, theirs in (
                    (np.add.reduceat(now.volume, firsts), bars.volume),
                    (np.add.reduceat(now.ask_volume, firsts), bars.buy_volume),
                    (np.add.reduceat(now.count, firsts), bars.count),
                    (now.px_ticks[firsts], bars.low),
                    (now.px_ticks[now.offsets[1:] - 1], bars.high),
                ):
                    assert mine.tolist() == theirs.tolist()


def test_bricks_have_no_footprint() -> None:
    spec = BarSpec.parse("4n")
    for make in (LiveFootprint, partial(footprint, TradeBatch.empty())):
        with pytest.raises(BarSpecError, match="use range bars such as '4r'"):
            make(spec)


@given(CLOSE_PRICES, st.integers(1, 3), st.sampled_from([0.7, 0.4, 1]))
def test_what_developed_is_the_profile_of_all_bars_so_far(
    pairs: list[tuple[int, int, int, int]], ticks: int, share: float
) -> None:
    whole = footprint(minutes_of(pairs), BarSpec.parse("1m")).grouped(ticks)
    lines = developing_profile(whole, share)
    for bar in range(len(whole)):
        profile = whole.profile(0, bar + 1)
        area = profile.value_area(share)
        assert area is not None
        assert lines.point_of_control[bar] == profile.point_of_control()
        assert (lines.low[bar], lines.high[bar]) == area[:2]
    assert [len(line) for line in developing_profile(Footprint.empty())] == [0, 0, 0]


@given(tapes(min_size=1, max_size=60), SPECS)
def test_delta_agrees_with_the_bars(trades: list[Trade], spec: BarSpec) -> None:
    bars = aggregate(batch_of(trades), spec)
    assert (
        footprint(batch_of(trades), spec).delta.tolist()
        == (2 * bars.buy_volume - bars.volume).tolist()
    )
