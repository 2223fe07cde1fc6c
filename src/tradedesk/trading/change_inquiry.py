"""What to do next about one change: send, look, wait, or end it. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.changes import ChangeState
from tradedesk.trading.change_sight import Sight
from tradedesk.trading.limits import Timings, ns

if TYPE_CHECKING:
    from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder

_BACK_OFF_S = (0.75, 1.5, 3.0)
_MOST = 1 + len(_BACK_OFF_S)
_MOST_LOOKS = 4
_NOT_SHOWN = "The venue does not show it; ask for it again if you still want it."
_OVERTAKEN = "Something newer changed it meanwhile."
_MOST_LOOKS_BEGUN = 8
"""For what the venue has begun with; some 20 s."""


class Act(Enum):
    """What a step asks for."""

    SEND = auto()
    LOOK = auto()
    """Ask the venue how the target stands."""
    WAIT = auto()
    TELL = auto()
    """Tell the trader that it is not known yet; the asking goes on."""
    END = auto()


class Answer(Enum):
    """What became of one attempt, as far as its own answer says."""

    NONE = auto()
    TAKEN = auto()
    """The venue said yes; only its books prove it."""
    REFUSED = auto()
    NOT_SENT = auto()
    UNKNOWN = auto()


class Step(msgspec.Struct, frozen=True):
    """One thing to do; ``state`` is set when it ends the change."""

    act: Act
    wait_ns: int = 0
    state: ChangeState | None = None
    reason: str = ""


class ChangeInquiry:
    """Decides one change from its answers and from what the venue shows.

    A cancel does no harm twice, so it is repeated while the order is not seen to have ended. A
    modify is repeated only after a fresh look at the order showed its old values, and as long as
    nothing newer was asked for. A close of a whole position is repeated only after a fresh look
    showed the same position and nothing on its way. Each is sent four times at most. What the
    venue has not shown by then is told as unknown and watched until a quiet time has passed. A
    person is asked to look where that does not come in time; who still wants to know goes on with
    `next`, which then ends only with what the venue shows.

    Parameters
    ----------
    what : ModifyOrder, CancelOrder or ClosePosition
        The change.
    now_ns : int
        Monotonic.
    asked_before : bool
        It was sent in an earlier life of the executor: it is asked about and never sent again.
    """

    def __init__(
        self,
        what: ModifyOrder | CancelOrder | ClosePosition,
        timings: Timings,
        now_ns: int,
        *,
        asked_before: bool = False,
    ) -> None:
        self._kind = type(what).__name__
        self._timings = timings
        self._started_ns = self._sent_ns = self._answered_ns = now_ns
        self._answer = Answer.UNKNOWN if asked_before else Answer.NONE
        self._reason = _NOT_SHOWN if asked_before else ""
        self._left = asked_before
        self._watching = asked_before
        self._handed_over = False
        self._due_ns = now_ns
        self._clean_ns: int | None = None
        self._hub_since_ns: int | None = None
        self._looks = 0
        self._looked_ns = now_ns
        self.tries = 1 if asked_before else 0

    # --- what happened ------------------------------------------------------------------------

    def sent(self, now_ns: int) -> None:
        """An attempt begins."""
        self.tries += 1
        self._sent_ns = now_ns
        self._answer = Answer.NONE

    def answered(self, answer: Answer, reason: str, now_ns: int) -> None:
        """How the attempt ended."""
        self._answer = answer
        self._reason = reason or self._reason
        self._answered_ns = now_ns
        self._looks = 0
        self._clean_ns = None
        if answer is not Answer.NOT_SENT:
            self._left = True
        self._due_ns = now_ns + self._patience_ns()

    def looked(
        self, asked_ns: int, now_ns: int, *, clean: bool, hub_since_ns: int | None = 0
    ) -> None:
        """The venue was asked how the target stands.

        Parameters
        ----------
        clean : bool
            Whether it answered.
        hub_since_ns : int or None
            Since when the user hub has been connected without a gap; None while it is not.
        """
        self._looks += 1
        self._looked_ns = now_ns
        self._hub_since_ns = hub_since_ns
        if clean:
            self._clean_ns = asked_ns
        slow_s = self._timings.search_slow_s if self._watching else self._back_off_s(self._looks)
        self._due_ns = now_ns + ns(slow_s)

    # --- what to do ---------------------------------------------------------------------------

    def next(self, sight: Sight, now_ns: int, *, newest: bool = True) -> Step:
        """The next step, given how the target stands now.

        Parameters
        ----------
        newest : bool
            Whether nothing newer was asked for the same target.
        """
        if sight is Sight.DONE and self.tries:
            return Step(Act.END, state=ChangeState.DONE)
        if sight is Sight.TOO_LATE:
            return Step(Act.END, state=ChangeState.REFUSED)
        if self._answer is Answer.NONE:
            return Step(Act.SEND)
        if self._watching:
            return self._watch(sight, now_ns)
        if self._answer is Answer.REFUSED:
            return self._refused(now_ns)
        if self._answer is Answer.NOT_SENT and not self._left:
            return self._not_sent(sight, now_ns)
        return self._open(sight, now_ns, newest=newest)

    def _not_sent(self, sight: Sight, now_ns: int) -> Step:
        """Nothing has left so far. An exit is tried again; a modify is the trader's to repeat."""
        if self._kind == "ModifyOrder" or self.tries >= _MOST:
            return Step(Act.END, state=ChangeState.NOT_SENT, reason=self._reason)
        if now_ns < self._due_ns:
            return Step(Act.WAIT, self._due_ns - now_ns)
        return Step(Act.SEND)

    def _refused(self, now_ns: int) -> Step:
        """A no to the first attempt ends it.

        A no to a repeated one may well mean that an earlier one was carried out, which the venue's
        lists show later.
        """
        plain = self._kind == "ModifyOrder" and self.tries == 1
        if plain or self._clean_ns is not None or self._looks >= _MOST_LOOKS:
            if self.tries > 1:
                return self._tell()
            return Step(Act.END, state=ChangeState.REFUSED, reason=self._reason)
        if self._looks and now_ns < self._due_ns:
            return Step(Act.WAIT, self._due_ns - now_ns)
        return Step(Act.LOOK)

    def _open(self, sight: Sight, now_ns: int, *, newest: bool) -> Step:
        """Nobody knows yet: look, and repeat what may be repeated."""
        if not newest and self._looks:
            return self._tell()
        if self._looks and self._may_repeat(sight, newest=newest):
            return Step(Act.SEND)
        begun = sight is Sight.ON_ITS_WAY
        most = _MOST_LOOKS_BEGUN if begun else _MOST_LOOKS
        spent = self.tries >= _MOST and self._looks and not begun
        if self._looks >= most or spent:
            return self._tell()
        if newest and now_ns < self._due_ns:
            self._clean_ns = None  # after a wait a look is not fresh any more
            return Step(Act.WAIT, self._due_ns - now_ns)
        return Step(Act.LOOK)

    def _may_repeat(self, sight: Sight, *, newest: bool) -> bool:
        if self.tries >= _MOST or not newest:
            return False
        if self._kind == "CancelOrder":
            return sight in {Sight.BEFORE, Sight.UNSEEN}
        if self._clean_ns is None or sight is not Sight.BEFORE:
            return False
        return self._kind == "ClosePosition" or self._answer is not Answer.TAKEN

    def _tell(self) -> Step:
        self._watching = True
        return Step(Act.TELL, reason=self._reason)

    def _watch(self, sight: Sight, now_ns: int) -> Step:
        """The trader has been told; what is left is to find out."""
        quiet_ns = max(self._sent_ns, self._hub_since_ns or 0) + ns(self._timings.quiet_s)
        settled = sight in {Sight.BEFORE, Sight.OTHER} and self._hub_since_ns is not None
        if settled and self._clean_ns is not None and self._clean_ns >= quiet_ns:
            reason = _OVERTAKEN if sight is Sight.OTHER else self._reason
            return Step(Act.END, state=ChangeState.REFUSED, reason=reason)
        if not self._handed_over and now_ns - self._started_ns >= ns(self._timings.give_up_s):
            self._handed_over = True
            return Step(Act.END, state=ChangeState.NEEDS_HUMAN, reason=self._reason)
        due_ns = max(self._due_ns, quiet_ns) if self._looks else now_ns
        if sight is Sight.ON_ITS_WAY:  # what has just moved is looked at again soon
            due_ns = min(due_ns, self._looked_ns + ns(self._timings.search_every_s))
        return Step(Act.WAIT, due_ns - now_ns) if now_ns < due_ns else Step(Act.LOOK)

    # --- how long -----------------------------------------------------------------------------

    def _back_off_s(self, times: int) -> float:
        return _BACK_OFF_S[min(times, len(_BACK_OFF_S)) - 1]

    def _patience_ns(self) -> int:
        """How long to wait after an answer before the venue is asked or it is sent again."""
        if self._answer is Answer.TAKEN:
            wait_ns = ns(self._timings.proof_s)
        else:
            wait_ns = ns(self._back_off_s(self.tries))
        if self._kind == "ClosePosition" and self._answer is not Answer.NOT_SENT:
            # its market order may still be filling
            left_ns = self._sent_ns + ns(self._timings.close_repeat_s) - self._answered_ns
            return max(wait_ns, left_ns)
        return wait_ns
