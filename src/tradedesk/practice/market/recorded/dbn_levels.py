"""Trades and market by price: levels compared from record to record, as whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.history.dbn_tables import UNDEF_PRICE, sides_of
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    LEVEL,
    RESET,
    TRADE,
    UNKNOWN_RANK,
)
from tradedesk.practice.market.recorded.behind import FAR, Behind, tick_of
from tradedesk.practice.market.recorded.dbn_orders import NANO
from tradedesk.practice.market.recorded.raw import RawEvents, Recorded, tape_times
from tradedesk.practice.market.recorded.traded import mark_traded

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_CHUNK: Final = 1 << 16
_MOST_AT_ONCE: Final = 4_000_000
"""Forgotten levels per chunk that a real file stays below by far; guards the memory."""
TEN: Final = 10


class _Changes(NamedTuple):
    """Level changes; ``record`` is the row of the file, ``before`` the size until then."""

    record: Ints
    side: Ints
    px: Ints
    qty: Ints
    before: Ints


def read_trades(path: Path, rows: NDArray[np.void]) -> Recorded:
    """Take the ``trades`` records of one symbol: no book.

    Raises
    ------
    InputError
        For a price that is none, or impossible times.
    """
    times = tape_times(path, rows["ts_recv"])
    _record, events = _trades(path, rows, times)
    return Recorded(RawEvents._make(column for column in events), NANO, 0)


def read_levels(path: Path, rows: NDArray[np.void], levels: int) -> Recorded:
    """Take the ``mbp-1``, ``tbbo`` or ``mbp-10`` records of one symbol.

    What a record shows is the book from its receive time on. A level that better ones pushed out
    of what is shown is remembered as it was last seen, until it is shown again or the levels
    that are shown reach beyond it. Where records show the best level only, nine stand behind it:
    see `behind`.

    Parameters
    ----------
    path : Path
        For sentences.
    rows : ndarray of records
        As the file has them.
    levels : int
        How many levels a side each record shows: 1 or 10.

    Raises
    ------
    InputError
        For a price that is none, impossible times, or levels that jump about as no market does.
    """
    times = tape_times(path, rows["ts_recv"])
    trade_rows, trades = _trades(path, rows, times)
    behind = _behind(rows) if levels == 1 else [None, None]
    changes = _joined([_side(path, rows, side, behind[side]) for side in (BIDS, ASKS)])
    first = changes.record == 0
    opening: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for side, px, qty in zip(*(column[first].tolist() for column in changes[1:4]), strict=True):
        opening[side][px] = qty
    changes = _Changes._make(column[~first] for column in changes)
    event = np.cumsum(np.diff(rows["ts_event"], prepend=rows["ts_event"][:1]) != 0)
    anew = _anew(rows)
    events = _in_order(times, event, (trade_rows, trades), changes, anew)
    return Recorded(events, NANO, levels, opening, int(times[0]))


def _trades(path: Path, rows: NDArray[np.void], times: Ints) -> tuple[Ints, RawEvents]:
    found = np.flatnonzero((rows["action"] == b"T") & (rows["size"] > 0))
    traded = rows[found]
    if np.any(traded["price"] == UNDEF_PRICE):
        raise InputError(f"{path} has a trade without a price: fetch it again.")
    count = len(found)
    return found, RawEvents(
        times[found],
        np.full(count, TRADE, np.int64),
        sides_of(traded["side"]).astype(np.int64),
        traded["price"].astype(np.int64),
        traded["size"].astype(np.int64),
        np.zeros(count, np.int64),
        np.full(count, UNKNOWN_RANK, np.int64),
    )


def _side(path: Path, rows: NDArray[np.void], side: int, behind: Behind | None) -> _Changes:
    """Changes of one side, some records at a time so that the comparisons stay small."""
    chunks = range(0, len(rows), _CHUNK)
    if behind is None:
        seen = _seen([rows[start : start + _CHUNK] for start in chunks], side)
    else:
        seen = behind.seen
    found: list[tuple[Ints, Ints, Ints, Ints]] = []
    for start in chunks:
        carried = 1 if start else 0
        part = rows[start - carried : start + _CHUNK]
        if behind is None:
            keys, sizes = _levels(part, TEN, side)
        else:
            keys, sizes = behind.levels(start - carried, start + _CHUNK)
        anew = _anew(part)
        before_keys, before_sizes = _shifted(keys, FAR, anew), _shifted(sizes, 0, anew)
        compared = _Compared(keys, sizes, before_keys, before_sizes)
        for record, *values in (compared.shown(), compared.gone(), compared.outgrown(path, seen)):
            new = record >= carried
            key, qty, before = (column[new] for column in values)
            found.append((record[new] + (start - carried), key, qty, before))
    record, key, qty, before = (np.concatenate(columns) for columns in zip(*found, strict=True))
    px = key * _sign(side)
    return _Changes(record, np.full(len(record), side, np.int64), px, qty, before)


def _behind(rows: NDArray[np.void]) -> list[Behind]:
    """Ten levels of bids and of asks around the best ones."""
    tops = [[column[:, 0] for column in _levels(rows, 1, side)] for side in (BIDS, ASKS)]
    prices = [np.abs(np.unique(keys)) for keys, _ in tops]
    together = np.concatenate(prices)
    tick = tick_of(together[together != FAR])
    return [Behind(keys, sizes, tick) for keys, sizes in tops]


def _anew(rows: NDArray[np.void]) -> Ints:
    """Records with which a symbol changes its id."""
    return np.flatnonzero(np.diff(rows["instrument_id"], prepend=rows["instrument_id"][:1]))


def _sign(side: int) -> int:
    """Keys ascend from the best outwards: asks, and negated bids."""
    return -1 if side == BIDS else 1


def _levels(rows: NDArray[np.void], levels: int, side: int) -> tuple[Ints, Ints]:
    """Keys and sizes of what the records show of a side; shape (records, levels)."""
    word = "bid" if side == BIDS else "ask"
    keys = np.empty((len(rows), levels), np.int64)
    sizes = np.empty((len(rows), levels), np.int64)
    for level in range(levels):
        px = rows[f"{word}_px_{level:02d}"].astype(np.int64)
        size = rows[f"{word}_sz_{level:02d}"].astype(np.int64)
        there = (px < FAR) & (px > -FAR) & (size > 0)
        keys[:, level] = np.where(there, px * _sign(side), FAR)
        sizes[:, level] = np.where(there, size, 0)
    return keys, sizes


def _seen(parts: list[NDArray[np.void]], side: int) -> Ints:
    """Every key that is ever shown, ascending."""
    seen = np.empty(0, np.int64)
    for part in parts:
        seen = np.union1d(seen, _levels(part, TEN, side)[0])
    return np.asarray(seen[seen != FAR], np.int64)


def _shifted(table: Ints, empty: int, anew: Ints) -> Ints:
    """The record before each one; nothing before the first and where a symbol changes its id."""
    before = np.empty_like(table)
    before[:1], before[1:] = empty, table[:-1]
    before[anew] = empty
    return before


class _Compared(NamedTuple):
    """Levels that each record shows and that the one before it showed; shape (records, levels)."""

    keys: Ints
    sizes: Ints
    before_keys: Ints
    before_sizes: Ints

    def shown(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Levels that are new or have another size."""
        moved = (self.keys != self.before_keys) | (self.sizes != self.before_sizes)
        at = np.nonzero(moved & (self.keys != FAR))
        record, keys, sizes = at[0], self.keys[at], self.sizes[at]
        matching = self.before_keys[record] == keys[:, None]
        before = np.where(matching, self.before_sizes[record], 0).sum(axis=1)
        new = sizes != before
        return record[new], keys[new], sizes[new], before[new]

    def gone(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Levels that were shown and would still be, if they were still there."""
        within = self.before_keys < self.keys[:, -1:]
        at = np.nonzero((self.keys != self.before_keys) & within & (self.before_keys != FAR))
        record, keys, before = at[0], self.before_keys[at], self.before_sizes[at]
        new = ~(self.keys[record] == keys[:, None]).any(axis=1)
        nothing = np.zeros(int(new.sum()), np.int64)
        return record[new], keys[new], nothing, before[new]

    def outgrown(self, path: Path, seen: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Remembered levels that what is shown has reached without showing them: they are gone."""
        reach, before = self.keys[:, -1], self.before_keys[:, -1]
        first = np.searchsorted(seen, before, side="right")
        counts = np.maximum(np.searchsorted(seen, reach, side="left") - first, 0)
        counts[before == FAR] = 0  # all levels of that side were shown, none is remembered
        total = int(counts.sum())
        if total > _MOST_AT_ONCE:
            raise InputError(f"{path} has prices that jump as no market does: fetch it again.")
        record = np.repeat(np.arange(len(self.keys)), counts)
        starts = np.repeat(np.cumsum(counts) - counts - first, counts)
        key = seen[np.arange(total) - starts]
        hidden = np.ones(total, np.bool_)
        for level in range(self.keys.shape[1]):
            hidden &= self.keys[record, level] != key
        record, key = record[hidden], key[hidden]
        nothing = np.zeros(len(record), np.int64)
        return record, key, nothing, nothing


def _joined(sides: list[_Changes]) -> _Changes:
    changes = _Changes._make(np.concatenate(columns) for columns in zip(*sides, strict=True))
    order = np.argsort(changes.record, kind="stable")
    return _Changes._make(column[order] for column in changes)


def _in_order(
    times: Ints, event: Ints, trades: tuple[Ints, RawEvents], changes: _Changes, anew: Ints
) -> RawEvents:
    """Put trades before the level changes of their record, and mark those that they made."""
    trade_rows, trade_events = trades
    count, resets = len(changes.record), len(anew)
    levels = RawEvents(
        times[changes.record],
        np.full(count, LEVEL, np.int64),
        changes.side,
        changes.px,
        changes.qty,
        np.zeros(count, np.int64),
        np.full(count, UNKNOWN_RANK, np.int64),
    )
    zeros = np.zeros(resets, np.int64)
    emptied = RawEvents(
        times[anew], zeros + RESET, zeros, zeros, zeros, zeros, zeros + UNKNOWN_RANK
    )
    record = np.concatenate([anew, trade_rows, changes.record])
    before = np.concatenate([zeros, np.zeros(len(trade_rows), np.int64), changes.before])
    order = np.argsort(record, kind="stable")
    events = RawEvents._make(
        np.concatenate(parts)[order] for parts in zip(emptied, trade_events, levels, strict=True)
    )
    return mark_traded(events, event[record[order]], before[order])
