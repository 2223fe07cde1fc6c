"""The tools of a chart in their order: who wins where several could take a press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.ui.chart.tools.aim_tool import AimTool
from tradedesk.ui.chart.tools.axis_tool import AxisTool
from tradedesk.ui.chart.tools.interval_tool import IntervalTool
from tradedesk.ui.chart.tools.key_tool import KeyTool
from tradedesk.ui.chart.tools.line_tool import LineTool
from tradedesk.ui.chart.tools.live_pill import LivePillTool
from tradedesk.ui.chart.tools.pan_tool import PanTool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradedesk.ui.chart.aiming import Aim
    from tradedesk.ui.chart.placing import Offer
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.scale import Scale
    from tradedesk.ui.chart.tools.tool import KeyStroke, Tool
    from tradedesk.ui.chart.trading import ChartTrading


@dataclass(frozen=True, slots=True)
class Requests:
    """Where wishes go. Press moments are nanoseconds of the clock given to the chart."""

    place: Callable[[Offer, int], None]
    move: Callable[[str, int, int], None]
    cancel: Callable[[str, int], None]
    interval: Callable[[str], None]
    reset: Callable[[], None]
    live: Callable[[], None]
    key: Callable[[KeyStroke], bool]
    stop: Callable[[], bool]


def chart_tools(
    stage: Stage,
    aim: Aim,
    requests: Requests,
    trading: ChartTrading,
    below: Callable[[float], Scale | None],
    reading: Sequence[Tool] = (),
    words: Sequence[Tool] = (),
) -> list[Tool]:
    """Tools of orders, of `reading` and of the view; the last one takes what is left.

    Those of `words` win over lines of orders: a click on a word must not take hold of a line
    under it. `below` tells the scale of a pane below the bars by its height in the chart.
    """
    return [
        trading.keys,
        LivePillTool(stage, requests.live),
        AimTool(stage, aim, requests.place),
        *words,
        trading.exits,
        LineTool(stage, requests.move, requests.cancel, lambda: aim.permission.exits_off),
        trading.marks,
        *reading,
        AxisTool(stage, requests.reset, below),
        trading.alerts,
        IntervalTool(requests.interval),
        KeyTool(requests.key, requests.stop),
        PanTool(stage, requests.reset, below),
    ]
