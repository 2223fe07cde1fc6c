"""Frames, stalls and the stress test in the real window, on its real loop, with real clicks."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.helpers.waiting import until
from tests.ui.fakes.desk import FakeDesk, instrument, order, position

from tradedesk.app.gui.loop import DeskLoop
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import events as ev
from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.order import Side
from tradedesk.engine import resample
from tradedesk.services.market_desk import MarketDesk
from tradedesk.services.stress.contract import STRESS
from tradedesk.services.stress.markets import StressMarkets
from tradedesk.services.stress.run import LASTS_NS, StressTest
from tradedesk.ui.charts.arrangements import Arrangement
from tradedesk.ui.frame_clock import FrameClock
from tradedesk.ui.frame_stats import FrameReport, FrameStats, Sample, Stall
from tradedesk.ui.main_window import MainWindow
from tradedesk.ui.meter.histogram import names, tokens
from tradedesk.ui.meter.sheet import MeterSheet
from tradedesk.ui.meter.view_model import doing, meter_view, microseconds
from tradedesk.ui.stall_watch import StallWatch
from tradedesk.ui.toasts.stack import Toast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtGui import QPaintEvent

LEFT = Qt.MouseButton.LeftButton
THREADS = {"tradedesk-stress", "tradedesk-stall-watch"}


class ShiftedClock(SystemClock):
    """The real clock, moved on by hand."""

    shift_ns = 0

    def mono_ns(self) -> int:
        return super().mono_ns() + self.shift_ns


class Desk:
    """A window with real frames, a real loop and no venue."""

    def __init__(self, loop: DeskLoop) -> None:
        self.clock = ShiftedClock()
        self.fake = FakeDesk()
        self.state = self.fake.state
        self.venue = MarketDesk(self.clock)
        self.stress = StressTest(
            self.clock, lambda: self.venue.market_ns, loop.call_soon_threadsafe
        )
        self.markets = markets = StressMarkets(self.venue, self.stress)
        context = dataclasses.replace(
            self.fake.context, markets=markets, clock=self.clock, stress=self.stress
        )
        self.watch = StallWatch(self.clock.mono_ns)
        self.watch.start()
        self.frames = FrameClock(self.clock.mono_ns, watch=self.watch)
        self.frames.count_intake(lambda: markets.pumped_ns)
        self.window = MainWindow(context, self.frames)
        self.window.resize(1_280, 800)
        self.frames.watch(self.window)
        self.window.show()

    @property
    def widgets(self) -> Any:
        return self.window.widgets

    @property
    def sheet(self) -> MeterSheet:
        found = self.window.findChild(MeterSheet)
        assert isinstance(found, MeterSheet)
        return found

    @property
    def shown(self) -> str:
        selected = self.window.presenter.selection.instrument
        return "" if selected is None else selected.symbol

    @property
    def is_trading(self) -> bool:
        book = self.window.presenter.book
        return book is not None and book.last_ticks is not None

    def open_sheet(self) -> None:
        QTest.mouseClick(self.widgets.status.frames, LEFT)
        assert self.sheet.isVisible()

    def choose(self, key: str) -> None:
        QTest.mouseClick(self.sheet.stress.segments.button(key), LEFT)

    def close(self) -> None:
        self.frames.stop()
        self.window.release()
        self.watch.stop()
        self.window.deleteLater()
        self.frames.deleteLater()
        self.fake.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def on_desk(dressed: QApplication) -> Callable[[Callable[[Desk], Awaitable[None]]], None]:
    """Run a story on the window's own loop."""

    def run(story: Callable[[Desk], Awaitable[None]]) -> None:
        loop = DeskLoop(dressed)
        asyncio.set_event_loop(loop)

        async def main() -> None:
            desk = Desk(loop)
            try:
                await story(desk)
            finally:
                desk.close()
                await asyncio.sleep(0)
            assert not THREADS & {thread.name for thread in threading.enumerate()}

        try:
            with loop:
                loop.run_until_complete(main())
        finally:
            asyncio.set_event_loop(None)

    return run


def test_ten_thousand_events_a_second_are_all_in_the_bars(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.open_sheet()
        desk.choose("10000")
        await until(lambda: desk.shown == "STRESS")
        specs = [BarSpec.parse(text) for text in ("1s", "1m", "100v")]
        feeds = [desk.markets.open_chart(STRESS, spec) for spec in specs]
        await asyncio.sleep(2.5)
        source = desk.stress.source
        assert source is not None
        source.rate = 0
        await until(lambda: desk.stress.figures().taken == source.trades + source.quotes)  # type: ignore[union-attr]
        await until(lambda: all(feed.is_exact for feed in feeds))
        seconds, minutes, volumes = (feed.series.bars for feed in feeds)
        live = seconds.ts_ns >= source.market_ns - source.market_ns % 1_000_000_000
        assert int(seconds.volume[live].sum()) == source.lots > 0
        assert int(volumes.volume.sum()) == source.lots
        assert minutes[-30:] == resample(seconds, BarSpec.parse("1m"))[-30:]
        assert source.trades + source.quotes + source.left_out >= 25_000
        model = desk.widgets.chart._stage.model
        assert len(model.series) == len(minutes)

    on_desk(story)


def test_the_test_is_on_the_chart_and_back_again(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.state.apply(desk.fake.session())
        desk.state.apply(ev.InstrumentResolved(instrument=instrument()))
        await until(lambda: desk.shown == "MNQ")
        band, ticket = desk.widgets.stress, desk.widgets.ticket.widgets
        assert band.isHidden()
        assert not desk.stress.running
        desk.open_sheet()
        assert desk.sheet.stress.segments.taken == "off"
        desk.choose("5000")
        await until(lambda: desk.is_trading)
        assert desk.shown == "STRESS"
        assert band.isVisible()
        assert band.title.text() == "STRESS · made-up prices"
        assert band.figures.text().startswith("5,000 events a second · ends in 9:5")
        await until(lambda: ticket.buttons[Side.BUY].detail == "made-up prices")
        assert "STRESS" in desk.window.windowTitle()
        QTest.mouseClick(ticket.buttons[Side.BUY], LEFT)
        assert ticket.feedback.text() == "Made-up prices: end the stress test to trade."
        assert not desk.widgets.chart._stage.hatch.isVisible()
        assert "STRESS" not in [memory.symbol for memory in desk.fake.saved]
        await until(lambda: desk.sheet.stress.figures.values[0].text not in ("", "0"))
        desk.choose("20000")
        assert (desk.stress.rate, desk.shown) == (20_000, "STRESS")
        desk.state.apply(ev.InstrumentResolved(instrument=instrument()))
        assert desk.shown == "STRESS", "a reconnect does not take the chart away"
        QTest.mouseClick(band.end, LEFT)
        assert desk.shown == "MNQ"
        assert not desk.stress.running
        assert band.isHidden()
        await until(lambda: desk.sheet.stress.segments.taken == "off")
        assert desk.fake.executor.commands == []

    on_desk(story)


def test_offline_the_chart_goes_back_to_nothing(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.open_sheet()
        desk.choose("5000")
        await until(lambda: len(desk.widgets.chart._stage.model.series) > 100)
        desk.choose("off")
        assert desk.shown == ""
        await until(lambda: len(desk.widgets.chart._stage.model.series) == 0)
        assert desk.widgets.stress.isHidden()

    on_desk(story)


def test_choosing_a_contract_ends_the_test(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.state.apply(desk.fake.session())
        desk.state.apply(ev.InstrumentResolved(instrument=instrument()))
        desk.state.apply(ev.InstrumentResolved(instrument=instrument("MES")))
        await until(lambda: desk.shown == "MNQ")
        desk.open_sheet()
        desk.choose("5000")
        assert desk.shown == "STRESS"
        desk.widgets.picker.symbol_chosen.emit("MES")
        assert desk.shown == "MES"
        assert not desk.stress.running
        assert desk.widgets.stress.isHidden()

    on_desk(story)


def test_another_chart_may_be_traded_on_while_the_test_goes_on(
    on_desk: Callable[..., None],
) -> None:
    async def story(desk: Desk) -> None:
        desk.state.apply(desk.fake.session())
        desk.state.apply(ev.InstrumentResolved(instrument=instrument()))
        await until(lambda: desk.shown == "MNQ")
        desk.window.chart_windows.arrange(desk.widgets.charts, Arrangement.FOUR)
        charts = desk.window.presenter.charts
        await until(lambda: _symbols(desk) == ["MNQ"] * 4)
        charts.link(charts.slots[3], "")
        desk.open_sheet()
        desk.choose("5000")
        assert _symbols(desk) == ["STRESS", "STRESS", "STRESS", "MNQ"], "the linked ones come along"
        charts.activate(charts.slots[3])
        assert desk.stress.running
        assert (desk.shown, desk.widgets.stress.isVisible()) == ("MNQ", True)
        ticket = desk.widgets.ticket.widgets
        await until(lambda: ticket.buttons[Side.BUY].detail != "made-up prices")
        assert {slot.memory.symbol for slot in charts.slots} == {"MNQ"}
        QTest.mouseClick(desk.widgets.stress.end, LEFT)
        assert _symbols(desk) == ["MNQ"] * 4
        assert not desk.stress.running

    on_desk(story)


def _symbols(desk: Desk) -> list[str]:
    slots = desk.window.presenter.charts.slots
    shown = [slot.selection.instrument for slot in slots]
    return ["" if found is None else found.symbol for found in shown]


def test_it_ends_by_itself_and_says_so(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.open_sheet()
        desk.choose("5000")
        await until(lambda: desk.is_trading)
        desk.clock.shift_ns = LASTS_NS
        await until(lambda: not desk.stress.running and desk.shown == "")
        assert desk.widgets.stress.isHidden()
        await until(
            lambda: _toasts(desk) == ["The stress test has ended by itself after 10 minutes."]
        )

    on_desk(story)


def _toasts(desk: Desk) -> list[str]:
    return [toast.text.text() for toast in desk.window.findChildren(Toast)]


@pytest.mark.parametrize("what", ["position", "order"])
def test_a_live_account_with_something_open_is_not_left_alone(
    on_desk: Callable[..., None], what: str
) -> None:
    async def story(desk: Desk) -> None:
        desk.state.apply(desk.fake.session(live=True))
        if what == "position":
            desk.state.apply(ev.PositionChanged(position=position(1)))
        else:
            desk.state.apply(ev.OrderChanged(order=order(1, Side.BUY, limit=85_900)))
        desk.open_sheet()
        desk.choose("5000")
        assert not desk.stress.running
        assert desk.sheet.stress.segments.taken == "off"
        assert any("close and cancel first" in text for text in _toasts(desk))

    on_desk(story)


def test_closing_the_window_ends_it(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.open_sheet()
        desk.choose("50000")
        await until(lambda: desk.is_trading)
        desk.window.release()
        assert not desk.stress.running

    on_desk(story)


def blocks_the_window() -> None:
    time.sleep(0.3)


def test_a_stalled_window_is_counted_and_its_slot_named(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        await until(lambda: desk.frames.stats().fps > 0)
        before = desk.frames.stats().stalls
        QTimer.singleShot(0, desk.window, blocks_the_window)
        await until(lambda: desk.frames.stats().stalls > before)
        (stall,) = [x for x in desk.frames.report().stalls if x.distance_ms >= 300 and x.samples]
        assert stall.samples[0].stack[0].split(" ")[1] == "blocks_the_window"
        status = desk.widgets.status
        await until(lambda: " stall" in status.texts["window"].text)
        desk.open_sheet()
        lines = [cell[2].text() for cell in desk.sheet.stalls.cells]
        assert any("blocks_the_window" in line for line in lines)
        QTest.mouseClick(desk.sheet.copy, LEFT)
        assert desk.sheet.copy.text() == "Copied"
        copied = QApplication.clipboard().text()
        assert "blocks_the_window" in copied
        assert "Work of a frame (median, p99)" in copied
        QTest.keyClick(desk.sheet, Qt.Key.Key_Escape)
        assert not desk.sheet.isVisible()
        QTest.keyClick(status.frames, Qt.Key.Key_Space)
        assert desk.sheet.isVisible()
        assert desk.window.rect().contains(desk.sheet.geometry())

    on_desk(story)


def test_painting_of_the_whole_window_is_counted(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        await until(lambda: desk.frames.report().frames > 5)
        for _ in range(30):
            desk.window.update()
            desk.widgets.dock.update()
            await asyncio.sleep(0.01)
        assert desk.frames.report().parts_ms[2][1] > 0

    on_desk(story)


def test_painting_of_a_further_window_is_counted_too(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        other = SlowToPaint()
        desk.frames.watch(other)
        other.show()
        await until(lambda: other.painted > 0)
        other.update()
        await until(lambda: desk.frames.report().parts_ms[2][1] >= 4)
        other.close()
        other.deleteLater()

    on_desk(story)


class SlowToPaint(QWidget):
    """A window that takes five milliseconds to paint."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        time.sleep(0.005)
        self.painted += 1
        QTimer.singleShot(5, self, self.update)


def test_the_sheet_gives_the_keyboard_back(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        desk.window.activateWindow()
        view = desk.widgets.chart._stage.view
        view.setFocus()
        await until(view.hasFocus)
        desk.open_sheet()
        await until(desk.sheet.close_button.hasFocus)
        QTest.keyClick(desk.sheet.close_button, Qt.Key.Key_Escape)
        assert not desk.sheet.isVisible()
        assert view.hasFocus()

    on_desk(story)


def test_one_sheet_at_a_time(on_desk: Callable[..., None]) -> None:
    async def story(desk: Desk) -> None:
        status = desk.widgets.status
        QTest.mouseClick(status, LEFT)
        assert status.sheet is not None
        assert status.sheet.isVisible()
        desk.open_sheet()
        assert not status.sheet.isVisible()
        QTest.mouseClick(status.frames, LEFT)
        assert not desk.sheet.isVisible()

    on_desk(story)


def test_words_of_the_sheet() -> None:
    assert len(names()) == len(tokens()) == len(FrameReport().counts)
    assert [microseconds(x) for x in (None, 147.6, 2_440.0)] == ["—", "148 µs", "2.4 ms"]
    samples = (
        Sample(104.0, ("_core/numeric.py:3 sum", "ui/chart/model.py:9 fit", "qasync/x.py:1 run")),
    )
    stalls = (
        Stall(5, 130.0, (1.0, 2.0, 100.0), samples),
        Stall(6, 120.0, (0.0, 0.0, 0.0), (Sample(101.0, ("app/gui/loop.py:5 timerEvent",)),)),
        Stall(7, 80.0, (60.0, 0.0, 0.0)),
        Stall(8, 70.0, (1.0, 2.0, 3.0)),
        Stall(9, 60.0, (1.0, 2.0, 3.0)),
    )
    assert doing(Stall(9, 260.0, (1.0, 2.0, 3.0))) == "unknown: nothing got its turn"
    stalls = (*stalls,)
    view = meter_view(FrameStats(60, 1, 17, 17), FrameReport(stalls=stalls), None, 0)
    assert [line.doing for line in view.stalls] == [
        "ui/chart/model.py:9 fit",
        "nothing of ours: waiting for its turn, or for the system",
        "mostly market intake, 60 ms",
        "too short to be looked into",
    ]
    assert view.stress == ()
    assert "ends by itself after 10 minutes" in view.stress_note
