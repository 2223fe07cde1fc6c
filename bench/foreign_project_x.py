"""project-x-py's bar builder, eight sizes of a thousand bars each, fed trade by trade.

The builder is a mixin of its data manager. It is run as published, with callbacks, clean-up and
network left out, and so somewhat faster than in the product.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bench.bar_data import NS, TICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bar_data import Columns

SIZES = {
    "1s": (1, 1),
    "5s": (5, 1),
    "15s": (15, 1),
    "1m": (1, 2),
    "5m": (5, 2),
    "15m": (15, 2),
    "30m": (30, 2),
    "60m": (60, 2),
}
"""Number and unit, 1 for seconds and 2 for minutes; it has no other names for hours and days."""

BARS = 1_000
OLD = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


def prepare(columns: Columns) -> tuple[dict[str, Callable[[], object]], dict[str, Any]]:
    """One candidate, "live", without its limit of one trade a millisecond.

    What the limit costs is found beforehand: lots fed, and lots in its minute bars with it and
    without it, for eight sizes and for one size alone.
    """
    rows = zip(*(columns[name].tolist() for name in ("ts_ns", "px_ticks", "qty")), strict=True)
    trades = [
        {"timestamp": datetime.fromtimestamp(ts_ns / NS, tz=UTC), "price": px * TICK, "volume": qty}
        for ts_ns, px, qty in rows
    ]
    builder = _builder()

    def lots(sizes: list[str], *, limit: bool) -> int:
        made = asyncio.run(_feed(builder(sizes, limit=limit), trades))
        return int(made.data["1m"]["volume"].sum()) - BARS

    every = list(SIZES)
    found = {
        "version": importlib.metadata.version("project-x-py"),
        "fed": int(columns["qty"].sum()),
        "eight sizes, no limit": lots(every, limit=False),
        "one size, no limit": lots(["1m"], limit=False),
        "one size, as published": lots(["1m"], limit=True),
    }
    return {"live": lambda: asyncio.run(_feed(builder(every, limit=False), trades))}, found


async def _feed(made: Any, trades: list[dict[str, Any]]) -> Any:
    take = made._process_tick_data
    for trade in trades:
        await take(trade)
    return made


def _builder() -> Any:
    """The mixin with what it expects around it."""
    processing = importlib.import_module("project_x_py.realtime_data_manager.data_processing")
    pl = importlib.import_module("polars")
    pytz = importlib.import_module("pytz")

    class Builder(processing.DataProcessingMixin):  # type: ignore[misc, name-defined]
        def __init__(self, sizes: list[str], *, limit: bool) -> None:
            super().__init__()
            if not limit:
                self._min_update_interval = 0.0
            self.logger = logging.getLogger("project-x-py")
            self.timezone = pytz.utc
            self.tick_size = TICK
            self.is_running = True
            self.instrument = "ES"
            self.memory_stats = {"ticks_processed": 0}
            self.data_lock = asyncio.Lock()
            self.current_tick_data: list[Any] = []
            self.last_bar_times: dict[str, Any] = {}
            self.timeframes = {
                name: {"interval": SIZES[name][0], "unit": SIZES[name][1]} for name in sizes
            }
            self.data = {name: self._bars() for name in sizes}

        @staticmethod
        def _bars() -> Any:
            times = [datetime.fromtimestamp(OLD + row * 60, tz=UTC) for row in range(BARS)]
            prices = {name: [100.0] * BARS for name in ("open", "high", "low", "close")}
            frame = pl.DataFrame({"timestamp": times, **prices, "volume": [1] * BARS})
            return frame.with_columns(pl.col("timestamp").dt.replace_time_zone("UTC"))

        async def _trigger_callbacks(self, *_: object) -> None: ...

        async def _cleanup_old_data(self) -> None: ...

        async def track_error(self, error: BaseException, *_: object) -> None:
            raise error

    return Builder
