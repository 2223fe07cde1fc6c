"""How a drawing changes when one of its handles, or all of it, is moved. Pure but for the view."""

from __future__ import annotations

from math import atan2, degrees
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QPointF

from tradedesk.services.drawings.drawing import Anchor, Drawing, Kind
from tradedesk.services.drawings.risk_plan import with_risk_anchor

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.mapping import Mapping

_LEVEL_BELOW: Final = 22.5
_UPRIGHT_ABOVE: Final = 67.5


def with_handle(drawing: Drawing, number: int, anchor: Anchor) -> Drawing:
    """The drawing with the anchor of a handle elsewhere.

    A rectangle has two handles more, 2 and 3, at its other corners.
    """
    if drawing.kind is Kind.RISK:
        return with_risk_anchor(drawing, number, anchor)
    if drawing.kind is Kind.RECTANGLE and number >= 2:
        first, second = drawing.anchors
        if number == 2:
            first = Anchor(anchor.ts_ns, first.ticks)
            second = Anchor(second.ts_ns, anchor.ticks)
        else:
            first = Anchor(first.ts_ns, anchor.ticks)
            second = Anchor(anchor.ts_ns, second.ticks)
        return msgspec.structs.replace(drawing, anchors=(first, second))
    if drawing.kind is Kind.HORIZONTAL:
        anchor = Anchor(drawing.anchors[0].ts_ns, anchor.ticks)
    return drawing.at(number, anchor)


def moved(drawing: Drawing, mapping: Mapping, bars: int, ticks: int) -> Drawing:
    """The whole drawing so many bars and ticks elsewhere."""
    if drawing.kind is Kind.HORIZONTAL:
        bars = 0
    elif drawing.kind is Kind.VERTICAL:
        ticks = 0
    anchors = tuple(mapping.moved(anchor, bars, ticks) for anchor in drawing.anchors)
    return msgspec.structs.replace(drawing, anchors=anchors)


def constrained(drawing: Drawing, number: int, at: QPointF, mapping: Mapping) -> QPointF:
    """The point that makes a line level, upright or go at 45 degrees, whichever is nearest."""
    if drawing.kind not in (Kind.TREND, Kind.RECTANGLE) or number >= 2:
        return at
    x, y = mapping.point(drawing.anchors[1 - number])
    dx, dy = at.x() - x, at.y() - y
    angle = degrees(atan2(abs(dy), abs(dx)))
    if angle < _LEVEL_BELOW and drawing.kind is Kind.TREND:
        return QPointF(at.x(), y)
    if angle > _UPRIGHT_ABOVE and drawing.kind is Kind.TREND:
        return QPointF(x, at.y())
    return QPointF(at.x(), y + (abs(dx) if dy > 0 else -abs(dx)))
