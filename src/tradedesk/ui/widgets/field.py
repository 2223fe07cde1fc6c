"""An input with its label inside at the left and its meaning at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.theme.current import Tone
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.number_label import NumberLabel

_STEP_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Field(QFrame):
    """Label, editable value, unit, and a note such as the money it means.

    Arrow up and down step the value, with Shift by four; so do the optional − and + buttons and
    the wheel while the field has the focus.

    Signals
    -------
    edited(str)
        The user changed the text.
    stepped(int)
        The user asks for so many steps up (negative: down).
    """

    edited = Signal(str)
    stepped = Signal(int)

    def __init__(
        self,
        label: str,
        *,
        unit: str = "",
        note_widest: str = "",
        steppers: bool = False,
        tone: Tone = Tone.LABEL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "field")
        self.setFixedHeight(METRICS.control + 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(4)
        self.label = NumberLabel(label, fonts.label(), Qt.AlignmentFlag.AlignLeft, tone)
        self.label.show_text(label)
        row.addWidget(self.label)
        self.input = QLineEdit()
        self.input.setFont(fonts.ui_font(METRICS.body_px, fonts.MEDIUM))
        self.input.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.input.setAccessibleName(label)
        self.input.installEventFilter(self)
        self.input.textEdited.connect(self.edited)
        row.addWidget(self.input, 1)
        if unit:
            self._unit = QLabel(unit)
            row.addWidget(self._unit)
        self.note: NumberLabel | None = None
        if note_widest:
            self.note = NumberLabel(note_widest, fonts.label(), tone=Tone.LABEL)
            row.addWidget(self.note)
        if steppers:
            for sign, text in ((-1, "−"), (1, "+")):
                row.addWidget(self._step_button(sign, text))
        self.setFocusProxy(self.input)

    @property
    def text(self) -> str:
        """What is typed in it."""
        return self.input.text()

    def show_text(self, text: str) -> None:
        """Show another value; the cursor stays where it is when nothing changes."""
        if text != self.input.text():
            self.input.setText(text)

    def show_note(self, text: str, tone: Tone = Tone.LABEL) -> None:
        """Show what the value means."""
        if self.note is not None:
            self.note.show_text(text, tone)

    def show_error(self, error: str) -> None:
        """Mark the field as wrong, with the sentence as its tool tip; empty clears it."""
        restyle(self, "error", bool(error))
        if self.input.toolTip() != error:
            self.input.setToolTip(error)

    def allow(self, enabled: bool, placeholder: str = "") -> None:
        """Open or close the field for input; a closed one shows ``placeholder``."""
        self.input.setEnabled(enabled)
        self.input.setPlaceholderText(placeholder)
        restyle(self, "off", not enabled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEP_KEYS.get(Qt.Key(event.key()))
            if step is not None:
                large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.stepped.emit(step * (4 if large else 1))
                return True
        elif isinstance(event, QWheelEvent) and self.input.hasFocus():
            if event.angleDelta().y():
                self.stepped.emit(1 if event.angleDelta().y() > 0 else -1)
            return True
        elif isinstance(event, QFocusEvent):
            self._mark_focus(event)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.input.isEnabled():
            self.input.setFocus(Qt.FocusReason.MouseFocusReason)
            self.input.selectAll()
        event.accept()

    def _mark_focus(self, event: QFocusEvent) -> None:
        if not event.gotFocus():
            restyle(self, "inside", "")
            return
        by_keyboard = event.reason() in _KEYBOARD_REASONS
        restyle(self, "inside", "keyboard" if by_keyboard else "mouse")

    def _step_button(self, sign: int, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", "step")
        button.setFixedSize(20, 22)
        button.setAutoRepeat(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName("One less" if sign < 0 else "One more")
        button.clicked.connect(lambda: self.stepped.emit(sign))
        return button
