"""The styles that bars can be drawn in, and the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QActionGroup

from tradedesk.ui.chart.series.area import CloseArea
from tradedesk.ui.chart.series.candles import Candles
from tradedesk.ui.chart.series.footprints import Footprints
from tradedesk.ui.chart.series.heikin_ashi import HeikinAshiCandles
from tradedesk.ui.chart.series.hollow import HollowCandles
from tradedesk.ui.chart.series.line import CloseLine
from tradedesk.ui.chart.series.ohlc import OhlcBars

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.flow import TapeFlow
    from tradedesk.ui.chart.look import ChartLook, Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.series.painter import SeriesPainter
    from tradedesk.ui.chart.stage import Stage

STYLES: Final = {
    "candles": "Candles",
    "hollow": "Hollow candles",
    "bars": "Bars",
    "line": "Line",
    "area": "Area",
    "heikin_ashi": "Heikin-Ashi",
    "footprint": "Footprint",
}
"""What `ChartLook.style` may be, and what the menu calls it."""


def painter_of(style: str, model: ChartModel, flow: TapeFlow) -> SeriesPainter:
    """What draws a style; candles for a name that is not known."""
    if style == "footprint":
        return Footprints(model, flow)
    made: dict[str, Callable[[ChartModel], SeriesPainter]] = {
        "hollow": HollowCandles,
        "bars": OhlcBars,
        "line": CloseLine,
        "area": CloseArea,
        "heikin_ashi": HeikinAshiCandles,
    }
    return made.get(style, Candles)(model)


class BarStyles:
    """Draws bars by the look's style."""

    def __init__(self, stage: Stage, looks: Looks, flow: TapeFlow) -> None:
        self._stage, self._looks, self._flow = stage, looks, flow
        self._style = ""
        looks.changed.connect(self._take_look)
        self._take_look(looks.now)

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menu."""
        styles = menu.addMenu("Style")
        now = self._looks.now.style if self._looks.now.style in STYLES else "candles"
        group = QActionGroup(styles)
        for key, label in STYLES.items():
            action = group.addAction(styles.addAction(label))
            action.setCheckable(True)
            action.setChecked(key == now)
            action.triggered.connect(lambda _on=False, key=key: self._looks.change(style=key))

    def _take_look(self, look: ChartLook) -> None:
        if look.style != self._style:
            self._style = look.style
            model = self._stage.model
            self._stage.bars.draw_with(painter_of(look.style, model, self._flow))
            self._stage.view_changed()
