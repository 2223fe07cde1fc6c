"""The history that one join of history and live trades needs, range by range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine import Bars, Stitcher
from tradedesk.services.history_request import part_of_join

if TYPE_CHECKING:
    from tradedesk.services.history_request import HistoryRequest


class HistoryJoin:
    """Asks for the ranges of a stitcher and splices the answers.

    Parameters
    ----------
    stitcher : Stitcher
        Whose boundary is known.
    known : Bars
        What a first look brought; of the series itself only what it may lack is asked for.
    """

    def __init__(self, stitcher: Stitcher, known: Bars) -> None:
        self._stitcher = stitcher
        self._known = known
        self._ranges = stitcher.history_request()
        self._parts: list[Bars] = []

    def next_request(self) -> HistoryRequest:
        """What to ask for now."""
        return part_of_join(self._ranges[len(self._parts)], self._known)

    def take(self, bars: Bars) -> Bars | None:
        """Take an answer in; returns the whole series once it was the last one."""
        if not self._parts:
            known = self._known
            if len(bars):
                known = known[: int(known.ts_ns.searchsorted(bars.ts_ns[0]))]
            bars = Bars.concat((known, bars))
        self._parts.append(bars)
        if len(self._parts) < len(self._ranges):
            return None
        return self._stitcher.splice(self._parts)
