"""What is shown under a pointer that rests while the chart moves, or while a menu is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.ui.chart.samples import target
from tests.ui.chart.test_painting import same, tick

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

CROSS, ARROWS = Qt.CursorShape.CrossCursor, Qt.CursorShape.SizeVerCursor


def rest_on(chart: ChartBench, ticks: int) -> None:
    """Put the pointer on the line of a target."""
    chart.panel.set_lines([target(ticks)])
    chart.frame()
    chart.point_at(400, chart.y(ticks))
    assert chart.stage.overlay.hovered == "order:1"
    assert chart.canvas.cursor().shape() is ARROWS


def test_a_line_that_the_wheel_takes_away_is_hovered_no_longer(chart: ChartBench) -> None:
    rest_on(chart, chart.last + 20)
    y = chart.y(chart.last + 20)
    chart.wheel(8, 400, y)
    assert abs(chart.y(chart.last + 20) - y) > 6, "it really moved"
    assert chart.stage.overlay.hovered is None
    assert chart.canvas.cursor().shape() is CROSS
    same(chart)


def test_a_line_that_the_market_takes_away_is_hovered_no_longer(chart: ChartBench) -> None:
    rest_on(chart, chart.last + 20)
    y = chart.y(chart.last + 20)
    tick(chart, chart.last + 600)
    chart.frame()
    assert abs(chart.y(chart.last + 20) - y) > 6, "it really moved"
    assert chart.stage.overlay.hovered is None
    assert chart.canvas.cursor().shape() is CROSS
    same(chart)


def test_a_line_that_comes_under_the_pointer_is_hovered(chart: ChartBench) -> None:
    line = chart.last + 20
    rest_on(chart, line)
    before = chart.viewport.y_low, chart.viewport.y_high
    tick(chart, chart.last + 600)
    chart.frame()
    elsewhere = chart.y(line)
    chart.viewport.auto_y = False
    chart.viewport.y_low, chart.viewport.y_high = before
    chart.stage.view_changed()
    chart.frame()
    chart.point_at(400, elsewhere)
    assert chart.stage.overlay.hovered is None
    chart.viewport.auto_y = True
    chart.stage.view_changed()
    chart.frame()
    assert chart.stage.overlay.hovered == "order:1"
    assert chart.canvas.cursor().shape() is ARROWS


def test_a_chart_that_moves_under_the_pointer_keeps_the_crosshair_at_it(chart: ChartBench) -> None:
    """As below the band of the kill switch, which comes and goes above it."""
    window = QWidget()
    window.resize(1_000, 700)
    chart.panel.setParent(window)
    chart.panel.setGeometry(0, 0, 1_000, 700)
    window.show()
    chart.frame()
    chart.point_at(400, 200)
    for top in (40, 0):
        chart.panel.setGeometry(0, top, 1_000, 700 - top)
        chart.frame()
        assert chart.stage.crosshair.at == QPointF(400, 200 - top)
    chart.panel.setGeometry(0, 300, 1_000, 400)
    chart.frame()
    assert chart.stage.crosshair.at is None, "the pointer is above it now"
    chart.panel.setParent(None)
    window.deleteLater()


def test_a_hovered_line_keeps_its_own_chip_in_its_place(chart: ChartBench) -> None:
    """A chip of the pointer would tell another price than a press takes hold of."""
    line = chart.last + 26
    rest_on(chart, line)
    for off in (-5, 0, 5):
        chart.point_at(400, chart.y(line) + off)
        assert chart.stage.crosshair.price_chip is None
        chips = {chip.text: box for chip, box in chart.stage.price_axis.chips}
        box = chips[chart.stage.model.price_text(line)]
        assert abs(box.center().y() - chart.y(line)) <= 1
        same(chart)
    chart.point_at(400, chart.y(line) + 30)
    assert chart.stage.crosshair.price_chip is not None


@pytest.mark.parametrize("inside", [True, False])
def test_the_crosshair_goes_with_a_menu_that_was_left_elsewhere(
    chart: ChartBench, inside: bool
) -> None:
    at = QPoint(500, 300)
    QTest.mousePress(chart.canvas, Qt.MouseButton.RightButton, pos=at)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    chart.point_at(at.x(), at.y())  # X11 tells nobody that the pointer left
    assert chart.stage.crosshair.at is not None
    corner = chart.canvas.rect().bottomRight() + QPoint(40, 40)
    QCursor.setPos(chart.canvas.mapToGlobal(at if inside else corner))
    menu.close()
    chart.frame()
    assert (chart.stage.crosshair.at is not None) is inside
    same(chart)
    QTest.mouseRelease(chart.canvas, Qt.MouseButton.RightButton, pos=at)
