"""Events that somebody should read: toasts and the look-up box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import ShieldState
from tradedesk.services.chart_line import order_word
from tradedesk.services.latency import measure
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.position import Fill
    from tradedesk.domain.safety import Shield
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.phases.log import PhaseLog
    from tradedesk.ui.toasts.stack import ToastStack

_BAD = {
    ev.IntentState.DENIED: "Not sent",
    ev.IntentState.NOT_SENT: "Not sent",
    ev.IntentState.REJECTED: "Refused by the venue",
}
_LOUD = {"warning": "warning", "error": "error", "alarm": "error"}
"""Notices that are shown at once, and how; all of them stand in the log."""
_UNSAFE = (ShieldState.BARE, ShieldState.PROTECTING, ShieldState.CLOSING)
_UNKNOWN = "No clear answer; the venue is being asked. Nothing is sent again"


class NoticePresenter:
    """Turns events into toasts; what a panel tells until it is over is left to that panel."""

    def __init__(self, toasts: ToastStack, state: DeskState, phases: PhaseLog) -> None:
        self._toasts = toasts
        self._state = state
        self._fills: list[Fill] = []
        self._told: set[tuple[str, ev.IntentState]] = set()
        self._phases = phases
        self._bare: dict[ContractId, str] = {}

    def take(self, event: ev.AnyEvent) -> None:
        """Show what this event has to say, if anything."""
        match event:
            case ev.FillReceived(fill=fill) if fill.account_id == self._state.account_id:
                self._fills.append(fill)
            case ev.IntentChanged(intent=intent):
                self._take_intent(intent)
            case ev.ShieldChanged(shield=shield):
                self._take_shield(shield)
            case ev.SnapshotTaken() | ev.PositionChanged():
                self._forget_covered()
            case ev.CommandFailed(click_id=click_id, reason=reason, outcome_unknown=unknown):
                if not self._phases.holds(click_id):
                    self._toasts.show("warning" if unknown else "error", reason)
            case ev.Notice(level=level, text=text) if level in _LOUD:
                self._toasts.show(_LOUD[level], text, key=text)
            case _:
                pass

    def flush_fills(self) -> None:
        """Show the fills of the last moment, once their stamps have had time to arrive."""
        for fill in self._fills:
            self._toasts.show("buy" if fill.side is Side.BUY else "sell", self._fill_text(fill))
        self._fills.clear()

    def _fill_text(self, fill: Fill) -> str:
        instrument = self._state.instruments.get(fill.contract_id)
        name = instrument.name if instrument is not None else str(fill.contract_id)
        price = instrument.tick.text(fill.price_ticks) if instrument is not None else words.NONE
        text = f"{'BOT' if fill.side is Side.BUY else 'SLD'} {fill.size} {name} @ {price}"
        if fill.pnl is not None:
            text += f" · {words.money(fill.pnl)}"
        intent = next(
            (i for i in self._state.intents.values() if i.order_id == fill.order_id), None
        )
        took = measure(intent).steps[-1] if intent is not None else None
        if took is not None and took.took_ms is not None and took.start_ms is not None:
            text += f" · {took.start_ms + took.took_ms:.0f} ms"
        return text

    def _take_intent(self, intent: ev.Intent) -> None:
        state = intent.state
        if state is not ev.IntentState.UNKNOWN and state not in _BAD:
            return
        if (intent.tag, state) in self._told:
            return
        self._told.add((intent.tag, state))
        command = intent.command
        instrument = self._state.instruments.get(command.contract_id)
        name = instrument.name if instrument is not None else str(command.contract_id)
        what = f"{order_word(command.side, command.type)} {command.size} {name}"
        head = _BAD.get(state, _UNKNOWN)
        reason = f": {intent.reason}" if intent.reason else "."
        level = "error" if state in _BAD else "warning"
        self._toasts.show(level, f"{what}. {head}{reason}", key=f"intent {intent.tag}")

    def _take_shield(self, shield: Shield) -> None:
        """A bare position is told until it is bare no more; a notice in the same words is it."""
        self._forget(shield.contract_id, keep=shield.text)
        if shield.account_id != self._state.account_id or not shield.net_size:
            return
        if shield.state in _UNSAFE and shield.text:
            self._bare[shield.contract_id] = shield.text
            level = "error" if shield.state is ShieldState.BARE else "warning"
            self._toasts.show(level, shield.text, key=shield.text)
        else:
            self._forget(shield.contract_id)

    def _forget_covered(self) -> None:
        for contract_id in list(self._bare):
            shield = self._state.shield(contract_id)
            gone = self._state.position(contract_id) is None
            if gone or shield is None or shield.state not in _UNSAFE:
                self._forget(contract_id)

    def _forget(self, contract_id: ContractId, keep: str = "") -> None:
        text = self._bare.get(contract_id)
        if text is not None and text != keep:
            del self._bare[contract_id]
            self._toasts.drop(text)
