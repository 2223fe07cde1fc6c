"""Top left: what is shown, and the figures of the hovered or newest bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from tradedesk.services.chart_lines import MINUS
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel

_PX = 13
_LEFT = 14.0
_TOP = 10.0
_HEIGHT = 20.0
_LETTER_GAP = 5.0
_FIELD_GAP = 12.0

Field = tuple[str, str]


class Legend(PaneItem):
    """One line of figures; each keeps its place while its digits change."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._title = ""
        self._fields: tuple[Field, ...] = ()
        self._rising = True
        self._slots: dict[str, float] = {}
        self.restyle()

    def restyle(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_PX))
        self._bold = Texts(ui_font(_PX, MEDIUM))
        self._title_pen, self._letter_pen = pen("tx"), pen("tx3")
        self._value_pens = {True: pen("buy_text"), False: pen("sell_text")}

    @property
    def text(self) -> str:
        """All of it in one string."""
        return "  ".join([self._title, *(f"{letter} {value}" for letter, value in self._fields)])

    def refresh(self) -> None:
        """Read the bar and repaint if anything changed."""
        model = self.model
        title = _title(model)
        row = model.hovered_row if model.hovered_row is not None else len(model.series) - 1
        fields: tuple[Field, ...] = ()
        rising = self._rising
        if 0 <= row < len(model.series):
            fields = _fields(model, row)
            rising = bool(model.series.close[row] >= model.series.open[row])
        if (title, fields, rising) == (self._title, self._fields, self._rising):
            return
        if title != self._title:
            self._slots.clear()
        before = self._box()
        self._title, self._fields, self._rising = title, fields, rising
        self.update(before.united(self._box()))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Title, then letter and value pairs as far as there is room."""
        y = self.area.top() + _TOP
        limit = self.area.right() - 8
        painter.setFont(self._bold.font)
        painter.setPen(self._title_pen)
        x = self.area.left() + _LEFT
        x += self._bold.draw(painter, x, y, self._title) + _FIELD_GAP
        painter.setFont(self._texts.font)
        for letter, value in self._fields:
            slot = self._slot(letter, value)
            width = self._texts.width(letter) + _LETTER_GAP + slot
            if x + width > limit:
                break
            painter.setPen(self._letter_pen)
            x += self._texts.draw(painter, x, y, letter) + _LETTER_GAP
            painter.setPen(self._value_pens[self._rising])
            self._texts.draw(painter, x, y, value)
            x += slot + _FIELD_GAP

    def _slot(self, letter: str, value: str) -> float:
        """Room for a value: it only ever grows, so that neighbours stay."""
        width = max(self._slots.get(letter, 0.0), self._texts.width(value))
        self._slots[letter] = width
        return width

    def _box(self) -> QRectF:
        width = self._bold.width(self._title) + _LEFT + _FIELD_GAP
        for letter, value in self._fields:
            width += self._texts.width(letter) + _LETTER_GAP + _FIELD_GAP
            width += self._slot(letter, value)
        return QRectF(self.area.left(), self.area.top(), width, _TOP + _HEIGHT) & self.area


def _title(model: ChartModel) -> str:
    if model.instrument is None:
        return ""
    label = "" if model.spec is None else f" · {model.spec.label}"
    return f"{model.instrument.symbol}{label}"


def _fields(model: ChartModel, row: int) -> tuple[Field, ...]:
    bars = model.series
    prices = (("O", bars.open), ("H", bars.high), ("L", bars.low), ("C", bars.close))
    fields = [(letter, model.price_text(int(column[row]))) for letter, column in prices]
    volume = int(bars.volume[row])
    fields.append(("V", f"{volume:,}"))
    if int(bars.count[row]) > 0:
        delta = 2 * int(bars.buy_volume[row]) - volume
        sign = "+" if delta > 0 else MINUS if delta < 0 else ""
        fields.append(("Δ", f"{sign}{abs(delta):,}"))
    return tuple(fields)
