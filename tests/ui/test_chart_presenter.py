"""What the chart is given: only what changed, and phantoms at believable prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.ui.chart.samples import walk
from tests.ui.fakes.desk import LAST, MNQ_ID, exits, position

from tradedesk.domain import events as ev
from tradedesk.domain.order import OrderType, Side
from tradedesk.engine import TradeBatch
from tradedesk.services.chart_gap import GapRange, GapState
from tradedesk.services.older_asking import Older, OlderState
from tradedesk.ui.chart.marks import Phantom
from tradedesk.ui.presenters.chart_presenter import phantom_of
from tradedesk.ui.ticket.draft import OrderDraft

if TYPE_CHECKING:
    from tests.ui.fakes.desk import FakeDesk


@pytest.mark.parametrize(
    ("side", "type", "price", "entry", "stop", "target"),
    [
        (Side.BUY, OrderType.MARKET, None, LAST, LAST - 20, LAST + 40),
        (Side.SELL, OrderType.MARKET, None, LAST - 1, LAST + 19, LAST - 41),
        (Side.BUY, OrderType.LIMIT, LAST - 8, LAST - 8, LAST - 28, LAST + 32),
    ],
)
def test_the_phantom_stands_where_the_order_would(
    desk: FakeDesk,
    side: Side,
    type: OrderType,
    price: int | None,
    entry: int,
    stop: int,
    target: int,
) -> None:
    desk.ready()
    draft = OrderDraft(
        MNQ_ID, side, type, 1, limit_ticks=price, stop_loss_ticks=20, take_profit_ticks=40
    )
    assert phantom_of(draft, desk.book) == Phantom(side, entry, stop, target, type=type)
    assert phantom_of(None, desk.book) is None
    assert phantom_of(draft, None) is None


def test_the_chart_is_told_only_what_changed(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready(orders=exits(), positions=(position(1),))
    told: list[str] = []
    chart = desk.window.widgets.chart
    for name in ("set_series", "set_lines", "set_market", "set_fill_marks", "set_armed",
                 "set_status"):  # fmt: skip
        monkeypatch.setattr(chart, name, lambda *_args, _name=name, **_kw: told.append(_name))
    desk.frame()
    desk.frame()
    assert told == []
    desk.book.trade(LAST + 1)
    desk.frame()
    assert sorted(told) == ["set_lines", "set_market"]
    told.clear()
    desk.frame(3_300)
    assert sorted(told) == ["set_armed", "set_market"]
    told.clear()
    desk.apply(ev.PositionChanged(position=position(0)))
    assert "set_lines" in told


def test_the_chart_is_told_of_gaps_and_of_their_end(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready()
    desk.frame()
    told: list[tuple[GapRange, ...]] = []
    monkeypatch.setattr(desk.window.widgets.chart, "set_gaps", told.append)
    (feed,) = desk.markets.feeds.values()
    gaps = (GapRange(5, None, GapState.OFFLINE),)
    for feed.gaps in (gaps, gaps, (), ()):
        desk.frame()
    assert told == [gaps, ()]


def test_older_bars_are_asked_for_near_the_oldest_one_and_said_to_come(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready()
    desk.frame()
    (feed,) = desk.markets.feeds.values()
    told: list[Older] = []
    chart = desk.window.widgets.chart
    monkeypatch.setattr(chart, "set_older", told.append)
    feed.wanted.clear()
    chart.navigator.pan(10 * feed.series.ts_ns.size)
    desk.frame()
    assert feed.wanted == [chart.navigator.wants_older]
    assert feed.wanted[0] > 0
    for feed.older in (Older(OlderState.LOADING), Older(OlderState.LOADING)):
        desk.frame()
    assert told == [Older(OlderState.LOADING)]


def test_the_chart_counts_the_live_trades_of_its_contract(desk: FakeDesk) -> None:
    desk.ready()
    desk.frame()
    (feed,) = desk.markets.feeds.values()
    feed.series.replace(walk(30))
    desk.frame()
    flow = desk.window.widgets.chart.reading.flow
    newest = int(feed.series.ts_ns[-1])
    feed.tape.absorb(TradeBatch([newest, newest + 1], [LAST, LAST + 1], [3, 4], [0, 4]))
    assert flow.first_row() == len(feed.series) - 1
    assert flow.profile(newest, newest + 2, 1).volume.tolist() == [3, 4]
    desk.window.widgets.chart.interval_requested.emit("15m")
    other = next(each for each in desk.markets.feeds.values() if each is not feed)
    assert other.tape is not feed.tape
    assert flow.version == 0
