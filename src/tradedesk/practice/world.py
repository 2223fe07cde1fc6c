"""Everything the venue is, without its sockets: floor, accounts, hubs, who may come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.practice.auth import USER_NAME, Tokens
from tradedesk.practice.books.account_desk import AccountDesk
from tradedesk.practice.books.exchange import Exchange
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.books.rules import BookRules
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.faults import Faults
from tradedesk.practice.floor import Floor
from tradedesk.practice.hubs.market import MarketHub
from tradedesk.practice.hubs.publisher import Style
from tradedesk.practice.hubs.user import UserHub
from tradedesk.practice.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.config import VenueConfig
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.market.source import Market
    from tradedesk.practice.products import Contract

_FIRST_TRADE_ID: Final = 8_800_001
_FIRST_POSITION_ID: Final = 6_100_001


def book_rules(config: VenueConfig) -> BookRules:
    """The knobs that concern orders."""
    return BookRules(
        accept_ns=round(config.accept_s * 1e9),
        wake_ns=round(config.wake_s * 1e9),
        joins_follow=config.joins_follow,
        tag_for_ever=config.tag_for_ever,
        leg_cancel_takes_twin=config.leg_cancel_takes_twin,
    )


def style(config: VenueConfig) -> Style:
    """The knobs that concern market data."""
    return Style(
        quote_every_s=config.quote_every_s,
        quotes_full_every_s=config.quotes_full_every_s,
        depth_levels=config.depth_levels,
        depth_every_s=config.depth_every_s,
        dom_swapped=config.dom_types == "swapped",
    )


class World:
    """One practice venue.

    Parameters
    ----------
    config : VenueConfig
        Knobs.
    clock : VenueClock
        Venue time; a held clock starts with the first hub subscription.
    market : Market
        Contracts and tapes.
    """

    def __init__(self, config: VenueConfig, clock: VenueClock, market: Market) -> None:
        self.config = config
        self.clock = clock
        self.market = market
        self.tokens = Tokens(config.token_life_s)
        self.faults = Faults()
        self.limits = Limits(config.limits)
        self.names = {config.account_id: config.account_name}
        self.ledgers = {
            config.account_id: Ledger(
                config.account_id, config.balance, _FIRST_TRADE_ID, _FIRST_POSITION_ID
            )
        }
        self.floor = Floor(clock, market, AlwaysOpen(), False)
        self.user_hub = UserHub(self.ledgers, self.names)
        self.market_hub = MarketHub(self.floor, style(config), self.faults.market)
        self.exchange = Exchange(
            self.ledgers, self.floor, self.user_hub, book_rules(config), self.faults.orders
        )
        self.account_desk = AccountDesk(self.exchange, self.floor, self.user_hub)
        self.floor.open_to(self, self)
        self.bars, self.nudge = self.floor.bars, self.floor.nudge
        self.run, self.close = self.floor.run, self.floor.close
        self.last_use_s = clock.mono_s()

    @property
    def in_use(self) -> bool:
        """Whether any hub socket is open."""
        return bool(self.user_hub.connections or self.market_hub.connections)

    @property
    def user_name(self) -> str:
        """The one user."""
        return USER_NAME

    def unix_s(self) -> float:
        """The machine's time, which is what tokens live by."""
        return self.clock.unix_s()

    def mono_s(self) -> float:
        """Monotonic seconds, for what lives by the machine's time."""
        return self.clock.mono_s()

    def now_ns(self) -> int:
        """Venue time."""
        return self.floor.now_ns()

    def touch(self) -> None:
        """Somebody used the venue."""
        self.last_use_s = self.clock.mono_s()

    def find(self, contract_id: str) -> Contract | None:
        """A contract that can be traded or once could, or None."""
        return self.market.find(contract_id)

    def is_active(self, contract: Contract) -> bool:
        """Whether it trades today."""
        return self.floor.is_active(contract)

    def apply(self, matches: Sequence[Match]) -> None:
        """Orders traded."""
        self.exchange.execution.apply(matches)

    def moved(self, rows: Sequence[OrderRow]) -> None:
        """Prices of orders followed the market."""
        self.exchange.execution.moved(rows)

    def marked(self, contract: Contract) -> None:
        """The last price of a contract changed that somebody may hold."""
        self.exchange.supervisor.on_mark(contract)

    def publish(self, feed: Feed) -> None:
        """Tell subscribers what a feed has played."""
        self.market_hub.publish(feed, self.clock.rate)

    def listens(self, contract_id: str) -> bool:
        """Whether anybody listens to a contract."""
        return self.market_hub.wanted(contract_id)

    def needs_book(self, contract_id: str) -> bool:
        """Whether orders, positions or listeners need the book of a contract."""
        return (
            self.market_hub.depth_wanted(contract_id)
            or self.exchange.rows.live_on(contract_id)
            or any(one.position(contract_id) is not None for one in self.ledgers.values())
        )

    def forget(self, contract_id: str) -> None:
        """A contract plays no more."""
        self.market_hub.forget(contract_id)
