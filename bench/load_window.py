"""One window under load, put together as the desk puts its own together."""

from __future__ import annotations

import asyncio
import time
from array import array
from typing import TYPE_CHECKING, Literal

from bench.chart_data import MNQ, SIZE
from bench.chart_ours import dress
from bench.load_signal import SignalThread
from bench.load_source import LoadSource
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.services.market_desk import KEPT_TRADES, MarketDesk
from tradedesk.services.market_thread import MarketThread
from tradedesk.ui.chart.panel import ChartPanel
from tradedesk.ui.frame_clock import FrameClock

if TYPE_CHECKING:
    from tradedesk.services.chart_feed import ChartFeed

Way = Literal["wake", "signal"]
EXACT_S = 30.0


class LoadWindow:
    """Chart, frame clock, market desk and market thread; only the venue is made up.

    Parameters
    ----------
    rate : float
        Events a second.
    way : {"wake", "signal"}
        How events come from the market thread: as in the product, or by a Qt signal each.
    quiet_before : bool, default False
        See `LoadSource`.
    plain : bool, default False
        Candles and volume alone; else with three indicators and four order lines.

    Attributes
    ----------
    delays_ns : array of int
        Of each message of trades: from its arrival on the market thread until bars have it.
    frames_ns : array of int
        When each frame began.
    busy_ns : array of int
        Processor time of the window's thread until then: what it did between two frames, however
        busy the rest of the machine was.
    works_ns : array of int
        How long each frame took, the paint of the frame before included.
    """

    def __init__(
        self, rate: float, way: Way, *, quiet_before: bool = False, plain: bool = False
    ) -> None:
        self.clock = SystemClock()
        self.source = LoadSource(self.clock, rate, quiet_before=quiet_before)
        self.markets = MarketDesk(self.clock, KEPT_TRADES)
        # Eight bytes a figure: in a long run nothing of ours is to be taken for the product's.
        self.delays_ns, self.frames_ns = array("q"), array("q")
        self.busy_ns, self.works_ns = array("q"), array("q")
        self._way, self._plain = way, plain
        self._heard_ns: list[int] = []
        self._exact = asyncio.Event()
        self._window = QWidget()
        self._chart = ChartPanel(self.clock.mono_ns)
        layout = QVBoxLayout(self._window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._chart)
        self._window.resize(*SIZE)
        self._frames = FrameClock(self.clock.mono_ns, parent=self._window)
        self._frames.register(self._frame)
        self._book = self.markets.watch(MNQ)
        self._version = -1
        self.feed: ChartFeed = self.markets.chart(MNQ, BarSpec.parse("5s"))

    async def open(self) -> None:
        """Show the window and wait until history and live trades are joined.

        Raises
        ------
        TimeoutError
            If they are not within 30 s.
        """
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._pump)

        if self._way == "wake":
            self._thread = MarketThread(lambda: self.source, wake)
        else:
            self._thread = SignalThread(lambda: self.source, self._pump)
        self._window.show()
        self._frames.watch(self._window)
        self.markets.on_trades(lambda item: self._heard_ns.append(item.mono_ns))
        self._chart.set_series(self.feed.series, MNQ, self.feed.spec)
        self._thread.start()
        self.markets.attach(self._thread)
        async with asyncio.timeout(EXACT_S):
            await self._exact.wait()
        self.source.forget()
        self._chart.navigator.show_bars(200)
        dress(self._chart, int(self.feed.series.close[-1]), extras=not self._plain)
        await asyncio.sleep(1.0)

    @property
    def kept(self) -> int:
        """Trades in memory."""
        return self.markets.trades_kept(MNQ.contract_id)

    def forget(self) -> None:
        """Measure anew."""
        for figures in (self.delays_ns, self.frames_ns, self.busy_ns, self.works_ns):
            del figures[:]

    async def close(self) -> tuple[int, int]:
        """End the stream and the window; lots sent, and lots in the bars."""
        self.source.done = True
        await asyncio.sleep(0.5)
        self.markets.pump()
        self._frames.stop()
        await asyncio.to_thread(self._thread.stop)
        series = self.feed.series
        ours = series.ts_ns >= self.source.began_ns
        lots = int(series.volume[ours].sum())
        self._window.close()
        self._window.deleteLater()
        return self.source.lots, lots

    def _pump(self) -> None:
        self.markets.pump()
        heard = self._heard_ns
        if heard:
            now = self.clock.mono_ns()
            self.delays_ns.extend(now - at for at in heard)
            heard.clear()
            if self.feed.is_exact:
                self._exact.set()

    def _frame(self, now_ns: int) -> None:
        """What the desk does for the chart once a frame."""
        self.frames_ns.append(now_ns)
        self.busy_ns.append(time.thread_time_ns())
        painted_ns = self._chart.paint_ns
        self._pump()
        book = self._book
        if book.version != self._version:
            self._version = book.version
            self._chart.set_market(
                book.last_ticks, book.bid_ticks, book.ask_ticks, book.last_side, stale=False
            )
        self._chart.refresh(self.markets.market_ns)
        self.works_ns.append(painted_ns + time.perf_counter_ns() - now_ns)
