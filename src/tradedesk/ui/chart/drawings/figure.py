"""What a drawing looks like in the present view: strokes, areas, labels, handles. No painting."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tradedesk.ui.chart.drawings.clip import Box, Span, distance

HIT_PX: Final = 6.0
HANDLE_PX: Final = 4.0
"""Half the side of a handle."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece in a palette colour, already cut to the pane."""

    span: Span
    ink: str
    width: int = 1
    dash: str = "solid"

    @property
    def is_slanted(self) -> bool:
        """Whether it is neither level nor upright."""
        return self.span.x1 != self.span.x2 and self.span.y1 != self.span.y2


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle, `share` of a palette colour over what is below it."""

    box: Box
    ink: str
    share: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text with its box; on a plate where `ground` names one.

    `action` makes it a button.
    """

    box: Box
    text: str
    ink: str
    ground: str = ""
    border: str = ""
    action: str = ""

    def lower(self, by: float) -> Words:
        """The same some pixels further down."""
        left, top, right, bottom = self.box
        return replace(self, box=Box(left, top + by, right, bottom + by))


@dataclass(slots=True)
class Figure:
    """All that is painted of one drawing, in logical pixels of the view.

    Attributes
    ----------
    handles : list of tuple
        Number of the anchor, x, y; for those in the pane.
    inside : Box or None
        What counts as the drawing's inside once it is selected.
    """

    strokes: list[Stroke] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    handles: list[tuple[int, float, float]] = field(default_factory=list)
    inside: Box | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is in view."""
        return not (self.strokes or self.areas or self.words)

    def bounds(self) -> Box | None:
        """The rectangle around all that is painted, handles included; None for nothing."""
        boxes = [area.box for area in self.areas] + [words.box for words in self.words]
        boxes += [Box.around(*stroke.span) for stroke in self.strokes]
        boxes += [Box(x, y, x, y) for _, x, y in self.handles]
        if not boxes:
            return None
        pad = HANDLE_PX + 4
        return Box(
            min(b.left for b in boxes) - pad,
            min(b.top for b in boxes) - pad,
            max(b.right for b in boxes) + pad,
            max(b.bottom for b in boxes) + pad,
        )

    # --- under the pointer --------------------------------------------------------------------

    def handle_at(self, x: float, y: float) -> int | None:
        """Number of the anchor whose handle is there, the nearest one."""
        near = [(abs(hx - x) + abs(hy - y), at) for at, hx, hy in self.handles]
        near = [
            (far, at)
            for (far, at), (_, hx, hy) in zip(near, self.handles, strict=True)
            if abs(hx - x) <= HIT_PX + 1 and abs(hy - y) <= HIT_PX + 1
        ]
        return min(near)[1] if near else None

    def action_at(self, x: float, y: float) -> str:
        """Action of the button there; empty for none."""
        return next((w.action for w in self.words if w.action and w.box.holds(x, y)), "")

    def hit(self, x: float, y: float, *, inside: bool) -> bool:
        """Whether a press there means this drawing; with `inside` its whole area counts."""
        if any(distance(stroke.span, x, y) <= HIT_PX for stroke in self.strokes):
            return True
        if any(words.box.holds(x, y) for words in self.words):
            return True
        return inside and self.inside is not None and self.inside.holds(x, y)
