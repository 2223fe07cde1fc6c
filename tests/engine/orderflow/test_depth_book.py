"""The depth book: equal to a plain dictionary of levels, and honest about what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.errors import BatchError, InputError
from tradedesk.engine import BookLevel, BookState, DepthBook, UpdateOutcome
from tradedesk.engine.orderflow import book_side

Pairs = list[tuple[int, int]]

PRICES = st.one_of(st.integers(-6, 6), st.integers(-(2**31), 2**31 - 1))
CHANGES = st.lists(st.tuples(PRICES, st.one_of(st.just(0), st.integers(0, 2**31 - 1))), max_size=9)
STEPS = st.lists(st.tuples(CHANGES, CHANGES, st.integers(0, 9)), max_size=8)


def once(pairs: Pairs) -> Pairs:
    return list(dict(pairs).items())


def naive_put(levels: dict[int, int], pairs: Pairs) -> int:
    missed = 0
    for px, size in pairs:
        missed += not size and px not in levels
        levels[px] = size
        if not size:
            del levels[px]
    return missed


def agrees(book: DepthBook, bids: dict[int, int], asks: dict[int, int]) -> None:
    """Compare everything that can be read with two plain dictionaries."""
    bid_rows, ask_rows = sorted(bids.items(), reverse=True), sorted(asks.items())
    assert book.best_bid == (bid_rows[0] if bid_rows else None)
    assert book.best_ask == (ask_rows[0] if ask_rows else None)
    for rungs, rows in ((book.bids(), bid_rows), (book.asks(), ask_rows)):
        assert list(zip(rungs.px_ticks.tolist(), rungs.size.tolist(), strict=True)) == rows
        total = np.cumsum([size for _, size in rows], dtype=np.int64)
        assert rungs.cumulative.tolist() == total.tolist()
        assert rungs.px_ticks.dtype == np.int32
        assert rungs.size.dtype == np.int64
    assert book.bids(2).px_ticks.tolist() == [px for px, _ in bid_rows[:2]]
    assert book.asks(0).size.tolist() == []
    shown = book.ladder(-8, 5)
    assert [side.tolist() for side in shown] == [
        [levels.get(px, 0) for px in range(-8, 6)] for levels in (bids, asks)
    ]
    assert book.bid_size(3) == bids.get(3, 0)
    assert book.ask_size(-3) == asks.get(-3, 0)
    both = bool(bid_rows and ask_rows)
    assert book.crossed == (both and bid_rows[0][0] > ask_rows[0][0])
    assert book.locked == (both and bid_rows[0][0] == ask_rows[0][0])


@given(CHANGES, CHANGES, STEPS, st.sampled_from([0, 3, 64]))
def test_levels_are_those_of_a_plain_dictionary(
    bids: Pairs, asks: Pairs, steps: list[tuple[Pairs, Pairs, int]], many: int
) -> None:
    book = DepthBook()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book_side, "_MANY", many)
        assert book.snapshot(once(bids), once(asks)) is UpdateOutcome.APPLIED
        own = tuple({px: size for px, size in side if size} for side in (once(bids), once(asks)))
        agrees(book, *own)
        missed = 0
        for changed_bids, changed_asks, kind in steps:
            version = book.version
            if kind:
                given_asks: Any = changed_asks
                if kind > 4:
                    given_asks = np.array(changed_asks, np.int64).reshape(-1, 2)
                assert book.update(changed_bids, given_asks) is UpdateOutcome.APPLIED
                missed += naive_put(own[0], changed_bids) + naive_put(own[1], changed_asks)
            else:
                book.clear()
                own[0].clear()
                own[1].clear()
            agrees(book, *own)
            assert book.missed == missed
            assert book.version > version
            assert not book.stale


@given(
    st.integers(0, 30),
    st.lists(st.integers(1, 4), min_size=1, max_size=12),
    st.data(),
    st.booleans(),
)
def test_every_lost_update_is_noticed_until_the_next_picture(
    base: int, widths: list[int], data: st.DataObject, tells_previous: bool
) -> None:
    """A venue numbers its updates; some are lost; pictures come at any time, late or early."""
    updates: list[tuple[Pairs, int, int, int | None]] = []
    number = base
    truth: list[tuple[int, dict[int, int]]] = [(base, {})]
    for width in widths:
        first, previous, number = number + 1, number, number + width
        pairs = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=3))
        levels = dict(truth[-1][1])
        naive_put(levels, pairs)
        truth.append((number, levels))
        updates.append((pairs, first, number, previous if tells_previous else None))
    book = DepthBook()
    numbered = dict(truth)
    for position, (pairs, first, last, told) in enumerate(updates):
        if data.draw(st.integers(0, 3)):
            before, was_live = book.sequence, book.state is BookState.LIVE
            taken = book.update(pairs, first=first, last=last, previous=told)
            if was_live:
                joined = before == first - 1
                assert taken is (UpdateOutcome.APPLIED if joined else UpdateOutcome.GAP)
            else:
                assert taken is UpdateOutcome.HELD
        if not data.draw(st.integers(0, 3)):
            at, levels = truth[data.draw(st.integers(0, position + 1))]
            book.snapshot(list(levels.items()), [], at)
        if book.state is BookState.LIVE:
            assert book.sequence is not None
            agrees(book, numbered[book.sequence], {})
        assert book.stale == (book.state is not BookState.LIVE)


def test_updates_before_the_picture_wait_for_it() -> None:
    book = DepthBook()
    assert book.state is BookState.EMPTY
    assert book.update([(5, 1)], last=7) is UpdateOutcome.HELD
    assert book.update([(5, 2), (4, 9)], first=8, last=10) is UpdateOutcome.HELD
    assert book.update([(4, 0)], first=11, last=12) is UpdateOutcome.HELD
    assert len(book.bids().size) == 0
    assert book.snapshot([(5, 8), (3, 3)], [(6, 1)], 9) is UpdateOutcome.APPLIED
    assert (book.sequence, book.best_bid, book.bid_size(4)) == (12, BookLevel(5, 2), 0)
    assert book.update([(5, 0)], last=12) is UpdateOutcome.OLD
    assert book.update([(5, 0)], last=13) is UpdateOutcome.APPLIED
    assert book.best_bid == BookLevel(3, 3)
    assert book.snapshot([], [], 12) is UpdateOutcome.OLD
    assert book.best_bid == BookLevel(3, 3)


def test_a_gap_leaves_the_levels_and_says_stale() -> None:
    book = DepthBook()
    book.snapshot([(5, 8)], [(6, 1)], 100)
    assert book.update([(5, 9)], first=103, last=104, previous=100) is UpdateOutcome.APPLIED
    version = book.version
    assert book.update([(5, 1)], first=120, last=121, previous=119) is UpdateOutcome.GAP
    assert (book.stale, book.state, book.best_bid) == (True, BookState.STALE, BookLevel(5, 9))
    assert book.version > version
    assert book.update([(5, 2)], first=122, last=122, previous=121) is UpdateOutcome.HELD
    assert book.snapshot([(5, 7)], [], 110) is UpdateOutcome.GAP
    assert (book.state, book.best_bid) == (BookState.STALE, BookLevel(5, 7))
    assert book.snapshot([(5, 6)], [], 121) is UpdateOutcome.APPLIED
    assert (book.state, book.best_bid, book.sequence) == (BookState.LIVE, BookLevel(5, 2), 122)


def test_a_feed_without_numbers() -> None:
    book = DepthBook()
    assert book.update([(5, 1)]) is UpdateOutcome.IGNORED
    book.clear()
    assert book.update([(5, 1)], [(7, 3)]) is UpdateOutcome.APPLIED
    assert (book.state, book.spread_ticks) == (BookState.LIVE, 2)
    book.lose()
    assert (book.state, book.best_bid) == (BookState.STALE, BookLevel(5, 1))
    assert book.update([(5, 2)]) is UpdateOutcome.IGNORED
    assert book.best_bid == BookLevel(5, 1)
    book.clear()
    agrees(book, {}, {})
    assert not book.stale


def test_what_waits_is_kept_as_it_was_given() -> None:
    book = DepthBook()
    reused: Any = [[5, 1]]
    number: Any = np.int64(8)
    book.update(reused, last=number)
    reused[0][1] = 9
    reused.clear()
    book.snapshot([], [], 7)
    assert (book.best_bid, book.sequence) == ((5, 1), 8)


def test_a_crossed_book_is_shown_as_it_was_told() -> None:
    book = DepthBook()
    book.snapshot([(5, 1)], [(6, 2)])
    assert (book.crossed, book.locked) == (False, False)
    book.update([(6, 1)])
    assert (book.crossed, book.locked, book.spread_ticks) == (False, True, 0)
    book.update([(7, 4)])
    assert (book.crossed, book.locked, book.spread_ticks) == (True, False, -1)
    assert (book.best_bid, book.best_ask) == (BookLevel(7, 4), BookLevel(6, 2))
    book.update([(7, 0), (6, 0)])
    assert (book.crossed, book.locked) == (False, False)


def test_figures() -> None:
    book = DepthBook()
    assert (book.mid(), book.microprice(), book.imbalance(), book.spread_ticks) == (None,) * 4
    book.snapshot([(100, 30), (99, 10)], [])
    assert (book.mid(), book.microprice(), book.imbalance()) == (None, None, 1.0)
    book.update([], [(101, 10), (103, 70)])
    assert (book.mid(), book.microprice()) == (100.5, 100.75)
    assert (book.imbalance(), book.imbalance(2), book.imbalance(None)) == (
        0.5,
        -40 / 120,
        -40 / 120,
    )


def test_old_updates_are_let_go_when_a_picture_is_long_in_coming() -> None:
    book = DepthBook()
    for number in range(1, 1_102):
        book.update([(number, 1)], last=number)
    assert book.snapshot([], [], 50) is UpdateOutcome.GAP
    assert book.snapshot([], [], 101) is UpdateOutcome.APPLIED
    assert (len(book.bids().size), book.sequence) == (1_000, 1_101)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda b: b.update([(2**31, 1)]), "price of bids row 0 is 2147483648: outside"),
        (lambda b: b.update([], [(1, 1), (-(2**31) - 1, 1)]), "price of asks row 1 is -2147483649"),
        (lambda b: b.update([(1, 1), (2, -1)]), "size of bids row 1 is -1: 0 or more"),
        (lambda b: b.update([(1, 2**31)]), "size of bids row 0 is 2147483648: outside"),
        (lambda b: b.update([(1.0, 1)]), "price of bids row 0 is 1.0: give whole numbers"),
        (lambda b: b.update([(1, float("nan"))]), "size of bids row 0 is nan: give whole"),
        (lambda b: b.update([(1, None)]), "size of bids row 0 is None: give whole"),
        (lambda b: b.update([1, 2]), "bids row 0 is 1: give price and size"),
        (lambda b: b.update([(1, 2, 3)]), r"bids row 0 is \(1, 2, 3\)"),
        (lambda b: b.update(np.array([[1.5, 2.0]])), "price of bids is float64"),
        (
            lambda b: b.update(np.array([[1, 2], [2**40, 1]])),
            "price of bids row 1 is 1099511627776",
        ),
        (lambda b: b.update(np.array([[1, 2], [2, -7]])), "size of bids row 1 is -7"),
        (lambda b: b.update(np.array([1, 2])), r"bids have the shape \(2,\)"),
        (lambda b: b.snapshot([(5, 1), (4, 1), (5, 2)], []), "bids row 2 has the price 5 again"),
        (lambda b: b.snapshot([], [(5, 1), (6, -1)], 9), "size of asks row 1 is -1"),
        (lambda b: b.update([(1, 1)], first=9, last=8), "from 9 to 8 after 8 runs backwards"),
        (lambda b: b.update([(1, 1)], last=8, previous=8), "from 8 to 8 after 8 runs backwards"),
        (lambda b: b.update([(1, 1)], last=float("nan")), "Update number nan is not possible"),
        (lambda b: b.snapshot([], [], 1.5), "Update number 1.5 is not possible"),
        (lambda b: b.update([(1, 1)], first=9), "without its last number"),
        (lambda b: b.update([(1, 1)]), "without its last number"),
        (lambda b: b.ladder(5, 4), "A ladder from 5 to 4"),
        (lambda b: b.ladder(0, 2_000_000), "at most 1000000 ticks"),
        (lambda b: b.bids(-1), "The best -1 levels"),
    ],
)
def test_refusals_say_what_and_change_nothing(call: Any, said: str) -> None:
    book = DepthBook()
    book.snapshot([(5, 8)], [(6, 1)], 7)
    version = book.version
    with pytest.raises(InputError, match=said):
        call(book)
    agrees(book, {5: 8}, {6: 1})
    assert (book.version, book.sequence, book.state) == (version, 7, BookState.LIVE)


def test_whole_numbers_of_other_types_are_taken() -> None:
    book = DepthBook()
    given: Any = [(np.int16(5), np.uint8(8))]
    book.snapshot(given, [])
    assert book.best_bid == (5, 8)
    assert [type(value) for value in book.best_bid or ()] == [int, int]
    assert issubclass(BatchError, InputError)
