"""What happened in a drill, as plain facts; everything that is measured comes from here. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Stand(NamedTuple):
    """How the account stands in the contract from a time on.

    ``net`` is signed; ``naked`` contracts of it no working stop covers; ``excess`` is by how many
    contracts working exits are larger than the position, legs of a bracket that would add to it
    included, and all that works when flat; ``orders`` counts orders that can still trade.
    """

    ts_ns: int
    net: int = 0
    naked: int = 0
    excess: int = 0
    orders: int = 0


class Call(NamedTuple):
    """An order call of the trader.

    ``kind`` is ``place``, ``modify``, ``cancel``, ``close`` or ``partial_close``; ``adds`` says
    that it opens or adds; ``same_as`` is what makes an order the same as another: side, size and
    type.
    """

    ts_ns: int
    kind: str
    adds: bool = False
    same_as: tuple[int, int, int] | None = None
    tag: str | None = None


@dataclass(slots=True)
class Record:
    """The facts of one run. Times are venue nanoseconds; ``stands`` ascend in time.

    ``worst_loss`` is the largest open loss in dollars since trouble began, never negative.
    """

    start_ns: int
    wanted: int = 1
    trouble_ns: int | None = None
    end_ns: int | None = None
    stands: list[Stand] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    worst_loss: Decimal = Decimal(0)

    def add(self, stand: Stand) -> bool:
        """Keep how the account stands; False if that is as before."""
        if self.stands and self.stands[-1][1:] == stand[1:]:
            return False
        self.stands.append(stand)
        return True

    @property
    def now(self) -> Stand:
        """How the account stands last."""
        return self.stands[-1] if self.stands else Stand(self.start_ns)

    def since_trouble(self) -> list[Stand]:
        """Stands from the beginning of trouble on, the first one dated to it."""
        if self.trouble_ns is None:
            return []
        before = [one for one in self.stands if one.ts_ns <= self.trouble_ns]
        first = before[-1] if before else Stand(self.trouble_ns)
        return [
            first._replace(ts_ns=self.trouble_ns),
            *(one for one in self.stands if one.ts_ns > self.trouble_ns),
        ]
