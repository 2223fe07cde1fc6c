"""Risk boxes of a chart: what they are sized by, and how they become a ticket or an order."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from tradedesk.domain.order import Side
from tradedesk.services.drawings.risk_plan import RiskPlan, SizeRules
from tradedesk.ui.chart.placing import resting_type
from tradedesk.ui.ticket.view_model import TicketInput, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.drawings.feature import Drawings
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.presenters.trade_presenter import Asking
    from tradedesk.ui.selection import Selection
    from tradedesk.ui.settings_keeper import SettingsKeeper
    from tradedesk.ui.ticket.draft import Outcome
    from tradedesk.ui.ticket.panel import TicketPanel


class PlanPresenter:
    """Places a plan by the same checks as the ticket does; never anything by itself.

    Parameters
    ----------
    settings : SettingsKeeper
        Has the dollars that boxes are sized by which name none of their own.
    refresh : callable
        Brings what the ticket knows of market and permission up to date.
    """

    def __init__(
        self,
        ticket: TicketPanel,
        asking: Asking,
        selection: Selection,
        settings: SettingsKeeper,
        refresh: Callable[[], object],
    ) -> None:
        self._ticket, self._settings = ticket, settings
        self._actions, self._say = asking.actions, asking.say
        self._selection, self._refresh = selection, refresh
        self._all: list[Drawings] = []

    def wire(self, chart: ChartPanel) -> None:
        """Carry out what the boxes of one more chart ask for."""
        drawings = chart.drawings
        drawings.plan_in_ticket.connect(partial(self._into_ticket, chart))
        drawings.plan_placed.connect(partial(self._place, chart))
        drawings.trade_risk_chosen.connect(self._keep_risk)
        drawings.trouble.connect(lambda sentence: self._say("warning", sentence))
        self._all.append(drawings)
        drawings.destroyed.connect(lambda: self._all.remove(drawings))
        self.show()

    def show(self) -> None:
        """Size the boxes by the settings that hold now."""
        risk = Decimal(self._settings.now.trade_risk)
        rules = SizeRules(risk, self._ticket.context.max_size)
        for drawings in self._all:
            drawings.size_by(rules)

    def _keep_risk(self, dollars: int) -> None:
        self._settings.change(trade_risk=dollars)
        self.show()

    def _into_ticket(self, chart: ChartPanel, plan: RiskPlan) -> None:
        entered = self._entered(chart, plan)
        if entered is None:
            return
        self._ticket.fill(entered)
        kind = entered.type.word.lower()
        self._say(
            "info",
            f"Ticket: {plan.side.word.lower()} {kind} {plan.size} @ {entered.price}, stop "
            f"{plan.stop_distance} t, target {plan.target_distance} t. Nothing was sent.",
        )

    def _place(self, chart: ChartPanel, plan: RiskPlan, press_ns: int) -> None:
        self._refresh()
        entered = self._entered(chart, plan)
        if entered is None:
            return
        outcome = self._outcome(entered, plan.side)
        if outcome.draft is None:
            self._ticket.show_refusal(lambda: self._outcome(entered, plan.side).refusal)
            self._say("warning", outcome.refusal)
        elif self._ticket.accept_press(plan.side, press_ns):
            self._actions.place(outcome.draft, press_ns)

    def _outcome(self, entered: TicketInput, side: Side) -> Outcome:
        """What the ticket's button would do with these fields."""
        view = evaluate(entered, self._ticket.context)
        return view.buy if side is Side.BUY else view.sell

    def _entered(self, chart: ChartPanel, plan: RiskPlan) -> TicketInput | None:
        """The plan as the ticket would hold it; None, with a sentence, if it cannot."""
        instrument = self._selection.instrument
        if instrument is None or instrument.contract_id != plan.contract_id:
            self._say("warning", "Choose the contract of this chart first: the ticket has another.")
            return None
        kind = resting_type(plan.side, plan.entry_ticks, chart.market)
        if kind is None:
            self._say("warning", "No price yet: wait for the first quote, then try again.")
            return None
        return TicketInput(
            type=kind,
            quantity=str(plan.size),
            price=instrument.tick.text(plan.entry_ticks),
            bracket_on=True,
            stop=str(plan.stop_distance),
            target=str(plan.target_distance),
        )
