"""What all items of the chart have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.chips import Chip
    from tradedesk.ui.chart.model import ChartModel, Extremes
    from tradedesk.ui.chart.panes import Panes


class PaneItem(QGraphicsRectItem):
    """An item that covers one rectangle of the chart and reads the model when it paints.

    Scene coordinates are logical pixels of the view, so positions need no mapping. It is a
    rectangle to Qt, which then finds its bounds without calling Python; only `paint` is its own.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__()
        self.model = model
        self.area = QRectF()
        self.setPen(Qt.PenStyle.NoPen)
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def area_in(self, panes: Panes) -> QRectF:
        """The part of the chart to cover: all of it, unless an item knows better."""
        return panes.whole

    def place(self, area: QRectF) -> None:
        """Cover another rectangle."""
        if area != self.area:
            self.area = QRectF(area)
            self.setRect(self.area)

    def update(self, rect: QRectF | None = None) -> None:  # type: ignore[override]
        """Have this part of it repainted, or all."""
        self.model.exposure.ask(self.area if rect is None else rect)

    # --- told by the stage --------------------------------------------------------------------

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""

    def bars_exchanged(self) -> None:
        """Rows of bars known from before are no longer good."""

    def fit(self) -> bool:
        """Fit a scale of its own to the bars in view; tells whether it changed."""
        return False

    def wanted_prices(self, bars: Extremes) -> Sequence[float]:
        """Prices in ticks to take into view beside those of the bars, in automatic scale."""
        return ()

    def wanted_chips(self) -> Sequence[Chip]:
        """Chips to show on the price axis."""
        return ()

    def figures_changed(self) -> None:
        """Another bar is under the pointer, or its figures may be others."""

    def view_changed(self) -> None:
        """Bars, place or scale changed; all is repainted after this."""

    def holds_newest(self) -> bool:
        """Whether the newest bar still lies within the scale that `fit` made."""
        return True

    def newest_changed(self) -> None:
        """Only the newest bar changed, within all scales: have what shows it repainted."""


class LowerLayer(PaneItem):
    """What an item paints below the tags, while its labels and chips lie above them.

    Covers what its owner covers, or a part that `area_in` of the owner names.
    """

    def __init__(self, owner: PaneItem, z: float, draw: Callable[[QPainter], None]) -> None:
        super().__init__(owner.model, z)
        self._owner = owner
        self._draw = draw
        self.hide()

    def area_in(self, panes: Panes) -> QRectF:
        """Where its owner is."""
        return self._owner.area_in(panes)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Let the owner draw."""
        self._draw(painter)
