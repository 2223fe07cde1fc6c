"""Figures with an area: rectangle, Fibonacci retracement; and text."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from tradedesk.services.drawings.drawing import Drawing, bounded_ticks
from tradedesk.ui.chart.drawings.clip import Box, cut
from tradedesk.ui.chart.drawings.figure import Area, Figure, Stroke
from tradedesk.ui.chart.drawings.inks import token
from tradedesk.ui.chart.drawings.lines import stroke
from tradedesk.ui.chart.drawings.plates import bare, plate

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.view import View

_RECTANGLE_SHARE: Final = 0.12
_BAND_SHARES: Final = (0.05, 0.09)
_FIRST_LEVELS: Final = (0, 1_000, 500, 618, 382)
"""Whose labels stay where there is no room for all."""


def rectangle(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """A price range over a time."""
    box = stretched(drawing, view, 0, 1)
    shown = box.within(view.pane)
    if shown is None:
        return
    figure.areas.append(Area(shown, token(drawing.style.ink), _RECTANGLE_SHARE))
    figure.inside = shown
    outline(drawing, view, figure, box)
    if drawing.text:
        at = (shown.left + 6, shown.top + view.texts.height() + 3)
        figure.words.append(bare(view.texts, view.pane, *at, drawing.text, "tx"))


def outline(drawing: Drawing, view: View, figure: Figure, box: Box) -> None:
    """The edges of a box that lie in the pane; those that were run on have none."""
    corners = [
        (box.left, box.top, box.right, box.top),
        (box.left, box.bottom, box.right, box.bottom),
    ]
    if not drawing.extend_left:
        corners.append((box.left, box.top, box.left, box.bottom))
    if not drawing.extend_right:
        corners.append((box.right, box.top, box.right, box.bottom))
    for corner in corners:
        span = cut(*corner, view.pane, before=False, after=False)
        if span is not None:
            figure.strokes.append(stroke(drawing, span))


def stretched(drawing: Drawing, view: View, first: int, second: int) -> Box:
    """The box between two anchors, run on to the edges of the pane where it is wished."""
    a, b = (view.mapping.point(drawing.anchors[at]) for at in (first, second))
    box = Box.around(*a, *b)
    left = min(box.left, view.pane.left) if drawing.extend_left else box.left
    right = max(box.right, view.pane.right) if drawing.extend_right else box.right
    return Box(left, box.top, right, box.bottom)


def fibonacci(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """Levels of the way back from the second anchor to the first."""
    start, end = drawing.anchors
    box = stretched(drawing, view, 0, 1)
    prices = {
        level: bounded_ticks(end.ticks + (start.ticks - end.ticks) * level / 1_000)
        for level in sorted(set(drawing.levels))
    }
    rows = {level: view.mapping.y(ticks) for level, ticks in prices.items()}
    if rows:
        whole = Box(box.left, min(rows.values()), box.right, max(rows.values()))
        figure.inside = whole.within(view.pane)
    _bands(drawing, view, figure, box, list(rows.values()))
    for y in rows.values():
        span = cut(box.left, y, box.right, y, view.pane, before=False, after=False)
        if span is not None:
            figure.strokes.append(stroke(drawing, span))
    first, second = (view.mapping.point(anchor) for anchor in drawing.anchors)
    diagonal = cut(*first, *second, view.pane, before=False, after=False)
    if diagonal is not None:
        figure.strokes.append(Stroke(diagonal, "tx3", 1, "dashed"))
    _level_labels(drawing, view, figure, box, {k: (rows[k], prices[k]) for k in rows})


def _bands(drawing: Drawing, view: View, figure: Figure, box: Box, rows: list[float]) -> None:
    ink = token(drawing.style.ink)
    for number, (one, other) in enumerate(itertools.pairwise(rows)):
        band = Box.around(box.left, one, box.right, other).within(view.pane)
        if band is not None:
            figure.areas.append(Area(band, ink, _BAND_SHARES[number % 2]))


def _level_labels(
    drawing: Drawing,
    view: View,
    figure: Figure,
    box: Box,
    levels: dict[int, tuple[float, int]],
) -> None:
    """Share and price on each line, the important ones first; none over another."""
    pane, height = view.pane, view.texts.height()
    if box.right < pane.left or box.left > pane.right:
        return
    taken: list[float] = []
    order = sorted(levels, key=lambda k: _FIRST_LEVELS.index(k) if k in _FIRST_LEVELS else 99)
    for level in order:
        y, ticks = levels[level]
        inside = pane.top + height + 2 <= y <= pane.bottom
        if not inside or any(abs(y - other) < height for other in taken):
            continue
        taken.append(y)
        text = f"{level / 10:g}%  {view.model.price_text(ticks)}"
        left = max(box.left, pane.left) + 5
        figure.words.append(bare(view.texts, pane, left, y - 1, text, token(drawing.style.ink)))


def text(drawing: Drawing, view: View, figure: Figure, *, selected: bool) -> None:
    """A line of text at a place."""
    x, y = view.mapping.point(drawing.anchors[0])
    pane = view.pane
    shown = drawing.text or "…"
    half = view.texts.width(shown) / 2 + 6
    if pane.left - half < x < pane.right + half and pane.top - 9 < y < pane.bottom + 9:
        ink = token(drawing.style.ink)
        figure.words.append(plate(view.texts, pane, (x, y), shown, ink=ink, border=ink))
