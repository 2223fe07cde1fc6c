"""The one door for everything a person or a script asks of the venue.

Every method is a plain call that returns at once with the click's id; what became of it arrives as
events in ``DeskState``.
"""

from __future__ import annotations

import itertools
import secrets
from typing import TYPE_CHECKING, TypedDict

from tradedesk.domain import commands as cmd
from tradedesk.domain.errors import InputError
from tradedesk.services.stress.contract import is_made_up

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
    from tradedesk.domain.order import OrderType, Side
    from tradedesk.domain.ports import ExecutorPort
    from tradedesk.domain.safety import TradingRules
    from tradedesk.services.desk_state import DeskState


class _Click(TypedDict):
    click_id: str
    press_ns: int
    asked_ns: int


class TradeDesk:
    """Builds commands for the selected account and hands them to the executor."""

    def __init__(self, state: DeskState, executor: ExecutorPort, clock: Clock) -> None:
        self._state = state
        self._executor = executor
        self._clock = clock
        self._run = secrets.token_hex(4)
        self._clicks = itertools.count(1)

    def place(
        self,
        contract_id: ContractId,
        side: Side,
        type: OrderType,
        size: int,
        *,
        limit_ticks: int | None = None,
        stop_ticks: int | None = None,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        reference_ticks: int | None = None,
        custom_tag: str | None = None,
        press_ns: int | None = None,
    ) -> str:
        """Ask for one order. ``press_ns`` is the moment of the mouse press, now if None.

        Raises
        ------
        InputError
            If no account is selected, or the contract is the made-up one of the stress test.
        """
        if is_made_up(contract_id):
            raise InputError(
                "STRESS has made-up prices and is never traded: choose a contract of the venue."
            )
        command = cmd.PlaceOrder(
            **self._click(press_ns),
            account_id=self._account(),
            contract_id=contract_id,
            side=side,
            type=type,
            size=size,
            limit_ticks=limit_ticks,
            stop_ticks=stop_ticks,
            stop_loss_ticks=stop_loss_ticks,
            take_profit_ticks=take_profit_ticks,
            reference_ticks=reference_ticks,
            custom_tag=custom_tag,
        )
        return self._send(command)

    def modify(
        self,
        order_id: OrderId,
        *,
        size: int | None = None,
        limit_ticks: int | None = None,
        stop_ticks: int | None = None,
        press_ns: int | None = None,
    ) -> str:
        """Ask for another price or size of a working order."""
        return self._send(
            cmd.ModifyOrder(
                **self._click(press_ns),
                account_id=self._account(),
                order_id=order_id,
                size=size,
                limit_ticks=limit_ticks,
                stop_ticks=stop_ticks,
            )
        )

    def cancel(self, order_id: OrderId, *, press_ns: int | None = None) -> str:
        """Ask for the end of a working order."""
        return self._send(
            cmd.CancelOrder(**self._click(press_ns), account_id=self._account(), order_id=order_id)
        )

    def cancel_all(
        self,
        contract_id: ContractId | None = None,
        *,
        include_exits: bool = False,
        press_ns: int | None = None,
    ) -> str:
        """Ask for the end of all working orders; exits of positions stay unless included."""
        return self._send(
            cmd.CancelAll(
                **self._click(press_ns),
                account_id=self._account(),
                contract_id=contract_id,
                include_exits=include_exits,
            )
        )

    def flatten(self, contract_id: ContractId | None = None, *, press_ns: int | None = None) -> str:
        """Ask for no orders and no position, proven; every contract if None."""
        return self._send(
            cmd.Flatten(
                **self._click(press_ns), account_id=self._account(), contract_id=contract_id
            )
        )

    def close_position(
        self, contract_id: ContractId, size: int | None = None, *, press_ns: int | None = None
    ) -> str:
        """Ask to close a position at market, or ``size`` contracts of it."""
        return self._send(
            cmd.ClosePosition(
                **self._click(press_ns),
                account_id=self._account(),
                contract_id=contract_id,
                size=size,
            )
        )

    def reverse(
        self,
        contract_id: ContractId,
        *,
        stop_loss_ticks: int | None = None,
        take_profit_ticks: int | None = None,
        press_ns: int | None = None,
    ) -> str:
        """Ask for flat, proven, and then for as many contracts the other way."""
        return self._send(
            cmd.ReversePosition(
                **self._click(press_ns),
                account_id=self._account(),
                contract_id=contract_id,
                stop_loss_ticks=stop_loss_ticks,
                take_profit_ticks=take_profit_ticks,
            )
        )

    def protect(
        self,
        contract_id: ContractId,
        stop_ticks: int | None = None,
        *,
        press_ns: int | None = None,
    ) -> str:
        """Ask for a stop for the contracts that have none, at the rules' distance if None."""
        return self._send(
            cmd.ProtectPosition(
                **self._click(press_ns),
                account_id=self._account(),
                contract_id=contract_id,
                stop_ticks=stop_ticks,
            )
        )

    def target(
        self, contract_id: ContractId, limit_ticks: int, *, press_ns: int | None = None
    ) -> str:
        """Ask for a target at a price for the contracts of a position that have none."""
        return self._send(
            cmd.TargetPosition(
                **self._click(press_ns),
                account_id=self._account(),
                contract_id=contract_id,
                limit_ticks=limit_ticks,
            )
        )

    def settle(self, tag: Tag, *, placed: bool) -> str:
        """Say what the venue's own page shows of an order that could not be found out."""
        return self._send(cmd.SettleIntent(**self._click(None), tag=tag, placed=placed))

    def kill(self, *, close_positions: bool = True, press_ns: int | None = None) -> str:
        """Trip the kill switch: entries off until released, everything cancelled and closed."""
        return self._send(
            cmd.Kill(
                **self._click(press_ns),
                account_id=self._account(),
                close_positions=close_positions,
            )
        )

    def release_kill(self, word: str) -> str:
        """Release the kill switch with the word that a person typed."""
        return self._send(cmd.ReleaseKill(**self._click(None), word=word))

    def lock(self, until_ns: int) -> str:
        """Lock entries until a moment (wall, nanoseconds UTC); nothing ends it sooner."""
        return self._send(
            cmd.LockTrading(**self._click(None), account_id=self._account(), until_ns=until_ns)
        )

    def set_rules(self, rules: TradingRules) -> str:
        """Ask for other rules from now on."""
        return self._send(cmd.SetRules(**self._click(None), rules=rules))

    def mark_prices(self, marks: dict[ContractId, cmd.Mark], venue_ns: int) -> str:
        """Tell what contracts trade at, and the venue's time."""
        return self._send(cmd.MarkPrices(**self._click(None), marks=marks, venue_ns=venue_ns))

    def arm(self, armed: bool) -> str:
        """Allow or forbid entries."""
        return self._send(cmd.SetArmed(**self._click(None), armed=armed))

    def track(self, symbol: str) -> str:
        """Ask for the active contract of a symbol; it arrives as ``InstrumentResolved``."""
        return self._send(cmd.TrackContract(**self._click(None), symbol=symbol))

    def _account(self) -> AccountId:
        if self._state.account_id is None:
            raise InputError("No account is selected yet; wait until the desk has signed in.")
        return self._state.account_id

    def _click(self, press_ns: int | None) -> _Click:
        now_ns = self._clock.mono_ns()
        return {
            "click_id": f"{self._run}-{next(self._clicks)}",
            "press_ns": now_ns if press_ns is None else press_ns,
            "asked_ns": now_ns,
        }

    def _send(self, command: cmd.AnyCommand) -> str:
        self._executor.send(command)
        return command.click_id
