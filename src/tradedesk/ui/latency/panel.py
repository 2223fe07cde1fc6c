"""The latency card: the last order step by step, and the spread of all orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tradedesk.services.latency import STEP_NAMES, Step, histogram, percentile
from tradedesk.ui import words
from tradedesk.ui.latency.drawing import HistogramView, Waterfall
from tradedesk.ui.latency.report import LatencyReport
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, column, row, small
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.services.latency_log import LatencyLog

_PAD = METRICS.card_padding + 2
_SHARES = (("p50", 0.50), ("p90", 0.90), ("p99", 0.99))


class LatencyPanel(QWidget):
    """Shows a `LatencyLog`; looks at it again only when its version rose."""

    def __init__(self, log: LatencyLog, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._clock = clock
        self.report: LatencyReport | None = None
        self._seen = -1
        self.held = NumberLabel(
            "button held 999 ms", fonts.label(), Qt.AlignmentFlag.AlignLeft, Tone.LABEL
        )
        self.total = NumberLabel("999.9 ms", fonts.ui_font(METRICS.body_px, fonts.SEMIBOLD))
        self.waterfall = Waterfall()
        self.figures = {
            name: NumberLabel(
                "1,000.0", fonts.ui_font(12, fonts.MEDIUM), Qt.AlignmentFlag.AlignLeft
            )
            for name, _ in _SHARES
        }
        self.count = NumberLabel(
            "n 10,000", fonts.ui_font(12, fonts.MEDIUM), Qt.AlignmentFlag.AlignLeft
        )
        self.details = QPushButton("All figures")
        self.details.setProperty("kind", "flat")
        self.details.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.details.setToolTip("Percentiles by step, kind and hour, of earlier days too")
        self.details.clicked.connect(self.open_report)
        self.histogram = HistogramView()
        self.empty = small(
            "No order yet. Each order is measured from the click that sends it.", wrap=True
        )
        layout = column(
            row(card_title("LATENCY · LAST ORDER"), self.held, None, self.total),
            self.waterfall,
            self._figures_row(),
            self.histogram,
            self.empty,
            row(self.count, None, self.details),
        )
        layout.setContentsMargins(_PAD, METRICS.card_padding, _PAD, METRICS.card_padding)
        self.setLayout(layout)
        self.refresh()

    def refresh(self) -> None:
        """Show what is new in the log."""
        if self._log.version == self._seen:
            return
        self._seen = self._log.version
        if self.report is not None:
            self.report.refresh()
        last, replies = self._log.last, self._log.replies_ms
        self.waterfall.show_steps(
            last.steps if last is not None else [Step(name) for name in STEP_NAMES]
        )
        self.total.show_text(words.milliseconds(last.total_ms) if last is not None else "")
        held_ms = last.held_ms if last is not None else None
        self.held.show_text(_held_text(held_ms))
        for name, share in _SHARES:
            value = percentile(replies, share)
            self.figures[name].show_text(words.NONE if value is None else f"{value:.1f}")
        self.count.show_text(f"n {len(replies):,}")
        self.histogram.show_data(histogram(replies))
        self.histogram.setVisible(bool(replies))
        self.empty.setVisible(last is None)

    def _figures_row(self) -> QHBoxLayout:
        made = row(spacing=4)
        for name, label in self.figures.items():
            made.addWidget(small(name))
            made.addWidget(label)
            made.addStretch(1)
        return made

    def open_report(self) -> None:
        """Show the window with all figures."""
        if self.report is None:
            self.report = LatencyReport(self._log, self._clock, self)
        self.report.show()
        self.report.raise_()
        self.report.refresh()


def _held_text(held_ms: float | None) -> str:
    """How long the finger was down, which is no latency; empty where it was not measured."""
    if held_ms is None:
        return ""
    short = held_ms < 999.5
    return f"button held {held_ms:.0f} ms" if short else f"button held {held_ms / 1_000:.1f} s"
