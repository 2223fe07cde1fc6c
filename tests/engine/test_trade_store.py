"""The trade store: other trades from a row on, room, and what readers hold."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import ALL_SPECS, Trade, batch_of, cuts_of, naive_bars, tapes

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError
from tradedesk.engine import TradeStore, aggregate
from tradedesk.engine import trade_store as trade_store_module


@given(
    st.data(),
    tapes(max_size=50),
    st.sampled_from(ALL_SPECS),
    st.sampled_from([0, 3, 16]),
    st.sampled_from([2, 131_072]),
)
def test_bars_are_those_of_all_trades_however_they_came(
    data: st.DataObject, trades: list[Trade], spec: BarSpec, few: int, piece: int
) -> None:
    store = TradeStore()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trade_store_module, "_FEW", few)
        patch.setattr(trade_store_module, "_PIECE", piece)
        for begin, end in itertools.pairwise(data.draw(cuts_of(len(trades)))):
            store.append(batch_of(trades[begin:end]))
            if data.draw(st.booleans()):
                store.reserve(data.draw(st.integers(0, 5_000)))
            assert list(store.bars(spec)) == naive_bars(trades[:end], spec)
    assert store.bars(spec) == aggregate(batch_of(trades), spec)
    assert store.trades == batch_of(trades)
    assert store.revision == 0


@given(st.data(), tapes(max_size=30), tapes(max_size=30), st.sampled_from(ALL_SPECS))
def test_other_trades_from_a_row_on(
    data: st.DataObject, trades: list[Trade], others: list[Trade], spec: BarSpec
) -> None:
    store = TradeStore()
    store.append(batch_of(trades))
    held = store.trades
    row = data.draw(st.integers(0, len(trades)))
    if others and row and others[0][0] < trades[row - 1][0]:
        with pytest.raises(BatchError, match="older than the newest trade kept"):
            store.rewrite(row, batch_of(others))
        expected, revision = trades, 0
    else:
        store.rewrite(row, batch_of(others))
        expected, revision = trades[:row] + others, 1
    assert store.trades == batch_of(expected)
    assert held == batch_of(trades)
    assert store.revision == revision
    assert list(store.bars(spec)) == naive_bars(expected, spec)
    newest = expected[-1][0] if expected else 0
    more = [(newest + 1, 3, 2, 1), (newest + 2, 4, 0, 0)]
    store.append(batch_of(more))
    assert list(store.bars(spec)) == naive_bars(expected + more, spec)
    assert held == batch_of(trades)


@pytest.mark.parametrize("row", [-1, 3])
def test_a_row_that_is_not_there_is_refused(row: int) -> None:
    store = TradeStore()
    trades = batch_of([(1, 1, 1, 1), (2, 2, 2, 2)])
    store.append(trades)
    with pytest.raises(BatchError, match=f"There is no row {row} in a store of 2 trades"):
        store.rewrite(row, batch_of([]))
    assert store.trades == trades
    assert store.revision == 0


def test_room_that_is_there_is_used() -> None:
    store = TradeStore()
    store.reserve(10)
    before = store.nbytes
    store.reserve(1_024)
    assert store.nbytes == before
    store.reserve(5_000)
    assert store.nbytes == 44 * 5_000 + 3 * 8
    store.append(batch_of([(row, 1, 1, 0) for row in range(5_000)]))
    assert store.nbytes == 44 * 5_000 + 3 * 8


@given(st.data(), tapes(max_size=120), st.sampled_from(ALL_SPECS), st.integers(1, 40))
def test_columns_that_grow_by_pieces_hold_what_was_added(
    data: st.DataObject, trades: list[Trade], spec: BarSpec, least: int
) -> None:
    held = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trade_store_module, "_SMALLEST", 6)
        patch.setattr(trade_store_module, "_MOVED_LEAST", least)
        patch.setattr(trade_store_module, "_MOVED_EACH", data.draw(st.sampled_from([0, 64])))
        store = TradeStore()
        row = 0
        while row < len(trades):
            stop = row + data.draw(st.integers(1, 9))
            store.append(batch_of(trades[row:stop]))
            row = min(stop, len(trades))
            held.append(store.trades)
            act = data.draw(st.sampled_from(["nothing", "nothing", "reserve", "rewrite"]))
            if act == "reserve":
                store.reserve(data.draw(st.integers(0, 100)))
            elif act == "rewrite":
                at = data.draw(st.integers(0, row))
                store.rewrite(at, batch_of(trades[at:row]))
            assert list(store.bars(spec)) == naive_bars(trades[:row], spec)
    assert store.trades == batch_of(trades)
    for then in held:
        assert then == batch_of(trades[: len(then)])


def test_a_live_feed_never_waits_for_all_columns_to_be_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = []
    monkeypatch.setattr(trade_store_module, "_moved", lambda *given: moved.append(given))
    store = TradeStore()
    trades = [(row, row % 7, 2, 1) for row in range(20_000)]
    most = 0
    for row in range(0, len(trades), 5):
        before = store.nbytes
        store.append(batch_of(trades[row : row + 5]))
        most = max(most, store.nbytes - before)
    assert moved == []
    assert store.trades == batch_of(trades)
    # Never more than one column of eight bytes a trade, with half as much room again, came at once.
    assert most <= 8 * (len(trades) * 3 // 2 + 1)


def test_a_load_of_known_length_grows_nothing() -> None:
    store = TradeStore()
    store.reserve(6_000)
    for begin in range(0, 6_000, 2_000):
        store.append(batch_of([(row, 1, 1, 0) for row in range(begin, begin + 2_000)]))
    assert store.nbytes == 44 * 6_000 + 3 * 8
