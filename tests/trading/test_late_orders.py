"""Orders that turn up after they were taken for not placed, and a person's word on the others."""

from __future__ import annotations

from typing import Any

from tests.fakes.fake_gateway import Fault
from tests.fakes.plays import answered, played
from tests.fakes.sim_desk import SimDesk

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import CommandDone, IntentState, Notice
from tradedesk.domain.order import OrderStatus, OrderType
from tradedesk.domain.safety import LateRules, RiskRules, TradingRules

S = IntentState
TOLD = TradingRules(risk=RiskRules(max_order_size=50), late=LateRules(cancel_working=False))


async def absent(desk: SimDesk, **members: Any) -> str:
    """An order that is taken for not placed and comes through after 90 s."""
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 90
    click = desk.place(**members)
    await desk.settle(80)
    assert desk.states(click)[-1] is S.ABSENT
    return click


def resting_members() -> dict[str, Any]:
    return {"type": OrderType.LIMIT, "limit_ticks": 79_000}


@played()
async def test_one_that_works_is_cancelled(desk: SimDesk) -> None:
    click = await absent(desk, **resting_members())
    await desk.settle(15)
    assert desk.states(click)[-1] is S.ACCEPTED
    assert desk.venue.working() == []
    assert "accepted buy 1 MNQ Z26 late, after it was taken for absent" in desk.alarms()[0]
    assert any(
        n.text == "The late order to buy 1 MNQ Z26 was cancelled; nothing was filled."
        for n in desk.heard(Notice)
    )


@played(rules=TOLD)
async def test_the_rules_may_say_that_it_is_only_told(desk: SimDesk) -> None:
    await absent(desk, **resting_members())
    await desk.settle(15)
    assert len(desk.venue.working()) == 1
    assert "cancel" not in desk.gateway.calls
    assert "may still work; cancel it if you do not want it" in desk.alarms()[-1]


@played()
async def test_one_that_was_filled_is_never_undone_silently(desk: SimDesk) -> None:
    await absent(desk)
    await desk.settle(15)
    assert desk.venue.net == 1
    assert "close" not in desk.gateway.calls
    assert "cancel" not in desk.gateway.calls
    assert any("was filled (1 of 1); keep the position or flatten it" in t for t in desk.alarms())


@played()
async def test_one_that_fills_while_it_is_being_cancelled_is_told_as_filled(desk: SimDesk) -> None:
    await absent(desk, **resting_members())
    venue: Any = desk.venue
    end = venue.cancel
    venue.cancel = lambda order_id: (venue.fill(order_id), end(order_id))
    await desk.settle(15)
    assert venue.net == 1
    assert any("was filled (1 of 1)" in text for text in desk.alarms())


# --- a person's word ------------------------------------------------------------------------


async def nobody_knows(desk: SimDesk) -> str:
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    click = desk.place(**resting_members())
    desk.stream.drop()
    await desk.settle(200)
    assert desk.states(click)[-1] is S.NEEDS_HUMAN
    return click


def settle(desk: SimDesk, tag: str, *, placed: bool) -> str:
    desk.executor.handle(
        cmd.SettleIntent(click_id=f"settle-{placed}-{tag}", press_ns=0, tag=tag, placed=placed)  # type: ignore[arg-type]
    )
    return f"settle-{placed}-{tag}"


@played()
async def test_not_placed_opens_the_contract_again(desk: SimDesk) -> None:
    click = await nobody_knows(desk)
    asked = settle(desk, desk.intent(click).tag, placed=False)
    await desk.settle(2)
    assert isinstance(answered(desk, asked)[0], CommandDone)
    assert desk.states(click)[-1] is S.ABSENT
    assert "A person looked" in desk.disk.rows[-1].reason
    entry = desk.place()
    await desk.settle(2)
    assert desk.states(entry)[-1] is S.ACCEPTED


@played()
async def test_placed_keeps_it_and_says_where_to_see_it(desk: SimDesk) -> None:
    click = await nobody_knows(desk)
    asked = settle(desk, desk.intent(click).tag, placed=True)
    await desk.settle(2)
    assert "venue's own page" in answered(desk, asked)[0].text
    assert desk.states(click)[-1] is S.NEEDS_HUMAN
    assert "A person saw it" in desk.disk.rows[-1].reason


@played()
async def test_what_the_venue_shows_outranks_the_person(desk: SimDesk) -> None:
    click = await nobody_knows(desk)
    tag = desk.intent(click).tag
    shown = desk.venue.place(
        desk.intent(click).command.side, OrderType.LIMIT, 1, 79_000, None, None, None, tag
    )
    asked = settle(desk, tag, placed=False)
    await desk.settle(3)
    assert f"The venue lists order {tag} as {shown}" in answered(desk, asked)[0].reason
    assert desk.states(click)[-1] is S.ACCEPTED
    assert desk.venue.orders[shown].status is OrderStatus.OPEN


@played()
async def test_only_what_nobody_knows_can_be_settled(desk: SimDesk) -> None:
    placed = desk.place()
    await desk.settle(2)
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    open_one = desk.place(**resting_members())
    await desk.settle(6)
    reasons = {
        settle(desk, desk.intent(placed).tag, placed=False): "The venue lists order",
        settle(desk, desk.intent(open_one).tag, placed=False): "still being asked about",
        settle(desk, "td1-none", placed=False): "There is no order td1-none",
    }
    await desk.settle(1)
    for click, words in reasons.items():
        assert words in answered(desk, click)[0].reason
    assert desk.states(open_one)[-1] is S.UNKNOWN


@played()
async def test_it_is_not_believed_while_the_venue_cannot_be_asked(desk: SimDesk) -> None:
    click = await nobody_knows(desk)
    desk.gateway.faults["orders"].append(Fault.NOT_SENT)
    asked = settle(desk, desk.intent(click).tag, placed=False)
    await desk.settle(2)
    assert "could not be asked" in answered(desk, asked)[0].reason
    assert desk.states(click)[-1] is S.NEEDS_HUMAN
