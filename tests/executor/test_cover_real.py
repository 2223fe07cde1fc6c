"""A position whose stop is gone, on the real venue and through the real executor process."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.executor.live_desk import QUICK

from tradedesk.domain.events import Notice, PositionChanged, ShieldChanged
from tradedesk.domain.safety import CoverRules, Shield, ShieldState, TradingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.executor.live_desk import LiveDesk
    from tests.helpers.venue_process import RunningVenue

FAR = 400
"""Ticks; the made market does not go there while a test runs."""
STOP, SELL = 4, 1


def working(venue: RunningVenue) -> list[dict[str, Any]]:
    answer = venue.call("/api/Order/searchOpen", {"accountId": venue.account_id})
    orders: Any = answer["orders"]
    return list(orders)


def shield(desk: LiveDesk) -> Shield | None:
    told = desk.heard(ShieldChanged)
    return told[-1].shield if told else None


def is_covered(desk: LiveDesk, net: int) -> bool:
    now = shield(desk)
    return (
        now is not None
        and now.state is ShieldState.COVERED
        and (now.net_size, now.covered) == (net, net)
    )


async def enter_without_its_stop(desk: LiveDesk, venue: RunningVenue) -> None:
    venue.control(action="fault", on="stop_leg", kind="reject")
    desk.place(size=2, stop_loss_ticks=FAR, take_profit_ticks=FAR)
    await desk.until(lambda: (now := shield(desk)) and now.state is ShieldState.BARE)


async def test_a_rejected_stop_is_made_good(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    await enter_without_its_stop(desk, venue)
    await desk.until(lambda: is_covered(desk, 2))
    assert any("no working stop" in n.text for n in desk.heard(Notice) if n.level == "alarm")
    (stop,) = [order for order in await asyncio.to_thread(working, venue) if order["type"] == STOP]
    assert (stop["side"], stop["size"]) == (SELL, 2)
    held = desk.heard(PositionChanged)[-1].position
    away = (float(held.average_price) - stop["stopPrice"]) / float(desk.instrument.tick.size)
    assert FAR <= away < FAR + 1


async def test_a_stop_that_the_venue_refuses_is_followed_by_a_close(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    desk = new_desk()
    await desk.start()
    await enter_without_its_stop(desk, venue)
    venue.control(action="fault", on="place", kind="refuse")
    await desk.until(lambda: (now := shield(desk)) and now.net_size == 0)
    # the target that is left behind goes too
    await desk.until(lambda: any("left behind" in n.text for n in desk.heard(Notice)))
    asked = {"accountId": venue.account_id}
    assert venue.call("/api/Position/searchOpen", dict(asked))["positions"] == []
    assert await asyncio.to_thread(working, venue) == []


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
async def test_an_executor_that_died_is_followed_by_one_that_covers(
    new_desk: Callable[..., LiveDesk], venue: RunningVenue
) -> None:
    rules = TradingRules(cover=CoverRules(stop_ticks=FAR))
    desk = new_desk(rules=rules, timings=msgspec.structs.replace(QUICK))
    await desk.start()
    await enter_without_its_stop(desk, venue)
    first = desk.port.pid
    os.kill(first, signal.SIGKILL)  # the desk's link starts another one
    await desk.until(lambda: desk.port.pid not in {None, first})
    await desk.until(lambda: is_covered(desk, 2), 30)
    stops = [order for order in await asyncio.to_thread(working, venue) if order["type"] == STOP]
    assert [stop["size"] for stop in stops] == [2]
