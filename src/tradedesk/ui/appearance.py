"""Which palette the desk is drawn in: offered in a menu, applied at once, kept in the settings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu

from tradedesk.ui.theme.choice import chosen_palette
from tradedesk.ui.theme.current import palette
from tradedesk.ui.theme.style import apply_theme
from tradedesk.ui.theme.tokens import PALETTES
from tradedesk.ui.widgets.swatch import swatch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.settings_keeper import SettingsKeeper

_TAKEN = "\t✓"
"""At the right, as the picture stands where a menu has its check mark."""


class Appearance(QObject):
    """The entry ``Appearance`` of a menu, and what it does.

    Attributes
    ----------
    menu : QMenu
        The palettes, each with a small picture, and whether shapes tell sides apart as well.
    """

    def __init__(self, settings: SettingsKeeper, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self.menu = QMenu("Appearance", window)
        self.menu.setToolTipsVisible(True)
        group = QActionGroup(self)
        self._palettes: dict[str, QAction] = {}
        for name, each in PALETTES.items():
            action = self.menu.addAction(swatch(each), each.title)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(partial(self._choose, name))
            self._palettes[name] = action
        self.menu.addSeparator()
        self._shapes = self.menu.addAction("Shapes as well as colours")
        self._shapes.setCheckable(True)
        self._shapes.setToolTip(
            "Rising hollow, falling filled; an arrow at the last price; longer dashes for what "
            "sells or stops"
        )
        self._shapes.triggered.connect(self._choose_shapes)
        settings.changed.connect(self._show)
        self._show()

    def offer(self, entries: QMenu) -> None:
        """Add the entry to a menu."""
        entries.addMenu(self.menu)

    def _choose(self, name: str, _checked: bool = False) -> None:
        self._settings.change(palette=name)

    def _choose_shapes(self, checked: bool) -> None:
        self._settings.change(shapes=checked)

    def _show(self) -> None:
        """Mark what is taken and draw with it."""
        now = self._settings.now
        for name, action in self._palettes.items():
            taken = name == now.palette
            action.setChecked(taken)
            action.setText(PALETTES[name].title + (_TAKEN if taken else ""))
        always = PALETTES[now.palette].shapes
        self._shapes.setEnabled(not always)
        self._shapes.setChecked(always or now.shapes)
        wanted = chosen_palette(now)
        if wanted != palette():
            apply_theme(cast("QApplication", QApplication.instance()), wanted)
