"""What of the chart is being repainted right now."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QRegion

_MOST_SPANS: Final = 6
_MOST_RECTS: Final = 24
"""A region of more parts is taken for its bounding rectangle."""


Edges = tuple[int, int, int, int]
"""Left, top, right, bottom of whole pixels; right and bottom are the first ones outside."""


class Exposure:
    """The dirty region of the running paint; Qt tells items only its bounding rectangle.

    Every item asks several times a paint, so the region is read once, into plain numbers.
    """

    def __init__(self) -> None:
        self._rects: list[Edges] | None = None
        self._request: Callable[[QRect], None] | None = None

    def begin(self, region: QRegion) -> None:
        """A paint begins; `region` is in logical pixels of the view."""
        many = region.rectCount() > _MOST_RECTS
        rects = [region.boundingRect()] if many else list(region)  # type: ignore[call-overload]
        self._rects = [(r.left(), r.top(), r.right() + 1, r.bottom() + 1) for r in rects]

    def end(self) -> None:
        """It is over: everything is wanted."""
        self._rects = None

    def connect(self, request: Callable[[QRect], None]) -> None:
        """Send what `ask` is told to `request`, in whole pixels of the view."""
        self._request = request

    def ask(self, rect: QRectF) -> None:
        """Have a rectangle repainted soon.

        Straight to the widget: the scene's own way there asks every item for its bounds first.
        """
        if self._request is not None and not rect.isEmpty():
            self._request(rect.toAlignedRect())

    def touches(self, rect: QRectF) -> bool:
        """Whether any of `rect` is being repainted."""
        return self._rects is None or bool(self._inside(rect))

    def within(self, area: QRectF) -> QRectF:
        """Smallest rectangle around what is being repainted of `area`; empty for nothing."""
        if self._rects is None:
            return area
        inside = self._inside(area)
        if not inside:
            return QRectF()
        left = max(min(rect[0] for rect in inside), floor(area.left()))
        top = max(min(rect[1] for rect in inside), floor(area.top()))
        right = min(max(rect[2] for rect in inside), ceil(area.right()))
        bottom = min(max(rect[3] for rect in inside), ceil(area.bottom()))
        return QRectF(left, top, right - left, bottom - top)

    def spans(self, area: QRectF) -> list[tuple[float, float]]:
        """Spans of x in which `area` is being repainted, left to right, not overlapping."""
        first, last = area.left(), area.right()
        if self._rects is None:
            return [(first, last)]
        spans: list[tuple[float, float]] = []
        for left, _, right, _ in sorted(self._inside(area)):
            begin, end = max(float(left), first), min(float(right), last)
            if spans and begin <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            else:
                spans.append((begin, end))
        return spans if len(spans) <= _MOST_SPANS else [(first, last)]

    def parts(self, area: QRectF) -> list[QRectF]:
        """Rectangles of `area` that are being repainted, as few and as high as they can be."""
        if self._rects is None:
            return [area]
        found: list[Edges] = []
        for left, right, top, bottom in sorted(
            (r[0], r[2], r[1], r[3]) for r in self._inside(area)
        ):
            above = found[-1] if found else None
            if above is not None and (above[0], above[2], above[3]) == (left, right, top):
                found[-1] = (left, above[1], right, bottom)
            else:
                found.append((left, top, right, bottom))
        return [QRectF(x, y, right - x, bottom - y) & area for x, y, right, bottom in found]

    def _inside(self, area: QRectF) -> list[Edges]:
        """The rectangles that have pixels in common with `area`."""
        left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
        return [
            rect
            for rect in self._rects or ()
            if left < rect[2] and rect[0] < right and top < rect[3] and rect[1] < bottom
        ]
