"""Any time at once: windows cut anywhere give the same events, and the book is their sum."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradedesk.practice.market.book import Depth, Level, MarketBook
from tradedesk.practice.market.events import (
    LEVEL,
    RESET,
    TRADE,
    MarketEvent,
    MarketEvents,
    join,
)
from tradedesk.practice.market.recorded.seek import Checkpoints, RecordedBook
from tradedesk.practice.market.replay import open_recording

EVER = 2**62

ROWS = st.builds(
    MarketEvent,
    ts_ns=st.integers(1, 40),
    kind=st.sampled_from([TRADE, LEVEL, LEVEL, LEVEL, LEVEL, LEVEL, RESET]),
    side=st.integers(0, 1),
    px=st.integers(-5, 5),
    qty=st.integers(0, 3),
    cut=st.just(0),
    rank_ns=st.just(-1),
)
LEVELS = st.dictionaries(st.integers(-5, 5), st.integers(1, 9), max_size=4)


def picture(bids: dict[int, int], asks: dict[int, int]) -> Depth:
    rows = [[Level(*pair) for pair in sorted(side.items())] for side in (bids, asks)]
    return Depth(tuple(rows[0][::-1]), tuple(rows[1]))


@given(
    rows=st.lists(ROWS, max_size=60),
    bids=LEVELS,
    asks=LEVELS,
    every=st.integers(1, 9),
    cuts=st.lists(st.integers(0, 41), max_size=6),
)
def test_checkpoints_agree_with_folding_and_windows_with_the_whole(
    rows: list[MarketEvent], bids: dict[int, int], asks: dict[int, int], every: int, cuts: list[int]
) -> None:
    events = MarketEvents.of_rows(sorted(rows, key=lambda row: row.ts_ns))
    opening = picture(bids, asks)
    points = Checkpoints(events, opening, every)
    book = MarketBook(opening)
    for row in range(len(rows) + 1):
        assert points.depth(row) == book.depth()
        best = (book.best(0), book.best(1))
        assert points.best(row) == tuple(None if one is None else one.px for one in best)
        book.apply(events.rows(row, row + 1).each())
    recorded = RecordedBook(events, opening)
    edges = [0, *sorted(cuts), EVER]
    windows = [recorded.events(*pair) for pair in itertools.pairwise(edges)]
    assert join(windows).each() == events.each()
    for cut in cuts:
        folded = MarketBook(opening)
        folded.apply(recorded.events(0, cut).each())
        assert recorded.depth(cut) == folded.depth()
        later = [row.ts_ns for row in events.each() if row.ts_ns > cut]
        assert recorded.next_ns(cut) == (later[0] if later else None)


FILES = [
    "cme_esm4_20240508_mbo.dbn.zst",
    "cme_esu4_20240701_mbp1.dbn.zst",
    "cme_esu4_20240701_trades.dbn.zst",
    "binance_coinm_btcusd_perp_20240808_stream.txt.gz",
]


@pytest.mark.parametrize("name", FILES)
def test_a_recording_answers_for_any_time_in_any_order(
    shared_data: Callable[[str], Path], name: str
) -> None:
    market = open_recording(shared_data(name))
    (contract,) = market.active()
    tape = market.tape(contract)
    first, last = market.first_ns - 1_000_000_000, market.last_ns
    whole = tape.events(first, last)

    @settings(max_examples=12)
    @given(st.lists(st.integers(first, last), min_size=2, max_size=5))
    def check(times: list[int]) -> None:
        edges = [first, *sorted(times), last]
        parts = [tape.events(*pair) for pair in itertools.pairwise(edges)]
        joined = join(parts)
        for name in MarketEvents._fields:
            assert np.array_equal(getattr(joined, name), getattr(whole, name))
        begin, end = min(times), max(times)
        book = MarketBook(tape.depth(begin))
        book.apply(tape.events(begin, end).each())
        assert tape.depth(end) == book.depth()
        prints = tape.prints(begin, end)
        trades = tape.events(begin, end)
        rows = trades.kind == TRADE
        assert (prints.ts_ns == trades.ts_ns[rows]).all()
        assert (prints.px == trades.px[rows]).all()
        assert (prints.qty == trades.qty[rows]).all()

    check()
