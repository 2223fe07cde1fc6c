"""Which contract at which bar size is being looked at and traded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument


class Selection(QObject):
    """One contract and one bar size.

    Signals
    -------
    changed()
        Either of them is another one now.
    """

    changed = Signal()

    def __init__(self, spec: BarSpec, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._instrument: Instrument | None = None
        self._spec = spec

    @property
    def instrument(self) -> Instrument | None:
        """The contract; None until one is known."""
        return self._instrument

    @property
    def spec(self) -> BarSpec:
        """The bar size."""
        return self._spec

    def choose(self, instrument: Instrument | None = None, spec: BarSpec | None = None) -> None:
        """Look at something else; None leaves a part alone."""
        wanted = (instrument or self._instrument, spec or self._spec)
        if wanted != (self._instrument, self._spec):
            self._instrument, self._spec = wanted
            self.changed.emit()

    def forget_instrument(self) -> None:
        """Look at no contract, as before the first one was known."""
        if self._instrument is not None:
            self._instrument = None
            self.changed.emit()
