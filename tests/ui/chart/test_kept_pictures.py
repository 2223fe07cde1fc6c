"""Pictures of lines that are kept while the chart pans, and tags that stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from tests.ui.chart.samples import stop, target, walk
from tests.ui.chart.test_painting import alike, same, tick
from tests.ui.chart.test_study_lines import SOFT, show

from tradedesk.ui.chart.kept_tags import KeptTags
from tradedesk.ui.chart.studies.kept_picture import KeptPicture
from tradedesk.ui.chart.tags import place_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.ui.chart.chart_bench import ChartBench

    MakeChart = Callable[..., ChartBench]


def test_pans_copy_what_painting_anew_gives(make_chart: MakeChart) -> None:
    """Further than kept pictures reach, both ways, with a tick and another scale between."""
    for spacing in (0.4, 8.0):
        chart = make_chart(walk(9_000), (700, 900))
        show(chart, "ichimoku", "vwap", "macd", "rsi", "sar")
        chart.viewport.zoom(spacing / 8)
        chart.viewport.pan(90)
        chart.stage.view_changed()
        for step, dx in enumerate((7, 130, 130, 500, -13, -700, 2_000, -1_990, -40, 333)):
            chart.panel.navigator.pan(dx)
            if step % 4 == 1:
                tick(chart, chart.last + step, 50)
            if step == 6:
                chart.viewport.scale_y(1.2)
                chart.stage.view_changed()
            chart.frame(130)
            shown = chart.on_screen()
            for picture in pictures(chart):
                picture.forget()
            alike(shown, chart.painted_anew(), SOFT)


def test_a_pan_paints_only_columns_that_come_into_view(
    make_chart: MakeChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = make_chart(walk(9_000), (700, 600))
    show(chart, "ema(21)")
    chart.viewport.auto_y = False
    for _ in range(2):
        chart.panel.navigator.pan(10)
        chart.frame()
    painted: list[int] = []
    paint = KeptPicture._paint

    def watch(self: KeptPicture, start: int, stop: int, *rest: Any) -> None:
        painted.append(stop - start)
        paint(self, start, stop, *rest)

    monkeypatch.setattr(KeptPicture, "_paint", watch)
    for _ in range(10):
        chart.panel.navigator.pan(10)
        chart.frame()
    assert abs(sum(painted) - 100) <= 64


def test_older_bars_in_front_leave_lines_at_their_bars(make_chart: MakeChart) -> None:
    bars = walk(3_000)
    newer, older = bars[1_000:], bars[:1_000]
    for spacing in (0.4, 1.7, 8.0):
        chart = make_chart(newer, (700, 500))
        show(chart, "sma(1)", "sar")
        chart.viewport.auto_y = False
        chart.viewport.zoom(spacing / 8)
        chart.viewport.pan(300)
        chart.stage.view_changed()
        chart.frame(130)
        xmap, before = chart.stage.model.xmap, chart.painted_anew()
        chart.series.prepend(older)
        chart.frame(130)
        assert chart.stage.model.xmap.base == 1_000
        assert chart.stage.model.xmap.origin == xmap.origin
        price = chart.stage.model.panes.price
        part = np.s_[80 : int(price.height()), 200 : int(price.width())]
        alike(chart.painted_anew()[part].copy(), before[part].copy(), SOFT)
        same(chart, SOFT)


def pictures(chart: ChartBench) -> list[KeptPicture]:
    drawn = chart.panel.studies.drawn
    return [*drawn._pictures.values(), *drawn._pictures_below.values()]


def test_tags_that_stay_are_those_of_a_new_layout(
    chart: ChartBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart.panel.set_lines([target(chart.last + 20), stop(chart.last - 20), stop(chart.last - 900)])
    overlay, stayed = chart.stage.overlay, []
    holds = KeptTags.holds

    def watch(self: KeptTags, *laid_out: Any) -> bool:
        stayed.append(holds(self, *laid_out))
        return stayed[-1]

    monkeypatch.setattr(KeptTags, "holds", watch)
    for step in range(90):
        chart.panel.navigator.pan(3 if step < 60 else -5)
        shown = [overlay._shown(line) for line in overlay.moves.lines]
        assert overlay.tags == place_tags(shown, overlay._room(), overlay.texts)
    assert any(stayed)
    assert not all(stayed)
