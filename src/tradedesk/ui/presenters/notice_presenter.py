"""Events that somebody should read: toasts and the look-up box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import LockKind, ShieldState
from tradedesk.services.chart_line import order_word
from tradedesk.services.latency import measure
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.position import Fill
    from tradedesk.domain.safety import Lock
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
_UNKNOWN = "No clear answer; the venue is being asked. Nothing is sent again"


class NoticePresenter:
    """Turns events into toasts; what a panel tells until it is over is left to that panel."""

    def __init__(self, toasts: ToastStack, state: DeskState, phases: PhaseLog) -> None:
        self._toasts = toasts
        self._state = state
        self._fills: list[Fill] = []
        self._told: set[tuple[str, ev.IntentState]] = set()
        self._phases = phases
        self._bare: set[ContractId] = set()
        self._locked: set[str] = set()

    def take(self, event: ev.AnyEvent) -> None:
        """Show what this event has to say, if anything."""
        match event:
            case ev.FillReceived(fill=fill) if fill.account_id == self._state.account_id:
                self._fills.append(fill)
            case ev.IntentChanged(intent=intent):
                self._take_intent(intent)
            case ev.ShieldChanged() | ev.SnapshotTaken() | ev.PositionChanged():
                self._forget_covered()
            case ev.LocksChanged(locks=locks):
                self._take_locks(locks)
            case ev.CommandFailed(click_id=click_id, reason=reason, outcome_unknown=unknown):
                if not self._phases.holds(click_id):
                    self._toasts.show("warning" if unknown else "error", reason)
            case ev.Notice(level=level) if level in _LOUD:
                self._take_notice(event)
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
            text += f" · {words.took(took.start_ms + took.took_ms)}"
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

    def _take_notice(self, event: ev.Notice) -> None:
        """A position without cover is told in one toast; the kill switch has its band."""
        text, key = event.text, event.text
        killed = (lock for lock in self._state.locks if lock.kind is LockKind.KILL)
        if any(lock.text and text.startswith(lock.text) for lock in killed):
            return
        if event.about is not None:
            key = _cover_key(event.about)
            self._bare.add(event.about)
        self._toasts.show(_LOUD[event.level], text, key=key)

    def _take_locks(self, locks: tuple[Lock, ...]) -> None:
        """What was told of a lock that is over is over; the band tells of the kill switch.

        A notice may say more than the lock does, but begins with its sentence.
        """
        texts = {lock.text for lock in locks}
        killed = {lock.text for lock in locks if lock.kind is LockKind.KILL}
        over = tuple(((self._locked - texts) | killed) - {""})
        for key in self._toasts.keys:
            if key.startswith(over):
                self._toasts.drop(key)
        self._locked = texts

    def _forget_covered(self) -> None:
        """Take back what was told of positions that are covered or gone."""
        for contract_id in list(self._bare):
            shield = self._state.shield(contract_id)
            safe = shield is not None and shield.state is ShieldState.COVERED
            if safe or self._state.position(contract_id) is None:
                self._bare.discard(contract_id)
                self._toasts.drop(_cover_key(contract_id))


def _cover_key(contract_id: ContractId) -> str:
    return f"cover {contract_id}"
