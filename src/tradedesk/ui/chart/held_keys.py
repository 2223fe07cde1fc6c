"""Keys that are held on X11, where every repetition comes as a release and a press.

Qt joins the two again if both have arrived when it looks; on a busy machine it takes the release
for a real one. Both have the same time stamp, and a key that is really let go of is not pressed
again in the millisecond of its release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from tradedesk.ui.chart.tools.tool import KeyStroke

WAIT_NS: Final = 100_000_000
"""How long a release waits for its press when nothing else is heard from the server."""


class HeldKeys:
    """Keeps a release back until it is known whether the key went up."""

    def __init__(self) -> None:
        self._kept: tuple[KeyStroke, int, int] | None = None
        self._since_ns = 0

    @property
    def keeps(self) -> bool:
        """Whether a release is kept back."""
        return self._kept is not None

    def keep(self, event: QKeyEvent, stroke: KeyStroke, now_ns: int) -> bool:
        """Keep a release back if its press may still come; tells whether it is kept."""
        from_server = event.nativeScanCode() and QGuiApplication.platformName() == "xcb"
        if stroke.repeated or not from_server:
            return False
        self._kept = (stroke, event.nativeScanCode(), event.timestamp())
        self._since_ns = now_ns
        return True

    def joins(self, event: QKeyEvent) -> bool:
        """Whether a press is the other half of the release that is kept; drops it then."""
        if self._kept is None or self._kept[1:] != (event.nativeScanCode(), event.timestamp()):
            return False
        self._kept = None
        return True

    def is_due(self, now_ns: int) -> bool:
        """Whether no press came for a release in all this time."""
        return self._kept is not None and now_ns - self._since_ns >= WAIT_NS

    def give(self) -> KeyStroke | None:
        """The release that was kept, which was a real one; None if none was."""
        kept, self._kept = self._kept, None
        return None if kept is None else kept[0]
