"""A sets an alert at the price under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.ui.chart.tools.tool import KeyStroke, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.ui.chart.stage import Stage


class AlertTool(Tool):
    """The key; the lines that come of it are moved and removed as others are."""

    def __init__(self, stage: Stage, ask: Callable[[int], None]) -> None:
        self._stage, self._ask = stage, ask

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Ask for an alert where the crosshair is."""
        if stroke.key != Qt.Key.Key_A.value or not stroke.plain:
            return False
        at, model = self._stage.crosshair.at, self._stage.model
        if not stroke.repeated and at is not None and model.panes.price.contains(at):
            self._ask(model.snapped_ticks(at.y()))
        return True
