"""Holding B or S: the aim line, and what a click on it would place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tradedesk.ui.chart.items.aim import AimMark
from tradedesk.ui.chart.marks import Phantom
from tradedesk.ui.chart.placing import PLAIN, Offer, Permission, Terms, Wish, offer

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.stage import Stage

_LABEL_GAP = 14.0


class Aim:
    """The side being aimed with, what held keys ask for, and the offer under the pointer."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.permission = Permission()
        self.side: Side | None = None
        self.wish = Wish()
        self._held: Offer | None = None
        self._shown: Offer | None = None

    def permit(
        self,
        *,
        armed: bool | None = None,
        reason: str | None = None,
        terms: Terms | None = None,
        exits_off: str | None = None,
    ) -> None:
        """Change what the chart may place; None leaves a part alone."""
        known = self.permission
        self.permission = Permission(
            known.armed if armed is None else armed,
            known.reason if reason is None else reason,
            known.terms if terms is None else terms,
            known.exits_off if exits_off is None else exits_off,
        )

    def offer_at(self, at: QPointF, wish: Wish | None = None) -> Offer | None:
        """What a click at a point would place; None without aim or outside of the pane."""
        if self.side is None or not self._stage.model.panes.price.contains(at):
            return None
        return self.offer(self.side, self._stage.model.snapped_ticks(at.y()), wish or self.wish)

    def pressed_at(self, at: QPointF, wish: Wish) -> Offer | None:
        """What a press binds: never another type than its label has said for this price.

        The market may have passed the price since the label was drawn.
        """
        found, shown = self.offer_at(at, wish), self._shown
        if found is None or shown is None or wish.force is not None or shown.refusal:
            return found
        same = (shown.side, shown.price_ticks) == (found.side, found.price_ticks)
        if not same or shown.type is found.type:
            return found
        return self.offer(found.side, found.price_ticks, replace(wish, force=shown.type))

    def offer(self, side: Side, price_ticks: int, wish: Wish = PLAIN) -> Offer:
        """What the chart would place at a price."""
        stage = self._stage
        market = stage.model.market
        return offer(side, price_ticks, market, self.permission, wish, self._net_size())

    @property
    def held(self) -> Offer | None:
        """The offer that a press has bound."""
        return self._held

    def hold(self, held: Offer | None) -> None:
        """Keep showing one offer while the button is down; None to let go."""
        self._held = held

    def show(self, at: QPointF | None) -> bool:
        """Draw the aim line for the pointer; tells whether there is one."""
        found = self._held
        if found is None and at is not None:
            found = self.offer_at(at)
        return self.draw(found, 0.0 if at is None else at.x())

    def draw(self, found: Offer | None, x: float) -> bool:
        """Draw an offer with its legs, the labels right of `x`; tells whether there is one."""
        self._shown = found
        if found is None:
            self._stage.aim.show_mark(None)
            self._stage.aim_legs.show_phantom(None)
            return False
        mark = AimMark(
            ticks=found.price_ticks,
            x=x,
            label=found.label(self._stage.model.price_text(found.price_ticks)),
            side=found.side,
            refused=bool(found.refusal),
            pressed=self._held is not None,
        )
        self._stage.aim.show_mark(mark)
        self._stage.aim_legs.show_phantom(_legs_of(found, x + _LABEL_GAP))
        return True

    def _net_size(self) -> int:
        """The position that is shown; negative when short."""
        line = self._stage.moves.line("position")
        return 0 if line is None else line.side.sign * line.size


def _legs_of(found: Offer, x: float) -> Phantom | None:
    """Stop and target of an offer; None if it has none or is refused."""
    if found.refusal or found.legs.is_empty:
        return None
    sign, entry, legs = found.side.sign, found.price_ticks, found.legs
    return Phantom(
        found.side,
        entry,
        None if legs.stop_ticks is None else entry - sign * legs.stop_ticks,
        None if legs.target_ticks is None else entry + sign * legs.target_ticks,
        type=found.type,
        size=found.size,
        x=x,
        entry_shown=False,
    )
