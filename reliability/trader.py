"""A trader: what is asked for, what is told, and who clicks again."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from reliability.venue_book import ACCOUNT, PRICE_EVERY_S
from reliability.wishes import Wishes
from tradedesk.domain import commands as cmd
from tradedesk.domain.events import (
    ChangeMoved,
    FlattenProgress,
    Intent,
    IntentChanged,
    IntentState,
    Notice,
    OrderChanged,
    SnapshotTaken,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reliability.venue_model import Venue
    from tradedesk.domain.events import AnyEvent
    from tradedesk.domain.ids import ContractId, Tag
    from tradedesk.domain.order import Order

NOT_PLACED = frozenset(
    {IntentState.DENIED, IntentState.REJECTED, IntentState.NOT_SENT, IntentState.ABSENT}
)
AGAIN_SHARE, AGAIN_AFTER_S = 0.5, 2.0
RACE_S = 0.12
"""How shortly before a price moves what meets it is pressed."""
_KINDS = ("place", "cancel", "modify", "close", "part", "flatten", "cancel all")
_SECOND = 1_000_000
"""Added to the number of an intention that comes along with another one."""


class Desk(Protocol):
    """What a trader acts on: the product, or one of the policies that it is compared with."""

    @property
    def open_for_orders(self) -> bool:
        """Whether entries are taken now."""

    def handle(self, command: cmd.AnyCommand) -> None:
        """Take a command."""

    def working(self) -> Sequence[Order]:
        """The orders that it shows."""


class Intention:
    """One thing that the trader wants, once."""

    __slots__ = ("asked_again", "clicks", "command", "kind", "number", "pressed_s", "told")

    def __init__(self, number: int, kind: str, command: cmd.AnyCommand, pressed_s: float) -> None:
        self.number = number
        self.kind = kind
        self.command = command
        self.pressed_s = pressed_s
        self.clicks: list[str] = []
        self.told: dict[str, IntentState] = {}
        self.asked_again = False


class Trader:
    """Clicks, listens, and clicks again half of the times when told that it failed.

    Each decision about an intention is drawn from its number, so that it is the same under every
    policy.
    """

    def __init__(self, venue: Venue, seed: int, flattens: int) -> None:
        self._weights = (64, 12, 12, 5, 4, flattens, 1)
        self._wishes = Wishes(venue, self._shown)
        self.venue = venue
        self.loop = venue.loop
        self.desk: Desk | None = None
        self.intentions: list[Intention] = []
        self.by_click: dict[str, Intention] = {}
        self.unanswered: set[str] = set()
        """Clicks for orders of which the desk has not said yet what became of them."""
        self.tags_of: dict[int, set[Tag]] = defaultdict(set)
        """Every tag that was sent or told for an intention."""
        self.patient = False
        """No second clicks any more."""
        self._seed = seed

    # --- hands ------------------------------------------------------------------------------

    def act(self, number: int) -> None:
        """Do the next thing; often, what is no order, in the moment before the price moves."""
        dice = random.Random(self._seed * 7_919 + number)
        kind = dice.choices(_KINDS, self._weights)[0]
        if kind == "flatten" and dice.random() < 0.4:
            self._flee(number, dice)
        elif kind != "place" and dice.random() < 0.5:
            left_s = PRICE_EVERY_S - self.loop.now % PRICE_EVERY_S
            before_s = left_s - RACE_S * dice.random()
            self.loop.call_later(max(0.0, before_s), self._act, number, kind, dice)
        else:
            self._act(number, kind, dice)

    def _flee(self, number: int, dice: random.Random) -> None:
        """Place an order close to the price, and flatten when it is about to be hit."""
        flat = [one for one in self.venue.markets.values() if one.net == 0]
        if flat:
            market = dice.choice(flat)
            place = self._wishes.place(f"{number}-0", self._now_ns(), dice, market)
            self._do(_SECOND + number, "place", place)
        left_s = 2 * PRICE_EVERY_S - self.loop.now % PRICE_EVERY_S
        before_s = left_s - RACE_S / 2 * dice.random()
        contract = market.instrument.contract_id if flat else None
        self.loop.call_later(before_s, self._flatten, number, contract)

    def _flatten(self, number: int, contract: ContractId | None) -> None:
        now_ns = self._now_ns()
        command = cmd.Flatten(f"{number}-1", now_ns, account_id=ACCOUNT, contract_id=contract)
        self._do(number, "flatten", command)

    def _act(self, number: int, kind: str, dice: random.Random) -> None:
        self._do(number, *self._wishes.any(kind, f"{number}-1", dice))

    def _do(self, number: int, kind: str, command: cmd.AnyCommand) -> None:
        intention = Intention(number, kind, command, self.loop.now)
        self.intentions.append(intention)
        self._give(intention, command)

    def _give(self, intention: Intention, command: cmd.AnyCommand) -> None:
        intention.clicks.append(command.click_id)
        self.by_click[command.click_id] = intention
        self.venue.history.append((self.loop.now, "click", intention.number, command))
        if self.desk is None:
            return
        if intention.kind in {"place", "part"}:
            self.unanswered.add(command.click_id)
        self.desk.handle(command)

    def _again(self, intention: Intention, state: IntentState, tag: str) -> None:
        """Click again: with the same tag where the first copy was never found."""
        command = intention.command
        if self.patient or self.desk is None or not isinstance(command, cmd.PlaceOrder):
            return
        if IntentState.ACCEPTED in intention.told.values():
            return
        same = state in {IntentState.ABSENT, IntentState.NOT_SENT}
        self._give(
            intention,
            _renewed(command, f"{intention.number}-2", self._now_ns(), tag if same else None),
        )

    def _shown(self) -> Sequence[Order]:
        return self.desk.working() if self.desk is not None else ()

    def _now_ns(self) -> int:
        return round(self.loop.now * 1e9)

    # --- ears -------------------------------------------------------------------------------

    def hear(self, event: AnyEvent) -> None:
        """One event of the desk."""
        kind = type(event)
        if kind is OrderChanged:
            self.venue.history.append((self.loop.now, "seen", event.order))  # type: ignore[union-attr]
        elif kind is IntentChanged:
            self._hear_intent(event.intent)  # type: ignore[union-attr]
        elif kind is SnapshotTaken:
            for intent in event.intents:  # type: ignore[union-attr]
                self._hear_intent(intent)
        elif kind is ChangeMoved or (
            kind is FlattenProgress and event.finished  # type: ignore[union-attr]
        ):
            self.venue.history.append((self.loop.now, "said", event))
        elif kind is Notice and "part of the executor failed" in event.text:  # type: ignore[union-attr]
            self.venue.history.append((self.loop.now, "broken", event.text))  # type: ignore[union-attr]

    def _hear_intent(self, intent: Intent) -> None:
        click = intent.command.click_id
        intention = self.by_click.get(click)
        if intention is None:
            return
        state, tag = intent.state, intent.tag
        if not state.is_open:
            self.unanswered.discard(click)
        self.tags_of[intention.number].add(tag)
        if intention.told.get(tag) is state:
            return
        intention.told[tag] = state
        self.venue.history.append((self.loop.now, "told", intention.number, tag, state))
        if state in NOT_PLACED:
            self.told_failed(intention, state, tag)

    def told_failed(self, intention: Intention, state: IntentState, tag: str) -> None:
        """It was not placed: half of the traders click again, once."""
        if intention.asked_again:
            return
        intention.asked_again = True
        if random.Random(self._seed * 104_729 + intention.number).random() < AGAIN_SHARE:
            self.loop.call_later(AGAIN_AFTER_S, self._again, intention, state, tag)

    def find_vanished(self, known: frozenset[str]) -> None:
        """After a restart: clicks that the desk does not show were, so it seems, never taken."""
        for click in sorted(self.unanswered - known):
            intention = self.by_click[click]
            self.venue.history.append((self.loop.now, "vanished", intention.number, click))
            self.told_failed(intention, IntentState.DENIED, "")
        self.unanswered.clear()


def _renewed(command: cmd.PlaceOrder, click: str, now_ns: int, tag: str | None) -> cmd.PlaceOrder:
    return cmd.PlaceOrder(
        click,
        now_ns,
        account_id=command.account_id,
        contract_id=command.contract_id,
        side=command.side,
        type=command.type,
        size=command.size,
        limit_ticks=command.limit_ticks,
        stop_ticks=command.stop_ticks,
        stop_loss_ticks=command.stop_loss_ticks,
        take_profit_ticks=command.take_profit_ticks,
        custom_tag=tag,
    )
