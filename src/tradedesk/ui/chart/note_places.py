"""Where the sentence of a refused move stands, and in how many rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.ui.chart.label_places import rows_of

if TYPE_CHECKING:
    from tradedesk.ui.chart.primitives import Texts

NOTE_ROW: Final = 16.0
NOTE_PAD: Final = 2.0
_SIDE: Final = 8.0
_GAP: Final = 6.0
_EDGE: Final = 4.0
_LEAST_WIDTH: Final = 200.0
"""A narrower strip beside the tag would make a column of single words."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in place."""

    box: QRectF
    rows: tuple[str, ...]


def place_note(text: str, tag: QRectF, pane: QRectF, texts: Texts) -> Note:
    """Left of a tag if there is room, else below or above it; always within the pane."""
    beside = tag.left() - _GAP - pane.left() - _EDGE
    fits = beside >= min(_LEAST_WIDTH, texts.width(text) + 2 * _SIDE)
    room = beside if fits else pane.width() - 2 * _EDGE
    rows = tuple(rows_of(text, room - 2 * _SIDE, texts))
    width = round(max(texts.width(row) for row in rows) + 2 * _SIDE)
    height = len(rows) * NOTE_ROW + 2 * NOTE_PAD
    if fits:
        left, top = tag.left() - _GAP - width, tag.top()
    else:
        left, top = max(pane.left() + _EDGE, tag.right() - width), tag.bottom() + 2
        if top + height > pane.bottom() - 2:
            top = tag.top() - 2 - height
    top = max(pane.top() + 2, min(top, pane.bottom() - 2 - height))
    return Note(QRectF(round(left), round(top), width, height), rows)
