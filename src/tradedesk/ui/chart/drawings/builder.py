"""Makes the figures of drawings for the present view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.services.drawings.drawing import Drawing, Kind
from tradedesk.ui.chart.drawings.boxes import fibonacci, rectangle, text
from tradedesk.ui.chart.drawings.figure import Figure
from tradedesk.ui.chart.drawings.lines import horizontal, trend, vertical
from tradedesk.ui.chart.drawings.risk_box import risk

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.clip import Box
    from tradedesk.ui.chart.drawings.view import View

_MAKERS: Final = {
    Kind.TREND: trend,
    Kind.HORIZONTAL: horizontal,
    Kind.VERTICAL: vertical,
    Kind.RECTANGLE: rectangle,
    Kind.FIBONACCI: fibonacci,
    Kind.TEXT: text,
    Kind.RISK: risk,
}


def figure_of(drawing: Drawing, view: View, *, selected: bool) -> Figure:
    """What is seen of a drawing now; empty out of view."""
    figure = Figure()
    if view.mapping.times is None:
        return figure
    _MAKERS[drawing.kind](drawing, view, figure, selected=selected)
    if selected:
        pane = view.pane
        points = [view.mapping.point(anchor) for anchor in drawing.anchors]
        if drawing.kind is Kind.RECTANGLE:
            (x1, y1), (x2, y2) = points
            points += [(x1, y2), (x2, y1)]
        for number, point in enumerate(points):
            x, y = _handle(drawing, point, pane)
            if pane.holds(x, y):
                figure.handles.append((number, x, y))
    return figure


def _handle(drawing: Drawing, point: tuple[float, float], pane: Box) -> tuple[float, float]:
    """Where a handle stands: a level line has it in the middle, an upright one too."""
    if drawing.kind is Kind.HORIZONTAL:
        return (pane.left + pane.right) / 2, point[1]
    if drawing.kind is Kind.VERTICAL:
        return point[0], (pane.top + pane.bottom) / 2
    return point
