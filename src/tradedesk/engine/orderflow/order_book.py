"""The book of one contract from every single order."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import INT32, int_column, same_length
from tradedesk.engine.orderflow.book_side import BookSide
from tradedesk.engine.orderflow.level_book import LevelBook
from tradedesk.engine.orderflow.level_pairs import whole_int32
from tradedesk.engine.orderflow.parameter import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray


class OrderAction(IntEnum):
    """What an event of the venue does to the book."""

    ADD = 0
    """An order waits from now on."""
    CANCEL = 1
    """So many of its contracts wait no longer; with a size of 0 all of them."""
    MODIFY = 2
    """It waits at this price with this size."""
    CLEAR = 3
    """No order waits any more."""
    NONE = 4
    """Nothing, as with trades and fills, whose change of the book comes by itself."""


class RestingOrder(NamedTuple):
    """An order in the book: its side, price in ticks, and contracts still waiting."""

    is_bid: bool
    px: int
    size: int


_Waiting = tuple[bool, int, int]
"""Side, price and size as in `RestingOrder`; a plain tuple is made in a third of the time."""
_Undo = list[tuple[int, _Waiting | None]]
_Kept = tuple[dict[int, _Waiting], BookSide, BookSide]
_LEAST_NUMBER: Final = -(2**63)
_MOST_NUMBER: Final = 2**64 - 1
_ACTIONS: Final = np.array(list(OrderAction))


class OrderBook(LevelBook):
    """Orders by their numbers, added up to price levels.

    Attributes
    ----------
    whole : bool
        Whether the last event of the venue is in to its last record. In the middle of one the
        book may be crossed for no reason.

    Notes
    -----
    A number that is not known, or known already when it is added, is an error: an event is
    missing, and the levels are not those of the market until a picture has come, which is a clear
    followed by the orders that wait.
    """

    __slots__ = ("_orders", "whole")

    def __init__(self) -> None:
        super().__init__()
        self._orders: dict[int, _Waiting] = {}
        self.whole = True

    def order(self, order_id: int) -> RestingOrder | None:
        """Return an order that waits, or None."""
        order = self._orders.get(order_id)
        return None if order is None else RestingOrder(*order)

    def add(self, order_id: int, is_bid: bool, px_ticks: int, size: int) -> None:
        """Let an order wait.

        Raises
        ------
        BatchError
            For a number that waits already, a price or size that cannot be; nothing changes.
        """
        self._single(self._add, order_id, is_bid, px_ticks, size)

    def cancel(self, order_id: int, size: int = 0) -> None:
        """Take contracts off an order, all of them if `size` is 0.

        Raises
        ------
        BatchError
            For a number that is not known, or more contracts than wait; nothing changes.
        """
        self._single(self._cancel, order_id, True, 0, size)

    def modify(self, order_id: int, px_ticks: int, size: int) -> None:
        """Let an order wait at another price or with another size.

        Raises
        ------
        BatchError
            For a number that is not known, a price or size that cannot be; nothing changes.
        """
        is_bid, _, _ = self._known(order_id)
        self._single(self._modify, order_id, is_bid, px_ticks, size)

    def clear(self) -> None:
        """Let no order wait any more."""
        self._empty()
        self.whole = True
        self.version += 1

    def absorb(
        self,
        action: ArrayLike,
        order_id: ArrayLike,
        is_bid: ArrayLike,
        px_ticks: ArrayLike,
        size: ArrayLike,
        last: ArrayLike | None = None,
    ) -> None:
        """Go on by many events.

        Parameters
        ----------
        action : array_like of int, shape (n,)
            `OrderAction` of each.
        order_id : array_like of int, shape (n,)
            Number of the order; any integer type.
        is_bid : array_like of bool, shape (n,)
            Side of an order that is added or modified.
        px_ticks, size : array_like of int, shape (n,)
            Price and contracts, within int32.
        last : array_like of bool, shape (n,), optional
            Whether the record is the last of its event; all of them are if left out.

        Raises
        ------
        BatchError
            Naming row and value: for columns that do not fit, or an event that does not fit the
            book. Nothing changes.
        """
        actions = _codes(action)
        columns: dict[str, NDArray[Any]] = {
            "action": actions,
            "order_id": _numbers(order_id),
            "is_bid": _flags("is_bid", is_bid),
            "px_ticks": int_column("px_ticks", px_ticks, INT32),
            "size": int_column("size", size, INT32),
        }
        ends = None if last is None else _flags("last", last)
        same_length(columns if ends is None else columns | {"last": ends})
        if not len(actions):
            return
        self._run(*(column.tolist() for column in columns.values()))
        self.whole = ends is None or bool(ends[-1])
        self.version += 1

    def __len__(self) -> int:
        """Orders that wait."""
        return len(self._orders)

    def _run(
        self,
        actions: list[int],
        numbers: list[int],
        bids: list[bool],
        prices: list[int],
        sizes: list[int],
    ) -> None:
        act = {
            OrderAction.ADD: self._add,
            OrderAction.CANCEL: self._cancel,
            OrderAction.MODIFY: self._modify,
        }
        undo: _Undo = []
        kept: list[tuple[int, _Kept]] = []
        rows = zip(actions, numbers, bids, prices, sizes, strict=True)
        for row, (action, number, is_bid, px, size) in enumerate(rows):
            if action < OrderAction.CLEAR:
                before = self._orders.get(number)
                try:
                    act[action](number, is_bid, px, size)  # type: ignore[index]
                except BatchError as error:
                    self._take_back(undo, kept)
                    raise BatchError(f"Row {row}: {error}") from None
                undo.append((number, before))
            elif action == OrderAction.CLEAR:
                kept.append((len(undo), (self._orders, self._bids, self._asks)))
                self._empty()

    def _take_back(self, undo: _Undo, kept: list[tuple[int, _Kept]]) -> None:
        """Undo steps from the newest on; a clear gives back what it had put aside."""
        while undo or kept:
            if kept and kept[-1][0] == len(undo):
                self._orders, self._bids, self._asks = kept.pop()[1]
                continue
            number, before = undo.pop()
            now = self._orders.get(number)
            if now is not None:
                self._cut(number, now, now[2])
            if before is not None:
                self._place(number, before)

    def _single(
        self,
        act: Callable[[int, bool, int, int], None],
        order_id: int,
        is_bid: bool,
        px_ticks: int,
        size: int,
    ) -> None:
        px = whole_int32("price", px_ticks)
        number = whole(order_id, _LEAST_NUMBER, _MOST_NUMBER, "Order number {}")
        act(number, is_bid, px, whole_int32("size", size))
        self.whole = True
        self.version += 1

    def _add(self, number: int, is_bid: bool, px: int, size: int) -> None:
        if number in self._orders:
            raise BatchError(f"Order {number} is added again while it waits: an event is missing.")
        self._place(number, (is_bid, px, _positive(number, size)))

    def _cancel(self, number: int, is_bid: bool, px: int, size: int) -> None:
        order = self._known(number)
        if not 0 <= size <= order[2]:
            raise BatchError(
                f"{size} contracts of order {number} are cancelled, of which {order[2]} wait."
            )
        self._cut(number, order, size or order[2])

    def _modify(self, number: int, is_bid: bool, px: int, size: int) -> None:
        order = self._known(number)
        _positive(number, size)
        self._cut(number, order, order[2])
        self._place(number, (is_bid, px, size))

    def _known(self, number: int) -> _Waiting:
        order = self._orders.get(number)
        if order is None:
            raise BatchError(f"Order {number} is not known: an event is missing.")
        return order

    def _place(self, number: int, order: _Waiting) -> None:
        self._orders[number] = order
        is_bid, px, size = order
        (self._bids if is_bid else self._asks).move(px, size)

    def _cut(self, number: int, order: _Waiting, size: int) -> None:
        is_bid, px, waiting = order
        if size == waiting:
            del self._orders[number]
        else:
            self._orders[number] = (is_bid, px, waiting - size)
        (self._bids if is_bid else self._asks).move(px, -size)

    def _empty(self) -> None:
        self._orders = {}
        self._bids, self._asks = BookSide(is_bid=True), BookSide(is_bid=False)


def _positive(number: int, size: int) -> int:
    if size < 1:
        raise BatchError(f"The size of order {number} is {size}: 1 contract or more waits.")
    return size


def _codes(action: ArrayLike) -> NDArray[Any]:
    codes = int_column("action", action, INT32)
    unknown = ~np.isin(codes, _ACTIONS)
    if unknown.any():
        row = int(unknown.argmax())
        raise BatchError(f"action row {row} is {codes[row]}: give one of OrderAction, 0 to 4.")
    return codes


def _numbers(order_id: ArrayLike) -> NDArray[Any]:
    numbers = np.asarray(order_id)
    if numbers.ndim != 1 or (len(numbers) and numbers.dtype.kind not in "iu"):
        raise BatchError(f"order_id is {numbers.dtype}: give one whole number per row.")
    return numbers


def _flags(name: str, values: ArrayLike) -> NDArray[Any]:
    flags = np.asarray(values)
    if flags.ndim != 1 or (len(flags) and flags.dtype != np.bool_):
        raise BatchError(f"{name} is {flags.dtype}: give True or False per row.")
    return flags.astype(np.bool_, copy=False)
