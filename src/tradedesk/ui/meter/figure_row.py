"""Figures side by side, each under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tradedesk.ui.theme import fonts
from tradedesk.ui.widgets.layout import column, row, small
from tradedesk.ui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

_WIDEST = "000,000.0 ms"


class FigureRow(QWidget):
    """As many equal columns as there are figures."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.names: list[QLabel] = []
        self.values: list[NumberLabel] = []
        cells = row(spacing=8)
        for _ in range(count):
            name, value = small(), NumberLabel(_WIDEST, fonts.figure(), Qt.AlignmentFlag.AlignLeft)
            self.names.append(name)
            self.values.append(value)
            cells.addLayout(column(name, value, spacing=2), 1)
        self.setLayout(cells)

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Show a name and a value in each column; those without one are empty."""
        padded = [*figures, *[("", "")] * (len(self.names) - len(figures))]
        for (name, value), head, label in zip(padded, self.names, self.values, strict=True):
            if head.text() != name:
                head.setText(name)
            label.show_text(value)
