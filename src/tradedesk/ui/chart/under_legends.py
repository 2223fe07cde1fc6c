"""Labels below the legends, where they would stand over or under one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.panes import LEGEND_ROOM
from tradedesk.ui.chart.spread import Label, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRectF


def below_legends(boxes: Sequence[QRectF], legends: Sequence[QRectF], pane: QRectF) -> float | None:
    """Where labels may begin at the top if one of them would meet a legend of `pane`; else None."""
    legends = [legend for legend in legends if legend.bottom() <= pane.bottom()]
    if not any(box.intersects(legend) for box in boxes for legend in legends):
        return None
    left = min(box.left() for box in boxes)
    return max(legend.bottom() for legend in legends if legend.right() > left)


def spread_below(
    boxes: Sequence[QRectF], legends: Sequence[QRectF], pane: QRectF, bottom: float
) -> bool:
    """Move labels up or down so that none lies over another or under a legend of `pane`.

    False if there is no room for that above `bottom`; some then lie over each other.
    """
    wishes = [Label(box.top(), box.height()) for box in boxes]
    needed = sum(box.height() + 1 for box in boxes)
    low = LEGEND_ROOM
    while True:
        for box, top in zip(boxes, spread(wishes, low, bottom), strict=True):
            box.moveTop(round(top))
        below = below_legends(boxes, legends, pane)
        if below is None or below <= low:
            return needed <= bottom - low
        low = below
