"""The shipped executor keeps positions covered, in virtual time, with every fault on the way."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.fakes.fake_gateway import Fault
from tests.fakes.fake_venue import ACCOUNT, LAST, MNQ
from tests.fakes.plays import played
from tests.fakes.sim_desk import WIDE, SimDesk

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    CommandFailed,
    IntentState,
    Notice,
    ShieldChanged,
    SnapshotTaken,
)
from tradedesk.domain.ids import AccountId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Fill
from tradedesk.domain.safety import CoverPolicy, CoverRules, Shield, ShieldState
from tradedesk.trading.intent_fates import ADOPTED_PREFIX

Play = "Callable[[SimDesk], Coroutine[Any, Any, None]]"
KEY = (ACCOUNT, MNQ.contract_id)


def simulated(**cover: Any) -> Any:
    """Run a test on the virtual loop with a desk that is ready and armed."""
    return played(rules=msgspec.structs.replace(WIDE, cover=CoverRules(**cover)))


async def bare_bracket(desk: SimDesk, size: int = 2) -> float:
    """A long position whose bracket's stop is gone; gives the moment."""
    desk.place(size=size, stop_loss_ticks=60)
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(3)
    (stop,) = desk.venue.working()
    desk.venue.cancel(stop.order_id)
    return now(desk)


def now(desk: SimDesk) -> float:
    return desk.clock.mono_ns() / 1e9


def shields(desk: SimDesk) -> list[Shield]:
    return [event.shield for event in desk.heard(ShieldChanged)]


def shield(desk: SimDesk) -> Shield:
    told = shields(desk)
    empty = Shield(
        account_id=ACCOUNT,
        contract_id=MNQ.contract_id,
        state=ShieldState.CHECKING,
        net_size=0,
        covered=0,
        since_ns=0,
    )
    return told[-1] if told else empty


def states(desk: SimDesk, since: float) -> list[ShieldState]:
    found: list[ShieldState] = []
    for one in shields(desk):
        if one.since_ns >= since * 1e9 and found[-1:] != [one.state]:
            found.append(one.state)
    return found


def stops(desk: SimDesk) -> list[Order]:
    """Plain stops that arrived at the venue, whatever became of them."""
    return [
        order
        for order in desk.venue.orders.values()
        if order.type is OrderType.STOP and order.parent_id is None
    ]


def closes(desk: SimDesk) -> int:
    return desk.gateway.calls.count("close")


def at_of(desk: SimDesk, text: str, since: float) -> float:
    """Seconds after ``since`` at which a notice was told."""
    (found, *_) = [n for n in desk.heard(Notice) if text in n.text]
    return (found.ts_ns - desk.clock.wall_ns()) / 1e9 + now(desk) - since


# --- a bracket that loses its stop ------------------------------------------------------------


@simulated()
async def test_a_stop_is_placed_at_the_distance_of_the_entry(desk: SimDesk) -> None:
    gone = await bare_bracket(desk)
    await desk.settle(9)
    (stop,) = stops(desk)
    assert (stop.side, stop.size, stop.stop_ticks) == (Side.SELL, 2, LAST - 60)
    assert (stop.created_ns - desk.clock.wall_ns()) / 1e9 + now(desk) - gone < 6.7
    assert 2 <= at_of(desk, "has no working stop", gone) < 3.4
    assert states(desk, gone)[-3:] == [
        ShieldState.BARE,
        ShieldState.PROTECTING,
        ShieldState.COVERED,
    ]
    assert shield(desk).covered == 2
    assert closes(desk) == 0
    assert desk.venue.net == 2


@simulated()
async def test_it_goes_through_the_journal_like_any_order(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.settle(9)
    (stop,) = stops(desk)
    rows = [row.state for row in desk.disk.rows if row.tag == stop.tag]
    assert rows == [IntentState.ARMED, IntentState.SENT, IntentState.ACCEPTED]


@simulated()
async def test_only_what_is_missing_gets_a_stop(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.place(Side.SELL, 1, type=OrderType.STOP, stop_ticks=LAST - 30)
    await desk.settle(10)
    assert [(stop.size, stop.stop_ticks) for stop in stops(desk)] == [
        (1, LAST - 30),
        (1, LAST - 60),
    ]
    assert shield(desk).state is ShieldState.COVERED


@simulated()
async def test_a_short_position_gets_a_buy_stop(desk: SimDesk) -> None:
    desk.place(Side.SELL, 3, stop_loss_ticks=60)
    await desk.settle(3)
    (leg,) = desk.venue.working()
    desk.venue.cancel(leg.order_id)
    await desk.settle(9)
    (stop,) = stops(desk)
    assert (stop.side, stop.size, stop.stop_ticks) == (Side.BUY, 3, LAST + 60)


@simulated()
async def test_a_refused_stop_is_followed_by_a_close(desk: SimDesk) -> None:
    """The market is beyond the price, or the venue takes no stop: nothing else is left."""
    gone = await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    await desk.settle(9)
    assert stops(desk) == []
    assert (desk.venue.net, closes(desk)) == (0, 1)
    assert at_of(desk, "could not be covered and is closed", gone) < 6.7
    assert shield(desk).net_size == 0


@simulated()
async def test_a_stop_beyond_the_market_is_not_even_sent(desk: SimDesk) -> None:
    await bare_bracket(desk)
    places = desk.gateway.calls.count("place")
    await desk.settle(4)
    marks = {MNQ.contract_id: cmd.Mark(LAST - 60, desk.clock.mono_ns())}
    desk.executor.handle(
        cmd.MarkPrices(click_id="m", press_ns=0, marks=marks, venue_ns=desk.clock.wall_ns())
    )
    await desk.settle(5)
    assert desk.gateway.calls.count("place") == places
    assert (desk.venue.net, closes(desk)) == (0, 1)
    assert any("The market is at 19,985.00, which is beyond" in n.text for n in desk.heard(Notice))


@simulated()
async def test_a_stop_that_was_not_sent_is_followed_by_a_close(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.NOT_SENT)
    await desk.settle(9)
    assert (stops(desk), desk.venue.net, closes(desk)) == ([], 0, 1)


@simulated()
async def test_a_stop_without_an_answer_that_is_at_work_is_enough(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.REPLY_LOST)
    await desk.settle(20)
    assert len(stops(desk)) == 1
    assert (closes(desk), desk.venue.net) == (0, 2)
    assert shield(desk).state is ShieldState.COVERED


@simulated()
async def test_a_stop_that_never_arrived_is_not_doubled_but_closed(desk: SimDesk) -> None:
    gone = await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.REQUEST_LOST)
    places = desk.gateway.calls.count("place")
    await desk.settle(12)
    assert desk.gateway.calls.count("place") == places + 1
    assert (stops(desk), desk.venue.net, closes(desk)) == ([], 0, 1)
    assert 8 <= at_of(desk, "could not be covered and is closed", gone) < 9.8


@simulated()
async def test_a_stop_that_arrives_after_the_close_is_cancelled(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 15
    await desk.settle(30)
    (stop,) = stops(desk)
    assert stop.status is OrderStatus.CANCELLED
    assert (desk.venue.net, desk.venue.working()) == (0, [])


@simulated()
async def test_a_close_without_an_answer_is_not_repeated_while_it_may_fill(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    desk.gateway.faults["close"].append(Fault.LATE)
    desk.gateway.late_s = 2.5
    await desk.settle(30)
    assert (desk.venue.net, closes(desk)) == (0, 1)


@simulated()
async def test_closes_are_repeated_until_flat(desk: SimDesk) -> None:
    gone = await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    desk.gateway.faults["close"].extend([Fault.REFUSED, Fault.NOT_SENT, Fault.REQUEST_LOST])
    await desk.settle(60)
    assert (desk.venue.net, closes(desk)) == (0, 4)
    sells = [o for o in desk.venue.orders.values() if o.side is Side.SELL and o.filled]
    assert [order.size for order in sells] == [2]
    assert desk.clock.mono_ns() / 1e9 - gone > 30


# --- policies -----------------------------------------------------------------------------------


@simulated()
async def test_without_a_bracket_it_is_only_told_again_and_again(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(95)
    assert len(desk.alarms()) == 4
    assert all("Long 2 MNQ Z26 has no working stop" in text for text in desk.alarms())
    assert "Place a stop or close the position." in desk.alarms()[0]
    assert (stops(desk), closes(desk)) == ([], 0)
    assert shield(desk).state is ShieldState.BARE


@simulated(unbracketed=CoverPolicy.STOP, stop_ticks=25)
async def test_by_rule_it_gets_a_stop_at_the_rules_distance(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(9)
    assert [stop.stop_ticks for stop in stops(desk)] == [LAST - 25]


@simulated(bracketed=CoverPolicy.CLOSE)
async def test_by_rule_it_is_closed(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.settle(9)
    assert (stops(desk), desk.venue.net, closes(desk)) == ([], 0, 1)


@simulated()
async def test_a_bracket_of_yesterday_is_none_of_this_position(desk: SimDesk) -> None:
    """Closed and entered anew without a stop: the first entry's bracket decides nothing."""
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(3)
    desk.give(cmd.Flatten)
    await desk.settle(200)
    opened = desk.clock.wall_ns()
    position = desk.venue._position
    desk.venue._position = lambda: msgspec.structs.replace(  # type: ignore[method-assign]
        position(), opened_ns=opened
    )
    desk.place(size=2)
    await desk.settle(20)
    assert stops(desk) == []
    assert "Place a stop or close" in desk.alarms()[-1]


# --- what is claimed ----------------------------------------------------------------------------


@simulated()
async def test_a_birth_is_quiet(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.settle(30)
    assert desk.alarms() == []
    assert shield(desk).state is ShieldState.COVERED
    assert shield(desk).text == "A working stop for all 2 contracts."
    assert stops(desk) == []


@simulated()
async def test_a_venue_that_does_not_answer_is_never_green(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    desk.gateway.choose = lambda kind: Fault.NOT_SENT
    lost = now(desk)
    await desk.settle(25)
    assert shield(desk).state is ShieldState.CHECKING
    assert lost <= shield(desk).since_ns / 1e9 < lost + 7
    told = at_of(desk, "Nobody can say", lost)
    assert 10 <= told <= 18
    desk.gateway.choose = None
    await desk.settle(6)
    assert shield(desk).state is ShieldState.COVERED


@simulated()
async def test_news_takes_the_proof_away_until_the_venue_was_asked(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    desk.place(size=1, stop_loss_ticks=60)
    placed = now(desk)
    await desk.settle(3)
    since = [one for one in shields(desk) if one.since_ns >= placed * 1e9]
    assert since[0].state is ShieldState.CHECKING
    last = [one for one in since if one.state is ShieldState.COVERED][-1]
    assert (last.net_size, last.covered) == (3, 3)


@simulated()
async def test_a_snapshot_holds_the_shields(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    desk.give(cmd.Sync)
    (told,) = desk.heard(SnapshotTaken)[-1].shields
    assert told == shield(desk)


@simulated()
async def test_a_busy_hub_does_not_use_up_the_calls_of_a_minute(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    before = desk.gateway.calls.count("working")
    for number in range(600):
        side = Side.BUY if number % 2 else Side.SELL
        desk.venue.tell(desk.venue._position())
        resting = desk.venue._new(side, OrderType.STOP, 1, None, 1, None, None)
        await desk.settle(0.05)
        desk.venue.cancel(resting.order_id)
        await desk.settle(0.05)
    looks = desk.gateway.calls.count("working") - before
    assert 12 <= looks <= 60
    assert shield(desk).covered == 2


@simulated()
async def test_a_price_that_moves_is_no_news(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    (stop,) = desk.venue.working()
    begun = now(desk)
    for ticks in range(40):
        desk.venue.modify(stop.order_id, None, None, LAST - 60 + ticks)
        await desk.settle(0.1)
    assert states(desk, begun) == []


# --- across a restart ---------------------------------------------------------------------------


@simulated()
async def test_a_new_executor_covers_what_the_old_one_left_bare(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.settle(1)
    await desk.kill()
    await desk.settle(2)
    desk.start()
    await desk.settle(12)
    assert [stop.stop_ticks for stop in stops(desk)] == [LAST - 60]
    assert shield(desk).state is ShieldState.COVERED


@simulated()
async def test_an_executor_that_dies_again_and_again_acts_in_time(desk: SimDesk) -> None:
    gone = await bare_bracket(desk)
    for seconds in (3.5, 0.05):  # shorter than the patience of the rules, and than a sign-in
        await desk.settle(seconds)
        await desk.kill()
        desk.start()
    await desk.until(lambda: bool(stops(desk)))
    assert now(desk) - gone < 6
    assert len(stops(desk)) == 1
    assert bare_notes(desk) != [b""]
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(1)
    assert bare_notes(desk) == [b""]


@simulated()
async def test_a_new_executor_waits_for_a_stop_that_no_list_shows_yet(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.until(lambda: bool(stops(desk)))
    await desk.kill()
    late_ns = desk.clock.mono_ns() + 2_500_000_000

    desk.start()
    gateway: Any = desk.executor.parts.calls.gateway
    of_account, since = gateway.working_orders, gateway.orders_since

    async def lagging(question: Any) -> Any:
        return [
            order
            for order in await question
            if order.type is not OrderType.STOP or desk.clock.mono_ns() > late_ns
        ]

    gateway.working_orders = lambda account_id: lagging(of_account(account_id))
    gateway.orders_since = lambda account_id, since_ns: lagging(since(account_id, since_ns))
    places = desk.gateway.calls.count("place")
    await desk.settle(10)
    assert desk.gateway.calls.count("place") == places
    assert shield(desk).state is ShieldState.COVERED


def bare_notes(desk: SimDesk) -> list[bytes]:
    return [payload for (kind, _), payload in desk.disk.notes.items() if kind == "bare"]


@simulated()
async def test_a_new_executor_knows_of_a_stop_that_may_still_arrive(desk: SimDesk) -> None:
    await bare_bracket(desk)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 25
    await desk.settle(7)
    await desk.kill()
    places = desk.gateway.calls.count("place")
    desk.start()
    await desk.settle(60)
    assert desk.gateway.calls.count("place") == places
    assert (desk.venue.net, closes(desk)) == (0, 1)
    assert desk.venue.working() == []


# --- beside other ways out ----------------------------------------------------------------------


@simulated()
async def test_a_flatten_is_left_alone_for_ten_seconds(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    desk.gateway.faults["close"].extend([Fault.REFUSED] * 200)
    begun = now(desk)
    desk.give(cmd.Flatten)
    await desk.settle(9.5)
    assert stops(desk) == []
    assert set(states(desk, begun)) <= {ShieldState.CHECKING, ShieldState.CLOSING}
    assert shield(desk).state is ShieldState.CLOSING
    assert not [text for text in desk.alarms() if "stop" in text]


@simulated()
async def test_what_a_flatten_cannot_close_gets_a_stop_that_stays_until_it_is_flat(
    desk: SimDesk,
) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.settle(6)
    desk.gateway.faults["close"].extend([Fault.REFUSED] * 200)
    click = desk.give(cmd.Flatten)
    await desk.settle(14)
    (stop,) = stops(desk)
    await desk.settle(15)
    assert stops(desk) == [stop]
    assert (stop.status, shield(desk).covered) == (OrderStatus.OPEN, 2)
    desk.gateway.faults["close"].clear()
    await desk.until(
        lambda: any(isinstance(e, CommandDone) and e.click_id == click for e in desk.events)
    )
    (ended,) = stops(desk)
    assert (desk.venue.net, ended.status) == (0, OrderStatus.CANCELLED)


# --- the command --------------------------------------------------------------------------------


def answered(desk: SimDesk, click: str) -> Any:
    (answer,) = [
        event
        for event in desk.events
        if isinstance(event, CommandDone | CommandFailed) and event.click_id == click
    ]
    return answer


@simulated()
async def test_protect_places_one_stop_for_what_is_bare(desk: SimDesk) -> None:
    nothing = desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id)
    await desk.settle(1)
    assert answered(desk, nothing).reason == "There is no position to protect."
    desk.place(size=2)
    await desk.settle(1)
    clicks = [desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id) for _ in range(2)]
    await desk.settle(3)
    assert "on its way already" in answered(desk, clicks[1]).reason
    assert answered(desk, clicks[0]).text == "Stop for 2 placed at 19,990.00"
    again = desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id)
    await desk.settle(1)
    assert answered(desk, again).reason == "Every contract has a working stop already."
    assert [stop.stop_ticks for stop in stops(desk)] == [LAST - 40]
    assert shield(desk).state is ShieldState.COVERED


@simulated()
async def test_protect_at_a_price_of_the_traders_own(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(1)
    desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id, stop_ticks=LAST - 12)
    await desk.settle(3)
    assert [stop.stop_ticks for stop in stops(desk)] == [LAST - 12]


@simulated()
async def test_protect_that_is_refused_leaves_the_policy_its_own_stop(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.settle(1)
    desk.gateway.faults["place"].append(Fault.REFUSED)
    click = desk.give(cmd.ProtectPosition, contract_id=MNQ.contract_id, stop_ticks=LAST + 5)
    await desk.settle(9)
    assert answered(desk, click).reason == "The market is closed."
    assert [stop.stop_ticks for stop in stops(desk)] == [LAST - 60]
    assert closes(desk) == 0


# --- exits that do not fit ----------------------------------------------------------------------


@simulated()
async def test_a_protective_stop_ends_with_its_position(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.settle(3)
    stop = next(o for o in desk.venue.working() if o.type is OrderType.STOP)
    target = next(o for o in desk.venue.working() if o.type is OrderType.LIMIT)
    desk.venue.cancel(stop.order_id)
    await desk.settle(9)
    assert len(stops(desk)) == 1
    desk.venue.fill(target.order_id)
    await desk.settle(5)
    assert (desk.venue.net, desk.venue.working()) == (0, [])


@simulated()
async def test_exits_that_a_part_close_left_too_large_are_made_smaller(desk: SimDesk) -> None:
    desk.place(size=3, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.settle(3)
    desk.place(Side.SELL, 1)
    await desk.settle(5)
    assert desk.venue.net == 2
    assert sorted((o.type, o.size) for o in desk.venue.working()) == [
        (OrderType.LIMIT, 2),
        (OrderType.STOP, 2),
    ]
    assert shield(desk).state is ShieldState.COVERED
    assert any("made smaller, from 3 to 2: 2 are held" in n.text for n in desk.heard(Notice))


@simulated()
async def test_stops_of_others_that_are_too_many_are_told_once(desk: SimDesk) -> None:
    desk.place(size=2)
    await desk.settle(1)
    for _ in range(2):
        desk.venue._new(Side.SELL, OrderType.STOP, 2, None, LAST - 50, None, None)
    await desk.settle(30)
    told = [n.text for n in desk.heard(Notice) if "only 2 are held" in n.text]
    assert len(told) == 1
    assert len(desk.venue.working()) == 2


@simulated()
async def test_a_stop_that_was_too_large_leaves_a_position_that_counts_as_bracketed(
    desk: SimDesk,
) -> None:
    """The desk died before it made the stop smaller; what the stop opened is its own doing."""
    desk.place(size=3, stop_loss_ticks=60)
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(3)
    (stop,) = desk.venue.working()
    await desk.kill()
    desk.venue.place(Side.SELL, OrderType.MARKET, 2, None, None, None, None, Tag("by hand"))
    desk.venue.fill(stop.order_id)
    assert desk.venue.net == -2
    desk.start()
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (-2, 2))
    assert [one.side for one in stops(desk) if one.status is OrderStatus.OPEN] == [Side.BUY]


async def closed_by_hand_while_dead(desk: SimDesk, exits: list[Order]) -> None:
    """The executor dies, somebody closes, and exits of ours that are left open a position."""
    await desk.kill()
    side = Side.SELL if desk.venue.net > 0 else Side.BUY
    size = abs(desk.venue.net)
    desk.venue.place(side, OrderType.MARKET, size, None, None, None, None, Tag("by hand"))
    assert desk.venue.net == 0
    for order in exits:
        desk.venue.fill(order.order_id)
    desk.start()


@simulated()
async def test_what_a_protective_stop_opened_is_covered_by_a_later_run(desk: SimDesk) -> None:
    await bare_bracket(desk)
    await desk.settle(9)
    await closed_by_hand_while_dead(desk, stops(desk))
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (-2, 2), 15)


@simulated()
async def test_what_an_exit_of_the_traders_opened_is_covered_by_a_later_run(desk: SimDesk) -> None:
    desk.place(Side.SELL, 3)
    await desk.settle(2)
    desk.place(Side.BUY, 2, type=OrderType.LIMIT, limit_ticks=LAST - 40)
    await desk.settle(2)
    await closed_by_hand_while_dead(desk, desk.venue.working())
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (2, 2), 15)


@simulated()
async def test_an_exit_that_arrives_after_its_executor_died_opens_what_is_covered(
    desk: SimDesk,
) -> None:
    desk.place(size=2)
    await desk.settle(2)
    desk.gateway.faults["place"].append(Fault.LATE)
    desk.gateway.late_s = 3
    desk.place(Side.SELL, 2)
    await desk.settle(0.5)
    await closed_by_hand_while_dead(desk, [])
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (-2, 2), 60)


def halt_searches(desk: SimDesk) -> None:
    """The hub goes and the lists of orders and trades stand still; those of what is open go on."""
    orders, fills = list(desk.venue.orders.values()), list(desk.venue.fills)

    async def old_orders(account_id: AccountId, start_ns: int) -> list[Order]:
        return orders

    async def old_fills(account_id: AccountId, start_ns: int) -> list[Fill]:
        return fills

    desk.stream.drop()
    desk.gateway.orders_since = old_orders  # type: ignore[method-assign]
    desk.gateway.fills_since = old_fills  # type: ignore[method-assign]
    guard: Any = desk.executor.parts.calls.gateway
    guard.orders_since, guard.fills_since = old_orders, old_fills


@simulated()
async def test_what_a_leg_opened_is_covered_while_no_list_tells_of_it(desk: SimDesk) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(3)
    (stop,) = desk.venue.working()
    halt_searches(desk)
    desk.venue.close()
    desk.venue.fill(stop.order_id)
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (-2, 2), 25)


@simulated()
async def test_what_a_stop_opened_that_was_placed_while_the_lists_stand_still(
    desk: SimDesk,
) -> None:
    desk.place(size=2, stop_loss_ticks=60)
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(3)
    (leg,) = desk.venue.working()
    desk.venue.cancel(leg.order_id)
    await desk.settle(1)
    halt_searches(desk)
    await desk.until(lambda: shield(desk).state is ShieldState.COVERED)
    await desk.settle(1)
    await closed_by_hand_while_dead(desk, stops(desk))
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (-2, 2), 25)


@simulated()
async def test_an_entry_that_filled_without_its_stop_while_the_lists_stand_still(
    desk: SimDesk,
) -> None:
    desk.place(size=2, type=OrderType.LIMIT, limit_ticks=LAST - 20, stop_loss_ticks=60)
    await desk.settle(90)
    entry, stop = desk.venue.working()
    position, opened = desk.venue._position, desk.clock.wall_ns()
    desk.venue._position = lambda: msgspec.structs.replace(  # type: ignore[method-assign]
        position(), opened_ns=opened
    )
    halt_searches(desk)
    desk.venue.cancel(stop.order_id)
    desk.venue.fill(entry.order_id)
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (2, 2), 25)


@simulated()
async def test_a_position_of_others_stays_theirs_while_the_lists_stand_still(
    desk: SimDesk,
) -> None:
    desk.place(size=1, type=OrderType.LIMIT, limit_ticks=LAST - 20, stop_loss_ticks=60)
    await desk.settle(3)
    halt_searches(desk)
    desk.venue.place(Side.SELL, OrderType.MARKET, 2, None, None, None, None, Tag("by hand"))
    await desk.settle(60)
    assert (stops(desk), desk.venue.net, closes(desk)) == ([], -2, 0)
    assert "Place a stop or close" in desk.alarms()[-1]


@simulated()
async def test_an_entry_without_a_stop_is_only_told_of_by_a_later_run_too(desk: SimDesk) -> None:
    desk.place(Side.SELL, 2)
    await desk.settle(2)
    await desk.kill()
    desk.start()
    await desk.settle(30)
    assert (stops(desk), desk.venue.net, closes(desk)) == ([], -2, 0)
    assert "Place a stop or close" in desk.alarms()[-1]


@simulated()
async def test_an_order_that_the_journal_lost_counts_as_entered_with_a_stop(desk: SimDesk) -> None:
    """After a power cut nobody knows whether it had one."""
    desk.place(size=2)
    await desk.until(lambda: shield(desk).net_size == 2)
    (tag,) = desk.executor.parts.books.intents.by_tag
    await desk.kill()
    desk.disk.rows.clear()
    desk.start()
    await desk.until(lambda: (shield(desk).net_size, shield(desk).covered) == (2, 2))
    adopted = desk.executor.parts.books.intents.by_tag[tag]
    assert adopted.command.click_id.startswith(ADOPTED_PREFIX)
