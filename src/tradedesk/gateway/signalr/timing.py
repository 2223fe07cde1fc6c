"""How long a hub connection waits for what."""

from __future__ import annotations

import msgspec


class HubTiming(msgspec.Struct, frozen=True):
    """All in seconds.

    Parameters
    ----------
    open_s, handshake_s, call_s : float
        Deadlines of the WebSocket upgrade, the SignalR handshake and one invocation.
    ping_s : float
        Between our own ping records.
    silence_s : float
        Server silence after which the connection is given up; ASP.NET pings every 15 s.
    back_off_s : tuple of float
        Pauses before the 1st, 2nd ... attempt to come back; the last one repeats.
    patient_s : float
        Shortest pause after the venue threw us out on purpose.
    put_out_most_s, peace_s : float
        When another session of the same login put us out, the pause doubles each time, up to the
        first; a connection that lived as long as the second ends the quarrel. Two programs that
        both come back at once would put each other out for ever.
    settled_s : float
        A connection that lived so long starts the back-off again from its beginning.
    """

    open_s: float = 10.0
    handshake_s: float = 10.0
    call_s: float = 10.0
    ping_s: float = 15.0
    silence_s: float = 30.0
    back_off_s: tuple[float, ...] = (0.0, 0.3, 1.0, 2.0, 5.0, 10.0)
    patient_s: float = 5.0
    put_out_most_s: float = 60.0
    peace_s: float = 120.0
    settled_s: float = 10.0
