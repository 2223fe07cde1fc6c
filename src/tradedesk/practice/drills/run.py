"""One run of a drill: waits for the entry, brings the trouble, watches, says when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.order import OrderStatus, OrderType
from tradedesk.practice.drills import story
from tradedesk.practice.drills.deeds import Deeds
from tradedesk.practice.drills.record import Record
from tradedesk.practice.drills.score import score
from tradedesk.practice.drills.watch import STATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.drills.model import Drill, Step
    from tradedesk.practice.drills.record import Call, Stand
    from tradedesk.practice.drills.watch import Place

_SIGNS: Final = {"buy": 1, "sell": -1, "any": 0}
_MOMENTS: Final = {
    "sent": "The first order is sent.",
    "working": "An order rests in the book.",
    "position": "There is a position.",
    "ready": "The entry is there as asked.",
    "rejected": "A stop leg was rejected.",
}


class Run:
    """Plays one drill on an account and a contract.

    Parameters
    ----------
    drill : Drill
        What happens.
    place : Place
        Where.
    tell : callable
        Told every line of the story.
    ended : callable
        Called once when it is over.
    """

    def __init__(
        self,
        drill: Drill,
        place: Place,
        tell: Callable[[story.Line], None],
        ended: Callable[[], None],
    ) -> None:
        self.drill = drill
        self.state = story.WAITING
        self._place = place
        self._ended = ended
        self._ask = drill.entry.ask
        self._record = Record(place.now_ns, drill.entry.size)
        self._deeds = Deeds(place, drill.name, _SIGNS[drill.entry.side] or 1)
        self._teller = story.Teller(drill.name, place.now_ns, tell)
        self._moments: set[str] = set()
        self._epoch = self._entries = 0
        self._first = 0
        self._held_since: int | None = None
        self._looking = False

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in story.OVER

    def begin(self) -> None:
        """Let it begin now."""
        self._say("asked", self._ask)
        self._later(self.drill.entry.seconds, self._no_entry)
        self._happen("start")
        self.look()

    def told(self) -> story.Told:
        """How it stands."""
        record = self._record
        end_ns = self._place.now_ns if record.end_ns is None else record.end_ns
        return story.Told(
            name=self.drill.name,
            title=self.drill.title,
            about=self.drill.about,
            state=self.state,
            ask=self._ask,
            at_s=self._teller.at_s(end_ns),
            trouble_s=None if record.trouble_ns is None else self._teller.at_s(record.trouble_ns),
            story=list(self._teller.lines),
            score=score(self.drill, record) if self.over and record.trouble_ns else None,
        )

    def called(self, call: Call) -> None:
        """The trader made an order call; it has not been carried out yet."""
        if self.over:
            return
        self.look()
        self._record.calls.append(call)
        self._say("call", _CALLS[call.kind])
        if call.kind == "place":
            self._happen("sent")

    def on_order(self, row: OrderRow) -> None:
        """An order changed; the books may be in the middle of it, so it is looked at just after."""
        place = self._place
        if self.over or row.account_id != place.account_id or row.contract != place.contract:
            return
        if row.status is OrderStatus.REJECTED and row.is_leg and row.is_stop:
            self._soon(lambda: self._happen("rejected"))
        elif row.status is OrderStatus.OPEN and not row.is_leg and row.type is OrderType.LIMIT:
            self._soon(lambda: self._happen("working"))
        if not self._looking:
            self._looking = True
            self._soon(self._looked)

    def marked(self) -> None:
        """The last price changed."""
        record = self._record
        if record.trouble_ns is not None and not self.over:
            record.worst_loss = max(record.worst_loss, self._place.open_loss())

    def look(self) -> None:
        """Look how the account stands, and whether that brings the story on."""
        if self.over:
            return
        now = self._place.stand()
        if self._record.add(now):
            self._say("stand", _standing(now))
        if now.net:
            self._first = self._first or now.net
            self._happen("position")
        if self._is_ready(now):
            self._happen("ready")
        self.marked()
        self._judge(now)

    def end(self, state: str) -> None:
        """End it with an outcome; does nothing to one that is over."""
        if self.over:
            return
        self._record.add(self._place.stand())
        self._record.end_ns = self._place.now_ns
        self.state = state
        self._epoch += 1
        self._deeds.take_back()
        self._say("ended", f"It is over: {story.outcome(state)}.")
        self._ended()

    # --- inside ---------------------------------------------------------------------------------

    def _is_ready(self, now: Stand) -> bool:
        entry = self.drill.entry
        sign = _SIGNS[entry.side]
        there = abs(now.net) >= entry.size and now.net * (sign or now.net) > 0
        return there and not (entry.stop and now.naked)

    def _happen(self, moment: str) -> None:
        """A moment has come; steps that wait for it are entered, those of no delay done."""
        if moment in self._moments or self.over:
            return
        self._moments.add(moment)
        if moment in _MOMENTS:
            self._say("moment", _MOMENTS[moment])
        for step in self.drill.step:
            if step.when == moment and not self.over:
                self._enter(step, self._entries)

    def _enter(self, step: Step, entry: int) -> None:
        def due() -> None:
            if step.when != "ready" or entry == self._entries:
                self._do(step)

        if step.after:
            self._later(step.after, due)
        else:
            due()

    def _do(self, step: Step) -> None:
        if self._put_off(step):
            return
        if step.ask is not None:
            self._ask = step.ask
            self._say("asked", step.ask)
        if step.trouble and self._record.trouble_ns is None:
            self._record.trouble_ns = self._place.now_ns
            self.state = story.RUNNING
            self._say("trouble", step.tell)
            self._later(self.drill.end.seconds, lambda: self.end(story.TIMEOUT))
        else:
            self._say("step", step.tell)
        self._deeds.do(step)
        if step.trouble:
            self._happen("trouble")
        if step.judge is not None:
            good = STATES[step.judge](self._place.stand(), self._first)
            self.end(story.SUCCESS if good else story.FAILURE)

    def _put_off(self, step: Step) -> bool:
        """Whether the entry that a step stands on is gone before there was trouble: wait anew."""
        gone = (
            step.when == "ready"
            and self._record.trouble_ns is None
            and not self._is_ready(self._place.stand())
        )
        if gone:
            self._moments.discard("ready")
            self._entries += 1
        return gone

    def _judge(self, now: Stand) -> None:
        end, trouble_ns = self.drill.end, self._record.trouble_ns
        if trouble_ns is None or not self._first:
            return
        if end.failure is not None and STATES[end.failure](now, self._first):
            self.end(story.FAILURE)
        elif not STATES[end.success](now, self._first):
            self._held_since = None
        elif not end.hold:
            self.end(story.SUCCESS)
        elif self._held_since is None:
            since_ns = self._held_since = now.ts_ns
            self._later(end.hold, lambda: self._held(since_ns))

    def _held(self, since_ns: int) -> None:
        if self._held_since == since_ns:
            self.end(story.SUCCESS)

    def _no_entry(self) -> None:
        if self._record.trouble_ns is None:
            self.end(story.TIMEOUT)

    def _looked(self) -> None:
        self._looking = False
        self.look()

    def _soon(self, action: Callable[[], None]) -> None:
        """At this venue time, behind what is going on."""
        self._place.stage.floor.at(self._place.now_ns, action)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        epoch = self._epoch

        def act() -> None:
            if epoch == self._epoch:
                action()

        self._place.stage.floor.at(self._place.now_ns + round(seconds * 1e9), act)

    def _say(self, event: str, text: str) -> None:
        self._teller.say(self._place.now_ns, self.state, event, text)


_CALLS: Final = {
    "place": "You send an order.",
    "modify": "You change an order.",
    "cancel": "You cancel an order.",
    "close": "You close the position.",
    "partial_close": "You close a part of the position.",
}


def _standing(now: Stand) -> str:
    """Say how an account stands."""
    working = {0: "no order is live", 1: "1 order is live"}.get(
        now.orders, f"{now.orders} orders are live"
    )
    if not now.net:
        return f"You are flat, {working}."
    side = "long" if now.net > 0 else "short"
    cover = "every contract has a stop" if not now.naked else f"{now.naked} without a stop"
    return f"You are {side} {abs(now.net)}, {cover}, {working}."
