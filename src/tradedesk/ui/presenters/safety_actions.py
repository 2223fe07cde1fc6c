"""What the window asks of the venue when something has to be made safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.presenters.asking import Asking

if TYPE_CHECKING:
    from tradedesk.domain.events import Intent
    from tradedesk.domain.ids import ContractId, Tag
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.trade_desk import TradeDesk
    from tradedesk.ui.phases.log import PhaseLog
    from tradedesk.ui.presenters.asking import Say


class SafetyActions:
    """Kill switch, cover, and orders that nobody has confirmed."""

    def __init__(self, state: DeskState, trade: TradeDesk, phases: PhaseLog, say: Say) -> None:
        self._state = state
        self._trade = trade
        self._phases = phases
        self._say = say
        self._asking = Asking(say)

    def kill(self, press_ns: int) -> None:
        """Trip the kill switch."""
        click = self._asking.attempt(lambda: self._trade.kill(press_ns=press_ns))
        if click is not None:
            self._phases.begin(click, "Kill switch", press_ns)

    def release(self, word: str) -> None:
        """Release it with the typed word."""
        self._asking.attempt(lambda: self._trade.release_kill(word))

    def protect(self, contract_id: ContractId, press_ns: int) -> None:
        """Place a stop for what has none; a second press at once is a slip and does nothing."""
        if self._asking.is_slip(contract_id, press_ns):
            return
        self._asking.attempt(lambda: self._trade.protect(contract_id, press_ns=press_ns))

    def settle(self, tag: Tag, *, placed: bool) -> None:
        """Say what the venue's page shows."""
        self._asking.attempt(lambda: self._trade.settle(tag, placed=placed))

    def send_again(self, intent: Intent, reference_ticks: int | None, press_ns: int) -> None:
        """Place an order once more that the venue does not know, under the same tag."""
        ask = intent.command
        if ask.account_id != self._state.account_id:
            self._say("warning", "Another account is selected now; nothing was sent.")
            return
        self._asking.attempt(
            lambda: self._trade.place(
                ask.contract_id,
                ask.side,
                ask.type,
                ask.size,
                limit_ticks=ask.limit_ticks,
                stop_ticks=ask.stop_ticks,
                stop_loss_ticks=ask.stop_loss_ticks,
                take_profit_ticks=ask.take_profit_ticks,
                reference_ticks=reference_ticks,
                custom_tag=intent.tag,
                press_ns=press_ns,
            )
        )
