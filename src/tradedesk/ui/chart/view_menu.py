"""What the chart's menu offers for its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.navigator import Navigator
    from tradedesk.ui.chart.price_forms import PriceForms


class ViewMenu:
    """Reset the view, go to a date; show volume or not; the price scale."""

    def __init__(
        self,
        looks: Looks,
        navigator: Navigator,
        forms: PriceForms,
        go_to: Callable[[], None],
    ) -> None:
        self._looks, self._navigator, self._forms = looks, navigator, forms
        self._go_to = go_to

    def fill(self, menu: QMenu) -> None:
        """Add the entries."""
        menu.addAction("Reset view\tAlt+R").triggered.connect(self._navigator.reset)
        menu.addAction("Go to date…\tAlt+G").triggered.connect(self._go_to)
        self._forms.fill(menu)
        volume = menu.addAction("Volume")
        volume.setCheckable(True)
        volume.setChecked(self._looks.now.volume)
        volume.toggled.connect(lambda on: self._looks.change(volume=on))
