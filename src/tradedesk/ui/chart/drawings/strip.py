"""The strip of drawing tools at the left edge of the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QMenu, QVBoxLayout, QWidget

from tradedesk.ui.chart.drawings.glyphs import SIDE, paint_glyph
from tradedesk.ui.chart.drawings.modes import MODES, Mode
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from tradedesk.ui.chart.drawings.easel import Easel

WIDTH: Final = 34
_BUTTON: Final = 28
_GAP: Final = 2
_NARROW: Final = 420
"""A chart narrower than this has no room for the strip."""


class GlyphButton(QAbstractButton):
    """A sign that can be pressed, lit while it is in use; never takes the keys from the chart.

    Signals
    -------
    kept()
        Pressed twice, or with Shift.
    """

    kept = Signal()

    def __init__(self, glyph: str, name: str, key: str = "") -> None:
        super().__init__()
        self.glyph = glyph
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(_BUTTON, _BUTTON)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name_it(name, key)
        self.lit = False
        self.lasting = False

    def name_it(self, name: str, key: str = "") -> None:
        """Say what it does, to the eye and to assistive tools."""
        self.setAccessibleName(name)
        self.setText(name)
        self.setToolTip(f"{name}   {key}" if key else name)

    def light(self, *, on: bool, lasting: bool = False, glyph: str | None = None) -> None:
        """Show it in use or not; `lasting` marks a tool that stays after a drawing."""
        glyph = self.glyph if glyph is None else glyph
        if (on, lasting, glyph) != (self.lit, self.lasting, self.glyph):
            self.lit, self.lasting, self.glyph = on, lasting, glyph
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_BUTTON, _BUTTON)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.kept.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.kept.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.lit or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent_ground" if self.lit else "bg3"))
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        ink = "accent" if self.lit else "tx" if self.underMouse() else "tx2"
        corner = (self.width() - SIDE) / 2
        shade = color(ink)
        soft = color("accent_ground" if self.lit else "line")
        paint_glyph(painter, self.glyph, QPointF(corner, corner), shade, soft)
        if self.lasting:
            painter.fillRect(QRectF(6, self.height() - 4, self.width() - 12, 2), shade)


class ToolStrip(QWidget):
    """One button a tool, magnet, hiding and removing; what has no room moves into a menu.

    Signals
    -------
    mode_chosen(object, bool)
        A `Mode`, None for the pointer; True to stay with it after a drawing.
    magnet_toggled(), hiding_toggled(), removal_asked(), fold_asked()
        The switches at the lower end.
    """

    mode_chosen = Signal(object, bool)
    magnet_toggled = Signal()
    hiding_toggled = Signal()
    removal_asked = Signal()
    fold_asked = Signal()

    def __init__(self, easel: Easel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._easel = easel
        self._wanted = True
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Drawing tools")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.pointer = GlyphButton("pointer", "Pointer", "Esc")
        self.tools = {mode: GlyphButton(mode.glyph, mode.name, mode.key_text) for mode in MODES}
        self.magnet = GlyphButton(
            "magnet", "Magnet: snap to open, high, low, close", "Ctrl inverts"
        )
        self.eye = GlyphButton("eye", "Hide all drawings")
        self.bin = GlyphButton("remove", "Remove all drawings that are not locked")
        self.fold = GlyphButton("fold", "Fold the strip away; Chart > Draw brings it back", "Alt+D")
        self.more = GlyphButton("more", "More tools")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(3, 4, 3, 4)
        self._layout.setSpacing(_GAP)
        for button in (self.pointer, *self.tools.values(), self.more):
            self._layout.addWidget(button)
        self._layout.addStretch(1)
        for button in (self.magnet, self.eye, self.bin, self.fold):
            self._layout.addWidget(button)
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Light what is in use."""
        easel = self._easel
        self.pointer.light(on=easel.mode is None)
        for mode, button in self.tools.items():
            on = easel.mode is mode
            button.light(on=on, lasting=on and easel.keeps_mode)
        self.more.light(on=easel.mode in self.hidden_modes(), lasting=easel.keeps_mode)
        self.magnet.light(on=easel.magnet)
        hidden = easel.all_hidden
        self.eye.light(on=hidden, glyph="eye_off" if hidden else "eye")
        self.eye.name_it("Show all drawings" if hidden else "Hide all drawings")

    def want(self, wanted: bool, chart_width: int) -> None:
        """Show it if it is wanted and the chart is wide enough."""
        self._wanted = wanted
        self.setVisible(wanted and chart_width >= _NARROW)

    def fit_into(self, chart_width: int) -> None:
        """The chart has another width."""
        self.want(self._wanted, chart_width)

    def hidden_modes(self) -> list[Mode]:
        """Tools that have no room."""
        return [mode for mode, button in self.tools.items() if button.isHidden()]

    # --- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out from the end what has no room."""
        super().resizeEvent(event)
        room = (self.height() - 8 + _GAP) // (_BUTTON + _GAP)
        lower = (self.fold, self.magnet, self.eye, self.bin)
        kept_lower = min(len(lower), max(0, room - 4))
        for at, button in enumerate(lower):
            button.setVisible(at < kept_lower)
        left = room - kept_lower - 1
        short = left < len(self.tools)
        self.more.setVisible(short)
        for at, button in enumerate(self.tools.values()):
            button.setVisible(not short or at < left - 1)
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("bg1"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("line"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    # --- parts --------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.pointer.clicked.connect(lambda: self.mode_chosen.emit(None, False))
        for mode, button in self.tools.items():
            button.clicked.connect(lambda _on=False, mode=mode: self._clicked(mode))
            button.kept.connect(lambda mode=mode: self.mode_chosen.emit(mode, True))
        self.magnet.clicked.connect(self.magnet_toggled)
        self.eye.clicked.connect(self.hiding_toggled)
        self.bin.clicked.connect(self.removal_asked)
        self.fold.clicked.connect(self.fold_asked)
        self.more.clicked.connect(self._offer_hidden)

    def _clicked(self, mode: Mode) -> None:
        """A press on the tool in hand puts it down, unless it was pressed to be kept."""
        easel = self._easel
        if easel.mode is mode and easel.keeps_mode:
            return
        self.mode_chosen.emit(None if easel.mode is mode else mode, False)

    def _offer_hidden(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for mode in self.hidden_modes():
            action = menu.addAction(f"{mode.name}\t{mode.key_text}")
            action.triggered.connect(
                lambda _on=False, mode=mode: self.mode_chosen.emit(mode, False)
            )
        menu.popup(self.more.mapToGlobal(self.more.rect().topRight()))
