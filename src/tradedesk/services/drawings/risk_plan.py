"""A planned trade: what its risk box says, and how many contracts its risk allows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.order import Side
from tradedesk.services.drawings.drawing import Anchor, Kind, bounded_ticks

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.services.drawings.drawing import Drawing

DEFAULT_REWARD = 2
"""Distance of a new target in distances of the stop."""


@dataclass(frozen=True, slots=True)
class SizeRules:
    """What the size of a plan is held to.

    Attributes
    ----------
    risk : Decimal
        Dollars at risk where a box names none.
    most : int
        Contracts of one order at most.
    """

    risk: Decimal = Decimal(250)
    most: int = 10


@dataclass(frozen=True, slots=True)
class RiskPlan:
    """A trade with its figures. Prices and distances in ticks, money in dollars.

    Attributes
    ----------
    stop_distance, target_distance : int
        From the entry, both above 0.
    each : Decimal
        Lost by one contract at the stop.
    size : int
        Contracts; 0 if the risk does not pay for one.
    at_most : bool
        Whether the rule for one order made it smaller.
    """

    contract_id: ContractId
    side: Side
    entry_ticks: int
    stop_distance: int
    target_distance: int
    risk: Decimal
    each: Decimal
    size: int
    at_most: bool

    @property
    def reward_ratio(self) -> Decimal:
        """Reward in risks, one digit."""
        ratio = Decimal(self.target_distance) / self.stop_distance
        return ratio.quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def refusal(self) -> str:
        """Why there is nothing to place; empty if there is."""
        if self.size:
            return ""
        return (
            f"Risk ${self.risk:,.2f} is less than the ${self.each:,.2f} of one contract: "
            "raise it or move the stop nearer."
        )


def risk_plan(drawing: Drawing, instrument: Instrument, rules: SizeRules) -> RiskPlan:
    """Read a risk box: contracts are rounded down, so that the risk is never exceeded."""
    entry, stop, target = (anchor.ticks for anchor in drawing.anchors)
    side = Side.BUY if stop < entry else Side.SELL
    stop_distance = max(1, abs(entry - stop))
    target_distance = max(1, (target - entry) * side.sign)
    cents = drawing.risk_cents
    risk = rules.risk if cents is None else Decimal(cents) / 100
    each = instrument.money(stop_distance)
    affordable = int(risk / each) if each > 0 else 0
    return RiskPlan(
        contract_id=instrument.contract_id,
        side=side,
        entry_ticks=entry,
        stop_distance=stop_distance,
        target_distance=target_distance,
        risk=risk,
        each=each,
        size=max(0, min(affordable, rules.most)),
        at_most=affordable > rules.most,
    )


def risk_anchors(entry: Anchor, stop: Anchor) -> tuple[Anchor, Anchor, Anchor]:
    """Anchors of a new box from entry and stop; the target lies twice as far as the stop."""
    distance = entry.ticks - stop.ticks or 1
    stop = Anchor(stop.ts_ns, bounded_ticks(entry.ticks - distance))
    target = Anchor(stop.ts_ns, bounded_ticks(entry.ticks + DEFAULT_REWARD * distance))
    return entry, stop, target


def with_risk_anchor(drawing: Drawing, number: int, anchor: Anchor) -> Drawing:
    """A risk box with entry, stop or target elsewhere; it stays a box that makes sense.

    Stop and target share their right edge. A stop that crosses the entry turns the trade round,
    with the target at its old distance; a target stops one tick before the entry.
    """
    entry, stop, target = drawing.anchors
    sign = 1 if stop.ticks < entry.ticks else -1
    if number == 0:
        low, high = sorted((stop.ticks + sign, target.ticks - sign))
        entry = Anchor(anchor.ts_ns, min(max(anchor.ticks, low), high))
    elif number == 1:
        ticks = anchor.ticks if anchor.ticks != entry.ticks else entry.ticks - sign
        turned = (1 if ticks < entry.ticks else -1) != sign
        reached = target.ticks - entry.ticks
        stop = Anchor(anchor.ts_ns, ticks)
        target = Anchor(
            anchor.ts_ns, bounded_ticks(entry.ticks + (-reached if turned else reached))
        )
    else:
        least = entry.ticks + sign
        ticks = max(anchor.ticks, least) if sign > 0 else min(anchor.ticks, least)
        stop, target = Anchor(anchor.ts_ns, stop.ticks), Anchor(anchor.ts_ns, ticks)
    return msgspec.structs.replace(drawing, anchors=(entry, stop, target))


def is_risk(drawing: Drawing | None) -> bool:
    """Whether a drawing is a risk box."""
    return drawing is not None and drawing.kind is Kind.RISK
