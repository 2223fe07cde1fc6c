"""Where a line of text stands: beside a point, wholly within the pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.drawings.clip import Box
from tradedesk.ui.chart.drawings.figure import Words

if TYPE_CHECKING:
    from tradedesk.ui.chart.primitives import Texts

PLATE_PX: Final = 18.0
PAD_PX: Final = 6.0
_EDGE_PX: Final = 3.0
_BARE_PAD_PX: Final = 3.0
_LEGEND_PX: Final = 32.0
_HIGH_PX: Final = 160.0
"""A pane lower than this has no room to keep clear of the legend."""


def bare(texts: Texts, pane: Box, left: float, bottom: float, text: str, ink: str) -> Words:
    """Text that begins at `left` and stands on `bottom`, readable over bars."""
    width, height = texts.width(text) + 2 * _BARE_PAD_PX, texts.height()
    box = _inside(pane, left - _BARE_PAD_PX, bottom - height, width, height)
    return Words(box, text, ink, "bg0")


def plate(
    texts: Texts,
    pane: Box,
    at: tuple[float, float],
    text: str,
    *,
    ink: str = "tx",
    border: str = "line",
    action: str = "",
) -> Words:
    """Text on a plate whose middle is at a point, or as near as the pane lets it."""
    width = round(texts.width(text) + 2 * PAD_PX)
    box = _inside(pane, at[0] - width / 2, at[1] - PLATE_PX / 2, width, PLATE_PX)
    return Words(box, text, ink, "bg2", border, action)


def row_of_plates(
    texts: Texts, pane: Box, middle: tuple[float, float], parts: list[tuple[str, str, str]]
) -> list[Words]:
    """Buttons side by side around a point; each part is text, border, action."""
    gap = 4.0
    widths = [round(texts.width(text) + 2 * PAD_PX) for text, _, _ in parts]
    total = sum(widths) + gap * (len(parts) - 1)
    row = _inside(pane, middle[0] - total / 2, middle[1] - PLATE_PX / 2, total, PLATE_PX)
    found, left = [], row.left
    for (text, border, action), width in zip(parts, widths, strict=True):
        box = Box(left, row.top, left + width, row.bottom)
        found.append(Words(box, text, "tx", "bg3", border, action))
        left += width + gap
    return found


def _inside(pane: Box, left: float, top: float, width: float, height: float) -> Box:
    """A box of this size in the pane and below the legend, as near as that lets it."""
    highest = pane.top + (_LEGEND_PX if pane.bottom - pane.top > _HIGH_PX else _EDGE_PX)
    left = max(min(left, pane.right - _EDGE_PX - width), pane.left + _EDGE_PX)
    top = max(min(top, pane.bottom - _EDGE_PX - height), highest)
    left, top = float(round(left)), float(round(top))
    return Box(left, top, left + round(width), top + round(height))
