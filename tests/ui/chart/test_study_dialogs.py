"""Choosing indicators from the list and setting them up, with real clicks and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.chart.samples import START_NS

from tradedesk.engine import indicators
from tradedesk.ui.chart.study_look import SIDES
from tradedesk.ui.widgets.field import Field

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

    from tradedesk.ui.chart.studies.picker import StudyPicker
    from tradedesk.ui.chart.studies.settings_dialog import SettingsDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def picker(chart: ChartBench) -> StudyPicker:
    chart.panel.studies.choose(300)
    found = chart.panel.studies.desk.picker
    assert found is not None
    return found


def titles(picker: StudyPicker) -> list[str]:
    rows = (picker.list.item(at) for at in range(picker.list.count()))
    return [row.text() for row in rows if row.flags() & Qt.ItemFlag.ItemIsSelectable]


def settings_of(chart: ChartBench, text: str) -> SettingsDialog:
    key = chart.panel.studies.add(text)
    chart.frame()
    chart.panel.studies.desk.settings(key)
    found = chart.panel.studies.desk.dialog
    assert found is not None
    return found


def field(dialog: SettingsDialog, name: str) -> Field:
    found = dialog.inputs[name]
    assert isinstance(found, Field)
    return found


def retype(dialog: SettingsDialog, name: str, text: str) -> None:
    line = field(dialog, name).input
    line.selectAll()
    QTest.keyClicks(line, text)


# --- the list -----------------------------------------------------------------------------------


def test_the_list_holds_every_indicator_in_groups(picker: StudyPicker) -> None:
    assert len(titles(picker)) == len(indicators.names())
    heads = [picker.list.item(at).text() for at in range(picker.list.count())]
    order = ("AVERAGES", "BANDS AND CHANNELS", "OSCILLATORS", "LEVELS")
    assert [heads.index(head) for head in order] == sorted(heads.index(head) for head in order)
    over = picker.parentWidget()
    assert over is not None
    assert over.rect().contains(picker.geometry())


def test_typing_and_enter_add(chart: ChartBench, picker: StudyPicker) -> None:
    QTest.keyClicks(picker.line, "boll")
    assert titles(picker) == ["Bollinger"]
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert chart.panel.studies.list() == ("bollinger(20, 2)",)
    assert picker.note.text() == "Bollinger 20 2 is on the chart. Esc closes."
    QTest.keyClick(picker.line, Qt.Key.Key_Escape)
    assert not picker.isVisible()


def test_a_slash_on_the_chart_opens_the_list(chart: ChartBench) -> None:
    QTest.keyClicks(chart.stage.view, "/")
    picker = chart.panel.studies.desk.picker
    assert picker is not None
    assert picker.isVisible()
    assert picker.line.text() == ""
    QTest.keyClick(picker.line, Qt.Key.Key_Escape)
    assert not picker.isVisible()


def test_a_whole_text_can_be_typed(chart: ChartBench, picker: StudyPicker) -> None:
    QTest.keyClicks(picker.line, "ema(34)")
    assert titles(picker) == []
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert chart.panel.studies.list() == ("ema(34)",)
    picker.line.clear()
    QTest.keyClicks(picker.line, "ema(0)")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert picker.note.text().startswith("length of indicator ema is 0: give 1 to")
    assert chart.panel.studies.list() == ("ema(34)",)


def test_arrows_pass_over_headings(chart: ChartBench, picker: StudyPicker) -> None:
    QTest.keyClick(picker.line, Qt.Key.Key_Down)
    QTest.keyClick(picker.line, Qt.Key.Key_Down)
    taken = picker.list.currentItem().text()
    assert taken == titles(picker)[1]
    QTest.keyClick(picker.line, Qt.Key.Key_Up)
    QTest.keyClick(picker.line, Qt.Key.Key_Up)
    assert picker.list.currentItem().text() == titles(picker)[0]


def test_a_click_adds_and_the_list_shows_it(chart: ChartBench, picker: StudyPicker) -> None:
    at = next(r for r in range(picker.list.count()) if picker.list.item(r).text() == "SMA")
    box = picker.list.visualItemRect(picker.list.item(at))
    QTest.mouseClick(picker.list.viewport(), LEFT, pos=box.center())
    assert chart.panel.studies.list() == ("sma(20)",)
    assert titles(picker)[0] == "SMA 20"
    picker.list.setCurrentRow(1)
    QTest.keyClick(picker.line, Qt.Key.Key_Delete)
    assert chart.panel.studies.list() == ()


def test_enter_on_one_of_the_chart_opens_its_settings(chart: ChartBench) -> None:
    key = chart.panel.studies.add("rsi")
    chart.panel.studies.choose(0)
    picker = chart.panel.studies.desk.picker
    assert picker is not None
    picker.list.setCurrentRow(1)
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    dialog = chart.panel.studies.desk.dialog
    assert dialog is not None
    assert dialog.key == key
    dialog.accept()


def test_an_anchored_vwap_begins_with_the_first_bar_in_view(
    chart: ChartBench, picker: StudyPicker
) -> None:
    QTest.keyClicks(picker.line, "anch")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    first = chart.viewport.visible_rows()[0]
    study = chart.panel.studies.book.studies[0]
    assert study.value(0, first - 1) is None
    assert study.value(0, first) is not None


# --- settings -----------------------------------------------------------------------------------


def test_a_parameter_shows_at_once_and_cancel_puts_it_back(chart: ChartBench) -> None:
    dialog = settings_of(chart, "ema(20)")
    retype(dialog, "length", "5")
    assert chart.panel.studies.list() == ("ema(5)",)
    QTest.keyClick(field(dialog, "length").input, Qt.Key.Key_Up)
    assert chart.panel.studies.list() == ("ema(6)",)
    QTest.mouseClick(dialog.cancel, LEFT)
    assert chart.panel.studies.list() == ("ema(20)",)
    assert chart.panel.studies.desk.dialog is None


def test_done_keeps_what_was_chosen(chart: ChartBench) -> None:
    dialog = settings_of(chart, "bollinger")
    retype(dialog, "width", "2.5")
    QTest.mouseClick(dialog.done_button, LEFT)
    assert chart.panel.studies.list() == ("bollinger(20, 2.5)",)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "length of indicator ema is 0: give 1 to 10000."),
        ("x", "Length is 'x': give a whole number, 1 to 10000."),
        ("", "Length is '': give a whole number, 1 to 10000."),
        ("99999", "Length is 99999: give 1 to 10000."),
    ],
)
def test_a_wrong_parameter_is_told_and_changes_nothing(
    chart: ChartBench, typed: str, said: str
) -> None:
    dialog = settings_of(chart, "ema(20)")
    line = field(dialog, "length").input
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, typed)
    assert dialog.error.text().lower() == said.lower().replace("length of indicator ema", "length")
    assert chart.panel.studies.list()[0] in ("ema(20)", "ema(9999)")
    assert field(dialog, "length").property("error") is True
    dialog.reject()
    assert chart.panel.studies.list() == ("ema(20)",)


def test_colour_width_style_and_shown_are_clicked(chart: ChartBench) -> None:
    dialog = settings_of(chart, "macd")
    line, signal, histogram = dialog.line_rows
    assert line is not None
    assert signal is not None
    assert histogram is not None
    chart.frame()
    before = chart.painted_anew()
    QTest.mouseClick(line.swatches[2], LEFT)
    QTest.mouseClick(line.width_choice.button("2"), LEFT)
    QTest.mouseClick(line.style_choice.button("dotted"), LEFT)
    QTest.mouseClick(signal.shown, LEFT, pos=QPoint(8, 12))
    look = chart.panel.studies.look(dialog.key)
    assert look is not None
    assert (look.lines[0].ink, look.lines[0].width, look.lines[0].dotted) == ("study3", 2, True)
    assert look.lines[1].hidden
    assert look.lines[2].ink == SIDES
    assert (chart.painted_anew() != before).any()
    QTest.mouseClick(dialog.reset, LEFT)
    look = chart.panel.studies.look(dialog.key)
    assert look is not None
    assert (look.lines[0].width, look.lines[0].dotted, look.lines[1].hidden) == (1, False, False)
    dialog.accept()


def test_reset_brings_usual_parameters_back(chart: ChartBench) -> None:
    dialog = settings_of(chart, "macd(5, 9, 4, source=open)")
    QTest.mouseClick(dialog.reset, LEFT)
    assert chart.panel.studies.list() == ("macd(12, 26, 9)",)
    assert field(dialog, "fast").text == "12"
    dialog.accept()


def test_a_moment_is_typed_as_a_time_of_the_chart(chart: ChartBench) -> None:
    dialog = settings_of(chart, f"anchored_vwap({START_NS})")
    assert field(dialog, "anchor_ns").text == "2023-11-14 16:14"
    retype(dialog, "anchor_ns", "2023-11-14 16:20")
    assert chart.panel.studies.list() == (f"anchored_vwap({START_NS + 6 * 60 * 10**9}, 1)",)
    retype(dialog, "anchor_ns", "yesterday")
    assert dialog.error.text().startswith("'yesterday' is not a time: write it like")
    dialog.reject()


def test_another_pane_is_chosen(chart: ChartBench) -> None:
    rsi = chart.panel.studies.add("rsi")
    dialog = settings_of(chart, "stochastic")
    dialog.pane.menu().aboutToShow.emit()
    actions = {action.text(): action for action in dialog.pane.menu().actions()}
    assert list(actions) == ["Over the bars", "With RSI 14", "A pane of its own"]
    actions["With RSI 14"].trigger()
    look = chart.panel.studies.look(dialog.key)
    assert look is not None
    assert look.pane == rsi
    assert dialog.pane.text().strip() == "With RSI 14 ▾"
    actions["A pane of its own"].trigger()
    look = chart.panel.studies.look(dialog.key)
    assert look is not None
    assert look.pane == dialog.key
    dialog.accept()
    QApplication.processEvents()
