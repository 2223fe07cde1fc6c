"""The widget that shows the scene and passes events on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QGraphicsScene, QLineEdit

from tradedesk.ui.theme.current import palette

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import (
        QContextMenuEvent,
        QEnterEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QWheelEvent,
    )

    from tradedesk.ui.chart.exposure import Exposure
    from tradedesk.ui.theme.tokens import Palette


class EventSink(Protocol):
    """Takes what the user does on the chart."""

    def pressed(self, event: QMouseEvent) -> None:
        """A mouse button went down."""

    def moved(self, event: QMouseEvent) -> None:
        """The pointer moved, with or without a button."""

    def released(self, event: QMouseEvent) -> None:
        """A mouse button went up."""

    def double_clicked(self, event: QMouseEvent) -> None:
        """Second press of a double click."""

    def wheel(self, event: QWheelEvent) -> None:
        """Wheel or two fingers."""

    def left(self) -> None:
        """The pointer left the chart."""

    def key_pressed(self, event: QKeyEvent) -> bool:
        """A key went down; False if it means nothing here."""

    def key_released(self, event: QKeyEvent) -> bool:
        """A key went up; False if it means nothing here."""

    def focus_lost(self) -> None:
        """Keys go elsewhere from now on."""


class ChartView(pg.GraphicsView):  # type: ignore[misc]
    """Raster view without antialiasing, scroll bars or the scene's own mouse handling.

    Attributes
    ----------
    paint_ns : int
        How long the last paint took.
    """

    _dressed: tuple[Palette, Callable[[], None]] | None = None

    def __init__(self, mono_ns: Callable[[], int], exposure: Exposure) -> None:
        super().__init__(useOpenGL=False, background=None)
        self._mono_ns = mono_ns
        self._exposure = exposure
        self._sink: EventSink | None = None
        self._resized: Callable[[], None] | None = None
        self.paint_ns = 0
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setOptimizationFlag(self.OptimizationFlag.DontAdjustForAntialiasing)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        exposure.connect(self.viewport().update)

    def connect_sink(self, sink: EventSink, resized: Callable[[], None]) -> None:
        """Send events to `sink` and call `resized` after every change of size."""
        self._sink, self._resized = sink, resized

    def connect_palette(self, dress: Callable[[], None]) -> None:
        """Call `dress` after every change of the palette from now on."""
        self._dressed = (palette(), dress)

    # --- Qt -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint and measure."""
        start = self._mono_ns()
        self._exposure.begin(event.region())
        super().paintEvent(event)
        self._exposure.end()
        self.paint_ns = self._mono_ns() - start

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        if event is not None and self._resized is not None:
            self._resized()

    def changeEvent(self, event: QEvent) -> None:
        """Every widget is told of another palette by events of several kinds; act on one."""
        super().changeEvent(event)
        if self._dressed is not None and self._dressed[0] != palette():
            dress = self._dressed[1]
            self._dressed = (palette(), dress)
            dress()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.double_clicked(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is opened by the press itself."""
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keys act on the chart under the pointer, unless somebody is typing."""
        focused = QApplication.focusWidget()
        if not isinstance(focused, QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.left()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Pass on."""
        if self._sink is not None:
            self._sink.focus_lost()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on; a key that means nothing here goes to the window."""
        if self._sink is None or not self._sink.key_pressed(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Pass on; a key that means nothing here goes to the window."""
        if self._sink is None or not self._sink.key_released(event):
            event.ignore()
