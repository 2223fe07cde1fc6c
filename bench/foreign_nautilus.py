"""nautilus_trader's time bar aggregators, eight of them, fed trade by trade."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bench.bar_data import NS, TICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns

SPECS = {
    "1s": "1-SECOND",
    "5s": "5-SECOND",
    "15s": "15-SECOND",
    "1m": "1-MINUTE",
    "5m": "5-MINUTE",
    "15m": "15-MINUTE",
    "1h": "1-HOUR",
    "1d": "1-DAY",
}


def prepare(columns: Columns) -> tuple[dict[str, Callable[[], object]], dict[str, Any]]:
    """One candidate, "live"; its trade objects are made beforehand and not counted."""
    package = importlib.import_module("nautilus_trader")
    aggregation = importlib.import_module("nautilus_trader.data.aggregation")
    component = importlib.import_module("nautilus_trader.common.component")
    model = importlib.import_module("nautilus_trader.model.data")
    kit = importlib.import_module("nautilus_trader.test_kit.providers")
    future = kit.TestInstrumentProvider.es_future(2025, 12)
    trades = _trades(model, future, columns)

    def run() -> dict[str, list[Any]]:
        clock = component.TestClock()
        clock.set_time(trades[0].ts_init)
        made: dict[str, list[Any]] = {text: [] for text in SPECS}
        aggregators = []
        for text, spec in SPECS.items():
            kind = model.BarType.from_str(f"{future.id}-{spec}-LAST-INTERNAL")
            aggregators.append(
                aggregation.TimeBarAggregator(
                    future, kind, made[text].append, clock, build_with_no_updates=False
                )
            )
        takers = [aggregator.handle_trade_tick for aggregator in aggregators]
        whole_second = 0
        for trade in trades:
            now = trade.ts_init
            if now >= whole_second:  # no timer is due in between
                for handler in clock.advance_time(now):
                    handler.handle()
                whole_second = now // NS * NS + NS
            for take in takers:
                take(trade)
        return made

    lots = {
        text: [int(bars[-1].ts_event), sum(int(bar.volume) for bar in bars)]
        for text, bars in run().items()
        if bars
    }
    return {"live": run}, {"version": package.__version__, "lots": lots}


def _trades(model: Any, future: Any, columns: Columns) -> list[Any]:
    """The trades as objects of the library."""
    sides = importlib.import_module("nautilus_trader.model.enums").AggressorSide
    name = importlib.import_module("nautilus_trader.model.identifiers").TradeId
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        model.TradeTick(
            future.id,
            future.make_price(px * TICK),
            future.make_qty(qty),
            sides.BUYER if buy else sides.SELLER,
            name(str(row)),
            ts_ns,
            ts_ns,
        )
        for row, (ts_ns, px, qty, buy) in enumerate(rows)
    ]
