"""What pyqtgraph gives: its plot with nothing in it, and its own example of candles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from bench.chart_data import SIZE
from bench.chart_ours import settle
from bench.drag import Drag
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

if TYPE_CHECKING:
    from tradedesk.engine import Bars


class EmptyPlot:
    """pyqtgraph's own plot widget with its own axes and nothing in it."""

    def __init__(self) -> None:
        self.plot = pg.PlotWidget()
        self.plot.resize(*SIZE)
        self.plot.getViewBox().disableAutoRange()
        self.plot.setYRange(85_000, 86_000)
        self.plot.show()
        self._drag = Drag()
        self._right = self._across = 200.0
        settle()

    def show(self, visible: int) -> None:
        """An x range of this length."""
        self._drag = Drag()
        self._across = float(visible)
        self._place()

    def pan(self) -> None:
        """One step of a drag, painted."""
        self._drag.step()
        self._place()

    def close(self) -> None:
        """Take the window away."""
        self.plot.close()
        settle()

    def _place(self) -> None:
        right = self._right - self._drag.away_px * self._across / SIZE[0]
        self.plot.setXRange(right - self._across, right, padding=0)
        settle()


class ClassicPlot(EmptyPlot):
    """The same plot with the candles of ``pyqtgraph.examples.customGraphicsItem``."""

    def __init__(self, bars: Bars) -> None:
        super().__init__()
        self._bars = bars
        self._right = len(bars) + 1.0
        self._item = _CandlestickItem(bars)
        self._ticks = 0
        self.plot.addItem(self._item, ignoreBounds=True)
        settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        seen = self._bars[max(0, len(self._bars) - visible) :]
        self.plot.setYRange(float(seen.low.min()), float(seen.high.max()))
        super().show(visible)

    def tick(self) -> None:
        """The newest bar changes."""
        self._ticks += 1
        self._item.close_newest_at(self._ticks % 2 * 2 - 1)
        settle()


class _CandlestickItem(pg.GraphicsObject):  # type: ignore[misc]
    """As in the example, one picture of all bars; it has no way to change one bar alone."""

    def __init__(self, bars: Bars) -> None:
        super().__init__()
        columns = (bars.open, bars.close, bars.low, bars.high)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self._rows = [(float(t), *row) for t, row in enumerate(rows)]
        self._picture = QPicture()
        self._draw()

    def close_newest_at(self, shift: int) -> None:
        """Another last price near the first one of the newest bar."""
        t, opened, _, low, high = self._rows[-1]
        self._rows[-1] = (t, opened, opened + shift, low, high)
        self._draw()
        self.update()

    def _draw(self) -> None:
        self._picture = QPicture()
        painter = QPainter(self._picture)
        painter.setPen(pg.mkPen("w"))
        width = 1 / 3.0
        for t, opened, close, low, high in self._rows:
            painter.drawLine(QPointF(t, low), QPointF(t, high))
            painter.setBrush(pg.mkBrush("r" if opened > close else "g"))
            painter.drawRect(QRectF(t - width, opened, width * 2, close - opened))
        painter.end()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.drawPicture(0, 0, self._picture)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return QRectF(self._picture.boundingRect())
