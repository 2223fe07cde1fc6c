"""A button that opens a list of choices: our combo box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class MenuButton(QPushButton):
    """Shows the taken choice with a ▾ and offers the others as a menu.

    Signals
    -------
    chosen(str)
        Key of the choice that the user took.
    """

    chosen = Signal(str)

    def __init__(self, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if kind:
            self.setProperty("kind", kind)
        # Qt leaves out the padding of a button that is aligned to the left and has a menu.
        self._inset = "\N{EN SPACE}" if kind == "choice" else ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self._offer: Callable[[], Sequence[tuple[str, str]]] = tuple
        self._filler: Callable[[QMenu], None] = self._fill_choices
        self.setMenu(self._menu)

    def show_text(self, text: str, *, arrow: bool = True) -> None:
        """Show the taken choice."""
        shown = f"{self._inset}{text} ▾" if arrow else f"{self._inset}{text}"
        if shown != self.text():
            self.setText(shown)

    def offer(self, choices: Callable[[], Sequence[tuple[str, str]]]) -> None:
        """Say where the choices (key, text) come from; asked each time the menu opens."""
        self._offer = choices

    def fill_by(self, filler: Callable[[QMenu], None]) -> None:
        """Let somebody else fill the menu each time it opens; `chosen` is not emitted then."""
        self._filler = filler

    def _fill(self) -> None:
        self._menu.clear()
        self._filler(self._menu)

    def _fill_choices(self, menu: QMenu) -> None:
        for key, text in self._offer():
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, key=key: self.chosen.emit(key))
