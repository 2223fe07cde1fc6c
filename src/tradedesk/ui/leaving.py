"""Closing the window: a question only when something is open at the venue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.ui.context import DeskContext, QuitChoice
from tradedesk.ui.quit_dialog import QuitAnswer, QuitDialog, open_things

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tradedesk.ui.presenters.actions import DeskActions


class Leaving:
    """Decides whether the window may close, and flattens before it does if asked to."""

    def __init__(self, window: QWidget, context: DeskContext, actions: DeskActions) -> None:
        self._window = window
        self._context = context
        self._actions = actions
        self._allowed = False
        self._flatten_click: str | None = None
        self.dialog: QuitDialog | None = None
        self._leave = context.state.subscribe(self._take)

    def allow(self) -> None:
        """The next close goes through."""
        self._allowed = True
        self._leave()

    def may_close(self) -> bool:
        """Whether to close now; if not, the question has been asked or the way out begun."""
        if self._allowed:
            return True
        lines = self._open_things()
        if not lines:
            self._context.on_quit_requested(QuitChoice.LEAVE)
        elif self.dialog is None:
            self._ask(lines)
        return self._allowed

    def _open_things(self) -> list[str]:
        return open_things(self._context.state, self._context.clock.mono_ns())

    def _ask(self, lines: list[str]) -> None:
        session = self._context.state.session
        practice = session is None or not session.live
        dialog = QuitDialog(lines, practice=practice, parent=self._window)
        dialog.finished.connect(self._answered)
        self.dialog = dialog
        dialog.open()

    def _answered(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.answer is QuitAnswer.LEAVE:
            self._context.on_quit_requested(QuitChoice.LEAVE)
        elif dialog.answer is QuitAnswer.FLATTEN:
            self._flatten_click = self._actions.flatten(None, self._context.clock.mono_ns())

    def _take(self, event: ev.AnyEvent) -> None:
        match event:
            case ev.CommandDone(click_id=self._flatten_click):
                self._flatten_click = None
                if not self._open_things():
                    self._context.on_quit_requested(QuitChoice.FLAT)
            case ev.CommandFailed(click_id=self._flatten_click):
                self._flatten_click = None
            case _:
                pass
