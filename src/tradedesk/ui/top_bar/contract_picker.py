"""Button with the shown contract, and the search box that opens under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.top_bar.catalogue import exchange, matching
from tradedesk.ui.widgets.search_list import SearchList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradedesk.domain.instrument import Instrument

_SYMBOL_ROLE = Qt.ItemDataRole.UserRole
_HELP = "Type a symbol such as MES and press Enter."


class ContractButton(QPushButton):
    """``MNQ  Dec 26 · CME ▾``: symbol strong, the rest soft."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "picker")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._symbol = "No contract"
        self._rest = ""
        self._fit()

    def show_contract(self, instrument: Instrument | None, *, short: bool = False) -> None:
        """Show another contract; ``short`` leaves the exchange out."""
        symbol, rest = "No contract", ""
        if instrument is not None:
            symbol, rest = instrument.symbol, instrument.expiry_label
            where = exchange(symbol)
            if where and not short:
                rest += f" · {where}"
        if (symbol, rest) != (self._symbol, self._rest):
            self._symbol, self._rest = symbol, rest
            self.setAccessibleName(f"Contract {symbol} {rest}")
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        x = 10
        for text, font, token in self._pieces():
            painter.setFont(font)
            painter.setPen(color(token))
            painter.drawText(self.rect().adjusted(x, 0, 0, 0), left, text)
            x += painter.fontMetrics().horizontalAdvance(text) + 8
        painter.end()

    def _pieces(self) -> Iterator[tuple[str, QFont, str]]:
        yield self._symbol, fonts.ui_font(weight=fonts.SEMIBOLD), "tx"
        if self._rest:
            yield self._rest, fonts.body(), "tx2"
        yield "▾", fonts.body(), "tx2"

    def _fit(self) -> None:
        width = sum(QFontMetrics(f).horizontalAdvance(t) + 8 for t, f, _ in self._pieces())
        self.setFixedSize(width + 12, 28)
        self.update()


class ContractPicker(SearchList):
    """The search box: known contracts and products, or any symbol typed.

    Signals
    -------
    symbol_chosen(str)
        Symbol to look up and show.
    """

    symbol_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _HELP, wrap=True)
        self.setFixedSize(320, 340)
        self.line.setPlaceholderText("Symbol or name")
        self.note.setFixedHeight(2 * self.note.fontMetrics().height() + 2)
        self.searched.connect(self._fill)
        self.clicked.connect(lambda item: self._choose(item.data(_SYMBOL_ROLE)))
        self.entered.connect(self._take_typed)

    def open_at(self, corner: QPoint) -> None:
        """Show it with its top left corner there, ready to type."""
        self.move(corner)
        self.open()

    def _take_typed(self) -> None:
        item = self.list.currentItem()
        typed = self.typed.upper()
        if item is not None:
            self._choose(item.data(_SYMBOL_ROLE))
        elif typed:
            self._choose(typed)

    def _choose(self, symbol: str) -> None:
        self.say(f"Looking up {symbol}…")
        self.symbol_chosen.emit(symbol)

    def _fill(self, text: str) -> None:
        self.list.clear()
        typed = text.strip().upper()
        found = matching(text)
        for product in found:
            self._add(f"{product.symbol}   {product.name} · {product.exchange}", product.symbol)
        if typed and all(product.symbol != typed for product in found):
            self._add(f"{typed}   look it up at the venue", typed)
        if typed:
            self.list.setCurrentRow(0)

    def _add(self, text: str, symbol: str) -> None:
        self.add_row(text).setData(_SYMBOL_ROLE, symbol)
