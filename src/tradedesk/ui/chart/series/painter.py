"""What every way of drawing bars answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import ceil
from typing import TYPE_CHECKING

from tradedesk.ui.chart.primitives import RectBuffer

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel


class SeriesPainter(ABC):
    """Draws the bars of a span of pixel columns in one style.

    All sizes are device pixels; the painter has no pen and is clipped to the price pane.

    Attributes
    ----------
    stays_within_bars : bool
        Whether nothing of a bar is drawn beyond its lowest and its highest price.
    """

    stays_within_bars = False

    def __init__(self, model: ChartModel) -> None:
        self.model = model
        self.buffer = RectBuffer()
        self.dress()

    def dress(self) -> None:  # noqa: B027 - most styles look colours up while they paint
        """Take the fonts and colours of the palette in use."""

    def mark(self) -> str:
        """What the legend says about the style in this view; empty for nothing."""
        return ""

    def reach(self) -> tuple[float, ...]:
        """Prices in ticks to keep in view that lie beyond those of the bars."""
        return ()

    def extent(self) -> tuple[int, int] | None:
        """Lowest and highest price drawn in view, ticks; None where it is that of the bars."""
        return None

    @abstractmethod
    def paint(self, painter: QPainter, span: tuple[int, int]) -> None:
        """Draw what the pixel columns ``span[0]`` to ``span[1]`` (exclusive) hold."""

    def newest_strip(self, area: QRectF) -> QRectF:
        """The part of `area`, in logical pixels, that the newest bar can change."""
        return self.model.bar_strip(len(self.model.series) - 1, area)

    # --- for those that look at the bar before ------------------------------------------------

    def wider(self, span: tuple[int, int]) -> tuple[int, int]:
        """A span that holds one bar more to the left."""
        return span[0] - ceil(max(self.model.xmap.scale, 1.0)) - 1, span[1]

    def follows_another(self, found: Shapes) -> bool:
        """Whether a bar stands left of the first shape."""
        return int(found.x[0]) > self.model.xmap.column(0)
