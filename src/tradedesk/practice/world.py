"""Everything the venue is, without its sockets: floor, accounts, hubs, who may come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.practice.accounts.opening import open_accounts, with_balance
from tradedesk.practice.accounts.rules import load_rules
from tradedesk.practice.accounts.supervisor import RuleSupervisor
from tradedesk.practice.auth import USER_NAME, Tokens
from tradedesk.practice.books.account_desk import AccountDesk
from tradedesk.practice.books.exchange import Exchange
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.books.rules import BookRules
from tradedesk.practice.config import VenueConfig
from tradedesk.practice.drills.desk import Drills
from tradedesk.practice.drills.halts import HaltingMarket
from tradedesk.practice.drills.news import News
from tradedesk.practice.faults import Faults
from tradedesk.practice.floor import Floor
from tradedesk.practice.hubs.market import MarketHub
from tradedesk.practice.hubs.publisher import Style
from tradedesk.practice.hubs.user import UserHub
from tradedesk.practice.limits import Limits
from tradedesk.practice.wire_models import account_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tradedesk.gateway.wire.rest import AccountModel
    from tradedesk.practice.accounts.opening import Account
    from tradedesk.practice.accounts.rules import RuleBook
    from tradedesk.practice.books.matching import Match
    from tradedesk.practice.books.rows import OrderRow
    from tradedesk.practice.clock import VenueClock
    from tradedesk.practice.feed import Feed
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.market.source import Market
    from tradedesk.practice.products import Contract

_IDS_EACH: Final = 10_000_000
_FIRST_TRADE_ID: Final = 8_800_001
_FIRST_POSITION_ID: Final = 6_100_001
_PLAIN: Final = VenueConfig()


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


class Accounts(NamedTuple):
    """The accounts of the one user, and the book of rules that their kinds come from."""

    opened: tuple[Account, ...]
    rules: RuleBook


def the_accounts(
    wanted: Sequence[str] = ("practice",),
    rules: Path | None = None,
    config: VenueConfig = _PLAIN,
) -> Accounts:
    """Open accounts by their kinds, of the built-in book of rules or of a file.

    Parameters
    ----------
    config : VenueConfig, optional
        Its ``account_id``, ``account_name`` and ``balance`` count.

    Raises
    ------
    InputError
        If a kind is unknown or the file unusable.
    """
    book = load_rules(rules)
    opened = list(open_accounts(book, wanted, config.account_id))
    if config.account_name is not None:
        opened[0] = opened[0]._replace(name=config.account_name)
    if config.balance != _PLAIN.balance:
        opened = [with_balance(account, config.balance) for account in opened]
    return Accounts(tuple(opened), book)


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
    accounts : Accounts
        Who trades here, and by what rules.
    hours : Hours
        When products trade.
    """

    def __init__(
        self,
        config: VenueConfig,
        clock: VenueClock,
        market: Market,
        accounts: Accounts,
        hours: Hours,
    ) -> None:
        self.config = config
        self.clock = clock
        self.market = HaltingMarket(market)
        self.hours = hours
        self.tokens = Tokens(config.token_life_s)
        self.limits = Limits(config.limits)
        self.faults = Faults(config.seed, clock.now_ns)
        self.accounts = {account.id: account for account in accounts.opened}
        self.ledgers = {
            account.id: _ledger(account, nth) for nth, account in enumerate(accounts.opened)
        }
        self.floor = Floor(clock, self.market, hours, config.joins_follow)
        self.user_hub = UserHub(self, self.faults.user)
        self.news = News(self.user_hub)
        self.market_hub = MarketHub(self.floor, style(config), self.faults.market)
        self.exchange = Exchange(
            self.ledgers, self.floor, self.news, book_rules(config), self.faults.orders
        )
        desk = AccountDesk(self.exchange, self.floor, self.news)
        self.supervisor = RuleSupervisor(desk, hours, accounts.opened, accounts.rules)
        self.exchange.supervisor = self.supervisor
        self.drills = Drills(self)
        self.floor.open_to(self, self)
        self.supervisor.start()
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

    @property
    def first_account(self) -> int:
        """Id of the account that is listed first."""
        return next(iter(self.accounts))

    def account(self, account_id: int) -> AccountModel:
        """An account as the wire shows it."""
        name = self.accounts[account_id].name
        can_trade = self.supervisor.can_trade(account_id)
        return account_model(self.ledgers[account_id], name, can_trade)

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
        self.drills.marked(contract)

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


def _ledger(account: Account, nth: int) -> Ledger:
    first = nth * _IDS_EACH
    return Ledger(
        account.id,
        account.rules.start_balance,
        _FIRST_TRADE_ID + first,
        _FIRST_POSITION_ID + first,
    )
