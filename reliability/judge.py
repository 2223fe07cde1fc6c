"""Compares, off-line, what was believed and told with what the venue's own history says."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from reliability.judge_claims import Claims
from reliability.judge_cover import Cover
from reliability.trader import NOT_PLACED
from tradedesk.domain.events import IntentState
from tradedesk.domain.order import Order, OrderStatus

if TYPE_CHECKING:
    from reliability.baselines import Baseline
    from reliability.product import Product
    from reliability.trader import Trader
    from reliability.venue_model import Venue

NAKED_S = 30.0


class Tally:
    """What one or many episodes came to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.naked_worst_s = 0.0
        self.requests = 0
        self.failures: list[str] = []

    def fail(self, kind: str, text: str) -> None:
        """Count one failure and say where."""
        self.counts[kind] += 1
        self.failures.append(f"{kind}: {text}")

    def add(self, other: Tally) -> None:
        """Take in another one."""
        self.counts += other.counts
        self.naked_worst_s = max(self.naked_worst_s, other.naked_worst_s)
        self.requests += other.requests
        self.failures += other.failures

    @property
    def failed(self) -> int:
        """Failures of every kind that must not be."""
        return sum(self.counts[kind] for kind in KINDS)


KINDS = ("duplicate", "lost", "naked", "unknown", "undone", "wrong change", "false proof", "broken")
"""More than one order for an intention; belief that the venue's book contradicts; a position of
bracketed entries without its stop for too long; still unknown after two healthy minutes; a fill
taken back; a cancel, change or close said to be done that was not, or the reverse; a flatten said
to be proven that was not; a part of the desk that failed."""


def judge(seed: int, trader: Trader, venue: Venue, desk: Product | Baseline, now_s: float) -> Tally:
    """Everything about one episode."""
    tally = Tally()
    tally.counts["intentions"] = len(trader.intentions)
    tally.counts["clicks"] = len(trader.by_click)
    tally.counts["kills"] = desk.kills
    tally.counts["orders"] = len(venue.rows)
    _judge_orders(seed, trader, venue, desk, tally)
    cover = Cover(venue)
    cover.judge(now_s)
    tally.counts["bare spells"] += len(cover.spells)
    for contract, since_s, until_s in cover.spells:
        tally.naked_worst_s = max(tally.naked_worst_s, until_s - since_s)
        if until_s - since_s > NAKED_S:
            tally.fail("naked", f"seed {seed}: {contract} from {since_s:.1f} s to {until_s:.1f} s")
    Claims(seed, trader, venue, tally.fail).judge()
    for text in desk.differences(venue):
        tally.fail("lost", f"seed {seed}, at the end: {text}")
    for text in desk.undecided():
        tally.fail("unknown", f"seed {seed}, at the end: {text}")
    for at_s, kind, *rest in venue.history:
        if kind == "broken":
            tally.fail("broken", f"seed {seed}, {at_s:.1f} s: {rest[0]}")
    return tally


def _live_by_intention(venue: Venue) -> dict[int, list[Order]]:
    """Orders that the venue took in (and did not reject) for each intention."""
    found: dict[int, list[Order]] = defaultdict(list)
    for row in venue.rows:
        if (
            row.intention is not None
            and row.parent is None
            and row.order.status is not OrderStatus.REJECTED
        ):
            found[row.intention].append(row.order)
    return found


def _judge_orders(
    seed: int, trader: Trader, venue: Venue, desk: Product | Baseline, tally: Tally
) -> None:
    live = _live_by_intention(venue)
    for intention in trader.intentions:
        if intention.kind not in {"place", "part"}:
            continue
        orders = live.get(intention.number, [])
        where = f"seed {seed}, intention {intention.number}"
        if len(orders) > 1:
            tally.fail("duplicate", f"{where}: orders {[o.order_id for o in orders]}")
        believed = desk.believes(intention)
        if believed is None:
            tally.fail("unknown", f"{where}: {dict(intention.told)}")
        elif believed != bool(orders):
            tally.fail(
                "lost", f"{where}: believed {believed}, orders {[o.order_id for o in orders]}"
            )
        elif not orders:
            tally.counts["not placed"] += 1
    for text in _misled(trader, venue):
        tally.fail("lost", f"seed {seed}, {text}")


def _misled(trader: Trader, venue: Venue) -> list[str]:
    """Orders that somebody was told are not there, and that were or came all the same.

    What the journal still says at a start after a power cut is excused: its last rows may be lost,
    and the entry only opens once the venue was asked.
    """
    denied: dict[str, float] = {}
    found = []
    excused_s, power = -1.0, False
    for at_s, kind, *rest in venue.history:
        if kind == "power":
            power = True
        elif kind == "started":
            excused_s, power = (at_s if power else -1.0), False
        elif kind == "told":
            _, tag, state = rest
            if state in NOT_PLACED:
                if at_s != excused_s:
                    denied[tag] = at_s
            elif state is IntentState.ARMED:
                denied.pop(tag, None)  # it was sent again
        elif kind == "order" and rest[0].tag in denied:
            order = rest[0]
            if order.status is not OrderStatus.REJECTED:
                found.append(f"{at_s:.1f} s: {order.tag} told as not placed at {denied[order.tag]}")
                del denied[order.tag]
    return found
