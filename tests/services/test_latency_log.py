"""What is remembered of each order's time, and what is kept."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder, PlaceOrder
from tradedesk.domain.events import (
    ChangeMoved,
    Intent,
    IntentChanged,
    IntentState,
    OrderChanged,
    Phase,
    SessionChanged,
    SnapshotTaken,
)
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.latency import LatencyRecord
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.stamps import Stamps
from tradedesk.services.latency import latency_of, record_of, record_of_change
from tradedesk.services.latency_log import HIDDEN_NS, LatencyLog

MS = 1_000_000
ACCOUNT, CONTRACT = AccountId(7), ContractId("CON.F.US.MNQ.Z26")
PRESS = 50_000 * MS
SENT = Stamps(PRESS - 80 * MS, PRESS, PRESS + MS, PRESS + 2 * MS, PRESS + 3 * MS)
ANSWERED = msgspec.structs.replace(SENT, reply=PRESS + 93 * MS)


def placed(stamps: Stamps, state: IntentState = IntentState.ACCEPTED, tag: str = "td1-a") -> Intent:
    command = PlaceOrder(
        click_id=f"click-{tag}",
        press_ns=stamps.press,
        asked_ns=stamps.asked or 0,
        account_id=ACCOUNT,
        contract_id=CONTRACT,
        side=Side.BUY,
        type=OrderType.MARKET,
        size=2,
    )
    return Intent(Tag(tag), command, state, stamps, created_ns=1_793_648_000_000_000_000)


def at_venue(log: LatencyLog, venue: str = "practice") -> None:
    log.take(SessionChanged(phase=Phase.READY, armed=True, venue=venue, live=False), 0)


@pytest.fixture
def kept() -> list[LatencyRecord]:
    return []


@pytest.fixture
def log(kept: list[LatencyRecord]) -> LatencyLog:
    made = LatencyLog(kept.append)
    at_venue(made)
    return made


def test_distances_are_kept_not_moments() -> None:
    record = record_of(placed(ANSWERED), "practice")
    assert (record.held, record.received, record.journaled) == (80 * MS, MS, 2 * MS)
    assert (record.written, record.reply, record.fill) == (3 * MS, 93 * MS, None)
    assert (record.kind, record.type, record.text) == ("place", "Market", "Buy 2 Market")
    later = msgspec.structs.replace(
        ANSWERED,
        **{
            name: value + 10**15
            for name, value in msgspec.structs.asdict(ANSWERED).items()
            if value is not None
        },
    )
    assert record_of(placed(later), "practice") == record


def test_only_what_reached_the_wire_is_kept(log: LatencyLog, kept: list[LatencyRecord]) -> None:
    unsent = msgspec.structs.replace(SENT, written=None)
    log.take(IntentChanged(intent=placed(unsent, IntentState.ARMED)), PRESS + 2 * MS)
    log.take(IntentChanged(intent=placed(unsent, IntentState.DENIED, "td1-b")), PRESS + 2 * MS)
    assert kept == []
    assert log.records == []
    log.take(IntentChanged(intent=placed(SENT, IntentState.SENT)), PRESS + 4 * MS)
    assert [(one.key, one.outcome, one.reply) for one in kept] == [("td1-a", "sent", None)]


def test_an_order_is_kept_the_moment_its_answer_is_told(
    log: LatencyLog, kept: list[LatencyRecord]
) -> None:
    log.take(IntentChanged(intent=placed(ANSWERED)), PRESS + 94 * MS)
    assert (kept[-1].reply, kept[-1].told, kept[-1].shown) == (93 * MS, 94 * MS, None)
    assert log.has_unseen
    log.shown(PRESS + 101 * MS)
    assert not log.has_unseen
    assert kept[-1].shown == 101 * MS
    assert latency_of(kept[-1]).steps[4].took_ms == pytest.approx(8.0)
    count = len(kept)
    log.take(IntentChanged(intent=placed(ANSWERED)), PRESS + 200 * MS)
    log.shown(PRESS + 210 * MS)
    assert len(kept) == count, "nothing new was told"


def test_later_stamps_grow_the_same_record(log: LatencyLog, kept: list[LatencyRecord]) -> None:
    log.take(IntentChanged(intent=placed(ANSWERED)), PRESS + 94 * MS)
    log.shown(PRESS + 101 * MS)
    echoed = msgspec.structs.replace(ANSWERED, hub_echo=PRESS + 95 * MS, fill=PRESS + 96 * MS)
    log.take(IntentChanged(intent=placed(echoed)), PRESS + 120 * MS)
    assert {one.key for one in kept} == {"td1-a"}
    newest = kept[-1]
    assert (newest.hub_echo, newest.fill) == (95 * MS, 96 * MS)
    assert (newest.told, newest.shown) == (94 * MS, 101 * MS)


def test_a_hidden_window_is_no_latency(log: LatencyLog) -> None:
    log.take(IntentChanged(intent=placed(ANSWERED)), PRESS + 94 * MS)
    log.shown(PRESS + 94 * MS + HIDDEN_NS)
    assert log.records[0].shown is None


def test_a_snapshot_tells_nothing_of_when_the_window_heard(log: LatencyLog) -> None:
    snapshot = SnapshotTaken(
        accounts=(), instruments=(), orders=(), positions=(), fills=(), intents=(placed(ANSWERED),)
    )
    log.take(snapshot, PRESS + 10_000 * MS)
    assert (log.records[0].reply, log.records[0].told) == (93 * MS, None)


@pytest.mark.parametrize(
    ("command", "kind", "text"),
    [
        (ModifyOrder(click_id="1", press_ns=PRESS, account_id=ACCOUNT, order_id=OrderId(8)),
         "modify", "Modify order 8"),
        (CancelOrder(click_id="1", press_ns=PRESS, account_id=ACCOUNT, order_id=OrderId(8)),
         "cancel", "Cancel order 8"),
        (ClosePosition(click_id="1", press_ns=PRESS, account_id=ACCOUNT, contract_id=CONTRACT),
         "close", "Close"),
    ],
)  # fmt: skip
def test_changes_are_measured_too(
    log: LatencyLog, kept: list[LatencyRecord], command: ModifyOrder, kind: str, text: str
) -> None:
    change = Change(
        key="order-8-1", command=command, state=ChangeState.DONE, stamps=ANSWERED, created_ns=12
    )
    log.take(ChangeMoved(change=change), PRESS + 95 * MS)
    assert (kept[-1].kind, kept[-1].text, kept[-1].reply) == (kind, text, 93 * MS)
    # a practice venue counts its orders from the start again
    again = msgspec.structs.replace(change, created_ns=13)
    assert record_of_change(again).key != record_of_change(change).key


def a_cancel(state: ChangeState = ChangeState.DONE) -> Change:
    command = CancelOrder(click_id="1", press_ns=PRESS, account_id=ACCOUNT, order_id=OrderId(8))
    return Change(key="order-8-1", command=command, state=state, stamps=ANSWERED, created_ns=12)


def an_order() -> Order:
    return Order(
        order_id=OrderId(8),
        account_id=ACCOUNT,
        contract_id=CONTRACT,
        side=Side.BUY,
        type=OrderType.LIMIT,
        size=1,
        filled=0,
        status=OrderStatus.OPEN,
        limit_ticks=100,
        stop_ticks=None,
        created_ns=1,
        updated_ns=1,
    )


def snapshot_of(*orders: Order) -> SnapshotTaken:
    return SnapshotTaken(
        accounts=(),
        instruments=(),
        orders=orders,
        positions=(),
        fills=(),
        intents=(),
        changes=(a_cancel(),),
    )


def test_a_change_has_the_contract_of_its_order(log: LatencyLog, kept: list[LatencyRecord]) -> None:
    log.take(OrderChanged(order=an_order()), PRESS - MS)
    log.take(ChangeMoved(change=a_cancel()), PRESS + 95 * MS)
    assert kept[-1].contract_id == CONTRACT


def test_a_change_in_a_snapshot_has_the_contract_of_its_order(log: LatencyLog) -> None:
    log.take(snapshot_of(an_order()), PRESS)
    assert [record.contract_id for record in log.records] == [CONTRACT]


def test_a_contract_that_was_known_is_not_forgotten_by_a_restart(
    log: LatencyLog, kept: list[LatencyRecord]
) -> None:
    log.take(OrderChanged(order=an_order()), PRESS - MS)
    log.take(ChangeMoved(change=a_cancel()), PRESS + 95 * MS)
    later = LatencyLog(kept.append)
    at_venue(later)
    later.remember(log.records)
    later.take(snapshot_of(), PRESS)  # which has no order 8 any more
    assert [record.contract_id for record in later.records] == [CONTRACT]
    assert kept[-1].contract_id == CONTRACT


def test_an_order_of_another_venue_lends_no_contract(log: LatencyLog) -> None:
    log.take(OrderChanged(order=an_order()), PRESS - MS)
    at_venue(log, "topstepx")
    log.take(ChangeMoved(change=a_cancel()), PRESS + 95 * MS)
    assert [record.contract_id for record in log.records] == [""]


def test_venues_are_not_mixed(log: LatencyLog) -> None:
    log.take(IntentChanged(intent=placed(ANSWERED)), PRESS + 94 * MS)
    at_venue(log, "topstepx")
    assert (log.records, log.orders, log.last, log.replies_ms) == ([], [], None, [])
    at_venue(log, "practice")
    assert log.replies_ms == [pytest.approx(93.0)]


def test_earlier_runs_come_back_and_are_not_kept_again(
    log: LatencyLog, kept: list[LatencyRecord]
) -> None:
    shown = msgspec.structs.replace(
        record_of(placed(ANSWERED), "practice"), told=94 * MS, shown=99 * MS
    )
    log.remember([shown])
    log.absorb(placed(ANSWERED))
    assert kept == []
    assert log.records == [shown]
    assert log.orders != []


def test_a_record_of_disk_fills_in_what_a_snapshot_could_not_tell(log: LatencyLog) -> None:
    log.absorb(placed(ANSWERED))
    shown = msgspec.structs.replace(
        record_of(placed(ANSWERED), "practice"), told=94 * MS, shown=99 * MS
    )
    log.remember([shown])
    assert log.records == [shown]


@given(st.lists(st.integers(0, 20), max_size=40))
def test_every_order_counts_once_however_often_it_is_told(tags: list[int]) -> None:
    log = LatencyLog()
    at_venue(log)
    for number in tags:
        log.take(IntentChanged(intent=placed(ANSWERED, tag=f"td1-{number}")), PRESS + 94 * MS)
    assert len(log.records) == len(set(tags)) == len(log.replies_ms)
