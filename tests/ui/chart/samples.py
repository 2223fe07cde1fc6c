"""Bars, instruments and lines for chart tests."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Side
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars
from tradedesk.services.chart_line import ChartLine, LineBasis, LineKind, LinePart

MINUTE_NS = 60_000_000_000
START_NS = 1_700_000_040_000_000_000
MNQ = Instrument(
    ContractId("CON.F.US.MNQ.Z26"),
    "MNQZ6",
    "Micro E-mini Nasdaq-100: December 2026",
    TickSize(Decimal("0.25")),
    Decimal("0.50"),
    "F.US.MNQ",
)
MES = Instrument(
    ContractId("CON.F.US.MES.Z26"),
    "MESZ6",
    "Micro E-mini S&P 500: December 2026",
    TickSize(Decimal("0.25")),
    Decimal("1.25"),
    "F.US.MES",
)


def walk(rows: int, *, seed: int = 24, start_ns: int = START_NS, step_ns: int = MINUTE_NS) -> Bars:
    """A walk in ticks with wicks, volume and order flow."""
    rng = np.random.default_rng(seed)
    close = 85_900 + np.cumsum(rng.integers(-8, 9, rows))
    opened = np.concatenate(([85_900], close))[:rows]
    high = np.maximum(opened, close) + rng.integers(0, 9, rows)
    low = np.minimum(opened, close) - rng.integers(0, 9, rows)
    volume = rng.integers(100, 2_500, rows)
    bought = (volume * rng.random(rows)).astype(np.int64)
    ts_ns = start_ns + np.arange(rows) * step_ns
    return Bars(ts_ns, opened, high, low, close, volume, bought, volume * close, volume)


def bar(ts_ns: int, opened: int, high: int, low: int, close: int, volume: int = 10) -> Bars:
    """One bar."""
    return Bars([ts_ns], [opened], [high], [low], [close], [volume], [volume], [1], [volume])


def target(ticks: int, *, key: str = "order:1", average: Decimal | None = None) -> ChartLine:
    """A target of a long position."""
    basis = None if average is None else LineBasis(average, 1, Decimal(20))
    parts = (LinePart("TGT 1"), LinePart("+$20.00", 1), LinePart("+40t", 2), LinePart("2.0R", 3))
    return ChartLine(
        key,
        LineKind.TARGET,
        Side.SELL,
        ticks,
        1,
        parts,
        draggable=True,
        cancellable=True,
        basis=basis,
    )


def stop(ticks: int, *, key: str = "order:2") -> ChartLine:
    """A stop of a long position."""
    parts = (LinePart("STP 1"), LinePart("−$10.00", 1), LinePart("−20t", 2))
    return ChartLine(
        key, LineKind.STOP, Side.SELL, ticks, 1, parts, draggable=True, cancellable=True
    )


def waiting(ticks: int) -> ChartLine:
    """An entry that the venue has not answered."""
    parts = (LinePart("BUY LMT 2"), LinePart("sending…", 1))
    return ChartLine("intent:a", LineKind.PENDING, Side.BUY, ticks, 2, parts, waiting=True)
