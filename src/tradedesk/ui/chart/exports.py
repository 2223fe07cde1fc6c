"""What can be taken from a chart: its picture and its bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import REGULAR, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.engine import Bars
    from tradedesk.ui.chart.stage import Stage

_FOOTER: Final = 26
_FOOTER_PX: Final = 12
_PAD: Final = 12.0


class Exports(QObject):
    """Offers pictures and bars; whoever listens to the signals decides where they go.

    Signals
    -------
    copy_requested()
        The picture, to the clipboard.
    picture_requested()
        The picture, to a file.
    bars_requested(bool)
        Bars, to a file: True for all of them, False for those in view.
    """

    copy_requested = Signal()
    picture_requested = Signal()
    bars_requested = Signal(bool)

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage = stage

    def fill(self, menu: QMenu) -> None:
        """Add the entries; bars can be saved only where there are some."""
        menu.addAction("Copy picture\tAlt+S").triggered.connect(lambda: self.copy_requested.emit())
        menu.addAction("Save picture…").triggered.connect(lambda: self.picture_requested.emit())
        bars = menu.addMenu("Save bars as CSV")
        bars.setEnabled(len(self._stage.model.series) > 0)
        for text, everything in (("Bars in view…", False), ("All bars…", True)):
            action = bars.addAction(text)
            action.triggered.connect(
                lambda _checked=False, everything=everything: self.bars_requested.emit(everything)
            )

    @property
    def instrument(self) -> Instrument | None:
        """The contract on the chart."""
        return self._stage.model.instrument

    @property
    def spec(self) -> BarSpec | None:
        """The size of its bars."""
        return self._stage.model.spec

    def bars(self, *, everything: bool) -> Bars:
        """All bars, or those in view; they go on changing with the chart."""
        bars = self._stage.model.series.bars
        first, stop = self._stage.model.viewport.visible_rows()
        return bars if everything else bars[first:stop]

    def picture(self, footer: str) -> QImage:
        """The chart as it is on screen, sharp as there, without the pointer's lines.

        Parameters
        ----------
        footer : str
            What is written below it.
        """
        stage = self._stage
        kept = stage.crosshair.hide_for_picture()
        chart = stage.view.viewport().grab()
        stage.crosshair.show_at(*kept)
        ratio = chart.devicePixelRatioF()
        footer_px = round(_FOOTER * ratio)
        made = QImage(chart.width(), chart.height() + footer_px, QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(ratio)
        made.fill(color("bg1"))
        painter = QPainter(made)
        painter.drawPixmap(0, 0, chart)
        texts = Texts(ui_font(_FOOTER_PX, REGULAR))
        painter.setFont(texts.font)
        painter.setPen(pen("tx2"))
        top = chart.height() / ratio + (_FOOTER - texts.height()) / 2
        room = QRectF(0, 0, made.width() / ratio - _PAD, made.height() / ratio)
        painter.setClipRect(room, Qt.ClipOperation.ReplaceClip)
        texts.draw(painter, _PAD, top, footer)
        painter.end()
        return made
