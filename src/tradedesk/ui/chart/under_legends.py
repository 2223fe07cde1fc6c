"""Labels below the legends, where they would stand over or under one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
