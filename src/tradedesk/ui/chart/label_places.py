"""Where labels of plans stand: clear of tags and of each other, near what they tell. Pure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradedesk.ui.chart.primitives import Texts

GAP: Final = 4.0
"""Least distance to what was there before."""


def rows_of(text: str, room: float, texts: Texts) -> list[str]:
    """A sentence in rows of at most `room` pixels, and of about the same length.

    A word that is wider has a row of its own.
    """
    width = texts.width(text)
    count = max(1, ceil(width / max(1.0, room)))
    rows = _broken(text, min(room, width / count * 1.1), texts)
    return rows if len(rows) <= count else _broken(text, room, texts)


def _broken(text: str, room: float, texts: Texts) -> list[str]:
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and texts.width(longer) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def beside(box: QRectF, taken: Iterable[QRectF], least_left: float) -> QRectF | None:
    """A box moved to the left until it is clear of what is there; None if there is no room."""
    others = list(taken)
    found = QRectF(box)
    while hit := [other for other in others if _near(found, other)]:
        left = min(other.left() for other in hit) - GAP - box.width()
        if left < least_left:
            return None
        found.moveLeft(left)
    return found


def free_place(wishes: Sequence[QRectF], taken: Sequence[QRectF], pane: QRectF) -> QRectF:
    """The first of some boxes that is clear of what is there, or can be moved to be.

    To the left if possible, else up or down as little as possible; the first wish if nothing in the
    pane is clear.
    """
    for wish in wishes:
        found = beside(wish, taken, pane.left())
        if found is not None:
            return found
    return above_or_below(wishes[0], taken, pane) or wishes[0]


def above_or_below(wish: QRectF, taken: Sequence[QRectF], pane: QRectF) -> QRectF | None:
    """A box moved up or down, as little as it takes, to where it is clear of what is there.

    None if there is no such place in the pane.
    """
    tops = [
        top for other in taken for top in (other.top() - GAP - wish.height(), other.bottom() + GAP)
    ]
    for top in sorted(tops, key=lambda top: abs(top - wish.top())):
        box = QRectF(wish.left(), top, wish.width(), wish.height())
        inside = pane.top() <= top and box.bottom() <= pane.bottom()
        if inside and not any(_near(box, other) for other in taken):
            return box
    return None


def _near(box: QRectF, other: QRectF) -> bool:
    """Whether two boxes are nearer to each other than they should be."""
    return (
        box.left() < other.right() + GAP
        and other.left() < box.right() + GAP
        and box.top() < other.bottom() + 1
        and other.top() < box.bottom() + 1
    )
