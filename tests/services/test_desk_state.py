"""The desk's state, fed with the executor's events."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.errors import InputError
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag, TradeId
from tradedesk.domain.order import Order, OrderStatus, OrderType, Role, Side
from tradedesk.domain.position import Account, Fill, Position
from tradedesk.domain.safety import Lock, LockKind, Shield, ShieldState, TradingRules
from tradedesk.services.desk_state import DeskState
from tradedesk.services.trade_desk import TradeDesk

ACCOUNT = AccountId(7)
MNQ = ContractId("CON.F.US.MNQ.Z26")


def order(order_id: int, **changes: object) -> Order:
    members: dict[str, object] = {
        "order_id": OrderId(order_id),
        "account_id": ACCOUNT,
        "contract_id": MNQ,
        "side": Side.SELL,
        "type": OrderType.STOP,
        "size": 1,
        "status": OrderStatus.OPEN,
        "stop_ticks": 85_900,
        "tag": Tag("td1-aaaaa-bbbbbbb-0001-SL"),
    }
    return Order(**(members | changes))  # type: ignore[arg-type]


def fill(trade_id: int, pnl: str | None, fees: str, *, voided: bool = False) -> Fill:
    return Fill(
        trade_id=TradeId(trade_id),
        account_id=ACCOUNT,
        contract_id=MNQ,
        order_id=OrderId(1),
        ts_ns=trade_id,
        side=Side.BUY,
        size=1,
        price_ticks=85_920,
        pnl=None if pnl is None else Decimal(pnl),
        fees=Decimal(fees),
        voided=voided,
    )


def snapshot(**members: object) -> ev.SnapshotTaken:
    empty: dict[str, object] = dict.fromkeys(
        ("accounts", "instruments", "orders", "positions", "fills", "intents"), ()
    )
    return ev.SnapshotTaken(**(empty | members))  # type: ignore[arg-type]


@pytest.fixture
def state() -> DeskState:
    desk = DeskState()
    account = Account(ACCOUNT, "PRAC", Decimal(150_000), can_trade=True)
    desk.apply(snapshot(accounts=(account,)))
    return desk


def test_a_snapshot_replaces_what_was_known(state: DeskState) -> None:
    state.apply(ev.OrderChanged(order=order(1)))
    state.apply(snapshot(orders=(order(2),)))
    assert [o.order_id for o in state.working_orders()] == [2]


def test_day_profit_is_net_of_fees_and_leaves_busted_trades_out(state: DeskState) -> None:
    for one in (fill(1, None, "0.37"), fill(2, "20.00", "0.37"), fill(3, "99", "9", voided=True)):
        state.apply(ev.FillReceived(fill=one))
    assert state.day_pnl(10) == Decimal("19.26")


def test_a_flat_position_disappears(state: DeskState) -> None:
    state.apply(ev.PositionChanged(position=Position(ACCOUNT, MNQ, 2, Decimal(21_480))))
    assert state.position(MNQ) is not None
    state.apply(ev.PositionChanged(position=Position(ACCOUNT, MNQ, 0, Decimal(0))))
    assert state.position(MNQ) is None


@pytest.mark.parametrize(
    ("legs", "covered"),
    [
        ((order(1, size=2),), True),
        ((order(1, size=1), order(2, size=1)), True),
        ((order(1, size=1),), False),
        ((order(1, size=2, status=OrderStatus.SUSPENDED),), False),
        ((order(1, size=2, side=Side.BUY),), False),
        ((order(1, size=2, stop_ticks=None, limit_ticks=86_000),), False),
        ((order(1, size=2, filled=1),), False),
    ],
)
def test_a_position_is_covered_only_by_resting_stops_of_its_full_size(
    state: DeskState, legs: tuple[Order, ...], covered: bool
) -> None:
    position = Position(ACCOUNT, MNQ, 2, Decimal(21_480))
    for leg in legs:
        state.apply(ev.OrderChanged(order=leg))
    assert state.is_covered(position) is covered


def shield(net_size: int, state: ShieldState = ShieldState.COVERED) -> Shield:
    return Shield(
        account_id=ACCOUNT,
        contract_id=MNQ,
        state=state,
        net_size=net_size,
        covered=abs(net_size),
        since_ns=1,
    )


def test_a_shield_is_kept_until_its_position_is_gone(state: DeskState) -> None:
    state.apply(ev.ShieldChanged(shield=shield(2)))
    assert state.shield(MNQ) == shield(2)
    state.apply(ev.ShieldChanged(shield=shield(0)))
    assert state.shield(MNQ) is None
    state.apply(snapshot(shields=(shield(-1, ShieldState.BARE),)))
    assert state.shield(MNQ) == shield(-1, ShieldState.BARE)
    state.apply(snapshot())
    assert state.shield(MNQ) is None, "a snapshot replaces what was known"


def test_locks_of_other_accounts_do_not_hold_here(state: DeskState) -> None:
    kill = Lock(kind=LockKind.KILL, text="Kill switch on.", since_ns=1)
    other = Lock(kind=LockKind.TIME, text="Locked.", since_ns=1, account_id=AccountId(8))
    rules = TradingRules()
    state.apply(ev.LocksChanged(locks=(kill, other), rules=rules))
    assert state.held_locks() == [kill]
    assert state.rules == rules


def test_roles_are_read_from_tags_then_parents(state: DeskState) -> None:
    assert state.role(order(1)) is Role.STOP
    assert state.role(order(1, tag=Tag("td1-a-b-c-TP"))) is Role.TARGET
    assert state.role(order(1, tag=Tag("td1-a-b-c"))) is Role.ENTRY
    assert state.role(order(1, tag=None, parent_id=OrderId(9))) is Role.STOP
    assert state.role(order(1, tag=None)) is Role.EXTERNAL


def test_a_listener_hears_until_it_leaves(state: DeskState) -> None:
    heard: list[ev.AnyEvent] = []
    leave = state.subscribe(heard.append)
    event = ev.Notice(level="info", text="x", ts_ns=1)
    state.apply(event)
    leave()
    state.apply(event)
    assert heard == [event]


class _Recorder:
    def __init__(self) -> None:
        self.sent: list[cmd.AnyCommand] = []

    def send(self, command: cmd.AnyCommand) -> None:
        self.sent.append(command)

    async def close(self, *, shutdown: bool) -> None:
        """Nothing to leave."""


class _Clock:
    def wall_ns(self) -> int:
        return 0

    def mono_ns(self) -> int:
        return 42


def test_commands_name_the_selected_account_and_never_share_a_click(state: DeskState) -> None:
    recorder = _Recorder()
    desk = TradeDesk(state, recorder, _Clock())
    clicks = {desk.place(MNQ, Side.BUY, OrderType.MARKET, 1) for _ in range(50)}
    assert len(clicks) == 50
    first = recorder.sent[0]
    assert isinstance(first, cmd.PlaceOrder)
    assert (first.account_id, first.press_ns) == (ACCOUNT, 42)


def test_without_an_account_nothing_is_sent() -> None:
    recorder = _Recorder()
    desk = TradeDesk(DeskState(), recorder, _Clock())
    with pytest.raises(InputError, match="No account"):
        desk.place(MNQ, Side.BUY, OrderType.MARKET, 1)
    assert recorder.sent == []


def test_each_safety_command_says_what_was_asked(state: DeskState) -> None:
    recorder = _Recorder()
    desk = TradeDesk(state, recorder, _Clock())
    desk.kill(press_ns=9)
    desk.release_kill("RELEASE")
    desk.protect(MNQ, 85_900)
    desk.target(MNQ, 86_100, press_ns=8)
    desk.settle(Tag("td1-a"), placed=False)
    desk.reverse(MNQ, stop_loss_ticks=20)
    desk.lock(77)
    kill, release, protect, target, settle, reverse, lock = recorder.sent
    assert isinstance(kill, cmd.Kill)
    assert (kill.account_id, kill.close_positions, kill.press_ns) == (ACCOUNT, True, 9)
    assert isinstance(release, cmd.ReleaseKill)
    assert release.word == "RELEASE"
    assert isinstance(protect, cmd.ProtectPosition)
    assert (protect.contract_id, protect.stop_ticks) == (MNQ, 85_900)
    assert isinstance(target, cmd.TargetPosition)
    assert (target.contract_id, target.limit_ticks, target.press_ns) == (MNQ, 86_100, 8)
    assert isinstance(settle, cmd.SettleIntent)
    assert (settle.tag, settle.placed) == ("td1-a", False)
    assert isinstance(reverse, cmd.ReversePosition)
    assert (reverse.stop_loss_ticks, reverse.take_profit_ticks) == (20, None)
    assert isinstance(lock, cmd.LockTrading)
    assert lock.until_ns == 77
