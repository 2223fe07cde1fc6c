"""Whether what the desk said was so when it said it: orders, cancels, changes, closes, flattens."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tradedesk.domain import commands as cmd
from tradedesk.domain.changes import ChangeState
from tradedesk.domain.events import ChangeMoved, FlattenProgress, IntentState
from tradedesk.domain.order import Order, OrderStatus, OrderType

if TYPE_CHECKING:
    from collections.abc import Callable

    from reliability.trader import Intention, Trader
    from reliability.venue_model import Venue
    from tradedesk.domain.changes import Change
    from tradedesk.domain.ids import ContractId, OrderId

    Fail = Callable[[str, str], None]

_OPEN_INTENTS = frozenset(
    {IntentState.ARMED, IntentState.SENT, IntentState.UNKNOWN, IntentState.NEEDS_HUMAN}
)
TOLD_LATE_S = 0.5
"""How old the venue's own word that a position is flat may be when it is heard."""
_NOT_DONE = frozenset({ChangeState.REFUSED, ChangeState.NOT_SENT})


class Claims:
    """Reads a history from its beginning, with the venue's state of each moment at hand."""

    def __init__(self, seed: int, trader: Trader, venue: Venue, fail: Fail) -> None:
        self._seed = seed
        self._trader = trader
        self._venue = venue
        self._fail = fail
        self._net: dict[ContractId, int] = defaultdict(int)
        self._flat_at: dict[ContractId, float] = dict.fromkeys(venue.markets, 0.0)
        self._orders: dict[OrderId, list[Order]] = defaultdict(list)
        self._working: dict[OrderId, tuple[Order, int | None]] = {}
        self._seen: dict[OrderId, Order] = {}
        self._intents: dict[str, tuple[int, IntentState]] = {}
        self._api_cancels: dict[OrderId, float] = {}

    def judge(self) -> None:
        """Read it all."""
        steps: dict[str, Callable[..., None]] = {
            "order": self._order,
            "net": self._position,
            "cancel": self._cancelled,
            "seen": self._told_order,
            "told": self._told_intent,
            "said": self._said,
            "started": self._started,
        }
        for at_s, kind, *rest in self._venue.history:
            step = steps.get(str(kind))
            if step is not None:
                step(at_s, *rest)

    # --- the venue's side -------------------------------------------------------------------

    def _order(self, at_s: float, order: Order, intention: int | None) -> None:
        self._orders[order.order_id].append(order)
        if order.is_working:
            self._working[order.order_id] = (order, intention)
        else:
            self._working.pop(order.order_id, None)

    def _position(self, at_s: float, contract: ContractId, net: int) -> None:
        if self._net[contract] == 0 or net == 0:
            self._flat_at[contract] = at_s  # flat up to, or from, this moment
        self._net[contract] = net

    def _cancelled(self, at_s: float, order_id: OrderId, why: str) -> None:
        self._api_cancels[order_id] = at_s

    # --- the desk's side --------------------------------------------------------------------

    def _started(self, at_s: float) -> None:
        """A new process knows only what it reads; what an older one told is forgotten."""
        self._seen.clear()

    def _told_order(self, at_s: float, told: Order) -> None:
        older = self._seen.get(told.order_id)
        self._seen[told.order_id] = told
        where = f"{at_s:.1f} s: order {told.order_id} told as {told.status.name} {told.filled}"
        states = {(one.status, one.filled) for one in self._orders[told.order_id]}
        filled = {one for _, one in states}
        if told.filled not in filled or told.status not in {status for status, _ in states}:
            self._wrong("undone", f"{where}, which it never was")
        if older is None:
            return
        if told.filled < older.filled:
            self._wrong("undone", f"{where} after {older.filled} were filled")
        elif older.status.is_final and not told.status.is_final:
            self._wrong("undone", f"{where} after {older.status.name}")

    def _told_intent(self, at_s: float, number: int, tag: str, state: IntentState) -> None:
        self._intents[tag] = (number, state)

    def _said(self, at_s: float, event: object) -> None:
        if isinstance(event, ChangeMoved):
            self._said_change(at_s, event.change)
        elif isinstance(event, FlattenProgress) and event.text.startswith("Flat"):
            intention = self._trader.by_click.get(event.click_id)
            if intention is not None and isinstance(intention.command, cmd.Flatten):
                self._said_flat(at_s, intention.command, event.text)

    def _said_flat(self, at_s: float, command: cmd.Flatten, text: str) -> None:
        """At this moment nothing may be held or work, but for what it says is still unknown."""
        unknown = {n for n, state in self._intents.values() if state in _OPEN_INTENTS}
        scope = [c for c in self._venue.markets if command.contract_id in {None, c}]
        excused = {
            row.order.contract_id
            for row in self._venue.rows
            if row.intention in unknown and row.parent is None and "unknown" in text
        }
        for contract in scope:
            if contract in excused:
                continue
            left = [
                order.order_id
                for order, _ in self._working.values()
                if order.contract_id == contract
            ]
            if self._net[contract] or left:
                self._wrong(
                    "false proof",
                    f"{at_s:.1f} s: {contract} said to be flat ({text}), "
                    f"position {self._net[contract]}, orders {left}",
                )

    def _said_change(self, at_s: float, change: Change) -> None:
        intention = self._trader.by_click.get(change.command.click_id)
        if intention is None or not change.state.is_final:
            return
        command, done = change.command, change.state is ChangeState.DONE
        where = f"{at_s:.1f} s: {change.key} {change.state} ({change.reason})"
        if isinstance(command, cmd.CancelOrder):
            last = self._last(command.order_id)
            if done and (not last.status.is_final or last.status is OrderStatus.FILLED):
                self._wrong("wrong change", f"{where}, but it is {last.status.name}")
            if change.state in _NOT_DONE and self._alone_cancelled(intention, command.order_id):
                self._wrong("wrong change", f"{where}, but it was carried out")
        elif isinstance(command, cmd.ModifyOrder):
            if done and not self._ever_was(command):
                self._wrong("wrong change", f"{where}, but it never was so")
        elif done and command.size is None:
            contract = command.contract_id
            if self._net[contract] and self._flat_at[contract] < intention.pressed_s - TOLD_LATE_S:
                self._wrong("wrong change", f"{where}, but it was never flat since")

    # --- questions --------------------------------------------------------------------------

    def _last(self, order_id: OrderId) -> Order:
        return self._orders[order_id][-1]

    def _alone_cancelled(self, asked: Intention, order_id: OrderId) -> bool:
        """Whether the venue carried out a cancel that only this command can have sent."""
        when_s = self._api_cancels.get(order_id)
        if when_s is None:
            return False
        others = [
            one
            for one in self._trader.intentions
            if one.pressed_s <= when_s
            and (
                isinstance(one.command, cmd.Flatten | cmd.CancelAll)
                or (isinstance(one.command, cmd.CancelOrder) and one.command.order_id == order_id)
            )
        ]
        return others == [asked] and self._last(order_id).type is not OrderType.MARKET

    def _ever_was(self, command: cmd.ModifyOrder) -> bool:
        return any(
            command.size in {None, one.size}
            and command.limit_ticks in {None, one.limit_ticks}
            and command.stop_ticks in {None, one.stop_ticks}
            for one in self._orders[command.order_id]
        )

    def _wrong(self, kind: str, text: str) -> None:
        self._fail(kind, f"seed {self._seed}, {text}")
