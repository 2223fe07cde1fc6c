"""The price scale a trader chose: logarithmic, inverted, automatic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from tradedesk.ui.chart.items.scale_note import ScaleNote
from tradedesk.ui.chart.price_form import PriceForm

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.stage import Stage

_Z: Final = 7.5


class PriceForms(QObject):
    """Keeps the form of the price scale as it was chosen, and linear where it cannot be so.

    Signals
    -------
    refused(str)
        A sentence: why no logarithmic scale is drawn although it was asked for.
    """

    refused = Signal(str)

    def __init__(self, stage: Stage, looks: Looks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage, self._looks = stage, looks
        stage.add(_Watch(stage.model, _Z, self))
        looks.changed.connect(lambda _look: self.apply())

    @property
    def wants_logarithms(self) -> bool:
        """Whether a logarithmic scale was chosen, be it possible or not."""
        return self._looks.now.logarithmic

    def fill(self, menu: QMenu) -> None:
        """Add the sub-menu."""
        view, look = self._stage.model.viewport, self._looks.now
        scale = menu.addMenu("Scale")
        possible = view.form.logarithmic or not look.logarithmic
        logarithmic = "Logarithmic" if possible else "Logarithmic, at prices above zero"
        for text, on, act in (
            (f"{logarithmic}\tAlt+L", look.logarithmic, self.toggle_logarithmic),
            ("Inverted\tAlt+I", look.inverted, self.toggle_inverted),
            ("Automatic", view.auto_y, self.toggle_automatic),
        ):
            action = scale.addAction(text)
            action.setCheckable(True)
            action.setChecked(on)
            action.triggered.connect(act)

    def toggle_logarithmic(self, _checked: bool = False) -> None:
        """Change between equal ratios and equal distances; refused at prices of zero and below."""
        wanted = not self._looks.now.logarithmic
        if wanted and self._lowest() <= 0:
            self.refused.emit(self._reason())
            return
        self._looks.change(logarithmic=wanted)

    def toggle_inverted(self, _checked: bool = False) -> None:
        """Turn the scale over."""
        self._looks.change(inverted=not self._looks.now.inverted)

    def toggle_automatic(self, _checked: bool = False) -> None:
        """Fit prices to what is in view, or keep them as they are."""
        view = self._stage.model.viewport
        view.auto_y = not view.auto_y
        self._stage.view_changed()

    def apply(self) -> None:
        """Draw as the look says."""
        if self.settle():
            self._stage.view_changed()

    def settle(self) -> bool:
        """Take the form that is chosen, or a linear one; tells whether it is another one now."""
        look, view = self._looks.now, self._stage.model.viewport
        possible = not look.logarithmic or self._lowest() > 0
        form = PriceForm(look.logarithmic and possible, look.inverted)
        if form == view.form:
            return False
        if not possible and view.form.logarithmic:
            self.refused.emit(self._reason())
        view.take_form(form)
        return True

    def _lowest(self) -> int:
        low = self._stage.model.series.low
        return int(low.min()) if len(low) else 1

    def _reason(self) -> str:
        model = self._stage.model
        name = "This contract" if model.instrument is None else model.instrument.name
        price = model.price_text(self._lowest())
        return (
            f"{name} traded at {price}: a logarithmic scale needs prices above zero, "
            "so the linear one is drawn."
        )


class _Watch(ScaleNote):
    """The note of the scale, which is also told of other bars."""

    def __init__(self, model: ChartModel, z: float, forms: PriceForms) -> None:
        super().__init__(model, z)
        self._forms = forms

    def bars_exchanged(self) -> None:
        """Other bars may go below zero, or no more."""
        if self._forms.wants_logarithms:
            self._forms.settle()

    def fit(self) -> bool:
        """The newest bar may go below zero."""
        found = self.model.extremes()
        below = found is not None and found.low <= 0
        return below and self.model.viewport.form.logarithmic and self._forms.settle()
