"""Time marks that are kept while the view pans."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.chart.samples import MINUTE_NS, START_NS, walk

from tradedesk.engine import Bars, BarSeries
from tradedesk.ui.chart.kept_marks import KeptTimeMarks
from tradedesk.ui.chart.time_scale import TimeMark, time_marks
from tradedesk.ui.chart.time_zone import LocalTime

UTC_ZONE = LocalTime("UTC")
LEAST = 12.0


def kept(
    marks: KeptTimeMarks, series: BarSeries, span: tuple[float, float], zone: LocalTime = UTC_ZONE
) -> list[TimeMark]:
    return marks.get(series, span, LEAST, MINUTE_NS, zone)


def fresh(
    series: BarSeries, span: tuple[float, float], zone: LocalTime = UTC_ZONE
) -> list[TimeMark]:
    return time_marks(series.ts_ns, span, LEAST, MINUTE_NS, zone)


@given(st.lists(st.integers(-290, 1_990), min_size=1, max_size=20))
def test_marks_in_view_are_those_that_would_be_worked_out(lefts: list[int]) -> None:
    """Some bars are in view, and no pause is: there a mark does not depend on the view."""
    series, marks = BarSeries(walk(2_000)), KeptTimeMarks()
    for left in lefts:
        span = (float(left), left + 300.0)
        assert kept(marks, series, span) == fresh(series, span)


def test_marks_stay_where_they_are_across_a_pause() -> None:
    ts_ns = START_NS + np.arange(2_000) * MINUTE_NS
    ts_ns[700:] += 3_000 * MINUTE_NS
    bars = walk(2_000)
    series = BarSeries(Bars(ts_ns, *(getattr(bars, name) for name in Bars.__slots__[1:])))
    marks = KeptTimeMarks()
    seen = [kept(marks, series, (float(left), left + 300.0)) for left in range(300, 1_300)]
    for left, (before, after) in enumerate(pairwise(seen), start=301):
        assert [m for m in before if m.bar >= left] == [m for m in after if m.bar <= left + 299]


def test_new_bars_another_zone_and_other_bars_count_at_once() -> None:
    series, marks, span = BarSeries(walk(500)), KeptTimeMarks(), (350.0, 650.0)
    assert kept(marks, series, span) == fresh(series, span)
    more = walk(620)
    series.apply_tail(more[499:])
    assert len(series) == 620
    assert kept(marks, series, span) == fresh(series, span)
    late = LocalTime("Asia/Kolkata")
    assert kept(marks, series, span, late) == fresh(series, span, late)
    assert kept(marks, series, span, late) != kept(marks, series, span)
    series.replace(walk(620, start_ns=START_NS + 7 * MINUTE_NS))
    assert kept(marks, series, span) == fresh(series, span)
    other = BarSeries(walk(620))
    assert kept(marks, other, span) == fresh(other, span)


def test_bars_of_unequal_length_are_never_kept() -> None:
    series, marks = BarSeries(walk(500)), KeptTimeMarks()
    for left in (0.0, 10.0, 200.0):
        span = (left, left + 100)
        found = marks.get(series, span, LEAST, None, UTC_ZONE)
        assert found == time_marks(series.ts_ns, span, LEAST, None, UTC_ZONE)
