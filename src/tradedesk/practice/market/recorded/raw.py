"""What a reader gives: events of one symbol, priced in steps of the file, not yet in ticks."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.domain.price import MAX_TICKS
from tradedesk.history.grid import rescaled
from tradedesk.history.instants import LAST_NS
from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.events import RESET, TRADE, MarketEvents

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from numpy.typing import NDArray

    from tradedesk.practice.products import Contract

LARGEST_SIZE: Final = 2**31 - 1
STEP_BACK_NS: Final = 1_000_000_000
"""Clocks of recorders are set right now and then; a longer way back is damage."""
MICROSECOND: Final = 1_000


class RawEvents(NamedTuple):
    """The columns of ``MarketEvents`` as int64, with ``px`` in steps of the recording.

    ``ts_ns`` is in whole microseconds and never descends.
    """

    ts_ns: NDArray[np.int64]
    kind: NDArray[np.int64]
    side: NDArray[np.int64]
    px: NDArray[np.int64]
    qty: NDArray[np.int64]
    cut: NDArray[np.int64]
    rank_ns: NDArray[np.int64]

    @classmethod
    def of_table(cls, table: NDArray[np.int64]) -> RawEvents:
        """Take the columns of an array of shape (n, 7)."""
        return cls._make(np.ascontiguousarray(column) for column in table.T)


class RowList:
    """Events that are gathered one by one, without an object for each number."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self.add = self._numbers.extend

    def __len__(self) -> int:
        return len(self._numbers) // 7

    def columns(self) -> RawEvents:
        """All rows so far."""
        table = np.frombuffer(self._numbers.tobytes(), np.int64)
        return RawEvents.of_table(table.reshape(-1, 7))


RawDepth = tuple[dict[int, int], dict[int, int]]
"""Bids and asks: contracts by price in steps."""


@dataclass(slots=True)
class Recorded:
    """What a file tells about one symbol.

    Parameters
    ----------
    events : RawEvents
        Everything after the opening book.
    step : Decimal
        Price of one step.
    shown : int or None
        Levels a side that the source shows: 0 for bare trades, None for the whole book.
    opening : tuple of dict
        The book before the first event: contracts by price of bids and of asks.
    opened_ns : int or None
        Time of the opening book, if it has one of its own.
    unknown : int
        Changes and deletions of orders, or updates, that the file has no beginning for.
    resting : int
        Orders that rest at the end, where the source knows orders.
    """

    events: RawEvents
    step: Decimal
    shown: int | None
    opening: RawDepth = ({}, {})
    opened_ns: int | None = None
    unknown: int = 0
    resting: int = 0

    def __len__(self) -> int:
        """How many trades there are."""
        return int(np.count_nonzero(self.events.kind == TRADE))

    @property
    def first_ns(self) -> int:
        """When the recording begins."""
        times = [int(self.events.ts_ns[0])] if len(self.events.ts_ns) else []
        return min(times if self.opened_ns is None else [*times, self.opened_ns])

    @property
    def last_ns(self) -> int:
        """When the last thing happened."""
        return int(self.events.ts_ns[-1]) if len(self.events.ts_ns) else self.first_ns

    @property
    def tells(self) -> bool:
        """Whether there is anything to replay."""
        return len(self.events.ts_ns) > 0 or bool(self.opening[0] or self.opening[1])

    def steps(self) -> NDArray[np.int64]:
        """Every price that occurs, in steps."""
        events = self.events.px[self.events.kind != RESET]
        opening = [px for side in self.opening for px in side]
        return np.concatenate([events, np.array(opening, np.int64)])


def tape_times(path: Path, ts_ns: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Check receive times and turn them into times of a tape.

    Parameters
    ----------
    path : Path
        For the sentence.
    ts_ns : ndarray of uint64
        UTC nanoseconds.

    Returns
    -------
    ndarray of int64
        In whole microseconds, never descending.

    Raises
    ------
    InputError
        If a time lies beyond the year 2200 or more than a second before an earlier one.
    """
    if not len(ts_ns):
        return ts_ns.astype(np.int64)
    if int(ts_ns.max()) > LAST_NS:
        raise InputError(
            f"{path} holds a time beyond the year 2200: it is damaged, fetch it again."
        )
    times = ts_ns.astype(np.int64)
    latest = np.maximum.accumulate(times)
    back = np.flatnonzero(latest - times > STEP_BACK_NS)
    if len(back):
        raise InputError(
            f"{path} goes back in time at record {int(back[0]) + 1}: sort it by receive time."
        )
    whole: NDArray[np.int64] = latest // MICROSECOND * MICROSECOND
    return whole


def on_grid(recorded: Recorded, contract: Contract) -> tuple[MarketEvents, Depth]:
    """Turn prices into ticks of a contract.

    Raises
    ------
    InputError
        If a price lies between two ticks, or a price or size is larger than the venue can count.
    """
    events = recorded.events
    prices = _Grid(recorded.step, contract)
    px = np.where(events.kind == RESET, 0, events.px)
    bids, asks = (
        tuple(
            Level(int(ticks), size)
            for ticks, size in zip(
                prices.ticks(np.array(list(side), np.int64)).tolist(), side.values(), strict=True
            )
        )
        for side in recorded.opening
    )
    sizes = [level.size for level in bids + asks]
    largest = max([int(events.qty.max(initial=0)), *sizes])
    if largest > LARGEST_SIZE:
        raise InputError(
            f"The recorded size {largest} of {contract.name} is more than a trade can have: "
            f"fetch the file again."
        )
    made = MarketEvents(
        events.ts_ns,
        events.kind.astype(np.int8),
        events.side.astype(np.int8),
        prices.ticks(px),
        events.qty.astype(np.int32),
        events.cut.astype(np.int32),
        events.rank_ns,
    )
    return made, Depth(tuple(sorted(bids, reverse=True)), tuple(sorted(asks)))


class _Grid:
    """Steps of a recording as ticks of a contract."""

    def __init__(self, step: Decimal, contract: Contract) -> None:
        self._step = step
        self._contract = contract

    def ticks(self, steps: NDArray[np.int64]) -> NDArray[np.int32]:
        """Ticks, or the sentence that says which price is none."""
        tick = self._contract.product.tick.size
        found = rescaled(steps, self._step, tick, MAX_TICKS)
        if found.large is not None:
            price = (self._step * abs(int(steps[found.large]))).normalize()
            raise InputError(
                f"The recorded price {price:f} is too large for {self._contract.name}: "
                f"name the file after another symbol."
            )
        if found.off is not None:
            price = (self._step * int(steps[found.off])).normalize()
            raise InputError(
                f"The recorded price {price:f} does not lie on the {tick} grid of "
                f"{self._contract.name}: name the file after another symbol."
            )
        return found.values.astype(np.int32)
