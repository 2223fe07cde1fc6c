"""The card under the position: phases of a way out as they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from tradedesk.ui import words
from tradedesk.ui.phases.log import LINES, NOTHING, PhaseView
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import card_title, column, row, rule
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Callable

_PAD = METRICS.card_padding + 2
_HEAD = 44
_ROW = 20


class PhasesPanel(QWidget):
    """Shows a `PhaseView`; takes no room while there is none.

    Parameters
    ----------
    room : callable
        Pixels below the card that is above this one. In a low window only the newest phases are
        shown, and all of them as a tool tip.

    Signals
    -------
    dismissed(str)
        Click id of the run that somebody has read.
    """

    dismissed = Signal(str)

    def __init__(self, room: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._view = NOTHING
        self.title = card_title("")
        self.sign = QLabel()
        self.sign.setFont(fonts.ui_font(METRICS.title_px, fonts.SEMIBOLD))
        self.total = NumberLabel("000.0 ms", fonts.ui_font(METRICS.title_px, fonts.SEMIBOLD))
        self.close_button = QPushButton("×")
        self.close_button.setProperty("kind", "step")
        self.close_button.setFixedSize(22, 22)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.setAccessibleName("Take this message away")
        self.close_button.clicked.connect(lambda: self.dismissed.emit(self._view.click_id))
        self.rows = [_Row() for _ in range(LINES)]
        self.failure = QLabel()
        self.failure.setWordWrap(True)
        self.failure.setTextFormat(Qt.TextFormat.PlainText)
        self.failure.setProperty("tone", "error")
        self.failure.setFont(fonts.ui_font(METRICS.title_px))
        inside = column(
            row(self.title, None, self.sign, self.total, self.close_button),
            *self.rows,
            self.failure,
            spacing=4,
        )
        inside.setContentsMargins(_PAD, METRICS.card_padding, _PAD, METRICS.card_padding)
        whole = column(rule(), spacing=0)
        whole.addLayout(inside)
        self.setLayout(whole)
        self.hide()

    @property
    def view(self) -> PhaseView:
        """What is shown."""
        return self._view

    def show_view(self, view: PhaseView) -> None:
        """Show another view; does nothing if it is the same."""
        if view == self._view:
            return
        self._view = view
        self.title.setText(view.title.upper())
        sign, tone = ("…", "soft") if view.running else ("✓", "ok")
        if view.failure:
            sign, tone = "✕ not done", "error"
        self.sign.setText(sign)
        restyle(self.sign, "tone", tone)
        self.total.show_text(words.milliseconds(view.elapsed_ms), Tone.SOFT)
        self.close_button.setVisible(bool(view.failure))
        lines = view.lines[-self._fitting(view) :]
        for at, shown in enumerate(self.rows):
            known = at < len(lines)
            if known:
                shown.show_line(lines[at].text, lines[at].elapsed_ms)
            shown.setVisible(known)
        self.setToolTip(
            "\n".join(f"{x.text} · {words.milliseconds(x.elapsed_ms)}" for x in view.lines)
        )
        self.failure.setText(view.failure)
        self.failure.setVisible(bool(view.failure))
        self.setAccessibleName(f"{view.title}: {view.failure or sign}")
        self.setVisible(bool(view.click_id))

    def _fitting(self, view: PhaseView) -> int:
        free = self._room() - _HEAD - (_ROW * 2 if view.failure else 0)
        return min(LINES, max(1, free // _ROW))


class _Row(QWidget):
    """One phase and its time."""

    def __init__(self) -> None:
        super().__init__()
        font = fonts.ui_font(METRICS.title_px)
        self.text = QLabel()
        self.text.setFont(font)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setProperty("tone", "soft")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.time = NumberLabel("000.0 ms", font)
        inside = row(self.text, self.time)
        inside.setStretch(0, 1)
        inside.setAlignment(self.time, Qt.AlignmentFlag.AlignTop)
        self.setLayout(inside)
        self.hide()

    def show_line(self, text: str, elapsed_ms: float) -> None:
        """Show another phase."""
        if self.text.text() != text:
            self.text.setText(text)
        self.time.show_text(words.milliseconds(elapsed_ms))
