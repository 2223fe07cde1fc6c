"""Where the panels stand: top bar, venue band, chart and dock, right column, status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMainWindow, QScrollArea, QSplitter, QWidget

from tradedesk.ui.dock.tab_bar import HEIGHT as TAB_HEIGHT
from tradedesk.ui.theme.style import restyle
from tradedesk.ui.theme.tokens import METRICS
from tradedesk.ui.widgets.layout import column, rule

if TYPE_CHECKING:
    from tradedesk.ui.desk_widgets import DeskWidgets
    from tradedesk.ui.memory_keeper import MemoryKeeper

TALL_ENOUGH = 840
"""In a lower window the dock starts folded, unless the user opened it."""


class FrameLayout:
    """Builds the arrangement and remembers the user's sizes."""

    def __init__(self, window: QMainWindow, widgets: DeskWidgets, keeper: MemoryKeeper) -> None:
        self._widgets = widgets
        self._keeper = keeper
        self._fitting = False
        self.band = QWidget()
        self.band.setFixedHeight(METRICS.band)
        self.band.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.show_venue(live=False)
        self.column = _right_column(widgets)
        self.vertical = _splitter(Qt.Orientation.Vertical, widgets.charts, widgets.dock)
        self.horizontal = _splitter(Qt.Orientation.Horizontal, self.vertical, self.column)
        centre = QWidget()
        centre.setLayout(
            column(
                widgets.top,
                self.band,
                widgets.kill,
                widgets.stress,
                self.horizontal,
                rule(),
                widgets.status,
                spacing=0,
            )
        )
        centre.layout().setStretch(4, 1)  # type: ignore[union-attr]
        window.setCentralWidget(centre)
        memory = keeper.now
        self.vertical.setSizes([10_000, memory.dock_height])
        self.horizontal.setSizes([10_000, memory.right_column])
        self.vertical.splitterMoved.connect(self._moved)
        self.horizontal.splitterMoved.connect(self._moved)
        widgets.dock.fold.clicked.connect(self._folded)
        widgets.dock.tabs.chosen.connect(self._folded)
        if memory.dock_open is not None:
            self._set_dock(opened=memory.dock_open)

    def show_venue(self, *, live: bool) -> None:
        """Colour the band for play money or real money."""
        restyle(self.band, "band", "live" if live else "sim")

    def fit(self) -> None:
        """The window has another size: fold or unfold the dock if the user has not said."""
        if self._keeper.now.dock_open is None:
            tall = self.horizontal.window().height() >= TALL_ENOUGH
            if tall != self._widgets.dock.is_open:
                self._set_dock(opened=tall)

    def _folded(self) -> None:
        opened = self._widgets.dock.is_open
        self._keeper.change(dock_open=opened)
        self._give_dock(opened=opened)

    def _set_dock(self, *, opened: bool) -> None:
        self._widgets.dock.set_open(opened)
        self._give_dock(opened=opened)

    def _give_dock(self, *, opened: bool) -> None:
        height = self._keeper.now.dock_height if opened else TAB_HEIGHT
        self.vertical.setSizes([max(1, self.vertical.height() - height), height])

    def _moved(self) -> None:
        height = self.vertical.sizes()[1]
        if self._widgets.dock.is_open and height > TAB_HEIGHT:
            self._keeper.change(dock_height=height)
        self._keeper.change(right_column=self.horizontal.sizes()[1])


def _right_column(widgets: DeskWidgets) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("ground", "panel")
    inside.setLayout(
        column(
            widgets.ticket,
            rule(),
            widgets.position,
            widgets.phases,
            rule(),
            widgets.latency,
            None,
            spacing=0,
        )
    )
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setMinimumWidth(340)
    area.setMaximumWidth(560)
    area.setWidget(inside)
    return area


def _splitter(orientation: Qt.Orientation, first: QWidget, second: QWidget) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(1)
    made.addWidget(first)
    made.addWidget(second)
    made.setStretchFactor(0, 1)
    made.setStretchFactor(1, 0)
    return made
