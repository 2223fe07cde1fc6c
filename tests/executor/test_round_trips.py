"""Orders through a real executor process on the real venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    CommandDone,
    FlattenProgress,
    HealthSampled,
    IntentChanged,
    IntentState,
    OrderChanged,
    PositionChanged,
    SessionChanged,
    SnapshotTaken,
    TokenGranted,
)
from tradedesk.domain.order import OrderStatus, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.executor.live_desk import LiveDesk
    from tests.helpers.venue_process import RunningVenue

    from tradedesk.domain.order import Order


def newest(desk: LiveDesk, order_id: int | None) -> Order | None:
    copies = [e.order for e in desk.heard(OrderChanged) if e.order.order_id == order_id]
    return copies[-1] if copies else None


def stands(desk: LiveDesk, order_id: int | None, status: OrderStatus) -> bool:
    order = newest(desk, order_id)
    return order is not None and order.status is status


def net(desk: LiveDesk) -> int:
    positions = desk.heard(PositionChanged)
    return positions[-1].position.net_size if positions else 0


async def test_a_bracket_order_fills_and_its_stamps_are_in_order(
    new_desk: Callable[..., LiveDesk],
) -> None:
    desk = new_desk()
    await desk.start()
    click = desk.place(size=2, stop_loss_ticks=40, take_profit_ticks=80)
    await desk.until(lambda: (i := desk.intent(click)) and i.stamps.fill and i.stamps.reply)

    intent = desk.intent(click)
    assert intent is not None
    assert intent.state is IntentState.ACCEPTED
    stamps = intent.stamps
    steps = [stamps.press, stamps.received, stamps.journaled, stamps.written, stamps.reply]
    assert None not in steps
    assert steps == sorted(step for step in steps if step is not None)
    assert stamps.hub_echo is not None
    assert stamps.fill is not None
    assert stamps.written is not None
    assert stamps.written < stamps.hub_echo <= stamps.fill
    await desk.until(lambda: net(desk) == 2)
    legs = {
        e.order.type: e.order for e in desk.heard(OrderChanged) if e.order.parent_id is not None
    }
    assert set(legs) == {OrderType.STOP, OrderType.LIMIT}


async def test_place_move_and_cancel_a_resting_order(new_desk: Callable[..., LiveDesk]) -> None:
    desk = new_desk()
    await desk.start()
    far = 80_000
    click = desk.place(type=OrderType.LIMIT, limit_ticks=far)
    await desk.until(lambda: desk.is_in(click, "accepted"))
    intent = desk.intent(click)
    assert intent is not None
    order_id = intent.order_id
    await desk.until(lambda: stands(desk, order_id, OrderStatus.OPEN))

    move = desk.give(
        cmd.ModifyOrder, account_id=desk.account_id, order_id=order_id, limit_ticks=far - 8
    )
    await desk.until(lambda: desk.answers(move, CommandDone))
    moved = newest(desk, order_id)
    assert moved is not None
    assert moved.limit_ticks == far - 8

    cancel = desk.give(cmd.CancelOrder, account_id=desk.account_id, order_id=order_id)
    await desk.until(lambda: desk.answers(cancel, CommandDone))
    assert stands(desk, order_id, OrderStatus.CANCELLED)


async def test_flatten_ends_flat_and_empty_and_says_so(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    click = desk.place(Side.SELL, 3, stop_loss_ticks=60, take_profit_ticks=60)
    resting = desk.place(type=OrderType.LIMIT, limit_ticks=80_000)
    await desk.until(lambda: net(desk) == -3 and desk.is_in(resting, "accepted"))
    assert desk.is_in(click, "accepted")

    flatten = desk.give(cmd.Flatten, account_id=desk.account_id)
    await desk.until(lambda: desk.answers(flatten, CommandDone))

    assert desk.answers(flatten, FlattenProgress)[0].text == "Entries off"
    assert desk.answers(flatten, FlattenProgress)[-1].finished
    account = {"accountId": venue.account_id}
    assert venue.call("/api/Position/searchOpen", dict(account))["positions"] == []
    assert venue.call("/api/Order/searchOpen", dict(account))["orders"] == []


async def test_close_position_takes_its_orphaned_exits_along(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    desk.place(size=3, stop_loss_ticks=60, take_profit_ticks=90)
    await desk.until(lambda: net(desk) == 3)
    part = desk.give(
        cmd.ClosePosition,
        account_id=desk.account_id,
        contract_id=desk.instrument.contract_id,
        size=1,
    )
    await desk.until(lambda: net(desk) == 2 and desk.answers(part, CommandDone))

    whole = desk.give(
        cmd.ClosePosition, account_id=desk.account_id, contract_id=desk.instrument.contract_id
    )
    await desk.until(lambda: desk.answers(whole, CommandDone))

    assert net(desk) == 0
    found = venue.call("/api/Order/searchOpen", {"accountId": venue.account_id})
    assert found["orders"] == []


async def test_what_a_desk_is_told_first(new_desk: Callable[..., LiveDesk]) -> None:
    desk = new_desk()
    await desk.start(armed=False)
    assert isinstance(desk.events[0], SessionChanged)
    told = [e for e in desk.events[1:] if not isinstance(e, SessionChanged | TokenGranted)]
    assert isinstance(told[0], SnapshotTaken)
    assert desk.heard(TokenGranted)[0].token not in repr(desk.events)
    await desk.until(lambda: any(h.user_hub_connected for h in desk.heard(HealthSampled)))


async def test_the_gate_refuses_with_a_sentence(new_desk: Callable[..., LiveDesk]) -> None:
    desk = new_desk()
    await desk.start(armed=False)
    click = desk.place()
    await desk.until(lambda: desk.is_in(click, "denied"))
    assert "arm it first" in desk.heard(IntentChanged)[-1].intent.reason
