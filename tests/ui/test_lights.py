"""Honest lights: ages of data, old prices greyed, entries kept off and exits never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.ui.fakes.desk import LAST, exits, health, position, shield
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.order import Side
from tradedesk.domain.safety import Lock, LockKind, TradingRules
from tradedesk.ui.frame_stats import FrameStats
from tradedesk.ui.status_bar.view_model import Health, window_entry
from tradedesk.ui.theme.current import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


def light(desk: FakeDesk, name: str) -> tuple[Health, str]:
    status = desk.window.widgets.status
    return status.dots[name].health, status.texts[name].text


def test_each_age_has_its_own_dot(desk: FakeDesk) -> None:
    desk.ready()
    names = ("trades", "quotes", "user", "rest", "clock", "window")
    assert tuple(desk.window.widgets.status.dots) == names
    assert {light(desk, name)[0] for name in names} == {Health.GOOD}
    desk.frame(2_000)
    desk.book.quote(LAST - 1, LAST)
    desk.frame(1_900)
    assert light(desk, "trades") == (Health.GOOD, "Trades 4.0 s"), "a quiet market"
    assert light(desk, "quotes") == (Health.GOOD, "Quotes 1.9 s")
    desk.frame(8_000)
    assert light(desk, "trades")[0] is Health.OLD
    assert light(desk, "quotes")[0] is Health.OLD


def test_a_connected_socket_does_not_make_old_data_young(desk: FakeDesk) -> None:
    desk.ready()
    assert desk.markets.status.connected
    desk.frame(4_000)
    assert light(desk, "quotes")[0] is Health.OLD
    assert light(desk, "trades")[0] is Health.OLD, "no quote says that the market is only quiet"
    desk.apply(health(user_hub_age_ms=30_000.0, user_hub_connected=True))
    assert light(desk, "user")[0] is Health.OLD


@pytest.mark.parametrize(
    ("stats", "shown", "text"),
    [
        (FrameStats(0, 0, 0), Health.NONE, "— fps"),
        (FrameStats(60, 1.1, 17.2, 17.2), Health.GOOD, "60 fps · 1.1 ms · p99 17 ms"),
        (FrameStats(58, 1.1, 40, 27), Health.OLD, "58 fps · 1.1 ms · p99 27 ms"),
        (FrameStats(55, 8.2, 17.2, 18), Health.OLD, "55 fps · 8.2 ms · p99 18 ms"),
        (
            FrameStats(59, 1.1, 240, 18, 1, 9_900),
            Health.OLD,
            "59 fps · 1.1 ms · p99 18 ms · 1 stall, 9.9 s",
        ),
        (
            FrameStats(60, 1.1, 17, 17, 3, 42_000),
            Health.GOOD,
            "60 fps · 1.1 ms · p99 17 ms · 3 stalls, 42 s",
        ),
        (FrameStats(15, 1.1, 90, 61), Health.BAD, "15 fps · 1.1 ms · p99 61 ms"),
        (FrameStats(50, 1.1, 1_900, 18), Health.BAD, "50 fps · 1.1 ms · p99 18 ms"),
    ],
)
def test_the_window_tells_of_itself(stats: FrameStats, shown: Health, text: str) -> None:
    entry = window_entry(stats)
    assert (entry.health, entry.text) == (shown, text)


def test_a_stalled_window_shows_in_its_own_bar(desk: FakeDesk) -> None:
    desk.ready()
    desk.frames.seen = FrameStats(58.0, 1.1, 730.0, 18.0, 1, 400.0)
    desk.frame()
    assert light(desk, "window") == (
        Health.BAD,
        "58 fps · 1.1 ms · p99 18 ms · 1 stall, 0.4 s",
    )


def test_the_bar_fits_into_the_smallest_window(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(width=1_180, height=640)
    desk.ready()
    desk.frames.seen = FrameStats(60.0, 10.2, 120.0, 101.0, 9, 600_000.0)
    desk.frame()
    status = desk.window.widgets.status
    label = status.texts["window"]
    assert label.text == "60 fps · 10.2 ms · p99 101 ms · 9 stalls, 10 min"
    assert label.width() >= label.sizeHint().width()
    assert status.clock.geometry().right() < status.width()


def test_stale_prices_are_grey_and_hatched_and_a_click_explains(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(bars=walk)
    desk.ready(orders=exits(), positions=(position(1),), shields=(shield(1),))
    stage = desk.window.widgets.chart._stage
    assert not stage.hatch.isVisible()
    desk.frame(3_500)
    w = desk.window.widgets
    assert stage.hatch.isVisible()
    assert [w.position.pnl.tone] == [Tone.LABEL]
    assert [c.second for c, _ in stage.price_axis.chips if c.second] == ["stale"]
    QTest.mouseClick(w.ticket.widgets.buttons[Side.BUY], LEFT)
    assert w.ticket.widgets.feedback.text().startswith("Market data is stale")
    assert desk.executor.commands == []
    desk.book.trade(LAST)
    desk.frame()
    assert not stage.hatch.isVisible()
    assert [w.position.pnl.tone] == [Tone.PROFIT]


def test_an_aimed_click_on_the_hatched_chart_explains_and_places_nothing(
    make_desk: Callable[..., FakeDesk],
) -> None:
    desk = make_desk(bars=walk)
    desk.ready()
    chart = desk.window.widgets.chart
    desk.frame(3_500)
    at = chart.point_of(LAST - 8)
    QTest.mouseMove(chart.canvas, at)
    QTest.keyPress(chart._stage.view, Qt.Key.Key_B)
    QTest.mousePress(chart.canvas, LEFT, pos=at)
    mark = chart._stage.aim.mark
    assert mark is not None
    assert mark.refused
    assert mark.label.startswith("Market data is stale")
    QTest.mouseRelease(chart.canvas, LEFT, pos=at)
    QTest.keyRelease(chart._stage.view, Qt.Key.Key_B)
    assert desk.executor.commands == []


def test_exits_go_while_everything_is_stale(make_desk: Callable[..., FakeDesk]) -> None:
    desk = make_desk(bars=walk)
    desk.ready(orders=exits(), positions=(position(2),), shields=(shield(2),))
    desk.frame(10_000)
    w = desk.window.widgets
    QTest.mouseClick(w.position.buttons["close"], LEFT)
    QTest.mouseClick(w.top.flatten, LEFT)
    cross = w.chart.cross_of("order:101")
    assert cross is not None
    QTest.mouseClick(w.chart.canvas, LEFT, pos=cross)
    assert [type(c) for c in desk.executor.commands] == [
        cmd.ClosePosition,
        cmd.Flatten,
        cmd.CancelOrder,
    ]


def test_trades_from_outside_of_an_old_quote_prove_it_frozen(desk: FakeDesk) -> None:
    desk.ready()
    buy = desk.window.widgets.ticket.widgets.buttons[Side.BUY]
    for step in range(4):
        desk.clock.pass_ms(1_000)
        desk.book.last_ticks = LAST + step
        desk.book.trades_ns = desk.clock.mono_ns()
        desk.frame()
    assert buy.blocked.startswith("Bid and ask are stale")
    desk.book.last_ticks = LAST
    desk.frame()
    assert buy.blocked == "", "an old quote that trades agree with is only quiet"


def test_disarmed_is_no_reason_to_hatch_the_chart_but_a_lock_is(desk: FakeDesk) -> None:
    desk.ready(armed=False)
    hatch = desk.window.widgets.chart._stage.hatch
    assert not hatch.isVisible()
    far = desk.clock.wall_ns() + 60 * 10**9
    lock = Lock(kind=LockKind.TIME, text="Locked by you.", since_ns=1, until_ns=far)
    desk.apply(ev.LocksChanged(locks=(lock,), rules=TradingRules()))
    assert hatch.isVisible()


def test_a_click_on_the_bar_tells_the_rest(desk: FakeDesk) -> None:
    desk.ready()
    desk.apply(health(clock_skew_ms=-41.6, calls_left=181))
    status = desk.window.widgets.status
    QTest.mouseClick(status, LEFT)
    assert status.sheet is not None
    assert status.sheet.isVisible()
    said = {name.text(): text.text() for _dot, name, text in status.sheet.rows}
    assert said["Venue's clock"] == "42 ms behind this machine's, by its answers"
    assert said["Calls left for entries"].startswith("181 in this minute")
    assert desk.window.rect().contains(status.sheet.geometry())
    QTest.keyClick(status, Qt.Key.Key_Escape)
    assert not status.sheet.isVisible()
    QTest.keyClick(status, Qt.Key.Key_Space)
    assert status.sheet.isVisible()
    QTest.mouseClick(status.sheet, LEFT)
    assert not status.sheet.isVisible()
