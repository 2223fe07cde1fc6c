"""Accounts driven through their maximum loss and daily limits, against sums done by hand."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from tests.practice.accounts.desk import CONTRACTS, ES, MES, MNQ, NQ, MemoryDesk

from tradedesk.domain.errors import InputError
from tradedesk.domain.order import Side
from tradedesk.practice.accounts.rules import load_rules
from tradedesk.practice.books.ports import Refusal, Supervisor
from tradedesk.practice.products import Contract

BUY, SELL = Side.BUY, Side.SELL


def dollars(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_the_sums_below_are_done_with_these_figures() -> None:
    assert (ES.product.tick_value, ES.product.fee) == (Decimal("12.50"), Decimal("1.40"))
    assert (MNQ.product.tick_value, MNQ.product.fee) == (Decimal("0.50"), Decimal("0.37"))
    assert (NQ.product.tick_value, NQ.product.fee) == (Decimal("5.00"), Decimal("1.40"))
    desk = MemoryDesk("practice")
    supervisor: Supervisor = desk.rules
    assert supervisor.can_trade(desk.id)


def test_a_combine_fails_by_open_loss_alone_on_the_first_day() -> None:
    """50,000.00 − 2,000.00 = 48,000.00 is the floor.

    One ES bought costs 1.40: 49,998.60 are left. 159 ticks down are 159 × 12.50 = 1,987.50:
    equity 48,011.10, still above. 160 ticks are 2,000.00: equity 47,998.60, through the floor.
    Closing costs 1.40 more: 47,997.20.
    """
    desk = MemoryDesk("combine-50k")
    assert desk.floor == dollars("48,000.00")
    assert desk.trade(ES, BUY, 1, 20_000) is None
    assert desk.rest(ES, SELL, 1) is None
    desk.mark(ES, 20_000 - 159)
    assert desk.rules.standing(desk.id).equity == dollars("48,011.10")
    assert (desk.rules.can_trade(desk.id), desk.announced, desk.liquidated) == (True, [], [])
    desk.mark(ES, 20_000 - 160)
    assert desk.announced == [(desk.id, False)]
    assert desk.net(ES) == 0
    assert desk.working(desk.id) == []
    assert desk.balance == dollars("47,997.20")
    assert desk.floor == dollars("48,000.00")
    refusal = desk.trade(ES, BUY, 1)
    assert refusal is not None
    assert refusal.code == 4
    assert "maximum loss" in str(refusal.message)
    desk.advance(2026, 10, 12, 9, 0)
    assert not desk.rules.can_trade(desk.id)
    assert len(desk.liquidated) == 1


def test_touching_the_floor_is_enough() -> None:
    """Without fees 160 ticks of one ES are exactly 2,000.00: equity equals the floor."""
    free = Contract(msgspec.structs.replace(ES.product, fee=Decimal(0)), 2027, 3)
    desk = MemoryDesk("combine-50k")
    desk.prices[free.contract_id] = 20_000
    desk.trade(free, SELL, 1)
    desk.mark(free, 20_159)
    assert desk.rules.can_trade(desk.id)
    desk.mark(free, 20_160)
    assert not desk.rules.can_trade(desk.id)
    assert desk.balance == dollars("48,000.00")


def test_the_floor_of_a_combine_trails_over_days_and_locks_at_the_start() -> None:
    """The floor moves at 17:00, by the highest end-of-day balance, and never back.

    Day 1: 2 ES, +40 ticks: 40 × 12.50 × 2 = 1,000.00, fees 4 × 1.40 = 5.60: 50,994.40.
           Floor during the day 48,000.00; after 17:00 48,000.00 + 994.40 = 48,994.40.
    Day 2: 2 ES, −20 ticks: −500.00 − 5.60: 50,488.80. Floor stays 48,994.40.
    Day 3: 2 ES, +100 ticks: +2,500.00 − 5.60: 52,983.20. Floor 48,000.00 + 2,983.20 would be
           50,983.20: it stops at the start, 50,000.00.
    Day 4: 5 ES bought, fees 7.00: 52,976.20. Above 50,000.00 lie 2,976.20, which are
           47.6 ticks of 62.50: 47 ticks leave 50,038.70, 48 ticks 49,976.20.
    """
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_040)
    assert (desk.balance, desk.floor) == (dollars("50,994.40"), dollars("48,000.00"))
    desk.advance(2026, 10, 5, 16, 59)
    assert desk.floor == dollars("48,000.00")
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.floor == dollars("48,994.40")

    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 19_980)
    desk.advance(2026, 10, 6, 17, 0)
    assert (desk.balance, desk.floor) == (dollars("50,488.80"), dollars("48,994.40"))

    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_100)
    desk.advance(2026, 10, 7, 17, 0)
    assert (desk.balance, desk.floor) == (dollars("52,983.20"), dollars("50,000.00"))

    desk.trade(ES, BUY, 5, 20_000)
    desk.mark(ES, 20_000 - 47)
    assert desk.rules.standing(desk.id).equity == dollars("50,038.70")
    assert desk.rules.can_trade(desk.id)
    desk.mark(ES, 20_000 - 48)
    assert not desk.rules.can_trade(desk.id)
    assert desk.balance == dollars("49,976.20") - 5 * dollars("1.40")


def test_an_open_profit_does_not_lift_the_floor() -> None:
    """Only balances at 17:00 count: 100 ticks of open profit leave it at 48,000.00."""
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 1, 20_000)
    desk.mark(ES, 20_100)
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.balance == dollars("49,998.60")
    assert desk.floor == dollars("48,000.00")


def test_an_express_account_starts_at_nothing_and_its_floor_stops_there() -> None:
    """Floor 0 − 2,000.00; after +1,000.00 − 5.60 at the end of a day −2,000.00 + 994.40 =
    −1,005.60; after +1,500.00 − 5.60 more the profit is 2,488.80 and the floor 0.00.

    Then 3 ES, allowed from 1,500.00 on, cost 4.20: 2,484.60 lie above 0.00, which are 66.3 ticks
    of 37.50: 66 leave 9.60, 67 are through.
    """
    desk = MemoryDesk("express-50k")
    assert (desk.balance, desk.floor) == (dollars("0"), dollars("-2,000.00"))
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_040)
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.floor == dollars("-1,005.60")
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_060)
    desk.advance(2026, 10, 6, 17, 0)
    assert (desk.balance, desk.floor) == (dollars("2,488.80"), dollars("0.00"))
    assert desk.trade(ES, BUY, 3, 20_000) is None
    desk.mark(ES, 20_000 - 66)
    assert desk.rules.standing(desk.id).equity == dollars("9.60")
    assert desk.rules.can_trade(desk.id)
    desk.mark(ES, 20_000 - 67)
    assert not desk.rules.can_trade(desk.id)
    assert desk.balance == dollars("2,484.60") - 67 * dollars("37.50") - dollars("4.20")


def test_a_payout_sets_the_floor_of_an_express_account_to_nothing() -> None:
    """+1,000.00 − 5.60 = 994.40; 400.00 are taken out: 594.40 are left above a floor of 0.00."""
    desk = MemoryDesk("express-50k")
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_040)
    assert desk.floor == dollars("-2,000.00")
    desk.rules.pay_out(desk.id, dollars("400.00"))
    assert (desk.balance, desk.floor) == (dollars("594.40"), dollars("0.00"))
    assert desk.announced == [(desk.id, True)]
    assert desk.rules.standing(desk.id).day_profit == dollars("994.40")
    desk.trade(ES, BUY, 1, 20_000)  # 593.00 above the floor, 47.44 ticks
    desk.mark(ES, 20_000 - 47)
    assert desk.rules.can_trade(desk.id)
    desk.mark(ES, 20_000 - 48)
    assert not desk.rules.can_trade(desk.id)


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("combine-50k", "10", "pays nothing out"),
        ("express-50k", "994.40", "too much"),
        ("express-50k", "0", "no amount"),
        ("express-50k", "-5", "no amount"),
        ("express-50k", "1.005", "no amount"),
        ("express-50k", "NaN", "no amount"),
        ("express-50k", "Infinity", "no amount"),
    ],
)
def test_a_payout_that_cannot_be_changes_nothing(kind: str, amount: str, reason: str) -> None:
    desk = MemoryDesk(kind)
    desk.trade(ES, BUY, 2, 20_000)
    desk.trade(ES, SELL, 2, 20_040)
    before = desk.rules.standing(desk.id)
    with pytest.raises(InputError, match=reason):
        desk.rules.pay_out(desk.id, Decimal(amount))
    assert desk.rules.standing(desk.id) == before


def test_a_breach_adds_up_every_open_position() -> None:
    """Long 1 ES at −100 ticks: −1,250.00; short 1 NQ at +120 ticks: −600.00; fees of these and of
    10 MNQ 1.40 + 1.40 + 3.70 = 6.50: 48,143.50. 10 MNQ are 5.00 a tick: 28 ticks down leave
    48,003.50, 29 leave 47,998.50. Closing costs 6.50 again.
    """
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 1, 20_000)
    desk.trade(NQ, SELL, 1, 80_000)
    desk.trade(MNQ, BUY, 10, 80_000)
    desk.mark(ES, 19_900)
    desk.mark(NQ, 80_120)
    desk.mark(MNQ, 79_972)
    assert desk.rules.standing(desk.id).equity == dollars("48,003.50")
    assert desk.rules.can_trade(desk.id)
    desk.mark(MNQ, 79_971)
    assert not desk.rules.can_trade(desk.id)
    assert [desk.net(c) for c in (ES, NQ, MNQ)] == [0, 0, 0]
    assert desk.balance == dollars("47,998.50") - dollars("6.50")


def test_the_daily_limit_locks_until_five_in_the_afternoon() -> None:
    """50,000.00 − 1,000.00 = 49,000.00 ends the day.

    2 ES cost 2.80: 49,997.20. 39 ticks of 25.00 leave 49,022.20, 40 leave 48,997.20; closing
    costs 2.80: 48,994.40. The next day's limit is 47,994.40, below the floor of 48,000.00.
    """
    desk = MemoryDesk("combine-50k:daily-loss")
    desk.trade(ES, BUY, 2, 20_000)
    desk.rest(ES, BUY, 1)
    desk.mark(ES, 20_000 - 39)
    assert desk.rules.can_trade(desk.id)
    desk.mark(ES, 20_000 - 40)
    assert desk.announced == [(desk.id, False)]
    assert (desk.net(ES), desk.working(desk.id)) == (0, [])
    assert desk.balance == dollars("48,994.40")
    refusal = desk.trade(ES, BUY, 1)
    assert refusal is not None
    assert (refusal.code, "daily loss" in str(refusal.message)) == (4, True)
    desk.advance(2026, 10, 5, 16, 59)
    assert not desk.rules.can_trade(desk.id)
    desk.advance(2026, 10, 5, 17, 0)
    assert desk.announced[1:] == [(desk.id, True)]
    assert desk.trade(ES, BUY, 1, 20_000) is None
    # 48,993.00 − 80 × 12.50 = 47,993.00: the floor comes first and the account fails for good.
    desk.mark(ES, 20_000 - 79)
    assert desk.rules.can_trade(desk.id)
    desk.mark(ES, 20_000 - 80)
    assert desk.rules.standing(desk.id).reason == (
        "Account violation: the maximum loss limit was reached."
    )
    desk.advance(2026, 10, 7, 17, 0)
    assert not desk.rules.can_trade(desk.id)


def test_a_daily_limit_is_off_unless_it_is_asked_for_and_may_be_ones_own() -> None:
    """120 ticks of one ES are 1,500.00: more than 1,000.00 and less than 2,000.00."""
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 1, 20_000)
    desk.mark(ES, 20_000 - 120)
    assert desk.rules.can_trade(desk.id)
    own = MemoryDesk("practice:daily-loss=250")
    own.trade(ES, BUY, 1, 20_000)
    own.mark(ES, 20_000 - 19)  # 149,998.60 − 237.50 is above 149,750.00
    assert own.rules.can_trade(own.id)
    own.mark(ES, 20_000 - 20)
    assert not own.rules.can_trade(own.id)


def test_realised_losses_and_fees_count_towards_the_daily_limit() -> None:
    """−990.00 realised and 9.80 of fees leave 0.20: the next contract's fee ends the day."""
    desk = MemoryDesk("combine-50k:daily-loss")
    desk.trade(NQ, BUY, 3, 80_000)
    desk.trade(NQ, SELL, 3, 80_000 - 66)  # −990.00 and 8.40
    assert desk.balance == dollars("49,001.60")
    assert desk.rules.can_trade(desk.id)
    assert desk.trade(NQ, BUY, 1) is None  # 49,000.20
    assert desk.rules.can_trade(desk.id)
    desk.trade(NQ, SELL, 1)  # 48,998.80
    assert not desk.rules.can_trade(desk.id)


def test_a_liquidation_costs_what_the_rules_say_per_contract() -> None:
    """2 ES at 80 ticks: −2,000.00, fees 5.60, and 10.00 for each contract that was closed."""
    book = load_rules()
    rules = msgspec.structs.replace(book.kinds["combine-50k"], liquidation_fee=Decimal(10))
    book = msgspec.structs.replace(book, kinds={"combine-50k": rules})
    desk = MemoryDesk("combine-50k", book=book)
    desk.trade(ES, BUY, 2, 20_000)
    desk.mark(ES, 20_000 - 80)
    assert desk.balance == dollars("50,000") - 2_000 - dollars("5.60") - 20


def test_accounts_stand_and_fall_alone() -> None:
    desk = MemoryDesk("combine-50k", "practice", "combine-50k")
    desk.trade(ES, BUY, 1, 20_000)
    desk.mark(ES, 19_000)
    assert [desk.rules.can_trade(a.id) for a in desk.accounts] == [False, True, True]
    assert [a.name for a in desk.accounts] == [
        "50KTC-V2-70001-10000001",
        "PRAC-V2-70001-10000002",
        "50KTC-V2-70001-10000003",
    ]


def test_a_practice_account_has_no_rules() -> None:
    desk = MemoryDesk("practice")
    assert desk.trade(ES, BUY, 500, 20_000) is None
    desk.mark(ES, 10_000)
    assert desk.rules.can_trade(desk.id)
    assert (desk.floor, desk.announced) == (None, [])


def test_a_locked_account_may_still_reduce_but_not_twice() -> None:
    """What remains after a lock, say of a closing order that hangs, can be closed by hand."""
    desk = MemoryDesk("combine-50k:daily-loss")
    desk.trade(ES, BUY, 2, 20_000)
    desk.liquidate = lambda account_id: None  # type: ignore[method-assign]  # it hangs
    desk.mark(ES, 20_000 - 40)
    assert not desk.rules.can_trade(desk.id)
    refused = Refusal(4, "Account violation: the daily loss limit was reached."
                         " Trading resumes at 17:00 CT.")  # fmt: skip
    assert desk.rules.refusal(desk.id, ES, BUY, 1) == refused
    assert desk.rules.refusal(desk.id, ES, SELL, 3) == refused
    assert desk.rules.refusal(desk.id, MES, SELL, 1) == refused
    assert desk.rest(ES, SELL, 2) is None
    assert desk.rules.refusal(desk.id, ES, SELL, 1) == refused


def test_what_is_shown_and_not_enforced() -> None:
    """Target 3,000.00; the best day may be 55 % of the profit."""
    desk = MemoryDesk("combine-50k")
    desk.trade(ES, BUY, 5, 20_000)
    desk.trade(ES, SELL, 5, 20_050)  # 3,125.00 − 14.00
    standing = desk.rules.standing(desk.id)
    assert standing.day_profit == standing.best_day == dollars("3,111.00")
    assert (standing.target_reached, standing.consistent) == (True, False)
    desk.advance(2026, 10, 5, 17, 0)
    desk.trade(ES, BUY, 5, 20_000)
    desk.trade(ES, SELL, 5, 20_045)  # 2,812.50 − 14.00: 3,111.00 of 5,909.50 are 52.6 %
    standing = desk.rules.standing(desk.id)
    assert (standing.best_day, standing.consistent) == (dollars("3,111.00"), True)
    assert desk.rules.can_trade(desk.id)


def test_every_known_product_is_followed_to_the_billionth() -> None:
    """Tick values such as 7.8125 or 0.625 must not be rounded on the way."""
    for contract in CONTRACTS.values():
        scaled = contract.product.tick_value.scaleb(9)
        assert scaled == scaled.to_integral_value(), contract.product.symbol
