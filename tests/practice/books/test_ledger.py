"""Positions, profit, fees and balance against the naive sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.order import Side
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.products import PRODUCTS, active_contract

CONTRACTS = {p.symbol: active_contract(p, date(2026, 11, 22)) for p in PRODUCTS}
START = Decimal(150_000)

fills = st.lists(
    st.tuples(
        st.sampled_from(["MNQ", "ES", "CL"]),
        st.sampled_from(list(Side)),
        st.integers(1, 7),
        st.integers(20_000, 20_400),
    ),
    max_size=60,
)


def ledger() -> Ledger:
    return Ledger(1, START, 1, 1)


@given(fills)
def test_balance_is_start_plus_profit_minus_fees(fills: list[tuple[str, Side, int, int]]) -> None:
    book = ledger()
    for number, (symbol, side, size, px) in enumerate(fills):
        book.fill(CONTRACTS[symbol], number, side, size, px, number)
    profit = sum((trade.pnl or Decimal(0) for trade in book.trades), Decimal(0))
    fees = sum((CONTRACTS[s].product.fee * size for s, _, size, _ in fills), Decimal(0))
    assert book.balance == START + profit - fees
    assert fees == sum((trade.fees for trade in book.trades), Decimal(0))


@given(fills)
def test_netting_equals_the_naive_sums(fills: list[tuple[str, Side, int, int]]) -> None:
    """Money in and out plus what the open position cost is the profit that was booked."""
    book = ledger()
    for number, (symbol, side, size, px) in enumerate(fills):
        book.fill(CONTRACTS[symbol], number, side, size, px, number)
    for symbol, contract in CONTRACTS.items():
        mine = [(side, size, px) for s, side, size, px in fills if s == symbol]
        net = sum(size * side.sign for side, size, _ in mine)
        money = -sum(size * side.sign * px for side, size, px in mine) * contract.product.tick_value
        booked = sum(
            (t.pnl or Decimal(0) for t in book.trades if t.contract is contract), Decimal(0)
        )
        row = book.position(contract.contract_id)
        assert (row.net if row else 0) == net
        cost = row.cost * (1 if row.net > 0 else -1) if row else Decimal(0)
        assert booked == money + cost


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(20_000, 20_400)), min_size=1, max_size=8))
def test_average_of_a_growing_position_is_size_weighted(lots: list[tuple[int, int]]) -> None:
    book, contract = ledger(), CONTRACTS["MNQ"]
    for number, (size, px) in enumerate(lots):
        _, row = book.fill(contract, number, Side.SELL, size, px, number)
    total = sum(size for size, _ in lots)
    expected = Decimal(sum(size * px for size, px in lots)) / total * Decimal("0.25")
    assert row.net == -total
    assert abs(row.average - expected) < Decimal("1e-20")


def test_profit_is_null_on_the_opening_half_and_gross_on_the_closing_one() -> None:
    book, contract = ledger(), CONTRACTS["MNQ"]
    opening, _ = book.fill(contract, 1, Side.BUY, 2, 99_801, 0)
    closing, row = book.fill(contract, 2, Side.SELL, 2, 99_833, 1)
    assert (opening.pnl, opening.fees) == (None, Decimal("0.74"))
    assert (closing.pnl, closing.fees) == (Decimal(32), Decimal("0.74"))
    assert (row.net, book.positions()) == (0, [])
    assert book.balance == START + 32 - Decimal("1.48")


def test_a_reversal_keeps_the_row_and_opens_at_the_new_price() -> None:
    book, contract = ledger(), CONTRACTS["ES"]
    _, first = book.fill(contract, 1, Side.BUY, 1, 24_000, 0)
    trade, row = book.fill(contract, 2, Side.SELL, 3, 24_010, 5)
    assert row is first
    assert (row.net, row.average, row.opened_ns) == (-2, Decimal("6002.50"), 5)
    assert (trade.pnl, trade.size, trade.fees) == (Decimal(125), 3, Decimal("4.20"))


def test_thirds_of_a_cent_do_not_get_lost() -> None:
    book, contract = ledger(), CONTRACTS["CL"]
    for px in (7_000, 7_000, 7_001):
        book.fill(contract, 1, Side.BUY, 1, px, 0)
    pnl = [book.fill(contract, 2, Side.SELL, 1, 7_001, 0)[0].pnl for _ in range(3)]
    assert pnl == [Decimal("6.67"), Decimal("6.66"), Decimal("6.67")]
