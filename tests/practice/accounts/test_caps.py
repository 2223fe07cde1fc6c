"""Position caps, weights of micros, the scaling plan and its grace."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from tests.practice.accounts.desk import ES, MES, MNQ, NQ, MemoryDesk, chicago

from tradedesk.domain.order import Side
from tradedesk.practice.accounts.limits import lots_allowed
from tradedesk.practice.accounts.rules import RuleBook, load_rules

BUY, SELL = Side.BUY, Side.SELL


def changed(kind: str, **values: object) -> RuleBook:
    """The shipped rules with one kind changed."""
    book = load_rules()
    rules = msgspec.structs.replace(book.kinds[kind], **values)
    return msgspec.structs.replace(book, kinds={kind: rules})


def test_micros_count_a_tenth_and_products_add_up_whatever_their_direction() -> None:
    """Long 3 ES and short 15 MNQ are 4.5 lots of 5: half a lot is left, which is 5 MES."""
    desk = MemoryDesk("combine-50k")
    assert desk.trade(ES, BUY, 3) is None
    assert desk.trade(MNQ, SELL, 15) is None
    refusal = desk.trade(NQ, BUY, 1)
    assert refusal is not None
    assert refusal.code == 2
    assert refusal.message == (
        "Order rejected: maximum position size exceeded. "
        "The account may hold 5 lots; with this order it could hold 5.5."
    )
    assert desk.trade(MES, BUY, 6) is not None
    assert desk.trade(MES, BUY, 5) is None
    assert desk.trade(MES, BUY, 1) is not None
    assert desk.net(MES) == 5


@pytest.mark.parametrize(("kind", "minis"), [("50k", 5), ("100k", 10), ("150k", 15)])
def test_the_caps_of_combines(kind: str, minis: int) -> None:
    for contract, size in ((ES, minis), (MES, 10 * minis)):
        desk = MemoryDesk(f"combine-{kind}")
        assert desk.trade(contract, BUY, size + 1) is not None
        assert desk.trade(contract, BUY, size) is None


def test_working_orders_count_on_the_side_on_which_they_would_add() -> None:
    """2 held and 2 working buys leave one; sells may still go down to 5 short, 7 in all."""
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 2)
    assert desk.rest(ES, BUY, 2) is None
    assert desk.rest(ES, BUY, 2) is not None
    assert desk.rest(ES, BUY, 1) is None
    assert desk.rest(ES, SELL, 8) is not None
    assert desk.rest(ES, SELL, 7) is None
    assert desk.rest(ES, SELL, 3) is not None


def test_exits_are_never_refused_by_a_cap() -> None:
    """A stop and a target of five each cover the position twice; a market exit still goes."""
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5)
    assert desk.rest(ES, SELL, 5) is None
    assert desk.rest(ES, SELL, 5) is None
    assert desk.trade(ES, SELL, 5) is None
    assert desk.net(ES) == 0


def test_legs_of_brackets_are_no_entries() -> None:
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5)
    desk.rest(ES, SELL, 5, parent_id=1)
    desk.rest(ES, SELL, 5, parent_id=1)
    assert desk.trade(ES, SELL, 10) is None  # turned round to five short
    assert desk.net(ES) == -5


def test_working_orders_need_not_count() -> None:
    desk = MemoryDesk("combine-50k", book=changed("combine-50k", caps_count_working=False))
    assert desk.rest(ES, BUY, 5) is None
    assert desk.rest(ES, BUY, 5) is None
    assert desk.rest(ES, BUY, 6) is not None


def test_an_order_that_adds_nothing_is_taken_even_above_the_cap() -> None:
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5)
    desk.rest(NQ, BUY, 1, parent_id=1)
    desk.fill(desk.orders[desk.id][-1])  # six lots, by an orphaned leg
    assert desk.rules.refusal(desk.id, ES, SELL, 7) is None
    assert desk.rules.refusal(desk.id, MES, BUY, 1) is not None


def test_a_position_above_the_cap_is_closed_after_ten_seconds() -> None:
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5)
    desk.rest(NQ, BUY, 1, parent_id=1)
    desk.fill(desk.orders[desk.id][-1])
    now_ns = desk.now_ns()
    desk.advance(now_ns + 9_999_999_999)
    assert (desk.net(ES), desk.net(NQ)) == (5, 1)
    desk.advance(now_ns + 10_000_000_000)
    assert (desk.net(ES), desk.net(NQ)) == (0, 0)
    assert desk.rules.can_trade(desk.id)


def test_a_position_brought_down_in_time_stays() -> None:
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5)
    desk.rest(NQ, BUY, 1, parent_id=1)
    desk.fill(desk.orders[desk.id][-1])
    desk.trade(ES, SELL, 1)
    desk.advance(desk.now_ns() + 60_000_000_000)
    assert (desk.net(ES), desk.net(NQ), desk.liquidated) == (4, 1, [])


def test_the_scaling_plan_steps_at_the_end_of_the_day_only() -> None:
    """Two lots until a day ends at 1,500.00 or more; a day that loses takes the step back.

    Day 1: 2 ES, +61 ticks: 61 × 25.00 = 1,525.00 − 5.60 = 1,519.40: three lots from 17:00 on.
    Day 2: 3 ES, −2 ticks: −75.00 − 8.40: 1,436.00: two lots again.
    """
    desk = MemoryDesk("express-50k")
    assert desk.trade(ES, BUY, 3, 20_000) is not None
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_061)
    assert desk.balance == Decimal("1519.40")
    assert desk.trade(ES, BUY, 3) is not None
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.trade(ES, BUY, 4) is not None
    assert desk.trade(ES, BUY, 3, 20_000) is None
    desk.trade(ES, SELL, 3, 19_998)
    assert desk.balance == Decimal("1436.00")
    assert desk.trade(ES, BUY, 3) is None  # still the step of the morning
    desk.trade(ES, SELL, 3)
    desk.advance(2026, 10, 6, 17, 0)
    assert desk.trade(ES, BUY, 3) is not None
    assert desk.trade(MES, BUY, 20) is None


@pytest.mark.parametrize(
    ("kind", "ladder"),
    [
        ("50k", {"-1": 2, "0": 2, "1499.99": 2, "1500": 3, "2000": 3, "2000.01": 5, "9999": 5}),
        ("100k", {"0": 3, "1500": 4, "2000": 4, "2000.01": 5, "3000.01": 10, "99999": 10}),
        ("150k", {"0": 3, "1500": 4, "2000.01": 5, "3000.01": 10, "4500": 10, "4500.01": 15}),
    ],
)
def test_the_ladders(kind: str, ladder: dict[str, int]) -> None:
    rules = load_rules().kinds[f"express-{kind}"]
    assert {profit: lots_allowed(rules, Decimal(profit)) for profit in ladder} == ladder


def test_a_step_down_with_a_position_kept_overnight_has_the_same_grace() -> None:
    """Around-the-clock hours keep three lots over 17:00, when two are allowed again."""
    desk = MemoryDesk("express-50k")
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_061)
    desk.advance(2026, 10, 5, 17, 0)
    desk.trade(ES, BUY, 3, 20_000)
    desk.trade(ES, SELL, 3, 19_998)
    assert desk.trade(ES, BUY, 3) is None
    desk.advance(2026, 10, 6, 17, 0)
    assert desk.net(ES) == 3
    desk.advance(chicago(2026, 10, 6, 17, 0) + 10_000_000_000)
    assert desk.net(ES) == 0
