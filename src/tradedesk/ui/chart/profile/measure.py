"""Volume at each price of a stretch of bars, from trades where they are known. No painting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.engine import ValueArea, VolumeProfile
from tradedesk.engine.orderflow.bar_profile import bar_profile

if TYPE_CHECKING:
    from tradedesk.ui.chart.flow import TapeFlow
    from tradedesk.ui.chart.model import ChartModel

_END_OF_TIME: Final = 2**63 - 1
_ROW_PX: Final = 3.0
_STEPS: Final = (1, 2, 5)
FROM_BARS: Final = "from bars"
PARTLY_FROM_BARS: Final = "partly from bars"


class Measured(NamedTuple):
    """One profile and what is known of it.

    Attributes
    ----------
    profile : VolumeProfile
        At least one row.
    poc : int
        Lowest price of the row with the most volume.
    area : ValueArea
        Where 70 % of the volume traded.
    split : bool
        Whether it is known who bought and who sold.
    source : str
        Empty for trades; otherwise what had to be estimated.
    """

    profile: VolumeProfile
    poc: int
    area: ValueArea
    split: bool
    source: str


def measured(
    model: ChartModel, flow: TapeFlow, start: int, stop: int, row_ticks: int
) -> Measured | None:
    """Count the volume of the bars from row `start` to before `stop`; None for no volume.

    Bars whose trades are all on the tape are counted by trades, the others are spread over their
    prices.
    """
    series = model.series
    stop = min(stop, len(series))
    if start >= stop:
        return None
    turn = min(max(flow.first_row(), start), stop)
    parts, known = [], True
    if turn > start:
        bars = series.bars[start:turn]
        parts.append(bar_profile(bars, row_ticks))
        known = bool(np.all((bars.count > 0) | (bars.volume == 0)))
    if turn < stop:
        end_ns = int(series.ts_ns[stop]) if stop < len(series) else _END_OF_TIME
        parts.append(flow.profile(int(series.ts_ns[turn]), end_ns, row_ticks))
    profile = VolumeProfile.join(parts)
    poc, area = profile.point_of_control(), profile.value_area()
    if poc is None or area is None or not profile.volume.any():
        return None
    source = "" if turn == start else FROM_BARS if turn == stop else PARTLY_FROM_BARS
    return Measured(profile, poc, area, known, source)


def row_height(model: ChartModel) -> int:
    """Ticks of a row that is some pixels high: 1, 2, 5, 10 and so on."""
    view = model.viewport
    least, size = _ROW_PX * (view.y_high - view.y_low) / view.height, 1
    while size < 2**30:
        for step in _STEPS:
            if step * size >= least:
                return step * size
        size *= 10
    return size
