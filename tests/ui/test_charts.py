"""Several charts in one window and in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from tests.ui.fakes.desk import LAST, exits, instrument, position
from tests.ui.scenes import walk

from tradedesk.domain import commands as cmd
from tradedesk.domain import events as ev
from tradedesk.domain.ids import ContractId
from tradedesk.domain.order import OrderType, Side
from tradedesk.ui.chart.look import ChartLook
from tradedesk.ui.chart.placing import Offer
from tradedesk.ui.chart_memory import ChartMemory, FixedPrices, WindowCharts
from tradedesk.ui.charts.arrangements import Arrangement
from tradedesk.ui.memory import WindowMemory

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.fakes.desk import FakeDesk

    from tradedesk.ui.chart.viewport import Viewport
    from tradedesk.ui.presenters.chart_slot import ChartSlot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def four(make_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """Four linked charts of MNQ, the first one active; MES is known as well."""
    return four_on(make_desk(bars=walk))


def four_on(desk: FakeDesk) -> FakeDesk:
    """Arrange four charts on a desk that knows MNQ and MES."""
    desk.window.chart_windows.restore()
    desk.ready(instruments=(instrument(), instrument("MES")))
    arrange(desk, Arrangement.FOUR)
    return desk


def arrange(desk: FakeDesk, arrangement: Arrangement) -> None:
    desk.window.chart_windows.arrange(desk.window.widgets.charts, arrangement)
    desk.frame()
    desk.frame()


def slots(desk: FakeDesk) -> list[ChartSlot]:
    return desk.window.presenter.charts.slots


def symbols(desk: FakeDesk) -> list[str]:
    found = [slot.selection.instrument for slot in slots(desk)]
    return ["" if each is None else each.symbol for each in found]


def kept(desk: FakeDesk) -> WindowMemory:
    """What would be there at the next start, through the file's own form."""
    desk.window._keeper.flush()
    return msgspec.json.decode(msgspec.json.encode(desk.saved[-1]), type=WindowMemory)


def part(menu: QMenu, text: str) -> QMenu:
    """A menu within a menu."""
    found = next(a.menu() for a in menu.actions() if a.text() == text)
    assert isinstance(found, QMenu)
    return found


def unlink(desk: FakeDesk) -> None:
    for slot in slots(desk):
        desk.window.presenter.charts.link(slot, "")


def show_mes(desk: FakeDesk, slot: ChartSlot) -> None:
    slot.selection.choose(instrument=instrument("MES"))
    desk.markets.watch(instrument("MES")).trade(LAST)
    desk.frame()


def test_an_arrangement_shows_as_many_charts_each_with_bars(four: FakeDesk) -> None:
    for arrangement in Arrangement:
        arrange(four, arrangement)
        assert len(slots(four)) == arrangement.count
        cells = four.window.widgets.charts.cells
        assert all(len(cell.panel._stage.model.series) > 100 for cell in cells)
        assert all(cell.header.isVisible() == (arrangement.count > 1) for cell in cells)
        grid = four.window.widgets.charts
        boxes = [QRect(cell.mapTo(grid, QPoint(0, 0)), cell.size()) for cell in cells]
        assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)


def test_each_chart_has_a_bar_size_of_its_own_and_the_same_feed_for_the_same(
    four: FakeDesk,
) -> None:
    slots(four)[1].panel.interval_requested.emit("5m")
    slots(four)[2].cell.header.interval_chosen.emit("5m")
    four.frame()
    specs = [str(slot.selection.spec) for slot in slots(four)]
    assert specs == ["1m", "5m", "5m", "1m"]
    a, b = (slots(four)[at].panel._stage.model.series for at in (1, 2))
    assert a is b


def test_the_pressed_chart_becomes_the_one_that_is_traded(four: FakeDesk) -> None:
    unlink(four)
    show_mes(four, slots(four)[2])
    assert four.window.presenter.selection.instrument == instrument()
    QTest.mouseClick(slots(four)[2].panel.canvas, LEFT, pos=QPoint(60, 60))
    four.frame()
    assert four.window.presenter.selection.instrument == instrument("MES")
    assert four.window.widgets.top.contract.accessibleName().startswith("Contract MES")
    framed = [cell.property("cell") for cell in four.window.widgets.charts.cells]
    assert framed == ["quiet", "quiet", "active", "quiet"]


def test_a_click_places_on_the_chart_it_was_made_on(four: FakeDesk) -> None:
    unlink(four)
    show_mes(four, slots(four)[3])
    panel = slots(four)[3].panel
    at = panel.point_of(LAST - 8)
    QTest.mouseMove(panel.canvas, at)
    view = panel.focusProxy()
    assert view is not None
    QTest.keyPress(view, Qt.Key.Key_B)
    four.frame()
    QTest.mouseClick(panel.canvas, LEFT, pos=at)
    QTest.keyRelease(view, Qt.Key.Key_B)
    (placed,) = four.executor.of(cmd.PlaceOrder)
    assert placed.contract_id == instrument("MES").contract_id
    assert placed.limit_ticks == LAST - 8


def test_a_click_before_the_next_frame_goes_by_the_market_of_its_own_chart(
    four: FakeDesk,
) -> None:
    unlink(four)
    show_mes(four, slots(four)[3])
    four.markets.watch(instrument()).trade(LAST + 400)
    four.clock.pass_ms(150)
    four.frame()
    panel = slots(four)[3].panel
    at, view = panel.point_of(LAST + 20), panel.focusProxy()
    assert view is not None
    QTest.mouseMove(panel.canvas, at)
    QTest.keyPress(view, Qt.Key.Key_B)
    QTest.mouseClick(panel.canvas, LEFT, pos=at)
    QTest.keyRelease(view, Qt.Key.Key_B)
    (placed,) = four.executor.of(cmd.PlaceOrder)
    assert placed.contract_id == instrument("MES").contract_id
    assert (placed.stop_ticks, placed.reference_ticks) == (LAST + 20, LAST)


def test_a_contract_that_is_told_anew_is_traded_on(four: FakeDesk) -> None:
    told = msgspec.structs.replace(instrument(), description="MNQ: told again")
    four.window.presenter.choice.selection.choose(instrument=told)
    four.frame()
    panel = slots(four)[0].panel
    assert panel.instrument == told
    panel.place_requested.emit(Offer(Side.BUY, OrderType.LIMIT, LAST - 8, 1), 1)
    assert len(four.executor.of(cmd.PlaceOrder)) == 1


def test_nothing_is_sent_for_a_chart_that_the_ticket_is_not_on(four: FakeDesk) -> None:
    unlink(four)
    show_mes(four, slots(four)[1])
    offered = Offer(Side.BUY, OrderType.LIMIT, LAST - 8, 1)
    slots(four)[1].panel.place_requested.emit(offered, 1)
    assert four.executor.of(cmd.PlaceOrder) == []
    assert "another contract" in four.window.widgets.toasts.texts[-1]


def test_lines_stand_on_every_chart_of_the_contract_and_snap_back_on_all(four: FakeDesk) -> None:
    four.apply(
        *(ev.OrderChanged(order=each) for each in exits()),
        ev.PositionChanged(position=position(1)),
    )
    four.frame()
    for slot in slots(four):
        assert "order:101" in {line.key for line in slot.panel._stage.moves.lines}
    four.window.presenter.charts.reject_move("order:101", "No.")
    assert all(slot.panel._stage.moves.refusal("order:101") for slot in slots(four))


def test_an_answer_goes_to_the_chart_that_asked_and_to_none_that_is_gone(four: FakeDesk) -> None:
    four.apply(
        *(ev.OrderChanged(order=each) for each in exits()),
        ev.PositionChanged(position=position(1)),
    )
    four.frame()
    first, last = slots(four)[0].panel, slots(four)[3].panel
    for number, panel in enumerate((first, last), 1):
        panel._stage.moves.drag({"order:101": LAST + 60 + number})
        for key, ticks in panel._stage.moves.let_go().items():
            panel.move_requested.emit(key, ticks, number)
    one, two = four.executor.of(cmd.ModifyOrder)
    four.apply(ev.CommandDone(click_id=one.click_id, text="Changed", elapsed_ms=1.0))
    assert not first._stage.moves.is_pending("order:101")
    assert last._stage.moves.is_pending("order:101")
    arrange(four, Arrangement.ONE)
    four.apply(ev.CommandFailed(click_id=two.click_id, reason="No."))
    assert first._stage.moves.refusal("order:101") is None


def test_an_alert_stands_on_every_chart_of_its_contract(four: FakeDesk) -> None:
    unlink(four)
    show_mes(four, slots(four)[1])
    slots(four)[2].panel.trading.alert_requested.emit(LAST + 40)
    four.clock.pass_ms(150)
    four.frame()
    found = [
        [x.price_ticks for x in slot.panel._stage.moves.lines if x.key.startswith("alert:")]
        for slot in slots(four)
    ]
    assert found == [[LAST + 40], [], [LAST + 40], [LAST + 40]]


def test_a_chart_that_was_closed_in_front_of_others_leaves_no_copy_of_them(
    four: FakeDesk,
) -> None:
    unlink(four)
    for slot, interval in zip(slots(four), ("1m", "2m", "3m", "5m"), strict=True):
        slot.panel.interval_requested.emit(interval)
    four.frame()
    grid = four.window.widgets.charts
    grid.close_cell(grid.cells[1])
    four.frame()
    assert [chart.interval for chart in kept(four).own_charts] == ["1m", "3m", "5m"]
    arrange(four, Arrangement.ACROSS)
    assert [chart.interval for chart in kept(four).own_charts] == ["1m", "3m", "5m"]
    arrange(four, Arrangement.THREE)
    assert [str(slot.selection.spec) for slot in slots(four)] == ["1m", "3m", "5m"]


def test_linked_charts_show_one_contract_and_unlinked_ones_their_own(four: FakeDesk) -> None:
    charts = four.window.presenter.charts
    charts.link(slots(four)[3], "")
    show_mes(four, slots(four)[1])
    assert symbols(four) == ["MES", "MES", "MES", "MNQ"]
    charts.link(slots(four)[3], "A")
    assert symbols(four) == ["MES"] * 4


def test_the_link_button_takes_the_next_group(four: FakeDesk) -> None:
    slot = slots(four)[2]
    QTest.mouseClick(slot.cell.header.link, LEFT)
    assert slot.group == "B"
    for _ in range(3):
        QTest.mouseClick(slot.cell.header.link, LEFT)
    assert slot.group == ""


def test_linked_charts_go_through_time_together(four: FakeDesk) -> None:
    slots(four)[1].panel.interval_requested.emit("5m")
    four.frame()
    first = slots(four)[0].panel
    first.navigator.pan(600)
    four.frame()
    ts = [slot.panel._stage.model for slot in slots(four)]
    shown = [model.series.ts_ns[min(round(model.viewport.right), 299)] for model in ts]
    assert not any(slot.panel.navigator.following for slot in slots(four))
    assert abs(int(shown[0]) - int(shown[2])) <= 60 * 10**9
    first.navigator.follow()
    four.frame()
    assert all(slot.panel.navigator.following for slot in slots(four))


def test_the_crosshair_is_seen_on_linked_charts(four: FakeDesk) -> None:
    four.window.presenter.charts.link(slots(four)[3], "")
    canvas = slots(four)[0].panel.canvas
    QTest.mouseMove(canvas, QPoint(100, 100))
    four.frame()
    QTest.mouseMove(canvas, QPoint(140, 120))
    four.frame()
    seen = [slot.panel._stage.linked.isVisible() for slot in slots(four)]
    assert seen == [False, True, True, False]
    spot = slots(four)[0].panel._stage.model.spot(slots(four)[0].panel._stage.crosshair.at)
    assert spot is not None
    assert slots(four)[1].panel._stage.linked._ts_ns == spot.ts_ns


def test_closing_a_chart_leaves_the_others(four: FakeDesk) -> None:
    cell = slots(four)[0].cell
    open_before = len(four.markets.open)
    QTest.mouseClick(cell.header.away, LEFT)
    four.frame()
    assert len(slots(four)) == 3
    assert len(four.markets.open) == open_before - 1, "its bars are looked at no more"
    assert four.window.presenter.charts.active is slots(four)[0]
    QApplication.processEvents()
    four.frame()


def test_charts_come_back_at_the_next_start(
    four: FakeDesk, make_desk: Callable[..., FakeDesk]
) -> None:
    unlink(four)
    show_mes(four, slots(four)[2])
    slots(four)[1].panel.interval_requested.emit("5m")
    slots(four)[1].panel.looks.change(volume=False)
    four.frame()
    memory = kept(four)
    assert memory.charts.arrangement == "four"
    again = make_desk(bars=walk, memory=msgspec.structs.asdict(memory))
    again.window.chart_windows.restore()
    again.ready(instruments=(instrument(), instrument("MES")))
    again.frame()
    assert symbols(again) == ["MNQ", "MNQ", "MES", "MNQ"]
    assert [str(slot.selection.spec) for slot in slots(again)] == ["1m", "5m", "1m", "1m"]
    assert slots(again)[1].panel.looks.now == ChartLook(volume=False)


def view_of(slot: ChartSlot) -> Viewport:
    return slot.panel._stage.model.viewport


def scale_by_hand(desk: FakeDesk, slot: ChartSlot) -> tuple[float, float]:
    """Drag the price axis; returns what is in view then."""
    axis = slot.panel._stage.model.panes.price_axis.center().toPoint()
    QTest.mousePress(slot.panel.canvas, LEFT, pos=axis)
    QTest.mouseMove(slot.panel.canvas, axis + QPoint(0, 40))
    QTest.mouseRelease(slot.panel.canvas, LEFT, pos=axis + QPoint(0, 40))
    desk.frame()
    view = view_of(slot)
    assert not view.auto_y
    return view.y_low, view.y_high


def start_again(make_desk: Callable[..., FakeDesk], memory: WindowMemory) -> FakeDesk:
    desk = make_desk(bars=walk, memory=msgspec.structs.asdict(memory))
    desk.window.chart_windows.restore()
    desk.ready(instruments=(instrument(), instrument("MES")))
    desk.frame()
    desk.frame()
    return desk


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_price_scale_that_was_set_by_hand_comes_back_at_the_next_start(
    four: FakeDesk, make_desk: Callable[..., FakeDesk], logarithmic: bool
) -> None:
    slots(four)[1].panel.looks.change(logarithmic=logarithmic, inverted=True)
    prices = scale_by_hand(four, slots(four)[1])
    again = start_again(make_desk, kept(four))
    assert [view_of(slot).auto_y for slot in slots(again)] == [True, False, True, True]
    found = view_of(slots(again)[1])
    assert (found.y_low, found.y_high) == pytest.approx(prices, rel=1e-12)
    slots(again)[1].panel.navigator.reset()
    again.frame()
    assert view_of(slots(again)[1]).auto_y
    assert kept(again).charts.charts[1].prices is None


def test_the_scale_of_a_contract_is_none_for_the_next_one(
    four: FakeDesk, make_desk: Callable[..., FakeDesk]
) -> None:
    scale_by_hand(four, slots(four)[0])
    memory = kept(four)
    ours = memory.charts.charts[0]
    assert ours.prices is not None
    before = msgspec.structs.replace(ours.prices, contract_id=ContractId("CON.F.US.MNQ.U26"))
    charts = msgspec.structs.replace(
        memory.charts,
        charts=(msgspec.structs.replace(ours, prices=before), *memory.charts.charts[1:]),
    )
    again = start_again(make_desk, msgspec.structs.replace(memory, charts=charts))
    assert view_of(slots(again)[0]).auto_y
    assert kept(again).charts.charts[0].prices is None
    unlink(four)
    show_mes(four, slots(four)[0])
    assert view_of(slots(four)[0]).auto_y
    assert kept(four).charts.charts[0].prices is None


def test_a_chart_that_waits_for_its_contract_keeps_the_scale_for_it(
    make_desk: Callable[..., FakeDesk],
) -> None:
    mes = instrument("MES")
    prices = FixedPrices(mes.contract_id, LAST - 50.0, LAST + 90.0)
    charts = WindowCharts(
        arrangement="across",
        charts=(
            ChartMemory(symbol="MNQ", interval="1m"),
            ChartMemory(symbol="MES", interval="5m", prices=prices),
        ),
    )
    desk = make_desk(bars=walk, memory={"charts": charts})
    desk.window.chart_windows.restore()
    desk.ready()
    desk.frame()
    slots(desk)[0].panel.looks.change(volume=False)
    assert kept(desk).charts.charts[1].prices == prices
    desk.apply(ev.InstrumentResolved(instrument=mes))
    desk.frame()
    view = view_of(slots(desk)[1])
    assert (view.auto_y, view.y_low, view.y_high) == (False, LAST - 50.0, LAST + 90.0)
    assert kept(desk).charts.charts[1].prices == prices


def test_a_new_chart_fits_its_own_prices(four: FakeDesk) -> None:
    scale_by_hand(four, slots(four)[0])
    four.window.chart_windows.open()
    four.frame()
    four.frame()
    assert slots(four)[-1].panel.instrument == instrument()
    assert view_of(slots(four)[-1]).auto_y


def test_charts_that_were_put_away_are_not_forgotten(four: FakeDesk) -> None:
    slots(four)[3].panel.interval_requested.emit("1h")
    arrange(four, Arrangement.ONE)
    arrange(four, Arrangement.FOUR)
    assert str(slots(four)[3].selection.spec) == "1h"


def test_a_remembered_contract_that_is_unknown_is_asked_for_once(
    make_desk: Callable[..., FakeDesk],
) -> None:
    charts = WindowCharts(
        arrangement="across",
        charts=(
            ChartMemory(symbol="MNQ", interval="1m"),
            ChartMemory(symbol="CL", interval="nonsense"),
        ),
    )
    desk = make_desk(bars=walk, memory={"charts": charts})
    desk.window.chart_windows.restore()
    desk.ready()
    desk.frame()
    desk.frame()
    asked = [each.symbol for each in desk.executor.of(cmd.TrackContract)]
    assert asked.count("CL") == 1
    assert "Looking up CL" in slots(desk)[1].panel._stage.status.text
    assert str(slots(desk)[1].selection.spec) == "1m"


def test_a_contract_is_found_for_the_active_chart_as_well(
    make_desk: Callable[..., FakeDesk],
) -> None:
    charts = WindowCharts(
        arrangement="across",
        charts=(
            ChartMemory(symbol="MNQ", interval="1m"),
            ChartMemory(symbol="MES", interval="5m"),
        ),
    )
    desk = make_desk(bars=walk, memory={"charts": charts})
    desk.window.chart_windows.restore()
    desk.ready()
    waiting = slots(desk)[1]
    QTest.mouseClick(waiting.panel.canvas, LEFT, pos=QPoint(60, 60))
    assert desk.window.presenter.charts.active is waiting
    assert waiting.selection.instrument is None
    desk.apply(ev.InstrumentResolved(instrument=instrument("MES")))
    desk.frame()
    assert symbols(desk) == ["MNQ", "MES"]
    assert desk.window.presenter.selection.instrument == instrument("MES")


def test_a_window_of_charts_trades_and_obeys_the_same_keys(four: FakeDesk) -> None:
    window = four.window.chart_windows.open()
    four.frame()
    four.frame()
    slot = slots(four)[-1]
    assert slot.cell.window() is window
    assert window.windowTitle().startswith("SIM practice")
    QTest.mouseClick(slot.panel.canvas, LEFT, pos=QPoint(60, 60))
    assert four.window.presenter.charts.active is slot
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier
                   | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    (flatten,) = four.executor.of(cmd.Flatten)
    assert flatten.contract_id == instrument().contract_id
    assert len(kept(four).chart_windows) == 1
    window.close()
    four.frame()
    assert len(slots(four)) == 4
    assert kept(four).chart_windows == ()
    assert four.window.presenter.charts.active in slots(four)


def test_windows_of_charts_come_back_and_go_with_the_desk(
    four: FakeDesk, make_desk: Callable[..., FakeDesk]
) -> None:
    four.window.chart_windows.open().resize(500, 400)
    four.frame()
    memory = kept(four)
    again = make_desk(bars=walk, memory=msgspec.structs.asdict(memory))
    again.window.chart_windows.restore()
    (window,) = again.window.chart_windows.windows
    assert window.size().toTuple() == (500, 400)
    again.window.release()
    assert not window.isVisible()
    assert len(again.saved[-1].chart_windows) == 1


def test_the_menu_arranges_and_links(four: FakeDesk) -> None:
    menu = QMenu()
    slots(four)[1].panel.menus.fill(menu)
    several = part(menu, "Charts")
    assert [a.text() for a in several.actions() if a.isChecked()] == ["Four"]
    next(a for a in several.actions() if a.text() == "Two stacked").trigger()
    four.frame()
    assert len(slots(four)) == 2
    link = part(menu, "Link")
    next(a for a in link.actions() if a.text() == "Group C").trigger()
    assert slots(four)[1].group == "C"
    menu.deleteLater()


def test_ctrl_tab_goes_to_the_next_chart(four: FakeDesk) -> None:
    unlink(four)
    show_mes(four, slots(four)[1])
    QTest.keyClick(four.window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert four.window.presenter.charts.active is slots(four)[1]
    assert four.window.presenter.selection.instrument == instrument("MES")


@pytest.mark.parametrize("size", [(1_180, 640), (2_560, 1_400)])
def test_six_charts_fit_small_and_large_windows(
    make_desk: Callable[..., FakeDesk], size: tuple[int, int]
) -> None:
    desk = make_desk(*size, bars=walk)
    desk.window.chart_windows.restore()
    desk.ready()
    arrange(desk, Arrangement.SIX)
    assert desk.window.size().toTuple() == size
    for cell in desk.window.widgets.charts.cells:
        assert cell.panel.width() >= 120
        assert cell.panel.height() >= 80
