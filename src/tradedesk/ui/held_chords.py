"""Keys with Ctrl and Shift act once a press, however long they are held.

X11 tells every repetition of a held key as a release and a press with the same time stamp. Qt joins
the two only if both have arrived when it looks at the first; on a busy machine they have not, and
a chord that was held a little long would act again, which for some of them means something else.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractNativeEventFilter

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

KIND: Final = b"xcb_generic_event_t"
_PRESS, _RELEASE, _SENT = 2, 3, 0x80
_SHIFT, _CONTROL = 0x1, 0x4
_CHORD: Final = _SHIFT | _CONTROL


class XKeyEvent(ctypes.Structure):
    """A key event of the X protocol, as far as it is read here."""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("detail", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("windows", ctypes.c_uint32 * 3),
        ("places", ctypes.c_int16 * 4),
        ("state", ctypes.c_uint16),
    )


class HeldChords(QAbstractNativeEventFilter):
    """Takes repeated presses out of what an X server tells while Ctrl and Shift are down.

    A context: it watches the application while it is open.
    """

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__()
        self._app = app
        self._released = (0, 0)

    def __enter__(self) -> HeldChords:
        """Watch from now on; nothing to do where X11 is not used."""
        if self._app.platformName() == "xcb":
            self._app.installNativeEventFilter(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self._app.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: Any, message: int) -> tuple[bool, int]:
        """Tell Qt whether to pass an event over."""
        return bytes(kind) == KIND and self._repeats(int(message)), 0

    def _repeats(self, address: int) -> bool:
        what = ctypes.c_uint8.from_address(address).value & ~_SENT
        if what not in (_PRESS, _RELEASE):
            return False
        event = XKeyEvent.from_address(address)
        here = (event.detail, event.time)
        if what == _RELEASE:
            self._released = here
            return False
        return here == self._released and event.state & _CHORD == _CHORD
