"""Which contracts there are and where their tapes come from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from tradedesk.practice.exchange_hours import AlwaysOpen
from tradedesk.practice.hours_days import chicago_ns
from tradedesk.practice.market.hours_ground import Ground
from tradedesk.practice.market.hours_open import OpenTimes
from tradedesk.practice.market.synthetic import SyntheticTape
from tradedesk.practice.products import MONTH_LETTERS, PRODUCTS, Contract, active_contract, roll_day

if TYPE_CHECKING:
    from tradedesk.practice.hours import Hours
    from tradedesk.practice.market.tape import Tape

_OLDEST_YEAR: Final = 2000
_DAY_ENDS: Final = time(17, 0)
_HOUR_NS: Final = 3_600_000_000_000
_BACK_NS: Final = 70 * _HOUR_NS
"""Trades are kept a little longer than this."""
_AHEAD_NS: Final = 30 * 24 * _HOUR_NS


class Market(Protocol):
    """All contracts of the venue; venue time may be set from ``first_ns`` to ``last_ns``."""

    first_ns: int
    last_ns: int

    def active(self) -> list[Contract]:
        """Contracts that trade today."""

    def find(self, contract_id: str) -> Contract | None:
        """A contract of today or of the past, or None."""

    def tape(self, contract: Contract) -> Tape:
        """The tape of an active contract; the same object each time."""

    def past(self, contract: Contract) -> Past | None:
        """Where the history of an expired contract is found, or None."""


class Past(NamedTuple):
    """An active contract on whose tape an expired one traded, and until when it did."""

    contract: Contract
    until_ns: int


def day_of(ts_ns: int) -> date:
    """Calendar day of a time, UTC."""
    return datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC).date()


class SyntheticMarket:
    """Generated tapes for every product of the catalogue.

    Parameters
    ----------
    seed : int
        Not negative.
    start_ns : int
        Venue time at the start.
    pace : float, default 1.0
        Speed of the market.
    hours : Hours, optional
        When products trade; around the clock, as in mid-session, if left out.
    """

    def __init__(
        self, seed: int, start_ns: int, pace: float = 1.0, hours: Hours | None = None
    ) -> None:
        self.first_ns = start_ns - _BACK_NS
        self.last_ns = start_ns + _AHEAD_NS
        self._seed = seed
        self._start_ns = start_ns
        self._pace = pace
        self._hours = hours or AlwaysOpen()
        self._grounds: dict[str, Ground] = {}
        self._tapes: dict[str, SyntheticTape] = {}
        today = day_of(start_ns)
        self._active = [active_contract(product, today) for product in PRODUCTS]

    def active(self) -> list[Contract]:
        """The expiry of each product that the market trades on the day of the start."""
        return list(self._active)

    def find(self, contract_id: str) -> Contract | None:
        """An active contract, or an expired one of a product that is known."""
        return next((one for one in self._active if one.contract_id == contract_id), None) or (
            expired(contract_id, self._active)
        )

    def tape(self, contract: Contract) -> Tape:
        """The tape of an active contract; the same object each time."""
        tape = self._tapes.get(contract.contract_id)
        if tape is None:
            underlying = contract.product.underlying
            ground = self._grounds.get(underlying.name)
            if ground is None:
                times = OpenTimes(self._hours, contract.product, self._start_ns)
                ground = Ground(self._seed, underlying, self._pace, self._start_ns, times)
                self._grounds[underlying.name] = ground
            tape = SyntheticTape(self._seed, contract, ground)
            self._tapes[contract.contract_id] = tape
        return tape

    def past(self, contract: Contract) -> Past | None:
        """Where the history of an expired contract is found: all expiries share one path."""
        until_ns = chicago_ns(roll_day(contract) - timedelta(days=1), _DAY_ENDS)
        active = next(one for one in self._active if one.product == contract.product)
        return Past(active, until_ns)


def expired(contract_id: str, active: list[Contract]) -> Contract | None:
    """Read the id of a contract that came before the active one of its product; else None."""
    stem, _, code = contract_id.rpartition(".")
    letter, digits = code[:1], code[1:]
    if letter not in MONTH_LETTERS or not letter or len(digits) != 2 or not digits.isdecimal():
        return None
    for one in active:
        if stem == f"CON.F.US.{one.product.root}" and letter in one.product.listed:
            month = MONTH_LETTERS.index(letter) + 1
            year = _OLDEST_YEAR + int(digits)
            if (year, month) < (one.year, one.month):
                return Contract(one.product, year, month)
    return None
