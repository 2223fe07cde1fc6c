"""What the chart's menu offers for its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.navigator import Navigator


class ViewMenu:
    """Reset the view; show volume or not."""

    def __init__(self, looks: Looks, navigator: Navigator) -> None:
        self._looks, self._navigator = looks, navigator

    def fill(self, menu: QMenu) -> None:
        """Add the entries."""
        menu.addAction("Reset view").triggered.connect(self._navigator.reset)
        volume = menu.addAction("Volume")
        volume.setCheckable(True)
        volume.setChecked(self._looks.now.volume)
        volume.toggled.connect(lambda on: self._looks.change(volume=on))
