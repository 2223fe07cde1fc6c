"""Whether tags that were laid out can stay as they are."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.tags import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.ui.chart.primitives import Texts
    from tradedesk.ui.chart.tags import Room, Shown, Tag

_ROUNDING: Final = 3.0
"""A box is rounded to whole pixels, and a little narrower than the room for its cross."""


class KeptTags:
    """What tags were laid out for.

    While the chart pans, only the room beside the newest bar changes: tags that show all their
    parts in one row stay as they are as long as the widest one fits.
    """

    def __init__(
        self, tags: Sequence[Tag], shown: Sequence[Shown], room: Room, texts: Texts
    ) -> None:
        self._shown, self._pane, self._texts = shown, room.pane, texts
        self._right, self._width = column(room)
        whole = all(len(tag.rows) == 1 for tag in tags) and all(
            len(tag.rows[0]) == len(tag.shown.line.parts) for tag in tags
        )
        widest = max((tag.box.width() for tag in tags), default=0.0)
        self._enough = widest + _ROUNDING if whole else inf

    def holds(self, shown: Sequence[Shown], room: Room, texts: Texts) -> bool:
        """Whether laying these out would give the same tags."""
        right, width = column(room)
        return (
            (width == self._width or min(width, self._width) >= self._enough)
            and right == self._right
            and room.pane == self._pane
            and texts is self._texts
            and shown == self._shown
        )
