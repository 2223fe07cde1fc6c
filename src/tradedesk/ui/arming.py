"""The switch that allows entries, and what has to come before it on real money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.login.live_confirm import LiveConfirmDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.services.desk_state import DeskState
    from tradedesk.ui.memory_keeper import MemoryKeeper
    from tradedesk.ui.presenters.actions import DeskActions


class Arming:
    """Asks for arming; on a live venue only after the typed confirmation."""

    def __init__(
        self, window: QWidget, state: DeskState, actions: DeskActions, keeper: MemoryKeeper
    ) -> None:
        self._window = window
        self._state = state
        self._actions = actions
        self._keeper = keeper
        self.dialog: LiveConfirmDialog | None = None

    @property
    def armed(self) -> bool:
        """Whether entries are allowed."""
        return self._state.armed

    def ask(self, armed: bool) -> None:
        """Allow or forbid entries."""
        session = self._state.session
        if not armed or session is None or not session.live:
            self._actions.arm(armed=armed)
        elif session.venue in self._keeper.now.live_confirmed:
            self._actions.arm(armed=True)
        else:
            self._confirm(session.venue)

    def _confirm(self, venue: str) -> None:
        account = self._state.account
        name = account.name if account is not None else "Account"
        dialog = LiveConfirmDialog(venue, name, self._window)
        dialog.accepted.connect(lambda: self._confirmed(venue))
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _confirmed(self, venue: str) -> None:
        known = self._keeper.now.live_confirmed
        self._keeper.change(live_confirmed=(*known, venue))
        self._actions.arm(armed=True)

    def _closed(self) -> None:
        self.dialog = None
