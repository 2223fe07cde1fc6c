"""A generated market: one endless tape per contract, a function of the seed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.practice.market.flow import trades_of_hour
from tradedesk.practice.market.history import History
from tradedesk.practice.market.path import HOUR_S, PathMaker
from tradedesk.practice.market.prints import Prints, join
from tradedesk.practice.market.skeleton import stream
from tradedesk.practice.market.steering import Steering
from tradedesk.practice.market.tape import Touch

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.products import Contract, Underlying

HOUR_NS: Final = HOUR_S * 1_000_000_000


class Ground:
    """What the contracts of one underlying share: its path and how it was steered.

    ``ahead`` is for the venue's own thread, ``past`` for the thread that makes bars; both give
    the same path.
    """

    def __init__(self, seed: int, underlying: Underlying, pace: float) -> None:
        self.ahead = PathMaker(seed, underlying, pace)
        self.past = PathMaker(seed, underlying, pace)
        self.steering = Steering()
        self.pace = pace


class GeneratedTrades:
    """Trades of one contract, made hour by hour when somebody asks. For one thread.

    Parameters
    ----------
    seed : int
        Not negative.
    contract : Contract
        What is traded.
    path : PathMaker
        Moves of the underlying.
    ground : Ground
        Pace and steering.
    start_ns : int
        Venue time at which hour 0 begins.
    """

    KEPT: Final = 3

    def __init__(
        self, seed: int, contract: Contract, path: PathMaker, ground: Ground, start_ns: int
    ) -> None:
        self.contract = contract
        self._seed = seed
        self._path = path
        self._ground = ground
        self._start_ns = start_ns
        self._hours: dict[int, Prints] = {}

    def hour_of(self, ts_ns: int) -> int:
        """Number of the hour since the start in which a time lies."""
        return (ts_ns - self._start_ns) // HOUR_NS

    def hour_start(self, number: int) -> int:
        """When an hour begins, UTC nanoseconds."""
        return self._start_ns + number * HOUR_NS

    def hour(self, number: int) -> Prints:
        """All trades of one hour, unsteered."""
        prints = self._hours.pop(number, None)
        if prints is None:
            prints = self._make(number)
        self._hours[number] = prints
        while len(self._hours) > self.KEPT:
            del self._hours[next(iter(self._hours))]
        return prints

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        hours = range(self.hour_of(after_ns), self.hour_of(until_ns) + 1)
        parts = [self.hour(number).window(after_ns, until_ns) for number in hours]
        return self.steered(parts[0] if len(parts) == 1 else join(parts))

    def steered(self, prints: Prints) -> Prints:
        """Trades with what the control endpoint asked for laid over them."""
        if self._ground.steering.idle or not len(prints.ts_ns):
            return prints
        shift = self._ground.steering.shift(prints.ts_ns)
        return prints._replace(px=prints.px + shift, bid=prints.bid + shift, ask=prints.ask + shift)

    def _make(self, number: int) -> Prints:
        product = self.contract.product
        activity = self._path.skeleton.minutes(number * 60, 60).activity
        random = stream(self._seed, product.symbol, "trades", number)
        per_minute = 60.0 * product.trades_per_s * self._ground.pace * activity
        prints = trades_of_hour(random, product, self._path.hour(number), per_minute)
        return prints._replace(ts_ns=prints.ts_ns + self.hour_start(number))


class SyntheticTape:
    """One contract's endless tape.

    Parameters
    ----------
    seed : int
        Not negative. Equal seeds give equal tapes, counted from `start_ns`.
    contract : Contract
        What is traded.
    ground : Ground
        Shared by the contracts of one underlying.
    start_ns : int
        Venue time at which hour 0 begins.
    session_offset_ns : int
        Start of the trading day relative to midnight UTC.
    """

    def __init__(
        self, seed: int, contract: Contract, ground: Ground, start_ns: int, session_offset_ns: int
    ) -> None:
        self.contract = contract
        self._ground = ground
        self._trades = GeneratedTrades(seed, contract, ground.ahead, ground, start_ns)
        past = GeneratedTrades(seed, contract, ground.past, ground, start_ns)
        self._history = History(past, ground.past.skeleton, start_ns, session_offset_ns)

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        return self._trades.prints(after_ns, until_ns)

    def next_ns(self, after_ns: int) -> int | None:
        """When the first trade later than `after_ns` happens; None if not within an hour."""
        first = self._trades.hour_of(after_ns)
        for number in (first, first + 1):
            times = self._trades.hour(number).ts_ns
            row = int(times.searchsorted(after_ns, side="right"))
            if row < len(times):
                return int(times[row])
        return None

    def touch(self, now_ns: int) -> Touch:
        """State of the market after the last trade; that of the path if it is long ago."""
        number = self._trades.hour_of(now_ns)
        prints = self._trades.hour(number)
        row = int(prints.ts_ns.searchsorted(now_ns, side="right"))
        if row:
            last = self._trades.steered(prints.rows(row - 1, row))
            return Touch(int(last.px[0]), int(last.bid[0]), int(last.ask[0]))
        shift = int(self._ground.steering.shift(np.array([now_ns], np.int64))[0])
        bid = self._ground.ahead.hour(number).before_bid + shift
        return Touch(bid, bid, bid + 1)

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars that open in a window, oldest first, the last `limit` of them, none after now."""
        return self._history.bars(spec, start_ns, end_ns, limit, now_ns)

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """Drift the price, and that of everything on the same underlying."""
        self._ground.steering.add(ticks, from_ns, seconds)
        return True
