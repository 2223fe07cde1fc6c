"""Venue time: real time, or the time of the tape that is being replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock


class VenueClock:
    """What the venue stamps on the wire.

    Runs from an origin at a rate, driven by the monotonic clock, so that a step of the system's
    wall clock never bends the tape.

    Parameters
    ----------
    system : Clock
        The machine's clock.
    origin_ns : int, optional
        Venue time at the start, UTC nanoseconds; the machine's wall time if left out.
    rate : float, default 1.0
        Venue seconds per real second, greater than zero.
    running : bool, default True
        False holds the clock at its origin until `start`.
    """

    def __init__(
        self, system: Clock, origin_ns: int | None = None, rate: float = 1.0, running: bool = True
    ) -> None:
        self._system = system
        self._rate = rate
        self.origin_ns = system.wall_ns() // 1000 * 1000 if origin_ns is None else origin_ns
        self._started_ns = system.mono_ns() if running else None

    @property
    def running(self) -> bool:
        """Whether venue time moves."""
        return self._started_ns is not None

    def start(self) -> None:
        """Let a held clock run; does nothing to a running one."""
        if self._started_ns is None:
            self._started_ns = self._system.mono_ns()

    def now_ns(self) -> int:
        """Venue time in nanoseconds UTC."""
        if self._started_ns is None:
            return self.origin_ns
        return self.origin_ns + int((self._system.mono_ns() - self._started_ns) * self._rate)

    def real_s(self, venue_ns: int) -> float:
        """Real seconds that `venue_ns` nanoseconds of venue time take."""
        return venue_ns / self._rate / 1e9

    def unix_s(self) -> float:
        """The machine's wall time in seconds."""
        return self._system.wall_ns() / 1e9

    def mono_s(self) -> float:
        """Real seconds on the monotonic clock, for timers."""
        return self._system.mono_ns() / 1e9
