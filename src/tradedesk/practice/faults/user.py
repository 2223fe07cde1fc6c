"""What is wrong with user events: lost, doubled, late, out of order, held back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.practice.faults.kinds import EVENT
from tradedesk.practice.faults.model import ANY

if TYPE_CHECKING:
    from tradedesk.practice.faults.register import Armed, Register

Send = Callable[[], None]
OVERTAKEN_S: Final = 1.0
"""How long an event waits to be overtaken, unless the fault says."""
LATE_S: Final = 1.0
_MANY_FILLS: Final = 256


class Subject(NamedTuple):
    """What an event is about: its kind, account, contract, and its name in the list of strikes."""

    event: str
    account: int
    contract: str | None
    name: str


class UserFaults:
    """Stands between the user hub and its subscribers.

    Parameters
    ----------
    register : Register
        What is armed.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._held: list[Waiting] = []
        self._overtaken: list[Waiting] = []
        self._timers: set[asyncio.TimerHandle] = set()
        self._filled: deque[int] = deque(maxlen=_MANY_FILLS)
        self._awaited: dict[int, asyncio.Event] = {}

    def deliver(self, subject: Subject, send: Send) -> None:
        """Send an event, unless a fault has something else in mind.

        Parameters
        ----------
        subject : Subject
            What it is about.
        send : callable
            Sends it to everybody who listens.
        """
        armed = self._struck(subject) if self._register.any(EVENT) else None
        if armed is None:
            self._send(send)
            return
        seconds = armed.draw_s()
        self._register.note(armed, subject.name, seconds)
        match armed.fault.kind:
            case "double":
                self._send(send)
                self._send(send)
            case "late":
                self._later(LATE_S if seconds is None else seconds, lambda: self._send(send))
            case "reorder":
                limit_s = OVERTAKEN_S if seconds is None else seconds
                self._wait(Waiting(send, armed.fault.count), self._overtaken, limit_s)
            case "hold":
                self._wait(Waiting(send), self._held, seconds)

    def release(self) -> int:
        """Send what is held, oldest first; returns how much it was."""
        held, self._held = self._held, []
        for waiting in held:
            self._send(waiting.send)
        return len(held)

    def close(self) -> None:
        """Give up what is still to be sent."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._held.clear()
        self._overtaken.clear()

    def told_fill(self, order_id: int) -> None:
        """A fill of an order was told."""
        self._filled.append(order_id)
        awaited = self._awaited.get(order_id)
        if awaited is not None:
            awaited.set()

    async def filled(self, order_id: int) -> None:
        """Wait until a fill of an order was told."""
        if order_id not in self._filled:
            await self._awaited.setdefault(order_id, asyncio.Event()).wait()

    def forget(self, order_id: int) -> None:
        """Nobody waits for fills of an order any more."""
        self._awaited.pop(order_id, None)

    def _struck(self, subject: Subject) -> Armed | None:
        for armed in self._register.of(EVENT):
            fault = armed.fault
            if fault.event not in (ANY, subject.event):
                continue
            if not fault.means_account(subject.account):
                continue
            if not fault.means_contract(subject.contract):
                continue
            if armed.strikes(self._register.now_s):
                return armed
        return None

    def _send(self, send: Send) -> None:
        """Send, and then whatever has been overtaken often enough."""
        send()
        for waiting in tuple(self._overtaken):
            waiting.left -= 1
            if waiting.left <= 0 and waiting in self._overtaken:
                self._overtaken.remove(waiting)
                self._send(waiting.send)

    def _wait(self, waiting: Waiting, queue: list[Waiting], seconds: float | None) -> None:
        queue.append(waiting)

        def go() -> None:
            for waiters in (self._held, self._overtaken):
                if waiting in waiters:
                    waiters.remove(waiting)
                    self._send(waiting.send)

        if seconds is not None:
            self._later(seconds, go)

    def _later(self, seconds: float, action: Send) -> None:
        def act() -> None:
            self._timers.discard(timer)
            action()

        timer = asyncio.get_running_loop().call_later(seconds, act)
        self._timers.add(timer)


class Waiting:
    """An event that is not sent yet; ``left`` events must still overtake it."""

    def __init__(self, send: Send, left: int = 0) -> None:
        self.send = send
        self.left = left
