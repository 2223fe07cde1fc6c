"""The sentence under the order buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.theme.style import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

IDLE = "Sent when the button is released; slide off it to drop the press."


class Feedback:
    """What came of the last press; without one, why nothing can be placed, or how to place."""

    def __init__(self, label: QLabel) -> None:
        self._label = label
        self._text, self._tone = "", "label"
        self._why: Callable[[], str] | None = None

    def say(self, text: str, tone: str) -> None:
        """A sentence that stays until the next one or until `forget`."""
        self._text, self._tone = text, tone
        self._why = None

    def refuse(self, why: Callable[[], str]) -> None:
        """Answer a press that did nothing: ``why`` is asked anew, empty once it would act."""
        self.forget()
        self._why = why

    def forget(self) -> None:
        """Something was entered: the last press is history."""
        self.say("", "label")

    def clear_message(self) -> None:
        """Whether entries are allowed changed; a refusal sees to itself."""
        self._text = ""

    def show(self, blocked: str) -> None:
        """Show what is to be said now; ``blocked`` is why nothing can be placed."""
        text, tone = self._text, self._tone
        if self._why is not None:
            text, tone = self._why(), "warn"
            self._why = self._why if text else None
        if not text:
            text, tone = blocked or IDLE, "label"
        self._label.setText(text)
        self._label.setToolTip(text)
        restyle(self._label, "tone", tone)
