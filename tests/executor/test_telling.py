"""When the desk is told of an order: never while the order is leaving."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tradedesk.app.executor_server import AFTER_SEND_S, DeskConnection
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.events import AnyEvent, Intent, IntentChanged, IntentState, Notice
from tradedesk.domain.ids import AccountId, ContractId, Tag
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.stamps import Stamps
from tradedesk.services.frames import MAX_TO_DESK, FrameSplitter, decode_event

NOTICE = Notice(level="info", text="A word.", ts_ns=1)


class Wire(asyncio.Transport):
    """Keeps what is written, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[list[Any]] = []

    def write(self, data: Any) -> None:
        self.written.append([decode_event(body) for body in FrameSplitter(MAX_TO_DESK).feed(data)])

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        pass

    def abort(self) -> None:
        pass


def moved(state: IntentState) -> IntentChanged:
    command = PlaceOrder(
        click_id="1", press_ns=1, account_id=AccountId(7), contract_id=ContractId("C"),
        side=Side.BUY, type=OrderType.MARKET, size=1,
    )  # fmt: skip
    return IntentChanged(intent=Intent(Tag("td1-a"), command, state, Stamps(1)))


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def desk(wire: Wire) -> DeskConnection:
    server: Any = SimpleNamespace(connections=set())
    made = DeskConnection(server)
    made.connection_made(wire)
    assert made._deadline is not None
    made._deadline.cancel()
    return made


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_that_an_order_will_leave_is_told_with_its_having_left(
    desk: DeskConnection, wire: Wire
) -> None:
    desk.tell(moved(IntentState.ARMED))
    await turns()
    assert wire.written == []
    desk.tell(moved(IntentState.SENT))
    assert wire.written == [], "written in the next turn, after what the send still has to do"
    await turns()
    assert [[event.intent.state for event in write] for write in wire.written] == [
        [IntentState.ARMED, IntentState.SENT]
    ]


async def test_an_order_that_takes_long_to_leave_is_told_soon_all_the_same(
    desk: DeskConnection, wire: Wire
) -> None:
    desk.tell(moved(IntentState.ARMED))
    await asyncio.sleep(AFTER_SEND_S * 4)
    assert [[event.intent.state for event in write] for write in wire.written] == [
        [IntentState.ARMED]
    ]
    desk.tell(NOTICE)
    await turns()
    assert wire.written[1:] == [[NOTICE]]


@pytest.mark.parametrize("first", [True, False])
async def test_other_news_takes_it_along_in_order(
    desk: DeskConnection, wire: Wire, first: bool
) -> None:
    armed = moved(IntentState.ARMED)
    events: list[AnyEvent] = [NOTICE, armed] if first else [armed, NOTICE]
    for event in events:
        desk.tell(event)
    await turns()
    assert wire.written == [events]
    await asyncio.sleep(AFTER_SEND_S * 2)
    assert len(wire.written) == 1


async def test_what_was_told_is_delivered_before_the_end(desk: DeskConnection, wire: Wire) -> None:
    desk.tell(moved(IntentState.ARMED))
    desk.close()
    assert len(wire.written) == 1
    assert msgspec.to_builtins(wire.written[0][0].intent.state) == "armed"
