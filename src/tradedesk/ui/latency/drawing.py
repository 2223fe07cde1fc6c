"""The two small pictures of the latency card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.services.latency import STEP_NAMES, Histogram, Step
from tradedesk.ui import words
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = 20
_NAME_WIDTH = 84
_VALUE_WIDTH = 68
_BAR_COLORS = ("accent", "accent", "position", "buy_text", "accent", "ok", "warn")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Waterfall(QWidget):
    """A row a step: name, bar on a common time axis, milliseconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = tuple(Step(name) for name in STEP_NAMES)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "The first three steps are counted from the step before.\n"
            "Reply, hub echo and fill are counted from the moment the order was on the wire: they\n"
            "are the network's and the venue's. To screen is counted from the reply.\n"
            "The fill of a resting order is not a latency and is not shown."
        )

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show another order."""
        if tuple(steps) != self._steps:
            self._steps = tuple(steps)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_NAME_WIDTH + _VALUE_WIDTH + 120, ROW * len(self._steps))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ends = [(s.start_ms or 0) + s.took_ms for s in self._steps if s.took_ms is not None]
        span = max(ends, default=0.0) or 1.0
        room = self.width() - _NAME_WIDTH - _VALUE_WIDTH
        reached = 0.0
        for index, step in enumerate(self._steps):
            top = index * ROW
            painter.setPen(color("tx3"))
            painter.setFont(fonts.label())
            painter.drawText(QRectF(0, top, _NAME_WIDTH, ROW), _LEFT, step.name)
            track = QRectF(_NAME_WIDTH, top + 7, room, 6)
            painter.fillRect(track, color("bg2"))
            if step.took_ms is not None and step.start_ms is not None:
                end = step.start_ms + step.took_ms
                self._paint_bar(painter, track, index, (step.start_ms, reached, end), span)
                reached = max(reached, end)
            painter.setFont(fonts.ui_font(12))
            painter.setPen(color("tx" if step.took_ms is not None else "tx3"))
            value = QRectF(self.width() - _VALUE_WIDTH, top, _VALUE_WIDTH, ROW)
            painter.drawText(value, _RIGHT, words.milliseconds(step.took_ms))
        painter.end()

    def _paint_bar(
        self,
        painter: QPainter,
        track: QRectF,
        index: int,
        times: tuple[float, float, float],
        span: float,
    ) -> None:
        """The part that nothing else was done in is bright; waiting beside an earlier step, dim."""
        start, reached, end = times
        bright = color(_BAR_COLORS[index])
        scale = track.width() / span
        left = track.left() + start * scale
        right = max(track.left() + end * scale, left + 2)
        middle = min(max(track.left() + reached * scale, left), right - 2)
        painter.fillRect(
            QRectF(left, track.top(), right - left, track.height()), bright.darker(330)
        )
        painter.fillRect(QRectF(middle, track.top(), right - middle, track.height()), bright)


class HistogramView(QWidget):
    """Bars of a histogram with its ends written under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = Histogram(0.0, 0.0, ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Mouse press to the venue's answer, all orders of this run")

    def show_data(self, data: Histogram) -> None:
        """Show other counts."""
        if data != self._data:
            self._data = data
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        counts = self._data.counts
        highest = max(counts, default=0)
        base = self.height() - 17
        painter.fillRect(QRectF(0, base, self.width(), 1), color("line"))
        if highest:
            step = self.width() / len(counts)
            for index, count in enumerate(counts):
                height = round(count / highest * (base - 2))
                if count:
                    left = round(index * step)
                    width = round((index + 1) * step) - left - 2
                    painter.fillRect(
                        left, base - max(1, height), width, max(1, height), color("sim_band")
                    )
            painter.setFont(fonts.label())
            painter.setPen(color("tx3"))
            foot = QRectF(0, base + 2, self.width(), 15)
            painter.drawText(foot, _LEFT, words.milliseconds(self._data.low_ms))
            painter.drawText(foot, _RIGHT, words.milliseconds(self._data.high_ms))
        painter.end()
