"""Volume profiles: a bar a price, the value area brighter, a line at the point of control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.plates import PAD, ROW, Plates
from tradedesk.ui.chart.label_places import above_or_below, beside
from tradedesk.ui.chart.panes import LEGEND_ROOM
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.chart.profile.placed import (
    RANGE,
    SESSION,
    VISIBLE,
    Boxes,
    Placed,
    boxes_of,
    rows_of,
)
from tradedesk.ui.chart.under_legends import spread_below

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_VISIBLE_SHARE: Final = 0.2
_OWN_SHARE: Final = 0.38
_WIDEST_SHARE: Final = 0.25
_OUTSIDE, _INSIDE = 0.18, 0.40
_LABEL_SHARE: Final = 0.6
_PROMPTS: Final = (
    "Drag over the bars to choose a range · Esc ends it",
    "Drag a range · Esc",
    "Drag",
)
"""From the fullest to the shortest."""
_POC_INK: Final = 0.62
_FRAME_INK: Final = 0.55


class ProfileBars(PaneItem):
    """Labels and the ends of fixed ranges; bars and lines are drawn by `below`.

    Attributes
    ----------
    below : LowerLayer
        To be put into the scene as well, under the bars of the chart.
    legends : callable
        Boxes of the legends, which labels stand below of.
    words : callable
        Boxes of what is written on drawings, which labels keep clear of.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_bars)
        self._buffer = RectBuffer()
        self._placed: tuple[Placed, ...] = ()
        self._rows = rows_of(())
        self._stamp = -1
        self._shape: tuple[object, ...] = ()
        self._asks = False
        self.legends: Callable[[], list[QRectF]] = list
        self.words: Callable[[], list[QRectF]] = list
        self._seen: list[QRectF] = []
        self._written: list[QRectF] = []
        self._still: list[Boxes] = []
        self._boxes: list[NDArray[np.int32]] = []
        self._lines = np.empty((0, 4), np.int32)
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._plates = Plates()
        self._inks = [
            mixed("bg0", ink, share)
            for ink in ("buy_fill", "sell_fill", "sim")
            for share in (_OUTSIDE, _INSIDE)
        ]
        self._poc_ink = mixed("bg0", "tx", _POC_INK)
        self._frame_ink = mixed("bg0", "accent", _FRAME_INK)

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def placed(self) -> tuple[Placed, ...]:
        """What is drawn."""
        return self._placed

    def show_profiles(self, placed: Sequence[Placed]) -> None:
        """Draw other profiles."""
        self._placed = tuple(placed)
        self._rows = rows_of(self._placed)
        self._stamp, self._shape = -1, ()
        self.view_changed()
        self.setVisible(bool(self._placed) or self._asks)
        self.below.setVisible(bool(self._placed))
        self.update()

    def ask_for_range(self, on: bool) -> None:
        """Say that a drag chooses a range, or no longer."""
        self._asks = on
        self.setVisible(bool(self._placed) or on)
        self.update()

    def view_changed(self) -> None:
        """Legends and drawings may stand elsewhere."""
        self._seen, self._written = self.legends(), self.words()

    def figures_changed(self) -> None:
        """Legends or drawings may reach further: labels make room for them."""
        seen, written = self.legends(), self.words()
        if (seen, written) == (self._seen, self._written) or not self.isVisible():
            return
        before = self.labels()
        self._seen, self._written = seen, written
        after = self.labels()
        if after != before:
            for box, _ in (*before, *after):
                self.update(box)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Ends of fixed ranges, then labels on plates of the ground's colour."""
        for one in self._placed:
            if one.kind == RANGE:
                for row in (one.start, one.stop):
                    x = self.model.x_line(row - 0.5)
                    if 0 <= x < self.area.right():
                        painter.fillRect(QRectF(x, 0, 1, self.area.height()), self._frame_ink)
        self._plates.paint(painter, self.labels(), self.model.exposure)

    def labels(self) -> list[tuple[QRectF, str]]:
        """Where the labels in view stand and what they say, in fewer words where room is short."""
        named = [one for one in self._placed if one.kind != SESSION]
        boxes = [found for one in named if (found := self._label(one)) is not None]
        shown = [box for box, _ in boxes]
        spread_below(shown, self._seen, self.area, self.area.bottom() - 3 * ROW)
        newest = [one for one in self._placed if one.kind == SESSION and one.found.source][-1:]
        boxes += [found for one in newest if (found := self._label(one)) is not None]
        self._clear_words([box for box, _ in boxes])
        if self._asks:
            boxes.append(self._prompt())
        return boxes

    def _clear_words(self, boxes: Sequence[QRectF]) -> None:
        """Move labels that lie over what is written on a drawing, where there is room."""
        pane = self.area.adjusted(0, LEGEND_ROOM, 0, 0)
        for box in boxes:
            if any(box.intersects(words) for words in self._written):
                others = [other for other in boxes if other is not box]
                taken = [*self._seen, *self._written, *others]
                found = above_or_below(box, taken, pane) or beside(box, taken, pane.left())
                if found is not None:
                    box.moveTo(found.topLeft())

    def _prompt(self) -> tuple[QRectF, str]:
        """What a drag does now, in as many words as there is room for."""
        widths = {text: self._plates.width(text) for text in _PROMPTS}
        text = next((each for each in _PROMPTS if widths[each] <= self.area.width()), _PROMPTS[-1])
        left = round(self.area.center().x() - widths[text] / 2)
        return QRectF(left, self._lowest() - ROW - PAD, widths[text], ROW), text

    def _label(self, one: Placed) -> tuple[QRectF, str] | None:
        """The fullest label that has room, where it would like to stand; None out of view."""
        for text in self._texts_of(one):
            width = self._plates.width(text)
            if width <= self.area.width() * _LABEL_SHARE:
                place = self._place(one, width)
                return None if place is None else (QRectF(*place, width, ROW), text)
        return None

    def _lowest(self) -> int:
        """Top of a label in the lowest row of the pane."""
        return int(self.area.bottom() - ROW - PAD)

    def _texts_of(self, one: Placed) -> tuple[str, ...]:
        """What a label says, from the fullest to the shortest."""
        price, source = self.model.price_text, one.found.source
        if one.kind == SESSION:
            return (f"Session volume {source}", source)
        poc = f"POC {price(one.found.poc)}"
        area = f"VA {price(one.found.area.low)} – {price(one.found.area.high)}"
        parts = ((poc, area, source), (poc, source), (poc,))
        return tuple(" · ".join(part for part in some if part) for some in parts)

    def _place(self, one: Placed, width: int) -> tuple[int, int] | None:
        """Left and top of a label; None out of view.

        That of the visible range stands at the right edge, that of the newest session in the
        corner below, the others over the highest row of their profile.
        """
        right = int(self.area.right())
        if one.kind == VISIBLE:
            return right - width - int(PAD), int(LEGEND_ROOM)
        if one.kind == SESSION:
            return int(PAD), self._lowest()
        left = self.model.x_line(one.start - 0.5)
        end = self.model.x_line(one.stop - 0.5)
        if end <= 0 or left >= right:
            return None
        highest = int(one.found.profile.px_ticks[-1]) + one.found.profile.row_ticks
        return min(max(left + 2, 2), right - width), self.model.y_line(highest) - int(ROW) - 2

    # --- bars ---------------------------------------------------------------------------------

    def _paint_bars(self, painter: QPainter) -> None:
        if not self._placed:
            return
        if self._stamp != self.model.stamp:
            self._stamp = self.model.stamp
            self._collect()
        ratio, pane = self.model.ratio, self.area
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setClipRect(QRectF(0, 0, pane.width() * ratio, pane.height() * ratio))
        for boxes, ink in zip(self._boxes, self._inks, strict=True):
            self._buffer.fill_all(painter, boxes, ink)
        self._buffer.fill_all(painter, self._lines, self._poc_ink)
        painter.restore()

    def _collect(self) -> None:
        """Boxes of all rows, and the lines of the points of control."""
        model = self.model
        ratio, ymap = model.ratio, model.ymap
        right = int(self.area.width() * ratio)
        begin, reach, end = [], [], []
        for one in self._placed:
            if one.kind == VISIBLE:
                begin.append(right)
                reach.append(-round(right * _VISIBLE_SHARE))
                end.append(0)
            else:
                left = model.xmap.column(one.start - 0.5)
                stop = model.xmap.column(one.stop - 0.5)
                # A session that began left of the view has its profile at the edge of the view.
                left = max(left, 0) if one.kind == SESSION else left
                begin.append(left)
                most = round(right * _WIDEST_SHARE)
                reach.append(min(max(1, round((stop - left) * _OWN_SHARE)), most))
                end.append(stop)
        thick = max(1, int(ratio))
        shape = (ymap, ratio, tuple(reach))
        if shape != self._shape:
            # Only sizes matter here: while the view pans, boxes are merely moved.
            self._shape = shape
            self._still = boxes_of(self._rows, np.array(reach, np.int64), ymap, thick)
        begins = np.array(begin, np.int32)
        self._boxes = [boxes.moved(begins) for boxes in self._still]
        lines = []
        for start, stop, one in zip(begin, end, self._placed, strict=True):
            y = ymap.row(one.found.poc + (one.found.profile.row_ticks - 1) / 2)
            lines.append((min(start, stop), y, max(start, stop) - 1, y + thick - 1))
        self._lines = np.array(lines, np.int32).reshape(-1, 4)
