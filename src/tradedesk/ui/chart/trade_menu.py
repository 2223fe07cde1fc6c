"""The chart's context menu: orders at the price under the pointer first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.chart.placing import Offer

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.model import ChartModel

_CHOICES = (
    (Side.BUY, OrderType.LIMIT),
    (Side.SELL, OrderType.LIMIT),
    (Side.BUY, OrderType.STOP),
    (Side.SELL, OrderType.STOP),
)
Place = Callable[[Offer, int], None]


class TradeMenu(QMenu):
    """Buy or sell at a price, or copy it.

    Only what is valid on that side of the market can be chosen. When nothing is placed from here
    the first line says why.
    """

    def __init__(
        self,
        parent: QWidget,
        offers: dict[Side, Offer],
        price_text: str,
        mono_ns: Callable[[], int],
        place: Place,
    ) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self._press_ns = mono_ns()
        refusal = offers[Side.BUY].refusal
        if refusal:
            self.addAction(refusal).setEnabled(False)
            self.addSeparator()
        for side, kind in _CHOICES:
            offered = offers[side]
            action = self.addAction(
                f"{side.word} {kind.word.lower()} {offered.size} @ {price_text}"
            )
            action.setEnabled(not refusal and offered.type is kind)
            action.triggered.connect(partial(self._chosen, offered, place))
        self.addSeparator()
        copy = self.addAction("Copy price")
        copy.triggered.connect(partial(_copy, price_text.replace(",", "")))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the moment: latency counts from the press."""
        self._press_ns = self._mono_ns()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember the moment: Return chooses as well."""
        self._press_ns = self._mono_ns()
        super().keyPressEvent(event)

    def _chosen(self, offered: Offer, place: Place, _checked: bool = False) -> None:
        place(offered, self._press_ns)


def _copy(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)


class MenuHost:
    """Opens the menu of a chart and keeps the open one.

    Attributes
    ----------
    sections : list of callable
        Each adds what it offers for the chart as a whole; the context menu and the one of the top
        bar show all of them, in this order, with a line between two.
    """

    def __init__(
        self,
        parent: QWidget,
        model: ChartModel,
        aim: Aim,
        mono_ns: Callable[[], int],
        place: Place,
    ) -> None:
        self._parent, self._model, self._aim = parent, model, aim
        self._mono_ns, self._place = mono_ns, place
        self.sections: list[Callable[[QMenu], None]] = []
        self._menu: TradeMenu | None = None

    def open(self, at: QPointF, on_screen: QPointF) -> None:
        """Offer what can be done at a point of the chart."""
        ticks = self._model.snapped_ticks(at.y())
        offers = {side: self._aim.offer(side, ticks) for side in Side}
        text = self._model.price_text(ticks)
        menu = TradeMenu(self._parent, offers, text, self._mono_ns, self._place)
        self.fill(menu)
        menu.aboutToHide.connect(self._forget)
        self._menu = menu
        menu.popup(on_screen.toPoint())

    def fill(self, menu: QMenu) -> None:
        """Add what is offered for the chart as a whole."""
        for section in self.sections:
            if not menu.isEmpty():
                menu.addSeparator()
            section(menu)

    def close(self) -> None:
        """Close what is open."""
        if self._menu is not None:
            self._menu.close()

    def _forget(self) -> None:
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None
