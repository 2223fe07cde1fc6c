"""Level-2 depth made around trades that come without any."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from tradedesk.practice.hours import Span
from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.depth_rows import Changes, mixed, played
from tradedesk.practice.market.depth_side import Style, Taken, Touches, side_rows
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
    MarketEvent,
    MarketEvents,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.market.tape import Touch

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LEVELS: Final = 10
CHUNK_NS: Final = 8_000_000_000
PIECE_NS: Final = 600_000_000_000
_KEPT: Final = 4
_SLOT_NS: Final = 400_000_000
_OPENED_BACK_NS: Final = 14 * 86_400_000_000_000


class Trades(Protocol):
    """What a book is made around."""

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`, with the touch after each."""

    def touch(self, now_ns: int) -> Touch:
        """State after the last trade up to now; before the first one, what that one will find."""


class _Piece(NamedTuple):
    before: Depth
    events: MarketEvents


class MadeDepth:
    """Trades of one contract with a book around them; always the same one, whoever asks for what.

    The best prices are the touch that the trades leave behind; trades eat of the level that they
    meet; levels change by themselves as well, and thin out before the touch crosses them.

    Parameters
    ----------
    trades : Trades
        What happened; bid below ask everywhere.
    seed : int
        Makes the sizes.
    touch_size : float
        Mean number of contracts at the best price.
    levels : int, default 10
        Levels a side.
    slot_ns : int, default 0.4 s
        Time in which the best level changes about once without a trade.
    spans : callable, optional
        Open stretches between two times, cut to them. Nothing happens outside of them, and each
        one begins with a new book; without it there is a book at all times.
    calm : callable, optional
        How busy the market is at some times, 1 in mid-session; fewer levels change by themselves
        where it is less.
    """

    def __init__(
        self,
        trades: Trades,
        seed: int,
        touch_size: float,
        levels: int = LEVELS,
        slot_ns: int = _SLOT_NS,
        spans: Callable[[int, int], list[Span]] | None = None,
        calm: Callable[[Ints], Floats] | None = None,
    ) -> None:
        self._trades = trades
        self._spans = spans or _endless
        salts = (int(mixed(seed, side)[0] >> np.uint64(1)) for side in (BIDS, ASKS))
        self._styles = tuple(Style(salt, touch_size, levels, slot_ns, calm) for salt in salts)
        self._chunks: OrderedDict[int, MarketEvents] = OrderedDict()

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        first, last = after_ns // CHUNK_NS, until_ns // CHUNK_NS
        if last - first < _KEPT:
            parts = [self._chunk(chunk) for chunk in range(first, last + 1)]
        else:
            cuts = [*range(after_ns, until_ns, PIECE_NS), until_ns]
            parts = [self._made(*cut).events for cut in itertools.pairwise(cuts)]
        windows = [part.window(after_ns, until_ns) for part in parts]
        return windows[0] if len(windows) == 1 else join(windows)

    def depth(self, now_ns: int) -> Depth:
        """The book after everything up to now; outside the hours that of the last close."""
        open_now = self._spans(now_ns, now_ns + 1)
        if not open_now:
            past = self._spans(now_ns - _OPENED_BACK_NS, now_ns)
            if not past:
                return Depth()
            now_ns = past[-1].end_ns - 1
        return self._made(now_ns, now_ns).before

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None if not within two weeks."""
        until_ns = after_ns + _OPENED_BACK_NS
        for span in self._spans(after_ns, until_ns):
            chunk = max(after_ns, span.start_ns - 1) // CHUNK_NS
            while chunk * CHUNK_NS < span.end_ns:
                times = self._chunk(chunk).ts_ns
                row = int(times.searchsorted(after_ns, side="right"))
                if row < len(times):
                    return int(times[row])
                chunk += 1
        return None

    def _chunk(self, chunk: int) -> MarketEvents:
        events = self._chunks.pop(chunk, None)
        if events is None:
            events = self._made(chunk * CHUNK_NS - 1, (chunk + 1) * CHUNK_NS - 1).events
        self._chunks[chunk] = events
        while len(self._chunks) > _KEPT:
            self._chunks.popitem(last=False)
        return events

    def _made(self, after_ns: int, until_ns: int) -> _Piece:
        """Book after `after_ns`, empty outside the hours, and what happens up to `until_ns`."""
        style = self._styles[BIDS]
        begin_ns = after_ns - style.back_ns
        before, parts = Depth(), []
        for span in self._spans(begin_ns, until_ns + style.ahead_ns):
            if span.end_ns <= after_ns or span.start_ns > until_ns:
                continue
            opening = span.start_ns > after_ns
            prints = self._trades.prints(span.start_ns, span.end_ns - 1)
            sides = self._sides(span, prints, min(until_ns, span.end_ns - 1))
            if not opening:
                before = _picture(sides, after_ns)
            from_ns = span.start_ns if opening else after_ns + 1
            to_ns = min(until_ns, span.end_ns - 1)
            parts.append(_in_order(prints, sides, from_ns, to_ns, opening))
        return _Piece(before, join(parts))

    def _sides(self, span: Span, prints: Prints, until_ns: int) -> tuple[Changes, Changes]:
        """Changes of bids and asks from the beginning of `span` to `until_ns`."""
        found = self._trades.touch(span.start_ns)
        times = prints.ts_ns
        last = np.flatnonzero(np.append(times[1:] != times[:-1], np.ones(len(times[:1]), np.bool_)))
        moments = np.append(np.int64(span.start_ns), times[last])
        buys = prints.buy_qty.astype(np.int64) * 2 > prints.qty
        sides = []
        for side, sign, column, hit in (
            (BIDS, -1, prints.bid, ~buys),
            (ASKS, 1, prints.ask, buys),
        ):
            best = np.append(found.bid if side == BIDS else found.ask, column[last])
            touches = Touches(moments, best.astype(np.int64) * sign)
            px, qty = prints.px[hit].astype(np.int64), prints.qty[hit].astype(np.int64)
            taken = Taken(times[hit], px * sign, qty)
            sides.append(played(side_rows(self._styles[side], touches, taken, until_ns)))
        return sides[0], sides[1]


def _endless(start_ns: int, end_ns: int) -> list[Span]:
    return [Span(start_ns, end_ns)]


def _picture(sides: tuple[Changes, Changes], at_ns: int) -> Depth:
    levels = []
    for sign, changes in zip((-1, 1), sides, strict=True):
        keys, sizes = changes.state(at_ns)
        rows = zip((keys * sign).tolist(), sizes.tolist(), strict=True)
        levels.append(tuple(Level(px, size) for px, size in rows))
    return Depth(*levels)


def _in_order(
    prints: Prints, sides: tuple[Changes, Changes], from_ns: int, until_ns: int, opening: bool
) -> MarketEvents:
    """Events of a stretch, both ends included: trades, levels that went, levels that are there."""
    trades = prints.window(from_ns - 1, until_ns)
    side = np.where(trades.buy_qty.astype(np.int64) * 2 > trades.qty, BUY, SELL)
    parts = [_columns(trades.ts_ns, TRADE, side, trades.px, trades.qty)]
    if opening:
        parts.insert(0, MarketEvents.of_rows([MarketEvent(from_ns, RESET, 0, 0, 0, 0, -1)]))
    for book_side, sign, changes in zip((BIDS, ASKS), (-1, 1), sides, strict=True):
        row = changes.changed & (changes.ts_ns >= from_ns) & (changes.ts_ns <= until_ns)
        ts_ns, key, size = changes.ts_ns[row], changes.key[row], changes.size[row]
        levels = _columns(ts_ns, LEVEL, np.full(len(key), book_side), key * sign, size)
        rank = np.where(changes.traded[row], TRADED_RANK, UNKNOWN_RANK)
        parts.append(levels._replace(rank_ns=rank))
    events = join(parts)
    turn = np.where(
        events.kind == LEVEL, 2 + (events.qty > 0), np.where(events.kind == TRADE, 1, 0)
    )
    order = np.lexsort((turn, events.ts_ns))
    return MarketEvents._make(column[order] for column in events)


def _columns(
    ts_ns: Ints, kind: int, side: NDArray[Any], px: NDArray[Any], qty: NDArray[Any]
) -> MarketEvents:
    return MarketEvents(
        ts_ns,
        np.full(len(ts_ns), kind, np.int8),
        side.astype(np.int8),
        px.astype(np.int32),
        qty.astype(np.int32),
        np.zeros(len(ts_ns), np.int32),
        np.full(len(ts_ns), UNKNOWN_RANK, np.int64),
    )
