"""Which anchor a point means: the magnet, the angle, the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from tradedesk.ui.chart.drawings.magnet import snapped_ticks
from tradedesk.ui.chart.drawings.reshape import constrained

if TYPE_CHECKING:
    from tradedesk.services.drawings.drawing import Anchor, Drawing
    from tradedesk.ui.chart.drawings.easel import Easel

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def pointed(
    easel: Easel,
    at: QPointF,
    modifiers: Qt.KeyboardModifier,
    drawing: Drawing | None = None,
    number: int = 0,
) -> Anchor | None:
    """The anchor meant at a point; None without bars.

    Ctrl turns the magnet round, Shift holds the angle of a line against its other anchor.
    """
    mapping = easel.mapping
    at = mapping.into_pane(at)
    if drawing is not None and modifiers & _SHIFT:
        held = constrained(drawing, number, at, mapping)
        if held != at:
            if held.y() == mapping.point(drawing.anchors[1 - number])[1]:
                return mapping.anchor(held, drawing.anchors[1 - number].ticks)
            return mapping.anchor(held)
    magnet = easel.magnet != bool(modifiers & _CTRL)
    return mapping.anchor(at, snapped_ticks(mapping.model, at, magnet=magnet))
