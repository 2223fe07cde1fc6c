"""Charts for tests, taken away afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from tests.ui.chart.chart_bench import ChartBench


@pytest.fixture
def make_chart(qapp: QApplication) -> Iterator[Callable[..., ChartBench]]:
    """Open a chart; closed when the test is over."""
    from tests.ui.chart.chart_bench import ChartBench

    made: list[ChartBench] = []

    def make(*args: Any, **kwargs: Any) -> ChartBench:
        bench = ChartBench(*args, **kwargs)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def chart(make_chart: Callable[..., ChartBench]) -> ChartBench:
    """A chart of 400 minute bars, 1000 x 600, armed."""
    return make_chart()
