"""What is in front of the oldest bar: more to come, the beginning of history, or trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QRectF

from tradedesk.services.older_asking import Older, OlderState
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.panes import PILL_ROOM
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_LABEL_PX: Final = 12
_HEIGHT: Final = 20.0
_PAD: Final = 8.0
_GAP: Final = 6.0
_ENDS: Final = frozenset({OlderState.BEGINNING, OlderState.FULL, OlderState.LIVE_ONLY})
_DAY_NS: Final = 86_400_000_000_000


class OlderNote(PaneItem):
    """A small plate left of the oldest bar while that is in view; at an end a line before it.

    Where there is no room left of the bar the plate stands at the left edge, over the bars.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._older = Older(OlderState.IDLE)
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_LABEL_PX, MEDIUM))
        self._edge = dashes("tx3", 2, 3)

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def older(self) -> Older:
        """What was told last."""
        return self._older

    def show_older(self, older: Older) -> None:
        """Say something else."""
        if older != self._older:
            self._older = older
            self.setVisible(older.state is not OlderState.IDLE)
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw line and plate."""
        x = self._edge_x()
        if x is not None and self._older.state in _ENDS:
            painter.setPen(self._edge)
            painter.drawLine(QLineF(x, self.area.top(), x, self.area.bottom() - 1))
        plate = self.plate()
        if plate is not None:
            painter.setFont(self._texts.font)
            paint_box(painter, plate[0], "bg2", "line")
            painter.setPen(pen("tx2"))
            self._texts.draw_centred(painter, *plate)

    def plate(self) -> tuple[QRectF, str] | None:
        """Where the plate stands and what it says; None while the oldest bar is out of view."""
        x = self._edge_x()
        if x is None or self._older.state is OlderState.IDLE:
            return None
        # Above the row in which gaps are named and the pill leads back to the newest bar.
        top = round(self.area.bottom() - PILL_ROOM - _HEIGHT)
        least, most = self.area.left() + _GAP, self.area.right() - _GAP
        for text in older_texts(self._older, self.model):
            width = round(self._texts.width(text) + 2 * _PAD)
            left = round(max(x - _GAP - width, least))
            if left + width <= most:
                return QRectF(left, top, width, _HEIGHT), text
        return None

    def _edge_x(self) -> int | None:
        """Pixel column in front of the oldest bar; None if that is not in view."""
        if not len(self.model.series):
            return None
        x = round(self.model.viewport.x_of(-0.5))
        return x if self.area.left() <= x < self.area.right() else None


def older_texts(older: Older, model: ChartModel) -> tuple[str, ...]:
    """What to say, from the fullest to the shortest; nothing when nothing is being done."""
    match older.state:
        case OlderState.IDLE:
            return ()
        case OlderState.LOADING:
            return ("Loading older bars…", "Loading…")
        case OlderState.RETRYING:
            short = "No older bars yet, trying again…"
            return (f"No older bars yet, trying again: {older.reason}", short, "Trying again…")
        case OlderState.FULL:
            count = f"{len(model.series):,} bars"
            return (f"{count} are shown: choose longer bars to look further back", count)
        case OlderState.BEGINNING:
            begins = _moment(model)
            return (f"History begins here · {begins}", begins)
        case OlderState.LIVE_ONLY:
            begins = _moment(model)
            return (f"Bars begin with the live feed · {begins}", begins)


def _moment(model: ChartModel) -> str:
    """Day of the oldest bar, for bars shorter than a day also its time where that tells more."""
    oldest_ns, newest_ns = (int(model.series.ts_ns[row]) for row in (0, -1))
    at = model.zone.datetime(oldest_ns)
    if newest_ns - oldest_ns < _DAY_NS:
        return f"{at:%H:%M:%S}"
    return f"{at.day} {at:%b} {at:%Y}"
