"""Buttons that remember when the mouse went down on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from tradedesk.domain.clock import NS_PER_MS

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from tradedesk.domain.clock import Clock


DOUBLE_PRESS_NS = 300 * NS_PER_MS
"""A second press of the same thing within this time is taken for a slip of the hand."""


class PressButton(QPushButton):
    """Acts on release and tells the moment of the press.

    It never takes the keyboard focus, so Space or Enter cannot trade.

    Signals
    -------
    fired(object)
        Monotonic nanoseconds of the press, when the mouse was released on the button.
    """

    fired = Signal(object)

    def __init__(
        self, text: str, clock: Clock, kind: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._clock = clock
        self._press_ns: int | None = None
        self._why = ""
        if kind:
            self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._fire)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press_ns = self._clock.mono_ns()
        super().mousePressEvent(event)

    def allow(self, why_not: str = "", tip: str = "") -> None:
        """Enable the button, or disable it and say why in its tool tip."""
        self.setEnabled(not why_not)
        text = why_not or tip
        if text != self._why:
            self._why = text
            self.setToolTip(text)

    def _fire(self) -> None:
        press_ns = self._press_ns if self._press_ns is not None else self._clock.mono_ns()
        self._press_ns = None
        self.fired.emit(press_ns)
