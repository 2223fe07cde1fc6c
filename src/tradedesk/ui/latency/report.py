"""The window with all latency figures: by step, kind and hour, for a period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QGridLayout, QPushButton, QWidget

from tradedesk.services.latency import latency_of, to_csv
from tradedesk.services.latency_figures import SHARES, Line, Period, chosen, figures
from tradedesk.ui import words
from tradedesk.ui.latency.pictures import AnswerHistogram, HourBars
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.widgets.layout import card_title, column, row, rule, small
from tradedesk.ui.widgets.number_label import NumberLabel
from tradedesk.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.latency import LatencyRecord
    from tradedesk.services.latency_log import LatencyLog

_PERIODS = ((Period.TODAY, "Today"), (Period.WEEK, "7 days"), (Period.ALL, "All"))
_KINDS = (
    ("", "All"),
    ("place", "Place"),
    ("modify", "Modify"),
    ("cancel", "Cancel"),
    ("close", "Close"),
)
_STEP_ROWS = 6
_KIND_ROWS = 4
_WIDEST = "999.9 ms"
_LONGEST = "Answer to screen"
_STRONG = fonts.SEMIBOLD
_WIDTH = 88
_LEFT = Qt.AlignmentFlag.AlignLeft


class _LineGrid(QWidget):
    """Named spreads, a row each: percentiles and how many values they come from."""

    def __init__(self, rows: int, title: str, counted: str) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(card_title(title), 0, 0, 1, 2)
        for at, (name, _) in enumerate(SHARES):
            grid.addWidget(small(name), 0, 2 + at, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(small(counted), 0, 2 + len(SHARES), Qt.AlignmentFlag.AlignRight)
        self.names = [NumberLabel(_LONGEST, fonts.ui_font(), _LEFT) for _ in range(rows)]
        self.owners = [
            NumberLabel("network and venue", fonts.label(), _LEFT, Tone.LABEL) for _ in range(rows)
        ]
        self.values = [[NumberLabel(_WIDEST) for _ in SHARES] for _ in range(rows)]
        self.counts = [NumberLabel("50,000", tone=Tone.SOFT) for _ in range(rows)]
        # the width of a strong line, so that grids with and without one stand in line
        name_width = NumberLabel(_LONGEST, fonts.ui_font(weight=_STRONG)).sizeHint().width()
        for at in range(rows):
            self.names[at].setFixedWidth(name_width)
            grid.addWidget(self.names[at], at + 1, 0)
            grid.addWidget(self.owners[at], at + 1, 1)
            for index, label in enumerate(self.values[at]):
                grid.addWidget(label, at + 1, 2 + index, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self.counts[at], at + 1, 2 + len(SHARES), Qt.AlignmentFlag.AlignRight)
            for each in (*self.values[at], self.counts[at]):
                each.setFixedWidth(_WIDTH)
        grid.setColumnStretch(1, 1)
        self.setLayout(grid)

    def show_lines(self, lines: tuple[Line, ...], strong: str = "") -> None:
        """Show other figures; a percentile that too few values back is dim."""
        for at, line in enumerate(lines):
            is_strong = line.name == strong
            self.names[at].setFont(fonts.ui_font(weight=_STRONG if is_strong else 400))
            self.names[at].show_text(line.name)
            self.owners[at].show_text(line.owner)
            for index, label in enumerate(self.values[at]):
                value, firm = line.spread.values[index], line.spread.is_firm(index)
                label.setFont(fonts.ui_font(weight=_STRONG if is_strong else 400))
                bright = firm and value is not None
                label.show_text(words.milliseconds(value), Tone.TEXT if bright else Tone.LABEL)
                thin = value is not None and not firm
                label.setToolTip(
                    f"{line.spread.count:,} values are too few for {SHARES[index][0]}: this is the "
                    "longest one"
                    if thin
                    else ""
                )
            self.counts[at].show_text(f"{line.spread.count:,}" if line.spread.count else words.NONE)


class LatencyReport(QDialog):
    """Lies beside the desk; it never stops anything."""

    def __init__(self, log: LatencyLog, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Latency — tradedesk")
        self._log = log
        self._clock = clock
        self._seen: tuple[int, Period, str] | None = None
        self._period = Period.TODAY
        self._kind = ""
        self.records: list[LatencyRecord] = []
        self.periods = Segments(_PERIODS)
        self.kinds = Segments(_KINDS)
        self.periods.select(self._period)
        self.kinds.select(self._kind)
        self.copy_button = QPushButton("Copy CSV")
        self.save_button = QPushButton("Save CSV…")
        for button in (self.copy_button, self.save_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.steps = _LineGrid(_STEP_ROWS, "STEPS", "orders")
        self.by_kind = _LineGrid(_KIND_ROWS, "CLICK TO ANSWER, BY KIND", "orders")
        self.histogram = AnswerHistogram()
        self.hours = HourBars()
        self.said = small(wrap=True)
        self._arrange()
        self.periods.chosen.connect(self._choose_period)
        self.kinds.chosen.connect(self._choose_kind)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self._save_as)

    def refresh(self) -> None:
        """Show what is new, while it is visible."""
        state = (self._log.version, self._period, self._kind)
        if state == self._seen or not self.isVisible():
            return
        self._seen = state
        self.records = chosen(self._log.records, self._period, self._kind, self._clock.wall_ns())
        found = figures(self.records)
        answers = found.steps[3].spread
        self.steps.show_lines(found.steps, strong="Click to answer")
        self.by_kind.show_lines(found.kinds)
        self.histogram.show_data(found.replies, answers)
        self.hours.show_data(found.hours)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(self.records))
        self.said.setText(self._about(len(self.records)))

    def copy(self) -> None:
        """Put the chosen orders into the clipboard as CSV."""
        QApplication.clipboard().setText(self._csv())
        self.said.setText(f"Copied {len(self.records):,} rows.")

    def write(self, path: Path) -> None:
        """Write the chosen orders to a file and say what came of it."""
        try:
            path.write_text(self._csv(), encoding="utf-8")
        except OSError as error:
            self.said.setText(
                f"{path.name} was not written: {error.strerror}. Choose another place."
            )
        else:
            self.said.setText(f"Wrote {len(self.records):,} rows to {path.name}.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # no button is ready to be pressed
        self._seen = None  # what today is may have changed meanwhile
        self.refresh()

    # --- inside -----------------------------------------------------------------------------

    def _arrange(self) -> None:
        head = row(self.periods, 8, self.kinds, None, self.copy_button, self.save_button)
        pictures = row(
            column(card_title("CLICK TO ANSWER, ALL ORDERS"), self.histogram),
            column(card_title("BY HOUR OF THE DAY, P50 AND P99"), self.hours),
            spacing=24,
        )
        layout = column(
            head, rule(), self.steps, rule(), pictures, rule(), self.by_kind, rule(), self.said,
            spacing=16,
        )  # fmt: skip
        layout.setContentsMargins(20, 16, 20, 16)
        self.setLayout(layout)
        self.setMinimumWidth(880)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _about(self, count: int) -> str:
        venue = self._log.venue or "this venue"
        if not count:
            kind = f"{self._kind} " if self._kind else ""
            when = {Period.TODAY: " today", Period.WEEK: " in 7 days", Period.ALL: ""}
            return (
                f"No {kind}order at {venue}{when[self._period]} yet. Each one is measured from the "
                "click that sends it, and kept for 90 days."
            )
        return (
            f"Exact figures of {count:,} orders and changes at {venue} that reached the wire, kept "
            "for 90 days. What lies between wire and answer is the network's and the venue's, "
            "which cannot be told apart from here. Dim figures come from too few orders."
        )

    def _choose_period(self, key: str) -> None:
        self._period = Period(key)
        self.refresh()

    def _choose_kind(self, key: str) -> None:
        self._kind = key
        self.refresh()

    def _csv(self) -> str:
        return to_csv([latency_of(record) for record in self.records])

    def _save_as(self) -> None:
        chosen_path, _filter = QFileDialog.getSaveFileName(
            self, "Save latency", f"tradedesk-latency-{self._period}.csv", "CSV (*.csv)"
        )
        if chosen_path:
            self.write(Path(chosen_path))
