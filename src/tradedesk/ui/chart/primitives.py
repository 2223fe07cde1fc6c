"""What all chart items draw with: rectangle buffers, cached texts, pens of the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QStaticText, QTransform

from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT_TEXTS: Final = 200
_SMALLEST: Final = 4_096

_Text = tuple[QStaticText, QSizeF]


class RectBuffer:
    """Rows of int32 ``x1, y1, x2, y2`` (inclusive) that QPainter reads in place as QRects."""

    def __init__(self) -> None:
        self._rows: NDArray[np.int32] = np.empty((0, 4), np.int32)
        self._rects: QRect | None = None

    def rows(self, count: int) -> NDArray[np.int32]:
        """Writable array of shape (count, 4); the next call may hand out the same memory."""
        if count > len(self._rows) or self._rects is None:
            self._rows = np.empty((max(count, 2 * len(self._rows), _SMALLEST), 4), np.int32)
            # The wrapper owns nothing: it lives exactly as long as the array beside it.
            self._rects = cast("QRect", shiboken6.wrapInstance(self._rows.ctypes.data, QRect))
        return self._rows[:count]

    def fill(self, painter: QPainter, count: int, brush: QColor) -> None:
        """Fill the first `count` rectangles; the painter must have no pen."""
        if count and self._rects is not None:
            painter.setBrush(brush)
            painter.drawRects(self._rects, count)

    def fill_some(
        self,
        painter: QPainter,
        boxes: NDArray[np.int32],
        which: NDArray[np.bool_],
        brush: QColor,
    ) -> None:
        """Fill some of the boxes given as rows of left, top, right, bottom, edges included."""
        self.fill_all(painter, boxes[which], brush)

    def fill_all(self, painter: QPainter, boxes: NDArray[np.int32], brush: QColor) -> None:
        """Fill the boxes given as rows of left, top, right, bottom, edges included."""
        self.rows(len(boxes))[:] = boxes
        self.fill(painter, len(boxes), brush)


def hollow(boxes: NDArray[np.int32], width: int) -> NDArray[np.int32]:
    """Boxes that together are the edges of the given ones.

    Parameters
    ----------
    boxes : ndarray of int32, shape (n, 4)
        Rows of left, top, right, bottom, edges included.
    width : int
        Of an edge, device pixels.

    Returns
    -------
    ndarray of int32, shape (m, 4)
        Four for each box; those with no room inside are given as they are.
    """
    across = boxes[:, 2:] - boxes[:, :2] + 1
    roomy = (across > 2 * width).all(axis=1)
    inside = boxes[roomy]
    parts = [boxes[~roomy]]
    for own, opposite, shift in ((0, 2, 1), (1, 3, 1), (2, 0, -1), (3, 1, -1)):
        edge = inside.copy()
        edge[:, opposite] = inside[:, own] + shift * (width - 1)
        parts.append(edge)
    return np.concatenate(parts)


class Texts:
    """Prepared texts of one font: laid out once, drawn often.

    A text takes some two kilobytes, and those of a live market are never the same for long: kept
    are the last `kept` different ones, and before they are thrown away the ones still drawn are
    taken over into the next lot.

    Parameters
    ----------
    font : QFont
        Of all the texts.
    kept : int, default 200
        More than there are different ones in a picture.
    """

    def __init__(self, font: QFont, kept: int = _KEPT_TEXTS) -> None:
        self.font = font
        self._most = kept
        self._cache: dict[str, _Text] = {}
        self._older: dict[str, _Text] = {}

    def width(self, text: str) -> float:
        """Width in logical pixels."""
        return self._get(text)[1].width()

    def height(self) -> float:
        """Height of one line in logical pixels."""
        return self._get("0")[1].height()

    def draw(self, painter: QPainter, x: float, y: float, text: str) -> float:
        """Draw in the painter's pen with the top left corner at x, y; returns the width.

        The painter must already have this font.
        """
        static, size = self._get(text)
        painter.drawStaticText(QPointF(round(x), round(y)), static)
        return size.width()

    def draw_right(self, painter: QPainter, right: float, y: float, text: str) -> None:
        """Draw so that the text ends at `right`."""
        self.draw(painter, right - self.width(text), y, text)

    def draw_centred(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """Draw in the middle of `rect`."""
        static, size = self._get(text)
        x = rect.x() + (rect.width() - size.width()) / 2
        y = rect.y() + (rect.height() - size.height()) / 2
        painter.drawStaticText(QPointF(round(x), round(y)), static)

    def _get(self, text: str) -> _Text:
        found = self._cache.get(text)
        if found is None:
            if len(self._cache) >= self._most:
                self._older, self._cache = self._cache, {}
            found = self._cache[text] = self._older.get(text) or self._laid_out(text)
        return found

    def _laid_out(self, text: str) -> _Text:
        static = QStaticText(text)
        static.setTextFormat(Qt.TextFormat.PlainText)
        static.prepare(QTransform(), self.font)
        return static, static.size()


def pen(token: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine, width: int = 1) -> QPen:
    """A cosmetic pen in a palette colour."""
    made = QPen(color(token), width, style)
    made.setCosmetic(True)
    return made


def dashes(token: str, on: int, off: int, width: int = 1) -> QPen:
    """A cosmetic pen with dashes of `on` and gaps of `off` pixels."""
    made = pen(token, Qt.PenStyle.CustomDashLine, width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    made.setDashPattern([on / width, off / width])
    return made


def mixed(ground: str, ink: str, share: float) -> QColor:
    """`share` of the palette colour `ink` on `ground`, as an opaque colour."""
    a, b = color(ground), color(ink)
    return QColor(
        *(
            round(x + (y - x) * share)
            for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )
