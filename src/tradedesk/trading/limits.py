"""How long things may take, as data."""

from __future__ import annotations

import msgspec

from tradedesk.domain.clock import NS_PER_S


class Timings(msgspec.Struct, frozen=True):
    """Every period and deadline of the executor, in seconds."""

    quiet_s: float = 40.0
    """How long the venue may sit on an order before not finding it proves anything."""
    search_backoff_s: tuple[float, ...] = (0.75, 1.5, 3.0)
    search_every_s: float = 4.0
    search_slow_s: float = 30.0
    give_up_s: float = 180.0
    """After this a person is asked to look."""
    look_back_s: float = 60.0
    place_s: float = 10.0
    """Outer fence around one mutation; the gateway's own deadline is shorter."""
    call_s: float = 8.0
    login_s: float = 15.0
    reconcile_busy_s: float = 5.0
    reconcile_flat_s: float = 30.0
    ping_s: float = 15.0
    health_s: float = 1.0
    hub_start_s: float = 10.0
    hub_stale_s: float = 40.0
    rest_stale_s: float = 40.0
    proof_s: float = 2.0
    """How long a cancel waits for the hub before it asks."""
    sweep_grace_s: float = 1.0
    """How long exits must look left behind before the venue is asked and they are cancelled."""
    flatten_s: float = 40.0
    """After this a flatten gives up, and what it left without a stop is covered."""
    observe_gap_s: float = 0.25
    leave_s: float = 10.0
    """How long something that leaves a position keeps its cover off; from then on a stop is placed
    for what is still held and stays until it is flat."""
    close_repeat_s: float = 3.0
    """How long a close at market may take to fill before it is asked for again."""
    drain_s: float = 5.0


def ns(seconds: float) -> int:
    """Whole nanoseconds of a duration in seconds."""
    return int(seconds * NS_PER_S)
