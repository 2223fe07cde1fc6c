"""The two large pictures of the latency window: all answers on one axis, and by hour of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tradedesk.services.latency_figures import LogBins, Spread
from tradedesk.ui import words
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

_FOOT = 18
_HEAD = 16
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NICE = tuple(
    base * factor for base in (0.1, 1, 10, 100, 1_000, 10_000) for factor in (1, 1.5, 2, 3, 5, 7)
)
_TICK_WIDTH = 64
_P50, _P99 = 0, 2


class AnswerHistogram(QWidget):
    """How many answers took how long, on a logarithmic axis, with p50 and p99 marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins = LogBins(0.0, 0.0, ())
        self._spread = Spread(0, (None,) * 5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_data(self, bins: LogBins, spread: Spread) -> None:
        """Show other counts."""
        if (bins, spread) != (self._bins, self._spread):
            self._bins, self._spread = bins, spread
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 132)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        base = self.height() - _FOOT
        painter.fillRect(QRectF(0, base, self.width(), 1), color("line"))
        counts = self._bins.counts
        highest = max(counts, default=0)
        if highest:
            step = self.width() / len(counts)
            for index, count in enumerate(counts):
                if count:
                    height = max(2, round(count / highest * (base - _HEAD)))
                    left, right = round(index * step), round((index + 1) * step) - 1
                    painter.fillRect(left, base - height, right - left, height, color("sim_band"))
            self._paint_axis(painter, base)
            self._paint_mark(painter, base, "p50", self._spread.values[_P50])
            self._paint_mark(painter, base, "p99", self._spread.values[_P99])
        else:
            _say_nothing(painter, self.width(), base)
        painter.end()

    def _paint_axis(self, painter: QPainter, base: int) -> None:
        painter.setFont(fonts.label())
        painter.setPen(color("tx3"))
        ends = QRectF(0, base + 3, self.width(), _FOOT - 3)
        painter.drawText(ends, _LEFT, words.milliseconds(self._bins.low_ms))
        painter.drawText(ends, _RIGHT, words.milliseconds(self._bins.high_ms))
        reached = float(_TICK_WIDTH)
        for value in _NICE:
            if not self._bins.low_ms <= value <= self._bins.high_ms:
                continue
            at = self._bins.place(value) * self.width()
            if at - _TICK_WIDTH / 2 < reached or at + _TICK_WIDTH * 1.5 > self.width():
                continue
            reached = at + _TICK_WIDTH / 2
            painter.fillRect(QRectF(round(at), base, 1, 3), color("line"))
            box = QRectF(at - _TICK_WIDTH / 2, base + 3, _TICK_WIDTH, _FOOT - 3)
            painter.drawText(
                box, _CENTRE, f"{value:g} ms" if value < 1_000 else f"{value / 1e3:g} s"
            )

    def _paint_mark(self, painter: QPainter, base: int, name: str, value_ms: float | None) -> None:
        if value_ms is None:
            return
        at = round(self._bins.place(value_ms) * self.width())
        painter.fillRect(
            at, _HEAD - 2, 1, base - _HEAD + 2, color("warn" if name == "p99" else "tx2")
        )
        painter.setFont(fonts.label())
        painter.setPen(color("warn" if name == "p99" else "tx2"))
        box = QRectF(min(max(at - 16, 0), self.width() - 32), 0, 32, _HEAD - 2)
        painter.drawText(box, _CENTRE, name)


class HourBars(QWidget):
    """Median and p99 of the answers in each hour of the day, on one scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hours: tuple[Spread, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_data(self, hours: tuple[Spread, ...]) -> None:
        """Show other hours."""
        if hours != self._hours:
            self._hours = hours
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 132)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        base = self.height() - _FOOT
        painter.fillRect(QRectF(0, base, self.width(), 1), color("line"))
        highest = max((spread.values[_P99] or 0.0 for spread in self._hours), default=0.0)
        painter.setFont(fonts.label())
        step = self.width() / 24
        for hour, spread in enumerate(self._hours):
            left, width = round(hour * step) + 2, max(3, round(step) - 4)
            median, p99 = spread.values[_P50], spread.values[_P99]
            if median is not None and p99 is not None and highest:
                room = base - _HEAD
                tall, short = max(2, round(p99 / highest * room)), round(median / highest * room)
                painter.fillRect(left, base - tall, width, tall, color("bg3"))
                painter.fillRect(left, base - tall, width, 2, color("warn"))
                painter.fillRect(
                    left, base - max(2, short), width, max(2, short), color("sim_band")
                )
            painter.setPen(color("tx2" if spread.count else "tx3"))
            if hour % 2 == 0:
                box = QRectF(hour * step - 6, base + 3, step + 12, _FOOT - 3)
                painter.drawText(box, _CENTRE, f"{hour:02d}")
        if highest:
            painter.setPen(color("tx3"))
            painter.drawText(QRectF(0, 0, self.width(), _HEAD - 2), _top_left(), _ms(highest))
        else:
            _say_nothing(painter, self.width(), base)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hour = int(event.position().x() / max(1.0, self.width() / 24))
        if not 0 <= hour < len(self._hours):
            return
        spread = self._hours[hour]
        text = f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00: no order"
        if spread.count:
            median, p99 = _ms(spread.values[_P50]), _ms(spread.values[_P99])
            text = (
                f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00\n"
                f"{spread.count:,} answers, p50 {median}, p99 {p99}"
            )
        QToolTip.showText(event.globalPosition().toPoint(), text, self)


def _say_nothing(painter: QPainter, width: int, base: int) -> None:
    painter.setFont(fonts.label())
    painter.setPen(color("tx3"))
    painter.drawText(QRectF(0, 0, width, base), _CENTRE, "No answer yet")


def _top_left() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def _ms(value: float | None) -> str:
    return words.milliseconds(value)
