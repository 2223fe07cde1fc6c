"""vnpy's chart: its widget with candles and volume, and with candles alone."""

from __future__ import annotations

import importlib
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.drag import Drag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.bar_data import Columns


def prepare(
    columns: Columns, size: Sequence[int], tick: float, visible: Sequence[int]
) -> tuple[dict[str, Callable[[], object]], dict[str, Any]]:
    """Candidates "pan KIND", "tick KIND" and "show KIND N"; a kind is "whole" or "candles"."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    Path(".vntrader").mkdir(exist_ok=True)  # else it makes that folder in the user's home
    vnpy = importlib.import_module("vnpy")
    widgets = importlib.import_module("PySide6.QtWidgets")
    core = importlib.import_module("PySide6.QtCore")
    application = widgets.QApplication(["bench"])
    candidates: dict[str, Callable[[], object]] = {}
    for kind in ("whole", "candles"):
        chart = _Chart(columns, size, tick, volume=kind == "whole", application=application)
        candidates[f"pan {kind}"] = chart.pan
        candidates[f"tick {kind}"] = chart.tick
        for count in visible:
            candidates[f"show {kind} {count}"] = partial(chart.show, count)
    return candidates, {"version": vnpy.__version__, "qt": core.qVersion()}


class _Chart:
    """vnpy's ChartWidget, used as its own backtester uses it."""

    def __init__(
        self, columns: Columns, size: Sequence[int], tick: float, *, volume: bool, application: Any
    ) -> None:
        chart = importlib.import_module("vnpy.chart")
        self._application = application
        self._bars = _bars(columns, tick)
        self._width = size[0]
        self._tick = tick
        self._ticks = 0
        self._drag = Drag()
        self._visible = 200
        self.widget = chart.ChartWidget()
        self.widget.add_plot("candle", hide_x_axis=volume)
        self.widget.add_item(chart.CandleItem, "candle", "candle")
        if volume:
            self.widget.add_plot("volume", maximum_height=200)
            self.widget.add_item(chart.VolumeItem, "volume", "volume")
        self.widget.resize(*size)
        self.widget.show()
        self.widget.update_history(self._bars)
        self._settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._visible = visible
        self._drag = Drag()
        self._place()

    def pan(self) -> None:
        """One step of a drag, painted."""
        self._drag.step()
        self._place()

    def tick(self) -> None:
        """The newest bar changes."""
        self._ticks += 1
        newest = self._bars[-1]
        newest.close_price = newest.open_price + (self._tick if self._ticks % 2 else -self._tick)
        self.widget.update_bar(newest)
        self._settle()

    def _place(self) -> None:
        """What its own keys do: another right end and another number of bars."""
        shift = self._drag.away_px * self._visible / self._width
        self.widget._right_ix = len(self._bars) - shift
        self.widget._bar_count = self._visible
        self.widget._update_x_range()
        self._settle()

    def _settle(self) -> None:
        for _ in range(3):
            self._application.processEvents()


def _bars(columns: Columns, tick: float) -> list[Any]:
    """The bars as objects of the library."""
    datetime: Any = importlib.import_module("datetime")
    exchange = importlib.import_module("vnpy.trader.constant").Exchange.CME
    make = importlib.import_module("vnpy.trader.object").BarData
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        make(
            gateway_name="bench",
            symbol="MNQ",
            exchange=exchange,
            datetime=datetime.datetime.fromtimestamp(ts_ns / 1e9, datetime.UTC),
            open_price=opened * tick,
            high_price=high * tick,
            low_price=low * tick,
            close_price=close * tick,
            volume=volume,
        )
        for ts_ns, opened, high, low, close, volume in rows
    ]
