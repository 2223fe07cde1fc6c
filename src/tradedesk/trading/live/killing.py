"""The kill switch: a latch first, then everything cancelled and closed, until it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import Kill
from tradedesk.domain.errors import StoreError
from tradedesk.domain.safety import Lock, LockKind
from tradedesk.trading.lock_keeper import LockKeeper
from tradedesk.trading.locks import JOURNAL_KIND, KILL_TEXT, RELEASE_WORD, key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.commands import ReleaseKill
    from tradedesk.trading.live.desk_parts import DeskParts
    from tradedesk.trading.live.flattening import Flattening
    from tradedesk.trading.live.replies import Replies

_WORK_KIND = "kill"
_RESUME_NS = 3600 * NS_PER_S
"""Work that a dead executor left unfinished is taken up within this time; later than that the
account may have been traded elsewhere on purpose."""

_encode = msgspec.json.Encoder().encode


class _Task(msgspec.Struct, frozen=True):
    """What a kill switch had begun, for the next start."""

    command: Kill
    since_ns: int


class Killing:
    """Trips and releases. Entries are off before the handler returns."""

    def __init__(
        self,
        parts: DeskParts,
        flattening: Flattening,
        replies: Replies,
        tell_session: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._keeper = LockKeeper(parts.books, parts.recorder.journal)
        self._flattening = flattening
        self._replies = replies
        self._tell_session = tell_session

    def kill(self, command: Kill) -> None:
        """Latch, then cancel and close; a second trip works once more through everything."""
        books = self._parts.books
        now_ns = books.clock.wall_ns()
        books.conditions.armed = False
        if self._keeper.add(Lock(kind=LockKind.KILL, text=KILL_TEXT, since_ns=now_ns)):
            books.notice("alarm", KILL_TEXT)
        self._tell_session()
        self._note(command, _encode(_Task(command, now_ns)))
        self._work(command)

    def latch(self) -> bool:
        """Lock entries without doing anything: another process did the work.

        Returns
        -------
        bool
            Whether it is written down, so that it holds at the next start too.
        """
        books = self._parts.books
        books.conditions.armed = False
        lock = Lock(kind=LockKind.KILL, text=KILL_TEXT, since_ns=books.clock.wall_ns())
        if self._keeper.add(lock):
            books.notice("alarm", KILL_TEXT)
        self._tell_session()
        return key_of(lock) in self._parts.recorder.journal.recorded(JOURNAL_KIND)

    def release(self, command: ReleaseKill) -> None:
        """Release, if the word is right."""
        if command.word.strip() != RELEASE_WORD:
            self._replies.failed(
                command, f"The kill switch stays on: type {RELEASE_WORD} to release it."
            )
        elif self._flattening.is_killing:
            self._replies.failed(
                command,
                "The kill switch stays on: it has not proven the account flat yet. Release it "
                "when that is done.",
            )
        elif self._keeper.release(LockKind.KILL):
            self._replies.done(command, "The kill switch is released; arm trading to enter again")
        else:
            self._replies.failed(command, "The kill switch is not on.")

    def resume(self) -> None:
        """Take up what an executor that died had begun; once signed in."""
        for payload in list(self._parts.recorder.journal.recorded(_WORK_KIND).values()):
            try:
                task = msgspec.json.decode(payload, type=_Task)
            except msgspec.MsgspecError:
                continue  # the latch holds all the same
            age_ns = self._parts.books.clock.wall_ns() - task.since_ns
            if 0 <= age_ns < _RESUME_NS:
                self._parts.books.notice(
                    "alarm", "The kill switch was tripped and not finished; it goes on now."
                )
                press_ns = self._parts.clock.mono_ns()
                self._work(msgspec.structs.replace(task.command, press_ns=press_ns))

    def _work(self, command: Kill) -> None:
        self._flattening.flatten(command, on_done=lambda: self._note(command, b""))

    def _note(self, command: Kill, payload: bytes) -> None:
        journal = self._parts.recorder.journal
        try:
            journal.record(_WORK_KIND, command.account_id, command.click_id, payload)
        except StoreError:
            return  # the latch's own row has told of it
