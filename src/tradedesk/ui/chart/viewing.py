"""Everything about looking at a chart that is not a drag: scale, dates, keys, pictures, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal

from tradedesk.ui.chart.exports import Exports
from tradedesk.ui.chart.go_to import GoTo
from tradedesk.ui.chart.keyboard_focus import KeyboardFocus
from tradedesk.ui.chart.price_forms import PriceForms
from tradedesk.ui.chart.spoken import Spoken
from tradedesk.ui.chart.view_keys import ViewKeys
from tradedesk.ui.chart.view_menu import ViewMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QWidget

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.navigator import Navigator
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.tool import KeyStroke


class Viewing(QObject):
    """Makes the parts, and gives the chart their keys and their entries of its menu.

    Attributes
    ----------
    exports : Exports
        Pictures and bars.
    go_to : GoTo
        Dates.
    letters : list of QKeyCombination
        Letters that act here, with their Alt.

    Signals
    -------
    said(str)
        A sentence for the trader: why something is not shown as it was asked for.
    """

    said = Signal(str)

    def __init__(self, stage: Stage, looks: Looks, navigator: Navigator, parent: QWidget) -> None:
        super().__init__(parent)
        self.exports = Exports(stage, self)
        self.go_to = GoTo(stage, navigator, parent)
        self._forms = PriceForms(stage, looks, self)
        self._focus = KeyboardFocus(stage, self)
        self._spoken = Spoken(stage)
        self._forms.refused.connect(self.said)
        self.go_to.said.connect(self.said)
        key = Qt.Key
        letters: dict[Qt.Key, Callable[[], object]] = {
            key.Key_L: self._forms.toggle_logarithmic,
            key.Key_I: self._forms.toggle_inverted,
            key.Key_G: self.go_to.box.open,
            key.Key_R: navigator.reset,
            key.Key_S: self.exports.copy_requested.emit,
        }
        self.letters = [QKeyCombination(Qt.Modifier.ALT, letter) for letter in letters]
        self.key: Callable[[KeyStroke], bool] = ViewKeys(navigator, letters).take
        self._menu = ViewMenu(looks, navigator, self._forms, self.go_to.box.open)

    @property
    def sections(self) -> list[Callable[[QMenu], None]]:
        """What the menu of the chart offers."""
        return [self._menu.fill, self.exports.fill]

    def frame(self, now_ns: int, market_ns: int) -> None:
        """Once a frame: monotonic moment, and the venue's time."""
        self.go_to.frame(now_ns, market_ns)
        self._spoken.frame(now_ns)
