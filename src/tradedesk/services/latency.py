"""How long orders took, step by step, from the click. Pure statistics over intents."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.events import Intent
    from tradedesk.domain.ids import Tag
    from tradedesk.domain.stamps import Stamps

KEEP = 2_000
"""Orders remembered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one order, in milliseconds.

    Attributes
    ----------
    start_ms : float or None
        When it began, counted from the click; None while it has not happened.
    took_ms : float or None
        How long it took. Steps on this machine are counted from the step before; what the venue
        does (reply, hub echo, fill) is counted from the moment the order was on the wire.
    """

    name: str
    start_ms: float | None = None
    took_ms: float | None = None


STEP_NAMES = ("to executor", "gate, journal", "to wire", "reply", "hub echo", "fill")


@dataclass(frozen=True, slots=True)
class OrderLatency:
    """One order and how long each step took."""

    tag: Tag
    created_ns: int
    text: str
    steps: tuple[Step, ...]
    reply_ms: float | None
    """Click to the venue's answer."""
    total_ms: float | None
    """Click to the fill of a market order, else to the answer."""
    held_ms: float | None = None
    """How long the button was held down before its release decided; no part of the rest."""


def measure(intent: Intent) -> OrderLatency:
    """Read the stamps of one intent.

    The fill counts for market orders only: a resting order fills when the market comes to it.
    """
    stamps, command = intent.stamps, intent.command
    at_once = command.type is OrderType.MARKET
    steps = (
        _step(0, stamps, stamps.start, stamps.received),
        _step(1, stamps, stamps.received, stamps.journaled),
        _step(2, stamps, stamps.journaled, stamps.written),
        _step(3, stamps, stamps.written, stamps.reply),
        _step(4, stamps, stamps.written, stamps.hub_echo),
        _step(5, stamps, stamps.written, stamps.fill if at_once else None),
    )
    reply_ms = _ms(stamps.start, stamps.reply)
    fill_ms = _ms(stamps.start, stamps.fill) if at_once else None
    return OrderLatency(
        tag=intent.tag,
        created_ns=intent.created_ns,
        text=f"{command.side.word} {command.size} {command.type.word}",
        steps=steps,
        reply_ms=reply_ms,
        total_ms=fill_ms if fill_ms is not None else reply_ms,
        held_ms=_ms(stamps.press, stamps.asked),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` (0 to 1) of the values do not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)
    return ordered[max(0, int(rank) - 1)]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts in bins of equal width from ``low_ms`` to ``high_ms``."""

    low_ms: float
    high_ms: float
    counts: tuple[int, ...]


def histogram(values: Sequence[float], bins: int = 24) -> Histogram:
    """Spread of the values; what lies above p99 falls into the last bin."""
    if not values:
        return Histogram(0.0, 0.0, (0,) * bins)
    low = min(values)
    high = percentile(values, 0.99) or low
    width = (high - low) / bins
    counts = [0] * bins
    for value in values:
        index = int((value - low) / width) if width > 0 else 0
        counts[min(index, bins - 1)] += 1
    return Histogram(low, high, tuple(counts))


class LatencyLog:
    """The orders of this run, newest last. ``version`` rises with each change."""

    def __init__(self) -> None:
        self._orders: dict[Tag, OrderLatency] = {}
        self.version = 0

    def absorb(self, intent: Intent) -> None:
        """Take in an intent or a newer state of one."""
        if intent.stamps.received is None:
            return
        measured = measure(intent)
        if self._orders.get(intent.tag) == measured:
            return
        self._orders[intent.tag] = measured
        while len(self._orders) > KEEP:
            del self._orders[next(iter(self._orders))]
        self.version += 1

    @property
    def orders(self) -> list[OrderLatency]:
        """Oldest first."""
        return list(self._orders.values())

    @property
    def last(self) -> OrderLatency | None:
        """The newest order."""
        return next(reversed(self._orders.values()), None)

    @property
    def replies_ms(self) -> list[float]:
        """Click to answer of every order that has one."""
        return [o.reply_ms for o in self._orders.values() if o.reply_ms is not None]


def to_csv(orders: Sequence[OrderLatency]) -> str:
    """A line an order: tag, time, text, each step and both totals in milliseconds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [f"{name.replace(', ', '_').replace(' ', '_')}_ms" for name in STEP_NAMES]
    writer.writerow(
        ["tag", "created_ns", "order", "held_ms", *names, "click_to_reply_ms", "total_ms"]
    )
    for order in orders:
        writer.writerow(
            [
                order.tag,
                order.created_ns,
                order.text,
                _cell(order.held_ms),
                *(_cell(step.took_ms) for step in order.steps),
                _cell(order.reply_ms),
                _cell(order.total_ms),
            ]
        )
    return out.getvalue()


def _cell(value_ms: float | None) -> str:
    return "" if value_ms is None else f"{value_ms:.3f}"


def _ms(start_ns: int | None, end_ns: int | None) -> float | None:
    return None if start_ns is None or end_ns is None else (end_ns - start_ns) / NS_PER_MS


def _step(index: int, stamps: Stamps, start_ns: int | None, end_ns: int | None) -> Step:
    took_ms = _ms(start_ns, end_ns)
    return Step(
        STEP_NAMES[index],
        _ms(stamps.start, start_ns) if took_ms is not None else None,
        took_ms,
    )
