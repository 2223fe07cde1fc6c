"""A chart to which things happen at random, each of which it must repaint wholly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from tests.ui.chart.drawings.drawing_bench import anchor, book, easel, put
from tests.ui.chart.samples import bar, stop, target, waiting

from tradedesk.domain.order import Side
from tradedesk.services.drawings.drawing import ANCHORS, Kind
from tradedesk.ui.chart.marks import FillMark, Phantom
from tradedesk.ui.chart.reading.styles import STYLES
from tradedesk.ui.chart.sessions.levels import GROUPS
from tradedesk.ui.chart.study_look import StudyLook

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

STUDIES = (
    StudyLook(key="1", text="ema(9)"),
    StudyLook(key="2", text="bollinger(20)", filled=True),
    StudyLook(key="3", text="rsi(14)"),
)


class Story:
    """Steps that are drawn from a seed.

    Parameters
    ----------
    chart : ChartBench
        To which they happen.
    seed : int
        Of all that is random.
    """

    def __init__(self, chart: ChartBench, seed: int) -> None:
        self.chart, self._rng = chart, np.random.default_rng(seed)
        self.width, self.height = chart.panel.width(), chart.panel.height()
        self._steps: tuple[Callable[[], None], ...] = (
            self._trade, self._trade, self._trade, self._next_bar, self._point, self._point,
            self._pan, self._axis, self._wheel, self._lines, self._lines, self._phantom,
            self._fills, self._aim, self._wait, self._reject, self._form, self._style,
            self._status, self._leave, self._draw, self._draw,
        )  # fmt: skip

    def step(self) -> str:
        """Let one thing happen; returns what."""
        act = self._steps[self._int(0, len(self._steps))]
        act()
        self.chart.frame(self._int(1, 300))
        return act.__name__.strip("_")

    # --- the market ---------------------------------------------------------------------------

    def _trade(self) -> None:
        chart = self.chart
        newest = chart.series.bars[len(chart.series) - 1]
        close = max(2, newest.close + self._int(-9, 10) * (1 if self._int(0, 6) else 8))
        high, low = max(newest.high, close), min(newest.low, close)
        volume = newest.volume + self._int(1, 60)
        chart.series.apply_tail(bar(newest.ts_ns, newest.open, high, low, close, volume))
        self._quote(close)

    def _next_bar(self) -> None:
        chart = self.chart
        newest = chart.series.bars[len(chart.series) - 1]
        ts_ns, close = newest.ts_ns + 60_000_000_000, newest.close
        chart.series.apply_tail(bar(ts_ns, close, close, close, close, 3))
        self._quote(close)

    def _quote(self, close: int) -> None:
        self.chart.last = close
        self.chart.panel.set_market(close, close - 1, close + 1, Side(close % 2), stale=False)

    def _lines(self) -> None:
        last, far = self.chart.last, self._int(1, 40)
        every = [target(last + far), stop(last - far), waiting(last - far // 2)]
        self.chart.panel.set_lines([line for line in every if self._int(0, 3)])

    def _phantom(self) -> None:
        last, far = self.chart.last, self._int(1, 30)
        shown = Phantom(Side.BUY, last, last - far, last + far) if self._int(0, 2) else None
        self.chart.panel.set_phantom(shown)

    def _fills(self) -> None:
        series = self.chart.series
        rows = [self._int(max(0, len(series) - 60), len(series)) for _ in range(self._int(0, 4))]
        self.chart.panel.set_fill_marks(
            [
                FillMark(int(series.ts_ns[row]) + 5, int(series.close[row]), Side(row % 2), 1)
                for row in rows
            ]
        )

    def _reject(self) -> None:
        self.chart.panel.reject_move("order:1", "The price is beyond the day's limit.")

    # --- the hands ----------------------------------------------------------------------------

    def _at(self) -> tuple[int, int]:
        return self._int(0, self.width), self._int(0, self.height)

    def _point(self) -> None:
        self.chart.point_at(*self._at())

    def _draw(self) -> None:
        """Draw something, or take the oldest drawing away."""
        drawings = book(self.chart).drawings
        if drawings and not self._int(0, 3):
            book(self.chart).remove([drawings[0].id])
            return
        kind = list(Kind)[self._int(0, len(Kind))]
        newest, last = len(self.chart.series), self.chart.last
        anchors = [
            anchor(newest + self._int(-40, 8), max(2, last + self._int(-30, 31)))
            for _ in range(ANCHORS[kind])
        ]
        put(self.chart, kind, *anchors, text="Watch this")
        if self._int(0, 2):
            easel(self.chart).select(book(self.chart).drawings[-1].id)

    def _leave(self) -> None:
        QApplication.sendEvent(self.chart.canvas, QEvent(QEvent.Type.Leave))

    def _pan(self) -> None:
        x, y = self._at()
        self.chart.drag((x, y), (x + self._int(-60, 61), y + self._int(-40, 41)))

    def _axis(self) -> None:
        x, y = self.width - 20, self._int(20, self.height // 2)
        if self._int(0, 4):
            self.chart.drag((x, y), (x, y + self._int(-40, 41)))
        else:
            self.chart.double_click(x, y)

    def _wheel(self) -> None:
        self.chart.wheel(float(self._rng.choice([-2, -1, 1, 2])), *self._at())

    def _aim(self) -> None:
        key = Qt.Key.Key_B if self._int(0, 2) else Qt.Key.Key_S
        self.chart.key_down(key)
        self.chart.point_at(*self._at())
        if self._int(0, 2):
            self._trade()
            self.chart.frame()
        self.chart.key_up(key)

    def _wait(self) -> None:
        self.chart.frame(self._int(200, 6_000))

    # --- the look -----------------------------------------------------------------------------

    def _form(self) -> None:
        self.chart.panel.looks.change(
            logarithmic=bool(self._int(0, 2)), inverted=bool(self._int(0, 2))
        )

    def _style(self) -> None:
        self.chart.panel.looks.change(
            style=str(self._rng.choice(list(STYLES))),
            volume=bool(self._int(0, 2)),
            studies=tuple(study for study in STUDIES if not self._int(0, 3)),
            levels=tuple(GROUPS) if not self._int(0, 3) else (),
            profiles=("visible", "session") if not self._int(0, 3) else (),
        )

    def _status(self) -> None:
        last = self.chart.last
        if self._int(0, 2):
            self.chart.panel.set_status("Feed frozen since 12:03:04" * self._int(0, 2))
        else:
            self.chart.panel.set_market(last, None, None, None, stale=True)

    def _int(self, low: int, stop: int) -> int:
        return int(self._rng.integers(low, stop))
