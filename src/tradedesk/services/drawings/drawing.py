"""One drawing: where it is anchored and how it looks. Anchored in time and price, never in pixels.

So it stays put when bars of another size are shown, older bars come in, or another window shows
the same contract.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tradedesk.domain.price import MAX_TICKS

DEFAULT_LEVELS: Final = (0, 236, 382, 500, 618, 786, 1_000)
"""Levels of a Fibonacci retracement in thousandths of the move."""
MOST_LEVELS: Final = 24
MOST_TEXT: Final = 200
_LATEST_NS: Final = 2**62

Moment = Annotated[int, Meta(ge=0, le=_LATEST_NS)]
Ticks = Annotated[int, Meta(ge=-MAX_TICKS, le=MAX_TICKS)]
Level = Annotated[int, Meta(ge=-10_000, le=20_000)]
Ink = Literal["blue", "violet", "green", "red", "plain", "grey"]
Dash = Literal["solid", "dashed", "dotted"]


class Kind(StrEnum):
    """What a drawing is."""

    TREND = "trend"
    """A line through two anchors; extended to the right it is a ray."""
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    RECTANGLE = "rectangle"
    FIBONACCI = "fibonacci"
    TEXT = "text"
    RISK = "risk"
    """Entry, stop and target of a trade that is planned."""


ANCHORS: Final = {
    Kind.TREND: 2,
    Kind.HORIZONTAL: 1,
    Kind.VERTICAL: 1,
    Kind.RECTANGLE: 2,
    Kind.FIBONACCI: 2,
    Kind.TEXT: 1,
    Kind.RISK: 3,
}
"""How many anchors each kind has. Those of a risk box are entry, stop, target."""


class Anchor(msgspec.Struct, frozen=True):
    """A moment in nanoseconds UTC and a price in ticks."""

    ts_ns: Moment
    ticks: Ticks


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """Colour by name, width in pixels, dashes."""

    ink: Ink = "blue"
    width: Annotated[int, Meta(ge=1, le=4)] = 1
    dash: Dash = "solid"


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """One drawing. Every member but the first three has a default: older files still load.

    Parameters
    ----------
    id : str
        Unique in its book; a copy gets another one.
    anchors : tuple of Anchor
        As many as `ANCHORS` says for its kind.
    text : str
        What a text says; a remark for other kinds.
    locked : bool
        Cannot be moved, changed or removed by hand until it is unlocked.
    hidden : bool
        Kept, but not shown.
    extend_left, extend_right : bool
        Whether it runs on to the edge of the chart.
    levels : tuple of int
        Of a Fibonacci retracement, in thousandths.
    risk_cents : int or None
        Money at risk of a risk box; None for what the settings say.
    """

    id: Annotated[str, Meta(min_length=1, max_length=40)]
    kind: Kind
    anchors: tuple[Anchor, ...]
    style: Style = Style()
    text: Annotated[str, Meta(max_length=MOST_TEXT)] = ""
    locked: bool = False
    hidden: bool = False
    extend_left: bool = False
    extend_right: bool = False
    levels: Annotated[tuple[Level, ...], Meta(max_length=MOST_LEVELS)] = DEFAULT_LEVELS
    risk_cents: Annotated[int, Meta(ge=1, le=10**12)] | None = None

    def __post_init__(self) -> None:
        if len(self.anchors) != ANCHORS[self.kind]:
            raise ValueError(
                f"A {self.kind} drawing has {ANCHORS[self.kind]} anchors, not {len(self.anchors)}."
            )

    def at(self, number: int, anchor: Anchor) -> Drawing:
        """The same with one anchor elsewhere."""
        anchors = (*self.anchors[:number], anchor, *self.anchors[number + 1 :])
        return msgspec.structs.replace(self, anchors=anchors)

    def worded(self, text: str) -> Drawing:
        """The same with another text."""
        return msgspec.structs.replace(self, text=text)

    def styled(self, **members: object) -> Drawing:
        """The same in another colour, width or dash."""
        style = msgspec.structs.replace(self.style, **members)
        return msgspec.structs.replace(self, style=style)


def bounded_ticks(ticks: float) -> int:
    """The whole tick nearest to a price, within what a price can be."""
    return round(min(max(ticks, -MAX_TICKS), MAX_TICKS))


def bounded_moment(ts_ns: float) -> int:
    """A moment within what can be kept."""
    return int(min(max(ts_ns, 0), _LATEST_NS))
