"""The book of one contract from pictures of it and changes of its levels."""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.errors import BatchError, InputError
from tradedesk.engine.orderflow.level_book import LevelBook
from tradedesk.engine.orderflow.level_pairs import level_pairs
from tradedesk.engine.orderflow.parameter import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.orderflow.level_pairs import LevelRows

_MOST_NUMBER: Final = 2**63 - 1
HELD: Final = 1_000
"""Updates kept while a picture is awaited; the oldest are let go."""


class BookState(StrEnum):
    """How far a book can be trusted."""

    EMPTY = "empty"
    """No picture has come yet."""
    LIVE = "live"
    """Nothing is missing."""
    STALE = "stale"
    """Updates are missing; the levels are the last that were right, until the next picture."""


class UpdateOutcome(StrEnum):
    """What became of a picture or an update."""

    APPLIED = "applied"
    """It is in the book."""
    OLD = "old"
    """The book had it before; nothing changed."""
    HELD = "held"
    """It waits for a picture that it can follow."""
    GAP = "gap"
    """An update in front of it is missing: the book is stale, and it waits for a picture."""
    IGNORED = "ignored"
    """The book awaits a picture, and without a number nobody can tell which of both is newer."""


class _Update(NamedTuple):
    bids: Sequence[tuple[int, int]]
    asks: Sequence[tuple[int, int]]
    known: int  # what has to be in the book before it
    last: int


class DepthBook(LevelBook):
    """Levels kept by pictures (snapshots) and updates, with a check that no update is missing.

    Notes
    -----
    A book that has everything up to number ``n`` takes an update that ends behind ``n`` and whose
    previous one ended at ``n`` or before; where the venue does not tell that number, the update
    has to begin at ``n + 1`` or before. Sizes are absolute, so what an update repeats does no
    harm. An update that ends at ``n`` or before is old. Any other shows a gap: the book is stale
    then and stays as it is until a picture comes. Updates with numbers are held meanwhile, at
    most 1,000, and those behind the number of the picture are applied to it, by the same rule.

    A feed without numbers is taken at its word: whoever reads it calls `lose` when the
    connection broke.

    Attributes
    ----------
    state : BookState
        How far the book can be trusted.
    sequence : int or None
        Number up to which the book has everything; None in a feed without numbers.
    missed : int
        Levels that were to be removed and were not there. Some venues send such removals as a
        matter of course, so it is no error.
    """

    __slots__ = ("_held", "missed", "sequence", "state")

    def __init__(self) -> None:
        super().__init__()
        self.state = BookState.EMPTY
        self.sequence: int | None = None
        self.missed = 0
        self._held: deque[_Update] = deque(maxlen=HELD)

    @property
    def stale(self) -> bool:
        """Whether the levels may not be taken for those of the market."""
        return self.state is not BookState.LIVE

    def snapshot(
        self, bids: LevelRows, asks: LevelRows, sequence: int | None = None
    ) -> UpdateOutcome:
        """Take a picture in place of what was known.

        Parameters
        ----------
        bids, asks : sequence of (int, int), or ndarray of int, shape (n, 2)
            Price in ticks and contracts, in any order, each price once.
        sequence : int, optional
            Number of the last update that the picture includes. After a picture without one, any
            update is the next.

        Returns
        -------
        UpdateOutcome
            ``APPLIED``; ``GAP`` if the updates held do not follow it, the picture being shown as
            stale; ``OLD`` if a book without gaps is past it already.

        Raises
        ------
        BatchError
            For levels that cannot be; nothing changes.
        """
        number = None if sequence is None else _number(sequence)
        own_bids, own_asks = level_pairs("bids", bids), level_pairs("asks", asks)
        _refuse_twice("bids", own_bids)
        _refuse_twice("asks", own_asks)
        if not self.stale and _behind(number, self.sequence):
            return UpdateOutcome.OLD
        self._bids.load(own_bids)
        self._asks.load(own_asks)
        self.sequence = number
        self.state = BookState.LIVE
        self.version += 1
        return self._catch_up()

    def update(
        self,
        bids: LevelRows = (),
        asks: LevelRows = (),
        *,
        first: int | None = None,
        last: int | None = None,
        previous: int | None = None,
    ) -> UpdateOutcome:
        """Set or remove levels.

        Parameters
        ----------
        bids, asks : sequence of (int, int), or ndarray of int, shape (n, 2), default ()
            Price in ticks and the contracts that wait there now, 0 removing the level. Of a price
            named twice the last word counts.
        last : int, optional
            Number of the update, or the last one of those it sums up.
        first : int, optional
            The first one of those it sums up; `last` if left out.
        previous : int, optional
            The last number of the update in front of it, where the venue tells.

        Returns
        -------
        UpdateOutcome
            See there. Only ``APPLIED`` changed a level.

        Raises
        ------
        BatchError
            For levels that cannot be; nothing changes.
        InputError
            For numbers that cannot be, or none where the book counts; nothing changes.
        """
        own_bids, own_asks = level_pairs("bids", bids), level_pairs("asks", asks)
        if last is None:
            return self._take_unnumbered(own_bids, own_asks, first, previous)
        begin = last if first is None else first
        before = begin - 1 if previous is None else previous
        if not type(begin) is type(last) is type(before) is int:
            begin, last, before = (_number(value) for value in (begin, last, before))
        if begin > last or before >= last:
            raise InputError(
                f"An update from {begin} to {last} after {before} runs backwards: give its "
                f"first number, its last one, and that of the update in front."
            )
        return self._take(_Update(own_bids, own_asks, before, last))

    def clear(self) -> None:
        """Empty the book at the venue's word: it is live, and what follows fills it again."""
        self.sequence = None
        self.snapshot((), ())

    def lose(self) -> None:
        """Note that updates may be missing from here on, as after a broken connection."""
        self._held.clear()
        self.sequence = None
        if self.state is BookState.LIVE:
            self.state = BookState.STALE
            self.version += 1

    def _take(self, update: _Update) -> UpdateOutcome:
        if self.stale:
            self._hold(update)
            return UpdateOutcome.HELD
        if self.sequence is not None:
            if update.last <= self.sequence:
                return UpdateOutcome.OLD
            if update.known > self.sequence:
                self.state = BookState.STALE
                self.version += 1
                self._hold(update)
                return UpdateOutcome.GAP
        self._put(update.bids, update.asks)
        self.sequence = update.last
        return UpdateOutcome.APPLIED

    def _take_unnumbered(
        self,
        bids: Sequence[tuple[int, int]],
        asks: Sequence[tuple[int, int]],
        first: int | None,
        previous: int | None,
    ) -> UpdateOutcome:
        if first is not None or previous is not None or self.sequence is not None:
            raise InputError("An update without its last number cannot be placed: give `last`.")
        if self.stale:
            return UpdateOutcome.IGNORED
        self._put(bids, asks)
        return UpdateOutcome.APPLIED

    def _hold(self, update: _Update) -> None:
        """Keep an update in copies, whatever its giver does with the lists."""
        bids, asks = ([(px, size) for px, size in side] for side in update[:2])
        self._held.append(update._replace(bids=bids, asks=asks))

    def _put(self, bids: Sequence[tuple[int, int]], asks: Sequence[tuple[int, int]]) -> None:
        self.missed += self._bids.put(bids) + self._asks.put(asks)
        self.version += 1

    def _catch_up(self) -> UpdateOutcome:
        """Apply to a fresh picture the updates that were held and are newer."""
        held, self._held = self._held, deque(maxlen=HELD)
        if self.sequence is None:
            return UpdateOutcome.APPLIED
        for update in held:
            self._take(update)  # from a gap on they are held again
        return UpdateOutcome.GAP if self.stale else UpdateOutcome.APPLIED


def _number(value: object) -> int:
    return whole(value, -_MOST_NUMBER, _MOST_NUMBER, "Update number {}")


def _behind(sequence: int | None, own: int | None) -> bool:
    return sequence is not None and own is not None and sequence < own


def _refuse_twice(name: str, levels: Sequence[tuple[int, int]]) -> None:
    if len(dict(levels)) == len(levels):
        return
    seen: set[int] = set()
    for row, (px, _) in enumerate(levels):
        if px in seen:
            raise BatchError(f"{name} row {row} has the price {px} again: a picture names it once.")
        seen.add(px)
