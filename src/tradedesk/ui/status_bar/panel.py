"""The status bar: an age with a dot each, frame rate, venue, clock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from tradedesk.ui.status_bar.view_model import Health, StatusView
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone, color
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import row
from tradedesk.ui.widgets.number_label import NumberLabel

_LEFT = Qt.AlignmentFlag.AlignLeft
_DOTS = {Health.GOOD: "ok", Health.OLD: "warn", Health.BAD: "sell_fill", Health.NONE: "tx3"}


class Dot(QWidget):
    """A dot in the colour of a health, and of a shape for each, so that hue is not alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._health = Health.NONE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def health(self) -> Health:
        """What it shows."""
        return self._health

    def show_health(self, health: Health) -> None:
        """Show another health."""
        if health is not self._health:
            self._health = health
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint = color(_DOTS[self._health])
        hollow = self._health in (Health.OLD, Health.NONE)
        painter.setPen(paint if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else paint)
        painter.drawEllipse(QPointF(5, 5), 3.5, 3.5)
        painter.end()


class StatusBar(QWidget):
    """Shows a `StatusView`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(METRICS.status_bar)
        font = fonts.ui_font(METRICS.title_px)
        samples = {
            "market": "Market 000 ms",
            "user": "User hub 0.0 s lost",
            "rest": "REST 1,000 / 1,000 ms",
            "clock": "Clock +1,000 ms",
        }
        self.dots = {name: Dot() for name in samples}
        self.texts = {
            name: NumberLabel(sample, font, _LEFT, Tone.SOFT) for name, sample in samples.items()
        }
        self.frames = NumberLabel("120 fps · 10.0 ms", font, tone=Tone.SOFT)
        self.venue = QLabel()
        self.venue.setFont(font)
        self.venue.setProperty("tone", "soft")
        self.clock = NumberLabel("00:00:00 UTC", font, tone=Tone.SOFT)
        layout = row(spacing=6)
        for name, dot in self.dots.items():
            layout.addWidget(dot)
            layout.addWidget(self.texts[name])
            layout.addSpacing(4)
        layout.addStretch(1)
        for label in (self.frames, self.venue, self.clock):
            layout.addSpacing(8)
            layout.addWidget(label)
        layout.setContentsMargins(12, 0, 12, 0)
        self.setLayout(layout)
        self.frames.setToolTip("Frames shown in the last second, and the time one takes to draw")

    def show_view(self, view: StatusView) -> None:
        """Show ages and words; what has not changed is left alone."""
        for name, entry in view.entries:
            self.dots[name].show_health(entry.health)
            self.texts[name].show_text(entry.text)
            if self.texts[name].toolTip() != entry.tip:
                self.texts[name].setToolTip(entry.tip)
                self.dots[name].setToolTip(entry.tip)
        self.frames.show_text(view.frames)
        if self.venue.text() != view.venue:
            self.venue.setText(view.venue)
        self.clock.show_text(view.clock)
