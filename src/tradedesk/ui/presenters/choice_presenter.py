"""What is being looked at and traded: contract, bar size, account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.domain.ids import AccountId
from tradedesk.services.stress.contract import is_made_up
from tradedesk.ui import words
from tradedesk.ui.presenters.chart_slot import spec_of
from tradedesk.ui.readiness import phase_text
from tradedesk.ui.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.memory_keeper import MemoryKeeper
    from tradedesk.ui.ports import Markets
    from tradedesk.ui.presenters.actions import DeskActions
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.top_bar.contract_picker import ContractPicker
    from tradedesk.ui.top_bar.panel import TopBar


class ChoicePresenter:
    """Owns the `Selection` of the desk and answers the top bar and the search box."""

    def __init__(
        self,
        top: TopBar,
        picker: ContractPicker,
        state: DeskState,
        markets: Markets,
        actions: DeskActions,
        keeper: MemoryKeeper,
        say: Say,
        parent: QObject,
    ) -> None:
        self._top = top
        self._pickers: list[ContractPicker] = []
        self._state = state
        self._markets = markets
        self._actions = actions
        self._keeper = keeper
        self._say = say
        first = keeper.now.own_charts[0]
        self._wanted = first.symbol
        self._asked = ""
        self._visited: Instrument | None = None
        self.selection = Selection(spec_of(first.interval), parent)
        self.selection.changed.connect(self._show)
        top.interval_chosen.connect(self.choose_interval)
        self.answer(picker)
        self._show()

    def answer(self, picker: ContractPicker) -> None:
        """Show what is chosen in one more search box, on the active chart."""
        self._pickers.append(picker)
        picker.symbol_chosen.connect(self.choose_symbol)

    def forget(self, picker: ContractPicker) -> None:
        """Its window is about to go."""
        self._pickers.remove(picker)

    @property
    def waiting_text(self) -> str:
        """What to say while no contract is known; empty when one is."""
        if self.selection.instrument is not None:
            return ""
        session = self._state.session
        why = phase_text(session)
        if not why:
            return f"Looking up {self._wanted}…"
        detail = session.detail if session is not None and session.detail != why else ""
        return words.sentence(f"{why.rstrip('…')}: {detail}" if detail else why)

    def choose_interval(self, text: str) -> None:
        """Show another bar size, from a segment of the top bar."""
        try:
            spec = BarSpec.parse(text)
        except BarSpecError as error:
            self._say("warning", str(error))
            return
        self.selection.choose(spec=spec)

    def choose_symbol(self, symbol: str) -> None:
        """Show another contract; looked up at the venue if it is not known yet."""
        self._wanted = symbol
        self._visited = None
        known = self._state.instrument_by_symbol(symbol)
        if known is not None:
            self._look_at(known)
        else:
            self._actions.track(symbol)

    def prefer(self, symbols: Sequence[str]) -> None:
        """Want the first of these, unless what is wanted already is among them."""
        if self._wanted not in symbols:
            self._wanted = symbols[0]

    def visit(self, instrument: Instrument) -> None:
        """Show a made-up contract; what is resolved by itself does not take it away."""
        self._visited = instrument
        self.selection.choose(instrument=instrument)

    def choose_account(self, key: str) -> None:
        """Trade another account of this login."""
        self._state.account_id = AccountId(int(key))
        self.selection.changed.emit()

    def find(self) -> None:
        """Look at the remembered contract as soon as it can be known; call every frame."""
        if self.selection.instrument is not None:
            return
        known = self._state.instrument_by_symbol(self._wanted)
        if known is not None:
            self._look_at(known)
        elif self._asked != self._wanted and not phase_text(self._state.session):
            self._asked = self._wanted
            self._actions.track(self._wanted)

    def take(self, event: ev.AnyEvent) -> bool:
        """Look at what was asked for; True if nobody else has to tell the user of this event."""
        match event:
            case ev.InstrumentResolved(instrument=found) if self._wanted in (
                found.symbol,
                found.name,
                found.contract_id,
            ):
                if not self._is_visiting:
                    self._look_at(found)
            case ev.CommandFailed(reason=reason):
                if self._actions.take_track(event):
                    asking = [each for each in self._pickers if each.isVisible()]
                    for each in asking:
                        each.say(reason, wrong=True)
                    return bool(asking)
            case _:
                pass
        return False

    @property
    def _is_visiting(self) -> bool:
        return self._visited is not None and self.selection.instrument == self._visited

    def _look_at(self, instrument: Instrument) -> None:
        self._markets.watch(instrument)
        for each in self._pickers:
            each.dismiss()
        self.selection.choose(instrument=instrument)

    def _show(self) -> None:
        instrument, spec = self.selection.instrument, self.selection.spec
        self._keeper.change(interval=str(spec))
        if instrument is not None and not is_made_up(instrument.contract_id):
            self._wanted = instrument.symbol
            self._keeper.change(symbol=instrument.symbol)
        self._top.show_contract(instrument)
        self._top.show_interval(spec)
