"""The venue's market and, while a stress test runs, the made-up one beside it."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING

from tradedesk.services.stress.contract import is_made_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.chart_feed import ChartFeed
    from tradedesk.services.market_book import MarketBook
    from tradedesk.services.market_desk import FeedStatus, MarketDesk
    from tradedesk.services.stress.run import StressTest


class StressMarkets:
    """What the window looks at: each contract comes from the market desk that has it.

    Parameters
    ----------
    venue : MarketDesk
        The venue's.
    stress : StressTest
        The made-up one.
    """

    def __init__(self, venue: MarketDesk, stress: StressTest) -> None:
        self._venue = venue
        self._stress = stress

    @property
    def books(self) -> Mapping[ContractId, MarketBook]:
        """Books of the watched contracts."""
        made_up = self._stress.markets
        if made_up is None:
            return self._venue.books
        return ChainMap(self._venue.books, made_up.books)

    @property
    def status(self) -> FeedStatus:
        """The venue's feed; the made-up one cannot be lost."""
        return self._venue.status

    @property
    def market_ns(self) -> int:
        """The venue's time, which the made-up market keeps as well."""
        return self._venue.market_ns

    @property
    def clock_skew_ms(self) -> float | None:
        """The venue's clock minus ours."""
        return self._venue.clock_skew_ms

    @property
    def pumped_ns(self) -> int:
        """Time that taking in the market has cost so far, both markets together."""
        return self._venue.pumped_ns + self._stress.pumped_ns

    def watch(self, instrument: Instrument) -> MarketBook:
        """Follow a contract."""
        return self._of(instrument).watch(instrument)

    def open_chart(self, instrument: Instrument, spec: BarSpec) -> ChartFeed:
        """Bars of a contract, kept current until `close_chart`."""
        return self._of(instrument).open_chart(instrument, spec)

    def close_chart(self, feed: ChartFeed, *, keep: bool = True) -> None:
        """These bars are looked at no more, and without `keep` not kept current for a while."""
        self._of(feed.instrument).close_chart(feed, keep=keep)

    def pump(self) -> None:
        """Take in what has arrived."""
        self._venue.pump()
        self._stress.pump()

    def _of(self, instrument: Instrument) -> MarketDesk:
        made_up = self._stress.markets
        if made_up is not None and is_made_up(instrument.contract_id):
            return made_up
        return self._venue
