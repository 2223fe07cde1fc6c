"""The chart as the window sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.instrument import Instrument
from tradedesk.domain.order import Side
from tradedesk.engine import BarSeries
from tradedesk.services.chart_lines import ChartLine
from tradedesk.ui.chart.marks import FillMark, Market, Phantom


class ChartPanel(QWidget):
    """Candles, volume, axes and order lines of one contract at one bar size.

    It never talks to the venue: what the user wants leaves as signals. Prices are ticks. A press
    moment is what `mono_ns` said when the mouse button went down; signals carry it as ``object``
    because Qt's int has 32 bits.
    """

    place_requested = Signal(object, object, int, object)
    """Side, OrderType, price_ticks, press_ns."""
    move_requested = Signal(str, int, object)
    """Key of the line, price_ticks, press_ns."""
    cancel_requested = Signal(str, object)
    """Key of the line, press_ns."""
    interval_requested = Signal(str)
    """Text that `BarSpec.parse` accepts."""
    crosshair_moved = Signal(object)
    """A `Spot`, or None when the pointer left."""
    following_changed = Signal(bool)
    """Whether the newest bar is kept in view."""

    def __init__(self, mono_ns: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self._series: BarSeries | None = None
        self._lines: tuple[ChartLine, ...] = ()
        self._market = Market()

    # --- what to show -------------------------------------------------------------------------

    def set_series(
        self,
        series: BarSeries | None,
        instrument: Instrument | None,
        spec: BarSpec | None,
        *,
        keep_place: bool = True,
    ) -> None:
        """Show other bars; with `keep_place` zoom and time stay where they were."""
        self._series = series

    def set_lines(self, lines: Sequence[ChartLine]) -> None:
        """Newest lines; a moved line is confirmed when it comes with its new price."""
        self._lines = tuple(lines)

    def reject_move(self, key: str, reason: str) -> None:
        """The venue or the gate refused a move: snap back and say why at the line."""

    def set_market(
        self,
        last_ticks: int | None,
        bid_ticks: int | None,
        ask_ticks: int | None,
        last_side: Side | None,
        stale: bool,
    ) -> None:
        """Newest prices."""
        self._market = Market(last_ticks, bid_ticks, ask_ticks, last_side, stale)

    def set_status(self, text: str) -> None:
        """One quiet sentence in the plot; empty for none."""

    def set_fill_marks(self, marks: Sequence[FillMark]) -> None:
        """Fills to mark at their bars."""

    def set_phantom(self, phantom: Phantom | None) -> None:
        """What the hovered market button would make."""

    def set_armed(self, armed: bool, reason: str) -> None:
        """Whether the chart places orders; when not, `reason` says what to do about it."""

    def set_order_size(self, size: int) -> None:
        """Contracts that a click on the chart places."""

    def set_time_zone(self, name: str | None) -> None:
        """IANA name for the time axis, e.g. ``America/Chicago``; None is this machine's own."""

    # --- frames -------------------------------------------------------------------------------

    def refresh(self, now_market_ns: int) -> None:
        """Once a frame: repaint what changed since the last one."""

    def jump_to_live(self) -> None:
        """Show the newest bar and follow it."""
