"""Opens the window of the risk limits and keeps it current while it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut

from tradedesk.domain.errors import InputError
from tradedesk.domain.safety import RiskRules
from tradedesk.ui.open_profit import open_profit
from tradedesk.ui.risk.dialog import RiskDialog
from tradedesk.ui.risk.view_model import day_view, is_bound, lock_lines

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.domain.settings import Settings
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.desk_widgets import DeskWidgets
    from tradedesk.ui.settings_keeper import SettingsKeeper

KEYS = "Ctrl+Shift+L"
_EVERY_MS = 250


class RiskPanel(QObject):
    """Reached by its keys and by a click on the day's profit in the top bar."""

    def __init__(
        self,
        context: DeskContext,
        settings: SettingsKeeper,
        widgets: DeskWidgets,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._context = context
        self._widgets = widgets
        self._window = window
        self._settings = settings
        self.dialog: RiskDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.show_now)
        settings.changed.connect(self._take)
        shortcut = QShortcut(QKeySequence(KEYS), window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(self.open)
        day = widgets.top.day
        day.setCursor(Qt.CursorShape.PointingHandCursor)
        day.setToolTip(f"The trading day so far, fees off; click for its limits ({KEYS})")
        day.installEventFilter(self)

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        if self.dialog is None:
            session = self._context.state.session
            self.dialog = RiskDialog(
                self._context.clock,
                self._settings.now,
                practice=session is None or not session.live,
                parent=self._window,
            )
            self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog.saved.connect(self._settings.keep)
            self.dialog.locks.lock_asked.connect(self._lock)
            self.dialog.destroyed.connect(self._closed)
            self._timer.start()
        self.show_now()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def show_now(self) -> None:
        """Bring the window up to date."""
        if self.dialog is None:
            return
        state, context = self._context.state, self._context
        rules = state.rules.risk if state.rules is not None else RiskRules()
        opened, stale = open_profit(state, context.markets, context.clock.mono_ns())
        closed = state.day_pnl(context.markets.market_ns)
        self.dialog.show_day(day_view(closed, opened, rules, stale=stale))
        wall_ns, held = context.clock.wall_ns(), state.held_locks()
        self.dialog.locks.show_lines(lock_lines(held, wall_ns))
        self.dialog.show_bound(is_bound(state.locks, wall_ns))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() is Qt.MouseButton.LeftButton
        ):
            self.open()
            return True
        return False

    # --- inside -----------------------------------------------------------------------------

    def _take(self, settings: Settings) -> None:
        self._widgets.ticket.use(settings)
        if self.dialog is not None:
            self.dialog.use(settings)

    def _lock(self, until_ns: int) -> None:
        try:
            self._context.trade.lock(until_ns)
        except InputError as error:
            self._widgets.toasts.show("error", str(error))

    def _closed(self) -> None:
        self.dialog = None
        self._timer.stop()
