"""Button with the shown contract, and the search box that opens under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.top_bar.catalogue import exchange, matching
from tradedesk.ui.widgets.layout import column, small

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


class ContractPicker(QFrame):
    """The search box: known contracts and products, or any symbol typed.

    Signals
    -------
    symbol_chosen(str)
        Symbol to look up and show.
    closed()
        It is about to hide: the focus belongs elsewhere.
    """

    symbol_chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFixedSize(320, 340)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Symbol or name")
        self.search.installEventFilter(self)
        self.search.textEdited.connect(self._fill)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self._choose(item.data(_SYMBOL_ROLE)))
        self.note = small(_HELP, wrap=True)
        self.note.setFixedHeight(2 * self.note.fontMetrics().height() + 2)
        layout = column(self.search, self.list, self.note)
        layout.setContentsMargins(12, 12, 12, 8)
        self.setLayout(layout)
        self.hide()

    def open_at(self, corner: QPoint) -> None:
        """Show it with its top left corner there, ready to type."""
        self.move(corner)
        self.search.clear()
        self._fill("")
        self.say(_HELP)
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Hide it; does nothing when it is hidden."""
        if self.isVisible():
            self.closed.emit()
            self.hide()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Answer under the list."""
        self.note.setText(text)
        restyle(self.note, "tone", "error" if wrong else "label")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()  # the user went elsewhere, and the focus is there already
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.dismiss()
            return True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key is Qt.Key.Key_Down else -1
            last = self.list.count() - 1
            self.list.setCurrentRow(max(0, min(last, self.list.currentRow() + step)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_typed()
            return True
        return False

    def _take_typed(self) -> None:
        item = self.list.currentItem()
        typed = self.search.text().strip().upper()
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
        item = QListWidgetItem(text)
        item.setData(_SYMBOL_ROLE, symbol)
        self.list.addItem(item)
