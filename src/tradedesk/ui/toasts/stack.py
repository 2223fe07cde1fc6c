"""Toasts: at most three shown, four seconds each, errors and alerts until they are clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.widgets.layout import column, row, small

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QMouseEvent

SHOWN = 3
LIFE_MS = 4_000
_GAP = 8
_SIDE = 12
_EDGES = 4
_STICKY = ("error", "alert")


class Toast(QFrame):
    """One message; a click closes it.

    Signals
    -------
    dismissed()
        Its time is over, or it was clicked.
    """

    dismissed = Signal()

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.level = ""
        self.setProperty("role", "toast")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFont(fonts.ui_font(weight=fonts.MEDIUM))
        self.foot = small("Click to close", "soft")
        layout = column(row(self.text), self.foot, spacing=2)
        layout.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        self.setLayout(layout)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismissed)

    @property
    def stays(self) -> bool:
        """Whether only a click closes it."""
        return self.level in _STICKY

    def show_message(self, level: str, text: str, *, hold: bool = False) -> None:
        """Show another text; the time to live begins anew, with ``hold`` it does not run."""
        self.level = level
        restyle(self, "level", level)
        self.text.setText(text)
        self.foot.setVisible(self.stays)
        self.setAccessibleName(text)
        if self.stays or hold:
            self._timer.stop()
        else:
            self._timer.start(LIFE_MS)

    def height_at(self, width: int) -> int:
        """Room that the whole text needs at a width."""
        height = self.text.heightForWidth(width - 2 * _SIDE - _EDGES) + 2 * _GAP + _EDGES
        return height + (self.foot.sizeHint().height() + 2 if self.stays else 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.dismissed.emit()


class ToastStack:
    """Places toasts over a window.

    Parameters
    ----------
    window : QWidget
        What they lie upon.
    rooms : callable
        Rectangles of the window, in its coordinates, at whose bottom they may stand; the one that
        is liked best first, at least one.
    """

    def __init__(self, window: QWidget, rooms: Callable[[], Sequence[QRect]]) -> None:
        self._window = window
        self._rooms = rooms
        self._toasts: list[Toast] = []
        self._placed: list[Toast] = []

    @property
    def texts(self) -> list[str]:
        """Texts from the oldest to the newest, waiting errors included."""
        return [toast.text.text() for toast in self._toasts]

    @property
    def keys(self) -> list[str]:
        """Keys of those that have one, waiting errors included."""
        return [toast.key for toast in self._toasts if toast.key]

    @property
    def shown(self) -> list[Toast]:
        """The toasts on screen, oldest first."""
        return list(self._placed)

    def show(self, level: str, text: str, *, key: str = "", hold: bool = False) -> None:
        """Show a message: ``info``, ``buy``, ``sell``, ``warning``, ``alert`` or ``error``.

        The same ``key`` again changes the message that is there. ``hold`` keeps it until it is
        changed once more.
        """
        toast = next((t for t in self._toasts if key and t.key == key), None)
        if toast is None:
            toast = Toast(key, self._window)
            toast.dismissed.connect(lambda toast=toast: self._drop(toast))
            self._toasts.append(toast)
            self._crowd_out()
        toast.show_message(level, text, hold=hold)
        self.place()

    def drop(self, key: str) -> None:
        """Close the message with this key, if it is there: what it told is over."""
        for toast in [t for t in self._toasts if t.key == key]:
            self._drop(toast)

    def clear(self) -> None:
        """Close all of them."""
        for toast in tuple(self._toasts):
            self._drop(toast)

    def place(self) -> None:
        """Put every toast where it belongs; call when the window was resized.

        They stand in the first room that has place for all, else in the highest one. The newest
        stands lowest. As many are shown as fit into the room, at least one.
        """
        if not self._toasts:
            self._placed = []
            return
        room = self._choose_room()
        width = room.width() - 2 * _GAP
        bottom = room.bottom() - _GAP
        self._placed = []
        for toast in reversed(self._toasts):
            height = toast.height_at(width)
            full = len(self._placed) == SHOWN or bottom - height < room.top()
            if self._placed and full:
                break
            toast.setGeometry(room.left() + _GAP, bottom - height, width, height)
            self._placed.insert(0, toast)
            bottom -= height + _GAP
        for toast in self._toasts:
            toast.setVisible(toast in self._placed)
        for toast in self._placed:
            toast.raise_()

    def _choose_room(self) -> QRect:
        rooms = self._rooms()
        return next(
            (room for room in rooms if self._needed(room.width() - 2 * _GAP) <= room.height()),
            max(rooms, key=lambda room: room.height()),
        )

    def _needed(self, width: int) -> int:
        """Height of all that are to be shown."""
        newest = self._toasts[-SHOWN:]
        return _GAP + sum(toast.height_at(width) + _GAP for toast in newest)

    def _crowd_out(self) -> None:
        passing = [toast for toast in self._toasts if not toast.stays]
        while len(self._toasts) > SHOWN and len(passing) > 1:
            self._drop(passing.pop(0))

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self.place()
