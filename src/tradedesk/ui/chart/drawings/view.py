"""What figures are made from besides the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.services.drawings.risk_plan import SizeRules
    from tradedesk.ui.chart.drawings.clip import Box
    from tradedesk.ui.chart.drawings.mapping import Mapping
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.primitives import Texts


@dataclass(slots=True)
class View:
    """The chart as it is seen now, the font of its labels, and how risk boxes are sized."""

    mapping: Mapping
    texts: Texts
    rules: SizeRules

    @property
    def model(self) -> ChartModel:
        """The chart."""
        return self.mapping.model

    @property
    def pane(self) -> Box:
        """The price pane."""
        return self.mapping.pane

    def bars_between(self, start_ns: int, end_ns: int) -> int:
        """Bars from one moment to another, negative back in time."""
        times = self.mapping.times
        return 0 if times is None else times.bar(end_ns) - times.bar(start_ns)
