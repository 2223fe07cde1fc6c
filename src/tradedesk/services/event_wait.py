"""Waiting for what the executor says, with a deadline."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, TypeVar

from tradedesk.domain import events as ev
from tradedesk.domain.errors import (
    InputError,
    NotSentError,
    OutcomeUnknownError,
    TradeDeskError,
    VenueRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.ids import OrderId
    from tradedesk.domain.order import Order
    from tradedesk.services.chart_feed import ChartFeed
    from tradedesk.services.desk_state import DeskState

T = TypeVar("T")

ORDER_DEADLINE_S = 60.0
"""Longer than the executor takes to find out what became of an unclear order."""
COMMAND_DEADLINE_S = 30.0
ANSWER_DEADLINE_S = 45.0
"""Longer than the executor tries to prove a flatten, so that its own answer is the one told."""
HUB_DEADLINE_S = 3.0
LOOK_S = 0.05
QUIET_S = 10.0
"""How long nothing trades until bars are given without a live trade."""


async def answer_after(
    state: DeskState,
    act: Callable[[], object],
    answer: Callable[[ev.AnyEvent], T | None],
    deadline_s: float = COMMAND_DEADLINE_S,
) -> T:
    """Listen, act, and return the first event's answer that is not None.

    Listening starts before acting, so an answer that comes at once is not missed.

    Raises
    ------
    TimeoutError
        If there is none within ``deadline_s`` seconds.
    """
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    early: list[ev.AnyEvent] | None = []

    def hear(event: ev.AnyEvent) -> None:
        if early is not None:
            early.append(event)
        elif (found := answer(event)) is not None and not future.done():
            future.set_result(found)

    leave = state.subscribe(hear)
    try:
        act()
        # What was said while acting is weighed only now: its click id was not known before.
        said, early = early, None
        for event in said or ():
            hear(event)
        async with asyncio.timeout(deadline_s):
            return await future
    finally:
        leave()


async def order_id_of(
    state: DeskState, place: Callable[[], str], deadline_s: float = ORDER_DEADLINE_S
) -> OrderId:
    """Place an order and return the venue's order id, or raise what became of it instead.

    Parameters
    ----------
    place : callable
        Asks for the order; returns its click id.

    Raises
    ------
    InputError, VenueRefusedError, NotSentError, OutcomeUnknownError
        See ``Desk.place_market_order``.
    """
    clicks: list[str] = []

    def settled(event: ev.AnyEvent) -> ev.Intent | None:
        if not isinstance(event, ev.IntentChanged):
            return None
        mine = event.intent.command.click_id in clicks
        return event.intent if mine and not event.intent.state.is_open else None

    try:
        intent = await answer_after(state, lambda: clicks.append(place()), settled, deadline_s)
    except TimeoutError:
        raise OutcomeUnknownError(
            f"What became of the order is not known after {deadline_s:.0f} s; do not place it "
            f"again, look at the venue."
        ) from None
    if intent.state is ev.IntentState.ACCEPTED and intent.order_id is not None:
        return intent.order_id
    raise _error_of(intent)


async def carried_out(
    state: DeskState, act: Callable[[], str], deadline_s: float = ANSWER_DEADLINE_S
) -> None:
    """Give a command and return when it was carried out.

    Parameters
    ----------
    act : callable
        Gives the command; returns its click id.

    Raises
    ------
    VenueRefusedError, OutcomeUnknownError
        With the executor's reason.
    """
    clicks: list[str] = []

    def answered(event: ev.AnyEvent) -> ev.CommandDone | ev.CommandFailed | None:
        if isinstance(event, ev.CommandDone | ev.CommandFailed) and event.click_id in clicks:
            return event
        return None

    try:
        answer = await answer_after(state, lambda: clicks.append(act()), answered, deadline_s)
    except TimeoutError:
        raise OutcomeUnknownError(f"There was no answer within {deadline_s:.0f} s.") from None
    if isinstance(answer, ev.CommandFailed):
        if answer.outcome_unknown:
            raise OutcomeUnknownError(answer.reason)
        raise VenueRefusedError(answer.reason, endpoint="", code=0)


async def known_order(state: DeskState, order_id: OrderId) -> Order | None:
    """Give an order; one just accepted may take a moment until the user hub has told of it."""
    if order_id not in state.orders:
        with contextlib.suppress(TimeoutError):
            await answer_after(
                state, lambda: None, lambda _: order_id in state.orders or None, HUB_DEADLINE_S
            )
    return state.orders.get(order_id)


def _error_of(intent: ev.Intent) -> TradeDeskError:
    match intent.state:
        case ev.IntentState.DENIED:
            return InputError(intent.reason)
        case ev.IntentState.REJECTED:
            return VenueRefusedError(intent.reason, endpoint="/api/Order/place", code=0)
        case ev.IntentState.NOT_SENT | ev.IntentState.ABSENT:
            return NotSentError(intent.reason)
        case _:
            return OutcomeUnknownError(intent.reason)


async def joined_or_quiet(feed: ChartFeed) -> None:
    """Wait until history is joined with live trades, or no trade has come for a while.

    Raises
    ------
    TimeoutError
        If the venue gave no history in time.
    """
    async with asyncio.timeout(COMMAND_DEADLINE_S):
        # Trades are taken in by the wake of the market thread; this only looks at the result.
        quiet_s = 0.0
        while not feed.is_exact and quiet_s < QUIET_S:
            await asyncio.sleep(LOOK_S)
            quiet_s = quiet_s + LOOK_S if feed.is_quiet else 0.0
