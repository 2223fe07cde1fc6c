"""The chart as the window sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from tradedesk.ui.chart.aiming import Aim
from tradedesk.ui.chart.bar_clock import BarClock
from tradedesk.ui.chart.bar_intake import BarIntake
from tradedesk.ui.chart.drawings.feature import Drawings
from tradedesk.ui.chart.feed import SeriesFeed
from tradedesk.ui.chart.interaction import Interaction
from tradedesk.ui.chart.interval_box import IntervalBox
from tradedesk.ui.chart.look import Looks
from tradedesk.ui.chart.marks import FillMark, Market, Phantom
from tradedesk.ui.chart.navigator import Navigator
from tradedesk.ui.chart.reading.reading import Reading
from tradedesk.ui.chart.stage import Stage
from tradedesk.ui.chart.studies.studies import Studies
from tradedesk.ui.chart.toolbox import Requests, chart_tools
from tradedesk.ui.chart.trade_menu import MenuHost
from tradedesk.ui.chart.trading import ChartTrading
from tradedesk.ui.chart.viewing import Viewing
from tradedesk.ui.widgets.layout import row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QKeyCombination
    from PySide6.QtGui import QHideEvent

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Side
    from tradedesk.engine import BarSeries
    from tradedesk.services.chart_gap import GapRange
    from tradedesk.services.chart_line import ChartLine
    from tradedesk.services.older_asking import Older
    from tradedesk.services.trips import Trip
    from tradedesk.ui.chart.placing import Terms


class ChartPanel(QWidget):
    """Candles, volume, axes and order lines of one contract at one bar size.

    `looks` is how it is drawn, `reading` draws by it, `navigator` is what is in view, `menus`
    offers what can be done. It never talks to the venue: what the user wants leaves as signals.
    Prices are ticks. A press moment is what `mono_ns` said when the mouse button went down;
    signals carry it as ``object`` because Qt's int has 32 bits. Nothing is repainted by the setters
    alone where `refresh` does it: a frame clock calls that.

    Parameters
    ----------
    mono_ns : callable
        Monotonic nanoseconds.
    parent : QWidget, optional
        Owner.
    """

    place_requested = Signal(object, object)
    """`Offer` as it was shown under the press, press_ns."""
    move_requested = Signal(str, int, object)
    """Key of the line, price_ticks, press_ns."""
    cancel_requested = Signal(str, object)
    """Key of the line, press_ns."""
    interval_requested = Signal(str)
    """Text that `BarSpec.parse` accepts."""
    crosshair_moved = Signal(object)
    """A `Spot`, or None when the pointer left."""

    def __init__(self, mono_ns: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mono_ns, self._stage = mono_ns, Stage(mono_ns)
        self._feed = SeriesFeed(self._stage.model)
        self._status, self._alarm = "", False
        self._aim, self._bar_clock = Aim(self._stage), BarClock(self._stage.model)
        model = self._stage.model
        self.looks = Looks(self)
        self.looks.changed.connect(self._stage.take_look)
        self.navigator = Navigator(self._stage, self)
        self.studies = Studies(self._stage, self.looks, self)
        self._box = IntervalBox(self, self.interval_requested.emit)
        self.trading = ChartTrading(
            self._stage, self._aim, self.move_requested.emit, self.cancel_requested.emit, self
        )
        place, alert = self.place_requested.emit, self.trading.alert_requested.emit
        self.menus = MenuHost(self, model, self._aim, mono_ns, place, alert)
        self.viewing = Viewing(self._stage, self.looks, self.navigator, self)
        self.reading = Reading(self._stage, self.looks)
        self.drawings = Drawings(self._stage, self.looks, self._aim, mono_ns, self)
        self.reading.profiles.keep_clear_of(self.drawings.layer, self.drawings.easel.changed)
        self.menus.sections += [*self.viewing.sections, self.studies.menu.fill, self.reading.fill]
        self.menus.sections.append(self.drawings.menu.fill)
        requests = Requests(
            place=place,
            move=self.move_requested.emit,
            cancel=self.cancel_requested.emit,
            interval=self._box.open,
            reset=self.navigator.reset,
            live=self.navigator.follow,
            key=self.viewing.key,
            stop=self.viewing.go_to.cancel,
        )
        more = (self.studies.book.hand_at, self.reading.tools, self.studies.tools)
        self._interaction = Interaction(
            self._stage,
            self.drawings.among(chart_tools(self._stage, self._aim, requests, self.trading, *more)),
            mono_ns,
            menu=lambda press: self.menus.open(press.at, press.on_screen),
            pointer=lambda at: self.crosshair_moved.emit(model.spot(at)),
        )
        self.menus.closed = self._menu_closed
        view = self._stage.view
        view.connect_sink(self._interaction, self._stage.resized)
        self.setLayout(row(self.drawings.strip, view, spacing=0))
        self.setFocusProxy(view)
        self.setMinimumSize(120, 80)
        self._box.raise_()
        self._bars = BarIntake(self._stage, self._feed, self.studies, self._say_status)
        self._say_status()

    @property
    def instrument(self) -> Instrument | None:
        """The contract whose prices it shows."""
        return self._stage.model.instrument

    @property
    def canvas(self) -> QWidget:
        """The widget that takes the mouse."""
        return cast("QWidget", self._stage.view.viewport())

    @property
    def market(self) -> Market:
        """Newest prices of the contract on the chart."""
        return self._stage.model.market

    def take_letter(self, keys: QKeyCombination) -> None:
        """A letter with Alt that was pressed somewhere in the window."""
        self._interaction.take_letter(keys)

    def point_of(self, price_ticks: int, share: float = 0.5) -> QPoint:
        """Where a price is drawn on `canvas`, at a share of the plot's width from the left."""
        return self._stage.model.point_of(price_ticks, share)

    def cross_of(self, key: str) -> QPoint | None:
        """Where on `canvas` the cancelling cross of a line is; None if it has none."""
        return self._stage.overlay.cross_of(key)

    # --- what to show -------------------------------------------------------------------------

    def set_series(
        self,
        series: BarSeries | None,
        instrument: Instrument | None,
        spec: BarSpec | None,
        *,
        keep_place: bool = True,
    ) -> None:
        """Show other bars; with `keep_place` zoom and time stay where they were.

        Bars of another size that are still empty leave the old ones on screen until they come.
        Another contract takes everything of the old one away: prices, lines, gestures, the menu.
        """
        if self._feed.is_other(instrument):
            self._clear()
        if self._feed.show(series, instrument, spec, keep_place=keep_place):
            self.studies.keep_hours()
            self._stage.bars_exchanged()
        self._say_status()

    def set_lines(self, lines: Sequence[ChartLine]) -> None:
        """Newest lines; a moved line is confirmed when it comes with its new price.

        Every move that was asked for is answered by `trading.settle_move` or
        `reject_move`.
        """
        self._bars.take()
        self._stage.set_lines(lines)
        self.trading.lines_came(self._interaction)

    def reject_move(self, key: str, reason: str) -> None:
        """The venue or the gate refused a move: snap back and say why at the line."""
        self._stage.moves.refuse(key, reason, self._mono_ns())
        self._stage.lines_changed()

    def set_market(
        self,
        last_ticks: int | None,
        bid_ticks: int | None,
        ask_ticks: int | None,
        last_side: Side | None,
        stale: bool,
    ) -> None:
        """Newest prices; shown with the next `refresh`."""
        if stale and not self._stage.model.market.stale:
            self.trading.prices_stopped(self._interaction)
        self._stage.model.market = Market(last_ticks, bid_ticks, ask_ticks, last_side, stale)

    def set_status(self, text: str, *, alarm: bool = False) -> None:
        """One quiet sentence in the plot; empty for none. An alarm stands in its middle."""
        self._status, self._alarm = text, alarm
        self._say_status()

    def set_gaps(self, gaps: tuple[GapRange, ...]) -> None:
        """What is missing in the bars; marked until it is told that nothing is."""
        self._stage.gaps.show_gaps(gaps)

    def set_older(self, older: Older) -> None:
        """How bars in front of the oldest one stand; said where that is in view."""
        self._stage.older.show_older(older)

    def set_fill_marks(self, marks: Sequence[FillMark], trips: Sequence[Trip] = ()) -> None:
        """Fills to mark at their bars, and which of them closed which."""
        self._bars.take()
        self.trading.show_fills(marks, trips)

    def set_phantom(self, phantom: Phantom | None) -> None:
        """What the hovered market button would make."""
        self._stage.phantom.show_phantom(phantom)

    def set_armed(
        self, armed: bool, reason: str, *, hatched: bool = False, exits_off: str = ""
    ) -> None:
        """Whether the chart places orders; when not, `reason` says what to do about it.

        `hatched` shows it on the plot as well, for reasons that are not the trader's own switch.
        `exits_off` says why exits are not made from here either.
        """
        self._stage.hatch.show_on(hatched)
        self.trading.permit(self._interaction, armed=armed, reason=reason, exits_off=exits_off)
        self._interaction.show_again()

    def set_terms(self, terms: Terms) -> None:
        """Contracts and bracket of what a click on the chart places."""
        self._aim.permit(terms=terms)
        self._interaction.show_again()

    # --- frames -------------------------------------------------------------------------------

    def refresh(self, now_market_ns: int) -> None:
        """Once a frame: repaint what changed since the last one."""
        stage, now_ns = self._stage, self._mono_ns()
        self._bars.take()
        stage.show_market(self._bar_clock.read(now_market_ns, now_ns))
        stage.flash(now_ns)
        stage.show_figures(now_ns)
        self.reading.catch_up(now_ns)
        self._interaction.frame()
        self.trading.frame(now_ns)
        self.viewing.frame(now_ns, now_market_ns)
        self.navigator.tell()

    @property
    def paint_ns(self) -> int:
        """How long the last paint took."""
        return self._stage.view.paint_ns

    def changeEvent(self, event: QEvent) -> None:
        """Stay sharp on a screen of another scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._stage.resized()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden chart holds no gesture."""
        super().hideEvent(event)
        self._interaction.abort_all()

    # --- parts --------------------------------------------------------------------------------

    def _clear(self) -> None:
        """Nothing that was meant for one contract may reach another."""
        self.trading.contract_changed(self._interaction)
        self._interaction.abort_all()
        self.menus.close()
        self.viewing.go_to.cancel()
        self.drawings.drop_menu()
        model = self._stage.model
        model.market = Market()
        self.trading.show_fills((), ())
        self._stage.phantom.show_phantom(None)
        self._stage.gaps.show_gaps(())
        self._stage.moves.replace(())

    def _menu_closed(self) -> None:
        """Qt tells nobody that the pointer left while a menu had it."""
        if not self.canvas.rect().contains(self.canvas.mapFromGlobal(QCursor.pos())):
            self._interaction.left()

    def _say_status(self) -> None:
        self._stage.status.say(self._status or self._feed.status, alarm=self._alarm)
