"""Shows that the keys go to the chart when they were brought there by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, Qt

from tradedesk.ui.chart.items.focus_frame import FocusFrame

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from tradedesk.ui.chart.stage import Stage

_Z: Final = 30
_BY_KEYS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class KeyboardFocus(QObject):
    """A frame from a focus that came by key until the focus goes or the mouse is pressed.

    Keys go to the chart under the pointer anyway, which needs no frame: the crosshair shows it.
    """

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame = FocusFrame(stage.model, _Z)
        stage.add(self.frame)
        stage.view.installEventFilter(self)
        stage.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the focus of the view and presses on it."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn:
            self.frame.show_on(cast("QFocusEvent", event).reason() in _BY_KEYS)
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress):
            self.frame.show_on(False)
        return False
