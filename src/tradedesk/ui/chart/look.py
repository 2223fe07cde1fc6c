"""How a chart is drawn: what a trader chose for it, kept beside its contract and bar size."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal


class ChartLook(msgspec.Struct, frozen=True, kw_only=True):
    """Every member has a default, so that an older file still loads.

    Attributes
    ----------
    volume : bool
        Whether the pane for volume is shown.
    """

    volume: bool = True


class Looks(QObject):
    """The look of one chart, and those who draw by it.

    Signals
    -------
    changed(ChartLook)
        Told after every change, by a person or by `take`.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = ChartLook()

    @property
    def now(self) -> ChartLook:
        """How the chart is drawn."""
        return self._now

    def take(self, look: ChartLook) -> None:
        """Draw like this from now on."""
        if look != self._now:
            self._now = look
            self.changed.emit(look)

    def change(self, **members: Any) -> None:
        """Replace some members."""
        self.take(msgspec.structs.replace(self._now, **members))
