"""Figures of lines: through two anchors, level, upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui import words
from tradedesk.ui.chart.drawings.clip import Span, cut
from tradedesk.ui.chart.drawings.figure import Figure, Stroke
from tradedesk.ui.chart.drawings.inks import token
from tradedesk.ui.chart.drawings.plates import bare, plate
from tradedesk.ui.chart.time_scale import moment_text

if TYPE_CHECKING:
    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.view import View


def stroke(drawing: Drawing, span: Span) -> Stroke:
    """A piece in the drawing's own style."""
    style = drawing.style
    return Stroke(span, token(style.ink), style.width, style.dash)


def trend(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """A line from one anchor to the other, run on to the left or right where it is wished."""
    first, second = (view.mapping.point(anchor) for anchor in drawing.anchors)
    forward = first[0] <= second[0]
    left, right = drawing.extend_left, drawing.extend_right
    before, after = (left, right) if forward else (right, left)
    span = cut(*first, *second, view.pane, before=before, after=after)
    if span is not None:
        figure.strokes.append(stroke(drawing, span))
    if selected and view.pane.holds(*second):
        start, end = drawing.anchors
        bars = view.bars_between(start.ts_ns, end.ts_ns)
        ticks = end.ticks - start.ticks
        text = f"{words.ticks(ticks)} · {bars:+,} bars".replace("-", words.MINUS)
        at = (second[0], second[1] + (-18 if ticks >= 0 else 18))
        figure.words.append(plate(view.texts, view.pane, at, text))


def horizontal(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """A price over the whole width; the axis says which."""
    ticks = drawing.anchors[0].ticks
    pane, y = view.pane, view.mapping.y(ticks)
    if not pane.top <= y <= pane.bottom:
        return
    figure.strokes.append(stroke(drawing, Span(pane.left, y, pane.right, y)))
    if not drawing.text:
        return
    bottom = y - 2 if y - view.texts.height() - 4 > pane.top else y + view.texts.height() + 2
    figure.words.append(
        bare(view.texts, pane, pane.left + 8, bottom, drawing.text, token(drawing.style.ink))
    )


def vertical(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """A moment over the whole height of the price pane."""
    pane, x = view.pane, view.mapping.x(drawing.anchors[0].ts_ns)
    if not pane.left <= x <= pane.right:
        return
    figure.strokes.append(stroke(drawing, Span(x, pane.top, x, pane.bottom)))
    model = view.model
    text = moment_text(model.zone, drawing.anchors[0].ts_ns, model.period_ns)
    if drawing.text:
        text = f"{drawing.text} · {text}"
    left = x + 4
    if left + view.texts.width(text) > pane.right - 4:
        left = x - 4 - view.texts.width(text)
    figure.words.append(
        bare(view.texts, pane, left, pane.bottom - 6, text, token(drawing.style.ink))
    )
