"""Leaving while something is open at the venue."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from tradedesk.domain.safety import ShieldState
from tradedesk.services.cover import cover_of
from tradedesk.ui import words
from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import column, row

if TYPE_CHECKING:
    from tradedesk.services.desk_state import DeskState


class QuitAnswer(Enum):
    """What the user said."""

    STAY = "stay"
    LEAVE = "leave"
    FLATTEN = "flatten"


_COVERS = {
    ShieldState.COVERED: "its stop rests at the server",
    ShieldState.CHECKING: "its cover is not proven now",
    ShieldState.BARE: "NO STOP protects all of it",
    ShieldState.PROTECTING: "a stop is being placed for it",
    ShieldState.CLOSING: "it is being closed",
}


def open_things(state: DeskState, mono_ns: int) -> list[str]:
    """What would be left at the venue, a line each; empty when nothing is."""
    lines = []
    for position in state.open_positions():
        instrument = state.instruments.get(position.contract_id)
        name = instrument.short_name if instrument is not None else str(position.contract_id)
        cover = _COVERS[cover_of(state, position, mono_ns).state]
        lines.append(f"{words.position(position.net_size)} {name} — {cover}")
    working = len(state.working_orders())
    if working:
        lines.append(f"{working} working order{'s' if working != 1 else ''}")
    waiting = len(state.waiting_intents())
    if waiting:
        lines.append(f"{waiting} order{'s' if waiting != 1 else ''} on the way, not answered yet")
    return lines


_ALSO = {True: ", and so does the practice venue,", False: ""}


class QuitDialog(QDialog):
    """Leave it, flatten first, or stay; closing the dialog is staying.

    Parameters
    ----------
    lines : list of str
        What is open, see `open_things`.
    practice : bool
        Whether the venue runs on this machine and has to be kept running as well.
    """

    def __init__(self, lines: list[str], *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = QuitAnswer.STAY
        self.setWindowTitle("Quit — tradedesk")
        self.setFixedWidth(460)
        head = QLabel("Still open at the venue")
        head.setFont(fonts.ui_font(METRICS.figure_px, fonts.SEMIBOLD))
        text = QLabel("\n".join(f"•  {line}" for line in lines))
        text.setWordWrap(True)
        note = QLabel(
            "Leave as it is: orders and stops stay at the venue and go on working. The part of "
            f"tradedesk that guards them keeps running{_ALSO[practice]} without a window, and the "
            "next start shows everything again."
        )
        note.setWordWrap(True)
        note.setProperty("tone", "soft")
        self.leave = QPushButton("Leave as it is")
        self.flatten = QPushButton("Flatten and quit")
        self.flatten.setProperty("kind", "danger")
        self.stay = QPushButton("Stay")
        self.stay.setProperty("kind", "primary")
        layout = column(
            head, text, note, row(self.flatten, None, self.leave, self.stay), spacing=12
        )
        layout.setContentsMargins(20, 20, 20, 16)
        self.setLayout(layout)
        for button, answer in (
            (self.leave, QuitAnswer.LEAVE),
            (self.flatten, QuitAnswer.FLATTEN),
            (self.stay, QuitAnswer.STAY),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, answer=answer: self._take(answer))
        self.stay.setDefault(True)
        self.stay.setFocus()

    def _take(self, answer: QuitAnswer) -> None:
        self.answer = answer
        self.accept()
