"""The formulas of the rules: loss floor, lots of the scaling plan, lots at stake. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tradedesk.domain.order import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.practice.accounts.rules import RuleBook, Rules
    from tradedesk.practice.books.ledger import PositionRow
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.products import Contract


class Asked(NamedTuple):
    """What a new order would add on a contract."""

    contract: Contract
    side: Side
    size: int


def loss_floor(start: Decimal, width: Decimal, highest: Decimal, paid_out: bool) -> Decimal:
    """Return the equity at which an account fails.

    Parameters
    ----------
    start, width : Decimal
        Balance at the start; maximum loss.
    highest : Decimal
        Highest end-of-day balance so far, the start included.
    paid_out : bool
        Whether money was taken out: the floor is then the start balance for good.
    """
    if paid_out:
        return start
    return min(start, start - width + max(Decimal(0), highest - start))


def lots_allowed(rules: Rules, profit: Decimal) -> Decimal | None:
    """Return the lots that may be held by the profit at the last end of day; None if any."""
    lots = rules.first_lots
    for step in rules.scaling:
        if profit >= step.profit:
            lots = step.lots
    if lots is None or rules.position_cap is None:
        return rules.position_cap if lots is None else lots
    return min(lots, rules.position_cap)


def lots_at_stake(
    book: RuleBook,
    positions: Iterable[PositionRow],
    working: Iterable[OrderRow] = (),
    asked: Asked | None = None,
) -> Decimal:
    """Return the lots that an account could come to hold, in minis.

    Per contract the worse of two cases: every working buy fills and no sell, or the reverse. Legs
    of brackets are left out, since they close what their entry opened. Contracts are added up
    whatever their direction: long ES and short NQ are two lots.
    """
    stakes: dict[str, _Stake] = defaultdict(_Stake)
    for row in positions:
        stake = stakes[row.contract.contract_id]
        stake.weight = book.weight(row.contract.product.symbol)
        stake.net = row.net
    entries = [Asked(row.contract, row.side, row.remaining) for row in working if not row.is_leg]
    for entry in entries if asked is None else [*entries, asked]:
        stake = stakes[entry.contract.contract_id]
        stake.weight = book.weight(entry.contract.product.symbol)
        if entry.side is Side.BUY:
            stake.buys += entry.size
        else:
            stake.sells += entry.size
    return sum((stake.worst * stake.weight for stake in stakes.values()), Decimal(0))


@dataclass(slots=True)
class _Stake:
    """What is held and what works on one contract."""

    weight: Decimal = Decimal(1)
    net: int = 0
    buys: int = 0
    sells: int = 0

    @property
    def worst(self) -> int:
        return max(self.net + self.buys, self.sells - self.net)
