"""Pictures of footprints: painted once for each bar and then copied, as they are full of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from tradedesk.services.signed_text import MINUS
from tradedesk.ui.chart.price_form import heights
from tradedesk.ui.chart.primitives import RectBuffer, Texts, hollow, mixed, pen
from tradedesk.ui.theme.contrast import READABLE, contrast
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

ROW_PX: Final = 13.0
"""Logical pixels that a row of figures needs."""
_SHADES: Final = (0.17, 0.37, 0.57, 0.78, 1.0)
"""Grounds of rows by volume, as shares of the deepest one."""
_DEEPEST: Final = 30
_SHALLOWEST: Final = 4
"""Per cent of a side's colour in the deepest ground that a palette may have."""
_INKS: Final = ("tx", "buy_text", "sell_text")
_TEXT_PX: Final = 11
_DELTA_GAP: Final = 3.0
_KEPT: Final = 128
_KEPT_TEXTS: Final = 1_000
_TALLEST: Final = 4_096
DELTA_ROOM: Final = _DELTA_GAP + ROW_PX + 2
"""Logical pixels that the delta takes beside the rows."""
_FAR: Final = 30_000.0


class Figures(NamedTuple):
    """One bar's rows from the lowest price up; columns of one length.

    Attributes
    ----------
    px_ticks : ndarray of int32
        Lowest price of each row.
    volume, bought : ndarray of int64
        Contracts.
    buy, sell : ndarray of bool
        Whether a side overran the other.
    row_ticks, poc : int
        Height of a row, and the row with the most volume.
    """

    px_ticks: NDArray[np.int32]
    volume: NDArray[np.int64]
    bought: NDArray[np.int64]
    buy: NDArray[np.bool_]
    sell: NDArray[np.bool_]
    row_ticks: int
    poc: int


class Frame(NamedTuple):
    """Where rows stand, in device pixels: `left` and `right` from the wick of the bar.

    A price v ticks above the lowest row's stands in pixel row ``floor(origin - v * scale)``; on a
    `logarithmic` scale v is what its logarithm is greater by. On an inverted one the scale is below
    zero. The delta stands below the rows on the screen, or `above` them.
    """

    left: int
    right: int
    scale: float
    origin: float
    ratio: float
    above: bool = False
    logarithmic: bool = False


class FootprintFaces:
    """Paints footprints, and keeps the pictures of those that look the same."""

    def __init__(self) -> None:
        self._buffer = RectBuffer()
        self._kept: dict[tuple[object, ...], tuple[QPixmap, int]] = {}
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._kept.clear()
        self._plain = Texts(ui_font(_TEXT_PX), _KEPT_TEXTS)
        self._bold = Texts(ui_font(_TEXT_PX, MEDIUM), _KEPT_TEXTS)
        self._bought, self._sold = grounds("buy_fill"), grounds("sell_fill")
        self._pens = {ink: pen(ink or "tx") for ink in ("", "buy_text", "sell_text")}

    def draw(self, painter: QPainter, at: tuple[int, int], figures: Figures, frame: Frame) -> None:
        """Draw one bar whose wick stands in pixel column ``at[0]``.

        Its lowest row's price stands in pixel row ``at[1]``.
        """
        columns = (figures.px_ticks, figures.volume, figures.bought)
        key = (*(column.tobytes() for column in columns), figures.row_ticks, frame)
        found = self._kept.get(key)
        if found is None:
            boxes = _boxes(figures, frame)
            top, bottom = _ends(boxes, frame)
            if bottom - top > _TALLEST:
                painter.save()
                painter.translate(*at)
                self._paint(painter, boxes, figures, frame)
                painter.restore()
                return
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = (self._painted(boxes, figures, frame), top)
        painter.drawPixmap(QPoint(at[0] + frame.left, at[1] + found[1]), found[0])

    def _painted(self, boxes: NDArray[np.int32], figures: Figures, frame: Frame) -> QPixmap:
        below = 0 if frame.above else round(DELTA_ROOM * frame.ratio)
        top, bottom = _ends(boxes, frame)
        pixmap = QPixmap(frame.right - frame.left + 1, bottom - top + 1 + below)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.translate(-frame.left, -top)
        self._paint(painter, boxes, figures, frame)
        painter.end()
        return pixmap

    def _paint(
        self, painter: QPainter, boxes: NDArray[np.int32], figures: Figures, frame: Frame
    ) -> None:
        volume, bought, ratio = figures.volume, figures.bought, frame.ratio
        most = max(1, int(volume.max()))
        shade = np.minimum(volume * len(_SHADES) // most, len(_SHADES) - 1)
        buyers = 2 * bought >= volume
        for level in range(len(_SHADES)):
            here = shade == level
            self._buffer.fill_some(painter, boxes, here & buyers, self._bought[level])
            self._buffer.fill_some(painter, boxes, here & ~buyers, self._sold[level])
        busiest = int(figures.px_ticks.searchsorted(figures.poc))
        edges = hollow(boxes[busiest : busiest + 1], max(1, int(ratio)))
        self._buffer.fill_all(painter, edges, color("tx2"))
        painter.scale(ratio, ratio)
        places = [_place(box) for box in (boxes / ratio).tolist()]
        self._paint_side(painter, places, 0.0, volume - bought, figures.sell, "sell_text")
        self._paint_side(painter, places, 0.5, bought, figures.buy, "buy_text")
        upper, lower = (places[0], places[-1]) if frame.scale < 0 else (places[-1], places[0])
        top = lower.bottom() + _DELTA_GAP
        if frame.above:
            top = upper.top() - _DELTA_GAP - ROW_PX
        box = QRectF(places[0].left(), top, places[0].width(), ROW_PX)
        self._paint_delta(painter, box, int((2 * bought - volume).sum()))

    def _paint_side(
        self,
        painter: QPainter,
        places: list[QRectF],
        share: float,
        contracts: NDArray[np.int64],
        lit: NDArray[np.bool_],
        ink: str,
    ) -> None:
        """Figures of one side; those that overran the other bold and in colour."""
        for box, count, over in zip(places, contracts.tolist(), lit.tolist(), strict=True):
            texts = self._bold if over else self._plain
            painter.setFont(texts.font)
            painter.setPen(self._pens[ink if over else ""])
            left = box.left() + share * box.width()
            half = QRectF(left, box.top(), box.width() / 2, box.height())
            texts.draw_centred(painter, half, short_count(count))

    def _paint_delta(self, painter: QPainter, box: QRectF, delta: int) -> None:
        sign = "+" if delta > 0 else MINUS if delta < 0 else ""
        painter.setFont(self._bold.font)
        painter.setPen(self._pens["buy_text" if delta > 0 else "sell_text" if delta < 0 else ""])
        self._bold.draw_centred(painter, box, f"{sign}{short_count(abs(delta))}")


def grounds(fill: str) -> list[QColor]:
    """Grounds of a side's rows, the busiest last: as deep as its figures can be read on them."""
    for deepest in range(_DEEPEST, _SHALLOWEST, -1):
        ground = mixed("bg0", fill, deepest / 100)
        if all(contrast(color(ink), ground) >= READABLE for ink in _INKS):
            break
    return [mixed("bg0", fill, share * deepest / 100) for share in _SHADES]


def short_count(contracts: int) -> str:
    """Contracts in at most four characters or so: ``12,345`` is 12k, ``1,250,000`` is 1.2M."""
    if contracts < 10_000:
        return str(contracts)
    if contracts < 999_500:
        return f"{contracts / 1_000:.0f}k"
    return f"{contracts / 1_000_000:.1f}M"


def _boxes(figures: Figures, frame: Frame) -> NDArray[np.int32]:
    """Rows of one bar from the lowest price up, a pixel apart."""
    low = figures.px_ticks - int(figures.px_ticks[0]) - 0.5
    high = low + figures.row_ticks
    if frame.logarithmic:
        edges = figures.px_ticks - 0.5
        lowest = heights(figures.px_ticks[:1])
        low, high = heights(edges) - lowest, heights(edges + figures.row_ticks) - lowest
    one, other = frame.origin - high * frame.scale, frame.origin - low * frame.scale
    boxes = np.empty((len(low), 4), np.int32)
    boxes[:, 0], boxes[:, 2] = frame.left, frame.right
    boxes[:, 1] = np.floor(np.minimum(one, other).clip(-_FAR, _FAR))
    bottom = np.floor(np.maximum(one, other).clip(-_FAR, _FAR))
    boxes[:, 3] = bottom - max(1, int(frame.ratio))
    return boxes


def _ends(boxes: NDArray[np.int32], frame: Frame) -> tuple[int, int]:
    """Device pixels at which a picture begins, and its rows end."""
    top = min(int(boxes[0, 1]), int(boxes[-1, 1]))
    above = round(DELTA_ROOM * frame.ratio) if frame.above else 0
    return top - above, max(int(boxes[0, 3]), int(boxes[-1, 3]))


def _place(box: list[float]) -> QRectF:
    left, top, right, bottom = box
    return QRectF(left, top, right - left, bottom - top)
