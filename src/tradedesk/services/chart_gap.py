"""What is missing in the bars of a chart, and what is being done about it.

A gap begins with the newest live trade before the connection was lost, or where history ended if
there was none. It has no end until live trades come again: then it ends at the boundary at which
these are joined with history. History that comes in between moves its beginning on, and once
everything is joined, it is gone. A second loss before that makes it longer: there is one gap, from
the first moment that is not known.

Bars without a history (ticks, volume) cannot be filled. They keep the bars from before, begin to
count anew with the first trade after the gap, and the gap stays.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class GapState(Enum):
    """What is being done about a gap."""

    OFFLINE = "offline"
    """Nothing: there is no connection."""
    FILLING = "filling"
    """History is asked for."""
    RETRYING = "retrying"
    """History was not to be had and is asked for again."""
    LASTING = "lasting"
    """Nothing: such bars have no history."""


_STATUS: Final = {
    GapState.OFFLINE: "Connection lost: the bars end at the gap.",
    GapState.FILLING: "Reconnected: filling the gap from history…",
    GapState.RETRYING: "The gap is not filled yet: asking for history again.",
    GapState.LASTING: "Reconnected: bars are counted anew behind the gap.",
}


class GapRange(NamedTuple):
    """A stretch of time of which not all trades are in the bars.

    Attributes
    ----------
    start_ns : int
        All trades before it are in the bars, UTC nanoseconds.
    end_ns : int or None
        All live trades from it on are; bars that open there or later are of live trades alone.
        None as long as there is no live trade.
    state : GapState
        What is being done about it.
    """

    start_ns: int
    end_ns: int | None
    state: GapState


class ChartGaps:
    """Keeps the gaps of one chart.

    Parameters
    ----------
    fillable : bool
        Whether history can fill them.
    """

    def __init__(self, *, fillable: bool) -> None:
        self._fillable = fillable
        self._lasting: tuple[GapRange, ...] = ()
        self._present: GapRange | None = None

    @property
    def ranges(self) -> tuple[GapRange, ...]:
        """All of them, oldest first."""
        return self._lasting if self._present is None else (*self._lasting, self._present)

    @property
    def status(self) -> str:
        """What to tell the trader of the newest gap; empty if there is none, or if it stays."""
        return "" if self._present is None else _STATUS[self._present.state]

    def lose(self, known_ns: int, *, connected: bool) -> None:
        """Live trades ended; everything up to `known_ns` is in the bars.

        With `connected` trades come again already.
        """
        start_ns = known_ns if self._present is None else self._present.start_ns
        again = GapState.FILLING if self._fillable else GapState.LASTING
        self._present = GapRange(start_ns, None, again if connected else GapState.OFFLINE)

    def live_from(self, ns: int) -> None:
        """From `ns` on all trades are in the bars."""
        gap = self._present
        if gap is None or gap.end_ns is not None:
            return
        if ns <= gap.start_ns:
            self._present = None
        elif self._fillable:
            self._present = gap._replace(end_ns=ns)
        else:
            self._lasting += (gap._replace(end_ns=ns, state=GapState.LASTING),)
            self._present = None

    def known_until(self, ns: int) -> None:
        """History came in up to `ns`."""
        gap = self._present
        if gap is None:
            return
        start_ns = max(gap.start_ns, ns)
        if gap.end_ns is not None and start_ns >= gap.end_ns:
            self._present = None
        else:
            again = GapState.FILLING if gap.state is GapState.RETRYING else gap.state
            self._present = gap._replace(start_ns=start_ns, state=again)

    def fail(self) -> None:
        """History was not to be had; it is asked for again."""
        if self._present is not None and self._present.state is GapState.FILLING:
            self._put(GapState.RETRYING)

    def fill(self) -> None:
        """Nothing is missing any more."""
        self._present = None

    def forget(self) -> None:
        """Other bars are shown: no gap is theirs."""
        self._lasting, self._present = (), None

    def _put(self, state: GapState) -> None:
        if self._present is not None:
            self._present = self._present._replace(state=state)
