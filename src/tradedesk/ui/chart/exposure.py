"""What of the chart is being repainted right now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QRegion

_MOST_SPANS: Final = 6


class Exposure:
    """The dirty region of the running paint; Qt tells items only its bounding rectangle.

    Attributes
    ----------
    region : QRegion or None
        In logical pixels of the view; None while everything is wanted.
    """

    def __init__(self) -> None:
        self.region: QRegion | None = None
        self._request: Callable[[QRect], None] | None = None

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
        return self.region is None or self.region.intersects(rect.toAlignedRect())

    def within(self, area: QRectF) -> QRectF:
        """Smallest rectangle around what is being repainted of `area`; empty for nothing."""
        if self.region is None:
            return area
        return QRectF(self.region.intersected(area.toAlignedRect()).boundingRect())

    def spans(self, area: QRectF) -> list[tuple[float, float]]:
        """Spans of x in which `area` is being repainted, left to right, not overlapping."""
        whole = [(area.left(), area.right())]
        if self.region is None or self.region.rectCount() > 4 * _MOST_SPANS:
            return whole
        top, bottom = area.top(), area.bottom()
        found: list[tuple[float, float]] = []
        for rect in self.region:  # type: ignore[attr-defined]
            if rect.top() < bottom and rect.bottom() >= top:
                left = max(float(rect.left()), area.left())
                right = min(rect.right() + 1.0, area.right())
                if left < right:
                    found.append((left, right))
        found.sort()
        spans: list[tuple[float, float]] = []
        for left, right in found:
            if spans and left <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], right))
            else:
                spans.append((left, right))
        return spans if len(spans) <= _MOST_SPANS else whole
