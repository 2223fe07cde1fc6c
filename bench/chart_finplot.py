"""finplot's candles as a candidate."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bench.chart_data import SIZE, TICK
from bench.chart_ours import settle
from bench.drag import Drag

if TYPE_CHECKING:
    from tradedesk.engine import Bars


class Finplot:
    """finplot's candles with its own axes.

    Raises
    ------
    ImportError
        If finplot is not installed.
    """

    def __init__(self, bars: Bars) -> None:
        fplt: Any = importlib.import_module("finplot")
        pandas: Any = importlib.import_module("pandas")
        self._frame = pandas.DataFrame(
            {name: getattr(bars, name) * TICK for name in ("open", "close", "high", "low")},
            index=pandas.to_datetime(bars.ts_ns),
        )
        self._close = self._frame.columns.get_loc("close")
        self._first = float(self._frame["open"].iloc[-1])
        axis = fplt.create_plot("bars", maximize=False, init_zoom_periods=200)
        self._candles = fplt.candlestick_ochl(self._frame, ax=axis)
        fplt.show(qt_exec=False)
        self._box = axis.vb
        self._box.win.resize(*SIZE)
        self._box.win.show()
        self._rows = len(bars)
        self._ticks = 0
        self._visible = 200
        self._drag = Drag()
        settle()

    def show(self, visible: int) -> None:
        """About so many bars in view, the newest one among them."""
        self._visible = visible
        self._drag = Drag()
        self._place()

    def pan(self) -> None:
        """One step of a drag, painted; a drag of less than a bar moves on when it is a whole."""
        self._drag.step()
        self._place()

    def tick(self) -> None:
        """The newest bar changes."""
        self._ticks += 1
        self._frame.iat[-1, self._close] = self._first + (TICK if self._ticks % 2 else -TICK)
        self._candles.update_data(self._frame)
        settle()

    def close(self) -> None:
        """Take the window away."""
        self._box.win.close()
        settle()

    def _place(self) -> None:
        shift = self._drag.away_px * self._visible / SIZE[0]
        right = self._rows + 1 - shift
        self._box.update_y_zoom(right - self._visible - 1, right)
        settle()
