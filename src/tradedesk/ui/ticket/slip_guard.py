"""A second press right after the first is a slip of the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.ui.widgets.press_button import DOUBLE_PRESS_NS

if TYPE_CHECKING:
    from tradedesk.domain.order import Side


class SlipGuard:
    """Remembers the last press for an order."""

    def __init__(self) -> None:
        self._last: tuple[Side, int] | None = None

    def note(self, side: Side, press_ns: int) -> str:
        """Take one more press; why it does not count, empty if it does."""
        last, self._last = self._last, (side, press_ns)
        if last is None or last[0] is not side or press_ns - last[1] >= DOUBLE_PRESS_NS:
            return ""
        gap = (press_ns - last[1]) // NS_PER_MS
        return f"Second press after {gap} ms ignored: one order was sent. Press again for another."
