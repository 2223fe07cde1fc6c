"""Whatever is traded, the floor behaves and the running equity is the true one."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.practice.accounts.desk import CONTRACTS, MemoryDesk

from tradedesk.domain.errors import InputError
from tradedesk.domain.order import Side

HOUR = 3_600_000_000_000
NAMES = ["ES", "NQ", "MES", "MNQ", "CL"]

trades = st.tuples(
    st.just("trade"), st.sampled_from(NAMES), st.sampled_from(list(Side)), st.integers(1, 6)
)
marks = st.tuples(
    st.just("mark"), st.sampled_from(NAMES), st.just(Side.BUY), st.integers(-120, 120)
)
waits = st.tuples(st.just("wait"), st.just("ES"), st.just(Side.BUY), st.integers(1, 30))
payouts = st.tuples(st.just("pay"), st.just("ES"), st.just(Side.BUY), st.integers(1, 400))
steps = st.lists(st.one_of(trades, marks, marks, waits, payouts), max_size=60)
kinds = st.sampled_from(
    ["combine-50k", "combine-50k:daily-loss", "express-50k", "express-150k:daily-loss"]
)


def true_equity(desk: MemoryDesk) -> Decimal:
    """Balance and, position by position, what closing at the last price would bring."""
    total = desk.balance
    for row in desk.ledgers[desk.id].positions():
        value = row.contract.product.tick_value * desk.last(row.contract) * abs(row.net)
        total += value - row.cost if row.net > 0 else row.cost - value
    return total


@settings(max_examples=300, deadline=None)
@given(kinds, steps)
def test_the_floor_never_falls_and_never_exceeds_the_start(
    kind: str, steps: list[tuple[str, str, Side, int]]
) -> None:
    desk = MemoryDesk(kind)
    start = desk.accounts[0].rules.start_balance
    floors = [desk.floor]
    failed = False
    for what, symbol, side, number in steps:
        contract = CONTRACTS[symbol]
        if what == "trade":
            desk.trade(contract, side, number)
        elif what == "mark":
            desk.mark(contract, desk.last(contract) + number)
        elif what == "wait":
            desk.advance(desk.now_ns() + number * HOUR)
        else:
            before = desk.balance
            try:
                desk.rules.pay_out(desk.id, Decimal(number))
            except InputError:
                assert desk.balance == before
            else:
                assert (desk.balance, desk.floor) == (before - number, start)
        floor, standing = desk.floor, desk.rules.standing(desk.id)
        assert floor is not None
        assert floors[-1] is not None
        assert floors[-1] <= floor <= start
        floors.append(floor)
        assert standing.equity == true_equity(desk)
        assert standing.equity > floor or not standing.can_trade
        if failed:
            assert not standing.can_trade
        failed = failed or "maximum loss" in str(standing.reason)
        if not standing.can_trade:
            assert desk.ledgers[desk.id].positions() == []
