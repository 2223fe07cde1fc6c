"""The intake: against the naive one, at every cut of a stream, with busts and corrections."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import ALL_SPECS, SECOND, batch_of, naive_bars
from tests.engine.naive_intake import NaiveIntake, Named

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import (
    Arrivals,
    IntakeCounts,
    LiveBars,
    Mending,
    Tally,
    TradeBatch,
    TradeIntake,
    aggregate,
)

ONES = [1] * 4
START = 1_700_000_000 * SECOND


@st.composite
def named_trades(draw: st.DrawFn, max_size: int = 30) -> list[Named]:
    """Trades that step back, come twice, or have no id; ids rise, or not."""
    ts_ns, trades = START, []
    few = draw(st.booleans())
    for row in range(draw(st.integers(0, max_size))):
        ts_ns += draw(st.integers(-3, 6) | st.integers(-2 * SECOND, 3 * SECOND))
        qty = draw(st.integers(0, 5))
        trade = (ts_ns, draw(st.integers(-9, 9)), qty, draw(st.integers(0, qty)))
        trade_id = draw(st.integers(-1, 12)) if few else draw(st.sampled_from([row, row, -1]))
        trades.append((trade_id, trade))
    return trades


def arrivals_of(named: list[Named]) -> Arrivals:
    if not named:
        return Arrivals([], [], [], [], [])
    ids, trades = zip(*named, strict=True)
    ts_ns, px, qty, buy = zip(*trades, strict=True)
    return Arrivals(ts_ns, px, qty, buy, ids)


def tally(named: list[Named]) -> Tally:
    return Tally(len(named), sum(trade[2] for _, trade in named))


@given(
    st.data(),
    named_trades(),
    st.sampled_from([None, 0, 2, SECOND]),
    st.lists(st.sampled_from(ALL_SPECS), min_size=1, max_size=4),
)
def test_the_store_is_what_the_naive_intake_keeps(
    data: st.DataObject, named: list[Named], tolerance: int | None, specs: list[BarSpec]
) -> None:
    """Deliveries of any length with busts and corrections between them, known or not yet."""
    intake, naive = TradeIntake(tolerance), NaiveIntake(tolerance)
    live = LiveBars(specs)
    steps = data.draw(st.lists(st.sampled_from(["take", "take", "bust", "correct"]), max_size=8))
    row = 0
    for step in [*steps, "last"]:
        if step in ("take", "last"):
            stop = len(named) if step == "last" else row + data.draw(st.integers(0, 9))
            part = named[row:stop]
            row += len(part)
            taken = intake.take(arrivals_of(part))
            before = len(naive.kept)
            for trade in part:
                naive.take(trade)
            assert taken.trades == batch_of(naive.trades[before:])
            assert taken.counts.delivered == tally(part)
            live.absorb(taken.trades)
            continue
        held, was = intake.store.trades, batch_of(naive.trades)
        if step == "bust":
            gone = data.draw(st.lists(st.integers(0, 14), max_size=4))
            mending = intake.bust(gone)
            for trade_id in gone:
                naive.bust(trade_id)
        else:
            qty = data.draw(st.integers(0, 9))
            figures = (data.draw(st.integers(-9, 9)), qty, data.draw(st.integers(0, qty)))
            trade_id = data.draw(st.integers(0, 14))
            mending = intake.correct(trade_id, *figures)
            naive.correct(trade_id, figures)
        assert held == was, "what a reader holds never changes"
        check_mending(mending, was, batch_of(naive.trades))
        if mending is not None:
            old = {spec: live.bars(spec) for spec in live.specs}
            changed = live.remake(intake.store.trades)
            for spec in live.specs:
                first, new = changed[spec], live.bars(spec)
                assert new[:first] == old[spec][:first]
                assert list(new[first : first + 1]) != list(old[spec][first : first + 1]) or (
                    first == len(new) == len(old[spec])
                )
    check_whole(intake, naive, live)


def check_mending(mending: Mending | None, was: TradeBatch, now: TradeBatch) -> None:
    if mending is None:
        assert now == was
        return
    assert now[: mending.row] == was[: mending.row]
    early = int(was.ts_ns.searchsorted(mending.ts_ns))
    assert int(now.ts_ns.searchsorted(mending.ts_ns)) == early
    assert now[:early] == was[:early]


def check_whole(intake: TradeIntake, naive: NaiveIntake, live: LiveBars) -> None:
    kept = naive.trades
    assert intake.store.trades == batch_of(kept)
    counts = intake.counts
    assert counts.standing == (len(kept), sum(trade[2] for trade in kept))
    for name, named in naive.ends.items():
        assert getattr(counts, name) == tally(named)
    for spec in live.specs:
        bars = intake.store.bars(spec)
        assert list(bars) == naive_bars(kept, spec)
        assert bars == aggregate(batch_of(kept), spec)
        assert live.bars(spec) == bars


@given(st.data(), named_trades(max_size=40), st.lists(st.integers(0, 39), max_size=5))
def test_after_a_bust_it_is_as_if_the_trade_had_never_come(
    data: st.DataObject, named: list[Named], gone: list[int]
) -> None:
    unique = [(row, trade) for row, (_, trade) in enumerate(named)]
    intake, never = TradeIntake(), TradeIntake()
    cuts = sorted({0, len(unique), *data.draw(st.lists(st.integers(0, len(unique)), max_size=4))})
    for begin, end in itertools.pairwise(cuts):
        intake.take(arrivals_of(unique[begin:end]))
    never.take(arrivals_of([named for named in unique if named[0] not in gone]))
    if data.draw(st.booleans()):
        intake.bust(gone)
    else:
        for trade_id in gone:
            intake.bust([trade_id])
    assert intake.store.trades == never.store.trades
    for spec in ALL_SPECS:
        assert intake.store.bars(spec) == never.store.bars(spec)
    more = [(100, (START + 10**12, 5, 3, 1))]
    assert intake.take(arrivals_of(more)).trades == never.take(arrivals_of(more)).trades
    assert intake.store.bars(ALL_SPECS[0]) == never.store.bars(ALL_SPECS[0])


def test_equal_trades_without_ids_are_two_trades() -> None:
    same = batch_of([(START, 100, 2, 1), (START, 100, 2, 1)])
    intake = TradeIntake()
    intake.take(same)
    intake.take(Arrivals.of(same))
    intake.take(Arrivals.of(same, [-1, -1]))
    assert intake.counts.kept == intake.counts.delivered == intake.counts.standing == (6, 12)


def test_a_delivery_that_comes_again_is_dropped_and_counted() -> None:
    delivery = Arrivals([START, START + 1], [7, 8], [2, 3], [0, 3], [41, 42])
    intake = TradeIntake()
    assert intake.take(delivery).counts == IntakeCounts(Tally(2, 5))
    assert intake.take(delivery).counts == IntakeCounts(duplicate=Tally(2, 5))
    intake.bust([41])
    assert len(intake.take(delivery).trades) == 0
    assert intake.store.trades == batch_of([(START + 1, 8, 3, 3)])


def test_a_late_trade_is_named_and_counted() -> None:
    intake = TradeIntake(tolerance_ns=5)
    intake.take(batch_of([(START, 100, 1, 0)]))
    taken = intake.take(Arrivals([START - 6, START - 5, START + 9, START + 3], *[[1, 2, 3, 4]] * 3))
    assert taken.late.tolist() == [0, 3]
    assert taken.counts.late == (2, 5)
    assert taken.counts.lifted == (1, 2)
    assert taken.trades.ts_ns.tolist() == [START, START + 9]
    wild = TradeIntake(tolerance_ns=10)
    assert wild.take(Arrivals([-(2**63) + 5, 2**63 - 1], [1, 1], [1, 1], [0, 0])).counts.late == (
        0,
        0,
    )
    assert wild.take(Arrivals([-(2**63)], [1], [1], [0])).late.tolist() == [0]


def test_a_bust_takes_back_the_stamps_it_had_lifted() -> None:
    intake = TradeIntake()
    intake.take(
        Arrivals([START, START + 50, START + 20, START + 30], ONES, ONES, ONES, [0, 1, 2, 3])
    )
    assert intake.store.trades.ts_ns.tolist() == [START, START + 50, START + 50, START + 50]
    assert intake.bust([1]) == (1, START + 20)
    assert intake.store.trades.ts_ns.tolist() == [START, START + 20, START + 30]
    assert intake.bust([1]) is None
    assert intake.counts.busted == (1, 1)


def test_word_that_comes_before_its_trade_is_kept_in_mind() -> None:
    intake = TradeIntake()
    assert intake.bust([5]) is None
    assert intake.correct(6, 90, 1, 1) is None
    assert intake.correct(5, 90, 1, 1) is None
    taken = intake.take(Arrivals([START] * 3, [10] * 3, [4] * 3, [0] * 3, [5, 6, 7]))
    assert taken.trades == batch_of([(START, 90, 1, 1), (START, 10, 4, 0)])
    assert taken.counts.withdrawn == (1, 4)
    assert taken.counts.corrected == (1, -3)
    assert intake.counts.unknown == 3
    assert intake.counts.standing == (2, 5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda intake: intake.bust([3, -1]), "ids row 1 is -1"),
        (lambda intake: intake.bust([1.5]), "ids is float64"),
        (lambda intake: intake.correct(-2, 1, 1, 1), "ids row 0 is -2"),
        (lambda intake: intake.correct(1, 1, 1, 2), "buy_qty row 0 is 2, more than the qty 1"),
        (lambda intake: intake.correct(1, 2**31, 1, 1), "px_ticks row 0 is 2147483648"),
        (lambda _: TradeIntake(-1), "A tolerance of -1 ns is below 0"),
        (lambda _: Arrivals([1], [1], [1], [0], [-2]), "ids row 0 is -2"),
        (lambda _: Arrivals([1], [1], [1], [0], [1, 2]), "ts_ns 1, px_ticks 1.*ids 2"),
        (lambda _: Arrivals([1], [1], [-1], [0]), "qty row 0 is -1"),
        (lambda _: Arrivals.of(batch_of([(1, 1, 1, 1)]), []), "ts_ns 1, ids 0"),
    ],
)
def test_refusals_name_what_is_wrong_and_change_nothing(wrong: Any, said: str) -> None:
    intake = TradeIntake()
    intake.take(Arrivals([1, 2], [1, 1], [1, 1], [1, 0], [0, 1]))
    counts, trades = intake.counts, intake.store.trades
    with pytest.raises(BatchError, match=said):
        wrong(intake)
    assert intake.counts == counts
    assert intake.store.trades == trades
    assert intake.store.revision == 0


@given(st.data(), st.lists(st.integers(0, 10**6), unique=True, max_size=300))
def test_ids_in_any_order_are_found(data: st.DataObject, ids: list[int]) -> None:
    """Many short deliveries of ids that rise only now and then."""
    intake = TradeIntake()
    row = 0
    while row < len(ids):
        part = ids[row : row + data.draw(st.integers(1, 40))]
        row += len(part)
        n = len(part)
        intake.take(Arrivals([START] * n, part, [1] * n, [0] * n, part))
        again = data.draw(st.lists(st.sampled_from(ids[:row]), max_size=5, unique=True))
        counts = intake.take(arrivals_of([(one, (START, 1, 1, 1)) for one in again])).counts
        assert counts.duplicate.trades == counts.delivered.trades == len(again)
    gone = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    intake.bust(gone)
    assert intake.store.trades.px_ticks.tolist() == [one for one in ids if one not in set(gone)]


def test_a_repr_says_how_much() -> None:
    assert repr(Arrivals([1], [1], [1], [1])) == "Arrivals(1 trades)"
    assert repr(Arrivals([1], [1], [1], [1], [4])) == "Arrivals(1 trades with ids)"
    assert len(Arrivals.of(TradeBatch.empty(), np.empty(0, np.int64))) == 0
