"""Kill switch, locks, phases and doubts: what the window shows of them and what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.ids import Tag
from tradedesk.ui.lock_words import lock_view
from tradedesk.ui.readiness import phase_text
from tradedesk.ui.unknown.view_model import doubts

if TYPE_CHECKING:
    from tradedesk.domain import events as ev
    from tradedesk.ui.context import DeskContext
    from tradedesk.ui.desk_widgets import DeskWidgets
    from tradedesk.ui.phases.log import PhaseLog
    from tradedesk.ui.ports import Book
    from tradedesk.ui.presenters.asking import Say
    from tradedesk.ui.presenters.safety_actions import SafetyActions

AGAIN_NS = 1_500 * NS_PER_MS
"""The key trips the kill switch when it is pressed a second time within this time."""
_ASKED = "kill switch asked for"


class SafetyPresenter:
    """Keeps the safety panels current and carries out what they ask."""

    def __init__(
        self,
        widgets: DeskWidgets,
        context: DeskContext,
        phases: PhaseLog,
        actions: SafetyActions,
        say: Say,
    ) -> None:
        self._widgets = widgets
        self._state = context.state
        self._markets = context.markets
        self._clock = context.clock
        self._phases = phases
        self._actions = actions
        self._dismissed: set[str] = set()
        self._key_ns: int | None = None
        w = widgets
        w.top.kill.fired.connect(actions.kill)
        w.top.kill.let_go.connect(
            lambda: say("info", "The kill switch trips when it is held until it is full.")
        )
        w.kill.release_requested.connect(actions.release)
        w.phases.dismissed.connect(self._dismiss_run)
        w.unknown.settled.connect(lambda tag, there: actions.settle(Tag(tag), placed=there))
        w.unknown.again_requested.connect(self._send_again)
        w.unknown.dismissed.connect(self._dismissed.add)

    def take(self, event: ev.AnyEvent) -> None:
        """Note phases."""
        self._phases.take(event, self._clock.mono_ns())

    def kill_by_key(self) -> None:
        """The key alone only asks for it again; the second press trips the switch."""
        now, last = self._clock.mono_ns(), self._key_ns
        self._key_ns = now
        if last is not None and 0 <= now - last <= AGAIN_NS:
            self._key_ns = None
            self._widgets.toasts.drop(_ASKED)
            self._actions.kill(now)
            return
        text = (
            "Kill switch: press Ctrl+Shift+K once more now to cancel everything, close everything "
            "and keep entries off."
        )
        self._widgets.toasts.show("warning", text, key=_ASKED)

    def show(self, block: str) -> None:
        """Bring everything up to date; ``block`` is why no entry may be placed now."""
        now, wall = self._clock.mono_ns(), self._clock.wall_ns()
        lock = lock_view(self._state.held_locks(), wall)
        why_not = phase_text(self._state.session)
        self._widgets.top.arm_switch.show_state(armed=self._state.armed, why_not=why_not, lock=lock)
        self._widgets.kill.show_since(lock.kill_since)
        self._widgets.phases.show_view(self._phases.view(now))
        self._widgets.unknown.show_doubts(
            doubts(self._state, dismissed=self._dismissed, block=block, wall_ns=wall)
        )

    def _dismiss_run(self, click_id: str) -> None:
        self._phases.dismiss(click_id)

    def _send_again(self, tag: str, press_ns: int) -> None:
        intent = self._state.intents.get(Tag(tag))
        if intent is None:
            return
        book: Book | None = self._markets.books.get(intent.command.contract_id)
        self._actions.send_again(intent, book.last_ticks if book is not None else None, press_ns)
