"""A recorded market: what happened then, at the time it happened then."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine import aggregate, grid_of, venue_calendar
from tradedesk.practice.market.depth_made import MadeDepth
from tradedesk.practice.market.recorded.contracts import contract_of
from tradedesk.practice.market.recorded.raw import on_grid
from tradedesk.practice.market.recorded.seek import RecordedBook
from tradedesk.practice.market.recorded.touches import bare_prints, booked_prints
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.source import day_of, expired
from tradedesk.practice.market.tape import Touch

if TYPE_CHECKING:
    from pathlib import Path

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.market.book import Depth
    from tradedesk.practice.market.events import MarketEvents
    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.market.recorded.raw import Recorded
    from tradedesk.practice.market.recordings import Recording
    from tradedesk.practice.market.source import Past
    from tradedesk.practice.market.tape import Tape
    from tradedesk.practice.products import Contract


class Happenings(Protocol):
    """Events and book of one contract, recorded or made up around recorded trades."""

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now."""

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None if there is none."""


class BareTrades:
    """Recorded trades without a book, and the touch made up around them.

    Parameters
    ----------
    trades : Prints
        At least one.
    """

    def __init__(self, trades: Prints) -> None:
        self._trades = trades

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        return self._trades.window(after_ns, until_ns)

    def touch(self, now_ns: int) -> Touch:
        """State after the last trade; before the first one what that one will find."""
        row = max(int(self._trades.ts_ns.searchsorted(now_ns, side="right")) - 1, 0)
        prints = self._trades
        return Touch(int(prints.px[row]), int(prints.bid[row]), int(prints.ask[row]))


class ReplayTape:
    """What was recorded of one contract. Answers for any time at once, in any order.

    Before the first event the book is the one that the recording begins with; after the last one
    it stays. Where the file has trades only, a book is made up around them.

    Parameters
    ----------
    contract : Contract
        What was traded.
    recorded : Recorded
        What the file says about it; not empty.

    Raises
    ------
    InputError
        If prices do not lie on the product's tick grid, or numbers are too large.
    """

    def __init__(self, contract: Contract, recorded: Recorded) -> None:
        self.contract = contract
        self.first_ns, self.last_ns = recorded.first_ns, recorded.last_ns
        events, opening = on_grid(recorded, contract)
        self._book: RecordedBook | None = None
        self._happenings: Happenings
        if recorded.shown == 0:
            self._prints = bare_prints(events)
            seed = zlib.crc32(contract.contract_id.encode())
            self._happenings = MadeDepth(
                BareTrades(self._prints), seed, contract.product.touch_size
            )
        else:
            self._prints = booked_prints(events, opening)
            self._book = self._happenings = RecordedBook(events, opening)
        self._somewhere = _somewhere(events, opening)
        self._batch = self._prints.batch()

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        return self._happenings.events(after_ns, until_ns)

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now."""
        return self._happenings.depth(now_ns)

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`."""
        return self._prints.window(after_ns, until_ns)

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None at the end."""
        return self._happenings.next_ns(after_ns)

    def touch(self, now_ns: int) -> Touch:
        """Last trade and best prices; an empty side is put one tick beyond the other one."""
        if self._book is None:
            return BareTrades(self._prints).touch(now_ns)
        bid, ask = self._book.best(now_ns)
        row = max(int(self._prints.ts_ns.searchsorted(now_ns, side="right")) - 1, 0)
        if len(self._prints.ts_ns):
            last = int(self._prints.px[row])
        else:
            last = next((px for px in (bid, ask) if px is not None), self._somewhere)
        if bid is None:
            bid = last if ask is None else ask - 1
        return Touch(last, bid, bid + 1 if ask is None else ask)

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars of what was replayed so far."""
        times = self._prints.ts_ns
        calendar = venue_calendar(spec, self.first_ns)
        first, stop = 0, int(times.searchsorted(now_ns, side="right"))
        if spec.is_time and stop:
            grid = grid_of(spec, calendar)
            oldest, newest = int(times[0]), int(times[stop - 1])
            begin_ns = grid.floor(min(max(start_ns, oldest), newest))
            behind_ns = grid.next(min(max(end_ns, oldest), newest))
            first = int(times.searchsorted(begin_ns))
            stop = min(stop, int(times.searchsorted(behind_ns)))
        bars = aggregate(self._batch[first:stop], spec, calendar)
        begin, end = np.searchsorted(bars.ts_ns, (start_ns, end_ns + 1))
        return bars[max(int(begin), int(end) - limit) : int(end)]

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """What happened cannot be bent."""
        return False

    @property
    def nbytes(self) -> int:
        """Memory of trades, events and checkpoints."""
        trades = sum(column.nbytes for column in self._prints)
        return trades + (self._book.nbytes if self._book is not None else 0)


class ReplayMarket:
    """The contracts of one recording, all of them active. A replay is always open.

    Parameters
    ----------
    recording : dict of str to Recorded
        By symbol.

    Attributes
    ----------
    first_ns, last_ns : int
        When the recording begins and ends, UTC nanoseconds.

    Raises
    ------
    InputError
        If prices do not lie on the product's tick grid, or two symbols are the same contract.
    """

    def __init__(self, recording: Recording) -> None:
        self.first_ns = min(recorded.first_ns for recorded in recording.values())
        self.last_ns = max(recorded.last_ns for recorded in recording.values())
        day = day_of(self.first_ns)
        self._tapes: dict[str, ReplayTape] = {}
        symbols: dict[str, str] = {}
        for symbol, recorded in recording.items():
            contract = contract_of(symbol, recorded, day)
            other = symbols.setdefault(contract.contract_id, symbol)
            if other != symbol:
                raise InputError(
                    f"{other} and {symbol} of the recording are both {contract.name}: "
                    f"record one of them."
                )
            tape = ReplayTape(contract, recorded)
            self._tapes[contract.contract_id] = tape

    def active(self) -> list[Contract]:
        """The recorded contracts."""
        return [tape.contract for tape in self._tapes.values()]

    def find(self, contract_id: str) -> Contract | None:
        """A recorded contract, or an earlier expiry of one."""
        tape = self._tapes.get(contract_id)
        return expired(contract_id, self.active()) if tape is None else tape.contract

    def tape(self, contract: Contract) -> Tape:
        """The tape of a recorded contract; the same object each time."""
        return self._tapes[contract.contract_id]

    def past(self, contract: Contract) -> Past | None:
        """Nothing was recorded of earlier expiries."""
        return None


def open_recording(path: Path) -> ReplayMarket:
    """Read a file and make a market of it; see `read_recording` for what it may be.

    Raises
    ------
    InputError
        One sentence: what is wrong, and what would do.
    """
    return ReplayMarket(read_recording(path))


def _somewhere(events: MarketEvents, opening: Depth) -> int:
    """A price to stand at while there is neither book nor trade."""
    levels = opening.bids or opening.asks
    return levels[0].px if levels else int(events.px[0])
