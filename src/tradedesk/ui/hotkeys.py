"""Keys of the window. None of them places an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.arming import Arming
    from tradedesk.ui.key_sheet import KeySheet
    from tradedesk.ui.presenters.desk_presenter import DeskPresenter


class Hotkeys:
    """Esc by layers, the panic keys, breakeven, Space and the key sheet."""

    def __init__(self, window: QWidget, presenter: DeskPresenter, arming: Arming) -> None:
        self._presenter = presenter
        self._arming = arming
        self._clock = presenter.clock
        self.install(window)

    def install(self, window: QWidget) -> None:
        """Let the keys with Ctrl act in one more window."""
        for keys, act in (
            ("Ctrl+Shift+F", self._flatten),
            ("Ctrl+Shift+X", self._cancel_all),
            ("Ctrl+Shift+E", self._breakeven),
            ("Ctrl+Shift+K", self._presenter.kill_by_key),
            ("Ctrl+Tab", self._presenter.charts.next),
        ):
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def take(self, event: QKeyEvent, sheet: KeySheet) -> bool:
        """Act on a key that no field wanted; says whether it did."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self._escape(sheet)
        elif key is Qt.Key.Key_Space:
            self._presenter.charts.active.panel.navigator.follow()
        elif key is Qt.Key.Key_Question:
            sheet.toggle()
        else:
            return False
        return True

    def _escape(self, sheet: KeySheet) -> None:
        """One layer a press: the sheet, then arming.

        The chart holds the focus while a gesture is under way and takes the first press itself.
        """
        if sheet.isVisible():
            sheet.hide()
        elif self._arming.armed:
            self._arming.ask(False)

    def _flatten(self) -> None:
        instrument = self._presenter.selection.instrument
        if instrument is not None:
            self._presenter.actions.flatten(instrument.contract_id, self._clock.mono_ns())

    def _cancel_all(self) -> None:
        self._presenter.actions.cancel_all_by_key(self._clock.mono_ns())

    def _breakeven(self) -> None:
        self._presenter.breakeven(self._clock.mono_ns())
