"""The executor process killed at executed lines of our own code, spread over a change's life."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reliability.kill_lane import KillLane
from tradedesk.app.practice_main import VenueOptions, make_venue
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import IntentState, Phase
from tradedesk.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KINDS = ("place", "cancel", "modify", "close", "flatten")
ENDLESS = 10**9
LATE_S = 1.0
"""A process that has not met its line by then gets the signal from outside."""
_SETTINGS = ("limits=false", "sessions_per_hub=0", "pace=0.05")


class Outcome(NamedTuple):
    """What came of one kind.

    Parameters
    ----------
    lines : int
        Executed from the command to its end; the points are spread over them.
    ready_s, open_s : list of float
        From the end of the process until it was in step with the venue again, and until it had
        an entry accepted.
    """

    kind: str
    lines: int
    kills: int
    duplicates: int
    wrong: list[str]
    ready_s: list[float]
    open_s: list[float]


def run(kind: str, points: int, lanes: int) -> Outcome:
    """Kill ``points`` times during one kind of change."""
    logging.disable(logging.WARNING)  # a process that dies is told of, each time
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        return asyncio.run(_run(kind, points, lanes, Path(folder)))


async def _run(kind: str, points: int, count: int, folder: Path) -> Outcome:
    async with AsyncExitStack() as stack:
        lanes = []
        for nth in range(count):
            venue = make_venue(VenueOptions(settings=_SETTINGS, seed=7 + nth))
            await stack.enter_async_context(venue)
            home = folder / f"lane-{nth}"
            home.mkdir()
            lane = KillLane(venue, home)
            stack.push_async_callback(lane.close)
            await lane.start()
            lanes.append(lane)
        lines = max([await _measure(lanes[0], kind) for _ in range(2)])
        left = [lines * nth // points for nth in range(points)]
        result = Outcome(kind, lines, 0, 0, [], [], [])
        results = await asyncio.gather(*(_serve(lane, kind, left) for lane in lanes))
        for one in results:
            result = Outcome(
                kind,
                lines,
                result.kills + one.kills,
                result.duplicates + one.duplicates,
                result.wrong + one.wrong,
                result.ready_s + one.ready_s,
                result.open_s + one.open_s,
            )
        return result


async def _serve(lane: KillLane, kind: str, left: list[int]) -> Outcome:
    result = Outcome(kind, 0, 0, 0, [], [], [])
    kills = 0
    while left:
        point = left.pop(0)
        kills += 1
        try:
            ready, opened = await _kill_once(lane, kind, point)
            result.ready_s.append(ready)
            result.open_s.append(opened)
        except AssertionError as error:
            result.wrong.append(f"{kind}, line {point}: {error}")
        await _tidy(lane)
    doubled, wrong = lane.lost_or_doubled()
    return result._replace(kills=kills, duplicates=doubled, wrong=result.wrong + wrong)


async def _measure(lane: KillLane, kind: str) -> int:
    """Lines that one change of a kind takes until it has come to rest."""
    await PREPARE[kind](lane)
    click = GIVE[kind](lane, ENDLESS)
    if kind == "flatten":
        await lane.until(lambda: click in lane.finished, "the end of the flatten")
    else:
        await asyncio.sleep(LATE_S / 2)
    lines = await lane.counted()
    await _tidy(lane)
    return lines


async def _kill_once(lane: KillLane, kind: str, point: int) -> tuple[float, float]:
    await PREPARE[kind](lane)
    pid = lane.port.pid
    assert pid is not None
    click = GIVE[kind](lane, point)
    try:
        await lane.until(lambda: lane.phase is Phase.STOPPED, "its end", LATE_S)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
    opened = await lane.reopened(click if kind == "flatten" else "")
    await lane.until(lambda: not lane.unsettled(), "the outcome of every order")
    try:
        await lane.until(lambda: not lane.differences(), "agreement", 8.0)
    except AssertionError:
        raise AssertionError("; ".join(lane.differences()[:3])) from None
    if kind == "flatten" and lane.net():
        raise AssertionError(f"the flatten left {lane.net()}")
    return opened


async def _tidy(lane: KillLane) -> None:
    """Cancel and close at the venue itself."""
    exchange = lane.venue.world.exchange
    assert lane.instrument is not None
    for row in exchange.rows.live_of(lane.account_id):
        exchange.cancel(lane.account_id, row.id)
    if lane.net():
        exchange.close(lane.account_id, lane.instrument.contract_id, None)
    try:
        await lane.until(
            lambda: not lane.differences() and not lane.net() and not lane.unsettled(), "an end"
        )
    except AssertionError:
        raise AssertionError(
            f"no empty book: {lane.differences()[:3]}, {lane.open_orders()}"
        ) from None


# --- the kinds ------------------------------------------------------------------------------------


async def _nothing(lane: KillLane) -> None:
    """Nothing stands before a place."""


async def _rest(lane: KillLane) -> None:
    click = lane.place(type=OrderType.LIMIT, limit_ticks=lane.far_price())
    await lane.until(lambda: lane.state(click) is IntentState.ACCEPTED, "a resting order")
    await lane.until(lambda: _working(lane), "its first copy")


async def _hold(lane: KillLane) -> None:
    click = lane.place(size=2, stop_loss_ticks=400, take_profit_ticks=400)
    try:
        await lane.until(lambda: lane.net() == 2 and not lane.differences(), "a position")
    except AssertionError:
        intent = lane.intents.get(click)
        why = intent and f"{intent.state}, {intent.reason}"
        raise AssertionError(f"no position: {why}; {lane.differences()[:2]}") from None


def _working(lane: KillLane) -> list[int]:
    return [order_id for order_id, order in lane.orders.items() if order.is_working]


def _place(lane: KillLane, point: int) -> str:
    return lane.place(f"doom-{point}", stop_loss_ticks=400, take_profit_ticks=400)


def _cancel(lane: KillLane, point: int) -> str:
    return lane.give(cmd.CancelOrder, f"doom-{point}", order_id=_working(lane)[0])


def _modify(lane: KillLane, point: int) -> str:
    order_id, price = _working(lane)[0], lane.far_price() - 9
    return lane.give(cmd.ModifyOrder, f"doom-{point}", order_id=order_id, limit_ticks=price)


def _close(lane: KillLane, point: int) -> str:
    assert lane.instrument is not None
    return lane.give(cmd.ClosePosition, f"doom-{point}", contract_id=lane.instrument.contract_id)


def _flatten(lane: KillLane, point: int) -> str:
    return lane.give(cmd.Flatten, f"doom-{point}")


PREPARE: dict[str, Callable[[KillLane], Awaitable[None]]] = {
    "place": _nothing,
    "cancel": _rest,
    "modify": _rest,
    "close": _hold,
    "flatten": _hold,
}
GIVE: dict[str, Callable[[KillLane, int], str]] = {
    "place": _place,
    "cancel": _cancel,
    "modify": _modify,
    "close": _close,
    "flatten": _flatten,
}
