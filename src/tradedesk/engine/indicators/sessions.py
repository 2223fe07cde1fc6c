"""Where trading sessions begin in a column of bars: what session-based indicators ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine.hours.time_grid import TimeGrid
from tradedesk.engine.indicators.parameter import part

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY: Final = BarSpec.parse("1d")
_TAIL: Final = 4_096


class Sessions(Protocol):
    """What knows when sessions begin; trading hours of an exchange, or plain days."""

    def session_starts(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the rows at which a session begins.

        Parameters
        ----------
        ts_ns : ndarray of int64, shape (n,)
            When bars open, ascending, UTC nanoseconds.

        Returns
        -------
        ndarray of int, shape (sessions,)
            For each session that has rows the first one, ascending. Rows outside all sessions
            begin none: they count to the session before them.
        """
        ...


@dataclass(frozen=True)
class FixedDays:
    """Sessions that begin at the same time of day UTC, every day.

    Parameters
    ----------
    session_offset_ns : int, default 0
        Start of the trading day after midnight UTC, less than a day either way.

    Raises
    ------
    BarSpecError
        If the offset is a day or more.
    """

    session_offset_ns: int = 0

    def __post_init__(self) -> None:
        _ = self._grid

    @cached_property
    def _grid(self) -> TimeGrid:
        return TimeGrid(_DAY, self.session_offset_ns)

    def session_starts(self, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return row 0 and every row whose day is not that of the row before."""
        if not len(ts_ns):
            return np.empty(0, np.intp)
        return self._grid.cut(ts_ns)[0]


DAYS_UTC: Final = FixedDays()
IS_SESSIONS: Final = part("session_starts")
"""Metadata of the dataclass field of an indicator that holds its `Sessions`."""


def session_rows(sessions: Sessions, ts_ns: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where sessions begin; row 0 is one of them, if only of what lies before all hours."""
    if not len(ts_ns):
        return np.empty(0, np.intp)
    rows = np.asarray(sessions.session_starts(ts_ns), np.intp)
    if not len(rows) or rows[0] != 0:
        rows = np.concatenate((np.zeros(1, np.intp), rows))
    return rows


def spread(per_session: NDArray[Any], starts: NDArray[np.intp], rows: int) -> NDArray[Any]:
    """Return for each row the value of its session; shape (rows,)."""
    return np.repeat(per_session, np.diff(starts, append=rows))


def start_before_end(sessions: Sessions, ts_ns: NDArray[np.int64], count: int) -> int:
    """Return the row at which the session begins that is `count` from the end; 0 if there is none.

    Looks at the end of the column first: sessions are short beside a long history.
    """
    for rows in (_TAIL, _TAIL * 32):
        if rows < len(ts_ns):
            # the first row of a part begins its session only by being the first
            starts = session_rows(sessions, ts_ns[-rows:])[1:]
            if len(starts) >= count:
                return len(ts_ns) - rows + int(starts[-count])
    starts = session_rows(sessions, ts_ns)
    return int(starts[-count]) if len(starts) >= count else 0


class SessionWatch:
    """Tells bar by bar whether a session begins."""

    __slots__ = ("_answer", "_asked", "_first", "_sessions")

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._first: int | None = None
        self._asked: int | None = None
        self._answer = False

    def step(self, ts_ns: int, keep: bool) -> bool:
        """Return whether a bar opening at `ts_ns` is the first of its session."""
        begins = self._begins(ts_ns)
        if keep and begins:
            self._first = self._asked = ts_ns
            self._answer = False
        return begins

    def _begins(self, ts_ns: int) -> bool:
        if self._first is None:
            return True
        if ts_ns != self._asked:
            # The forming bar is looked at over and over: ask once. The first bar of the session
            # is what is asked about, because the one before may lie outside all hours.
            pair = np.array([self._first, ts_ns], np.int64)
            self._answer = len(session_rows(self._sessions, pair)) > 1
            self._asked = ts_ns
        return self._answer
