"""A few choices side by side, one of them taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


class Segments(QFrame):
    """Exclusive buttons in one frame.

    Signals
    -------
    chosen(str)
        Key of the segment that the user took.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        stretch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("group", "segments")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._stretch = stretch
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2 if stretch else 0)
        for key, text in choices:
            self._add(key, text)
        if not stretch:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys in order."""
        return tuple(self._buttons)

    @property
    def taken(self) -> str:
        """Key of the one that is taken; empty before the first."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def button(self, key: str) -> QPushButton:
        """The button of one key."""
        return self._buttons[key]

    def select(self, key: str, text: str | None = None) -> None:
        """Take a segment without telling anybody; an unknown key is added at the end."""
        if key not in self._buttons:
            self._add(key, text or key)
        self._buttons[key].setChecked(True)

    def _add(self, key: str, text: str) -> None:
        button = QPushButton(text)
        button.setProperty("kind", "segment")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if self._stretch:
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
        self._buttons[key] = button
        self._group.addButton(button)
        self._row.addWidget(button)
