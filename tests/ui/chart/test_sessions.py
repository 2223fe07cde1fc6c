"""Trading days on a chart: rows and levels against plain loops, lines and bands in pixels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.engine.test_real_data import euro_minutes
from tests.ui.chart.samples import MINUTE_NS, MNQ, bar, walk
from tests.ui.chart.test_painting import alike
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, resample
from tradedesk.services.product_hours import product_hours
from tradedesk.ui.chart.primitives import mixed
from tradedesk.ui.chart.sessions.days import day_rows, missing
from tradedesk.ui.chart.sessions.levels import GROUPS, day_levels
from tradedesk.ui.chart.sessions.shading import SHADES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

CHICAGO = ZoneInfo("America/Chicago")
SUNDAY_NS = int(datetime(2025, 11, 16, 23, tzinfo=UTC).timestamp()) * 1_000_000_000
"""17:00 in Chicago: a week begins."""


def two_weeks(seed: int = 8) -> Bars:
    """Minutes of MNQ while it trades, with the weekend and the daily pause left out."""
    bars = walk(11 * 1_440, seed=seed, start_ns=SUNDAY_NS)
    hours = product_hours("MNQ", int(bars.ts_ns[0]), int(bars.ts_ns[-1]))
    kept = np.flatnonzero(hours.every.is_open(bars.ts_ns))
    return Bars(*(column[kept] for column in bars.columns()))


def plain_day(ts_ns: int) -> tuple[int, int]:
    """Trading day and minute of the day in Chicago, by the wall clock."""
    wall = datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC).astimezone(CHICAGO)
    day = wall.date() + timedelta(days=1) if wall.hour >= 17 else wall.date()
    return day.toordinal() - 719_163, wall.hour * 60 + wall.minute


def plain_levels(
    bars: Bars, day: int, opens: int, closes: int, minutes: int
) -> dict[str, int | None]:
    """Levels of one day, looked up bar by bar; `opens` and `closes` are minutes of the day."""
    marks = [plain_day(int(ts)) for ts in bars.ts_ns]
    inside = [row for row, mark in enumerate(marks) if mark[0] == day]
    regular = [row for row in inside if opens <= marks[row][1] < closes]
    night = [row for row in inside if marks[row][1] >= 17 * 60 or marks[row][1] < opens]
    opening = [row for row in regular if marks[row][1] < opens + minutes]
    before = [row for row, mark in enumerate(marks) if mark[0] < day and opens <= mark[1] < closes]
    last_day = max((marks[row][0] for row in before), default=None)
    before = [row for row in before if marks[row][0] == last_day]

    def top(rows: list[int]) -> int | None:
        return max((int(bars.high[row]) for row in rows), default=None)

    def bottom(rows: list[int]) -> int | None:
        return min((int(bars.low[row]) for row in rows), default=None)

    return {
        "ONH": top(night), "ONL": bottom(night),
        f"OR{minutes} H": top(opening), f"OR{minutes} L": bottom(opening),
        "Open": int(bars.open[regular[0]]) if regular else None,
        "PDH": top(before), "PDL": bottom(before),
        "PDC": int(bars.close[before[-1]]) if before else None,
    }  # fmt: skip


CASES = {
    "6E": (lambda: resample(euro_minutes(), BarSpec.parse("5m")), 7 * 60 + 20, 14 * 60),
    "MNQ": (lambda: resample(two_weeks(), BarSpec.parse("5m")), 8 * 60 + 30, 15 * 60),
    "GC": (lambda: resample(two_weeks(9), BarSpec.parse("5m")), 7 * 60 + 20, 12 * 60 + 30),
}


@pytest.mark.parametrize("symbol", CASES)
def test_days_and_levels_are_those_of_plain_loops(symbol: str) -> None:
    make, opens, closes = CASES[symbol]
    bars = make()
    hours = product_hours(symbol, int(bars.ts_ns[0]), int(bars.ts_ns[-1]))
    days = day_rows(bars.ts_ns, hours)
    marks = [plain_day(int(ts)) for ts in bars.ts_ns]
    assert days.day.tolist() == sorted({mark[0] for mark in marks})
    for at, day in enumerate(days.day.tolist()):
        inside = [row for row, mark in enumerate(marks) if mark[0] == day]
        assert (days.first[at], days.end[at]) == (inside[0], inside[-1] + 1)
        wanted = plain_levels(bars, day, opens, closes, 15)
        found = day_levels(bars, days, at, tuple(GROUPS), 15)
        prices = {level.text: level.price_ticks for level in found}
        assert prices == {text: price for text, price in wanted.items() if price is not None}
        assert all(inside[0] <= level.row < level.end == inside[-1] + 1 for level in found)


LIMITS = {
    symbol: [(hour * 60 + minute) * MINUTE_NS for hour, minute in moments]
    for symbol, moments in {
        "MNQ": [(15, 30), (15, 45), (22, 0)],
        "GC": [(14, 20), (14, 35), (19, 30)],
        "CL": [(15, 0), (15, 15), (20, 30)],
        "ZC": [(0, 0), (0, 15)],
    }.items()
}
"""Opening, end of the opening range and close, counted from the opening of the session."""


@pytest.mark.parametrize("symbol", LIMITS)
@pytest.mark.parametrize("spec", ["1m", "3m", "7m", "15m", "20m", "1h", "2h", "4h", "8h"])
@pytest.mark.parametrize("cut", [0, 1, 700, 1_000, 1_300])
@pytest.mark.parametrize("by_clock", [False, True])
def test_no_level_differs_from_that_of_minutes(
    symbol: str, spec: str, cut: int, by_clock: bool
) -> None:
    minutes = two_weeks()
    hours = product_hours(symbol, int(minutes.ts_ns[0]), int(minutes.ts_ns[-1]))
    kept = np.flatnonzero(hours.every.is_open(minutes.ts_ns))
    minutes = Bars(*(column[kept] for column in minutes.columns()))
    size = BarSpec.parse(spec)
    assert size.period_ns is not None
    # A feed leaves out a first bar that was cut.
    calendar = 0 if by_clock else hours.every
    bars = resample(minutes[cut:], size, calendar=calendar)[1 if cut else 0 :]
    days = day_rows(bars.ts_ns, hours, size.period_ns)
    whole = day_rows(minutes.ts_ns, hours, MINUTE_NS)
    missed = 0
    for at, day in enumerate(days.day.tolist()):
        true = {
            level.text: level.price_ticks
            for level in day_levels(minutes, whole, whole.day.tolist().index(day), GROUPS, 15)
        }
        found = {x.text: x.price_ticks for x in day_levels(bars, days, at, GROUPS, 15)}
        assert found.items() <= true.items(), f"{day}"
        missed += len(true) - len(found) if at > 1 else 0
    if all(moment % size.period_ns == 0 for moment in LIMITS[symbol]):
        assert missed == 0, "what is exact is shown"
    elif spec in ("1h", "4h"):
        assert missed > 0


def test_a_day_that_has_not_opened_has_its_night_and_the_day_before() -> None:
    bars = two_weeks()[:2_000]
    hours = product_hours("MNQ", int(bars.ts_ns[0]), int(bars.ts_ns[-1]))
    days = day_rows(bars.ts_ns, hours)
    assert plain_day(int(bars.ts_ns[-1]))[1] < 8 * 60 + 30
    texts = [level.text for level in day_levels(bars, days, 1, tuple(GROUPS), 15)]
    assert texts == ["ONH", "ONL", "PDH", "PDL", "PDC"]
    assert day_levels(bars, days, 1, (), 15) == []


def test_a_product_that_is_not_known_compares_whole_days() -> None:
    bars = two_weeks()
    hours = product_hours("XYZ", int(bars.ts_ns[0]), int(bars.ts_ns[-1]))
    days = day_rows(bars.ts_ns, hours)
    found = {level.text: level for level in day_levels(bars, days, 3, tuple(GROUPS), 15)}
    assert list(found) == ["Open", "PDH", "PDL", "PDC"]
    assert found["PDH"].price_ticks == bars.high[days.first[2] : days.end[2]].max()
    assert found["Open"].price_ticks == bars.open[days.first[3]]


def test_missing_bars_count_inside_a_session_alone() -> None:
    bars = two_weeks()
    kept = np.setdiff1d(np.arange(len(bars)), [100, 101, 102, 500, 1_379, 1_380])
    ts_ns = bars.ts_ns[kept]
    hours = product_hours("MNQ", int(ts_ns[0]), int(ts_ns[-1]))
    found = missing(ts_ns, 0, len(ts_ns), MINUTE_NS, hours).tolist()
    wanted = [
        row
        for row in range(1, len(ts_ns))
        if ts_ns[row] - ts_ns[row - 1] > MINUTE_NS
        and plain_day(int(ts_ns[row]))[0] == plain_day(int(ts_ns[row - 1]))[0]
    ]
    assert found == wanted == [100, 497]
    assert missing(ts_ns, 497, 600, MINUTE_NS, hours).tolist() == [497]
    assert missing(ts_ns, 498, 600, MINUTE_NS, hours).tolist() == []


# --- on the chart -------------------------------------------------------------------------------


@pytest.fixture
def days_chart(make_chart: MakeChart) -> ChartBench:
    """Two weeks of minutes with about two days in view."""
    chart = make_chart(two_weeks())
    chart.viewport.zoom(0.04)
    chart.stage.view_changed()
    chart.frame(130)
    return chart


def ink(token: str, share: float) -> int:
    return int(mixed("bg0", token, share).rgb() & 0xFFFFFF)


def column_of(chart: ChartBench, row: int) -> int:
    return chart.stage.model.x_line(row - 0.5)


def same(chart: ChartBench) -> None:
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


def volume_pane(chart: ChartBench) -> NDArray[np.uint32]:
    """A row of pixels above all columns of volume."""
    top = int(chart.stage.model.panes.lower[0].plot.top()) + 3
    found: NDArray[np.uint32] = chart.painted_anew()[top]
    return found


def test_lines_stand_where_trading_days_begin(days_chart: ChartBench) -> None:
    chart = days_chart
    start, stop = chart.viewport.visible_rows()
    marks = [plain_day(int(ts))[0] for ts in chart.series.ts_ns]
    begins = [row for row in range(max(1, start), stop) if marks[row] != marks[row - 1]]
    mondays = [row for row in begins if (marks[row] + 3) % 7 == 0]
    assert begins
    line = volume_pane(chart)
    wanted = [column_of(chart, row) for row in begins if row not in mondays]
    assert np.flatnonzero(line == ink("tx3", 0.30)).tolist() == wanted
    chart.panel.looks.change(day_lines=False)
    chart.frame()
    assert not (volume_pane(chart) == ink("tx3", 0.30)).any()
    same(chart)


def test_weeks_have_lines_of_their_own(days_chart: ChartBench) -> None:
    chart = days_chart
    chart.viewport.zoom(1e-9)
    chart.stage.view_changed()
    (monday,) = [
        row
        for row in range(1, len(chart.series))
        if chart.series.ts_ns[row] - chart.series.ts_ns[row - 1] > 24 * 60 * MINUTE_NS
    ]
    columns = np.flatnonzero(volume_pane(chart) == ink("tx3", 0.62))
    assert columns.tolist() == [column_of(chart, monday)]
    chart.panel.looks.change(week_lines=False)
    assert not (volume_pane(chart) == ink("tx3", 0.62)).any()
    assert column_of(chart, monday) in np.flatnonzero(volume_pane(chart) == ink("tx3", 0.30))


def test_the_ground_is_tinted_outside_of_regular_hours(days_chart: ChartBench) -> None:
    chart = days_chart
    chart.panel.looks.change(shade="outside", day_lines=False, week_lines=False)
    chart.frame()
    line, tint = volume_pane(chart), ink("bg2", 0.62)
    ground = (line == tint) | (line == ink("bg0", 0))
    checked = 0
    for x in np.flatnonzero(ground).tolist():
        row = chart.viewport.row_at(x + 0.5)
        if row is None:
            continue
        minute = plain_day(int(chart.series.ts_ns[row]))[1]
        if any(abs(minute - edge) < 5 for edge in (510, 900, 960, 1_020)):
            continue  # bars of both sides share a pixel column here
        assert (line[x] == tint) == (not 510 <= minute < 900), (x, minute)
        checked += 1
    assert checked > 300
    same(chart)
    chart.panel.looks.change(shade="alternate")
    other = volume_pane(chart)
    assert (other == tint).any()
    assert not np.array_equal(other, line)
    same(chart)


def test_levels_stand_at_their_prices_with_labels_apart(days_chart: ChartBench) -> None:
    chart = days_chart
    chart.panel.looks.change(levels=tuple(GROUPS))
    chart.frame()
    item = chart.panel.reading.sessions.levels
    days = chart.panel.reading.sessions.days.now()
    assert days is not None
    wanted = day_levels(chart.series.bars, days, len(days) - 1, tuple(GROUPS), 15)
    in_view = {
        level.text: chart.y(level.price_ticks)
        for level in wanted
        if 0 <= chart.y(level.price_ticks) < chart.stage.model.panes.price.height()
    }
    assert {shown.level.text: shown.y for shown in item.shown} == in_view
    assert len(in_view) >= 5
    boxes = [box for box, _ in item.labels]
    for one in range(len(boxes)):
        for other in range(one):
            assert not boxes[one].intersects(boxes[other])
    assert all(box.top() >= 30 for box in boxes)
    assert len(item.older), "the days before have lines as well"
    same(chart)
    for step in range(6):
        price = int(chart.series.high[-1]) + 3 * step
        b = chart.series.bars[len(chart.series) - 1]
        chart.series.apply_tail(bar(b.ts_ns, b.open, price, b.low, price, b.volume))
        chart.frame(130)
        same(chart)
    chart.panel.looks.change(levels=("overnight",))
    assert {shown.level.group for shown in item.shown} == {"overnight"}


def test_labels_of_levels_stand_below_the_rows_of_indicators(days_chart: ChartBench) -> None:
    chart = days_chart
    chart.panel.looks.change(levels=tuple(GROUPS))
    chart.frame()
    item = chart.panel.reading.sessions.levels
    chart.viewport.pan_y(60 - min(shown.y for shown in item.shown))
    chart.stage.view_changed()
    named = len(item.labels)
    assert named >= 5
    for name in ("ema", "sma", "bollinger", "hma"):
        chart.panel.studies.add(name)
        chart.frame(130)
        boxes = [box for box, _ in item.labels]
        assert len(boxes) == named
        assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
        legends = chart.stage.overlay.legend_boxes()
        assert not any(box.intersects(legend) for box in boxes for legend in legends)
        alike(chart.on_screen(), chart.painted_anew(), SOFT)
    chart.panel.resize(500, 150)
    chart.frame(130)
    assert item.labels == [], "none where there is no room to keep them apart"


def test_missing_bars_are_marked_where_they_would_be(make_chart: MakeChart) -> None:
    bars = two_weeks()
    gap = len(bars) - 40
    chart = make_chart(Bars(*(np.delete(column, [gap, gap + 1]) for column in bars.columns())))
    tint = ink("tx3", 0.75)
    before = (chart.painted_anew() == tint).sum(axis=0)
    assert before.max() < 20, "a few pixels of texts"
    chart.panel.looks.change(gap_marks=True)
    marked = (chart.painted_anew() == tint).sum(axis=0)
    assert np.flatnonzero(marked != before).tolist() == [column_of(chart, gap)]
    assert marked.max() > 150
    same(chart)


def test_bars_of_a_day_and_charts_without_bars_have_no_sessions(make_chart: MakeChart) -> None:
    bars = resample(two_weeks(), BarSpec.parse("1d"))
    for shown in (Bars.empty(), bars):
        chart = make_chart(shown)
        chart.panel.set_series(chart.series, MNQ, BarSpec.parse("1d"))
        chart.panel.looks.change(shade="outside", levels=tuple(GROUPS), gap_marks=True)
        chart.frame()
        assert chart.panel.reading.sessions.lines.columns == ([], [], [])
        assert chart.panel.reading.sessions.levels.shown == []
        same(chart)


def test_all_of_it_is_chosen_in_the_menu(days_chart: ChartBench) -> None:
    chart, name = days_chart, "Sessions and levels"
    chart.menu(name)[SHADES["outside"]].trigger()
    chart.menu(name)["Lines between weeks"].trigger()
    chart.menu(name)["Mark missing bars"].trigger()
    chart.menu(name, "Levels")[GROUPS["overnight"]].trigger()
    chart.menu(name, "Levels")[GROUPS["opening"]].trigger()
    chart.menu(name, "Opening range")["First 30 minutes"].trigger()
    look = chart.panel.looks.now
    assert (look.shade, look.week_lines, look.gap_marks) == ("outside", False, True)
    assert look.levels == ("opening", "overnight")
    assert look.opening_minutes == 30
    texts = [shown.level.text for shown in chart.panel.reading.sessions.levels.shown]
    assert "OR30 H" in texts
    chart.menu(name, "Levels")[GROUPS["opening"]].trigger()
    assert chart.panel.looks.now.levels == ("overnight",)


def test_what_is_not_known_of_a_product_cannot_be_chosen(days_chart: ChartBench) -> None:
    from msgspec.structs import replace

    chart = days_chart
    other = replace(MNQ, contract_id="CON.F.US.XYZ.Z26", name="XYZZ6")
    chart.panel.set_series(chart.series, other, BarSpec.parse("1m"))
    entries = chart.menu("Sessions and levels")
    assert not entries[SHADES["outside"]].isEnabled()
    assert entries[SHADES["alternate"]].isEnabled()
    levels = chart.menu("Sessions and levels", "Levels")
    assert not levels[GROUPS["opening"]].isEnabled()
    assert levels[GROUPS["prior"]].isEnabled()
    assert "The regular hours of this contract are not known." in levels
