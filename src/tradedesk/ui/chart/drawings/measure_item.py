"""The measure on the chart: a box between two points with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.drawings.clip import Box, Span, cut
from tradedesk.ui.chart.drawings.figure import Area, Figure, Stroke, Words
from tradedesk.ui.chart.drawings.figure_paint import FigurePainter, rect
from tradedesk.ui.chart.drawings.measuring import measured
from tradedesk.ui.chart.items.base import PaneItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.services.drawings.drawing import Anchor
    from tradedesk.ui.chart.drawings.mapping import Mapping
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.primitives import Texts

_SHARE: Final = 0.12
_ROW: Final = 17.0
_PAD: Final = 6.0
_ARROW: Final = 4.0
_GAP: Final = 6.0
_BETWEEN: Final = " · "


class MeasureItem(PaneItem):
    """Shows one measure, above all but the crosshair; `size` says what the chart would place."""

    def __init__(self, mapping: Mapping, z: float, size: Callable[[], int]) -> None:
        super().__init__(mapping.model, z)
        self._mapping, self._size = mapping, size
        self._painter = FigurePainter(self.model)
        self._ends: tuple[Anchor, Anchor] | None = None
        self._figure: tuple[tuple[int, int], Figure] | None = None
        self.hide()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._painter.dress()
        self._figure = None

    def bars_exchanged(self) -> None:
        """The figures were those of other bars."""
        self.show_ends(None)

    @property
    def ends(self) -> tuple[Anchor, Anchor] | None:
        """From where to where; None while nothing is measured."""
        return self._ends

    @property
    def lines(self) -> list[str]:
        """What it says."""
        return [] if self._ends is None else measured(self._mapping, *self._ends, self._size())

    def show_ends(self, ends: tuple[Anchor, Anchor] | None) -> None:
        """Measure from one point to another; None takes it away."""
        if ends == self._ends:
            return
        self._ask()
        self._ends, self._figure = ends, None
        self.setVisible(ends is not None)
        self._ask()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Within the pane."""
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        self._painter.paint_areas(painter, self.figure())
        self._painter.paint(painter, self.figure())
        painter.restore()

    def figure(self) -> Figure:
        """As it is seen now."""
        now = (self.model.stamp, len(self.model.series))
        if self._figure is None or self._figure[0] != now:
            self._figure = (now, self._make())
        return self._figure[1]

    def _ask(self) -> None:
        bounds = self.figure().bounds() if self._ends is not None else None
        if bounds is not None:
            self.update(rect(bounds) & self.area)

    def _make(self) -> Figure:
        figure, mapping = Figure(), self._mapping
        if self._ends is None or mapping.times is None:
            return figure
        (x1, y1), (x2, y2) = (mapping.point(end) for end in self._ends)
        pane = mapping.pane
        whole = Box.around(x1, y1, x2, y2)
        inner = whole.within(pane)
        if inner is not None:
            figure.areas.append(Area(inner, "accent", _SHARE))
        middle_x, middle_y = round((x1 + x2) / 2) + 0.5, round((y1 + y2) / 2) + 0.5
        self._arrow(figure, Span(middle_x, y1, middle_x, y2))
        self._arrow(figure, Span(x1, middle_y, x2, middle_y))
        self._say(figure, pane, middle_x, y1, y2)
        return figure

    def _arrow(self, figure: Figure, span: Span) -> None:
        """A line with an arrow head at its second end."""
        x, y = span.x2, span.y2
        level = span.y1 == span.y2
        back = -_ARROW if (span.x2 > span.x1 if level else span.y2 > span.y1) else _ARROW
        wings = (-_ARROW, _ARROW)
        pieces = [span]
        if max(abs(span.x2 - span.x1), abs(span.y2 - span.y1)) > 2 * _ARROW:
            if level:
                pieces += [Span(x + back, y + wing, x, y) for wing in wings]
            else:
                pieces += [Span(x + wing, y + back, x, y) for wing in wings]
        for piece in pieces:
            inside = cut(*piece, self._mapping.pane, before=False, after=False)
            if inside is not None:
                figure.strokes.append(Stroke(inside, "accent"))

    def _say(self, figure: Figure, pane: Box, x: float, y1: float, y2: float) -> None:
        """All lines on one plate beyond the second point."""
        texts = self._painter.texts
        lines = _wrapped(self.lines, texts, pane.right - pane.left - 2 * _PAD - 6)
        width = max(texts.width(line) for line in lines) + 2 * _PAD
        height = len(lines) * _ROW + 2 * _PAD - 4
        top = y2 - _GAP - height if y2 <= y1 else y2 + _GAP
        top = float(round(min(max(top, pane.top + 3), max(pane.top + 3, pane.bottom - height - 3))))
        left = min(max(x - width / 2, pane.left + 3), max(pane.left + 3, pane.right - width - 3))
        left = float(round(left))
        box = Box(left, top, left + round(width), top + round(height))
        figure.words.append(Words(box, "", "tx", "bg2", "accent"))
        for number, line in enumerate(lines):
            row = top + _PAD - 2 + number * _ROW + (_ROW - texts.height()) / 2
            at = round(left + (box.right - left - texts.width(line)) / 2)
            ink = "tx" if number == 0 else "tx2"
            place = Box(at, row, at + texts.width(line), row + texts.height())
            figure.words.append(Words(place, line, ink))


def _wrapped(lines: list[str], texts: Texts, room: float) -> list[str]:
    """The same words in more lines where the pane is narrow."""
    found = []
    for line in lines:
        shown = ""
        for part in line.split(_BETWEEN):
            longer = f"{shown}{_BETWEEN}{part}" if shown else part
            if shown and texts.width(longer) > room:
                found.append(shown)
                shown = part
            else:
                shown = longer
        found.append(shown)
    return found
