"""Top left: what is shown, and the figures of the hovered or newest bar."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from tradedesk.services.signed_text import MINUS
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color, palette
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_PX = 13
_LEFT = 14
_TOP = 10
_HEIGHT = 18
_LETTER_GAP = 5.0
_PAD = 6
"""Room beside a text on its plate; plates stand side by side without a gap."""
_VEIL = 0.88
"""What lies under a plate is dimmed by this much, so that the text can be read."""

Field = tuple[str, str]


class Legend(PaneItem):
    """One line of figures; each keeps its place while its digits change."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._rising = True
        self._slots: dict[str, float] = {}
        self._boxes: dict[str, QRectF] = {}
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use; what it says is written anew."""
        self._title = ""
        self._fields: tuple[Field, ...] = ()
        self._texts = Texts(ui_font(_PX))
        self._bold = Texts(ui_font(_PX, MEDIUM))
        self._title_pen, self._letter_pen = pen("tx"), pen("tx3")
        self._ground = QColor(color("bg0"))
        self._ground.setAlphaF(_VEIL)
        self._value_pens = {True: pen("buy_text"), False: pen("sell_text")}

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def boxes(self) -> list[QRectF]:
        """Where its title and its figures stand."""
        return list(self._boxes.values())

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
        old = dict(self._boxes)
        whole = (title, rising) != (self._title, self._rising)
        known = dict(self._fields)
        self._title, self._fields, self._rising = title, fields, rising
        self._lay_out()
        for letter, box in (*old.items(), *self._boxes.items()):
            value = dict(fields).get(letter)
            if whole or value != known.get(letter) or box != old.get(letter):
                self.update(box)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Title, then letter and value pairs as far as there is room, each on its plate."""
        touches = self.model.exposure.touches
        values = dict(self._fields)
        for letter, box in self._boxes.items():
            if not touches(box):
                continue
            if not letter:
                shows: tuple[object, ...] = ("legend", self._title)
                face = self._paint_title
            else:
                shows = ("legend", letter, values[letter], self._rising)
                face = partial(self._paint_field, letter, values[letter], self._rising)
            self.model.stamps.draw(painter, box, self.model.ratio, shows, face)

    def place(self, area: QRectF) -> None:
        """Cover another rectangle."""
        super().place(area)
        self._lay_out()

    def _paint_title(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, self._ground)
        painter.setFont(self._bold.font)
        painter.setPen(self._title_pen)
        self._bold.draw(painter, box.left() + _PAD, box.top(), self._title)

    def _paint_field(
        self, letter: str, value: str, rising: bool, painter: QPainter, box: QRectF
    ) -> None:
        painter.fillRect(box, self._ground)
        painter.setFont(self._texts.font)
        painter.setPen(self._letter_pen)
        x = box.left() + _PAD
        x += self._texts.draw(painter, x, box.top(), letter) + _LETTER_GAP
        painter.setPen(self._value_pens[rising])
        self._texts.draw(painter, x, box.top(), value)

    def _lay_out(self) -> None:
        """Boxes of the title (under no letter) and of each field that fits."""
        x, y = self.area.left() + _LEFT - _PAD, self.area.top() + _TOP
        self._boxes = {}
        if not self._title:
            return
        width = _plate(self._bold.width(self._title))
        self._boxes[""] = QRectF(x, y, width, _HEIGHT)
        x += width
        for letter, value in self._fields:
            slot = self._slot(letter, value)
            width = _plate(self._texts.width(letter) + _LETTER_GAP + slot)
            if x + width > self.area.right() - 8 + _PAD:
                break
            self._boxes[letter] = QRectF(x, y, width, _HEIGHT)
            x += width

    def _slot(self, letter: str, value: str) -> float:
        """Room for a value: it only ever grows, so that neighbours stay."""
        width = max(self._slots.get(letter, 0.0), self._texts.width(value))
        self._slots[letter] = width
        return width


def _plate(width: float) -> float:
    """Width of the plate of a text: whole pixels of the screen at scale factors in quarters."""
    return 4.0 * ceil((width + 2 * _PAD) / 4)


def _title(model: ChartModel) -> str:
    if model.instrument is None:
        return ""
    label = "" if model.spec is None else f" · {model.spec.label}"
    mark = f" · {model.style_mark}" if model.style_mark else ""
    return f"{model.instrument.symbol}{label}{mark}"


def _fields(model: ChartModel, row: int) -> tuple[Field, ...]:
    bars = model.series
    prices = (("O", bars.open), ("H", bars.high), ("L", bars.low), ("C", bars.close))
    fields = [(letter, model.price_text(int(column[row]))) for letter, column in prices]
    if palette().shapes:
        rising = bars.close[row] >= bars.open[row]
        fields[-1] = ("C", f"{fields[-1][1]} {'▲' if rising else '▼'}")
    volume = int(bars.volume[row])
    fields.append(("V", f"{volume:,}"))
    if int(bars.count[row]) > 0:
        delta = 2 * int(bars.buy_volume[row]) - volume
        sign = "+" if delta > 0 else MINUS if delta < 0 else ""
        fields.append(("Δ", f"{sign}{abs(delta):,}"))
    return tuple(fields)
