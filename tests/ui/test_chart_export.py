"""Pictures and bars of a chart: to the clipboard, to files, and the words about it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from tests.ui.chart.chart_bench import pixels
from tests.ui.chart.samples import walk

from tradedesk.history import read_bars
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ui.fakes.desk import FakeDesk

    MakeDesk = Callable[..., FakeDesk]

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def trading(make_desk: MakeDesk) -> FakeDesk:
    """A desk with 400 bars on its chart."""
    desk = make_desk(bars=lambda _spec: walk(400))
    desk.ready()
    desk.frame()
    return desk


def view(desk: FakeDesk) -> object:
    return desk.window.widgets.chart._stage.view


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> list[str]:
    """Answer the question for a file name; returns the names that were proposed."""
    proposed: list[str] = []

    def answer(
        _parent: object, _title: str, name: str, *_rest: object, **options: object
    ) -> object:
        assert options["options"] == QFileDialog.Option.DontUseNativeDialog
        proposed.append(name)
        return (str(path), "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposed


def take(desk: FakeDesk, *texts: str) -> None:
    """Choose an entry of the chart's menu."""
    root = menu = QMenu()
    desk.window.widgets.chart.menus.fill(root)
    for text in texts[:-1]:
        menu = cast("QMenu", next(a.menu() for a in menu.actions() if a.text() == text))
    next(a for a in menu.actions() if a.text().split("\t")[0] == texts[-1]).trigger()
    desk.frame()


def said(desk: FakeDesk) -> str:
    found: str = desk.window.widgets.toasts.texts[-1]
    return found


def test_alt_s_copies_the_picture(trading: FakeDesk) -> None:
    QTest.keyClick(view(trading), Qt.Key.Key_S, ALT)  # type: ignore[call-overload]
    trading.frame()
    assert said(trading) == "Picture copied"
    image = QGuiApplication.clipboard().image()
    chart = trading.window.widgets.chart
    ratio = chart.devicePixelRatioF()
    assert image.width() == round(chart.canvas.width() * ratio)
    assert image.height() == round((chart.canvas.height() + 26) * ratio)


def test_the_picture_is_the_chart_without_crosshair_and_a_footer(trading: FakeDesk) -> None:
    chart = trading.window.widgets.chart
    clean = pixels(chart.viewing.exports.picture("MNQZ6"))
    stage = chart._stage
    from PySide6.QtCore import QPointF

    stage.crosshair.show_at(QPointF(200, 150))
    assert np.array_equal(pixels(chart.viewing.exports.picture("MNQZ6")), clean)
    assert stage.crosshair.at == QPointF(200, 150)
    stage.crosshair.show_at(None)
    height = round(chart.height() * chart.devicePixelRatioF())
    assert np.array_equal(clean[:height], pixels(chart.canvas.grab().toImage()))
    footer = clean[height:]
    ground = color("bg1").rgb() & 0xFFFFFF
    assert (footer == ground).mean() > 0.9
    assert (footer == color("tx2").rgb() & 0xFFFFFF).any()


def test_the_footer_says_what_it_is_and_whose_money(make_desk: MakeDesk) -> None:
    for live, word in ((False, "SIM"), (True, "LIVE")):
        desk = make_desk(bars=lambda _spec: walk(40))
        desk.ready(live=live)
        desk.frame()
        export = desk.window.presenter.export
        footer = export.footer(desk.window.widgets.chart.viewing.exports)
        name, size, at, venue, product = footer.split("  ·  ")
        assert (name, size, product) == ("MNQZ6", "1m", "tradedesk")
        assert venue.startswith(word)
        assert at.endswith("exchange time")


def test_a_picture_is_saved_under_a_name_that_says_what_it_is(
    trading: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proposed = choose(monkeypatch, tmp_path / "mine")
    take(trading, "Save picture…")
    assert said(trading) == "Picture saved as mine.png"
    image = QImage(str(tmp_path / "mine.png"))
    assert image.width() == round(
        trading.window.widgets.chart.canvas.width() * trading.window.devicePixelRatioF()
    )
    (name,) = proposed
    assert name.startswith("MNQZ6-1m-20")
    assert name.endswith(".png")
    assert len(name) == len("MNQZ6-1m-2026-11-30.png")


def test_bars_in_view_and_all_bars_come_back_exactly(
    trading: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chart = trading.window.widgets.chart
    series = chart._stage.model.series
    first, stop = chart._stage.model.viewport.visible_rows()
    assert 0 < first < stop
    for text, part in (("Bars in view…", slice(first, stop)), ("All bars…", slice(None))):
        path = tmp_path / "bars.csv"
        choose(monkeypatch, path)
        take(trading, "Save bars as CSV", text)
        wanted = series.bars[part]
        assert said(trading) == f"Wrote {len(wanted):,} bars to bars.csv"
        got = read_bars(path, tick_size="0.25").bars
        for ours, theirs in zip(wanted.columns(), got.columns(), strict=True):
            assert np.array_equal(ours, theirs)
    assert [p.name for p in tmp_path.iterdir()] == ["bars.csv"]


def test_many_bars_are_written_over_several_frames(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = make_desk(bars=lambda _spec: walk(60_000))
    desk.ready()
    desk.frame()
    path = tmp_path / "bars.csv"
    choose(monkeypatch, path)
    take(desk, "Save bars as CSV", "All bars…")
    assert said(desk) == "Writing 60,000 bars to bars.csv…"
    assert not path.exists()
    for _ in range(20):
        desk.frame()
    assert said(desk) == "Wrote 60,000 bars to bars.csv"
    with path.open() as file:
        assert sum(1 for _ in csv.reader(file)) == 60_001


def test_closing_the_window_leaves_nothing_half_written(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = make_desk(bars=lambda _spec: walk(60_000))
    desk.ready()
    desk.frame()
    choose(monkeypatch, tmp_path / "bars.csv")
    take(desk, "Save bars as CSV", "All bars…")
    assert list(tmp_path.iterdir())
    desk.window.presenter.stop()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("entry", [("Save picture…",), ("Save bars as CSV", "All bars…")])
def test_what_cannot_be_written_is_said_and_leaves_nothing(
    trading: FakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, entry: tuple[str, ...]
) -> None:
    choose(monkeypatch, tmp_path / "no such folder" / "a.png")
    take(trading, *entry)
    assert "written" in said(trading)
    assert said(trading).count(". ") <= 1
    assert not list(tmp_path.iterdir())


def test_without_bars_there_are_none_to_save(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.ready()
    desk.frame()
    menu = QMenu()
    desk.window.widgets.chart.menus.fill(menu)
    (bars,) = [a for a in menu.actions() if a.text() == "Save bars as CSV"]
    assert not bars.isEnabled()


def test_a_refused_scale_and_a_missing_date_are_said_in_a_toast(trading: FakeDesk) -> None:
    trading.window.widgets.chart.viewing.said.emit("A sentence.")
    assert said(trading) == "A sentence."
