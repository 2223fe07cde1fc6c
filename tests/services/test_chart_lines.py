"""What the chart's lines say, from the desk's state."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradedesk.domain import events as ev
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.position import Account, Position
from tradedesk.domain.price import TickSize
from tradedesk.domain.stamps import Stamps
from tradedesk.services.chart_line import ChartLine, LineKind
from tradedesk.services.chart_lines import chart_lines, moved
from tradedesk.services.desk_state import DeskState
from tradedesk.services.signed_text import money_text, r_text, ticks_text

ACCOUNT = AccountId(7)
CONTRACT = ContractId("CON.F.US.MNQ.Z26")
MNQ = Instrument(CONTRACT, "MNQZ6", "Micro", TickSize(Decimal("0.25")), Decimal("0.50"), "F.US.MNQ")
AVERAGE = 85_929  # 21,482.25
LAST = 85_943


@pytest.fixture
def state() -> DeskState:
    made = DeskState()
    account = Account(ACCOUNT, "Practice", Decimal(150_000), can_trade=True)
    made.apply(
        ev.SnapshotTaken(
            accounts=(account,), instruments=(MNQ,), orders=(), positions=(), fills=(), intents=()
        )
    )
    return made


def hold(state: DeskState, net: int, average: str = "21482.25") -> None:
    position = Position(ACCOUNT, CONTRACT, net, Decimal(average))
    state.apply(ev.PositionChanged(position=position))


def order(
    state: DeskState,
    number: int,
    side: Side,
    kind: OrderType,
    ticks: int,
    *,
    size: int = 1,
    filled: int = 0,
    status: OrderStatus = OrderStatus.OPEN,
    tag: str | None = "td1-x",
    account: AccountId = ACCOUNT,
) -> None:
    is_stop = kind in (OrderType.STOP, OrderType.TRAILING_STOP)
    made = Order(
        OrderId(number),
        account,
        CONTRACT,
        side,
        kind,
        size,
        status,
        limit_ticks=None if is_stop else ticks,
        stop_ticks=ticks if is_stop else None,
        filled=filled,
        tag=None if tag is None else Tag(tag),
    )
    state.apply(ev.OrderChanged(order=made))


def intent(state: DeskState, intent_state: ev.IntentState, ticks: int | None) -> None:
    command = PlaceOrder(
        "click-1",
        5,
        account_id=ACCOUNT,
        contract_id=CONTRACT,
        side=Side.BUY,
        type=OrderType.MARKET if ticks is None else OrderType.LIMIT,
        size=2,
        limit_ticks=ticks,
    )
    made = ev.Intent(Tag("td1-a"), command, intent_state, Stamps(5))
    state.apply(ev.IntentChanged(intent=made))


def lines(state: DeskState, last: int | None = LAST) -> dict[str, ChartLine]:
    return {line.key: line for line in chart_lines(state, MNQ, last)}


def test_the_picture_of_a_long_position_with_its_bracket(state: DeskState) -> None:
    hold(state, 1)
    order(state, 1, Side.SELL, OrderType.LIMIT, AVERAGE + 40, tag="td1-x-TP")
    order(state, 2, Side.SELL, OrderType.STOP, AVERAGE - 20, tag="td1-x-SL")
    intent(state, ev.IntentState.SENT, 85_880)
    found = lines(state)
    assert {key: line.text for key, line in found.items()} == {
        "position": "LONG 1  @ 21,482.25  +$7.00",
        "order:1": "TGT 1  +$20.00  +40t  2.0R",
        "order:2": "STP 1  −$10.00  −20t",
        "intent:td1-a": "BUY LMT 2  sending…",
    }
    assert {key: line.kind for key, line in found.items()} == {
        "position": LineKind.POSITION,
        "order:1": LineKind.TARGET,
        "order:2": LineKind.STOP,
        "intent:td1-a": LineKind.PENDING,
    }
    can = {key: (x.draggable, x.cancellable, x.waiting) for key, x in found.items()}
    assert can == {
        "position": (False, False, False),
        "order:1": (True, True, False),
        "order:2": (True, True, False),
        "intent:td1-a": (False, False, True),
    }
    assert [line.price_ticks for line in found.values()] == [
        AVERAGE, AVERAGE + 40, AVERAGE - 20, 85_880,
    ]  # fmt: skip


def test_a_short_position_mirrors(state: DeskState) -> None:
    hold(state, -2)
    order(state, 1, Side.BUY, OrderType.LIMIT, AVERAGE - 30, size=2, tag="td1-x-TP")
    order(state, 2, Side.BUY, OrderType.STOP, AVERAGE + 20, size=2, tag="td1-x-SL")
    found = lines(state)
    assert found["position"].text == "SHORT 2  @ 21,482.25  −$14.00"
    assert found["order:1"].text == "TGT 2  +$30.00  +30t  1.5R"
    assert found["order:2"].text == "STP 2  −$20.00  −20t"


def test_money_counts_from_an_average_between_ticks_and_for_what_is_held(state: DeskState) -> None:
    hold(state, 2, "21482.375")
    order(state, 1, Side.SELL, OrderType.LIMIT, AVERAGE + 40, size=5, tag="td1-x-TP")
    found = lines(state)
    assert found["order:1"].text == "TGT 5  +$39.50  +39.5t"
    assert found["position"].average_price == Decimal("21482.375")
    assert "@ 21,482.38" in found["position"].text


def test_a_stop_that_locks_a_profit_in_gives_no_r(state: DeskState) -> None:
    hold(state, 1)
    order(state, 1, Side.SELL, OrderType.LIMIT, AVERAGE + 40, tag="td1-x-TP")
    order(state, 2, Side.SELL, OrderType.STOP, AVERAGE + 4, tag="td1-x-SL")
    found = lines(state)
    assert found["order:1"].text == "TGT 1  +$20.00  +40t"
    assert found["order:2"].text == "STP 1  +$2.00  +4t"


def test_entries_show_their_distance(state: DeskState) -> None:
    order(state, 1, Side.BUY, OrderType.LIMIT, LAST - 63, size=2)
    order(state, 2, Side.SELL, OrderType.STOP, LAST - 10, size=3, filled=1)
    found = lines(state)
    assert found["order:1"].text == "BUY LMT 2  −63t"
    assert found["order:2"].text == "SELL STP 1/3  −10t"
    assert found["order:2"].size == 2
    assert lines(state, None)["order:1"].text == "BUY LMT 2"
    assert {line.kind for line in found.values()} == {LineKind.ENTRY}


def test_orders_from_elsewhere_are_exits_when_they_reduce(state: DeskState) -> None:
    hold(state, 1)
    order(state, 1, Side.SELL, OrderType.STOP, AVERAGE - 8, tag=None)
    order(state, 2, Side.SELL, OrderType.LIMIT, AVERAGE + 8, tag=None)
    order(state, 3, Side.BUY, OrderType.LIMIT, AVERAGE - 8, tag=None)
    kinds = [lines(state)[f"order:{n}"].kind for n in (1, 2, 3)]
    assert kinds == [LineKind.STOP, LineKind.TARGET, LineKind.ENTRY]


@pytest.mark.parametrize(
    ("status", "words", "draggable", "cancellable", "waiting"),
    [
        (OrderStatus.OPEN, "BUY LMT 1  −3t", True, True, False),
        (OrderStatus.PENDING, "BUY LMT 1  −3t", True, True, True),
        (OrderStatus.SUSPENDED, "BUY LMT 1  waits for entry", False, True, True),
        (OrderStatus.PENDING_CANCELLATION, "BUY LMT 1  cancelling…", False, False, True),
    ],
)
def test_what_each_status_allows(
    state: DeskState,
    status: OrderStatus,
    words: str,
    draggable: bool,
    cancellable: bool,
    waiting: bool,
) -> None:
    order(state, 1, Side.BUY, OrderType.LIMIT, LAST - 3, status=status)
    line = lines(state)["order:1"]
    assert line.text == words
    assert (line.draggable, line.cancellable, line.waiting) == (draggable, cancellable, waiting)


def test_what_is_not_shown(state: DeskState) -> None:
    order(state, 1, Side.BUY, OrderType.LIMIT, LAST, status=OrderStatus.FILLED)
    order(state, 2, Side.BUY, OrderType.LIMIT, LAST, account=AccountId(8))
    intent(state, ev.IntentState.SENT, None)
    assert lines(state) == {}
    intent(state, ev.IntentState.REJECTED, LAST)
    assert lines(state) == {}


def test_an_unknown_order_says_that_the_venue_is_asked(state: DeskState) -> None:
    intent(state, ev.IntentState.UNKNOWN, LAST - 5)
    assert lines(state)["intent:td1-a"].text == "? BUY LMT 2  unknown, asking…"


def test_figures_while_a_line_is_dragged(state: DeskState) -> None:
    hold(state, 1)
    order(state, 1, Side.SELL, OrderType.LIMIT, AVERAGE + 40, tag="td1-x-TP")
    order(state, 2, Side.SELL, OrderType.STOP, AVERAGE - 20, tag="td1-x-SL")
    order(state, 3, Side.BUY, OrderType.LIMIT, LAST - 3)
    found = lines(state)
    assert moved(found["order:1"], MNQ, AVERAGE + 50).text == "TGT 1  +$25.00  +50t  2.5R"
    assert moved(found["order:2"], MNQ, AVERAGE - 10).text == "STP 1  −$5.00  −10t  −0.5R"
    there = moved(found["order:3"], MNQ, LAST - 9, LAST)
    assert (there.text, there.price_ticks) == ("BUY LMT 1  −9t", LAST - 9)
    assert moved(found["order:1"], MNQ, AVERAGE).text == "TGT 1  $0.00  0t  0.0R"


def test_signed_figures() -> None:
    assert [money_text(Decimal(x)) for x in ("1010.5", "-0.5", "0", "-0.0")] == [
        "+$1,010.50", "−$0.50", "$0.00", "$0.00",
    ]  # fmt: skip
    assert [ticks_text(Decimal(x)) for x in ("3", "-3", "0", "12.5", "-0.04")] == [
        "+3t", "−3t", "0t", "+12.5t", "0t",
    ]  # fmt: skip
    assert [r_text(Decimal(x)) for x in ("2", "-1", "-0.04")] == ["2.0R", "−1.0R", "0.0R"]
