"""Alt and a letter act on a chart, wherever the keys are in its window."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradedesk.ui.charts.cell import ChartCell

ALT_TYPES: Final = sys.platform == "darwin"
"""Whether Alt and a letter write something, such as @, in a field."""


class ChartLetters(QObject):
    """Hands them to a chart, which has the keys from then on.

    A field that is being typed into keeps them only where they write something: a trader who
    typed a size and draws next does not want a letter in the size.

    Parameters
    ----------
    charts : QWidget
        In whose window they act.
    letters : iterable of QKeyCombination
        What a chart knows.
    choose : callable
        Tells which chart a letter is for.
    """

    def __init__(
        self,
        charts: QWidget,
        letters: Iterable[QKeyCombination],
        choose: Callable[[], ChartCell],
    ) -> None:
        super().__init__(charts)
        self._choose = choose
        self._shortcuts = [self._made(charts, keys) for keys in letters]
        application = QApplication.instance()
        if ALT_TYPES and isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _made(self, charts: QWidget, keys: QKeyCombination) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), charts)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(partial(self._press, keys))
        return shortcut

    def _press(self, keys: QKeyCombination) -> None:
        cell, reason = self._choose(), Qt.FocusReason
        cell.touched.emit()
        cell.panel.setFocus(
            reason.MouseFocusReason if cell.is_pointed_at else reason.ShortcutFocusReason
        )
        cell.panel.take_letter(keys)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        typing = isinstance(now, QLineEdit | QAbstractSpinBox)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(not typing)
