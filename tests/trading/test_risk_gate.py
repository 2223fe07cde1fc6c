"""The gate against a plain restatement of its rules, and that it never stands in the way out."""

from __future__ import annotations

import timeit
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ

from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules
from tradedesk.trading.gate import Exposure, Standing, is_exit, refuse
from tradedesk.trading.pace import Pace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SIZES = st.integers(1, 30)
TICKS = st.none() | st.integers(1, 60)


def _price(kinds: set[OrderType], kind: OrderType, away: int) -> int | None:
    return LAST + away if kind in kinds else None


@st.composite
def orders(draw: st.DrawFn) -> PlaceOrder:
    kind = draw(st.sampled_from([OrderType.MARKET, OrderType.LIMIT, OrderType.STOP]))
    away = draw(st.integers(-20_000, 20_000))
    return PlaceOrder(
        click_id=draw(st.text(max_size=3)),
        press_ns=draw(st.integers(0, 10**12)),
        account_id=ACCOUNT,
        contract_id=MNQ.contract_id,
        side=draw(st.sampled_from(Side)),
        type=kind,
        size=draw(SIZES),
        limit_ticks=_price({OrderType.LIMIT}, kind, away),
        stop_ticks=_price({OrderType.STOP}, kind, away),
        stop_loss_ticks=draw(TICKS),
        take_profit_ticks=draw(TICKS),
        reference_ticks=draw(st.none() | st.just(LAST)),
    )


ANY_RULES: SearchStrategy[RiskRules] = st.builds(
    RiskRules,
    max_order_size=st.integers(0, 20),
    max_position_size=st.integers(0, 30),
    price_band_percent=st.integers(0, 30),
    min_bracket_ticks=st.integers(1, 40),
    max_click_age_s=st.floats(0, 5),
    repeat_guard_ms=st.integers(0, 500),
    orders_per_10_s=st.integers(0, 5),
    daily_loss=st.none() | st.integers(1, 100).map(Decimal),
)
ANY_STANDING: SearchStrategy[Standing] = st.builds(
    Standing,
    exposure=st.builds(
        Exposure,
        net_size=st.integers(-30, 30),
        buying=st.integers(0, 20),
        selling=st.integers(0, 20),
    ),
    closed=st.sampled_from(["", "You locked trading until 17:00."]),
    click_age_s=st.floats(0, 10),
    may_trade=st.booleans(),
    lost=st.sampled_from(["", "td1-a"]),
    repeat_ms=st.none() | st.floats(0, 1_000),
    rate_wait_s=st.floats(0, 10),
)


def naive_allows(order: PlaceOrder, standing: Standing, rules: RiskRules) -> bool:
    """The rules as a person would say them, in another order and without a sentence."""
    held, side = standing.exposure.net_size, 1 if order.side is Side.BUY else -1
    bracket = [t for t in (order.stop_loss_ticks, order.take_profit_ticks) if t is not None]
    shrinks = not bracket and held * side < 0 and order.size <= abs(held)
    if shrinks:
        return True
    coming = standing.exposure.buying if side > 0 else standing.exposure.selling
    price = order.limit_ticks if order.limit_ticks is not None else order.stop_ticks
    seen = order.reference_ticks
    wrong = [
        standing.closed != "",
        rules.max_click_age_s > 0 and standing.click_age_s > rules.max_click_age_s,
        not standing.may_trade,
        standing.lost != "",
        standing.repeat_ms is not None and standing.repeat_ms < rules.repeat_guard_ms,
        rules.orders_per_10_s > 0 and standing.rate_wait_s > 0,
        rules.max_order_size > 0 and order.size > rules.max_order_size,
        rules.max_position_size > 0 and held * side + coming + order.size > rules.max_position_size,
        any(ticks < rules.min_bracket_ticks for ticks in bracket),
    ]
    if price is not None and seen is not None:
        far = Decimal(abs(price - seen)) / seen * 100
        wrong.append(rules.price_band_percent > 0 and far > rules.price_band_percent)
        if order.type is OrderType.STOP:
            wrong.append((price - seen) * side <= 0)
    return not any(wrong)


@given(orders(), ANY_STANDING, ANY_RULES)
@settings(max_examples=600)
def test_the_gate_lets_through_exactly_what_the_rules_say(
    order: PlaceOrder, standing: Standing, rules: RiskRules
) -> None:
    reason = refuse(order, MNQ, standing, rules)
    assert (reason == "") is naive_allows(order, standing, rules), reason
    assert "\n" not in reason
    assert reason == "" or reason.endswith(".")


@given(
    st.integers(-50, 50).filter(bool), st.integers(1, 50), ANY_STANDING, ANY_RULES,
    st.integers(0, 50),
)  # fmt: skip
@settings(max_examples=600)
@example(1, 1, Standing(closed="Locked.", may_trade=False), RiskRules(repeat_guard_ms=5_000), 0)
def test_an_order_that_only_shrinks_the_position_always_goes(
    net: int, size: int, standing: Standing, rules: RiskRules, leaving: int
) -> None:
    size = min(size, abs(net))
    order = PlaceOrder(
        click_id="1",
        press_ns=1,
        account_id=ACCOUNT,
        contract_id=MNQ.contract_id,
        side=Side.SELL if net > 0 else Side.BUY,
        type=OrderType.MARKET,
        size=size,
    )
    # with what has just been sent it must still be no more than what is held
    leaving = min(leaving, abs(net) - size)
    now = Standing(
        exposure=Exposure(net, standing.exposure.buying, standing.exposure.selling),
        closed=standing.closed,
        click_age_s=standing.click_age_s,
        may_trade=standing.may_trade,
        lost=standing.lost,
        repeat_ms=standing.repeat_ms,
        rate_wait_s=standing.rate_wait_s,
        leaving=leaving,
    )
    assert is_exit(order, net)
    assert refuse(order, MNQ, now, rules) == ""


def test_the_second_half_of_a_double_click_is_no_exit() -> None:
    order = PlaceOrder("1", 1, account_id=ACCOUNT, contract_id=MNQ.contract_id, side=Side.SELL,
                       type=OrderType.MARKET, size=1)  # fmt: skip
    long_one = Exposure(net_size=1)
    twice = Standing(exposure=long_one, repeat_ms=80.0, leaving=1)
    assert "80 ms before" in refuse(order, MNQ, twice, RiskRules())
    for later in (
        Standing(exposure=long_one, repeat_ms=80.0),
        Standing(exposure=long_one, repeat_ms=300.0, leaving=1),
        Standing(exposure=Exposure(net_size=2), repeat_ms=80.0, leaving=1),
    ):
        assert refuse(order, MNQ, later, RiskRules()) == ""


@given(st.lists(st.integers(0, 4_000_000_000), max_size=40), st.integers(1, 6))
def test_the_rate_is_that_of_any_ten_seconds(gaps: list[int], limit: int) -> None:
    sent: list[int] = []
    pace, now = Pace(), 0
    order = PlaceOrder("1", 1, account_id=ACCOUNT, contract_id=MNQ.contract_id, side=Side.BUY,
                       type=OrderType.MARKET, size=1)  # fmt: skip
    for gap in gaps:
        now += gap
        recent = [at for at in sent if at > now - 10**10]
        wait_s = pace.wait_s(limit, now)
        assert (wait_s == 0) is (len(recent) < limit)
        if wait_s:
            then = now + round(wait_s * 1e9)
            assert sum(at > then - 10**10 for at in sent) < limit
            continue
        pace.let_through(order, now, now, entry=True)
        sent.append(now)


def test_equal_is_the_order_before_and_only_that() -> None:
    def order(side: Side, click: str) -> PlaceOrder:
        return PlaceOrder(click, 5, account_id=ACCOUNT, contract_id=MNQ.contract_id, side=side,
                          type=OrderType.MARKET, size=1, reference_ticks=int(click))  # fmt: skip

    pace = Pace()
    assert pace.repeat_ms(order(Side.BUY, "1"), 0) is None
    pace.let_through(order(Side.BUY, "1"), 1_000_000, 0, entry=True)
    assert pace.repeat_ms(order(Side.BUY, "2"), 81_000_000) == pytest.approx(80.0)
    assert pace.repeat_ms(order(Side.SELL, "3"), 81_000_000) is None
    # what is as old as the guard asks for is no repeat any more, however equal
    assert pace.repeat_ms(order(Side.BUY, "2"), 81_000_000, 80.1) == pytest.approx(80.0)
    assert pace.repeat_ms(order(Side.BUY, "2"), 81_000_000, 80.0) is None
    pace.let_through(order(Side.SELL, "3"), 82_000_000, 0, entry=True)
    assert pace.repeat_ms(order(Side.BUY, "4"), 83_000_000) is None


def test_it_takes_less_than_50_microseconds() -> None:
    order = PlaceOrder("1", 1, account_id=ACCOUNT, contract_id=MNQ.contract_id, side=Side.BUY,
                       type=OrderType.LIMIT, size=1, limit_ticks=LAST, stop_loss_ticks=20,
                       take_profit_ticks=40, reference_ticks=LAST)  # fmt: skip
    standing, rules = Standing(repeat_ms=900.0), RiskRules()
    assert refuse(order, MNQ, standing, rules) == ""
    # the best of many rounds: how long it takes, not how busy the machine is
    best = min(timeit.repeat(lambda: refuse(order, MNQ, standing, rules), number=200, repeat=20))
    assert best / 200 < 50e-6
