"""Tags below the legend, where the chart is so narrow that they would stand over it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRectF

    from tradedesk.ui.chart.tags import Tag


def below_legends(tags: Sequence[Tag], legends: Sequence[QRectF], pane: QRectF) -> float | None:
    """Where tags may begin at the top if one of them would meet a legend of `pane`; else None."""
    legends = [legend for legend in legends if legend.bottom() <= pane.bottom()]
    if not any(tag.box.intersects(legend) for tag in tags for legend in legends):
        return None
    left = min(tag.box.left() for tag in tags)
    return max(legend.bottom() for legend in legends if legend.right() > left)
