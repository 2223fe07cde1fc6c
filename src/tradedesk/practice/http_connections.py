"""All connections of a venue: which there are, which idle, and which must go for a new one."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from tradedesk.practice.config import VenueConfig
    from tradedesk.practice.faults.desk import Faults, Hit
    from tradedesk.practice.http_valve import Valve

log = logging.getLogger(__name__)

_SPARE_FILES: Final = 96
_FEWEST: Final = 16


class Served(Protocol):
    """A connection in the hands of HTTP."""

    valve: Valve

    def refuse(self, status: int) -> None:
        """Answer with a bare status, and close."""


class Connections:
    """Open connections by their peer.

    Parameters
    ----------
    config : VenueConfig
        Limits.
    faults : Faults
        What goes wrong with new connections.
    """

    def __init__(self, config: VenueConfig, faults: Faults) -> None:
        self.config = config
        self._faults = faults
        self._most = min(config.most_connections, _files() - _SPARE_FILES)
        self._most = max(self._most, _FEWEST)
        self._count = 0
        self._open: dict[Any, Valve] = {}
        self._served: dict[Any, Served] = {}
        self._idle: dict[Any, Served] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, peer: Any, served: Served) -> Hit | None:
        """Keep a new connection, in the place of an idle one if there are too many.

        Returns
        -------
        Hit or None
            A fault that strikes it.
        """
        if len(self._open) >= self._most:
            self._make_room()
        self._open[peer] = served.valve
        self._served[peer] = served
        self._idle[peer] = served
        self._count += 1
        return self._faults.connection(self._count)

    def leave(self, peer: Any, valve: Valve) -> None:
        """Forget a connection that is over."""
        if self._open.get(peer) is valve:
            for table in (self._open, self._served, self._idle):
                table.pop(peer, None)

    def busy(self, peer: Any) -> None:
        """A request is being answered on it."""
        self._idle.pop(peer, None)

    def idles(self, peer: Any) -> None:
        """It waits for a request."""
        served = self._served.get(peer)
        if served is not None:
            self._idle.pop(peer, None)
            self._idle[peer] = served

    def upgraded(self, peer: Any) -> None:
        """It is a hub's from now on."""
        self._served.pop(peer, None)
        self._idle.pop(peer, None)

    def valve(self, peer: Any) -> Valve | None:
        """The valve of a connection, or None if it is over."""
        return self._open.get(tuple(peer or ()))

    def served(self, peer: Any) -> Served | None:
        """A connection that speaks HTTP, or None."""
        return self._served.get(tuple(peer or ()))

    def close(self) -> None:
        """End connections that a fault keeps from ending."""
        for valve in tuple(self._open.values()):
            if valve.mute or valve.waiting:
                valve.abort()

    def _make_room(self) -> None:
        if not self._idle:
            return
        peer, served = next(iter(self._idle.items()))
        log.info("There are %d connections; the one that idles longest goes.", len(self._open))
        self.leave(peer, served.valve)
        served.valve.abort()


def _files() -> int:
    """Most files this process may have open."""
    with contextlib.suppress(ImportError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return soft if soft > 0 else 1_000_000
    return 1_000_000
