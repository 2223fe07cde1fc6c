"""The made-up market: exactly as many events as were asked for, and a history that agrees."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.ids import ContractId
from tradedesk.domain.market import DepthRow, Quote
from tradedesk.engine import Bars, TradeBatch, aggregate, resample
from tradedesk.services.stress.contract import STRESS, STRESS_ID, is_made_up
from tradedesk.services.stress.flow import StressFlow, TradeRecord
from tradedesk.services.stress.pace import BURST_NS, BURST_SHARE, due
from tradedesk.services.stress.past import SECONDS, StressPast
from tradedesk.services.stress.source import MOST_QUEUED, StressSource

NS = 1_000_000_000
START = 1_793_648_000 * NS + 345_678_901
ONE_SECOND = BarSpec.parse("1s")


class HandClock:
    """Time that is set by hand."""

    def __init__(self) -> None:
        self.now_ns = 5 * NS

    def wall_ns(self) -> int:
        return START

    def mono_ns(self) -> int:
        return self.now_ns


class Sink:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[TradeRecord | Quote] = []
        self.heard_ns: set[int] = set()

    def on_connected(self, generation: int) -> None:
        raise AssertionError

    def on_lost(self, reason: str) -> None:
        raise AssertionError

    def on_quote(self, quote: Quote, mono_ns: int) -> None:
        self.told.append(quote)
        self.heard_ns.add(mono_ns)

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        assert contract_id == STRESS_ID
        self.told.append(TradeRecord(*map(list, (ts_ns, px_ticks, qty, buy_qty))))
        self.heard_ns.add(mono_ns)

    def on_depth(self, contract_id: ContractId, rows: Sequence[DepthRow], mono_ns: int) -> None:
        raise AssertionError

    @property
    def trades(self) -> TradeBatch:
        records = [item for item in self.told if isinstance(item, TradeRecord)]
        return TradeBatch.concat([TradeBatch(*record) for record in records])

    @property
    def events(self) -> int:
        return sum(len(x.ts_ns) if isinstance(x, TradeRecord) else 1 for x in self.told)


def test_the_contract_is_none_of_a_venue() -> None:
    assert is_made_up(STRESS.contract_id)
    assert not is_made_up(ContractId("CON.F.US.MNQ.Z26"))
    assert not STRESS.active
    assert (STRESS.symbol, STRESS.short_name) == ("STRESS", "STRESS made-up")
    assert STRESS.expiry_label == "made-up"


@given(st.integers(1, 100_000), st.lists(st.integers(0, 20 * NS), min_size=2))
def test_what_is_due_never_falls_and_is_the_rate_after_each_second(
    rate: int, moments: list[int]
) -> None:
    counts = [due(rate, at) for at in sorted(moments)]
    assert counts == sorted(counts)
    assert [due(rate, second * NS) for second in range(5)] == [rate * n for n in range(5)]
    assert due(rate, 3 * NS + BURST_NS) == 3 * rate + int(BURST_SHARE * rate)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=30), st.integers(0, 99))
def test_events_are_told_in_order_and_none_is_missing(counts: list[int], seed: int) -> None:
    flow, at, quotes = StressFlow(seed), START, 0
    for count in counts:
        whole, told = flow.make(count, at, at + 1_000_000)
        records = [item for item in told if isinstance(item, TradeRecord)]
        quoted = [item for item in told if isinstance(item, Quote)]
        joined = [list(itertools.chain(*columns)) for columns in zip(*records, strict=True)]
        assert joined == list(whole) or not (records or whole.ts_ns)
        assert len(whole.ts_ns) + len(quoted) == count
        stamps = [x.ts_ns[0] if isinstance(x, TradeRecord) else x.ts_ns for x in told]
        assert stamps == sorted(stamps)
        assert all(at <= stamp <= at + 1_000_000 for stamp in stamps)
        assert all(
            0 < bought <= size or not bought for size, bought in zip(*whole[2:], strict=True)
        )
        assert all(q.ask_ticks == (q.bid_ticks or 0) + 1 for q in quoted)
        quotes += len(quoted)
        at += 1_000_000
    assert quotes == sum(counts) * 3 // 10


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 3_000)), min_size=1, max_size=12),
    st.sampled_from(["1s", "7s", "1m", "1h"]),
)
def test_history_is_the_past_and_then_exactly_what_was_told(
    slices: list[tuple[int, int]], text: str
) -> None:
    flow, past, at = StressFlow(3), StressPast(3, START, 7_000), START
    told: list[TradeBatch] = []
    for count, ms in slices:
        whole, _ = flow.make(count, at, at + ms * 1_000_000)
        past.note(whole)
        told.append(TradeBatch(*whole))
        at += ms * 1_000_000
    trades, spec = TradeBatch.concat(told), BarSpec.parse(text)
    found = past.bars(ONE_SECOND, 0, at + NS, 10**6, partial=True)
    live = found[SECONDS:]
    assert live == aggregate(trades, ONE_SECOND)
    assert past.bars(spec, 0, at + NS, 10**6, partial=True) == resample(found, spec)
    assert found.ts_ns[SECONDS - 1] == START - START % NS - NS


def test_history_is_cut_as_it_was_asked_for() -> None:
    past = StressPast(3, START, 7_000)
    every = past.bars(ONE_SECOND, 0, START, 10**6, partial=False)
    assert len(every) == SECONDS
    first, last = int(every.ts_ns[100]), int(every.ts_ns[200])
    assert past.bars(ONE_SECOND, first, last, 10**6, partial=False) == every[100:200]
    assert past.bars(ONE_SECOND, first, last, 7, partial=False) == every[193:200]
    assert past.bars(ONE_SECOND, last, first, 7, partial=False) == Bars.empty()
    assert (every.low <= np.minimum(every.open, every.close)).all()
    assert (every.high >= np.maximum(every.open, every.close)).all()


def made(rate: int, queued: int = 0) -> tuple[HandClock, StressSource, Sink]:
    clock = HandClock()
    return clock, StressSource(clock, START, 10**12, rate, lambda: queued), Sink()


@pytest.mark.parametrize("rate", [5_000, 10_000, 20_000, 50_000])
def test_a_second_brings_as_many_events_as_were_asked_for(rate: int) -> None:
    clock, source, sink = made(rate)
    for _ in range(1_000):
        clock.now_ns += NS // 1_000
        source.tell(sink, clock.now_ns)
    assert sink.events == source.trades + source.quotes == rate
    assert source.trades == rate * 7 // 10
    assert int(sink.trades.qty.sum()) == source.lots
    assert source.left_out == 0
    assert len(sink.heard_ns) > 900, "told as it comes, not in a heap"


def test_another_rate_holds_from_the_next_slice_on() -> None:
    clock, source, sink = made(10_000)
    clock.now_ns += NS // 10
    source.tell(sink, clock.now_ns)
    before = sink.events
    source.rate = 0
    clock.now_ns += NS
    source.tell(sink, clock.now_ns)
    assert sink.events == before
    source.rate = 20_000
    source.tell(sink, clock.now_ns)
    for _ in range(100):
        clock.now_ns += NS // 100
        source.tell(sink, clock.now_ns)
    assert sink.events == before + 20_000


def test_what_the_window_has_no_room_for_is_left_out_and_counted() -> None:
    clock, source, sink = made(10_000, queued=MOST_QUEUED)
    clock.now_ns += NS
    source.tell(sink, clock.now_ns)
    assert (sink.events, source.left_out) == (0, 10_000)


def test_a_source_that_was_held_up_makes_up_for_a_quarter_of_a_second() -> None:
    clock, source, sink = made(10_000)
    clock.now_ns += 3 * NS
    source.tell(sink, clock.now_ns)
    assert (sink.events, source.left_out) == (2_500, 27_500)
    clock.now_ns += NS // 5
    source.tell(sink, clock.now_ns)
    assert source.left_out + sink.events == due(10_000, 3 * NS + NS // 5)
