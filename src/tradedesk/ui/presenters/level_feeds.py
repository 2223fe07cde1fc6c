"""The bars that charts take levels of days from where their own do not hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.services.product_hours import product_hours
from tradedesk.ui.chart.sessions.level_bars import level_size

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.ui.chart.panel import ChartPanel
    from tradedesk.ui.ports import Feed, Markets
    from tradedesk.ui.selection import Selection


class _Lent(NamedTuple):
    size: BarSpec
    feed: Feed


class LevelFeeds:
    """One feed a contract, whose bars are as short as any of its charts needs them.

    Parameters
    ----------
    markets : Markets
        Gives the feeds, and takes them back as soon as no chart needs them any more.
    """

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._wishes: dict[ChartLevels, tuple[Instrument, BarSpec]] = {}
        self._lent: dict[ContractId, _Lent] = {}

    def wish(self, chart: ChartLevels, wished: tuple[Instrument, BarSpec] | None) -> None:
        """A chart needs bars of this contract and size; None for no bars any more."""
        before = self._wishes.pop(chart, None)
        if wished is not None:
            self._wishes[chart] = wished
            self._settle(wished[0])
        if before is not None:
            self._settle(before[0])

    def of(self, chart: ChartLevels) -> Feed | None:
        """The feed for a chart; None if it needs none."""
        wished = self._wishes.get(chart)
        return None if wished is None else self._lent[wished[0].contract_id].feed

    def _settle(self, instrument: Instrument) -> None:
        contract = instrument.contract_id
        wished = [size for one, size in self._wishes.values() if one.contract_id == contract]
        size = min(wished, key=lambda each: each.period_ns or 0, default=None)
        held = self._lent.pop(contract, None)
        if size is not None:
            kept = held is not None and held.size == size
            feed = held.feed if kept and held else self._markets.open_chart(instrument, size)
            self._lent[contract] = _Lent(size, feed)
        if held is not None and (size is None or held.size != size):
            self._markets.close_chart(held.feed, keep=False)


class ChartLevels:
    """What one chart needs of `LevelFeeds`, by what it shows.

    Parameters
    ----------
    chart : ChartPanel
        The chart.
    markets : Markets
        Tells the time.
    feeds : LevelFeeds
        Shared by all charts.
    selection : Selection
        What the chart shows.
    """

    def __init__(
        self, chart: ChartPanel, markets: Markets, feeds: LevelFeeds, selection: Selection
    ) -> None:
        self._chart, self._markets = chart, markets
        self._feeds, self._selection = feeds, selection
        self._shown: tuple[object, ...] = ()

    def follow(self) -> None:
        """Need what is shown now; call before other bars are shown and once a frame."""
        look, chosen = self._chart.looks.now, self._selection
        shown = (chosen.instrument, chosen.spec, look.levels, look.opening_minutes)
        if shown != self._shown:
            self._shown = shown
            self._feeds.wish(self, self._wish())
        feed = self._feeds.of(self)
        sessions = self._chart.reading.sessions
        sessions.take_bars(feed)
        if feed is not None and (count := sessions.wants_older):
            feed.want_older(count)

    def leave(self) -> None:
        """Need nothing any more."""
        self._shown = ()
        self._feeds.wish(self, None)
        self._chart.reading.sessions.take_bars(None)

    def _wish(self) -> tuple[Instrument, BarSpec] | None:
        look, instrument = self._chart.looks.now, self._selection.instrument
        if instrument is None or not look.levels:
            return None
        now_ns = self._markets.market_ns
        hours = product_hours(instrument.symbol, now_ns, now_ns)
        size = level_size(self._selection.spec, hours, look.levels, look.opening_minutes)
        return None if size is None else (instrument, size)
