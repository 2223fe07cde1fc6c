"""What the comparison of order paths compares: who sends, under which load, and what it found."""

from __future__ import annotations

from typing import Literal

import msgspec

Sender = Literal["process", "inline", "httpx", "aiohttp", "requests"]
Load = Literal["idle", "60hz", "flatout", "python"]

SENDERS: tuple[Sender, ...] = ("process", "inline", "httpx", "aiohttp", "requests")
LOADS: tuple[Load, ...] = ("idle", "60hz", "flatout", "python")

MEANING: dict[Sender, str] = {
    "process": "tradedesk, executor process",
    "inline": "tradedesk, executor on the window's loop",
    "httpx": "bare httpx on the window's loop",
    "aiohttp": "bare aiohttp on the window's loop",
    "requests": "bare requests in a thread",
}
DEPENDENCIES: tuple[Sender, ...] = ("process", "inline", "httpx")
"""Those that are there wherever tradedesk is."""


class CellPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One run: a window under load whose clicks one of the senders takes to a venue.

    Parameters
    ----------
    warm_up : int
        Clicks before the ones that count.
    idle_s : float
        A pause and one click more at the end; none if 0.
    certificate, key : str
        Files for TLS; plain HTTP if empty.
    """

    sender: Sender
    load: Load
    clicks: int
    round_trip_ms: float = 0.0
    warm_up: int = 10
    idle_s: float = 0.0
    certificate: str = ""
    key: str = ""


class CellFound(msgspec.Struct, kw_only=True):
    """Milliseconds of every click that counts.

    Attributes
    ----------
    wire : list of float
        Press to the arrival of the last byte at the venue's kernel.
    shown : list of float
        Press to the reply as the program measures it and would show it.
    true : list of float
        Order's arrival at the venue to the leaving of its reply: what it would take without the
        program.
    handler : list of float
        How long the click's handler held the window's thread.
    inside : list of float
        Command received to request handed to the HTTP library; only for tradedesk.
    told : list of float
        Press to the window's hearing of the reply.
    first : float or None
        Press to reply of the click after the pause.
    opened : int
        Connections opened by it.
    """

    wire: list[float] = []
    shown: list[float] = []
    true: list[float] = []
    handler: list[float] = []
    inside: list[float] = []
    told: list[float] = []
    first: float | None = None
    opened: int = 0


def percentile(values: list[float], percent: float) -> float | None:
    """Nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)]
