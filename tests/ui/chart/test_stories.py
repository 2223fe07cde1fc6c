"""Whatever happens to a chart, what it painted piece by piece is what painting all of it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.ui.chart.samples import stop, walk
from tests.ui.chart.story import Story
from tests.ui.chart.test_painting import same
from tests.ui.chart.test_price_forms import climbing
from tests.ui.chart.test_study_lines import SOFT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

SIZES = ((420, 300), (420, 300), (1_000, 600))


@pytest.mark.parametrize("seed", range(12))
def test_every_step_repaints_all_that_it_changes(
    make_chart: Callable[..., ChartBench], seed: int
) -> None:
    chart = make_chart(climbing() if seed % 2 else walk(400), SIZES[seed % 3])
    chart.panel.looks.change(logarithmic=bool(seed & 2), inverted=bool(seed & 4))
    chart.frame()
    story = Story(chart, seed)
    taken = []
    for _ in range(40):
        taken.append(story.step())
        try:
            same(chart, SOFT)
        except AssertionError as wrong:
            raise AssertionError(f"after {', '.join(taken)}: {wrong}") from wrong


def test_what_joins_a_tag_to_its_line_goes_with_the_tag(chart: ChartBench) -> None:
    """Three tags at one price stand apart from it; then only one is left, at its line."""
    lines = [stop(chart.last, key=f"order:{n}") for n in range(3)]
    chart.panel.set_lines(lines)
    chart.frame()
    leaders = [tag.leader for tag in chart.stage.overlay.tags if tag.leader is not None]
    assert len(leaders) == 2
    pane = chart.stage.model.panes.price
    assert all(leader.x2() <= pane.right() - 1 for leader in leaders)
    same(chart)
    chart.panel.set_lines(lines[:1])
    chart.frame()
    assert chart.stage.overlay.tags[0].leader is None
    same(chart)
