"""Room on the axes for the chips of the pointer: all others give way to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from tradedesk.ui.chart.chips import Chip
    from tradedesk.ui.chart.items.aim import AimItem
    from tradedesk.ui.chart.items.crosshair import Crosshair
    from tradedesk.ui.chart.items.frame import TimeAxis
    from tradedesk.ui.chart.items.price_axis import PriceAxis


class HasChips(Protocol):
    """The scene, as far as chips go."""

    crosshair: Crosshair
    aim: AimItem
    time_axis: TimeAxis
    price_axis: PriceAxis

    def show_chips(self) -> None:
        """Place the chips of the price axis anew."""


class PointerRoom:
    """Tells both axes where the chips of crosshair and aim stand."""

    def __init__(self, stage: HasChips) -> None:
        self._stage = stage

    def place(self, chips: list[Chip]) -> None:
        """Place the chips of the price axis beside the pointer's own."""
        self._stage.price_axis.show_chips(chips, self._price_chip)
        self._settle_time()

    def settle(self) -> None:
        """The pointer's chips stand elsewhere: what is there makes room for them."""
        self._settle_time()
        if self._price_chip != self._stage.price_axis.held:
            self._stage.show_chips()

    @property
    def _price_chip(self) -> QRectF | None:
        return self._stage.aim.price_chip or self._stage.crosshair.price_chip

    def _settle_time(self) -> None:
        self._stage.time_axis.show_held(self._stage.crosshair.time_chip)
