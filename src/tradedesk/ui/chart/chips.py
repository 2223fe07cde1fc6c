"""Price chips on the axis: what they say and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.domain.order import Side
from tradedesk.ui.chart.spread import Label, spread
from tradedesk.ui.chart.tags import HELD
from tradedesk.ui.theme.current import palette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine import BarSeries
    from tradedesk.ui.chart.model import ChartModel

CHIP: Final = 18.0
SECOND_ROW: Final = 14.0
_WARN_S: Final = 5
_GAP: Final = 1.0
_HOUR_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Chip:
    """A price at the pixel row `y`; the heavier holds its place.

    `second` is a smaller second row, amber if `urgent`. `arrow` is +1 for one up at the left, -1
    for one down, 0 for none.
    """

    y: float
    text: str
    ground: str
    weight: float
    second: str = ""
    urgent: bool = False
    arrow: int = 0

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return CHIP + (SECOND_ROW if self.second else 0.0)


def place_chips(
    chips: Sequence[Chip], axis: QRectF, held: QRectF | None = None
) -> list[tuple[Chip, QRectF]]:
    """Boxes on the axis, none over another, the most important ones at their prices.

    All of them leave `held` free: the pointer's own chip stands there. Where there is no room for
    all, the least important ones are left out.
    """
    sides = [_Side(axis.top(), axis.bottom() - 1)]
    if held is not None:
        sides = [_Side(axis.top(), held.top() - _GAP), _Side(held.bottom() + _GAP, sides[0].high)]
    order = sorted(chips, key=lambda chip: -chip.weight)
    for chip in order:
        nearest = sides if held is None or chip.y < held.center().y() else sides[::-1]
        side = next((each for each in nearest if each.holds(chip)), None)
        if side is not None:
            side.chips.append(chip)
    left, width = axis.left() + 2, axis.width() - 4
    tops = {id(chip): top for side in sides for chip, top in side.placed()}
    return [
        (chip, QRectF(left, round(tops[id(chip)]), width, chip.height))
        for chip in order
        if id(chip) in tops
    ]


class _Side:
    """A stretch of the axis and the chips that stand there."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self.high = low, high
        self.chips: list[Chip] = []

    def holds(self, chip: Chip) -> bool:
        """Whether there is room for one more."""
        taken = sum(each.height + _GAP for each in self.chips)
        return taken + chip.height <= self.high - self._low

    def placed(self) -> list[tuple[Chip, float]]:
        """Each chip with its top."""
        wanted = [Label(chip.y - CHIP / 2, chip.height, chip.weight) for chip in self.chips]
        tops = spread(wanted, self._low, self.high, _GAP)
        return list(zip(self.chips, tops, strict=True))


def last_chip(model: ChartModel, countdown: Countdown) -> Chip | None:
    """Chip of the last price, None where it is unknown or out of view."""
    market, pane = model.market, model.panes.price
    if market.last_ticks is None:
        return None
    y = model.y_line(market.last_ticks)
    if not pane.top() <= y < pane.bottom():
        return None
    if market.stale:
        return Chip(y, model.price_text(market.last_ticks), "tx3", HELD, "stale", urgent=True)
    ground = {Side.BUY: "buy_fill", Side.SELL: "sell_fill", None: "tx2"}[market.last_side]
    return Chip(
        y,
        model.price_text(market.last_ticks),
        ground,
        HELD,
        countdown.text,
        countdown.urgent,
        market.last_side.sign if market.last_side is not None and palette().shapes else 0,
    )


@dataclass(frozen=True, slots=True)
class Countdown:
    """What is left of the newest bar: ``mm:ss``, ``h:mm:ss`` or ``n left``; empty if unknown."""

    text: str = ""
    urgent: bool = False


def countdown(
    series: BarSeries, spec: BarSpec | None, now_ns: int, closes_ns: int | None = None
) -> Countdown:
    """How long the newest bar still takes; nothing once it should be closed.

    Trading ends at `closes_ns`, and with it a bar that would take longer.
    """
    if spec is None or not len(series):
        return Countdown()
    if spec.is_count:
        traded = series.count if spec.unit is BarUnit.TRADES else series.volume
        left = spec.size - int(traded[-1])
        return Countdown(f"{left:,} left") if left > 0 else Countdown()
    period = spec.period_ns
    if period is None:
        return Countdown()
    ends_ns = int(series.ts_ns[-1]) + period
    left_ns = (ends_ns if closes_ns is None else min(ends_ns, closes_ns)) - now_ns
    if not 0 < left_ns <= period:
        return Countdown()
    left_s = -(-left_ns // 1_000_000_000)
    minutes, seconds = divmod(left_s, 60)
    if left_s >= _HOUR_S:
        return Countdown(f"{minutes // 60}:{minutes % 60:02}:{seconds:02}")
    return Countdown(f"{minutes:02}:{seconds:02}", left_s <= _WARN_S)
