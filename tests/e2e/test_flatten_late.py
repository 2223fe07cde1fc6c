"""A flatten during which an order still fills: it ends flat, seen twice, and nothing is left.

Real venue, real executor; what comes late comes late because the venue was told to be slow.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.e2e.processes import rows, trades_at, venue_of
from tests.helpers.waiting import until

import tradedesk
from tradedesk.domain import events as ev
from tradedesk.domain.order import Side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.helpers.venue_process import RunningVenue

    from tradedesk.services.desk import Desk

LATE_S = 2.5
FAR = 400
"""Ticks: exits that the push of the price does not reach."""
BUY = 0
PROVEN = ["Flat and empty; looking once more", "Flat and empty, seen twice"]


@pytest.fixture
async def desk(desk_home: Path) -> AsyncIterator[Desk]:
    async with tradedesk.connect(home=desk_home, seed=5) as opened:
        await opened.instrument("MNQ")
        yield opened


class Told:
    """What the desk was told of a flatten and of fills, in the order in which it came."""

    def __init__(self, desk: Desk) -> None:
        self.texts: list[str] = []
        self.times_ms: list[float] = []
        self.finished = False
        desk.state.subscribe(self._take)

    def phase(self, text: str) -> bool:
        """Whether a phase with these words was told."""
        return any(text in told for told in self.texts)

    def filled_after(self, text: str) -> int:
        """Contracts that filled after the first phase with these words."""
        first = next(at for at, told in enumerate(self.texts) if text in told)
        return sum(int(told.split()[1]) for told in self.texts[first:] if told.startswith("fill "))

    @property
    def phases(self) -> list[str]:
        """The phases alone."""
        return [told for told in self.texts if not told.startswith("fill ")]

    def _take(self, event: ev.AnyEvent) -> None:
        if isinstance(event, ev.FlattenProgress):
            self.texts.append(event.text)
            self.times_ms.append(event.elapsed_ms)
            self.finished |= event.finished
        elif isinstance(event, ev.FillReceived) and event.fill.side is Side.BUY:
            self.texts.append(f"fill {event.fill.size}")


def has_ended_flat(told: Told, venue: RunningVenue, bought: int) -> None:
    """Proven twice, told in order of time, and the venue has nothing any more."""
    assert told.phases[-2:] == PROVEN
    assert told.finished
    assert told.times_ms == sorted(told.times_ms)
    account: dict[str, object] = {"accountId": venue.account_id}
    assert venue.call("/api/Order/searchOpen", account)["orders"] == []
    assert venue.call("/api/Position/searchOpen", account)["positions"] == []
    trades = [(int(str(row["size"])), row["side"] == BUY) for row in trades_at(venue)]
    assert sum(size for size, is_buy in trades if is_buy) == bought
    assert sum(size for size, is_buy in trades if not is_buy) == bought, "sold what was held"
    legs = [row for row in rows(venue, "/api/Order/search", "orders") if row["status"] == 1]
    assert legs == []


async def test_an_entry_fills_while_its_cancel_is_still_under_way(
    desk: Desk, desk_home: Path
) -> None:
    await desk.place_market_order("MNQ", Side.BUY, 1, stop_loss_ticks=FAR, take_profit_ticks=FAR)
    await desk.until(lambda s: bool(s.open_positions()))
    (position,) = desk.state.open_positions()
    below = position.average_price - Decimal(5)
    await desk.place_limit_order(
        "MNQ", Side.BUY, 3, below, stop_loss_ticks=FAR, take_profit_ticks=FAR
    )
    venue = venue_of(desk_home)
    venue.control(action="fault", on="cancel", kind="latency", times=3, seconds=LATE_S)
    told = Told(desk)
    flatten = asyncio.create_task(desk.flatten())
    # This sentence is made of a look: position and orders were seen before the fill.
    await until(lambda: told.phase("Cancelling 3 orders, then closing 1 position"))
    venue.control(action="nudge", contractId=position.contract_id, ticks=-60, seconds=0.3)
    await flatten
    assert told.filled_after("Cancelling 3 orders, then closing 1 position") == 3
    has_ended_flat(told, venue, bought=4)
    assert not desk.state.open_positions()
    assert desk.working_orders() == []


async def test_an_order_is_accepted_and_filled_after_the_first_look(
    desk: Desk, desk_home: Path
) -> None:
    venue = venue_of(desk_home)
    venue.control(action="fault", on="place", kind="latency", times=1, seconds=LATE_S)
    placing = asyncio.create_task(
        desk.place_market_order("MNQ", Side.BUY, 2, stop_loss_ticks=FAR, take_profit_ticks=FAR)
    )
    await until(lambda: any(i.stamps.written for i in desk.state.intents.values()))
    told = Told(desk)
    await desk.flatten()
    await placing
    assert told.filled_after("Waiting for 1 order on the way") == 2
    has_ended_flat(told, venue, bought=2)
    assert not desk.state.open_positions()
    assert desk.working_orders() == []


async def test_a_fill_that_the_user_hub_keeps_to_itself_is_flattened_as_well(
    desk: Desk, desk_home: Path
) -> None:
    """Nothing is heard of order, fill and position; the looks of the flatten alone find them."""
    venue = venue_of(desk_home)
    venue.control(action="fault", on="place", kind="latency", times=1, seconds=LATE_S)
    venue.control(action="fault", on="user_hub", kind="hold", event="any", times=0)
    placing = asyncio.create_task(desk.place_market_order("MNQ", Side.BUY, 2))
    await until(lambda: any(i.stamps.written for i in desk.state.intents.values()))
    told = Told(desk)
    await desk.flatten()
    await placing
    assert told.phase("Waiting for 1 order on the way")
    has_ended_flat(told, venue, bought=2)
    venue.control(action="clear_faults")  # and what the hub had kept changes nothing any more
    await desk.until(lambda s: sum(f.size for f in s.fills.values() if f.side is Side.SELL) == 2)
    assert not desk.state.open_positions()
    assert desk.working_orders() == []
