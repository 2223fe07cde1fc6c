"""The chart's context menu: orders at the price under the pointer first.

An entry shows its lines on the chart while it is under the pointer, and what its bracket is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from tradedesk.domain.order import OrderType, Side
from tradedesk.services.plan_texts import legs_text
from tradedesk.ui.chart.placing import Offer, Wish

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.model import ChartModel

_BESIDE = 280.0
"""How far left of the menu the labels of a choice stand."""
_OTHERS = {OrderType.LIMIT: "use a stop", OrderType.STOP: "use a limit"}
_CHOICES = (
    (Side.BUY, OrderType.LIMIT),
    (Side.SELL, OrderType.LIMIT),
    (Side.BUY, OrderType.STOP),
    (Side.SELL, OrderType.STOP),
)
Choice = tuple[Side, OrderType]
Place = Callable[[Offer, int], None]


class TradeMenu(QMenu):
    """Buy or sell at a price, or copy it.

    Only what is valid on that side of the market can be chosen; the others say why in their tool
    tip. When nothing is placed from here the first line says why.

    Parameters
    ----------
    offers : dict
        What each choice would place, or why it would not.
    show : callable
        Draws what the choice under the pointer would place; None for none.
    legs : callable
        What the bracket of a choice is worth, in short.
    alert : callable
        Sets an alert at the price.
    """

    def __init__(
        self,
        parent: QWidget,
        offers: dict[Choice, Offer],
        price_text: str,
        mono_ns: Callable[[], int],
        place: Place,
        show: Callable[[Offer | None], object],
        legs: Callable[[Offer], str],
        alert: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self._press_ns = mono_ns()
        self._offers: dict[QAction, Offer] = {}
        self.setToolTipsVisible(True)
        refusals = {offered.refusal for offered in offers.values()}
        if len(refusals) == 1 and "" not in refusals:
            self.addAction(refusals.pop()).setEnabled(False)
            self.addSeparator()
        for (side, kind), offered in offers.items():
            text = f"{side.word} {kind.word.lower()} {offered.size} @ {price_text}"
            worth = legs(offered)
            if offered.refusal:
                worth = _OTHERS[kind] if len(refusals) > 1 else ""
            action = self.addAction(f"{text}\t{worth}" if worth else text)
            action.setEnabled(not offered.refusal)
            action.setToolTip(offered.refusal or offered.label(price_text))
            action.triggered.connect(partial(self._chosen, offered, place))
            self._offers[action] = offered
        self.hovered.connect(lambda action: show(self._shown(action)))
        self.aboutToHide.connect(lambda: show(None))
        self.addSeparator()
        self.addAction("Alert here\tA").triggered.connect(lambda: alert())
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

    def _shown(self, action: QAction) -> Offer | None:
        return self._offers.get(action) if action.isEnabled() else None

    def _chosen(self, offered: Offer, place: Place, _checked: bool = False) -> None:
        place(offered, self._press_ns)


def _copy(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)


class MenuHost:
    """Opens the menu of a chart and keeps the open one.

    Attributes
    ----------
    sections : list of callable
        Each adds what it offers for the chart as a whole; the menu of the top bar and one within
        the context menu show all of them, in this order, with a line between two.
    closed : callable
        Told when the menu is gone.
    """

    def __init__(
        self,
        parent: QWidget,
        model: ChartModel,
        aim: Aim,
        mono_ns: Callable[[], int],
        place: Place,
        alert: Callable[[int], None],
    ) -> None:
        self._alert = alert
        self._parent, self._model, self._aim = parent, model, aim
        self._mono_ns, self._place = mono_ns, place
        self.sections: list[Callable[[QMenu], None]] = []
        self.closed: Callable[[], None] = lambda: None
        self._menu: TradeMenu | None = None

    def open(self, at: QPointF, on_screen: QPointF) -> None:
        """Offer what can be done at a point of the chart."""
        ticks = self._model.snapped_ticks(at.y())
        offers = {
            (side, kind): self._aim.offer(side, ticks, Wish(force=kind)) for side, kind in _CHOICES
        }
        text, x = self._model.price_text(ticks), at.x()
        menu = TradeMenu(
            self._parent,
            offers,
            text,
            self._mono_ns,
            self._place,
            show=lambda offered: self._aim.draw(offered, max(0.0, x - _BESIDE)),
            legs=self._legs,
            alert=lambda: self._alert(ticks),
        )
        # In a menu of its own: orders stay at the pointer, also low on a small screen.
        menu.addSeparator()
        self.fill(menu.addMenu("Chart"))
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

    def _legs(self, offered: Offer) -> str:
        instrument, legs = self._model.instrument, offered.legs
        if instrument is None:
            return ""
        return legs_text(instrument, offered.size, legs.stop_ticks, legs.target_ticks)

    def _forget(self) -> None:
        if self._menu is not None:
            self._menu.deleteLater()
            self._menu = None
        self.closed()
