"""When each step of one order happened."""

from __future__ import annotations

import msgspec


class Stamps(msgspec.Struct, frozen=True):
    """Monotonic nanoseconds of each step of one order; None where it has not happened.

    press (button down) -> asked (the release that decided) -> received (by the executor) ->
    journaled -> written (last byte handed to the kernel) -> reply (REST answer read) -> hub_echo
    (first user hub event) -> fill (first fill).
    """

    press: int
    asked: int | None = None
    received: int | None = None
    journaled: int | None = None
    written: int | None = None
    reply: int | None = None
    hub_echo: int | None = None
    fill: int | None = None

    @property
    def start(self) -> int:
        """From where latency counts: the deciding moment. The hold before it is the finger's."""
        return self.press if self.asked is None else self.asked
