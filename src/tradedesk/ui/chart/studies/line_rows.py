"""Inputs for how one line of an indicator is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QSizePolicy, QWidget

from tradedesk.ui.chart.study_look import INKS, SIDES, LineLook
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.focus_ring import PROPERTY
from tradedesk.ui.widgets.layout import row
from tradedesk.ui.widgets.segments import Segments
from tradedesk.ui.widgets.toggle import CheckBox

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIDE: Final = 22
_NAME_WIDTH: Final = 104
_COLOURS: Final = ("Amber", "Blue", "Pink", "Green", "Cyan", "Olive")


class Swatch(QAbstractButton):
    """A colour to choose; one that goes by side shows both."""

    def __init__(self, ink: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = ink
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.property(PROPERTY):
            painter.setBrush(color("accent" if self.property(PROPERTY) else "tx"))
            painter.drawRoundedRect(QRectF(0, 0, _SIDE, _SIDE), 5, 5)
            painter.setBrush(color("bg1"))
            painter.drawRoundedRect(QRectF(2, 2, _SIDE - 4, _SIDE - 4), 4, 4)
        inner = QRectF(4, 4, _SIDE - 8, _SIDE - 8)
        halves = ("buy_fill", "sell_fill") if self.ink == SIDES else (self.ink, self.ink)
        for at, token in enumerate(halves):
            painter.setBrush(color(token))
            painter.setClipRect(inner.adjusted(at * inner.width() / 2, 0, 0, 0))
            painter.drawRoundedRect(inner, 3, 3)
        painter.end()


class LineRow(QWidget):
    """Shown or not, colour, width, style; columns are `plain` and have only the first two.

    Signals
    -------
    changed()
        `look` is another one now.
    """

    changed = Signal()

    def __init__(
        self,
        name: str,
        look: LineLook,
        *,
        by_side: bool,
        plain: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.shown = CheckBox(name)
        self.shown.setFixedWidth(_NAME_WIDTH)
        self.shown.toggled.connect(lambda on: self._take(hidden=not on))
        inks = [*zip(INKS, _COLOURS, strict=True)] + ([(SIDES, "By side")] if by_side else [])
        self.swatches = [Swatch(ink, f"{name}: {colour}") for ink, colour in inks]
        group = QButtonGroup(self)
        for swatch in self.swatches:
            group.addButton(swatch)
            swatch.clicked.connect(lambda _on=False, ink=swatch.ink: self._take(color=ink))
        self.width_choice = Segments([("1", "Thin"), ("2", "Thick")])
        self.width_choice.chosen.connect(lambda key: self._take(width=int(key)))
        self.style_choice = Segments([("solid", "Solid"), ("dotted", "Dotted")])
        self.style_choice.chosen.connect(lambda key: self._take(dotted=key == "dotted"))
        for choice in (self.width_choice, self.style_choice):
            choice.setVisible(not plain)
        colours = row(*self.swatches, spacing=2)
        self.setLayout(row(self.shown, colours, None, self.width_choice, self.style_choice))
        self.show_look(look)

    def show_look(self, look: LineLook) -> None:
        """Show another look without telling anybody."""
        self.look = look
        self.shown.blockSignals(True)
        self.shown.setChecked(not look.hidden)
        self.shown.blockSignals(False)
        for swatch in self.swatches:
            swatch.setChecked(swatch.ink == look.ink)
        self.width_choice.select("2" if look.width > 1 else "1")
        self.style_choice.select("dotted" if look.dotted else "solid")

    def _take(self, **members: object) -> None:
        self.look = msgspec.structs.replace(self.look, **members)
        self.changed.emit()


def caption(text: str) -> QLabel:
    """The name of an input at its left."""
    made = QLabel(text)
    made.setProperty("tone", "soft")
    made.setFixedWidth(168)
    return made


def looks_of(rows: Sequence[LineRow | None], before: tuple[LineLook, ...]) -> tuple[LineLook, ...]:
    """What all rows say; lines without a row stay as they were."""
    return tuple(old if each is None else each.look for each, old in zip(rows, before, strict=True))
