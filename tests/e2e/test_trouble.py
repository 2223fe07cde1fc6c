"""Processes that die or freeze, replies that get lost: every order once, and the truth is told."""

from __future__ import annotations

import asyncio
import os
import signal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.e2e.processes import (
    family_of,
    orders_at,
    pids_of,
    running,
    tags_at,
    trades_at,
    venue_of,
)
from tests.e2e.windows import nothing_left
from tests.helpers.venue_process import RunningVenue, running_venue
from tests.helpers.waiting import until

import tradedesk
from tradedesk.app.executor_config import GivenCredentials
from tradedesk.app.session import DeskSession, SessionOptions
from tradedesk.app.system_clock import SystemClock
from tradedesk.app.venue_plan import VenuePlan
from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.errors import InputError, NotSentError, VenueRefusedError
from tradedesk.domain.events import IntentState, Phase
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.settings import Settings
from tradedesk.gateway.config import GatewayConfig
from tradedesk.store.credentials import CredentialStore
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tradedesk.services.desk import Desk

SOON_S = 10.0


@pytest.fixture
async def desk(desk_home: Path) -> AsyncIterator[Desk]:
    async with tradedesk.connect(home=desk_home, seed=5) as opened:
        await opened.instrument("MNQ")
        yield opened


def arm_fault(home: Path, kind: str, seconds: float = 0.0, on: str = "place") -> RunningVenue:
    venue = venue_of(home)
    late = {"seconds": seconds} if seconds else {}
    venue.control(action="fault", on=on, kind=kind, times=1, **late)
    return venue


def told(desk: Desk, words: str) -> bool:
    """Whether a notice with these words was given."""
    return any(words in notice.text for notice in desk.state.notices)


async def kill_executor(desk: Desk, home: Path) -> None:
    """Kill it and wait until the desk has noticed."""
    os.kill(pids_of(home)["executor"], signal.SIGKILL)
    await desk.until(lambda s: s.session is not None and s.session.phase is Phase.STOPPED)


async def ready(desk: Desk) -> None:
    await desk.until(lambda s: s.session is not None and s.session.phase is Phase.READY)


async def test_the_executor_is_killed_between_send_and_reply(desk: Desk, desk_home: Path) -> None:
    venue = arm_fault(desk_home, "hold_reply", 3.0)
    placing = asyncio.create_task(
        desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=60, take_profit_ticks=60)
    )
    await until(lambda: any(i.stamps.written for i in desk.state.intents.values()))
    await kill_executor(desk, desk_home)
    order_id = await placing
    await ready(desk)
    (intent,) = desk.state.intents.values()
    assert (intent.state, intent.order_id) == (IntentState.ACCEPTED, order_id)
    assert tags_at(venue).count(intent.tag) == 1
    assert told(desk, "arm again when ready")
    assert desk.state.session is not None
    assert not desk.state.session.armed
    await desk.flatten()


async def test_the_executor_is_killed_three_times_in_a_row(desk: Desk, desk_home: Path) -> None:
    await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=60, take_profit_ticks=60)
    await desk.until(lambda s: bool(s.open_positions()))
    pids = set()
    for _ in range(3):
        pids.add(pids_of(desk_home)["executor"])
        await kill_executor(desk, desk_home)
        await ready(desk)
    assert len(pids) == 3
    (position,) = desk.state.open_positions()
    assert desk.state.is_covered(position)
    assert len(orders_at(venue_of(desk_home))) == 3
    await desk.flatten()


async def test_clicks_at_a_frozen_executor_are_not_sent_late(desk: Desk, desk_home: Path) -> None:
    """Minutes later the market is another one; only what closes a position still goes."""
    await desk.place_market_order("MNQ", Side.BUY, 2)
    await desk.until(lambda s: bool(s.open_positions()))
    pid = pids_of(desk_home)["executor"]
    os.kill(pid, signal.SIGSTOP)
    try:
        entry = asyncio.create_task(desk.place_market_order("MNQ", Side.BUY, 1))
        part = asyncio.create_task(desk.place_market_order("MNQ", Side.SELL, 1))
        await asyncio.sleep(2.5)
    finally:
        os.kill(pid, signal.SIGCONT)
    with pytest.raises(InputError, match="late, so nothing was sent"):
        await entry
    await part
    assert len(orders_at(venue_of(desk_home))) == 2
    await desk.until(lambda s: [p.net_size for p in s.open_positions()] == [1])
    await desk.flatten()


@pytest.mark.parametrize(
    ("kind", "state", "orders"),
    [
        ("lose_reply", IntentState.ACCEPTED, 1),
        ("500_after", IntentState.ACCEPTED, 1),
        ("refuse", IntentState.REJECTED, 0),
    ],
)
async def test_what_became_of_an_order_is_what_the_venue_says(
    desk: Desk, desk_home: Path, kind: str, state: IntentState, orders: int
) -> None:
    venue = arm_fault(desk_home, kind)
    if orders:
        await desk.place_market_order("MNQ", Side.BUY, 1)
    else:
        with pytest.raises(VenueRefusedError):
            await desk.place_market_order("MNQ", Side.BUY, 1)
    (intent,) = desk.state.intents.values()
    assert intent.state is state
    assert len(orders_at(venue)) == orders

    # The same click once more, as a bouncing mouse or a repeated message would.
    again = msgspec.structs.replace(intent.command, press_ns=desk_clock.mono_ns(), asked_ns=0)
    answers: list[ev.Intent] = []
    leave = desk.state.subscribe(
        lambda event: answers.append(event.intent) if isinstance(event, ev.IntentChanged) else None
    )
    send(desk, again)
    await until(lambda: any("handled already" in answer.reason for answer in answers))
    leave()
    assert answers[-1].state is IntentState.DENIED
    assert len(orders_at(venue)) == orders
    await desk.flatten()


desk_clock = SystemClock()


def send(desk: Desk, command: cmd.AnyCommand) -> None:
    """Hand a command over as the desk itself does."""
    port: Any = desk.trade._executor
    port.send(command)


@pytest.mark.parametrize("kind", ["cut", "500_before", "429"])
async def test_an_order_that_may_have_arrived_is_unknown_and_never_sent_again(
    desk: Desk, desk_home: Path, kind: str
) -> None:
    venue = arm_fault(desk_home, kind)
    mnq = await desk.instrument("MNQ")
    click = desk.trade.place(mnq.contract_id, Side.BUY, OrderType.MARKET, 1)
    await until(lambda: [i for i in intents_of(desk, click) if i.state is IntentState.UNKNOWN])
    (intent,) = intents_of(desk, click)
    assert "may or may not have been carried out" in intent.reason
    assert orders_at(venue) == []
    # Nothing is proven yet, so the size it may have is counted; what closes still goes.
    await desk.flatten()
    assert orders_at(venue) == []
    assert intents_of(desk, click)[0].state is IntentState.UNKNOWN


def intents_of(desk: Desk, click: str) -> list[ev.Intent]:
    return [i for i in desk.state.intents.values() if i.command.click_id == click]


async def test_a_lost_user_hub_heals_and_no_fill_is_missed(desk: Desk, desk_home: Path) -> None:
    venue = venue_of(desk_home)
    mnq = await desk.instrument("MNQ")
    await desk.place_market_order("MNQ", Side.BUY, 2, stop_loss_ticks=60, take_profit_ticks=8)
    await desk.until(lambda s: (p := s.position(mnq.contract_id)) is not None and s.is_covered(p))
    venue.control(action="drop_hubs")
    venue.control(action="nudge", contractId=mnq.contract_id, ticks=30, seconds=1)
    await desk.until(lambda s: s.session is not None and s.session.phase is Phase.DEGRADED)
    await ready(desk)
    await desk.until(lambda s: not s.open_positions() and not s.working_orders())
    await money_is_right(desk, venue)


async def test_expired_tokens_heal_and_orders_work_on(desk: Desk, desk_home: Path) -> None:
    venue = venue_of(desk_home)
    mnq = await desk.instrument("MNQ")
    await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=60, take_profit_ticks=8)
    await desk.until(lambda s: (p := s.position(mnq.contract_id)) is not None and s.is_covered(p))
    venue.control(action="expire_tokens")
    await desk.flatten()
    await ready(desk)
    await desk.place_market_order("MNQ", Side.SELL, 1)
    await desk.until(lambda s: bool(s.open_positions()))
    await desk.flatten()
    tags = tags_at(venue)
    assert len(tags) == len(set(tags))
    await money_is_right(desk, venue)


async def money_is_right(desk: Desk, venue: RunningVenue) -> None:
    """The desk's fills and day P&L are the venue's."""
    trades = trades_at(venue)
    await desk.until(lambda s: len(s.fills) == len(trades), SOON_S)
    net = sum(Decimal(str(row["profitAndLoss"] or 0)) - Decimal(str(row["fees"])) for row in trades)
    assert desk.state.day_pnl(desk.markets.market_ns) == net


async def test_the_venue_is_killed_and_a_new_desk_gets_a_new_one(desk_home: Path) -> None:
    async with tradedesk.connect(home=desk_home) as desk:
        await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=60)
        await desk.until(lambda s: bool(s.open_positions()))
        before = pids_of(desk_home)
        os.kill(before["practice"], signal.SIGKILL)
        await until(lambda: told(desk, "The practice venue ended unexpectedly"), 5.0)
        await desk.until(lambda s: s.session is not None and s.session.phase is Phase.DEGRADED)
        with pytest.raises((NotSentError, InputError)):
            await desk.place_market_order("MNQ", Side.BUY, 1)
    assert running(before["executor"]), "it guards what the desk could not prove closed"
    async with tradedesk.connect(home=desk_home) as desk:
        assert not set(pids_of(desk_home).values()) & set(before.values())
        assert desk.state.open_positions() == []
        assert desk.state.fills == {}
        await desk.place_market_order("MNQ", Side.BUY, 1)
        await desk.flatten()
        await until(lambda: not running(before["executor"]))
    await nothing_left(desk_home)


class WrongKeySession(DeskSession):
    """A desk whose plan carries a key that the venue does not know."""

    venue: RunningVenue

    async def _plan(self) -> VenuePlan:
        venue = self.venue
        return VenuePlan(
            name="practice",
            live=False,
            addresses=GatewayConfig(venue.rest, venue.user_hub, venue.market_hub),
            credentials=GivenCredentials(venue.username, "no-such-key"),
        )


async def test_a_wrong_key_is_refused_once_and_everything_still_closes(desk_home: Path) -> None:
    paths = home_paths(desk_home).create()
    with running_venue() as venue:
        clock = SystemClock()
        session = WrongKeySession(SessionOptions(), paths, Settings(), CredentialStore(), clock)
        session.venue = venue
        phases: list[Phase] = []
        session.state.subscribe(
            lambda event: (
                phases.append(event.phase) if isinstance(event, ev.SessionChanged) else None
            )
        )
        await session.start()
        await session.desk.until(
            lambda s: s.session is not None and s.session.phase is Phase.REFUSED
        )
        assert session.state.session is not None
        assert "refused user name or API key" in session.state.session.detail
        # Longer than the shortest pause between two tries at a venue that does not answer.
        await asyncio.sleep(1.5)
        assert phases == [Phase.SIGNING_IN, Phase.REFUSED]
        assert session._market is None
        await session.stop(shutdown=True)
    assert not family_of(desk_home)


async def test_a_flatten_that_is_refused_tries_on_without_storming_the_venue(
    desk: Desk, desk_home: Path
) -> None:
    await desk.place_market_order("MNQ", Side.BUY, 1)
    await desk.until(lambda s: bool(s.open_positions()))
    venue = venue_of(desk_home)
    venue.control(action="fault", on="exit", kind="429", times=4)
    await desk.flatten()
    assert not desk.state.open_positions()
    told = venue.call("/practice/control", {"action": "faults"})
    struck = told["struck"]
    assert isinstance(struck, list)
    assert len(struck) == 4
    assert not any("Too many requests" in notice.text for notice in desk.state.notices)
