"""All charts of a desk: which one is active, what they show, what ties them together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QPoint, Signal

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BarSpecError
from tradedesk.services.stress.contract import is_made_up
from tradedesk.ui.chart.placing import Terms
from tradedesk.ui.presenters.chart_links import ChartLinks
from tradedesk.ui.presenters.chart_slot import ChartSlot
from tradedesk.ui.presenters.level_feeds import LevelFeeds
from tradedesk.ui.readiness import is_stale, phase_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.chart_memory import ChartMemory
    from tradedesk.ui.charts.cell import ChartCell
    from tradedesk.ui.charts.grid import ChartGrid
    from tradedesk.ui.ports import Book, Markets
    from tradedesk.ui.presenters.actions import DeskActions
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.presenters.chart_presenter import MoreLines
    from tradedesk.ui.selection import Selection
    from tradedesk.ui.ticket.draft import OrderDraft


class DeskCharts(QObject):
    """Keeps every chart current, and the selection of the desk that of the active chart.

    Ticket, position card and keys go by the selection, so they act on the active chart: the one
    that was last pressed or typed on.

    Parameters
    ----------
    selection : Selection
        Contract and bar size of the desk.
    wire : callable
        Takes each new chart, to connect what it asks for.
    more_lines : callable
        Lines of a contract that are no orders, at a last price.

    Signals
    -------
    changed()
        Something that is remembered: contracts, bar sizes, looks, scales, links, how many charts.
    picker_requested(ChartCell, QPoint)
        Open the contract search for a chart there on the screen; it is the active one by then.
    """

    changed = Signal()
    picker_requested = Signal(object, QPoint)

    def __init__(
        self,
        state: DeskState,
        markets: Markets,
        selection: Selection,
        actions: DeskActions,
        say: Say,
        wire: Callable[[ChartPanel], None],
        parent: QObject,
        more_lines: MoreLines,
    ) -> None:
        super().__init__(parent)
        self._more_lines = more_lines
        self._state, self._markets = state, markets
        self._level_feeds = LevelFeeds(markets)
        self._selection, self._actions, self._say = selection, actions, say
        self._wire = wire
        self._grids: list[ChartGrid] = []
        self._terms = Terms()
        self._fillers: list[Callable[[ChartSlot, QMenu], None]] = []
        self.slots: list[ChartSlot] = []
        self._links = ChartLinks(self.slots)
        self.active: ChartSlot
        selection.changed.connect(self._desk_chose)

    # --- which charts there are ---------------------------------------------------------------

    def take_grid(self, grid: ChartGrid, memories: Callable[[], tuple[ChartMemory, ...]]) -> None:
        """Serve the charts of one more window; `memories` tells how they were left, in order."""
        self._grids.append(grid)
        for cell in grid.cells:
            self._add(grid, memories, cell)
        grid.added.connect(partial(self._add, grid, memories))
        grid.removed.connect(self._remove)
        grid.touched.connect(self._touched)
        if len(self._grids) == 1:
            self.activate(self.slot_of(grid.active))

    def drop_grid(self, grid: ChartGrid) -> None:
        """Its window is about to go."""
        self._grids.remove(grid)
        for cell in grid.cells:
            self._remove(cell)

    def slot_of(self, cell: ChartCell) -> ChartSlot:
        """What belongs to a cell."""
        return next(slot for slot in self.slots if slot.cell is cell)

    def memories(self, grid: ChartGrid) -> tuple[ChartMemory, ...]:
        """How the charts of a window stand, in order."""
        known = {slot.cell: slot.memory for slot in self.slots}
        return tuple(known[cell] for cell in grid.cells if cell in known)

    def twin(self) -> ChartMemory:
        """A new chart begins like the active one, linked with it, and fits its own prices."""
        if not self.active.group:
            self.link(self.active, "A")
        return msgspec.structs.replace(self.active.memory, prices=None)

    def activate(self, slot: ChartSlot) -> None:
        """Trade on this one from now on."""
        self.active = slot
        self._links.follow_anew()
        for grid in self._grids:
            grid.activate(slot.cell if slot.cell in grid.cells else None)
        if slot.selection.instrument is not None:
            self._selection.choose(slot.selection.instrument, slot.selection.spec)

    def next(self) -> None:
        """The next chart becomes the active one and takes the keys."""
        at = (self.slots.index(self.active) + 1) % len(self.slots)
        self.activate(self.slots[at])
        self.active.panel.setFocus()

    def add_menu(self, filler: Callable[[ChartSlot, QMenu], None]) -> None:
        """Let every chart's menu offer something about charts."""
        self._fillers.append(filler)

    # --- what they show -----------------------------------------------------------------------

    def find(self) -> None:
        """Show remembered contracts as soon as they can be known; call every frame."""
        for slot in self.slots:
            if slot.selection.instrument is not None:
                continue
            if slot is self.active and self._selection.instrument is None:
                continue  # the desk itself is looking it up
            known = self._state.instrument_by_symbol(slot.wanted)
            if known is not None:
                self._markets.watch(known)
                slot.selection.choose(instrument=known)
            elif not slot.asked and not phase_text(self._state.session):
                slot.asked = True
                self._actions.track(slot.wanted)

    def frame(self, now: int) -> int:
        """Once a frame: prices and bars; returns how long the last paints took, nanoseconds."""
        spent_ns, moved = 0, False
        for slot in self.slots:
            book = slot.book
            slot.presenter.frame(book, stale=is_stale(book, now))
            spent_ns += slot.take_paint_ns()
            moved = slot.take_prices() or moved
        if moved:
            self.changed.emit()
        self._links.follow(self.active)
        return spent_ns

    def show(
        self, block_of: Callable[[Book | None], str], waiting: str, mono_ns: int, *, fills: bool
    ) -> None:
        """Words and lines; `block_of` says why no entry may be placed in a market."""
        for slot in self.slots:
            book, presenter = slot.book, slot.presenter
            presenter.show_armed(block_of(book))
            presenter.show_status(waiting if slot is self.active else slot.waiting_text)
            presenter.show_lines(book.last_ticks if book is not None else None, mono_ns)
            if fills:
                presenter.show_fills()

    def show_phantom(self, draft: OrderDraft | None) -> None:
        """What the order button under the pointer would make, on the charts of its contract."""
        for slot in self.slots:
            slot.presenter.show_phantom(draft, slot.book)

    def set_terms(self, terms: Terms) -> None:
        """Contracts and bracket of what a click on any chart places."""
        self._terms = terms
        for slot in self.slots:
            slot.panel.set_terms(terms)

    def reject_move(self, key: str, reason: str) -> None:
        """Snap back wherever the line is shown, and say why."""
        for slot in self.slots:
            slot.panel.reject_move(key, reason)

    # --- parts --------------------------------------------------------------------------------

    def _add(
        self, grid: ChartGrid, memories: Callable[[], tuple[ChartMemory, ...]], cell: ChartCell
    ) -> None:
        at, known = grid.cells.index(cell), memories()
        memory = known[at] if at < len(known) else self.twin()
        slot = ChartSlot(
            cell, memory, self._state, self._markets, self, self._level_feeds, self._more_lines
        )
        self.slots.append(slot)
        panel, header = cell.panel, cell.header
        slot.selection.changed.connect(partial(self._slot_chose, slot))
        panel.interval_requested.connect(partial(self._choose_interval, slot))
        panel.crosshair_moved.connect(partial(self._links.share_crosshair, slot))
        panel.looks.changed.connect(self.changed)
        header.interval_chosen.connect(partial(self._choose_interval, slot))
        header.picker_requested.connect(partial(self._ask_picker, slot))
        header.link.group_chosen.connect(partial(self.link, slot))
        self._wire(panel)
        panel.menus.sections.append(partial(self._fill_menu, slot))
        panel.set_terms(self._terms)
        if len(self.slots) > 1:
            self.changed.emit()

    def _remove(self, cell: ChartCell) -> None:
        slot = self.slot_of(cell)
        self.slots.remove(slot)
        slot.presenter.leave()
        slot.selection.deleteLater()
        if self.active is slot and self.slots:
            self.activate(self.slots[0])
        self.changed.emit()

    def _touched(self, cell: ChartCell) -> None:
        slot = self.slot_of(cell)
        if slot is not self.active:
            self.activate(slot)

    def _desk_chose(self) -> None:
        """The top bar or the search changed what the active chart shows."""
        self.active.selection.choose(self._selection.instrument, self._selection.spec)

    def _slot_chose(self, slot: ChartSlot) -> None:
        instrument = slot.selection.instrument
        if instrument is not None and not is_made_up(instrument.contract_id):
            slot.wanted = instrument.symbol
        slot.show_selection()
        slot.show_header()
        if slot is self.active:
            self._selection.choose(instrument, slot.selection.spec)
        self._links.share_contract(slot)
        self.changed.emit()

    def _choose_interval(self, slot: ChartSlot, text: str) -> None:
        try:
            slot.selection.choose(spec=BarSpec.parse(text))
        except BarSpecError as error:
            self._say("warning", str(error))

    def link(self, slot: ChartSlot, group: str) -> None:
        """Put a chart into a link group; it takes the contract of the others there."""
        self._links.join(slot, group)
        self.changed.emit()

    def _ask_picker(self, slot: ChartSlot, on_screen: QPoint) -> None:
        self.activate(slot)
        self.picker_requested.emit(slot.cell, on_screen)

    def _fill_menu(self, slot: ChartSlot, menu: QMenu) -> None:
        for filler in self._fillers:
            filler(slot, menu)
