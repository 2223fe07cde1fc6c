"""What a step does to the venue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.order import OrderStatus
from tradedesk.practice.drills.halts import Spell
from tradedesk.practice.faults.script import read_fault
from tradedesk.practice.market.events import ASKS, BIDS

if TYPE_CHECKING:
    from tradedesk.practice.drills.model import Nudge, Step
    from tradedesk.practice.drills.watch import Place

GONE: Final = "The connection was lost."
MOST_NUDGES: Final = 20


class Deeds:
    """Carries steps out, and takes back what lasts.

    Parameters
    ----------
    place : Place
        Where.
    name : str
        Names the faults that are armed.
    sign : int
        1 if the entry asked for is a buy, -1 if it is a sell, by which ticks count before there
        is a position.
    """

    def __init__(self, place: Place, name: str, sign: int) -> None:
        self._place = place
        self._name = name
        self._sign = sign
        self._armed: list[str] = []
        self._over = False

    def do(self, step: Step) -> None:
        """Carry a step out."""
        for number, members in enumerate(step.faults, len(self._armed) + 1):
            self._arm(members, f"{self._name}-{number}")
        if step.nudge is not None:
            self._nudge(step.nudge)
        if step.thin is not None:
            self._spell(step.thin.seconds, factor=step.thin.factor)
        if step.halt is not None:
            self._spell(step.halt.seconds, empty=ASKS if self._side() < 0 else BIDS)
        if step.close:
            self._close(step.close)
        if step.drop is not None:
            self._drop(step.drop)

    def take_back(self) -> None:
        """End what lasts: faults and halts; the price stays where it is."""
        self._over = True
        stage = self._place.stage
        stage.faults.register.disarm(self._armed)
        stage.market.tape(self._place.contract).end(stage.floor.now_ns())
        stage.floor.wake()

    def _side(self) -> int:
        net = self._place.net
        return (net > 0) - (net < 0) or self._sign

    def _arm(self, members: dict[str, object], id_: str) -> None:
        faults = self._place.stage.faults
        now_s = faults.register.now_s
        shifted = {
            name: float(value) + now_s  # type: ignore[arg-type]
            for name, value in members.items()
            if name in ("at", "until")
        }
        fault = msgspec.structs.replace(read_fault({**members, **shifted}), id=id_)
        self._armed.append(faults.arm(fault))

    def _nudge(self, nudge: Nudge, left: int = MOST_NUDGES) -> None:
        place = self._place
        floor = place.stage.floor
        if not nudge.to_order:
            floor.nudge(place.contract, nudge.ticks * self._side(), nudge.seconds)
            return
        resting = [
            row
            for row in place.orders()
            if row.status is OrderStatus.OPEN and not row.is_leg and row.limit is not None
        ]
        if self._over or not resting or not left:
            return
        order = resting[0]
        assert order.limit is not None
        ticks = order.limit - place.last + nudge.ticks * order.side.sign
        if ticks * order.side.sign < 0:
            floor.nudge(place.contract, ticks, nudge.seconds)
        # The market has a will of its own: it is looked at again, and pushed again if need be.
        again_ns = floor.now_ns() + max(round(nudge.seconds * 1e9), 100_000_000)
        floor.at(again_ns, lambda: self._nudge(nudge, left - 1))

    def _spell(self, seconds: float, factor: int = 1, empty: int | None = None) -> None:
        floor, market = self._place.stage.floor, self._place.stage.market
        now_ns = floor.now_ns()
        spell = Spell(now_ns, now_ns + round(seconds * 1e9), factor, empty)
        market.tape(self._place.contract).begin(spell)
        floor.wake()

    def _close(self, size: int) -> None:
        place = self._place
        held = abs(place.net)
        if held:
            place.stage.exchange.close_at_market(place.account_id, place.contract, min(size, held))

    def _drop(self, which: str) -> None:
        stage = self._place.stage
        for name, hub in (("user", stage.user_hub), ("market", stage.market_hub)):
            if which in (name, "both"):
                for connection in tuple(hub.connections):
                    connection.end(GONE)
