"""One try of each kind on a lane, judged against the venue's own book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from reliability.cut_wire import How
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import IntentState
from tradedesk.domain.order import OrderStatus, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from reliability.cut_cases import Case
    from reliability.lane import Lane
    from tradedesk.practice.books.rows import OrderRow

FAR = 800
"""Ticks below the market, where a limit order rests and never fills."""
SETTLE_S = 10.0
"""How soon the books must agree after a reply that nobody heard."""
DOUBT_S = 100.0
"""How soon they must after one that lied: an order that was said to be taken is doubted once a full
look misses it, twenty seconds later at the earliest."""
DECIDE_S = 60.0
_S = IntentState
_FINAL = {_S.DENIED, _S.NOT_SENT, _S.ACCEPTED, _S.REJECTED, _S.ABSENT}


class Verdict(NamedTuple):
    """How one try ended.

    Parameters
    ----------
    said : str
        What the trader was told in the end.
    duplicates : int
        Orders, or effects, beyond the one that was asked for.
    wrong : str
        How the belief differs from the venue's book, or nothing.
    undecided : bool
        Whether the trader was left with a question.
    """

    said: str
    duplicates: int = 0
    wrong: str = ""
    undecided: bool = False


async def try_case(lane: Lane, case: Case) -> Verdict:
    """Play one case on a lane and put everything back."""
    lane.forget()
    try:
        return await TRIALS[case.kind](lane, case)
    finally:
        lane.wire.disarm()
        if case.plan.how is How.SILENCE:
            await lane.drop_connections()  # one that had its whole reply looks alive
        await _tidy(lane)


# --- place ----------------------------------------------------------------------------------------


async def _place(lane: Lane, case: Case) -> Verdict:
    price = _far_price(lane)
    arrived = lane.wire.arrived[case.plan.path]
    members: dict[str, Any] = {
        "type": OrderType.LIMIT,
        "limit_ticks": price,
        "stop_loss_ticks": 40,
        "take_profit_ticks": 80,
    }
    await _arm(lane, case)
    click = lane.place(**members)
    decided = await lane.until(lambda: _state(lane, click) in _FINAL, DECIDE_S)
    intent = lane.intent(click)
    assert intent is not None
    copies = lane.wire.arrived[case.plan.path] - arrived
    if not decided:
        return Verdict(intent.state, max(copies - 1, 0), "never decided", undecided=True)
    if case.lies:
        await lane.until(
            lambda: _state(lane, click) in _FINAL and not _place_wrong(lane, click), DOUBT_S
        )
        intent = lane.intent(click) or intent
    wrong = _place_wrong(lane, click)
    said = intent.state
    if intent.state in {_S.ABSENT, _S.NOT_SENT} and not wrong:
        lane.wire.disarm()
        again = lane.place(custom_tag=intent.tag, **members)
        await lane.until(lambda: _state(lane, again) in _FINAL, DECIDE_S)
        if _state(lane, again) is not _S.ACCEPTED:
            second = lane.intent(again)
            wrong = f"the second click: {second and second.reason}"
    duplicates = max(len(_rows(lane, intent.tag)) - 1, 0) + max(copies - 1, 0)
    return Verdict(said, duplicates, wrong)


def _place_wrong(lane: Lane, click: str) -> str:
    intent = lane.intent(click)
    assert intent is not None
    rows = _rows(lane, intent.tag)
    exists = [row for row in rows if row.status is not OrderStatus.REJECTED]
    if intent.state is _S.ACCEPTED:
        if not exists:
            return "believed accepted, is not there"
        if intent.order_id != exists[0].id:
            return f"believed to be {intent.order_id}, is {exists[0].id}"
        return ""
    return f"believed {intent.state}, is there" if exists else ""


# --- cancel and modify ----------------------------------------------------------------------------


async def _cancel(lane: Lane, case: Case) -> Verdict:
    order_id, bystander = await _resting(lane), await _resting(lane)
    await _arm(lane, case)
    click = lane.give(cmd.CancelOrder, order_id=order_id)
    word = await _answer(lane, click)
    row, other = _row(lane, order_id), _row(lane, bystander)
    wrong = ""
    if word == "done" and row.status is not OrderStatus.CANCELLED:
        wrong = "believed cancelled, still works"
    elif word == "failed" and not row.live and not case.lies:
        wrong = "believed to work, is cancelled"
    elif not await lane.until(lambda: _same(lane, row), SETTLE_S):
        wrong = f"shown as {_shown(lane, order_id)}, is {row.status.name}"
    return Verdict(word, int(not other.live), wrong, word == "unknown")


async def _modify(lane: Lane, case: Case) -> Verdict:
    order_id = await _resting(lane)
    row = _row(lane, order_id)
    assert row.limit is not None
    before, wish = row.limit, row.limit - 7
    arrived = lane.wire.arrived[case.plan.path]
    await _arm(lane, case)
    click = lane.give(cmd.ModifyOrder, order_id=order_id, limit_ticks=wish)
    word = await _answer(lane, click)
    wrong = ""
    if word == "done" and row.limit != wish:
        wrong = "believed changed, is not"
    elif word == "failed" and row.limit != before and not case.lies:
        wrong = "believed as before, is changed"
    elif not await lane.until(lambda: _same(lane, row), SETTLE_S):
        wrong = f"shown at {_shown(lane, order_id)}, is at {row.limit}"
    copies = lane.wire.arrived[case.plan.path] - arrived
    return Verdict(word, max(copies - 1, 0), wrong, word == "unknown")


# --- close ----------------------------------------------------------------------------------------


async def _close(lane: Lane, case: Case) -> Verdict:
    click = lane.place(Side.BUY, size=2)
    await lane.until(lambda: _state(lane, click) in _FINAL)
    try:
        await _kicked_until(lane, lambda: _net(lane) == 2 and _believed_net(lane) == 2)
    except AssertionError:
        intent = lane.intent(click)
        said = intent and f"{intent.state} {intent.reason}"
        held = f"{_net(lane)} held, {_believed_net(lane)} shown"
        raise AssertionError(f"the set-up: {said}; {held}") from None
    await _arm(lane, case)
    asked = lane.give(cmd.ClosePosition, contract_id=lane.instrument.contract_id)
    word = await _answer(lane, asked)
    lane.wire.disarm()
    wrong = ""
    if word == "done" and _net(lane) != 0:
        wrong = f"believed flat, holds {_net(lane)}"
    elif word == "failed" and _net(lane) != 2 and not case.lies:
        wrong = f"believed open, holds {_net(lane)}"
    elif not await lane.until(lambda: _believed_net(lane) == _net(lane), SETTLE_S):
        wrong = f"shown as {_believed_net(lane)}, is {_net(lane)}"
    return Verdict(word, max(-_net(lane), 0), wrong, word == "unknown")


TRIALS: dict[str, Callable[[Lane, Case], Awaitable[Verdict]]] = {
    "place": _place,
    "cancel": _cancel,
    "modify": _modify,
    "close": _close,
}


# --- the venue's book and ours --------------------------------------------------------------------


async def _arm(lane: Lane, case: Case) -> None:
    if case.cold:
        await lane.drop_connections()
    lane.wire.arm(case.plan)


async def _resting(lane: Lane) -> int:
    """A limit order at the venue that the executor knows; its id."""
    click = lane.place(type=OrderType.LIMIT, limit_ticks=_far_price(lane))
    await lane.until(lambda: _state(lane, click) in _FINAL)
    intent = lane.intent(click)
    assert intent is not None
    assert intent.order_id is not None, f"the set-up was {intent.state}: {intent.reason}"
    order_id = intent.order_id
    row = _row(lane, order_id)
    await _kicked_until(lane, lambda: row.status is OrderStatus.OPEN and _same(lane, row))
    return order_id


async def _kicked_until(lane: Lane, holds: Callable[[], bool]) -> None:
    """Let a deaf lane look at once."""
    if not holds() and lane.deaf:
        lane.give(cmd.Sync)
    assert await lane.until(holds), "the set-up never came to rest"


async def _answer(lane: Lane, click: str) -> str:
    """The last word about a command; an open question gets time to be answered."""
    await lane.until(lambda: lane.answer(click), DECIDE_S)
    await lane.until(lambda: lane.answer(click) in {"done", "failed"}, SETTLE_S)
    return lane.answer(click) or "unknown"


async def _tidy(lane: Lane) -> None:
    """Nothing of this case may be seen by the next one."""
    exchange, account = lane.venue.world.exchange, lane.account_id
    for row in exchange.rows.live_of(account):
        exchange.cancel(account, row.id)
    if _net(lane):
        exchange.close(account, lane.instrument.contract_id, None)
    await lane.come_to_rest()
    known = lane.executor.parts.books
    await lane.until(lambda: not known.intents.unresolved(), SETTLE_S)
    if lane.deaf:
        lane.give(cmd.Sync)
    await lane.until(
        lambda: not known.blotter.working(account) and _believed_net(lane) == _net(lane) == 0,
        SETTLE_S,
    )


def _far_price(lane: Lane) -> int:
    world = lane.venue.world
    contract = world.find(lane.instrument.contract_id)
    assert contract is not None
    return int(world.floor.book(contract).touch.bid) - FAR


def _rows(lane: Lane, tag: str) -> list[OrderRow]:
    rows = lane.venue.world.exchange.rows
    return list(rows.where(lane.account_id, lambda row: row.tag == tag))


def _row(lane: Lane, order_id: int) -> OrderRow:
    row = lane.venue.world.exchange.rows.get(lane.account_id, order_id)
    assert row is not None
    return row


def _same(lane: Lane, row: OrderRow) -> bool:
    order = lane.blotter.orders.get(row.id)
    if order is None:
        return False
    return bool(order.is_working == row.live and order.limit_ticks == row.limit)


def _shown(lane: Lane, order_id: int) -> str:
    order = lane.blotter.orders.get(order_id)
    return "nothing" if order is None else f"{order.status.name} {order.limit_ticks}"


def _net(lane: Lane) -> int:
    position = lane.venue.world.ledgers[lane.account_id].position(lane.instrument.contract_id)
    return 0 if position is None else position.net


def _believed_net(lane: Lane) -> int:
    return int(lane.blotter.net_size(lane.account_id, lane.instrument.contract_id))


def _state(lane: Lane, click: str) -> IntentState | None:
    intent = lane.intent(click)
    return None if intent is None else intent.state
