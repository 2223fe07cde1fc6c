"""Drawings for chart tests, and short ways to what a chart shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.ui.chart.samples import MINUTE_NS, START_NS

from tradedesk.services.drawings.drawing import Anchor, Drawing, Kind, Style
from tradedesk.services.drawings.risk_plan import risk_anchors

if TYPE_CHECKING:
    from tests.ui.chart.chart_bench import ChartBench

    from tradedesk.services.drawings.book import DrawingBook
    from tradedesk.ui.chart.drawings.easel import Easel


def easel(chart: ChartBench) -> Easel:
    """What is drawn on the chart."""
    return chart.panel.drawings.easel


def book(chart: ChartBench) -> DrawingBook:
    """The drawings of its contract."""
    return easel(chart).book


def anchor(row: int, ticks: int) -> Anchor:
    """At a bar of the chart, also behind the newest one."""
    return Anchor(START_NS + row * MINUTE_NS, ticks)


def put(chart: ChartBench, kind: Kind, *anchors: Anchor, **members: Any) -> Drawing:
    """Draw something without the mouse."""
    made = Drawing(id=book(chart).new_id(), kind=kind, anchors=anchors, **members)
    book(chart).add(made)
    chart.frame()
    return made


def point(chart: ChartBench, at: Anchor) -> tuple[float, float]:
    """Where an anchor is on the canvas."""
    return easel(chart).mapping.point(at)


def one_of_each(chart: ChartBench) -> list[Drawing]:
    """All kinds, in view."""
    last = chart.last
    entry, stop, target = risk_anchors(anchor(380, last), anchor(402, last - 12))
    return [
        put(chart, Kind.TREND, anchor(320, last - 30), anchor(360, last + 20)),
        put(
            chart,
            Kind.TREND,
            anchor(330, last + 40),
            anchor(350, last + 10),
            extend_left=True,
            extend_right=True,
            style=Style(ink="green", width=3, dash="dashed"),
        ),
        put(chart, Kind.HORIZONTAL, anchor(300, last + 15), text="High"),
        put(chart, Kind.VERTICAL, anchor(370, last), style=Style(dash="dotted")),
        put(chart, Kind.RECTANGLE, anchor(310, last - 10), anchor(325, last + 25)),
        put(chart, Kind.FIBONACCI, anchor(335, last - 40), anchor(352, last + 30)),
        put(chart, Kind.TEXT, anchor(345, last - 35), text="Watch this"),
        put(chart, Kind.RISK, entry, stop, target),
    ]
