"""Takes in what changed of the bars: once a frame, and before it where rows have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.feed import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.feed import SeriesFeed
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.studies.studies import Studies


class BarIntake:
    """Tells the stage of other bars; the stage asks for them whenever its view changes.

    Parameters
    ----------
    exchanged : callable
        Told after other bars than the newest one were taken in.
    """

    def __init__(
        self, stage: Stage, feed: SeriesFeed, studies: Studies, exchanged: Callable[[], None]
    ) -> None:
        self._stage, self._feed, self._studies = stage, feed, studies
        self._exchanged = exchanged
        stage.catch_up = self.catch_up

    def take(self) -> None:
        """Take in what changed: what is told next stands beside the newest bars."""
        change = self._feed.poll()
        if change is Change.ALL:
            self._studies.keep_hours()
            self._stage.bars_exchanged()
            self._exchanged()
        elif change is Change.NEWEST:
            self._stage.newest_changed()

    def catch_up(self, *, moved: bool = False) -> None:
        """Between frames: take bars in that came, went or moved; `moved` leaves out new ones.

        A press means the prices that are on screen, and new bars may change the scale.
        """
        if self._feed.is_behind(moved=moved):
            self.take()
