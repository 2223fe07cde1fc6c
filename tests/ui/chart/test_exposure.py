"""What is being repainted, told in plain numbers, against Qt's own regions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QRegion

from tradedesk.ui.chart.exposure import Exposure

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

WHOLE = st.integers(0, 40)
SIZE = st.integers(1, 20)
PARTS = st.lists(st.builds(QRect, WHOLE, WHOLE, SIZE, SIZE), min_size=1, max_size=12)
PLACE = st.floats(-5, 60).map(lambda value: round(value * 4) / 4)
AREAS = st.builds(QRectF, PLACE, PLACE, PLACE.map(abs), PLACE.map(abs))


def region_of(parts: list[QRect]) -> QRegion:
    region = QRegion()
    for part in parts:
        region += QRegion(part)
    return region


@given(PARTS, AREAS.filter(lambda area: not area.isEmpty()))
def test_parts_of_an_area_are_those_that_qt_finds(parts: list[QRect], area: QRectF) -> None:
    region, exposure = region_of(parts), Exposure()
    exposure.begin(region)
    met = region.intersected(area.toAlignedRect())
    if region.rectCount() <= 24:
        assert exposure.touches(area) == (not met.isEmpty())
        assert exposure.within(area).toRect() == met.boundingRect()
    # Every pixel that is being repainted lies in a span, and spans stand apart from each other.
    spans = exposure.spans(area)
    for x in range(met.boundingRect().left(), met.boundingRect().right() + 1):
        if not met.intersected(QRect(x, -99, 1, 999)).isEmpty():
            assert any(left < x + 1 and x < right for left, right in spans)
    for (_, right), (left, _) in itertools.pairwise(spans):
        assert right < left
    for left, right in spans:
        assert area.left() <= left < right <= area.right()


@given(PARTS, AREAS.filter(lambda area: not area.isEmpty()))
def test_rectangles_of_an_area_cover_what_is_repainted_once(
    parts: list[QRect], area: QRectF
) -> None:
    region, exposure = region_of(parts), Exposure()
    exposure.begin(region)
    found = exposure.parts(area)
    for one, other in itertools.combinations(found, 2):
        assert not one.intersects(other)
    if region.rectCount() <= 24:
        rects: list[QRect] = list(region)  # type: ignore[call-overload]
        met = [QRectF(rect) & area for rect in rects]
        wanted = sum(part.width() * part.height() for part in met)
        assert sum(part.width() * part.height() for part in found) == wanted
        assert all((part & area) == part for part in found)


def test_a_region_of_very_many_parts_is_its_bounding_rectangle() -> None:
    exposure = Exposure()
    exposure.begin(region_of([QRect(4 * at, 4 * at, 2, 2) for at in range(40)]))
    assert exposure.touches(QRectF(20, 0, 2, 2))
    assert exposure.within(QRectF(0, 0, 500, 500)) == QRectF(0, 0, 158, 158)
    exposure.end()
    assert exposure.touches(QRectF(900, 900, 1, 1))
    assert exposure.spans(QRectF(5, 0, 10, 1)) == [(5, 15)]


def test_what_is_asked_for_goes_to_the_view_in_whole_pixels(qapp: QApplication) -> None:
    exposure, asked = Exposure(), list[QRect]()
    exposure.ask(QRectF(0, 0, 1, 1))
    exposure.connect(asked.append)
    exposure.ask(QRectF(1.5, 2.0, 3.0, 1.25))
    exposure.ask(QRectF(7, 7, 0, 3))
    assert asked == [QRect(1, 2, 4, 2)]
