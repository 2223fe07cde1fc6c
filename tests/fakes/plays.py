"""Short plays on a simulated desk: how to run one, and what the trader was told."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from tests.fakes.sim_desk import SimDesk
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.events import ChangeMoved, CommandDone, CommandFailed, IntentState
from tradedesk.domain.ids import OrderId
from tradedesk.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def played(**members: Any) -> Callable[[Callable[[SimDesk], Coroutine[Any, Any, None]]], Any]:
    """Run a test on the virtual loop with a desk that is ready and armed."""

    def wrap(play: Callable[[SimDesk], Coroutine[Any, Any, None]]) -> Callable[[], None]:
        @functools.wraps(play)
        def test() -> None:
            async def main() -> None:
                desk = SimDesk(**members)
                await desk.ready()
                await play(desk)
                await desk.stop()

            run_virtual(main)

        del test.__wrapped__  # pytest would run the coroutine itself
        return test

    return wrap


def answered(desk: SimDesk, click: str) -> list[Any]:
    """Every answer to a click."""
    return [
        event
        for event in desk.events
        if isinstance(event, CommandDone | CommandFailed) and event.click_id == click
    ]


def changes(desk: SimDesk, click: str) -> list[Change]:
    """Every told copy of the change that a click asked for."""
    return [
        event.change for event in desk.heard(ChangeMoved) if event.change.command.click_id == click
    ]


def change_states(desk: SimDesk, click: str) -> list[ChangeState]:
    """The states that it went through, as told."""
    states: list[ChangeState] = []
    for change in changes(desk, click):
        if states[-1:] != [change.state]:
            states.append(change.state)
    return states


async def resting(desk: SimDesk, **members: Any) -> OrderId:
    """A limit order that the venue holds; its id."""
    if members.setdefault("type", OrderType.LIMIT) is OrderType.LIMIT:
        members.setdefault("limit_ticks", 79_000)
    click = desk.place(**members)
    await desk.until(lambda: desk.states(click)[-1] is IntentState.ACCEPTED)
    await desk.settle(1)
    order_id = desk.intent(click).order_id
    assert order_id is not None
    return order_id
