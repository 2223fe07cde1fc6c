"""Columns drawn as a picture are those that rectangles would fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from tradedesk.ui.chart.column_picture import draw_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WIDTH, HEIGHT, BASE = 80, 60, 49
GROUND, UP, DOWN = 0xFF101820, QColor("#148060"), QColor("#a01440")
INKS = (UP, DOWN)

Column = tuple[int, int, bool]


def pixels(ratio: float, draw: Callable[[QPainter], None]) -> NDArray[np.uint32]:
    """What is drawn in device pixels on a screen of `ratio`."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(GROUND)
    painter = QPainter(image)
    painter.resetTransform()
    painter.scale(1 / ratio, 1 / ratio)
    draw(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(HEIGHT, WIDTH).copy()


def as_picture(columns: list[Column]) -> Callable[[QPainter], None]:
    x, top = (np.array([column[at] for column in columns], np.int32) for at in (0, 1))
    rising = np.array([column[2] for column in columns], np.bool_)
    return lambda painter: draw_columns(painter, x, top, BASE, rising, INKS)


def as_rectangles(columns: list[Column]) -> Callable[[QPainter], None]:
    def draw(painter: QPainter) -> None:
        for x, top, rising in columns:
            if top <= BASE:
                painter.fillRect(QRect(x, top, 1, BASE + 1 - top), INKS[0 if rising else 1])

    return draw


columns_strategy = st.lists(
    st.tuples(st.integers(0, WIDTH - 1), st.integers(0, BASE + 1), st.booleans()),
    max_size=WIDTH,
    unique_by=lambda column: column[0],
).map(sorted)


@given(columns_strategy, st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_the_same_pixels_as_rectangles(columns: list[Column], ratio: float) -> None:
    found, wanted = (pixels(ratio, draw(columns)) for draw in (as_picture, as_rectangles))
    assert (found == wanted).all()


@pytest.mark.parametrize("columns", [[], [(5, BASE + 1, True)]])
def test_nothing_is_drawn_of_nothing(columns: list[Column]) -> None:
    assert (pixels(1.0, as_picture(columns)) == GROUND).all()
