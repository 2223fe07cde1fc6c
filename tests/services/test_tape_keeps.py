"""A tape that lets go of old trades: bars stay what they would be if it kept all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Arrivals, Bars, TradeBatch, aggregate
from tradedesk.services import tape as tape_module
from tradedesk.services.chart_feed import ChartFeed
from tradedesk.services.stress.contract import STRESS
from tradedesk.services.tape import ContractTape

NS = 1_000_000_000
START = 1_700_000_000 * NS


def tape_of(seed: int, trades: int) -> TradeBatch:
    random = np.random.default_rng(seed)
    stamps = START + np.sort(random.integers(0, 40 * NS, trades))
    sizes = random.integers(1, 9, trades)
    return TradeBatch(stamps, 80_000 + random.integers(-9, 9, trades), sizes, sizes // 2)


@given(
    st.integers(0, 99),
    st.integers(1, 60),
    st.integers(1, 50),
    st.sampled_from(["50t", "9v"]),
    st.sampled_from([1, 7, 8_192]),
)
def test_bars_of_trades_do_not_miss_those_that_went(
    seed: int, keep: int, piece: int, text: str, moved: int
) -> None:
    trades, spec = tape_of(seed, 400), BarSpec.parse(text)
    tape = ContractTape(keep=keep)
    feed = ChartFeed(STRESS, spec, tape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tape_module, "_PIECE", moved)
        for at in range(0, len(trades), piece):
            tape.absorb(trades[at : at + piece])
            feed.advance(None)
            tape.let_go()
            assert min(keep, tape.told) <= len(tape) <= 2 * keep
            assert tape.trades == trades[tape.gone : tape.gone + len(tape)]
    assert feed.series.bars == aggregate(trades, spec)
    assert tape.counts.kept.lots == int(trades.qty.sum())
    assert tape.gone + len(tape) == len(trades)


@given(st.integers(0, 99), st.integers(20, 90), st.integers(100, 350))
def test_a_chart_that_begins_late_has_the_rest_from_history(
    seed: int, keep: int, begins: int
) -> None:
    trades, spec = tape_of(seed, 600), BarSpec.parse("5s")
    tape = ContractTape(keep=keep)
    for at in range(0, begins, 10):
        tape.absorb(trades[at : at + 10])
        tape.let_go()
    feed = ChartFeed(STRESS, spec, tape)
    heard = (begins + 9) // 10 * 10
    for at in range(heard, len(trades), 10):
        tape.absorb(trades[at : at + 10])
        heard = at + 10
        now_ns = int(trades.ts_ns[heard - 1])
        request = feed.advance(now_ns)
        while request is not None:
            known = aggregate(trades[:heard], request.spec)
            stop = int(known.ts_ns.searchsorted(request.end_ns))
            first = int(known.ts_ns.searchsorted(request.start_ns))
            answer: Bars = known[first : stop if request.partial else min(stop, len(known))]
            feed.take_history(answer, "")
            request = feed.advance(now_ns)
        tape.let_go()
    assert feed.is_exact
    assert feed.series.bars == aggregate(trades, spec)


def test_a_tape_keeps_everything_unless_it_is_told() -> None:
    tape = ContractTape()
    tape.absorb(tape_of(1, 500))
    tape.let_go()
    assert (len(tape), tape.gone) == (500, 0)


def test_a_new_epoch_has_let_go_of_nothing() -> None:
    tape = ContractTape(keep=10)
    tape.absorb(tape_of(1, 500))
    tape.let_go()
    assert tape.gone == 490
    tape.restart()
    assert (len(tape), tape.gone) == (0, 0)


@pytest.mark.parametrize("act", ["bust", "correct", "lose", "restart"])
def test_what_changes_a_tape_while_it_is_shortened_counts(
    act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tape_module, "_PIECE", 1)
    trades = tape_of(2, 16)
    tape = ContractTape(keep=10)
    tape.absorb(Arrivals.of(trades, range(16)))
    tape.let_go()
    assert tape.gone == 0
    if act == "bust":
        tape.bust([12])
    elif act == "correct":
        tape.correct(12, 70_000, 3, 1)
    else:
        getattr(tape, act)()
    before = tape.trades
    later = tape_of(3, 16)
    later = TradeBatch(later.ts_ns + 40 * NS, later.px_ticks, later.qty, later.buy_qty)
    for at in range(16):
        tape.absorb(later[at : at + 1])
        tape.let_go()
        assert tape.trades == TradeBatch.concat((before, later[: at + 1]))[tape.gone :]
    for _ in range(20):
        tape.let_go()
    assert (len(tape) < 16) == (tape.gone > 0)
    assert tape.trades == TradeBatch.concat((before, later))[tape.gone :]
