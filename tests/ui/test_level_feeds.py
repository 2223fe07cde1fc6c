"""Which bars the charts of a desk take their levels from: one feed a contract, while it is used."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.ui.fakes.desk import instrument
from tests.ui.scenes import walk
from tests.ui.test_charts import arrange, four_on, slots, unlink

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.ui.charts.arrangements import Arrangement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk, FakeFeed

MINE = ["1h", "1h", "4h", "1m"]
"""Bars of the four charts themselves."""


@pytest.fixture
def four(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """Four charts of MNQ, three of them with bars that no level can be taken from."""
    desk = four_on(make_desk(bars=walk))
    for slot, spec in zip(slots(desk), MINE, strict=True):
        slot.selection.choose(spec=BarSpec.parse(spec))
    desk.frame()
    return desk


def lent(desk: FakeDesk) -> list[str]:
    """Sizes of the bars that are looked at besides those on the charts."""
    mine = Counter(str(slot.selection.spec) for slot in slots(desk))
    return list((Counter(desk.markets.looked_at) - mine).elements())


def feed_of(desk: FakeDesk, symbol: str, spec: str) -> FakeFeed:
    return desk.markets.feeds[instrument(symbol).contract_id, BarSpec.parse(spec)]


def show(desk: FakeDesk, at: int, *levels: str, minutes: int = 15) -> None:
    slots(desk)[at].panel.looks.change(levels=levels, opening_minutes=minutes)
    for _ in range(2):  # one chart may need what another has got already
        desk.frame()


def test_no_bars_are_asked_for_where_no_levels_are_shown(four: FakeDesk) -> None:
    assert lent(four) == []
    show(four, 3, "prior", "overnight")
    assert lent(four) == [], "minutes hold them"


def test_charts_of_a_contract_share_the_shortest_bars_that_one_needs(four: FakeDesk) -> None:
    show(four, 0, "prior")
    assert lent(four) == ["30m"]
    show(four, 1, "prior", "overnight")
    show(four, 2, "close")
    assert lent(four) == ["30m"]
    show(four, 1, "opening", minutes=5)
    assert lent(four) == ["5m"]
    finders = [slot.panel.reading.sessions.levels.finder for slot in slots(four)]
    held = feed_of(four, "MNQ", "5m")
    assert [finder._bars for finder in finders] == [held, held, held, None]
    show(four, 1, "opening", minutes=15)
    assert lent(four) == ["15m"]
    show(four, 1)
    assert lent(four) == ["30m"]
    show(four, 0)
    assert lent(four) == ["30m"]
    show(four, 2)
    assert lent(four) == []


def test_bars_end_with_the_last_chart_that_needs_them(four: FakeDesk) -> None:
    show(four, 0, "prior")
    show(four, 2, "prior")
    slots(four)[0].selection.choose(spec=BarSpec.parse("5m"))
    four.frame()
    assert lent(four) == ["30m"], "bars of four hours do need them"
    arrange(four, Arrangement.ONE)
    assert len(slots(four)) == 1
    assert lent(four) == []
    slots(four)[0].selection.choose(spec=BarSpec.parse("1h"))
    four.frame()
    assert lent(four) == ["30m"]
    slots(four)[0].selection.forget_instrument()
    assert four.markets.looked_at == []


def test_another_contract_takes_levels_from_its_own_bars(four: FakeDesk) -> None:
    unlink(four)
    show(four, 0, "prior")
    show(four, 1, "prior")
    finder = slots(four)[1].panel.reading.sessions.levels.finder
    slots(four)[1].selection.choose(instrument=instrument("MES"))
    assert finder._bars is feed_of(four, "MES", "30m"), "before the first frame"
    assert lent(four) == ["30m", "30m"]
    show(four, 1)
    assert finder._bars is None
    assert lent(four) == ["30m"]


def test_older_bars_are_asked_for_the_days_in_view(four: FakeDesk) -> None:
    show(four, 0, "opening", minutes=5)
    feed, panel = feed_of(four, "MNQ", "5m"), slots(four)[0].panel
    count = panel.reading.sessions.wants_older
    assert count > 0, "days in view are older than 300 bars of 5 minutes"
    assert set(feed.wanted) == {count}
    feed.series.replace(walk(feed.spec, 5_000))
    four.frame()
    feed.wanted.clear()
    four.frame()
    assert feed.wanted == []
