"""What every chart is given: bars, and the way in which a finger moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars

if TYPE_CHECKING:
    from bench.bar_data import Columns

SIZE: Final = (1600, 900)
MINUTE_NS: Final = 60_000_000_000
TICK: Final = 0.25
MNQ: Final = Instrument(
    ContractId("CON.F.US.MNQ.Z26"),
    "MNQZ6",
    "Micro E-mini Nasdaq-100: December 2026",
    TickSize(Decimal("0.25")),
    Decimal("0.50"),
    "F.US.MNQ",
)


def random_bars(rows: int, start_ns: int = 1_700_000_040_000_000_000) -> Bars:
    """A walk in ticks with wicks and volume, one bar a minute."""
    rng = np.random.default_rng(5)
    close = 85_900 + np.cumsum(rng.integers(-8, 9, rows))
    opened = np.concatenate(([85_900], close[:-1]))
    high = np.maximum(opened, close) + rng.integers(0, 9, rows)
    low = np.minimum(opened, close) - rng.integers(0, 9, rows)
    volume = rng.integers(100, 2_500, rows)
    bought = (volume * rng.random(rows)).astype(np.int64)
    ts_ns = start_ns + np.arange(rows) * MINUTE_NS
    return Bars(ts_ns, opened, high, low, close, volume, bought, volume * close, volume)


def columns_of(bars: Bars) -> Columns:
    """The same as columns for a chart in another process; prices in ticks."""
    return {name: getattr(bars, name) for name in ("ts_ns", "open", "high", "low", "close")} | {
        "volume": bars.volume
    }
