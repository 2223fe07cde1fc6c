"""The market thread: an asyncio loop of its own that feeds the desk by a queue and one wake.

The desk's loop paints; if market records were read there, every one of them would wait for a
frame. The thread reads and decodes, appends to a deque, and wakes the desk only when the desk has
emptied it before (see ``docs/architecture.md``, "tick").
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from tradedesk.domain.errors import GatewayError, StartError, TradeDeskError
from tradedesk.engine import Bars, TradeBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.market import DepthRow, Quote
    from tradedesk.services.market_ports import MarketSource

log = logging.getLogger(__name__)

STOP_DEADLINE_S = 3.0
HISTORY_DEADLINE_S = 20.0


class TradesArrived(NamedTuple):
    """A batch of trades of one contract."""

    contract_id: ContractId
    batch: TradeBatch
    mono_ns: int


class QuoteArrived(NamedTuple):
    """A merged top of book."""

    quote: Quote
    mono_ns: int


class FeedLink(NamedTuple):
    """The hub connected (``generation`` > 0) or was lost (0, with a reason)."""

    generation: int
    reason: str


class HistoryArrived(NamedTuple):
    """The answer to one history request: bars, or why there are none."""

    request_id: int
    bars: Bars | None
    error: str


FeedItem = TradesArrived | QuoteArrived | FeedLink | HistoryArrived


class MarketThread:
    """Runs a ``MarketSource`` and queues what it says.

    Parameters
    ----------
    make_source : callable
        Called on the thread; returns the source. If it raises, so does `start`.
    wake : callable
        Called from the thread, at most once per emptied queue; must be safe to call from there.
    name : str
        Of the thread.
    """

    def __init__(
        self,
        make_source: Callable[[], MarketSource],
        wake: Callable[[], object],
        name: str = "tradedesk-market",
    ) -> None:
        self._make_source = make_source
        self._wake = wake
        self._items: deque[FeedItem] = deque()
        self._asleep = True
        self._loop: asyncio.AbstractEventLoop | None = None
        self._source: MarketSource | None = None
        self._stopping: asyncio.Event | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)

    # --- desk side ----------------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread and wait until its loop runs.

        Raises
        ------
        StartError
            If it does not run within 3 s.
        """
        self._thread.start()
        if not self._ready.wait(STOP_DEADLINE_S):
            raise StartError("The market data thread did not start; restart tradedesk.")

    def stop(self) -> None:
        """Close the connections and end the thread; safe to call twice."""
        loop, stopping = self._loop, self._stopping
        if loop is not None and stopping is not None and self._thread.is_alive():
            loop.call_soon_threadsafe(stopping.set)
        if self._thread.is_alive():
            self._thread.join(STOP_DEADLINE_S)
            if self._thread.is_alive():
                log.error("the market data thread did not end within %.0f s", STOP_DEADLINE_S)

    @property
    def queued(self) -> int:
        """Items that wait to be taken; may be read from any thread."""
        return len(self._items)

    def drain(self) -> Sequence[FeedItem]:
        """Take everything queued, oldest first. Only the desk's thread calls this."""
        items = self._items
        taken = [items.popleft() for _ in range(len(items))]
        if not items:
            # Set before looking again, so that an item queued in between still wakes.
            self._asleep = True
            if items:
                self._asleep = False
                self._wake()
        return taken

    def subscribe(self, instrument: Instrument) -> None:
        """Ask for quotes and trades of a contract."""
        self._submit(lambda source: self._subscribe(source, instrument))

    def request_bars(
        self,
        request_id: int,
        instrument: Instrument,
        spec: BarSpec,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        partial: bool,
        patient: bool = False,
    ) -> None:
        """Ask for history; the answer is a ``HistoryArrived`` with the same id.

        Other questions go before one that is ``patient`` when calls are short.
        """

        async def fetch(source: MarketSource) -> None:
            try:
                async with asyncio.timeout(HISTORY_DEADLINE_S):
                    bars = await source.bars(
                        instrument,
                        spec,
                        start_ns,
                        end_ns,
                        limit,
                        partial=partial,
                        patient=patient,
                    )
            except TimeoutError:
                text = f"No history of {instrument.name} within {HISTORY_DEADLINE_S:.0f} s."
                self._put(HistoryArrived(request_id, None, text))
            except TradeDeskError as error:
                self._put(HistoryArrived(request_id, None, str(error)))
            else:
                self._put(HistoryArrived(request_id, bars, ""))

        self._submit(fetch)

    def _submit(self, job: Callable[[MarketSource], Coroutine[Any, Any, None]]) -> None:
        loop = self._loop
        if loop is None or not self._thread.is_alive():
            return
        loop.call_soon_threadsafe(self._start_job, job)

    # --- market thread ------------------------------------------------------------------------

    def _start_job(self, job: Callable[[MarketSource], Coroutine[Any, Any, None]]) -> None:
        assert self._loop is not None
        assert self._source is not None
        task = self._loop.create_task(job(self._source))
        self._jobs.add(task)
        task.add_done_callback(self._job_done)

    def _job_done(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a market data request failed", exc_info=task.exception())

    async def _subscribe(self, source: MarketSource, instrument: Instrument) -> None:
        try:
            await source.subscribe(instrument)
        except GatewayError as error:
            self.on_lost(str(error))

    def _main(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._source = self._make_source()
        self._ready.set()
        feed = self._loop.create_task(self._source.run(self))
        stop = self._loop.create_task(self._stopping.wait())
        try:
            await asyncio.wait({feed, stop}, return_when=asyncio.FIRST_COMPLETED)
            if feed.done() and not feed.cancelled() and feed.exception() is not None:
                log.error("the market feed ended", exc_info=feed.exception())
                self.on_lost(f"The market feed ended: {feed.exception()}")
                await stop
        finally:
            pending = {feed, stop, *self._jobs}
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            await self._source.aclose()

    def _put(self, item: FeedItem) -> None:
        self._items.append(item)
        if self._asleep:
            self._asleep = False
            self._wake()

    # --- MarketSink ---------------------------------------------------------------------------

    def on_connected(self, generation: int) -> None:
        """See ``MarketSink``."""
        self._put(FeedLink(generation, ""))

    def on_lost(self, reason: str) -> None:
        """See ``MarketSink``."""
        self._put(FeedLink(0, reason))

    def on_quote(self, quote: Quote, mono_ns: int) -> None:
        """See ``MarketSink``."""
        self._put(QuoteArrived(quote, mono_ns))

    def on_trades(
        self,
        contract_id: ContractId,
        ts_ns: Sequence[int],
        px_ticks: Sequence[int],
        qty: Sequence[int],
        buy_qty: Sequence[int],
        mono_ns: int,
    ) -> None:
        """See ``MarketSink``."""
        batch = TradeBatch(ts_ns, px_ticks, qty, buy_qty)
        self._put(TradesArrived(contract_id, batch, mono_ns))

    def on_depth(self, contract_id: ContractId, rows: Sequence[DepthRow], mono_ns: int) -> None:
        """Depth is not shown yet, so nothing is queued for it."""
