"""The charts that show the made-up contract, and their way back from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.services.stress.contract import is_made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.presenters.chart_slot import ChartSlot
    from tradedesk.ui.presenters.choice_presenter import ChoicePresenter
    from tradedesk.ui.presenters.desk_charts import DeskCharts


class ChartVisit:
    """Takes the active chart there, with those that are linked to it, and all of them back.

    A chart's wanted symbol stays what it was, so that is what it goes back to.

    Parameters
    ----------
    charts : DeskCharts
        All charts.
    choice : ChoicePresenter
        The desk's own choice.
    state : DeskState
        Which contracts are known.
    """

    def __init__(self, charts: DeskCharts, choice: ChoicePresenter, state: DeskState) -> None:
        self._charts = charts
        self._choice = choice
        self._state = state

    @property
    def is_on(self) -> bool:
        """Whether any chart shows it."""
        return any(_is_there(slot) for slot in self._charts.slots)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a chart shows something else or is closed."""
        self._charts.changed.connect(listener)

    def begin(self, instrument: Instrument) -> None:
        """Show it on the active chart."""
        self._choice.visit(instrument)

    def end(self) -> None:
        """Show on every chart what was there before; nothing where that was nothing."""
        for slot in self._charts.slots:
            if not _is_there(slot):
                continue
            known = self._state.instrument_by_symbol(slot.wanted)
            if known is not None:
                slot.selection.choose(instrument=known)
                continue
            slot.asked = False
            slot.selection.forget_instrument()
            if slot is self._charts.active:
                self._choice.selection.forget_instrument()


def _is_there(slot: ChartSlot) -> bool:
    shown = slot.selection.instrument
    return shown is not None and is_made_up(shown.contract_id)
