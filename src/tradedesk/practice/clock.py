"""Venue time: real time, the time of a tape that is replayed, or time that is moved by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock


class VenueClock:
    """What the venue stamps on the wire.

    Runs from an origin at a rate, driven by the monotonic clock, so that a step of the system's
    wall clock never bends the tape. It can be held, sped up and set while it runs; a stepped
    clock moves by `step` alone.

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
    stepped : bool, default False
        True lets only `step` move it.
    """

    def __init__(
        self,
        system: Clock,
        origin_ns: int | None = None,
        rate: float = 1.0,
        running: bool = True,
        stepped: bool = False,
    ) -> None:
        self._system = system
        self.rate = rate
        self.origin_ns = system.wall_ns() // 1000 * 1000 if origin_ns is None else origin_ns
        self.stepped = stepped
        self.held_by_hand = False
        self._at_ns = self.origin_ns
        self._since_ns = system.mono_ns() if running and not stepped else None

    @property
    def running(self) -> bool:
        """Whether venue time moves by itself."""
        return self._since_ns is not None

    def start(self) -> None:
        """Let a clock run that waits for its first listener; one held by hand stays held."""
        if self._since_ns is None and not (self.stepped or self.held_by_hand):
            self._since_ns = self._system.mono_ns()

    def pause(self) -> None:
        """Hold the clock until `resume`."""
        self._anchor(self.now_ns())
        self._since_ns = None
        self.held_by_hand = True

    def resume(self) -> None:
        """Let a held clock run on from where it stands; nothing to a stepped one."""
        self.held_by_hand = False
        self.start()

    def set_rate(self, rate: float) -> None:
        """Run at another rate from now on."""
        self._anchor(self.now_ns())
        self.rate = rate

    def set(self, venue_ns: int) -> None:
        """Stand at another time, earlier or later, and go on from there."""
        self._anchor(venue_ns)

    def step(self, venue_ns: int) -> None:
        """Move a stepped clock on by so many nanoseconds."""
        self._at_ns += venue_ns

    def now_ns(self) -> int:
        """Venue time in nanoseconds UTC."""
        if self._since_ns is None:
            return self._at_ns
        return self._at_ns + int((self._system.mono_ns() - self._since_ns) * self.rate)

    def real_s(self, venue_ns: int) -> float:
        """Real seconds that `venue_ns` nanoseconds of venue time take."""
        return venue_ns / self.rate / 1e9

    def unix_s(self) -> float:
        """The machine's wall time in seconds."""
        return self._system.wall_ns() / 1e9

    def mono_s(self) -> float:
        """Real seconds on the monotonic clock, for timers."""
        return self._system.mono_ns() / 1e9

    def _anchor(self, venue_ns: int) -> None:
        self._at_ns = venue_ns
        if self._since_ns is not None:
            self._since_ns = self._system.mono_ns()
