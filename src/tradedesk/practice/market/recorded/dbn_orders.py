"""Market by order: every order by its id, folded into levels that say who left the queue."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError
from tradedesk.history.dbn_tables import UNDEF_PRICE
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    RESET,
    SELL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_RANK,
    UNKNOWN_SIDE,
)
from tradedesk.practice.market.recorded.raw import (
    RawDepth,
    Recorded,
    RowList,
    tape_times,
)

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

NANO: Final = Decimal("1e-9")
LAST: Final = 0x80
SNAPSHOT: Final = 0x20
_CHUNK: Final = 1 << 16
_ADD, _CANCEL, _MODIFY, _TRADE, _FILL, _CLEAR = (ord(letter) for letter in "ACMTFR")
_SIDES: Final = {ord("B"): BIDS, ord("A"): ASKS}
_AGGRESSORS: Final = {ord("B"): BUY, ord("A"): SELL}

Order = tuple[int, int, int, int]
"""Side, price, contracts, and since when it has its place in the queue."""


def read_orders(path: Path, rows: NDArray[np.void]) -> Recorded:
    """Fold the ``mbo`` records of one symbol.

    Parameters
    ----------
    path : Path
        For sentences.
    rows : ndarray of records
        As the file has them.

    Returns
    -------
    Recorded
        Trades at their receive time; changes of the book at that of the last record of their
        event, since it is not to be looked at before. Prices in 1e-9.

    Raises
    ------
    InputError
        For a price that is none, or impossible times.
    """
    times = tape_times(path, rows["ts_recv"])
    fold = OrderFold(path)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        columns = [
            part[name] for name in ("order_id", "price", "size", "ts_event", "instrument_id")
        ]
        actions, sides = part["action"].view("u1"), part["side"].view("u1")
        fold.absorb(
            zip(
                times[start : start + _CHUNK].tolist(),
                actions.tolist(),
                sides.tolist(),
                part["flags"].tolist(),
                *(column.tolist() for column in columns),
                strict=True,
            )
        )
    return fold.recorded()


class OrderFold:
    """Orders that rest, the sums of their levels, and the events that come of each change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._orders: dict[int, Order] = {}
        self._levels: RawDepth = ({}, {})
        self._out = RowList()
        self._held: list[tuple[int, int, int, int, int, int]] = []
        self._fills: dict[int, int] = {}
        self._traded: dict[int, int] = {}
        self._snapshot = False
        self._ts_ns = 0
        self._opening: RawDepth = ({}, {})
        self._opened_ns: int | None = None
        self._unknown = 0
        self._instrument = -1
        self._actions = {
            _ADD: self._add,
            _CANCEL: self._cancel,
            _MODIFY: self._modify,
            _TRADE: self._trade,
            _FILL: self._fill,
            _CLEAR: self._empty,
        }

    def absorb(self, records: zip[tuple[int, ...]]) -> None:
        """Go on by some records."""
        for ts_ns, action, side, flags, number, px, size, ts_event, instrument in records:
            if instrument != self._instrument:
                self._begin(instrument)
            self._ts_ns = ts_ns
            if flags & SNAPSHOT:
                self._picture(action, side, number, px, size, ts_event)
            else:
                if self._snapshot:
                    self._show()
                act = self._actions.get(action)
                if act is not None:
                    act(number, side, px, size)
            if flags & LAST:
                self._release()

    def recorded(self) -> Recorded:
        """Everything so far; an event that was cut off at the end counts as ended."""
        if self._snapshot:
            self._show()
        self._release()
        return Recorded(
            self._out.columns(),
            NANO,
            None,
            self._opening,
            self._opened_ns,
            self._unknown,
            len(self._orders),
        )

    def _begin(self, instrument: int) -> None:
        if self._instrument != -1:
            self._release()
            self._clear()
            self._held.append((RESET, 0, 0, 0, 0, UNKNOWN_RANK))
        self._instrument = instrument

    def _empty(self, number: int, side: int, px: int, size: int) -> None:
        self._clear()
        self._held.append((RESET, 0, 0, 0, 0, UNKNOWN_RANK))

    def _clear(self) -> None:
        self._orders.clear()
        self._fills.clear()
        for side in self._levels:
            side.clear()

    def _picture(
        self, action: int, side: int, number: int, px: int, size: int, ts_event: int
    ) -> None:
        """One record of a picture of the book; it is shown when it is whole."""
        if action == _CLEAR:
            self._clear()
            self._snapshot = True
        elif action == _ADD and side in _SIDES and size:
            self._snapshot = True
            self._drop(number)
            book = _SIDES[side]
            self._checked(px)
            # an order of the picture was there before anything on this tape
            self._orders[number] = (book, px, size, min(ts_event, self._ts_ns))
            self._levels[book][px] = self._levels[book].get(px, 0) + size

    def _show(self) -> None:
        self._snapshot = False
        if self._opened_ns is None and not len(self._out) and not self._held:
            self._opening = (dict(self._levels[BIDS]), dict(self._levels[ASKS]))
            self._opened_ns = self._ts_ns
            return
        self._held.append((RESET, 0, 0, 0, 0, UNKNOWN_RANK))
        for side, levels in enumerate(self._levels):
            self._held += [(LEVEL, side, px, qty, 0, UNKNOWN_RANK) for px, qty in levels.items()]

    def _release(self) -> None:
        if self._snapshot:
            self._show()
        ts_ns, add = self._ts_ns, self._out.add
        for row in self._held:
            add((ts_ns, *row))
        self._held.clear()
        self._traded.clear()

    def _add(self, number: int, letter: int, px: int, size: int) -> None:
        if letter not in _SIDES or not size:
            return
        self._checked(px)
        if number in self._orders:
            self._cut(number, self._orders[number][2])
        side = _SIDES[letter]
        self._orders[number] = (side, px, size, self._ts_ns)
        levels = self._levels[side]
        qty = levels[px] = levels.get(px, 0) + size
        self._held.append((LEVEL, side, px, qty, 0, UNKNOWN_RANK))

    def _cancel(self, number: int, letter: int, px: int, size: int) -> None:
        order = self._orders.get(number)
        if order is None:
            self._unknown += 1
        else:
            self._cut(number, min(size or order[2], order[2]))

    def _modify(self, number: int, letter: int, px: int, size: int) -> None:
        order = self._orders.get(number)
        if order is None:
            self._unknown += 1
            self._add(number, letter, px, size)
        elif px != order[1] or size > order[2]:
            # it goes to the end of a queue
            self._cut(number, order[2])
            self._add(number, letter, px, size)
        elif size < order[2]:
            self._cut(number, order[2] - size)

    def _cut(self, number: int, size: int) -> None:
        """Take contracts off an order; those that a trade took are marked as such."""
        side, px, left, rank_ns = self._orders[number]
        if left == size:
            del self._orders[number]
        else:
            self._orders[number] = (side, px, left - size, rank_ns)
        levels, held = self._levels[side], self._held
        qty = levels[px]
        filled = min(size, self._fills.pop(number, 0) or self._traded.get(px, 0))
        if filled:
            qty -= filled
            held.append((LEVEL, side, px, qty, 0, TRADED_RANK))
        if size > filled:
            qty -= size - filled
            held.append((LEVEL, side, px, qty, size - filled, rank_ns))
        if qty:
            levels[px] = qty
        else:
            del levels[px]

    def _drop(self, number: int) -> None:
        """Forget an order that a picture shows once more."""
        order = self._orders.pop(number, None)
        if order is not None:
            levels = self._levels[order[0]]
            levels[order[1]] -= order[2]
            if not levels[order[1]]:
                del levels[order[1]]

    def _trade(self, number: int, letter: int, px: int, size: int) -> None:
        if not size:
            return
        self._checked(px)
        aggressor = _AGGRESSORS.get(letter, UNKNOWN_SIDE)
        self._out.add((self._ts_ns, TRADE, aggressor, px, size, 0, UNKNOWN_RANK))
        self._traded[px] = self._traded.get(px, 0) + size

    def _fill(self, number: int, letter: int, px: int, size: int) -> None:
        told = min(size, self._traded.get(px, 0))
        if told:
            self._traded[px] -= told
            self._fills[number] = self._fills.get(number, 0) + told

    def _checked(self, px: int) -> None:
        if px == UNDEF_PRICE:
            raise InputError(f"{self._path} has an order without a price: fetch it again.")
