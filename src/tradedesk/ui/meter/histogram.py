"""The histogram of distances between frames."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from tradedesk.ui.frame_stats import EDGES_MS, LATE_MS, STALL_MS
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

HEIGHT: Final = 116
_FOOT: Final = 18
_HEAD: Final = 16
_GAP: Final = 4
_LEAST: Final = 2
_CENTRE = Qt.AlignmentFlag.AlignCenter


def names() -> tuple[str, ...]:
    """What stands below each bar: the distances in it, milliseconds."""
    inner = (f"{a:.0f}–{b:.0f}" for a, b in itertools.pairwise(EDGES_MS))
    return (f"<{EDGES_MS[0]:.0f}", *inner, f">{EDGES_MS[-1]:.0f}")


def tokens() -> tuple[str, ...]:
    """The colour of each bar: even, late, stalled."""
    begins = (0.0, *EDGES_MS)
    return tuple(
        "sell_fill" if at >= STALL_MS else "warn" if at >= LATE_MS else "accent" for at in begins
    )


class Histogram(QWidget):
    """Bars whose height is the logarithm of a count, so that one late frame in 10,000 is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def counts(self) -> tuple[int, ...]:
        """What is shown."""
        return self._counts

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Show other counts, one for each bar."""
        if counts != self._counts:
            self._counts = counts
            said = (f"{name} ms: {n:,}" for name, n in zip(names(), counts, strict=True) if n)
            self.setAccessibleName("Distances between frames. " + ", ".join(said))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(fonts.label())
        highest = math.log1p(max(self._counts, default=0)) or 1.0
        room = self.height() - _FOOT - _HEAD
        wide = (self.width() + _GAP) / len(names())
        base = self.height() - _FOOT
        painter.fillRect(QRectF(0, base, self.width(), 1), color("line"))
        parts = zip(names(), tokens(), self._counts or (0,) * len(names()), strict=True)
        for at, (name, token, count) in enumerate(parts):
            left = round(at * wide)
            box = QRectF(left, base + 2, round(wide) - _GAP, _FOOT - 2)
            painter.setPen(color("tx3"))
            painter.drawText(box, _CENTRE, name)
            if not count:
                continue
            tall = max(_LEAST, round(room * math.log1p(count) / highest))
            painter.fillRect(QRectF(left, base - tall, box.width(), tall), color(token))
            painter.setPen(color("tx2"))
            text = short(count, QFontMetricsF(painter.font()), box.width())
            head = QRectF(left - _GAP, base - tall - _HEAD, box.width() + 2 * _GAP, _HEAD)
            painter.drawText(head, _CENTRE, text)
        painter.end()


def short(count: int, metrics: QFontMetricsF, width: float) -> str:
    """A count that fits: ``12,345``, or ``12k`` where that is too wide."""
    text = f"{count:,}"
    return text if metrics.horizontalAdvance(text) <= width + _GAP else f"{count / 1_000:.0f}k"
