"""Strip and sheet of one drill, kept current together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tradedesk.ui.drill.sheet import ScoreSheet
from tradedesk.ui.drill.view_model import DrillView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.drill.strip import DrillStrip


class DrillPanel(QObject):
    """Shows a drill on the desk.

    Parameters
    ----------
    chart : QWidget
        What the sheet lies over; it stands in its window already.

    Signals
    -------
    again_asked()
        The trader wants to live through it once more.
    """

    again_asked = Signal()

    def __init__(self, strip: DrillStrip, chart: QWidget) -> None:
        super().__init__(strip)
        self.view = DrillView()
        self.strip = strip
        self.sheet = ScoreSheet(chart)
        self._shown: int | None = None
        self.strip.score_asked.connect(lambda: self.sheet.show_view(self.view))
        self.strip.again_asked.connect(self.again_asked)
        self.sheet.again_asked.connect(self.again_asked)
        self.strip.show_view(self.view)

    def show_view(self, view: DrillView) -> None:
        """Show how the drill stands; the sheet comes by itself once, when it is over."""
        self.view = view
        self.strip.show_view(view)
        if not view.over:
            self.sheet.hide()
        elif self._shown != view.run:
            self._shown = view.run
            self.sheet.show_view(view)
