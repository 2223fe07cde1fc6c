"""How long orders took, step by step, from the click. Pure statistics over intents."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder
from tradedesk.domain.ids import ContractId
from tradedesk.domain.latency import LatencyRecord
from tradedesk.domain.order import OrderType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.changes import Change
    from tradedesk.domain.events import Intent
    from tradedesk.domain.stamps import Stamps

NO_CONTRACT = ContractId("")
"""Of a change of an order that nobody has told of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one order, in milliseconds.

    Attributes
    ----------
    start_ms : float or None
        When it began, counted from the click; None while it has not happened.
    took_ms : float or None
        How long it took. Steps on this machine are counted from the step before; what the network
        and the venue do (reply, hub echo, fill) from the moment the order was on the wire.
    """

    name: str
    start_ms: float | None = None
    took_ms: float | None = None


STEP_NAMES = ("to executor", "gate, journal", "to wire", "reply", "to screen", "hub echo", "fill")


@dataclass(frozen=True, slots=True)
class OrderLatency:
    """One order or change and how long each step took."""

    key: str
    created_ns: int
    text: str
    steps: tuple[Step, ...]
    reply_ms: float | None
    """Click to the venue's answer."""
    total_ms: float | None
    """Click to the fill of a market order, else to the answer."""
    held_ms: float | None = None
    """How long the button was held down before its release decided; no part of the rest."""


def record_of(intent: Intent, venue: str = "") -> LatencyRecord:
    """Turn the stamps of an order into distances from its click."""
    stamps, command = intent.stamps, intent.command
    return _record(
        stamps,
        key=intent.tag,
        wall_ns=intent.created_ns,
        venue=venue,
        account_id=command.account_id,
        contract_id=command.contract_id,
        kind="place",
        type=command.type.word,
        text=f"{command.side.word} {command.size} {command.type.word}",
        outcome=str(intent.state),
        # the fill of a resting order comes when the market comes to it: that is no latency
        fill=stamps.fill if command.type is OrderType.MARKET else None,
    )


def record_of_change(
    change: Change, venue: str = "", contract_id: ContractId = NO_CONTRACT
) -> LatencyRecord:
    """Turn the stamps of a modify, cancel or close into distances from its click.

    Parameters
    ----------
    contract_id : ContractId
        Of the order that is modified or cancelled, where it is known; a close names its own.
    """
    command = change.command
    match command:
        case ModifyOrder():
            kind, text = "modify", f"Modify order {command.order_id}"
        case CancelOrder():
            kind, text = "cancel", f"Cancel order {command.order_id}"
        case ClosePosition():
            size = "" if command.size is None else f" {command.size}"
            kind, text, contract_id = "close", f"Close{size}", command.contract_id
    return _record(
        change.stamps,
        # order ids, and with them keys of changes, come again at a practice venue that starts anew
        key=f"{change.key}-{change.created_ns}",
        wall_ns=change.created_ns,
        venue=venue,
        account_id=command.account_id,
        contract_id=contract_id,
        kind=kind,
        type="",
        text=text,
        outcome=str(change.state),
        fill=change.stamps.fill,
    )


def measure(intent: Intent) -> OrderLatency:
    """Read the stamps of one intent.

    The fill counts for market orders only: a resting order fills when the market comes to it.
    """
    return latency_of(record_of(intent))


def latency_of(record: LatencyRecord) -> OrderLatency:
    """Step by step, in milliseconds."""
    sent = record.written
    steps = (
        _step(0, 0, record.received),
        _step(1, record.received, record.journaled),
        _step(2, record.journaled, sent),
        _step(3, sent, record.reply),
        _step(4, record.reply, record.shown),
        _step(5, sent, record.hub_echo),
        _step(6, sent, record.fill),
    )
    reply_ms, fill_ms = _ms(0, record.reply), _ms(0, record.fill)
    return OrderLatency(
        key=record.key,
        created_ns=record.wall_ns,
        text=record.text,
        steps=steps,
        reply_ms=reply_ms,
        total_ms=fill_ms if fill_ms is not None else reply_ms,
        held_ms=_ms(0, record.held),
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
                order.key,
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


def _step(index: int, start_ns: int | None, end_ns: int | None) -> Step:
    took_ms = _ms(start_ns, end_ns)
    return Step(STEP_NAMES[index], _ms(0, start_ns) if took_ms is not None else None, took_ms)


def _record(stamps: Stamps, *, fill: int | None, **what: Any) -> LatencyRecord:
    start = stamps.start

    def since(moment: int | None) -> int | None:
        return None if moment is None else moment - start

    return LatencyRecord(
        **what,
        held=None if stamps.asked is None else stamps.asked - stamps.press,
        received=since(stamps.received),
        journaled=since(stamps.journaled),
        written=since(stamps.written),
        reply=since(stamps.reply),
        hub_echo=since(stamps.hub_echo),
        fill=since(fill),
    )
