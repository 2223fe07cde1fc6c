"""Sessions as columns: what may stand in them, and which one holds a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import BatchError
from tradedesk.engine.column import INT64, int_column, same_length
from tradedesk.engine.hours.time_grid import DAY_NS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NO_DAY: Final = -(2**63)
"""The trading day of a time at which the market is closed."""

EPOCH: Final = date(1970, 1, 1)
_END_OF_TIME: Final = 2**63 - 1
_FARTHEST_DAYS: Final = 7
_MOST_DAYS: Final = 1_000_000


class TradingSession(NamedTuple):
    """One stretch of trading: open from `opens_ns` on, closed from `closes_ns` on.

    Attributes
    ----------
    opens_ns, closes_ns : int
        UTC nanoseconds.
    day : int
        Trading day as days since 1970-01-01.
    """

    opens_ns: int
    closes_ns: int
    day: int


class SessionColumns:
    """Sessions of one market and the questions about times; see `TradingHours`."""

    __slots__ = ("closes_ns", "day", "opens_ns")

    opens_ns: NDArray[np.int64]
    closes_ns: NDArray[np.int64]
    day: NDArray[np.int64]

    def __init__(self, opens_ns: ArrayLike, closes_ns: ArrayLike, day: ArrayLike) -> None:
        columns = {
            name: int_column(name, np.array(values), INT64)
            for name, values in (("opens_ns", opens_ns), ("closes_ns", closes_ns), ("day", day))
        }
        same_length(columns)
        _refuse_impossible(columns)
        for name, column in columns.items():
            setattr(self, name, column)

    def __len__(self) -> int:
        return len(self.opens_ns)

    def __getitem__(self, row: int) -> TradingSession:
        """Return one session."""
        return TradingSession(int(self.opens_ns[row]), int(self.closes_ns[row]), int(self.day[row]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SessionColumns):
            return NotImplemented
        return self is other or all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in SessionColumns.__slots__
        )

    def __hash__(self) -> int:
        return hash((len(self), self[0], self[-1]))

    def __repr__(self) -> str:
        first, last = (EPOCH + timedelta(days=int(self.day[row])) for row in (0, -1))
        return f"{type(self).__name__}({len(self)} sessions, {first} to {last})"

    def session_of(self, ts_ns: ArrayLike) -> NDArray[np.intp]:
        """Return the row of the session that holds each time, -1 where the market is closed.

        Parameters
        ----------
        ts_ns : array_like of int64, shape (n,)
            UTC nanoseconds; in any order, fastest in ascending order.

        Returns
        -------
        ndarray of intp, shape (n,)
        """
        times = np.asarray(ts_ns, np.int64)
        rows = self.opens_ns.searchsorted(times, "right")
        rows -= 1
        # row -1, before the first session, looks at the last close: later, so it is asked first
        closed = (rows < 0) | (times >= self.closes_ns[rows])
        rows[closed] = -1
        return rows

    def is_open(self, ts_ns: ArrayLike) -> NDArray[np.bool_]:
        """Return whether the market is open at each time; bool, shape (n,)."""
        return self.session_of(ts_ns) >= 0

    def day_of(self, ts_ns: ArrayLike) -> NDArray[np.int64]:
        """Return the trading day of each time as days since 1970-01-01; int64, shape (n,).

        `NO_DAY` where the market is closed.
        """
        rows = self.session_of(ts_ns)
        return np.where(rows < 0, NO_DAY, self.day[rows])

    def session_starts(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the rows at which a new session begins, as bars of a chart show it.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, such as the opening times of bars.

        Returns
        -------
        ndarray of intp, shape (sessions,)
            Ascending; for each session that has rows the first one. Rows at which the market is
            closed begin nothing.
        """
        return _first_rows_of(self.session_of(ts_ns), -1)

    def day_starts(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the rows at which a new trading day begins; as `session_starts`."""
        return _first_rows_of(self.day_of(ts_ns), NO_DAY)

    def rows_of(self, ts_ns: NDArray[np.int64]) -> tuple[int, NDArray[np.intp], NDArray[np.intp]]:
        """Return which rows each session holds.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            Ascending, n at least 1.

        Returns
        -------
        session : int
            The first session that may hold one of the times.
        firsts, ends : ndarray of intp, shape (sessions,)
            For that session and the following ones, as many as the times reach, the first row
            inside and the first row behind; equal for a session without rows.
        """
        session = int(self.closes_ns.searchsorted(ts_ns[0], "right"))
        stop = int(self.opens_ns.searchsorted(ts_ns[-1], "right"))
        if stop - session == 1 and ts_ns[0] >= self.opens_ns[session]:
            firsts = np.zeros(1, np.intp)
        else:
            firsts = ts_ns.searchsorted(self.opens_ns[session:stop])
        return session, firsts, ts_ns.searchsorted(self.closes_ns[session:stop])

    def edges(self, begin_ns: int = NO_DAY, end_ns: int = _END_OF_TIME) -> NDArray[np.int64]:
        """Return the openings and closes between two times, both included, in no order."""
        found = np.concatenate([self.opens_ns, self.closes_ns])
        kept: NDArray[np.int64] = found[(found >= begin_ns) & (found <= end_ns)]
        return kept

    def session_at(self, ts_ns: int) -> TradingSession | None:
        """Return the session that is open at a time, or None."""
        row = int(self.session_of([ts_ns])[0])
        return None if row < 0 else self[row]

    def next_session(self, ts_ns: int) -> TradingSession | None:
        """Return the first session that opens after a time, or None if none is known."""
        row = int(self.opens_ns.searchsorted(ts_ns, "right"))
        return self[row] if row < len(self) else None

    def previous_session(self, ts_ns: int) -> TradingSession | None:
        """Return the last session that closed at or before a time, or None if none is known."""
        row = int(self.closes_ns.searchsorted(ts_ns, "right"))
        return self[row - 1] if row else None


def _first_rows_of(group: NDArray[Any], none: int) -> NDArray[np.intp]:
    begins = np.empty(len(group), np.bool_)
    begins[:1] = True
    np.not_equal(group[1:], group[:-1], out=begins[1:])
    begins &= group != none
    return np.flatnonzero(begins)


def _refuse_impossible(columns: dict[str, NDArray[np.int64]]) -> None:
    opens, closes, day = columns.values()
    if not len(opens):
        raise BatchError("There are no sessions: give at least one.")
    far = np.abs(opens // DAY_NS - np.clip(day, -_MOST_DAYS, _MOST_DAYS)) > _FARTHEST_DAYS
    rules: tuple[tuple[str, NDArray[np.bool_], int, str], ...] = (
        ("closes_ns", closes <= opens, 0, "not behind the opening of that session"),
        ("opens_ns", opens[1:] < closes[:-1], 1, "before the session in front of it closes"),
        ("day", day[1:] < day[:-1], 1, "an earlier day than that of the session before"),
        ("day", far, 0, "more than a week from its session: give days since 1970-01-01"),
    )
    for name, bad, shift, what in rules:
        if bad.any():
            row = int(bad.argmax()) + shift
            raise BatchError(f"{name} row {row} is {columns[name][row]}: {what}.")
