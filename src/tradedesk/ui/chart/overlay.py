"""Works out what the line layer and the price axis show, once per change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QPointF, QRectF

from tradedesk.services.chart_line import ChartLine, LinePart
from tradedesk.services.chart_lines import moved
from tradedesk.ui.chart import inks
from tradedesk.ui.chart.chips import Chip
from tradedesk.ui.chart.kept_tags import KeptTags
from tradedesk.ui.chart.note_places import Note, place_note
from tradedesk.ui.chart.panes import PILL_ROOM
from tradedesk.ui.chart.placing import misplaced
from tradedesk.ui.chart.primitives import Texts
from tradedesk.ui.chart.tags import WEIGHT, Room, Shown, Tag, place_tags
from tradedesk.ui.chart.under_legends import below_legends
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.moves import LineMoves

GRAB_PX: Final = 6.0
_TAG_PX: Final = 12


class LineOverlay:
    """Tags and chips of all lines, and what of them is under a point.

    Attributes
    ----------
    tags : list of Tag
        As laid out last, in the order of the lines.
    chips : list of Chip
        Price chips of the lines in view.
    hovered, selected : str or None
        Key of the line under the pointer, and of the one that keys move.
    pinned : str or None
        Key of a line that is shown as hovered while the pointer is beside it.
    beside, legends : list of callable
        Each gives boxes that stand beside tags, or that tags stand below of.
    """

    def __init__(self, model: ChartModel, moves: LineMoves) -> None:
        self._model = model
        self.moves = moves
        self.tags: list[Tag] = []
        self.chips: list[Chip] = []
        self._kept: KeptTags | None = None
        self.hovered: str | None = None
        self.pinned: str | None = None
        self.beside: list[Callable[[], list[QRectF]]] = []
        self.legends: list[Callable[[], list[QRectF]]] = []
        self._seen: list[QRectF] = []
        self.selected: str | None = None
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self.texts = Texts(ui_font(_TAG_PX))

    def layout(self) -> list[QRectF]:
        """Lay out anew; returns the rectangles whose picture changed."""
        old = {tag.shown.line.key: tag for tag in self.tags}
        self.place()
        changed: list[QRectF] = []
        for tag in self.tags:
            before = old.pop(tag.shown.line.key, None)
            if before != tag:
                changed += self.touched(tag)
                changed += self.touched(before) if before is not None else []
        for gone in old.values():
            changed += self.touched(gone)
        return changed

    def place(self) -> None:
        """Lay out anew where all is repainted anyway."""
        if self.selected is not None and self.moves.line(self.selected) is None:
            self.selected = None
        shown = [self._shown(line) for line in self.moves.lines]
        room, legends = self._room(), self.legend_boxes()
        kept = self._kept
        if kept is None or legends != self._seen or not kept.holds(shown, room, self.texts):
            self._seen = legends
            self.tags = place_tags(shown, room, self.texts)
            low = below_legends([tag.box for tag in self.tags], legends, room.pane)
            if low is not None:
                lower = Room(room.pane.adjusted(0, low - room.pane.top(), 0, 0), room.newest)
                self.tags = place_tags(shown, lower, self.texts)
            self.chips = self._chips()
            self._kept = KeptTags(self.tags, shown, room, self.texts)

    def touched(self, tag: Tag) -> list[QRectF]:
        """All that a tag paints: its line, its box and what joins them, its note."""
        pane = self._model.panes.price
        line = QRectF(pane.left(), tag.shown.y - 2, pane.width(), 5)
        found = [line, *tag.reach]
        if tag.shown.note:
            found.append(self.note_of(tag).box.adjusted(-2, -2, 2, 2))
        return found

    def taken(self) -> list[QRectF]:
        """What other labels keep clear of: tags, what stands beside them, legends."""
        boxes = [tag.box for tag in self.tags]
        boxes += [box for more in self.beside for box in more()]
        return boxes + self.legend_boxes()

    def legend_boxes(self) -> list[QRectF]:
        """Where the legends of all panes stand."""
        return [box for more in self.legends for box in more()]

    def note_of(self, tag: Tag) -> Note:
        """The sentence of a refused move, beside its tag."""
        return place_note(tag.shown.note, tag.box, self._model.panes.price, self.texts)

    # --- under the pointer --------------------------------------------------------------------

    def cross_at(self, point: QPointF) -> str | None:
        """Key of the line whose cancelling cross is there."""
        for tag in self.tags:
            if tag.cross is not None and tag.cross.contains(point):
                return tag.shown.line.key
        return None

    def cross_of(self, key: str) -> QPoint | None:
        """Where the cancelling cross of a line is; None if it has none."""
        tag = self.tag_of(key)
        return None if tag is None or tag.cross is None else tag.cross.center().toPoint()

    def tag_at(self, point: QPointF) -> str | None:
        """Key of the line whose tag is there."""
        for tag in self.tags:
            if tag.box.contains(point):
                return tag.shown.line.key
        return None

    def grab_at(self, point: QPointF) -> str | None:
        """Key of the movable line that a press there takes hold of."""
        on_tag = self.tag_at(point)
        if on_tag is not None:
            line = self.moves.line(on_tag)
            return on_tag if line is not None and line.draggable else None
        if not self._model.panes.price.contains(point):
            return None
        near = [
            (abs(tag.shown.y - point.y()), tag.shown.line.key)
            for tag in self.tags
            if tag.shown.line.draggable and not tag.shown.edge
        ]
        distance, key = min(near, default=(GRAB_PX + 1, ""))
        return key if distance <= GRAB_PX else None

    # --- parts --------------------------------------------------------------------------------

    def _chips(self) -> list[Chip]:
        found = []
        for tag in self.tags:
            shown = tag.shown
            if shown.edge:
                continue
            ink = inks.of_line(shown.line, unconfirmed=shown.unconfirmed)
            found.append(
                Chip(
                    y=shown.y,
                    text=self._price_text(shown.line),
                    ground=ink.line,
                    weight=WEIGHT[shown.line.kind],
                )
            )
        return found

    def _shown(self, line: ChartLine) -> Shown:
        model, moves, key = self._model, self.moves, line.key
        at = moves.price_ticks(key)
        dragged = moves.is_dragged(key)
        if at != line.price_ticks and model.instrument is not None:
            line = moved(line, model.instrument, at, model.market.last_ticks)
        pane = model.panes.price
        y = float(model.y_line(self._exact(line)))
        edge = -1 if y < pane.top() else (1 if y > pane.bottom() - 1 else 0)
        shown = Shown(
            line=line,
            y=y,
            edge=edge,
            unconfirmed=moves.is_pending(key) and not dragged,
            hovered=key == self.hovered,
            dragged=dragged,
            selected=key == self.selected,
            note=self._note(line, at, dragged=dragged),
        )
        if edge:
            return replace(shown, line=self._pointing(line, edge))
        return shown

    def _note(self, line: ChartLine, at: int, *, dragged: bool) -> str:
        """Why a line was not moved, or would not be if it were let go of here."""
        if dragged:
            return misplaced(line.side, line.type, at, self._model.market)
        refusal = self.moves.refusal(line.key)
        return "" if refusal is None else refusal.reason

    def tag_of(self, key: str) -> Tag | None:
        """The tag of a line."""
        return next((tag for tag in self.tags if tag.shown.line.key == key), None)

    def _exact(self, line: ChartLine) -> float:
        instrument = self._model.instrument
        if line.average_price is None or instrument is None:
            return line.price_ticks
        return float(line.average_price / instrument.tick.size)

    def _pointing(self, line: ChartLine, edge: int) -> ChartLine:
        """The line with an arrow to where it is and its price, as it has no chip."""
        head = LinePart(f"{'▲' if edge < 0 else '▼'} {line.head}")
        price = LinePart(self._price_text(line), keep=1)
        rest = tuple(part for part in line.parts[1:] if not part.text.startswith("@"))
        return msgspec.structs.replace(line, parts=(head, price, *rest))

    def _price_text(self, line: ChartLine) -> str:
        instrument = self._model.instrument
        if line.average_price is None or instrument is None:
            return self._model.price_text(line.price_ticks)
        return f"{line.average_price:,.{instrument.tick.digits}f}"

    def _room(self) -> Room:
        model = self._model
        view, pane = model.viewport, model.panes.price
        if not view.following and pane.height() > 4 * PILL_ROOM:
            pane = pane.adjusted(0, 0, 0, -PILL_ROOM)
        last = len(model.series) - 1
        if last < 0 or not -1 <= view.x_of(last) <= pane.width() + view.spacing:
            return Room(pane, None)
        half = max(1.0, view.spacing / 2)
        x = view.x_of(last)
        return Room(pane, QRectF(x - half, pane.top(), 2 * half, pane.height()))
