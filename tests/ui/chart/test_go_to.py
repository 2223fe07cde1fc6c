"""Going to a date: what is typed, the way there, what is said when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.chart.samples import MES, MINUTE_NS, MNQ, START_NS, walk

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, BarSeries
from tradedesk.services.older_asking import Older, OlderState
from tradedesk.ui.chart.moment_words import HOW, moment_in, moment_label
from tradedesk.ui.chart.time_zone import LocalTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]

ALT = Qt.KeyboardModifier.AltModifier
CHICAGO = LocalTime("America/Chicago")
NOW_NS = int(np.datetime64("2026-11-30T20:46:08", "ns").astype(np.int64))
"""14:46:08 in Chicago, a Monday."""


def read(text: str, now_ns: int = NOW_NS) -> str | None:
    found = moment_in(text, now_ns, CHICAGO)
    return None if found is None else f"{CHICAGO.datetime(found):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-28", "2026-11-28 00:00:00"),
        ("28 Nov", "2026-11-28 00:00:00"),
        ("28nov", "2026-11-28 00:00:00"),
        ("Nov 28", "2026-11-28 00:00:00"),
        ("1 December", "2025-12-01 00:00:00"),
        ("30 nov", "2026-11-30 00:00:00"),
        ("29 Feb", "2024-02-29 00:00:00"),
        ("28 Nov 2024", "2024-11-28 00:00:00"),
        ("14:30", "2026-11-30 14:30:00"),
        ("14:50", "2026-11-29 14:50:00"),
        ("9:30:15", "2026-11-30 09:30:15"),
        ("28 Nov 14:30", "2026-11-28 14:30:00"),
        ("2026-11-28 14:30", "2026-11-28 14:30:00"),
        ("2026-11-28T14:30:01", "2026-11-28 14:30:01"),
        ("yesterday", "2026-11-29 00:00:00"),
        ("yesterday 8:30", "2026-11-29 08:30:00"),
        ("Today 8:30", "2026-11-30 08:30:00"),
        ("fri", "2026-11-27 00:00:00"),
        ("Friday 15:00", "2026-11-27 15:00:00"),
        ("monday", "2026-11-30 00:00:00"),
        ("-3d", "2026-11-27 14:46:08"),
        ("\N{MINUS SIGN}2h", "2026-11-30 12:46:08"),
        ("- 90 m", "2026-11-30 13:16:08"),
        ("-2w", "2026-11-16 14:46:08"),
    ],
)
def test_what_is_read(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "28", "31 Jun", "14:60", "25:00", "2026-13-01", "noon", "3d", "-3y", "30 Feb",
     "28 xyz", "2026-11-28 foo", "1969-01-01", "9999-01-01", "-999999w", "monkey", "٣ nov x"],
)  # fmt: skip
def test_what_is_not_read(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=24))
def test_any_text_is_read_or_not_and_nothing_is_raised(text: str) -> None:
    found = moment_in(text, NOW_NS, CHICAGO)
    assert found is None or 0 <= found < 2**63


@given(st.integers(0, NOW_NS // 10**9 // 60))
def test_what_is_said_of_a_moment_is_read_as_that_moment(minute: int) -> None:
    zone = LocalTime("UTC")
    ts_ns = minute * MINUTE_NS
    weekday, rest = moment_label(ts_ns, zone).split(" ", 1)
    assert moment_in(rest, NOW_NS, zone) == ts_ns
    assert len(weekday) == 3


# --- the box ------------------------------------------------------------------------------------


def go(chart: ChartBench, text: str) -> None:
    """Type it as a person does."""
    QTest.keyClick(chart.stage.view, Qt.Key.Key_G, ALT)
    box = chart.panel.viewing.go_to.box
    assert box.isVisible()
    QTest.keyClicks(box.line, text)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    chart.frame()


def middle(chart: ChartBench) -> int:
    """Opening time of the bar in the middle."""
    row = chart.viewport.row_at(chart.viewport.width / 2)
    assert row is not None
    return int(chart.series.ts_ns[row])


@pytest.fixture
def said(chart: ChartBench) -> list[str]:
    """Sentences of `chart`."""
    found: list[str] = []
    chart.panel.viewing.said.connect(found.append)
    return found


def test_a_time_is_shown_in_the_middle_and_marked_for_a_while(
    chart: ChartBench, said: list[str]
) -> None:
    go(chart, "18:00")
    wanted = START_NS + 106 * MINUTE_NS  # the bars begin at 16:14
    assert CHICAGO.datetime(wanted).strftime("%H:%M") == "18:00"
    assert abs(middle(chart) - wanted) <= MINUTE_NS
    mark = chart.panel.viewing.go_to.mark
    assert mark.ts_ns == wanted
    assert np.array_equal(chart.on_screen(), chart.painted_anew())
    band = mark.band()
    assert band is not None
    x = chart.stage.model.x_line(106)
    assert band.left() <= x < band.right()
    marked = chart.painted_anew()
    chart.frame(2_600)
    assert mark.ts_ns is None
    assert np.array_equal(chart.on_screen(), chart.painted_anew())
    assert not np.array_equal(chart.painted_anew(), marked)
    assert said == []
    assert not chart.viewport.following


def test_the_box_says_what_it_reads_and_how_to_write(chart: ChartBench) -> None:
    QTest.keyClick(chart.stage.view, Qt.Key.Key_G, ALT)
    box = chart.panel.viewing.go_to.box
    assert box.hint.text() == HOW
    assert not box.line.property("wrong"), "nothing was typed yet"
    QTest.keyClicks(box.line, "14 nov 18:0")
    assert (box.hint.text(), box.line.property("wrong")) == (HOW, True)
    before = chart.navigator_place
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
    assert chart.navigator_place == before
    QTest.keyClicks(box.line, "0")
    assert (box.hint.text(), box.line.property("wrong")) == ("Tue 14 Nov 2023 18:00", False)
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert chart.navigator_place == before


def test_in_a_narrow_chart_the_box_stays_within(make_chart: MakeChart) -> None:
    chart = make_chart(size=(200, 150))
    QTest.keyClick(chart.stage.view, Qt.Key.Key_G, ALT)
    box = chart.panel.viewing.go_to.box
    assert chart.panel.rect().contains(box.geometry())


def test_a_fixed_scale_gives_way_where_nothing_would_be_seen(chart: ChartBench) -> None:
    chart.viewport.auto_y = False
    chart.viewport.y_low, chart.viewport.y_high = 10.0, 20.0
    chart.stage.view_changed()
    go(chart, "18:00")
    assert chart.viewport.y_low < int(chart.series.low[106]) < chart.viewport.y_high


def test_a_pause_is_left_at_its_end(make_chart: MakeChart) -> None:
    bars = walk(400)
    ts_ns = bars.ts_ns.copy()
    ts_ns[200:] += 60 * MINUTE_NS
    chart = make_chart(Bars(ts_ns, *bars.columns()[1:]))
    go(chart, "20:00")  # the pause is from 19:34 to 20:34
    assert chart.panel.viewing.go_to.mark.ts_ns == int(ts_ns[200])


def test_what_is_behind_the_newest_bar_is_the_newest_bar(
    chart: ChartBench, said: list[str]
) -> None:
    chart.drag((200, 200), (700, 200))
    chart.panel.viewing.go_to.go(int(chart.series.ts_ns[-1]) + 90 * MINUTE_NS)
    assert chart.viewport.following
    assert said == [
        "Wed 15 Nov 2023 00:23 is behind the newest bar, that of Tue 14 Nov 2023 22:53: "
        "the chart shows that one."
    ]


# --- further back than there are bars -----------------------------------------------------------


def older(count: int) -> Bars:
    """Bars in front of those of the bench."""
    return walk(count, seed=8, start_ns=START_NS - count * MINUTE_NS)


def test_older_bars_are_wanted_until_the_date_is_there(chart: ChartBench, said: list[str]) -> None:
    navigator = chart.panel.navigator
    assert navigator.wants_older == 0
    go(chart, "14 Nov 2023 8:00")  # 494 minutes before the oldest bar
    assert navigator.wants_older == 495
    note = chart.panel.viewing.go_to.note
    assert note.texts[0] == (
        "Loading back to Tue 14 Nov 2023 08:00 · now at Tue 14 Nov 2023 16:14 · Esc stops"
    )
    assert np.array_equal(chart.on_screen(), chart.painted_anew())
    following = chart.viewport.following
    chart.series.replace(_joined(older(300), walk(400)))
    chart.frame()
    assert navigator.wants_older == 195
    assert chart.viewport.following is following, "the view waits where it is"
    chart.series.replace(_joined(older(600), walk(400)))
    chart.frame()
    assert navigator.also_wanted == 0
    assert note.texts == ()
    assert abs(middle(chart) - (START_NS - 494 * MINUTE_NS)) <= MINUTE_NS
    assert said == []
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


@pytest.mark.parametrize("how", ["escape", "contract", "another"])
def test_a_journey_can_be_stopped(chart: ChartBench, how: str) -> None:
    go(chart, "2023-11-02")
    assert chart.panel.navigator.wants_older > 0
    if how == "escape":
        chart.key_down(Qt.Key.Key_Escape)
    elif how == "contract":
        chart.panel.set_series(BarSeries(walk(300)), MES, BarSpec.parse("1m"))
    else:
        go(chart, "-10m")
    chart.frame()
    assert chart.panel.navigator.wants_older == 0
    assert chart.panel.viewing.go_to.note.texts == ()


def test_escape_that_stops_a_journey_does_nothing_else(chart: ChartBench) -> None:
    go(chart, "2023-11-02")
    view = chart.stage.view
    event_taken = chart.panel._interaction.abort()
    assert event_taken
    assert not chart.panel._interaction.abort(), "the next one is for the window"
    assert view.isVisible()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (OlderState.BEGINNING, "history begins there."),
        (OlderState.LIVE_ONLY, "such bars begin with the live feed."),
        (
            OlderState.FULL,
            "the chart holds no more bars; choose longer ones to look further back.",
        ),
    ],
)
def test_a_date_before_all_history_says_where_that_begins(
    chart: ChartBench, said: list[str], state: OlderState, why: str
) -> None:
    go(chart, "2023-11-02")
    chart.panel.set_older(Older(OlderState.LOADING))
    chart.frame()
    assert said == []
    chart.panel.set_older(Older(state))
    chart.frame()
    assert said == [
        f"Thu 2 Nov 2023 lies before the oldest bar, that of Tue 14 Nov 2023 16:14: {why}"
    ]
    assert chart.panel.navigator.also_wanted == 0
    assert middle(chart) == START_NS
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


def test_without_bars_it_waits_for_them(make_chart: MakeChart) -> None:
    chart = make_chart(Bars.empty())
    chart.panel.viewing.go_to.go(START_NS + 100 * MINUTE_NS)
    chart.frame()
    chart.series.apply_tail(walk(400))
    chart.frame()
    assert abs(middle(chart) - (START_NS + 100 * MINUTE_NS)) <= MINUTE_NS
    chart.panel.set_series(None, MNQ, BarSpec.parse("1m"))
    chart.frame()


def _joined(*parts: Bars) -> Bars:
    return Bars(*(np.concatenate(c) for c in zip(*(p.columns() for p in parts), strict=True)))
