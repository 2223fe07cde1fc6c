"""The scene: all items of the chart, their places, and what to repaint when something changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.services.chart_line import LineKind
from tradedesk.ui.chart.chips import Countdown, last_chip
from tradedesk.ui.chart.items.aim import AimItem
from tradedesk.ui.chart.items.bars import BarsItem
from tradedesk.ui.chart.items.cast import Cast
from tradedesk.ui.chart.items.crosshair import Crosshair
from tradedesk.ui.chart.items.fills import FillItem
from tradedesk.ui.chart.items.frame import GridItem, TimeAxis
from tradedesk.ui.chart.items.gaps import GapItem
from tradedesk.ui.chart.items.hatch import Hatch
from tradedesk.ui.chart.items.legend import Legend
from tradedesk.ui.chart.items.linked_crosshair import LinkedCrosshair
from tradedesk.ui.chart.items.notes import LivePill, StatusNote
from tradedesk.ui.chart.items.older_note import OlderNote
from tradedesk.ui.chart.items.order_lines import OrderLines
from tradedesk.ui.chart.items.phantom import PhantomItem
from tradedesk.ui.chart.items.price_axis import PriceAxis
from tradedesk.ui.chart.items.volume import VolumeItem
from tradedesk.ui.chart.model import ChartModel, Extremes
from tradedesk.ui.chart.moves import LineMoves
from tradedesk.ui.chart.overlay import LineOverlay
from tradedesk.ui.chart.pane_plan import pane_wishes
from tradedesk.ui.chart.panes import LEGEND_ROOM, Panes
from tradedesk.ui.chart.pointer_room import PointerRoom
from tradedesk.ui.chart.view import ChartView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPointF

    from tradedesk.services.chart_line import ChartLine
    from tradedesk.ui.chart.items.base import PaneItem
    from tradedesk.ui.chart.look import ChartLook

_FIGURES_NS = 100_000_000


class Stage:
    """Owns the view and its items; every method repaints no more than it must."""

    def __init__(self, mono_ns: Callable[[], int]) -> None:
        self.mono_ns = mono_ns
        self.model = ChartModel()
        self.moves = LineMoves()
        self.overlay = LineOverlay(self.model, self.moves)
        self.view = ChartView(mono_ns, self.model.exposure)
        model = self.model
        self.grid = GridItem(model, 0)
        self.hatch = Hatch(model, 0.5)
        self.gaps = GapItem(model, 4.5, below_z=0.7)
        self.older = OlderNote(model, 4.4)
        self.bars = BarsItem(model, 1)
        self.volume = VolumeItem(model, 1)
        self.fills = FillItem(model, 4)
        self.time_axis = TimeAxis(model, 5)
        self.phantom = PhantomItem(model, 6.5, below_z=5.7)
        self.lines = OrderLines(model, self.overlay, 6)
        self.price_axis = PriceAxis(model, 7)
        self.aim = AimItem(model, 8, below_z=5.6)
        self.aim_legs = PhantomItem(model, 7.9, below_z=5.65)
        self.phantom.taken = self.aim.taken = self.aim_legs.taken = self.overlay.taken
        self.aim_legs.beside = lambda: self.aim.label_box
        self.linked = LinkedCrosshair(model, 5.4)
        self.crosshair = Crosshair(model, 9, below_z=5.5)
        self.legend = Legend(model, 10)
        self.overlay.legends.append(self.legend.boxes)
        self.status = StatusNote(model, 11)
        self.pill = LivePill(model, 12)
        self.pointer_room = PointerRoom(self)
        self._items = Cast()
        # Bars change between frames; what is in view is found among those that are there now.
        self.catch_up: Callable[..., None] = lambda **_moved: None
        self.add(
            self.grid, self.hatch, self.gaps.below, self.gaps, self.older, self.bars, self.volume
        )
        self.add(self.fills, self.time_axis, self.lines, self.price_axis)
        self.add(self.phantom.below, self.phantom, self.aim.below, self.aim)
        self.add(self.aim_legs.below, self.aim_legs, self.linked)
        self.add(self.crosshair.below, self.crosshair, self.legend, self.status, self.pill)
        self._seen = (self.model.market, Countdown())
        self._figures_ns, self._chips_due = 0, False
        self._fitted: Extremes | None = None
        self.view.connect_palette(self.dress)

    def add(self, *items: PaneItem) -> None:
        """Take more items into the scene; each is told what changes from now on."""
        for item in items:
            self.view.scene().addItem(item)
            self._items.add(item)
            item.place(item.area_in(self.model.panes))

    # --- sizes --------------------------------------------------------------------------------

    def resized(self) -> None:
        """Lay out for the view's present size."""
        model = self.model
        size = self.view.viewport().size()
        across = self.price_axis.width_for(model)
        panes = model.panes = Panes.of(size.width(), size.height(), across, model.pane_wishes)
        model.ratio = self.view.viewport().devicePixelRatioF()
        model.viewport.resize(panes.price.width(), panes.price.height(), LEGEND_ROOM)
        for item in self._items:
            item.place(item.area_in(panes))
        self.view_changed()

    def dress(self) -> None:
        """Draw in the fonts and colours of the palette in use."""
        self.model.stamps.clear()
        self.overlay.dress()
        for item in self._items:
            item.dress()
        self.resized()

    def take_look(self, look: ChartLook) -> None:
        """Show the panes that were chosen."""
        wishes = pane_wishes(look)
        if wishes != self.model.pane_wishes:
            self.model.pane_wishes = wishes
            self.resized()

    # --- what changed -------------------------------------------------------------------------

    def bars_exchanged(self) -> None:
        """Other bars: their prices may need a wider axis."""
        for item in self._items:
            item.bars_exchanged()
        if self.price_axis.width_for(self.model) != self.model.panes.price_axis.width():
            self.resized()
        else:
            self.view_changed()

    def view_changed(self) -> None:
        """Bars, place or scale changed: fit prices and repaint everything."""
        self.catch_up()
        model = self.model
        model.forget()
        self.fit()
        self.bars.say_style()
        self.overlay.place()
        self.pill.setVisible(not model.viewport.following and len(model.series) > 0)
        self.legend.refresh()
        for item in self._items:
            item.view_changed()
        self.show_chips()
        self.view.viewport().update()

    def newest_changed(self) -> None:
        """Only the newest bar changed: repaint its strip, or everything if it left the scale.

        Chips are placed by `show_market`, which every frame ends with.
        """
        model = self.model
        row = len(model.series) - 1
        if model.x_line(row) > model.panes.price.right() + model.viewport.spacing:
            return
        held = self._fitted is not None and self._fitted.hold_newest(model.series)
        held = held and all(item.holds_newest() for item in self._items.holding)
        if not held and self.fit():
            self.view_changed()
            return
        for item in self._items.following:
            item.newest_changed()
        self._chips_due = True

    def fit(self) -> bool:
        """Fit all scales to what is in view; tells whether one changed."""
        model = self.model
        found = self._fitted = model.extremes()
        if found is None:
            return False
        view = model.viewport
        extra = _prices_besides_bars(self)
        changed = False
        for item in self._items:
            changed = item.fit() or changed
            extra += item.wanted_prices(found)
        extra += self.model.reach
        if view.fit(*(model.extent or found[:2]), extra):
            changed = True
        return changed

    def set_lines(self, lines: Sequence[ChartLine]) -> None:
        """Newest lines from the desk."""
        before = {line.price_ticks for line in self.moves.lines}
        self.moves.replace(lines)
        if before != {line.price_ticks for line in lines} and self.fit():
            self.view_changed()
        else:
            self.lines_changed()

    def lines_changed(self) -> None:
        """Lines, their tags or their chips may have changed."""
        for rect in self.overlay.layout():
            self.lines.update(rect)
        for labels in (self.aim, self.aim_legs, self.phantom):
            labels.settle()
        self.show_chips()

    def show_market(self, countdown: Countdown) -> None:
        """Newest price and what is left of the newest bar; cheap if neither changed."""
        seen = (self.model.market, countdown)
        if seen != self._seen:
            if seen[0].stale != self._seen[0].stale:
                self.lines.update()
            self._seen = seen
            self._chips_due = True
        if self._chips_due:
            self.show_chips()

    def show_figures(self, now_ns: int) -> None:
        """Figures of the newest bar in the legend, no more often than they can be read."""
        if now_ns - self._figures_ns >= _FIGURES_NS:
            self._figures_ns = now_ns
            self._show_bar()

    def flash(self, now_ns: int) -> None:
        """Light lines whose move was refused, and take their notes away after a while."""
        if not self.moves.flashing:
            return
        lit = frozenset(k for k in self.moves.flashing if self.moves.flash_phase(k, now_ns) % 2)
        self.lines.light(lit)
        if self.moves.forget_old(now_ns):
            self.lines_changed()

    def hover_line(self, key: str | None) -> None:
        """Show a line as the one under the pointer."""
        if key != self.overlay.hovered:
            self.overlay.hovered = key
            self.lines_changed()

    def select_line(self, key: str | None) -> None:
        """Show a line as the one that keys move; None for none."""
        if key != self.overlay.selected:
            self.overlay.selected = key
            self.lines_changed()

    def hover_bar(self, at: QPointF | None) -> None:
        """Show the figures of the bar under a point in the legend."""
        row = None if at is None else self.model.viewport.row_at(at.x())
        if row != self.model.hovered_row:
            self.model.hovered_row = row
            self._show_bar()

    def _show_bar(self) -> None:
        self.legend.refresh()
        for item in self._items:
            item.figures_changed()

    def show_chips(self) -> None:
        """Place the chips of the price axis anew."""
        self._chips_due = False
        wanted = (chip for item in self._items.chipped for chip in item.wanted_chips())
        chips = [*self.overlay.chips, *wanted]
        last = last_chip(self.model, self._seen[1])
        if last is not None:
            chips.append(last)
        self.pointer_room.place(chips)


def _prices_besides_bars(stage: Stage) -> list[float]:
    """Prices in ticks that are to be in view: of orders, and the last one."""
    orders = (line for line in stage.moves.lines if line.kind is not LineKind.ALERT)
    found = [float(line.price_ticks) for line in orders]
    last = stage.model.market.last_ticks
    if last is not None and stage.model.viewport.following:
        found.append(float(last))
    return found
