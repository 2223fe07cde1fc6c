"""Where the tags of the lines stand and how much of their text they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF

from tradedesk.services.chart_lines import ChartLine, LineKind, LinePart
from tradedesk.ui.chart.primitives import Texts
from tradedesk.ui.chart.spread import spread

ROW: Final = 20.0
PAD: Final = 8.0
PART_GAP: Final = 10.0
CROSS: Final = 18.0
_RIGHT_GAP: Final = 8.0
_BAR_GAP: Final = 6.0
_LEAST_ROOM: Final = 84.0
_FREE_ROOM: Final = 300.0
IMPORTANCE: Final = {
    LineKind.POSITION: 0,
    LineKind.STOP: 1,
    LineKind.TARGET: 2,
    LineKind.ENTRY: 3,
    LineKind.PENDING: 4,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it is shown: at `y`, maybe moved or out of view (`edge` -1 above, +1 below)."""

    line: ChartLine
    y: float
    edge: int = 0
    unconfirmed: bool = False
    hovered: bool = False
    dragged: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in place. `rows` holds (x from the left of the box, text) for each row of text."""

    shown: Shown
    box: QRectF
    rows: tuple[tuple[tuple[float, str], ...], ...]
    cross: QRectF | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Free space for tags: the pane, and what of it the newest bar takes (None if out of view)."""

    pane: QRectF
    newest: QRectF | None


def place_tags(shown: Sequence[Shown], room: Room, texts: Texts) -> list[Tag]:
    """Lay out tags at the right of the pane.

    They stay right of the newest bar where there is room, else left of it; a hovered or dragged
    tag shows all its parts, in several rows if need be. None covers another; the most important
    ones stay nearest to their lines.
    """
    right, width = _column(room)
    order = sorted(
        range(len(shown)),
        key=lambda i: (not (shown[i].hovered or shown[i].dragged), *_rank(shown[i])),
    )
    wrapped = [_wrap(one, width, texts) for one in shown]
    heights = [max(1, len(rows)) * ROW for rows in wrapped]
    tops = spread(
        [(shown[i].y - ROW / 2, heights[i]) for i in order],
        room.pane.top() + 2,
        room.pane.bottom() - 2,
        2,
    )
    placed: dict[int, Tag] = {}
    for i, top in zip(order, tops, strict=True):
        placed[i] = _tag(shown[i], wrapped[i], QRectF(0, top, right, heights[i]), texts)
    return [placed[i] for i in range(len(shown))]


def _rank(shown: Shown) -> tuple[int, str]:
    return IMPORTANCE[shown.line.kind], shown.line.key


def _column(room: Room) -> tuple[float, float]:
    """Right edge and width of the column in which tags stand."""
    pane, newest = room.pane, room.newest
    right = pane.right() - _RIGHT_GAP
    if newest is None:
        return right, min(_FREE_ROOM, pane.width() / 2)
    free = right - newest.right() - _BAR_GAP
    if free >= _LEAST_ROOM:
        return right, free
    left_of_bar = newest.left() - _BAR_GAP
    return left_of_bar, max(_LEAST_ROOM, min(_FREE_ROOM, left_of_bar - pane.left()))


def _wrap(shown: Shown, width: float, texts: Texts) -> list[list[LinePart]]:
    """Parts in rows: one row with what fits at rest, as many as needed when looked at."""
    parts = list(shown.line.parts)
    inner = width - 2 * PAD - (CROSS if shown.line.cancellable else 0)
    if shown.note:
        return [parts[:1]]
    if not (shown.hovered or shown.dragged):
        keep = sorted({part.keep for part in parts}, reverse=True)
        while _row_width(parts, texts) > inner and keep and keep[0] > 0:
            least = keep.pop(0)
            parts = [part for part in parts if part.keep < least]
        return [parts]
    rows: list[list[LinePart]] = [[]]
    for part in parts:
        if rows[-1] and _row_width([*rows[-1], part], texts) > inner:
            rows.append([])
        rows[-1].append(part)
    return rows


def _row_width(parts: Sequence[LinePart], texts: Texts) -> float:
    return sum(texts.width(p.text) for p in parts) + PART_GAP * max(0, len(parts) - 1)


def _tag(shown: Shown, rows: list[list[LinePart]], at: QRectF, texts: Texts) -> Tag:
    has_cross = shown.line.cancellable
    inner = max(_row_width(row, texts) for row in rows)
    width = round(inner + 2 * PAD + (CROSS - 2 if has_cross else 0))
    box = QRectF(round(at.right() - width), round(at.top()), width, at.height())
    placed = []
    for row in rows:
        x, line = PAD, []
        for part in row:
            line.append((x, part.text))
            x += texts.width(part.text) + PART_GAP
        placed.append(tuple(line))
    cross = QRectF(box.right() - CROSS - 2, box.top(), CROSS, ROW) if has_cross else None
    return Tag(shown, box, tuple(placed), cross)
