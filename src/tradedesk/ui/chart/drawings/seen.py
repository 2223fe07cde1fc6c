"""A drawing as it is seen in the present view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from tradedesk.services.drawings.drawing import Drawing
    from tradedesk.ui.chart.drawings.figure import Figure


class Seen(NamedTuple):
    """A drawing in view."""

    drawing: Drawing
    figure: Figure
    bounds: QRectF
    selected: bool
