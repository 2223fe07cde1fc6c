"""Holding B or S: the aim line, and what a click on it would place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.items.aim import AimMark
from tradedesk.ui.chart.placing import Offer, Permission, offer

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.stage import Stage


class Aim:
    """The side being aimed with, and the offer under the pointer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.permission = Permission()
        self.side: Side | None = None
        self._held: Offer | None = None

    def permit(
        self, *, armed: bool | None = None, reason: str | None = None, size: int | None = None
    ) -> None:
        """Change what the chart may place; None leaves a part alone."""
        known = self.permission
        self.permission = Permission(
            known.armed if armed is None else armed,
            known.reason if reason is None else reason,
            known.size if size is None else size,
        )

    def offer_at(self, at: QPointF) -> Offer | None:
        """What a click at a point would place; None without aim or outside of the pane."""
        if self.side is None or not self._stage.model.panes.price.contains(at):
            return None
        return self.offer(self.side, self._stage.model.snapped_ticks(at.y()))

    def offer(self, side: Side, price_ticks: int) -> Offer:
        """What the chart would place at a price."""
        return offer(side, price_ticks, self._stage.model.market, self.permission)

    def hold(self, held: Offer | None) -> None:
        """Keep showing one offer while the button is down; None to let go."""
        self._held = held

    def show(self, at: QPointF | None) -> bool:
        """Draw the aim line for the pointer; tells whether there is one."""
        found = self._held
        if found is None and at is not None:
            found = self.offer_at(at)
        if found is None:
            self._stage.aim.show_mark(None)
            return False
        mark = AimMark(
            ticks=found.price_ticks,
            x=0.0 if at is None else at.x(),
            label=found.label(self._stage.model.price_text(found.price_ticks)),
            side=found.side,
            refused=bool(found.refusal),
            pressed=self._held is not None,
        )
        self._stage.aim.show_mark(mark)
        return True
