"""Straight lines in a rectangle: cut to it, extended to its edge, how far from a point. No Qt."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple


class Span(NamedTuple):
    """A straight piece from x1, y1 to x2, y2."""

    x1: float
    y1: float
    x2: float
    y2: float


class Box(NamedTuple):
    """A rectangle; right and bottom are its outer edges."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x1: float, y1: float, x2: float, y2: float) -> Box:
        """The rectangle between two corners, whichever they are."""
        return cls(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def within(self, other: Box) -> Box | None:
        """What of it lies in another one; None for nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None


def cut(
    x1: float, y1: float, x2: float, y2: float, box: Box, *, before: bool, after: bool
) -> Span | None:
    """The part of the line through two points that lies in a box; None for nothing.

    `before` and `after` run it on beyond its first and its second point. The cut is worked out
    from the points themselves, so points however far away bend nothing (Liang and Barsky).
    """
    dx, dy = x2 - x1, y2 - y1
    low = float("-inf") if before else 0.0
    high = float("inf") if after else 1.0
    for slope, room_low, room_high in (
        (dx, box.left - x1, box.right - x1),
        (dy, box.top - y1, box.bottom - y1),
    ):
        if slope == 0:
            if room_low > 0 or room_high < 0:
                return None
            continue
        near, far = sorted((room_low / slope, room_high / slope))
        low, high = max(low, near), min(high, far)
    if low > high or low == float("-inf") or high == float("inf"):
        return None
    return Span(x1 + low * dx, y1 + low * dy, x1 + high * dx, y1 + high * dy)


def distance(span: Span, x: float, y: float) -> float:
    """Pixels from a point to the nearest point of a piece."""
    dx, dy = span.x2 - span.x1, span.y2 - span.y1
    long = dx * dx + dy * dy
    share = 0.0 if long == 0 else ((x - span.x1) * dx + (y - span.y1) * dy) / long
    share = min(max(share, 0.0), 1.0)
    return hypot(x - span.x1 - share * dx, y - span.y1 - share * dy)
