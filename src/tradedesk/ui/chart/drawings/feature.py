"""Drawing on one chart: all of it, as the chart sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal

from tradedesk.services.drawings.risk_plan import RiskPlan, SizeRules, risk_plan
from tradedesk.ui.chart.drawings.actions import DrawingActions
from tradedesk.ui.chart.drawings.draw_menu import DrawMenu
from tradedesk.ui.chart.drawings.easel import Easel
from tradedesk.ui.chart.drawings.entry_box import EntryBox
from tradedesk.ui.chart.drawings.key_tool import KeyTool
from tradedesk.ui.chart.drawings.layer import DrawingLayer
from tradedesk.ui.chart.drawings.measure_item import MeasureItem
from tradedesk.ui.chart.drawings.measure_tool import MeasureTool, ShiftMeasureTool
from tradedesk.ui.chart.drawings.menu import DrawingMenus
from tradedesk.ui.chart.drawings.place_tool import PlaceTool
from tradedesk.ui.chart.drawings.risk_box import TICKET
from tradedesk.ui.chart.drawings.select_tool import SelectTool
from tradedesk.ui.chart.drawings.strip import ToolStrip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.services.drawings.shelf import DrawingShelf
    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.look import ChartLook, Looks
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.tool import Tool

_Z = 3.0
_AREAS_Z = 0.9
_MEASURE_Z = 7.5


class Drawings(QObject):
    """Adds the layer, the tools and the strip to a chart.

    Signals
    -------
    plan_in_ticket(RiskPlan)
        A risk box is to fill the ticket; nothing is to be sent.
    plan_placed(RiskPlan, object)
        A risk box is to become a bracket order; the second value is the moment of the press.
    trade_risk_chosen(int)
        Dollars that boxes without a risk of their own are to be sized by.
    trouble(str)
        A sentence why something could not be done.
    """

    plan_in_ticket = Signal(object)
    plan_placed = Signal(object, object)
    trade_risk_chosen = Signal(int)
    trouble = Signal(str)

    def __init__(
        self,
        stage: Stage,
        looks: Looks,
        aim: Aim,
        mono_ns: Callable[[], int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._stage, self._looks, self._chart = stage, looks, parent
        model = stage.model
        self.easel = Easel(model, self)
        self.layer = DrawingLayer(self.easel, _Z, _AREAS_Z)
        self.measure = MeasureItem(
            self.easel.mapping, _MEASURE_Z, lambda: aim.permission.terms.size
        )
        stage.add(self.layer.below, self.layer, self.measure)
        self.actions = DrawingActions(self.easel)
        self.box = EntryBox(stage.view)
        self.drawing_menus = DrawingMenus(
            stage.view,
            self.easel,
            self.actions,
            self.box,
            mono_ns,
            self._act,
            self.trade_risk_chosen.emit,
        )
        self.menu = DrawMenu(self.easel, self.actions, looks, stage.view.setFocus)
        self.strip = ToolStrip(self.easel, parent)
        self._connect()
        parent.installEventFilter(self)
        self._take_look(looks.now)

    # --- for the chart ------------------------------------------------------------------------

    def among(self, tools: Sequence[Tool]) -> list[Tool]:
        """All tools in their order: what is in hand or selected first, the rest before panning."""
        place = PlaceTool(self.easel, self.drawing_menus.ask_new_text)
        measure = MeasureTool(self.easel, self.measure)
        keys = KeyTool(self.easel, self.actions, self._toggle_strip)
        chosen, others = (
            SelectTool(
                self._stage,
                self.easel,
                self.layer,
                self.drawing_menus,
                self._act,
                selected=selected,
            )
            for selected in (True, False)
        )
        late = [others, ShiftMeasureTool(self.easel, measure)]
        return [measure, place, chosen, keys, *tools[:-1], *late, tools[-1]]

    # --- for the window -----------------------------------------------------------------------

    def keep_in(self, shelf: DrawingShelf) -> None:
        """Take the drawings of contracts from this shelf, which other charts share."""
        self.easel.keep_in(shelf)

    def size_by(self, rules: SizeRules) -> None:
        """Size risk boxes by other rules from now on."""
        if rules != self.easel.rules:
            self.easel.rules = rules
            self.easel.touch()

    def drop_menu(self) -> None:
        """Close what is open over the chart."""
        self.drawing_menus.close()
        self.box.leave()

    # --- Qt -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The strip goes where the chart becomes narrow."""
        if event.type() == QEvent.Type.Resize:
            self.strip.fit_into(self._chart.width())
        return False

    # --- parts --------------------------------------------------------------------------------

    def _connect(self) -> None:
        easel, strip, looks = self.easel, self.strip, self._looks
        easel.changed.connect(self.layer.refresh)
        easel.changed.connect(self._stage.show_chips)
        easel.changed.connect(strip.refresh)
        easel.changed.connect(self._leave_line)
        easel.placed.connect(lambda: looks.change(drawings_hidden=False))
        easel.trouble.connect(self.trouble)
        looks.changed.connect(self._take_look)
        strip.mode_chosen.connect(self._choose)
        strip.magnet_toggled.connect(lambda: looks.change(magnet=not looks.now.magnet))
        strip.hiding_toggled.connect(
            lambda: looks.change(drawings_hidden=not looks.now.drawings_hidden)
        )
        strip.removal_asked.connect(self.actions.remove_all)
        strip.fold_asked.connect(self._toggle_strip)

    def _take_look(self, look: ChartLook) -> None:
        easel = self.easel
        self.strip.want(look.drawing_strip, self._chart.width())
        if (easel.magnet, easel.all_hidden) != (look.magnet, look.drawings_hidden):
            easel.magnet, easel.all_hidden = look.magnet, look.drawings_hidden
            if easel.all_hidden:
                easel.selected = None
            easel.touch()

    def _leave_line(self) -> None:
        """Keys act on one thing: an order's line is selected no longer once a drawing is."""
        if self.easel.selected is not None:
            self._stage.select_line(None)

    def _toggle_strip(self) -> None:
        self._looks.change(drawing_strip=not self._looks.now.drawing_strip)

    def _choose(self, mode: object, keep: bool) -> None:
        self.easel.choose(mode, keep=keep)  # type: ignore[arg-type]
        self._stage.view.setFocus()

    def _act(self, action: str, drawing: Drawing, press_ns: int) -> None:
        """A risk box asks for its trade; one that is too small says so."""
        instrument = self._stage.model.instrument
        if instrument is None:
            return
        plan: RiskPlan = risk_plan(drawing, instrument, self.easel.rules)
        if plan.refusal:
            self.trouble.emit(plan.refusal)
        elif action == TICKET:
            self.plan_in_ticket.emit(plan)
        else:
            self.plan_placed.emit(plan, press_ns)
