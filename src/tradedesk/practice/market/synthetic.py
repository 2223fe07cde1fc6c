"""A generated market: one endless tape per contract, a function of the seed alone."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from tradedesk.practice.market.depth_made import MadeDepth
from tradedesk.practice.market.depth_shift import Shifted
from tradedesk.practice.market.flow import trades_of_hour
from tradedesk.practice.market.history import History
from tradedesk.practice.market.path import HOUR_S
from tradedesk.practice.market.prints import Prints, join
from tradedesk.practice.market.skeleton import stream
from tradedesk.practice.market.tape import Touch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.market.book import Depth
    from tradedesk.practice.market.events import MarketEvents
    from tradedesk.practice.market.hours_ground import Ground
    from tradedesk.practice.market.path import PathMaker
    from tradedesk.practice.products import Contract

    Ints = NDArray[np.int64]

HOUR_NS: Final = HOUR_S * 1_000_000_000
_USUAL_SLOT_NS: Final = 400_000_000
_USUAL_RATE: Final = 5.0


class GeneratedTrades:
    """Trades of one contract, made hour by hour when somebody asks. For one thread.

    They are those of the unsteered market.

    Parameters
    ----------
    seed : int
        Not negative.
    contract : Contract
        What is traded.
    path : PathMaker
        Moves of the underlying.
    ground : Ground
        Hours and pace.
    """

    KEPT: ClassVar[int] = 2

    def __init__(self, seed: int, contract: Contract, path: PathMaker, ground: Ground) -> None:
        self.contract = contract
        self._seed = seed
        self._path = path
        self._ground = ground
        self._start_ns = ground.start_ns
        self._hours: dict[int, Prints] = {}

    def hour_of(self, ts_ns: int) -> int:
        """Number of the hour since the start in which a time lies."""
        return (ts_ns - self._start_ns) // HOUR_NS

    def hour_start(self, number: int) -> int:
        """When an hour begins, UTC nanoseconds."""
        return self._start_ns + number * HOUR_NS

    def hour(self, number: int) -> Prints:
        """All trades of one hour."""
        prints = self._hours.pop(number, None)
        if prints is None:
            prints = self._make(number)
        self._hours[number] = prints
        while len(self._hours) > self.KEPT:
            del self._hours[next(iter(self._hours))]
        return prints

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        hours = range(self.hour_of(after_ns + 1), self.hour_of(until_ns) + 1)
        parts = [self.hour(number).window(after_ns, until_ns) for number in hours]
        return parts[0] if len(parts) == 1 else join(parts)

    def found(self, now_ns: int) -> tuple[int, Touch]:
        """The touch at a moment, and since when it has been that.

        It is what the last trade left behind, or before the first one of a stretch of trading
        what the path says at its opening. While the market is closed it is that of the close.
        """
        span = self._ground.times.latest(now_ns)
        since_ns = now_ns if span is None else span.start_ns
        until_ns = now_ns if span is None else span.end_ns - 1
        for number in range(self.hour_of(until_ns), self.hour_of(since_ns) - 1, -1):
            prints = self.hour(number)
            row = int(prints.ts_ns.searchsorted(until_ns, side="right"))
            if row and int(prints.ts_ns[row - 1]) > since_ns:
                last = prints.rows(row - 1, row).each()[0]
                return last.ts_ns, Touch(last.px, last.bid, last.ask)
        return since_ns, self._of_path(since_ns)

    def touch(self, now_ns: int) -> Touch:
        """The touch at a moment."""
        return self.found(now_ns)[1]

    def _of_path(self, at_ns: int) -> Touch:
        number = self.hour_of(at_ns)
        path = self._path.hour(number).on_grid(*self.contract.product.ratio)
        row = int(path.at_us.searchsorted((at_ns - self.hour_start(number)) // 1_000, side="right"))
        bid = int(path.bid[row - 1]) if row else path.before_bid
        spread = int(path.spread[row - 1]) if row else path.before_spread
        return Touch(bid, bid, bid + spread)

    def _make(self, number: int) -> Prints:
        times, begin_ns = self._ground.times, self.hour_start(number)
        if not times.spans(begin_ns, begin_ns + HOUR_NS):
            return Prints.none()
        product = self.contract.product
        flow = self._path.skeleton.minutes(number * 60, 60).flow
        random = stream(self._seed, product.symbol, "trades", number)
        per_minute = 60.0 * product.trades_per_s * self._ground.pace * flow
        path = self._path.hour(number).on_grid(*product.ratio)
        prints = trades_of_hour(random, product, path, per_minute)
        prints = prints._replace(ts_ns=prints.ts_ns + begin_ns)
        if times.endless:
            return prints
        is_open = times.holds(prints.ts_ns)
        return Prints._make(column[is_open] for column in prints)


class SteeredTrades(GeneratedTrades):
    """The same with what the control endpoint asked for laid over them, for bars."""

    KEPT = 1

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`, as they were seen."""
        return steered(super().prints(after_ns, until_ns), self.contract, self._ground)


class SyntheticTape:
    """One contract's endless tape.

    Parameters
    ----------
    seed : int
        Not negative. Equal seeds give equal tapes, counted from the start.
    contract : Contract
        What is traded.
    ground : Ground
        Shared by the contracts of one underlying.
    """

    def __init__(self, seed: int, contract: Contract, ground: Ground) -> None:
        self.contract = contract
        self._ground = ground
        self._trades = GeneratedTrades(seed, contract, ground.ahead, ground)
        product = contract.product
        rate = (product.trades_per_s + product.underlying.moves_per_s) * ground.pace
        times = ground.times
        self._depth = MadeDepth(
            self._trades,
            seed ^ zlib.crc32(product.symbol.encode()),
            product.touch_size,
            slot_ns=int(_USUAL_SLOT_NS * min(max(_USUAL_RATE / rate, 0.5), 5.0)),
            spans=None if times.endless else times.spans,
            calm=None if times.endless else ground.shape.flow,
        )
        self._shifted = Shifted(self._depth, self._trades, self._shift)
        past = SteeredTrades(seed, contract, ground.past, ground)
        self._history = History(past, ground.past.skeleton, ground)

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        if self._ground.steering.idle:
            return self._depth.events(after_ns, until_ns)
        return self._shifted.events(after_ns, until_ns)

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now; ``events`` go on from it."""
        if self._ground.steering.idle:
            return self._depth.depth(now_ns)
        return self._shifted.depth(now_ns)

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`: those of ``events``."""
        return steered(self._trades.prints(after_ns, until_ns), self.contract, self._ground)

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None if not within two weeks."""
        return self._depth.next_ns(after_ns)

    def touch(self, now_ns: int) -> Touch:
        """State of the market after the last trade; of the close while the market is closed."""
        since_ns, touch = self._trades.found(now_ns)
        if self._ground.steering.idle:
            return touch
        shift = int(self._shift(np.array([since_ns], np.int64))[0])
        return Touch(touch.last + shift, touch.bid + shift, touch.ask + shift)

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars that open in a window, oldest first, the last `limit` of them, none after now."""
        return self._history.bars(spec, start_ns, end_ns, limit, now_ns)

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """Drift the price, and that of everything on the same underlying."""
        num, den = self.contract.product.ratio
        self._ground.steering.add(ticks * num / den, from_ns, seconds)
        return True

    def _shift(self, ts_ns: Ints) -> NDArray[np.int32]:
        return self._ground.steering.shift(ts_ns, *self.contract.product.ratio)


def steered(prints: Prints, contract: Contract, ground: Ground) -> Prints:
    """Trades with what the control endpoint asked for laid over them."""
    if ground.steering.idle or not len(prints.ts_ns):
        return prints
    shift = ground.steering.shift(prints.ts_ns, *contract.product.ratio)
    return prints._replace(px=prints.px + shift, bid=prints.bid + shift, ask=prints.ask + shift)
