"""What a batch of trades accepts, refuses and shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.naive import Trade, batch_of, tapes

from tradedesk.domain.errors import BatchError
from tradedesk.engine import TradeBatch, TradeStore
from tradedesk.engine.column import CHECK_ROWS

GOOD: dict[str, Any] = {
    "ts_ns": [10, 10, 20],
    "px_ticks": [-5, 7, 2**31 - 1],
    "qty": [0, 3, 2**31 - 1],
    "buy_qty": [0, 3, 1],
}


def test_columns_get_their_types() -> None:
    batch = TradeBatch(**GOOD)
    types = [getattr(batch, name).dtype for name in GOOD]
    assert types == [np.int64, np.int32, np.int32, np.int32]
    assert len(batch) == 3
    assert batch == batch_of([(10, -5, 0, 0), (10, 7, 3, 3), (20, 2**31 - 1, 2**31 - 1, 1)])
    assert batch != batch[:2]
    assert batch != GOOD


def test_right_arrays_are_shared_and_read_only() -> None:
    px = np.array([1, 2, 3], np.int32)
    batch = TradeBatch(np.array([1, 2, 3]), px, px, px)
    assert np.shares_memory(batch.px_ticks, px)
    with pytest.raises(ValueError, match="read-only"):
        batch.px_ticks[0] = 9
    px[0] = 1
    assert np.shares_memory(batch[1:].px_ticks, px)


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("ts_ns", [10, 9, 20], "ts_ns row 1 is 9, older than row 0"),
        ("ts_ns", [10.0, 11.0, 12.0], "ts_ns is float64"),
        ("px_ticks", [1, float("nan"), 3], "px_ticks is float64"),
        ("px_ticks", [1, 2, 2**31], "px_ticks row 2 is 2147483648: outside the range of int32"),
        ("px_ticks", [1, -(2**31) - 1, 3], "px_ticks row 1 is -2147483649"),
        ("px_ticks", [True, False, True], "px_ticks is bool"),
        ("px_ticks", ["1", "2", "3"], "px_ticks is <U1"),
        ("px_ticks", [[1, 2, 3]], "px_ticks has 2 dimensions"),
        ("px_ticks", [1, 2], "ts_ns 3, px_ticks 2, qty 3, buy_qty 3"),
        ("qty", [0, 3, -1], "qty row 2 is -1"),
        ("qty", np.array([0, 3, 2**40], np.uint64), "qty row 2 is 1099511627776"),
        ("buy_qty", [0, -1, 0], "buy_qty row 1 is -1"),
        ("buy_qty", [0, 4, 0], "buy_qty row 1 is 4, more than the qty 3"),
        ("buy_qty", [None, None, None], "buy_qty is object"),
    ],
)
def test_refusals_name_row_and_value(column: str, values: Any, said: str) -> None:
    with pytest.raises(BatchError, match=said):
        TradeBatch(**(GOOD | {column: values}))


FIGURES = st.one_of(
    st.integers(-2, 9),
    st.sampled_from([2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63 - 1, -(2**63)]),
    st.sampled_from([True, 1.0, "1", None, np.int32(3)]),
)


def outcome(columns: list[Any], kind: type) -> tuple[object, ...]:
    """The types and values of the columns, or why there are none."""
    try:
        batch = TradeBatch(*map(kind, columns))
    except BatchError as error:
        return (str(error),)
    own = [getattr(batch, name) for name in TradeBatch.__slots__]
    shapes = [(c.dtype, c.flags.writeable, c.flags.c_contiguous, c.shape) for c in own]
    return (*shapes, *(c.tolist() for c in own))


@given(st.data(), st.integers(0, 5), st.integers(0, 3))
def test_lists_of_a_few_trades_are_taken_as_all_others(
    data: st.DataObject, rows: int, spoilt: int
) -> None:
    """Tuples are always looked at as arrays, lists of a few trades as lists."""
    qty = data.draw(st.lists(st.integers(0, 2**31 - 1), min_size=rows, max_size=rows))
    columns: list[list[Any]] = [
        sorted(data.draw(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=rows, max_size=rows))),
        data.draw(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=rows, max_size=rows)),
        qty,
        [data.draw(st.integers(0, lots)) for lots in qty],
    ]
    for _ in range(spoilt):
        column = data.draw(st.sampled_from(columns))
        at = data.draw(st.integers(0, len(column)))
        column[at : at + data.draw(st.integers(0, 1))] = [data.draw(FIGURES)]
    assert outcome(columns, list) == outcome(columns, tuple)


@pytest.mark.parametrize("row", [1, CHECK_ROWS - 1, CHECK_ROWS, CHECK_ROWS + 1, 3 * CHECK_ROWS - 1])
@pytest.mark.parametrize("column", ["ts_ns", "qty", "buy_qty"])
def test_a_single_bad_row_is_found_anywhere(row: int, column: str) -> None:
    rows = 3 * CHECK_ROWS
    columns = {name: np.arange(rows) for name in GOOD}
    TradeBatch(**columns)
    columns[column][row] = -1 if column != "buy_qty" else rows
    with pytest.raises(BatchError, match=f"{column} row {row} is "):
        TradeBatch(**columns)


@given(tapes(), st.data())
def test_concat_undoes_slicing(trades: list[Trade], data: st.DataObject) -> None:
    batch = batch_of(trades)
    cut = data.draw(st.integers(0, len(trades)))
    assert TradeBatch.concat([batch[:cut], TradeBatch.empty(), batch[cut:]]) == batch
    assert batch[::2] == batch_of(trades[::2])
    assert list(batch.rows()) == trades


def test_time_cannot_be_turned_round() -> None:
    batch = TradeBatch(**GOOD)
    with pytest.raises(BatchError, match="step -1"):
        batch[::-1]
    with pytest.raises(BatchError, match="A batch starting at 10 follows one ending at 20"):
        TradeBatch.concat([batch, batch])
    assert TradeBatch.concat([]) == TradeBatch.empty()


@given(st.lists(tapes(max_size=30), max_size=4))
def test_store_keeps_what_is_appended(parts: list[list[Trade]]) -> None:
    store = TradeStore()
    kept: list[Trade] = []
    for part in parts:
        held = store.trades
        before = list(kept)
        if part and kept and part[0][0] < kept[-1][0]:
            with pytest.raises(BatchError, match="older than the newest trade kept"):
                store.append(batch_of(part))
        else:
            store.append(batch_of(part))
            kept += part
        assert store.trades == batch_of(kept)
        assert held == batch_of(before)
        assert len(store) == len(kept)


def test_store_views_survive_growth() -> None:
    store = TradeStore()
    rows = 700
    for step in range(10):
        ts_ns = np.arange(rows) + step * rows
        store.append(TradeBatch(ts_ns, ts_ns, ts_ns, ts_ns))
        if step == 0:
            early = store.trades
    assert early.ts_ns.tolist() == list(range(rows))
    assert store.trades.ts_ns.tolist() == list(range(10 * rows))
    with pytest.raises(ValueError, match="read-only"):
        store.trades.qty[0] = 1


def test_repr_says_how_much_and_when() -> None:
    assert repr(TradeBatch.empty()) == "TradeBatch(0 trades)"
    assert repr(TradeBatch(**GOOD)) == "TradeBatch(3 trades, 10 to 20)"
