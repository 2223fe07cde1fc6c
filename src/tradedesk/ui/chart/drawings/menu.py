"""The menu of one drawing, and what a double click on it changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QActionGroup, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from tradedesk.services.drawings.drawing import DEFAULT_LEVELS, Drawing, Kind
from tradedesk.services.drawings.risk_plan import risk_plan
from tradedesk.ui.chart.drawings.inks import DASHES, INKS, WIDTHS
from tradedesk.ui.chart.drawings.reading import (
    level_text,
    read_levels,
    read_risk,
    read_text,
    read_trade_risk,
)
from tradedesk.ui.chart.drawings.risk_box import PLACE, TICKET, size_words
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from tradedesk.ui.chart.drawings.actions import DrawingActions
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.drawings.entry_box import EntryBox

_EXTENDABLE: Final = (Kind.TREND, Kind.RECTANGLE, Kind.FIBONACCI)
_SWATCH: Final = 14


class PressMenu(QMenu):
    """Remembers when it was last pressed, by mouse or key: latency counts from there.

    Attributes
    ----------
    press_ns : int
        Moment of the press, by the clock of the chart.
    """

    def __init__(self, parent: QWidget, mono_ns: Callable[[], int]) -> None:
        super().__init__(parent)
        self._mono_ns = mono_ns
        self.press_ns = mono_ns()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the moment."""
        self.press_ns = self._mono_ns()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remember the moment: Return chooses as well."""
        self.press_ns = self._mono_ns()
        super().keyPressEvent(event)


class DrawingMenus:
    """Opens what changes a drawing.

    Parameters
    ----------
    mono_ns : callable
        Monotonic nanoseconds.
    act : callable
        Told action, drawing and moment of the press when a trade is asked for.
    take_risk : callable
        Told the dollars that boxes without a risk of their own are to be sized by.
    """

    def __init__(
        self,
        parent: QWidget,
        easel: Easel,
        actions: DrawingActions,
        box: EntryBox,
        mono_ns: Callable[[], int],
        act: Callable[[str, Drawing, int], None],
        take_risk: Callable[[int], None],
    ) -> None:
        self._mono_ns, self._take_risk = mono_ns, take_risk
        self._parent, self._easel, self._actions = parent, easel, actions
        self._box, self._act = box, act
        self._at = QPointF()
        self.menu: QMenu | None = None

    def open(self, drawing: Drawing, on_screen: QPointF) -> None:
        """Offer what can be done with a drawing at a point of the screen."""
        self.close()
        menu = PressMenu(self._parent, self._mono_ns)
        self._at = QPointF(self._parent.mapFromGlobal(on_screen.toPoint()))
        self._fill_own(menu, drawing)
        self._fill_look(menu, drawing)
        self._fill_common(menu, drawing)
        menu.aboutToHide.connect(self._forget)
        self.menu = menu
        menu.popup(on_screen.toPoint())

    def close(self) -> None:
        """Close what is open."""
        if self.menu is not None:
            self.menu.close()

    def edit(self, drawing: Drawing, on_screen: QPointF) -> None:
        """Change what is most its own, or open the menu."""
        if drawing.locked:
            self.open(drawing, on_screen)
            return
        self._at = QPointF(self._parent.mapFromGlobal(on_screen.toPoint()))
        if drawing.kind is Kind.TEXT:
            self._ask_text(drawing)
        elif drawing.kind is Kind.FIBONACCI:
            self._ask_levels(drawing)
        elif drawing.kind is Kind.RISK:
            self._ask_risk(drawing)
        else:
            self.open(drawing, on_screen)

    # --- parts of the menu --------------------------------------------------------------------

    def _fill_own(self, menu: PressMenu, drawing: Drawing) -> None:
        """What only this kind has."""
        kind, open_ = drawing.kind, not drawing.locked
        if kind is Kind.RISK:
            self._fill_trade(menu, drawing)
            own = menu.addAction("Risk of this box…", partial(self._ask_risk, drawing))
            own.setEnabled(open_)
            menu.addAction("Risk per trade…", self._ask_trade_risk)
        elif kind is Kind.FIBONACCI:
            menu.addAction("Levels…", partial(self._ask_levels, drawing)).setEnabled(open_)
        if kind in (Kind.TEXT, Kind.HORIZONTAL, Kind.VERTICAL, Kind.RECTANGLE):
            menu.addAction("Text…", partial(self._ask_text, drawing)).setEnabled(open_)
        if kind in _EXTENDABLE:
            for name, text in (("extend_left", "Extend left"), ("extend_right", "Extend right")):
                action = menu.addAction(text)
                action.setCheckable(True)
                action.setChecked(getattr(drawing, name))
                action.setEnabled(open_)
                action.toggled.connect(partial(self._extend, drawing, name))
        if not menu.isEmpty():
            menu.addSeparator()

    def _fill_trade(self, menu: PressMenu, drawing: Drawing) -> None:
        instrument = self._easel.mapping.model.instrument
        if instrument is None:
            return
        plan = risk_plan(drawing, instrument, self._easel.rules)
        if plan.refusal:
            menu.addAction(plan.refusal).setEnabled(False)
        else:
            for text, action in (
                ("Use in ticket", TICKET),
                (f"Place {size_words(plan)} with stop and target", PLACE),
            ):
                menu.addAction(text, partial(self._trade, menu, action, drawing))
        menu.addSeparator()

    def _trade(self, menu: PressMenu, action: str, drawing: Drawing) -> None:
        self._act(action, drawing, menu.press_ns)

    def _fill_look(self, menu: QMenu, drawing: Drawing) -> None:
        colours = menu.addMenu("Colour")
        self._choices(
            colours,
            drawing,
            "ink",
            [(key, name, _swatch(token)) for key, (name, token) in INKS.items()],
        )
        if drawing.kind is not Kind.TEXT:
            widths = menu.addMenu("Width")
            self._choices(widths, drawing, "width", [(w, f"{w} px", None) for w in WIDTHS])
            lines = menu.addMenu("Line")
            self._choices(
                lines, drawing, "dash", [(key, text, None) for key, text in DASHES.items()]
            )
        menu.addSeparator()

    def _choices(
        self,
        menu: QMenu,
        drawing: Drawing,
        member: str,
        choices: list[tuple[str, str, QIcon]]
        | list[tuple[int, str, None]]
        | list[tuple[str, str, None]],
    ) -> None:
        group = QActionGroup(menu)
        for value, text, icon in choices:
            action = menu.addAction(text)
            if icon is not None:
                action.setIcon(icon)
            action.setCheckable(True)
            action.setChecked(getattr(drawing.style, member) == value)
            action.setEnabled(not drawing.locked)
            action.triggered.connect(partial(self._restyle, drawing, member, value))
            group.addAction(action)

    def _fill_common(self, menu: QMenu, drawing: Drawing) -> None:
        actions = self._actions
        menu.addAction("Bring to front", partial(actions.bring_to_front, drawing))
        menu.addAction("Duplicate\tCtrl+D", partial(actions.duplicate, drawing))
        lock = menu.addAction("Locked")
        lock.setCheckable(True)
        lock.setChecked(drawing.locked)
        lock.toggled.connect(lambda on: actions.lock(drawing, on=on))
        menu.addAction("Hide", partial(actions.hide, drawing))
        remove = menu.addAction("Remove\tDel", partial(actions.remove, drawing))
        remove.setEnabled(not drawing.locked)

    # --- what is asked ------------------------------------------------------------------------

    def ask_new_text(self, at: QPointF, done: Callable[[str], None]) -> None:
        """Ask for the text of a drawing that is not there yet, at a point of the canvas."""
        self._box.ask(at.toPoint(), "", "Text; Return keeps it.", read_text, done)

    def _ask_text(self, drawing: Drawing) -> None:
        self._box.ask(
            self._at.toPoint(),
            drawing.text,
            "Text; Return keeps it.",
            read_text,
            lambda text: self._take_text(drawing, text),
        )

    def _ask_levels(self, drawing: Drawing) -> None:
        self._box.ask(
            self._at.toPoint(),
            level_text(drawing.levels or DEFAULT_LEVELS),
            "Levels in percent, apart by spaces.",
            read_levels,
            lambda levels: self._actions.change(drawing, levels=levels),
        )

    def _ask_risk(self, drawing: Drawing) -> None:
        cents = drawing.risk_cents
        self._box.ask(
            self._at.toPoint(),
            "" if cents is None else f"{cents / 100:.2f}".removesuffix(".00"),
            f"Dollars at risk; empty for the risk per trade, ${self._easel.rules.risk:,.0f}.",
            read_risk,
            lambda risk: self._actions.change(drawing, risk_cents=risk),
        )

    def _ask_trade_risk(self) -> None:
        self._box.ask(
            self._at.toPoint(),
            f"{self._easel.rules.risk:.0f}",
            "Dollars at risk per trade, for every box without a risk of its own.",
            read_trade_risk,
            self._take_risk,
        )

    def _take_text(self, drawing: Drawing, text: str) -> None:
        if drawing.kind is Kind.TEXT and not text:
            self._actions.remove(drawing)
        else:
            self._actions.change(drawing, text=text)

    def _extend(self, drawing: Drawing, name: str, on: bool) -> None:
        self._actions.change(drawing, **{name: on})

    def _restyle(self, drawing: Drawing, member: str, value: object, _on: bool = True) -> None:
        self._actions.restyle(drawing, **{member: value})

    def _forget(self) -> None:
        if self.menu is not None:
            self.menu.deleteLater()
            self.menu = None


def _swatch(token: str) -> QIcon:
    """A small square of a colour."""
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.fillRect(1, 1, _SWATCH - 2, _SWATCH - 2, color(token))
    painter.end()
    return QIcon(picture)
