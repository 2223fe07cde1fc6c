"""B and S by their place on the keyboard, and how long they are held."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.chart.held_keys import WAIT_NS
from tradedesk.ui.chart.keys import physical_key

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

NONE = Qt.KeyboardModifier.NoModifier
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="key codes of X11 and Wayland")
B_PLACE = 56


def press(key: int, scan: int) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, NONE, scan, 0, 0)


@ON_LINUX
@pytest.mark.parametrize(
    ("printed", "scan", "means"),
    [
        (Qt.Key.Key_B, 56, Qt.Key.Key_B),
        (0x0418, 56, Qt.Key.Key_B),  # Cyrillic И stands where B is
        (Qt.Key.Key_S, 39, Qt.Key.Key_S),
        (Qt.Key.Key_B, 57, Qt.Key.Key_unknown),  # Dvorak prints B on the key of N
        (Qt.Key.Key_End, 115, Qt.Key.Key_End),
        (Qt.Key.Key_B, 0, Qt.Key.Key_B),  # a key that was made up by a program
    ],
)
def test_place_counts_not_print(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    printed: int,
    scan: int,
    means: Qt.Key,
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "xcb"))
    assert physical_key(press(int(printed), scan)) == means.value


class Server:
    """An X server that tells of the key B, as Qt hears it on a busy machine."""

    def __init__(self, chart: ChartBench) -> None:
        self._view = chart.stage.view
        self._ms = 5_000

    def press(self) -> None:
        self._tell(QEvent.Type.KeyPress, self._ms)

    def release(self) -> None:
        self._ms += 40
        self._tell(QEvent.Type.KeyRelease, self._ms)

    def press_again(self) -> None:
        """By hand: some time after the release."""
        self._ms += 1
        self.press()

    def _tell(self, what: QEvent.Type, ms: int) -> None:
        event = QKeyEvent(what, Qt.Key.Key_B, NONE, B_PLACE, 0, 0)
        event.setTimestamp(ms)
        QApplication.sendEvent(self._view, event)


@pytest.fixture
def server(chart: ChartBench, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "xcb"))
    chart.point_at(500, chart.y(chart.last - 20))
    return Server(chart)


@ON_LINUX
def test_a_repetition_that_comes_in_two_halves_does_not_end_the_aim(
    chart: ChartBench, server: Server
) -> None:
    server.press()
    chart.key_down(Qt.Key.Key_Control)
    assert chart.stage.aim.mark is not None
    wish = chart.panel._aim.wish
    for _ in range(3):
        server.release()
        chart.frame(46)
        assert chart.stage.aim.mark is not None
        server.press()
        assert chart.stage.aim.mark is not None
    assert chart.panel._aim.wish == wish, "what else is held counts on"


@ON_LINUX
def test_a_click_right_after_the_key_went_up_places_nothing(
    chart: ChartBench, server: Server
) -> None:
    price = chart.last - 20
    server.press()
    server.release()
    chart.press(500, chart.y(price))
    chart.release(500, chart.y(price))
    assert chart.placed == []
    server.press_again()
    chart.press(500, chart.y(price))
    chart.release(500, chart.y(price))
    assert [row[:3] for row in chart.placed] == [(Side.BUY, OrderType.LIMIT, price)]


@ON_LINUX
def test_the_aim_ends_soon_after_the_key_went_up(chart: ChartBench, server: Server) -> None:
    server.press()
    server.release()
    chart.frame(WAIT_NS // 1_000_000 - 1)
    assert chart.stage.aim.mark is not None
    chart.frame(1)
    assert chart.stage.aim.mark is None
