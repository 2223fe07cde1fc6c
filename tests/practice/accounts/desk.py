"""The books of the venue in memory: orders fill whole, at the last price, at once."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradedesk.domain.order import OrderStatus, OrderType, Side
from tradedesk.practice.accounts.opening import Account, open_accounts
from tradedesk.practice.accounts.rules import RuleBook, load_rules
from tradedesk.practice.accounts.supervisor import RuleSupervisor
from tradedesk.practice.books.ledger import Ledger
from tradedesk.practice.books.ports import Refusal
from tradedesk.practice.books.rows import OrderRow
from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.hours import Hours
from tradedesk.practice.products import PRODUCTS, Contract

CHICAGO = ZoneInfo("America/Chicago")
CONTRACTS = {p.symbol: Contract(p, 2026, 12) for p in PRODUCTS}
ES, NQ, MES, MNQ = (CONTRACTS[symbol] for symbol in ("ES", "NQ", "MES", "MNQ"))


def chicago(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """UTC nanoseconds of a wall-clock time in Chicago."""
    at = datetime(year, month, day, hour, minute, tzinfo=CHICAGO)
    return int(at.timestamp()) * 1_000_000_000


MONDAY = chicago(2026, 10, 5, 9, 0)


class MemoryDesk:
    """Books of some accounts, held to their rules."""

    def __init__(
        self,
        *wanted: str,
        hours: Hours | None = None,
        start_ns: int = MONDAY,
        book: RuleBook | None = None,
    ) -> None:
        book = load_rules() if book is None else book
        self.accounts: tuple[Account, ...] = open_accounts(book, wanted)
        self.ledgers = {
            a.id: Ledger(a.id, a.rules.start_balance, 1_000 * n, 1_000 * n)
            for n, a in enumerate(self.accounts)
        }
        self.orders: dict[int, list[OrderRow]] = {a.id: [] for a in self.accounts}
        self.prices: dict[str, int] = {c.contract_id: 20_000 for c in CONTRACTS.values()}
        self.announced: list[tuple[int, bool]] = []
        self.liquidated: list[tuple[int, int]] = []
        self._now_ns = start_ns
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._next_order = 1
        self._asked = 0
        self.rules = RuleSupervisor(self, hours or AlwaysOpen(), self.accounts, book)
        self.rules.start()

    # ------------------------------------------------------------------- what the rules ask for

    def ledger(self, account_id: int) -> Ledger:
        return self.ledgers[account_id]

    def working(self, account_id: int) -> list[OrderRow]:
        return [row for row in self.orders[account_id] if row.live]

    def last(self, contract: Contract) -> int:
        return self.prices[contract.contract_id]

    def cancel_all(self, account_id: int) -> None:
        for row in self.working(account_id):
            row.status = OrderStatus.CANCELLED

    def liquidate(self, account_id: int) -> None:
        self.liquidated.append((account_id, self._now_ns))
        self.cancel_all(account_id)
        for row in self.ledgers[account_id].positions():
            self._close(account_id, row.contract)

    def flatten(self, account_id: int, contract: Contract) -> None:
        for row in self.working(account_id):
            if row.contract.contract_id == contract.contract_id:
                row.status = OrderStatus.CANCELLED
        self._close(account_id, contract)

    def announce(self, account_id: int) -> None:
        self.announced.append((account_id, self.rules.can_trade(account_id)))

    def at(self, ts_ns: int, action: Callable[[], None]) -> None:
        self._asked += 1
        heapq.heappush(self._agenda, (ts_ns, self._asked, action))

    def now_ns(self) -> int:
        return self._now_ns

    # ------------------------------------------------------------------------ what a test drives

    @property
    def id(self) -> int:
        """The first account."""
        return self.accounts[0].id

    @property
    def balance(self) -> Decimal:
        """Balance of the first account."""
        return self.ledgers[self.id].balance

    @property
    def floor(self) -> Decimal | None:
        """Floor of the first account."""
        return self.rules.standing(self.id).floor

    def net(self, contract: Contract) -> int:
        """Contracts that the first account holds."""
        row = self.ledgers[self.id].position(contract.contract_id)
        return row.net if row else 0

    def trade(
        self, contract: Contract, side: Side, size: int, px: int | None = None
    ) -> Refusal | None:
        """Move the market to a price and trade there, unless the rules refuse."""
        if px is not None:
            self.mark(contract, px)
        refusal = self.rules.refusal(self.id, contract, side, size)
        if refusal is None:
            self._fill(self.id, contract, side, size)
        return refusal

    def rest(
        self, contract: Contract, side: Side, size: int, parent_id: int | None = None
    ) -> Refusal | None:
        """Let an order work, unless the rules refuse; a bracket's leg is not asked about."""
        refusal = None
        if parent_id is None:
            refusal = self.rules.refusal(self.id, contract, side, size)
        if refusal is None:
            row = OrderRow(
                self._next_order, self.id, contract, OrderType.LIMIT, side, size,
                self._now_ns, self._now_ns, OrderStatus.OPEN, limit=1, parent_id=parent_id,
            )  # fmt: skip
            self._next_order += 1
            self.orders[self.id].append(row)
        return refusal

    def fill(self, row: OrderRow) -> None:
        """Fill a working order whole, whatever the rules say."""
        row.filled, row.status = row.size, OrderStatus.FILLED
        self._fill(row.account_id, row.contract, row.side, row.size)

    def mark(self, contract: Contract, px: int) -> None:
        """Let the market trade at a price."""
        self.prices[contract.contract_id] = px
        self.rules.on_mark(contract)

    def advance(self, *when: int) -> None:
        """Let venue time go on to a time in Chicago, or to a nanosecond."""
        until = when[0] if len(when) == 1 else chicago(*when)
        while self._agenda and self._agenda[0][0] <= until:
            ts_ns, _, action = heapq.heappop(self._agenda)
            self._now_ns = max(self._now_ns, ts_ns)
            action()
        self._now_ns = max(self._now_ns, until)

    def set_back(self, ts_ns: int) -> None:
        """Let venue time be an earlier one."""
        self._now_ns = ts_ns
        self.rules.start()

    def _close(self, account_id: int, contract: Contract) -> None:
        row = self.ledgers[account_id].position(contract.contract_id)
        if row is not None:
            side = Side.SELL if row.net > 0 else Side.BUY
            self._fill(account_id, contract, side, abs(row.net))

    def _fill(self, account_id: int, contract: Contract, side: Side, size: int) -> None:
        px = self.prices[contract.contract_id]
        self.ledgers[account_id].fill(contract, 1, side, size, px, self._now_ns)
        self.rules.on_fill(account_id)
