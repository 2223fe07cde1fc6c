"""Indicators as a trader has them: added, read, moved, hidden, removed, remembered."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from tests.ui.chart.samples import MNQ, START_NS, walk
from tests.ui.chart.test_painting import alike, same, tick
from tests.ui.chart.test_study_lines import SOFT

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError
from tradedesk.engine import Bars, BarSeries, indicators
from tradedesk.engine.indicators import FixedDays
from tradedesk.ui.chart.look import ChartLook
from tradedesk.ui.chart.panes import VOLUME
from tradedesk.ui.chart.studies.catalogue import FACES, Unit
from tradedesk.ui.chart.studies.figures import figure, label, short
from tradedesk.ui.chart.studies.legend_rows import Deed, LegendRow
from tradedesk.ui.chart.studies.pane_scale import PaneScale
from tradedesk.ui.chart.study_look import PRICE, LineLook, StudyLook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ui.chart.chart_bench import ChartBench

    from tradedesk.ui.chart.studies.studies import Studies

    MakeChart = Callable[..., ChartBench]


def row_of(chart: ChartBench, key: str) -> LegendRow:
    return next(row for row in chart.panel.studies.legend.rows if row.key == key)


def hover(chart: ChartBench, key: str) -> LegendRow:
    """The row with its buttons out."""
    box = row_of(chart, key).box
    chart.point_at(box.left() + 12, box.center().y())
    return row_of(chart, key)


def press_button(chart: ChartBench, key: str, deed: Deed) -> None:
    """With the mouse, as a trader does."""
    box = dict(hover(chart, key).buttons)[deed]
    chart.click(box.center().x(), box.center().y())


def hidden(chart: ChartBench, key: str) -> bool:
    look = chart.panel.studies.look(key)
    assert look is not None
    return look.hidden


def pane_keys(chart: ChartBench) -> list[str]:
    return [pane.key for pane in chart.stage.model.panes.lower]


# --- adding and removing ------------------------------------------------------------------------


def test_a_new_chart_shows_volume_and_vwap(chart: ChartBench) -> None:
    chart.panel.looks.take(ChartLook())
    chart.frame()
    assert pane_keys(chart) == [VOLUME]
    assert chart.panel.studies.list() == ("vwap(1, without_flow=hlc3)",)
    (row,) = chart.panel.studies.legend.rows
    value = chart.panel.studies.book.studies[0].value(0, 399)
    assert value is not None
    assert row.text.title == "VWAP"
    assert row.text.figures == ((f"{value * 0.25:,.2f}", "study1"),)


def test_scripts_add_list_and_remove(chart: ChartBench) -> None:
    studies = chart.panel.studies
    key = studies.add("ema( 21 )")
    studies.add("rsi")
    assert studies.list() == ("ema(21)", "rsi(14)")
    studies.remove(key)
    assert studies.list() == ("rsi(14)",)
    studies.remove("rsi(14)")
    assert studies.list() == ()
    studies.remove("nothing")
    with pytest.raises(InputError, match="There is no indicator 'emma'"):
        studies.add("emma(21)")
    with pytest.raises(InputError, match="length of indicator ema is 0"):
        studies.add("ema(0)")
    assert studies.list() == ()


@pytest.mark.parametrize("name", indicators.names())
def test_every_indicator_is_drawn(make_chart: MakeChart, name: str) -> None:
    chart = make_chart(walk(2_000))
    before = chart.painted_anew()
    key = chart.panel.studies.add(name)
    chart.frame()
    study = chart.panel.studies.book.study(key)
    assert study is not None
    assert study.failure == ""
    assert (pane_keys(chart) == [VOLUME]) == FACES[name].over_bars
    assert study.lines()
    chart.panel.studies.legend.hide()
    assert (chart.painted_anew() != before).sum() > 200


def test_all_indicators_have_a_face() -> None:
    assert set(FACES) == set(indicators.names())


def test_kinds_go_where_they_belong_unless_told(chart: ChartBench) -> None:
    studies = chart.panel.studies
    ema, rsi = studies.add("ema"), studies.add("rsi")
    with_rsi = studies.add("stochastic", pane=rsi)
    chart.frame()
    panes = {study.look.key: study.look.pane for study in studies.book.studies}
    assert panes == {ema: PRICE, rsi: rsi, with_rsi: rsi}
    assert pane_keys(chart) == [VOLUME, rsi]
    studies.to_pane(with_rsi, None)
    chart.frame()
    assert len(pane_keys(chart)) == 3
    studies.to_pane(rsi, PRICE)
    studies.to_pane(with_rsi, PRICE)
    assert pane_keys(chart) == [VOLUME]


@pytest.mark.parametrize(("height", "below"), [(600, 4), (330, 3), (270, 2), (190, 1), (170, 0)])
def test_low_charts_give_their_room_to_the_bars(
    make_chart: MakeChart, height: int, below: int
) -> None:
    chart = make_chart(size=(500, height))
    for name in ("rsi", "macd", "atr"):
        chart.panel.studies.add(name)
    chart.frame()
    panes = chart.stage.model.panes
    assert len(panes.lower) == below
    assert panes.price.height() >= min(160.0, 0.7 * panes.plot.height())
    assert all(pane.plot.height() >= 40 for pane in panes.lower)


# --- legends ------------------------------------------------------------------------------------


def test_a_legend_says_the_hovered_bar(chart: ChartBench) -> None:
    key = chart.panel.studies.add("macd")
    chart.frame()
    chart.point_at(chart.stage.model.x_line(380), 250)
    study = chart.panel.studies.book.study(key)
    assert study is not None
    wanted = [study.value(at, 380) for at in range(3)]
    shown = [text for text, _ in row_of(chart, key).text.figures]
    assert shown == [figure(value, Unit.RANGE, MNQ) for value in wanted]
    chart.point_at(chart.stage.model.x_line(10), 250)
    assert [text for text, _ in row_of(chart, key).text.figures] != shown


def test_a_legend_follows_the_newest_bar(chart: ChartBench) -> None:
    key = chart.panel.studies.add("ema")
    chart.frame(130)
    before = row_of(chart, key).text
    tick(chart, chart.last + 40)
    chart.frame(130)
    assert row_of(chart, key).text != before


def test_buttons_hide_show_and_remove(chart: ChartBench) -> None:
    key = chart.panel.studies.add("ema")
    chart.frame()
    assert row_of(chart, key).buttons == ()
    press_button(chart, key, Deed.HIDE)
    assert hidden(chart, key)
    assert row_of(chart, key).text.off
    same(chart, SOFT)
    press_button(chart, key, Deed.SHOW)
    assert not hidden(chart, key)
    press_button(chart, key, Deed.REMOVE)
    assert chart.panel.studies.list() == ()
    assert chart.placed == []
    same(chart, SOFT)


def test_a_button_let_go_elsewhere_does_nothing(chart: ChartBench) -> None:
    key = chart.panel.studies.add("ema")
    chart.frame()
    box = dict(hover(chart, key).buttons)[Deed.REMOVE]
    at = (box.center().x(), box.center().y())
    chart.point_at(*at)
    right = chart.viewport.right
    chart.drag(at, (500, 300))
    assert chart.panel.studies.list() == ("ema(20)",)
    assert chart.viewport.right == right


def test_panes_move_and_close(chart: ChartBench) -> None:
    chart.panel.resize(1_000, 900)
    rsi, macd = chart.panel.studies.add("rsi"), chart.panel.studies.add("macd")
    chart.frame()
    assert pane_keys(chart) == [VOLUME, rsi, macd]
    press_button(chart, macd, Deed.UP)
    assert pane_keys(chart) == [VOLUME, macd, rsi]
    press_button(chart, macd, Deed.DOWN)
    press_button(chart, macd, Deed.DOWN)
    assert pane_keys(chart) == [VOLUME, rsi, macd]
    same(chart, SOFT)
    chart.panel.studies.close_pane(rsi)
    chart.panel.studies.close_pane(VOLUME)
    assert pane_keys(chart) == [macd]
    assert not chart.panel.looks.now.volume


def test_separators_are_dragged_and_set_back(chart: ChartBench) -> None:
    chart.panel.resize(1_000, 900)
    rsi = chart.panel.studies.add("rsi")
    chart.frame()
    before = {pane.key: pane.plot for pane in chart.stage.model.panes.lower}
    y = before[rsi].top()
    chart.drag((400, y), (400, y - 25))
    after = {pane.key: pane.plot for pane in chart.stage.model.panes.lower}
    assert after[rsi].height() == before[rsi].height() + 25
    assert after[VOLUME].height() == before[VOLUME].height() - 25
    assert after[VOLUME].top() == before[VOLUME].top()
    same(chart, SOFT)
    chart.point_at(400, y - 25)
    chart.press(400, y - 25)
    chart.drag_on((400, y - 25), (400, y - 60))
    QTest.keyClick(chart.stage.view, Qt.Key.Key_Escape)
    chart.release(400, y - 60)
    assert {pane.key: pane.plot for pane in chart.stage.model.panes.lower} == after
    chart.double_click(400, y - 25)
    chart.frame()
    assert chart.panel.looks.now.pane_heights == {}
    assert {pane.key: pane.plot for pane in chart.stage.model.panes.lower} == before


# --- the menu -----------------------------------------------------------------------------------


def sub_menu(menu: QMenu, title: str) -> QMenu:
    found = next(a.menu() for a in menu.actions() if a.menu() is not None and a.text() == title)
    assert isinstance(found, QMenu)
    return found


def trigger(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_menu_does_what_buttons_do(chart: ChartBench) -> None:
    key = chart.panel.studies.add("rsi")
    chart.frame()
    for text, seen in (("Hide", True), ("Show", False)):
        menu = QMenu()
        chart.panel.menus.fill(menu)
        trigger(sub_menu(sub_menu(menu, "Indicators"), "RSI 14"), text)
        assert hidden(chart, key) is seen
    menu = QMenu()
    chart.panel.menus.fill(menu)
    trigger(sub_menu(sub_menu(menu, "Indicators"), "RSI 14"), "Move pane up")
    assert pane_keys(chart) == [key, VOLUME]
    menu = QMenu()
    chart.panel.menus.fill(menu)
    trigger(sub_menu(sub_menu(menu, "Indicators"), "RSI 14"), "Remove")
    assert chart.panel.studies.list() == ()


def test_a_vwap_can_begin_at_the_bar_under_the_pointer(chart: ChartBench) -> None:
    chart.point_at(chart.stage.model.x_line(370), 250)
    menu = QMenu()
    chart.panel.menus.fill(menu)
    trigger(sub_menu(menu, "Indicators"), "VWAP from this bar")
    study = chart.panel.studies.book.studies[0]
    assert study.value(0, 369) is None
    assert study.value(0, 370) == pytest.approx(
        float(chart.series.turnover[370]) / float(chart.series.volume[370])
    )


# --- one's own and broken ones ------------------------------------------------------------------


@pytest.fixture
def own() -> Iterator[dict[str, bool]]:
    """A user's indicator that can be made to fail."""
    state = {"fails": False}

    @indicators.indicator("study_of_mine", outputs=("up", "down"))
    def mine(bars: Bars, length: int = 3) -> dict[str, object]:
        if state["fails"]:
            raise ValueError("no luck")
        return {"up": bars.high + length, "down": bars.low - float(length)}

    yield state
    indicators.unregister("study_of_mine")


def test_ones_own_indicator_appears_and_its_failure_stays_with_it(
    chart: ChartBench, own: dict[str, bool]
) -> None:
    studies = chart.panel.studies
    key = studies.add("study_of_mine(length=5)", pane=PRICE)
    ema = studies.add("ema")
    chart.frame()
    assert len(row_of(chart, key).text.figures) == 2
    own["fails"] = True
    tick(chart, chart.last + 1)
    chart.frame(130)
    text = row_of(chart, key).text
    assert text.trouble.startswith("failed: Indicator study_of_mine(length=5) failed on 400 bars")
    assert "no luck" in text.trouble
    assert row_of(chart, ema).text.figures
    same(chart, SOFT)
    own["fails"] = False
    chart.series.apply_tail(walk(1, start_ns=START_NS + 400 * 60_000_000_000))
    chart.frame(130)
    assert row_of(chart, key).text.trouble == ""
    press_button(chart, key, Deed.REMOVE)
    assert studies.list() == ("ema(20)",)


def test_a_text_that_cannot_be_read_is_told_once_and_nothing_is_lost(
    chart: ChartBench, expect_log: Callable[[str], None]
) -> None:
    expect_log("There is no indicator 'gone'")
    looks = chart.panel.looks
    kept = (StudyLook(key="1", text="gone(3)"), StudyLook(key="2", text="ema(9)"))
    looks.change(studies=kept)
    chart.frame()
    looks.change(studies=())
    looks.change(studies=kept)
    chart.frame()
    assert row_of(chart, "1").text.trouble.startswith("failed: There is no indicator 'gone'")
    assert row_of(chart, "2").text.figures
    assert [deed for deed, _ in hover(chart, "1").buttons] == [Deed.REMOVE]
    chart.panel.studies.add("rsi")
    assert looks.now.studies[:2] == kept
    press_button(chart, "1", Deed.REMOVE)
    assert chart.panel.studies.list() == ("ema(9)", "rsi(14)")
    same(chart, SOFT)


# --- remembered ---------------------------------------------------------------------------------


def test_a_look_is_kept_as_text_and_comes_back(chart: ChartBench) -> None:
    studies = chart.panel.studies
    key = studies.add("bollinger(20, 2)")
    rsi = studies.add("rsi")
    studies.change(key, lines=(LineLook(color="study4", width=2, dotted=True),), filled=False)
    chart.panel.looks.change(pane_heights={rsi: 90.0}, pane_order=(rsi, VOLUME))
    look = chart.panel.looks.now
    again = msgspec.json.decode(msgspec.json.encode(look), type=ChartLook)
    assert again == look
    chart.frame()
    picture = chart.painted_anew()
    chart.panel.looks.take(ChartLook(studies=()))
    chart.frame()
    assert (chart.painted_anew() != picture).any()
    chart.panel.looks.take(again)
    chart.frame()
    alike(chart.painted_anew(), picture, SOFT)
    assert pane_keys(chart) == [rsi, VOLUME]


def test_an_old_file_without_indicators_loads() -> None:
    old = msgspec.json.decode(b'{"volume": false}', type=ChartLook)
    assert old.studies == ChartLook().studies
    assert msgspec.json.decode(b'{"studies": []}', type=ChartLook).studies == ()
    line = msgspec.json.decode(b'{"color": "puce"}', type=LineLook)
    assert line.ink == "study1"


def test_other_bars_and_hours_go_on_with_the_same_indicators(chart: ChartBench) -> None:
    key = chart.panel.studies.add("vwap")
    chart.frame()
    study = chart.panel.studies.book.study(key)
    assert study is not None
    before = study.value(0, 399)
    chart.panel.studies.book.use_sessions(FixedDays(3_600_000_000_000 * 5))
    study = chart.panel.studies.book.study(key)
    assert study is not None
    assert study.value(0, 399) != before
    chart.series = BarSeries(walk(50, seed=9))
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("5m"), keep_place=False)
    chart.frame()
    study = chart.panel.studies.book.study(key)
    assert study is not None
    curve = study.curve(0)
    assert curve is not None
    assert len(curve.values) == 50
    assert study.value(0, 49) is not None
    same(chart, SOFT)


def test_sessions_begin_as_the_product_trades_and_not_at_midnight(chart: ChartBench) -> None:
    study = chart.panel.studies.book.study(chart.panel.studies.add("vwap"))
    assert study is not None
    opens = datetime(2023, 11, 14, 17, tzinfo=ZoneInfo("America/Chicago"))
    midnight = datetime(2023, 11, 15, tzinfo=UTC)
    bars = chart.series
    first, later = (
        int(bars.ts_ns.searchsorted(int(at.timestamp()) * 10**9)) for at in (opens, midnight)
    )
    own = bars.turnover / bars.volume
    assert study.value(0, first) == pytest.approx(own[first])
    assert study.value(0, first - 1) != pytest.approx(own[first - 1])
    assert study.value(0, later) != pytest.approx(own[later])


# --- figures and scales -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (85_914.52, Unit.PRICE, "21,478.63"),
        (-6.4, Unit.RANGE, "−1.60"),
        (None, Unit.NUMBER, "—"),
        (29.318, Unit.NUMBER, "29.32"),
        (-0.001, Unit.NUMBER, "0.00"),
        (-1_238.0, Unit.COUNT, "−1,238"),
        (12_345_678.0, Unit.COUNT, "12.35M"),
        (4e17, Unit.NUMBER, "4e+17"),
    ],
)
def test_figures_read_as_people_write_them(value: float | None, unit: Unit, text: str) -> None:
    assert figure(value, unit, MNQ) == text


def test_labels_are_as_exact_as_their_steps() -> None:
    assert label(60.0, 20.0, Unit.NUMBER, MNQ) == "60"
    assert label(2.5, 2.5, Unit.NUMBER, None) == "2.5"
    assert label(0.25, 0.25, Unit.NUMBER, None) == "0.25"
    assert label(8.0, 8.0, Unit.RANGE, MNQ) == "2"
    assert label(-2_000.0, 2_000.0, Unit.COUNT, MNQ) == "−2k"
    assert short(1_250_000.0, 2) == "1.25M"


@pytest.mark.parametrize("low", [-1e250, -3.0, 0.0, 7.5, 1e9, float("nan")])
@pytest.mark.parametrize("span", [0.0, 1e-12, 1.0, 3e5, 1e250, float("inf")])
def test_scales_of_any_values_have_round_labels_apart(low: float, span: float) -> None:
    scale = PaneScale()
    scale.fit(low, low + span)
    ymap = scale.ymap(100.0, 120.0, 1.5)
    marks = scale.marks(120.0, 0.25)
    rows = [ymap.row(mark) for mark in marks]
    assert rows == sorted(rows, reverse=True)
    assert all(a - b >= 26 * 1.5 * 0.9 for a, b in pairwise(rows))
    assert all(100 * 1.5 <= row <= 220 * 1.5 for row in rows)
    assert scale.fit(scale.low, scale.high) is False


def names_of(studies: Studies) -> list[str]:
    return [study.title for study in studies.book.studies]


def test_titles_are_short(chart: ChartBench) -> None:
    for text in ("macd", "ema(9, source=hl2)", "vwap(2)", "cumulative_delta", "obv"):
        chart.panel.studies.add(text)
    assert names_of(chart.panel.studies) == [
        "MACD 12 26 9",
        "EMA 9 hl2",
        "VWAP 2",
        "Cumulative delta",
        "OBV",
    ]
