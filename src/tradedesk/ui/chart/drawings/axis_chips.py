"""Prices of drawings on the axis: of level lines, and of the one that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.services.drawings.drawing import Kind
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.chips import Chip
from tradedesk.ui.chart.drawings.inks import token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRectF

    from tradedesk.ui.chart.drawings.seen import Seen
    from tradedesk.ui.chart.model import ChartModel

_WEIGHT: Final = 10.0
"""Less than any line of an order: a level gives way to what is at stake."""
_MOST: Final = 12
_PRICED: Final = (Kind.TREND, Kind.RECTANGLE, Kind.RISK)


def drawing_chips(shown: Iterable[Seen], pane: QRectF, model: ChartModel) -> list[Chip]:
    """Chips of what is in view, no more than can be read."""
    found = [chip for seen in shown for chip in _chips(seen, pane, model)]
    return found[-_MOST:]


def _chips(seen: Seen, pane: QRectF, model: ChartModel) -> list[Chip]:
    drawing = seen.drawing
    if drawing.kind is not Kind.HORIZONTAL and not (seen.selected and drawing.kind in _PRICED):
        return []
    own = token(drawing.style.ink)
    grounds = [own] * len(drawing.anchors)
    if drawing.kind is Kind.RISK:
        grounds = [own, inks.STOP.line, inks.TARGET.line]
    return [
        Chip(y=y, text=model.price_text(anchor.ticks), ground=ground, weight=_WEIGHT)
        for anchor, ground in zip(drawing.anchors, grounds, strict=True)
        if pane.top() <= (y := float(model.y_line(anchor.ticks))) <= pane.bottom() - 1
    ]
