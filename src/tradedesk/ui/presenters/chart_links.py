"""What linked charts share: the contract, the time in view and the crosshair."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.ui.chart.marks import Spot
    from tradedesk.ui.presenters.chart_slot import ChartSlot


class ChartLinks:
    """Charts by their link groups.

    Parameters
    ----------
    slots : sequence of ChartSlot
        All charts; looked at anew each time.
    """

    def __init__(self, slots: Sequence[ChartSlot]) -> None:
        self._slots = slots
        self._sharing = False
        self._place: tuple[float, float, bool] | None = None

    def join(self, slot: ChartSlot, group: str) -> None:
        """Put a chart into a group; it takes the contract of the others there."""
        slot.group = group
        slot.show_header()
        for other in self._partners(slot)[:1]:
            if other.selection.instrument is not None:
                slot.selection.choose(instrument=other.selection.instrument)

    def share_contract(self, slot: ChartSlot) -> None:
        """Show the contract of a chart on all charts of its group."""
        instrument = slot.selection.instrument
        if instrument is None or self._sharing:
            return
        self._sharing = True
        for other in self._partners(slot):
            other.selection.choose(instrument=instrument)
        self._sharing = False

    def follow(self, slot: ChartSlot) -> None:
        """Once it has moved, show the time at its right edge on all charts of its group."""
        place = slot.panel.navigator.place
        if place == self._place:
            return
        if self._place is not None:
            for other in self._partners(slot):
                other.panel.navigator.go_with(slot.panel.navigator)
        self._place = place

    def follow_anew(self) -> None:
        """Another chart is followed from now on, which has not moved by that."""
        self._place = None

    def share_crosshair(self, slot: ChartSlot, spot: Spot | None) -> None:
        """Mark the hovered time on the charts of the group; the price where the contract is one."""
        shown = slot.selection.instrument
        for other in self._partners(slot):
            if spot is None or spot.ts_ns is None:
                other.panel.navigator.show_linked(None, None)
                continue
            same = shown is not None and other.selection.instrument == shown
            other.panel.navigator.show_linked(spot.ts_ns, spot.price_ticks if same else None)

    def _partners(self, slot: ChartSlot) -> list[ChartSlot]:
        if not slot.group:
            return []
        return [other for other in self._slots if other is not slot and other.group == slot.group]
