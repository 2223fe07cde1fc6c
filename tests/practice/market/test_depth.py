"""The book that is made around trades: one book for everybody, and never an impossible one."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradedesk.practice.exchange_hours import ExchangeHours
from tradedesk.practice.market.book import Depth, Level, MarketBook
from tradedesk.practice.market.depth_made import LEVELS, MadeDepth
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    RESET,
    SELL,
    TRADE,
    TRADED_RANK,
    MarketEvents,
    join,
)
from tradedesk.practice.market.prints import Prints
from tradedesk.practice.market.source import SyntheticMarket
from tradedesk.practice.market.tape import Touch

if TYPE_CHECKING:
    from tradedesk.practice.market.tape import Tape

START_NS = 1_795_350_017_123_456_000
OPENING_NS = int(datetime(2026, 11, 22, 23, tzinfo=UTC).timestamp()) * 10**9
SECOND, MINUTE, HOUR = 10**9, 60 * 10**9, 3_600 * 10**9
SYMBOLS = ["MNQ", "ES", "CL", "QM", "ZN", "EMD"]
HOURS = ExchangeHours(START_NS)


def tape_of(symbol: str, seed: int = 7, exchange: bool = False) -> Tape:
    market = SyntheticMarket(seed, START_NS, hours=HOURS if exchange else None)
    return next(market.tape(one) for one in market.active() if one.product.symbol == symbol)


def same(left: MarketEvents, right: MarketEvents) -> bool:
    return [column.tolist() for column in left] == [column.tolist() for column in right]


def best(depth: Depth) -> tuple[int, int]:
    return depth.bids[0].px, depth.asks[0].px


class Recorded:
    """Trades out of a list of (seconds, price, contracts, whether bought)."""

    def __init__(self, rows: list[tuple[float, int, int, bool]]) -> None:
        at, px, qty, buys = (np.array(column) for column in zip(*rows, strict=True))
        px, qty = px.astype(np.int32), qty.astype(np.int32)
        bid = np.where(buys, px - 1, px).astype(np.int32)
        times = START_NS + (at * 1e6).astype(np.int64) * 1_000
        bought = np.where(buys, qty, 0).astype(np.int32)
        self.all = Prints(times, px, qty, bought, bid, bid + np.int32(1))

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        return self.all.window(after_ns, until_ns)

    def touch(self, now_ns: int) -> Touch:
        row = max(int(self.all.ts_ns.searchsorted(now_ns, side="right")) - 1, 0)
        return Touch(int(self.all.px[row]), int(self.all.bid[row]), int(self.all.ask[row]))


cuts = st.lists(st.integers(0, 100 * SECOND), min_size=1, max_size=25)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SYMBOLS), cuts, st.booleans(), st.booleans())
def test_however_time_is_cut_the_same_events_and_books_come_out(
    symbol: str, offsets: list[int], exchange: bool, bent: bool
) -> None:
    begin = (OPENING_NS - 50 * SECOND) if exchange else START_NS + HOUR - 50 * SECOND
    one, other = (tape_of(symbol, exchange=exchange) for _ in range(2))
    if bent:
        for tape in (one, other):
            assert tape.steer(-37, begin + 55 * SECOND, 30.0)
    times = sorted({begin, begin + 100 * SECOND, *(begin + offset for offset in offsets)})
    whole = one.events(times[0], times[-1])
    assert same(join([other.events(*pair) for pair in itertools.pairwise(times)]), whole)
    book = MarketBook(other.depth(times[0]))
    for after, until in itertools.pairwise(times):
        book.apply(other.events(after, until).each())
        assert book.depth() == one.depth(until) == other.depth(until)
        touch = one.touch(until)
        assert best(book.depth()) == (touch.bid, touch.ask)


rows = st.lists(
    st.tuples(
        st.floats(0.001, 40.0),
        st.one_of(st.integers(990, 1010), st.integers(1, 10**6)),
        st.integers(1, 5_000),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(rows, cuts, st.integers(0, 2**40), st.integers(1, 12))
def test_around_any_trades_there_is_a_possible_book(
    trades: list[tuple[float, int, int, bool]], offsets: list[int], seed: int, levels: int
) -> None:
    source = Recorded(sorted(trades))
    made, again = (MadeDepth(source, seed, 10, levels) for _ in range(2))
    times = sorted({START_NS, START_NS + 50 * SECOND, *(START_NS + one // 2 for one in offsets)})
    whole = made.events(times[0], times[-1])
    assert same(join([again.events(*pair) for pair in itertools.pairwise(times)]), whole)
    assert int((whole.kind == TRADE).sum()) == len(trades)
    check_each_moment(made, source, times[0], whole, levels)
    assert again.depth(times[-1]) == made.depth(times[-1])


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_every_moment_of_a_generated_hour(symbol: str) -> None:
    tape = tape_of(symbol, seed=3)
    events = tape.events(START_NS, START_NS + HOUR // 4)
    check_each_moment(tape, tape, START_NS, events, LEVELS)
    trades = tape.prints(START_NS, START_NS + HOUR // 4)
    rows = events.kind == TRADE
    for column, expected in (
        (events.ts_ns, trades.ts_ns),
        (events.px, trades.px),
        (events.qty, trades.qty),
        (events.side, np.where(trades.buy_qty > 0, BUY, SELL)),
    ):
        assert np.array_equal(column[rows], expected)


def check_each_moment(
    made: Tape | MadeDepth, source: Tape | Recorded, begin: int, events: MarketEvents, levels: int
) -> None:
    """Whole books, best prices where trades left them, trades first, nothing crossed or empty."""
    book = MarketBook(made.depth(begin))
    for ts_ns, moment in itertools.groupby(events.each(), key=lambda event: event.ts_ns):
        group = list(moment)
        kinds = [event.kind for event in group]
        assert kinds == sorted(kinds)
        assert all(event.qty >= 0 and event.kind != RESET for event in group)
        book.apply(group)
        depth = book.depth()
        assert len(depth.bids) == len(depth.asks) == levels
        assert depth.bids[0].px < depth.asks[0].px
        assert min(level.size for side in depth for level in side) > 0
        if TRADE in kinds:
            touch = source.touch(ts_ns)
            assert best(depth) == (touch.bid, touch.ask)


def test_trades_eat_of_the_level_that_they_meet() -> None:
    tape = tape_of("ES")
    book = MarketBook(tape.depth(START_NS))
    eaten = met = 0
    events = tape.events(START_NS, START_NS + HOUR).each()
    for _, moment in itertools.groupby(events, key=lambda event: event.ts_ns):
        group = list(moment)
        trades = [event for event in group if event.kind == TRADE]
        if len(trades) == 1:
            side = ASKS if trades[0].side == BUY else BIDS
            before = book.size(side, trades[0].px)
            book.apply(group)
            after = book.size(side, trades[0].px)
            ranks = {e.rank_ns for e in group if e.kind == LEVEL and e.px == trades[0].px
                     and e.side == side}  # fmt: skip
            met += 1
            eaten += after == before - trades[0].qty
            assert ranks <= {TRADED_RANK}
        else:
            book.apply(group)
    # The rest are levels filled up from behind.
    assert eaten > 0.85 * met > 1_000


def test_a_level_thins_out_before_it_is_crossed() -> None:
    """The thinner side is the one towards which the price goes, as in real books."""
    tape = tape_of("ES", seed=2)
    prints = tape.prints(START_NS, START_NS + HOUR)
    moved = np.flatnonzero(np.diff(prints.bid)) + 1
    right = 0
    for row in moved[:300].tolist():
        depth = tape.depth(int(prints.ts_ns[row]) - 1_000_000)
        bids, asks = depth.bids[0].size, depth.asks[0].size
        right += (asks < bids) == (prints.bid[row] > prints.bid[row - 1])
    assert right > 0.75 * 300


def test_levels_grow_from_the_touch_outwards() -> None:
    for symbol, touch_size in (("ES", 60), ("MNQ", 9), ("ZN", 1_400)):
        tape = tape_of(symbol, seed=4)
        pictures = [tape.depth(START_NS + n * 20 * SECOND) for n in range(90)]
        sizes = np.array([[level.size for level in side] for one in pictures for side in one])
        mean = sizes.mean(axis=0)
        assert mean[0] < mean[1] < mean[4] < 1.15 * mean[9]
        assert 1.6 < mean[5] / mean[0] < 4.5
        assert 0.6 < mean[0] / touch_size < 1.6
        assert sizes.std(axis=0).min() > 0.2 * mean[0]


def test_a_steered_book_moves_as_a_whole() -> None:
    bent, straight = tape_of("MNQ"), tape_of("MNQ")
    bent.steer(40, START_NS + 10 * SECOND, 20.0)
    assert bent.depth(START_NS + 9 * SECOND) == straight.depth(START_NS + 9 * SECOND)
    at = START_NS + 60 * SECOND
    moved = [Level(px + 40, size) for px, size in straight.depth(at).asks]
    assert list(bent.depth(at).asks) == moved
    events = bent.events(START_NS, at)
    check_each_moment(bent, bent, START_NS, events, LEVELS)


def test_a_new_book_at_the_opening_and_the_old_one_until_then() -> None:
    tape = tape_of("ES", exchange=True)
    closed = tape.depth(OPENING_NS - 1)
    assert closed == tape.depth(OPENING_NS - 20 * HOUR)
    assert len(closed.bids) == LEVELS
    assert tape.next_ns(OPENING_NS - 40 * HOUR) == OPENING_NS
    events = tape.events(OPENING_NS - 20 * HOUR, OPENING_NS)
    assert set(events.ts_ns.tolist()) == {OPENING_NS}
    assert events.kind.tolist() == [RESET] + [LEVEL] * 2 * LEVELS
    assert set(events.side[1:].tolist()) == {BIDS, ASKS}
    book = MarketBook(closed)
    book.apply(events.each())
    assert book.depth() == tape.depth(OPENING_NS)


@pytest.mark.parametrize("symbol", ["MNQ", "ES", "ZN"])
def test_next_is_the_time_of_the_first_event(symbol: str) -> None:
    tape = tape_of(symbol)
    at = START_NS
    for _ in range(200):
        after = tape.next_ns(at)
        assert after is not None
        assert not len(tape.events(at, after - 1).ts_ns)
        assert int(tape.events(at, after).ts_ns[0]) == after
        at = after


def test_hours_at_a_stroke() -> None:
    """A clock that runs a thousand times as fast asks for minutes and hours at once."""
    tape = tape_of("MNQ")
    tape.events(START_NS, START_NS + HOUR)
    begin = time.perf_counter()
    events = tape.events(START_NS + HOUR, START_NS + 4 * HOUR)
    rate = len(events.ts_ns) / (time.perf_counter() - begin)
    assert rate > 100_000
    assert np.all(np.diff(events.ts_ns) >= 0)


def test_two_million_trades_an_hour_do_not_blow_up() -> None:
    count = 2_000_000 // 60
    random = np.random.default_rng(1)
    at = np.sort(random.random(count)) * 60
    px = 20_000 + np.cumsum(random.integers(-1, 2, count))
    qty = random.integers(1, 20, count)
    source = Recorded(list(zip(at, px, qty, random.random(count) < 0.5, strict=True)))
    made = MadeDepth(source, 1, 30)
    begin = time.perf_counter()
    windows = [made.events(START_NS + n * SECOND, START_NS + (n + 1) * SECOND) for n in range(60)]
    assert time.perf_counter() - begin < 20
    events = join(windows)
    assert count < len(events.ts_ns) < 8 * count
    book = MarketBook(made.depth(START_NS))
    book.apply(events.each())
    assert book.depth() == made.depth(START_NS + MINUTE)
