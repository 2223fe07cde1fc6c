"""The status bar: an age with a dot each, frame rate, venue, clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from tradedesk.ui.status_bar.dot import Dot
from tradedesk.ui.status_bar.frames_button import FramesButton
from tradedesk.ui.status_bar.sheet import StatusSheet
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.focus_ring import draw_ring
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import row
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from tradedesk.ui.status_bar.view_model import StatusView

_LEFT = Qt.AlignmentFlag.AlignLeft


class StatusBar(QWidget):
    """Shows a `StatusView`; a click or Space opens the sheet with what it has no room for.

    Signals
    -------
    frames_pressed()
        The figures of the window's own frames were pressed.
    """

    frames_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(METRICS.status_bar)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("How old everything is; Space shows more")
        self._view: StatusView | None = None
        self.sheet: StatusSheet | None = None
        font = fonts.ui_font(METRICS.title_px)
        samples = {
            "trades": "Trades 000 ms",
            "quotes": "Quotes 000 ms",
            "user": "User hub 0.0 s lost",
            "rest": "REST 000 / 1,000 ms",
            "clock": "Clock +1,000 ms",
            "window": "60 fps · 10.0 ms · p99 100 ms · 9 stalls, 10 min",
        }
        self.dots = {name: Dot() for name in samples}
        self.texts = {
            name: NumberLabel(sample, font, _LEFT, Tone.SOFT) for name, sample in samples.items()
        }
        self.frames = FramesButton(self.dots["window"], self.texts["window"])
        self.frames.pressed.connect(self.frames_pressed)
        self.venue = QLabel()
        self.venue.setFont(font)
        self.venue.setProperty("tone", "soft")
        self.clock = NumberLabel("00:00:00 UTC", font, tone=Tone.SOFT)
        layout = row(spacing=6)
        for name, dot in self.dots.items():
            if name == "window":
                continue
            layout.addWidget(dot)
            layout.addWidget(self.texts[name])
        layout.addStretch(1)
        for label in (self.frames, self.venue, self.clock):
            layout.addSpacing(4)
            layout.addWidget(label)
        layout.setContentsMargins(12, 0, 12, 0)
        self.setLayout(layout)

    def show_view(self, view: StatusView) -> None:
        """Show ages and words; what has not changed is left alone."""
        self._view = view
        if self.sheet is not None and self.sheet.isVisible():
            self.sheet.show_view(view)
        for name, entry in view.entries:
            self.dots[name].show_health(entry.health)
            self.texts[name].show_text(entry.text)
            if self.texts[name].toolTip() != entry.tip:
                self.texts[name].setToolTip(entry.tip)
                self.dots[name].setToolTip(entry.tip)
        if self.venue.text() != view.venue:
            self.venue.setText(view.venue)
        self.clock.show_text(view.clock)

    def toggle_sheet(self) -> None:
        """Show the sheet above the bar, or hide it."""
        if self.sheet is None:
            self.sheet = StatusSheet(self.window())
        if self.sheet.isVisible() or self._view is None:
            self.sheet.hide()
            return
        self.sheet.show_view(self._view)
        self.sheet.stand_above(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.toggle_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_sheet()
        elif event.key() == Qt.Key.Key_Escape and self.sheet is not None and self.sheet.isVisible():
            self.sheet.hide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_ring(self)
