"""The market desk and items of its queue in an order the venue cannot be made to give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, cast

import pytest

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.ids import ContractId
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.market import Quote
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars, TradeBatch
from tradedesk.services.chart_gap import GapRange, GapState
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.market_thread import (
    FeedLink,
    HistoryArrived,
    MarketThread,
    QuoteArrived,
    TradesArrived,
)
from tradedesk.services.older_asking import Older, OlderState
from tradedesk.services.older_bars import EVER_NS

if TYPE_CHECKING:
    from tradedesk.services.chart_feed import ChartFeed
    from tradedesk.services.market_thread import FeedItem

NS = 1_000_000_000
NOW = 1_700_000_000 * NS
MINUTE = BarSpec.parse("1m")
MNQ = Instrument(
    ContractId("CON.F.US.MNQ.Z26"),
    "MNQZ6",
    "",
    TickSize(Decimal("0.25")),
    Decimal("0.5"),
    "F.US.MNQ",
)


class StoppedClock:
    def wall_ns(self) -> int:
        return NOW

    def mono_ns(self) -> int:
        return 0


class Queue:
    """Stands for the market thread: hands out what the test puts in, notes what is asked."""

    def __init__(self) -> None:
        self.items: list[FeedItem] = []
        self.asked: list[int] = []
        self.patient: list[bool] = []

    def subscribe(self, instrument: Instrument) -> None:
        assert instrument is MNQ

    def request_bars(self, request_id: int, *what: object, partial: bool, patient: bool) -> None:
        self.asked.append(request_id)
        self.patient.append(patient)

    def drain(self) -> list[FeedItem]:
        taken, self.items = self.items, []
        return taken


class Charted(NamedTuple):
    desk: MarketDesk
    queue: Queue
    feed: ChartFeed

    def hear(self, *items: FeedItem) -> None:
        self.queue.items += items
        self.desk.pump()


@pytest.fixture
def charted() -> Charted:
    desk, queue = MarketDesk(StoppedClock()), Queue()
    desk.attach(cast("MarketThread", queue))
    charted = Charted(desk, queue, desk.chart(MNQ, MINUTE))
    charted.hear(FeedLink(1, ""), QuoteArrived(Quote(MNQ.contract_id, NOW, last_ticks=1), 0))
    assert queue.asked == [1]
    return charted


def bar(price: int, after_s: int = 0) -> Bars:
    return Bars([NOW + after_s * NS], [price], [price], [price], [price], [1])


def test_history_asked_for_before_a_reconnect_is_not_taken_after_it(charted: Charted) -> None:
    charted.hear(FeedLink(0, "broken"), FeedLink(2, ""))
    charted.hear(HistoryArrived(1, bar(5), ""))
    assert len(charted.feed.series) == 0
    charted.hear(HistoryArrived(charted.queue.asked[-1], bar(7), ""))
    assert charted.feed.series.close.tolist() == [7]


def test_history_that_arrives_with_the_loss_is_not_taken(charted: Charted) -> None:
    charted.hear(FeedLink(0, "broken"), HistoryArrived(1, bar(5), ""))
    assert len(charted.feed.series) == 0
    assert len(charted.queue.asked) == 2


def trades(*rows: tuple[int, int]) -> TradesArrived:
    """Trades of one contract each, at seconds after now."""
    after_s, prices = zip(*rows, strict=True)
    batch = TradeBatch([NOW + s * NS for s in after_s], prices, [1] * len(rows), [0] * len(rows))
    return TradesArrived(MNQ.contract_id, batch, 0)


def test_the_last_trades_before_a_loss_are_in_bars_that_have_no_history(charted: Charted) -> None:
    ticks = charted.desk.chart(MNQ, BarSpec.parse("2t"))
    charted.hear(trades((0, 5), (1, 6)))
    charted.hear(trades((2, 7)), FeedLink(0, "broken"), FeedLink(2, ""), trades((9, 8), (9, 4)))
    assert ticks.series.close.tolist() == [6, 7, 4]
    assert ticks.gaps == (GapRange(NOW + 2 * NS, NOW + 9 * NS, GapState.LASTING),)


def test_a_gap_stays_open_until_the_feed_is_connected_again(charted: Charted) -> None:
    def gaps() -> list[GapRange]:
        return list(charted.feed.gaps)

    charted.hear(HistoryArrived(1, bar(5), ""))
    assert gaps() == []
    charted.hear(FeedLink(0, "broken"))
    gap = GapRange(NOW, None, GapState.OFFLINE)
    assert gaps() == [gap]
    charted.hear(HistoryArrived(charted.queue.asked[-1], bar(6), ""))
    assert gaps() == [gap]
    charted.hear(FeedLink(2, ""))
    assert gaps() == [gap._replace(state=GapState.FILLING)]
    charted.hear(HistoryArrived(charted.queue.asked[-1], bar(7), ""))
    assert gaps() == []
    assert charted.feed.series.close.tolist() == [7]


def test_older_bars_are_asked_for_one_chart_after_the_other_behind_all_else(
    charted: Charted,
) -> None:
    queue, first = charted.queue, charted.feed
    second = charted.desk.chart(MNQ, BarSpec.parse("5m"))
    assert queue.asked == [1, 2]
    charted.hear(HistoryArrived(1, bar(5), ""))
    first.want_older(9)
    charted.hear()
    assert queue.asked == [1, 2]
    charted.hear(HistoryArrived(2, bar(5), ""))
    second.want_older(9)
    charted.hear()
    assert queue.asked == [1, 2, 3]
    assert queue.patient == [False, False, True]
    older = Bars([NOW - 60 * NS], [4], [4], [4], [4], [1])
    charted.hear(HistoryArrived(3, older, ""))
    assert first.series.close.tolist() == [4, 5]
    first.want_older(9)
    charted.hear(HistoryArrived(4, None, "HTTP 500."))
    assert second.older == Older(OlderState.RETRYING, "HTTP 500.")
    assert queue.asked == [1, 2, 3, 4, 5]
    charted.hear(HistoryArrived(5, Bars.empty(), ""))
    assert first.older.state is OlderState.LOADING


def test_older_bars_on_the_way_at_a_loss_are_asked_for_again(charted: Charted) -> None:
    charted.hear(HistoryArrived(1, bar(5, -600), ""))
    charted.feed.want_older(9)
    charted.hear()
    assert charted.queue.patient == [False, True]
    older = Bars([NOW - 660 * NS], [4], [4], [4], [4], [1])
    charted.hear(FeedLink(0, "broken"), HistoryArrived(2, older, ""))
    assert charted.feed.series.close.tolist() == [5]
    charted.hear(HistoryArrived(3, bar(6, -600), ""))
    assert charted.queue.patient == [False, True, False, True]
    charted.hear(HistoryArrived(4, older, ""))
    assert charted.feed.series.close.tolist() == [4, 6]


def test_what_is_sure_ends_where_the_connection_was_lost_until_it_is_joined(
    charted: Charted,
) -> None:
    feed = charted.feed
    assert feed.sure_ns == 0, "nothing is there"
    charted.hear(HistoryArrived(1, bar(5), ""))
    assert feed.sure_ns == EVER_NS, "no trade has come since, so none is missing"
    charted.hear(trades((1, 5), (2, 6)))
    known_ns = feed.sure_ns
    assert known_ns <= NOW, "live trades may have begun behind the history"
    charted.hear(trades((63, 7)))
    while not feed.is_exact:
        assert feed.sure_ns == known_ns
        answer = bar(5) if len(charted.queue.asked) == 2 else Bars.empty()
        charted.hear(HistoryArrived(charted.queue.asked[-1], answer, ""))
    assert feed.sure_ns == EVER_NS
    charted.hear(FeedLink(0, "broken"))
    assert feed.sure_ns == NOW + 63 * NS
    charted.hear(HistoryArrived(charted.queue.asked[-1], bar(6), ""))
    assert feed.sure_ns < EVER_NS, "history ends now, and no trade is heard of"
    charted.hear(FeedLink(2, ""))
    charted.hear(HistoryArrived(charted.queue.asked[-1], bar(7), ""))
    assert feed.sure_ns == EVER_NS
