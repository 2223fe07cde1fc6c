"""A chart on the test bench: a panel with a hand-driven clock and real events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from tests.ui.chart.samples import MNQ, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import OrderType, Side
from tradedesk.engine import BarSeries
from tradedesk.ui.chart.panel import ChartPanel
from tradedesk.ui.chart.placing import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QAction

    from tradedesk.engine import Bars
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.viewport import Viewport

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class ChartBench:
    """One chart with 400 minute bars unless told otherwise, armed, size 2."""

    def __init__(self, bars: Bars | None = None, size: tuple[int, int] = (1_000, 600)) -> None:
        self.now_ns = 1_000_000_000
        self.placed: list[tuple[Side, OrderType, int, int]] = []
        self.moved: list[tuple[str, int, int]] = []
        self.cancelled: list[tuple[str, int]] = []
        self.intervals: list[str] = []
        self.series = BarSeries(walk(400) if bars is None else bars)
        self.panel = ChartPanel(self.clock)
        self.panel.looks.change(studies=())
        self.offers: list[Offer] = []
        self.panel.place_requested.connect(self._note)
        self.panel.move_requested.connect(lambda *a: self.moved.append(a))
        self.panel.cancel_requested.connect(lambda *a: self.cancelled.append(a))
        self.panel.interval_requested.connect(self.intervals.append)
        self.panel.looks.change(drawing_strip=False)  # so that canvas and window are one
        self.panel.resize(*size)
        self.panel.show()
        self.panel.set_series(self.series, MNQ, BarSpec.parse("1m"))
        self.panel.navigator.set_time_zone("America/Chicago")
        self.panel.set_armed(True, "Armed is off: switch it on at the top right.")
        self.panel.set_terms(Terms(2))
        if len(self.series):
            self.last = int(self.series.close[-1])
            self.panel.set_market(self.last, self.last - 1, self.last + 1, Side.BUY, stale=False)
        self.frame()

    def clock(self) -> int:
        """The monotonic clock of the chart."""
        return self.now_ns

    def _note(self, offered: Offer, press_ns: int) -> None:
        self.offers.append(offered)
        self.placed.append((offered.side, offered.type, offered.price_ticks, press_ns))

    def close(self) -> None:
        """Take the window away."""
        self.panel.close()
        self.panel.deleteLater()

    # --- inside -------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """The chart's scene."""
        return self.panel._stage

    @property
    def viewport(self) -> Viewport:
        """What is in view."""
        return self.stage.model.viewport

    @property
    def navigator_place(self) -> tuple[float, float, bool]:
        """Spacing, right edge and whether the newest bar is followed."""
        return self.panel.navigator.place

    @property
    def canvas(self) -> Any:
        """The widget that takes the mouse."""
        return self.panel.canvas

    @property
    def ratio(self) -> float:
        """Device pixels of one logical pixel."""
        return self.panel.devicePixelRatioF()

    def device(self, *logical: float) -> tuple[int, ...]:
        """Logical pixels as device pixels."""
        return tuple(int(each * self.ratio) for each in logical)

    def y(self, ticks: int) -> int:
        """Pixel row of a price."""
        return self.stage.model.y_line(ticks)

    def menu(self, *path: str) -> dict[str, QAction]:
        """Entries of the chart's menu, or of a sub-menu of it, by their texts."""
        shown = QMenu(self.panel)
        self.panel.menus.fill(shown)
        for name in path:
            (entry,) = [action for action in shown.actions() if action.text() == name]
            shown = cast("QMenu", entry.menu())
        return {action.text(): action for action in shown.actions() if action.text()}

    # --- time ---------------------------------------------------------------------------------

    def frame(self, after_ms: int = 20) -> None:
        """Let time pass, then one frame until nothing is pending."""
        self.now_ns += after_ms * 1_000_000
        newest = int(self.series.ts_ns[-1]) if len(self.series) else 0
        self.panel.refresh(newest + 36_000_000_000)
        QApplication.processEvents()

    def on_screen(self) -> NDArray[np.uint32]:
        """Device pixels of the window, painted piece by piece as the chart asked; shape (h, w).

        Read where Qt keeps them: a grab of the screen is of logical pixels at other scales.
        """
        QApplication.processEvents()
        return pixels(cast("QImage", self.panel.backingStore().paintDevice()))

    def painted_anew(self) -> NDArray[np.uint32]:
        """The same, but all of it painted again."""
        return pixels(self.panel.grab().toImage())

    # --- hands --------------------------------------------------------------------------------

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer."""
        mouse_move(self.canvas, int(x), int(y), NONE, Qt.MouseButton.NoButton)
        self.frame()

    def press(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Left button down."""
        QTest.mousePress(self.canvas, LEFT, modifiers, QPoint(int(x), int(y)))

    def release(self, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Left button up."""
        QTest.mouseRelease(self.canvas, LEFT, modifiers, QPoint(int(x), int(y)))
        self.frame()

    def double_click(self, x: float, y: float) -> None:
        """Click twice; Qt's own helper leaves the button down in the end."""
        at = QPoint(int(x), int(y))
        QTest.mouseDClick(self.canvas, LEFT, NONE, at)
        QTest.mouseRelease(self.canvas, LEFT, NONE, at)

    def click(self, x: float, y: float) -> None:
        """Press and release in one place."""
        self.point_at(x, y)
        self.press(x, y)
        self.release(x, y)

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], modifiers: Any = NONE
    ) -> None:
        """Press, move in some steps, release."""
        self.point_at(*start)
        self.press(*start, modifiers)
        self.drag_on(start, end, modifiers)
        self.release(*end, modifiers)

    def drag_on(
        self, start: tuple[float, float], end: tuple[float, float], modifiers: Any = NONE
    ) -> None:
        """Move with the button down."""
        for part in (0.3, 0.7, 1.0):
            x = start[0] + (end[0] - start[0]) * part
            y = start[1] + (end[1] - start[1]) * part
            mouse_move(self.canvas, x, y, modifiers)
            self.frame()

    def wheel(
        self, notches: float, x: float, y: float = 200, modifiers: Qt.KeyboardModifier = NONE
    ) -> None:
        """Turn the wheel."""
        at = QPointF(x, y)
        event = QWheelEvent(
            at,
            self.canvas.mapToGlobal(at),
            QPoint(),
            QPoint(0, round(notches * 120)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)
        self.frame()

    def key_down(self, key: Qt.Key) -> None:
        """Press a key and hold it."""
        QTest.keyPress(self.stage.view, key)
        self.frame()

    def key_up(self, key: Qt.Key) -> None:
        """Let go of a key."""
        QTest.keyRelease(self.stage.view, key)
        self.frame()


def pixels(image: QImage) -> NDArray[np.uint32]:
    """Pixels as 0xRRGGBB; shape (height, width)."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    words = np.frombuffer(image.constBits(), np.uint32)
    found: NDArray[np.uint32] = words.reshape(image.height(), image.width()) & np.uint32(0xFFFFFF)
    return found


def mouse_move(
    canvas: Any,
    x: float,
    y: float,
    modifiers: Qt.KeyboardModifier,
    button: Qt.MouseButton = LEFT,
) -> None:
    """A move, also one to where the pointer is already, and with modifiers: QTest has neither."""
    at = QPointF(x, y)
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), button, button, modifiers
    )
    QApplication.sendEvent(canvas, event)
