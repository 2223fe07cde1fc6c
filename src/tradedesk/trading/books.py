"""The state that the order core shares, and the few questions asked about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradedesk.domain.events import AnyEvent, Intent, IntentState, Notice, Phase, SnapshotTaken
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.roles import is_leg
from tradedesk.domain.safety import Shield, TradingRules
from tradedesk.trading.balance import Balance
from tradedesk.trading.blotter import Blotter, PositionKey
from tradedesk.trading.change_book import ChangeBook
from tradedesk.trading.gate import Exposure
from tradedesk.trading.intent_book import IntentBook
from tradedesk.trading.locks import Locks
from tradedesk.trading.ways_out import WaysOut

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.ids import AccountId, ContractId
    from tradedesk.domain.instrument import Instrument


_JUST_SENT = frozenset({IntentState.ARMED, IntentState.SENT, IntentState.ACCEPTED})


@dataclass
class Conditions:
    """Whether entries may be sent at all. Exits do not ask.

    ``hold`` is a sentence while something (a flatten) keeps entries off.
    """

    phase: Phase = Phase.STARTING
    armed: bool = False
    attached: bool = False
    hold: str = ""
    rest_healthy: bool = True

    def refuse_entry(self) -> str:
        """Why no entry may be sent now, or nothing."""
        if self.hold:
            return self.hold
        if not self.attached:
            return "No desk is attached, so entries are off."
        if self.phase is not Phase.READY:
            if self.phase is not Phase.DEGRADED:
                state = self.phase.replace("_", " ")
                return f"The desk is {state}; entries are off until it is ready."
            if not self.rest_healthy:
                return "The venue does not answer; entries are off until it does. Exits still go."
        if not self.armed:
            return "Trading is not armed; arm it first. Exits always go."
        return ""


@dataclass
class Books:
    """Blotter, intents, instruments and conditions, with the clock and the way out for events."""

    clock: Clock
    emit: Callable[[AnyEvent], None]
    blotter: Blotter = field(default_factory=Blotter)
    intents: IntentBook = field(default_factory=IntentBook)
    instruments: dict[ContractId, Instrument] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)
    balance: Balance = field(default_factory=Balance)
    rules: TradingRules = field(default_factory=TradingRules)
    locks: Locks = field(default_factory=Locks)
    shields: dict[PositionKey, Shield] = field(default_factory=dict)
    ways_out: WaysOut = field(default_factory=WaysOut)
    changes: ChangeBook = field(default_factory=ChangeBook)

    def notice(self, level: str, text: str, about: ContractId | None = None) -> None:
        """Tell the desk one sentence; levels are info, warning and alarm."""
        self.emit(Notice(level=level, text=text, ts_ns=self.clock.wall_ns(), about=about))

    def name_of(self, contract_id: ContractId) -> str:
        """What people call a contract."""
        instrument = self.instruments.get(contract_id)
        return instrument.short_name if instrument is not None else contract_id

    def exposure(self, account_id: AccountId, contract_id: ContractId) -> Exposure:
        """What is held and what may still fill, unknown orders included."""
        net = self.blotter.net_size(account_id, contract_id)
        coming, legs = [0, 0], [0, 0]  # of buys and of sells
        for order in self.blotter.working(account_id, contract_id):
            if is_leg(order):
                # of a stop and its target only one fills
                legs[order.side] = max(legs[order.side], order.remaining)
            else:
                coming[order.side] += order.remaining
        if net:
            leaving = Side.SELL if net > 0 else Side.BUY
            coming[leaving] += min(abs(net), legs[leaving])
        for intent in list(self.intents.unlisted.values()):
            ask = intent.command
            if intent.order_id is not None and intent.order_id in self.blotter.orders:
                self.intents.listed(intent.order_id)
            elif ask.account_id == account_id and ask.contract_id == contract_id:
                coming[ask.side] += ask.size
        return Exposure(net, *coming)

    def leaving(self, account_id: AccountId, contract_id: ContractId, side: Side) -> int:
        """Contracts of exits at market that were sent and may not have filled yet."""
        size = 0
        for tag, intent in self.intents.unlisted.items():
            ask = intent.command
            if (
                tag in self.intents.exit_tags
                and intent.state in _JUST_SENT
                and ask.type is OrderType.MARKET
                and (ask.account_id, ask.contract_id, ask.side) == (account_id, contract_id, side)
            ):
                order = self.blotter.orders.get(intent.order_id) if intent.order_id else None
                size += ask.size if order is None else order.remaining * order.is_working
        return size

    def locked_by(self, account_id: AccountId, contract_id: ContractId) -> Intent | None:
        """The intent that needs a person's eye before more entries in this contract."""
        for intent in self.intents.unlisted.values():
            if intent.state is IntentState.NEEDS_HUMAN:
                ask = intent.command
                if (ask.account_id, ask.contract_id) == (account_id, contract_id):
                    return intent
        return None

    def is_quiet(self) -> bool:
        """Flat, nothing working, nothing on its way."""
        return (
            not self.blotter.working()
            and not self.blotter.open_positions()
            and not any(True for _ in self.intents.on_their_way())
        )

    def snapshot(self) -> SnapshotTaken:
        """Everything at once."""
        return SnapshotTaken(
            accounts=tuple(self.blotter.accounts.values()),
            instruments=tuple(self.instruments.values()),
            orders=tuple(self.blotter.orders.values()),
            positions=tuple(self.blotter.open_positions()),
            fills=tuple(self.blotter.fills.values()),
            intents=tuple(self.intents.by_tag.values()),
            shields=tuple(self.shields.values()),
            changes=tuple(self.changes.by_key.values()),
        )
