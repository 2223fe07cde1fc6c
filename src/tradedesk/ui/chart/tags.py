"""Where the tags of the lines stand and how much of their text they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QRectF

from tradedesk.services.chart_line import ChartLine, LineKind, LinePart
from tradedesk.ui.chart.spread import Label, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.ui.chart.primitives import Texts

ROW: Final = 20.0
PAD: Final = 7.0
PART_GAP: Final = 9.0
CROSS: Final = 18.0
SHIELD: Final = 17.0
"""Room before the text of a tag that begins with the sign for cover."""
_RIGHT_GAP: Final = 8.0
_BAR_GAP: Final = 6.0
_LEAST_ROOM: Final = 84.0
_FREE_ROOM: Final = 300.0
_GAP: Final = 2.0
HELD: Final = 1e9
"""Weight of what must not move: what the pointer holds, the last price."""
WEIGHT: Final = {
    LineKind.POSITION: 1e6,
    LineKind.STOP: 1e5,
    LineKind.TARGET: 1e4,
    LineKind.ENTRY: 1e3,
    LineKind.UNKNOWN: 5e2,
    LineKind.PENDING: 1e2,
    LineKind.ALERT: 5e1,
}
"""How strongly labels hold their places: the heavier hardly gives way to the lighter."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it is shown: at `y`, maybe moved; out of view if `edge` is -1 above or +1 below."""

    line: ChartLine
    y: float
    edge: int = 0
    unconfirmed: bool = False
    hovered: bool = False
    dragged: bool = False
    selected: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in place. `rows` holds (x from the left of the box, text) for each row of text."""

    shown: Shown
    box: QRectF
    rows: tuple[tuple[tuple[float, str], ...], ...]
    cross: QRectF | None = None

    @property
    def leader(self) -> QLineF | None:
        """What joins the box to its line where they stand apart; ends within the pane."""
        middle = self.box.top() + ROW / 2
        if self.shown.edge or abs(middle - self.shown.y) <= 1:
            return None
        right = self.box.right()
        return QLineF(right, middle, right + _RIGHT_GAP - 1, self.shown.y)

    @property
    def reach(self) -> list[QRectF]:
        """All that is painted of it beside its line."""
        found, leader = [self.box.adjusted(-2, -2, 12, 2)], self.leader
        if leader is not None:
            found.append(QRectF(leader.p1(), leader.p2()).normalized().adjusted(-1, -1, 2, 2))
        return found


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
    right, width = column(room)
    wrapped = [_wrap(one, width, texts) for one in shown]
    heights = [max(1, len(rows)) * ROW for rows in wrapped]
    tops = spread(
        [
            Label(one.y - ROW / 2, height, _weight(one))
            for one, height in zip(shown, heights, strict=True)
        ],
        room.pane.top() + 2,
        room.pane.bottom() - 2,
        _GAP,
    )
    return [
        _tag(one, rows, QRectF(0, top, right, height), texts)
        for one, rows, top, height in zip(shown, wrapped, tops, heights, strict=True)
    ]


def _weight(shown: Shown) -> float:
    if shown.hovered or shown.dragged or shown.selected:
        return HELD
    return WEIGHT[shown.line.kind]


def column(room: Room) -> tuple[float, float]:
    """Right edge and width of the column in which tags stand."""
    pane, newest = room.pane, room.newest
    right = pane.right() - _RIGHT_GAP
    if newest is None:
        return right, min(_FREE_ROOM, pane.width() / 2)
    free = right - newest.right() - _BAR_GAP
    if free >= _LEAST_ROOM:
        return right, free
    return newest.left() - _BAR_GAP, _LEAST_ROOM


def _wrap(shown: Shown, width: float, texts: Texts) -> list[list[LinePart]]:
    """Parts in rows: one row with what fits at rest, as many as needed when looked at."""
    parts = list(shown.line.parts)
    inner = width - room_for(shown, (), texts)
    if shown.note:
        return [parts[:1]]
    if not (shown.hovered or shown.dragged or shown.selected):
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


def room_for(shown: Shown, parts: Sequence[LinePart], texts: Texts) -> float:
    """How wide the column must be for a tag to show these parts in one row."""
    beside = 2 * PAD + (CROSS if shown.line.cancellable else 0) + _lead(shown)
    return beside + _row_width(parts, texts)


def _lead(shown: Shown) -> float:
    return SHIELD if shown.line.shield is not None else 0.0


def _row_width(parts: Sequence[LinePart], texts: Texts) -> float:
    return sum(texts.width(p.text) for p in parts) + PART_GAP * max(0, len(parts) - 1)


def _tag(shown: Shown, rows: list[list[LinePart]], at: QRectF, texts: Texts) -> Tag:
    has_cross = shown.line.cancellable
    inner = max(_row_width(row, texts) for row in rows)
    lead = _lead(shown)
    width = round(lead + inner + 2 * PAD + (CROSS - 2 if has_cross else 0))
    box = QRectF(round(at.right() - width), round(at.top()), width, at.height())
    placed = []
    for row in rows:
        x, line = PAD + lead, []
        for part in row:
            line.append((x, part.text))
            x += texts.width(part.text) + PART_GAP
        placed.append(tuple(line))
    cross = QRectF(box.right() - CROSS - 2, box.top(), CROSS, ROW) if has_cross else None
    return Tag(shown, box, tuple(placed), cross)
