"""The product catalogue: what is traded, in which expiry, at what fee, and how it behaves.

The products themselves stand in ``catalogue.toml``, which says what its columns mean.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.domain.price import TickSize
from tradedesk.practice.rolls import Cycle

if TYPE_CHECKING:
    from datetime import date

MONTH_LETTERS: Final = "FGHJKMNQUVXZ"
_MONTH_NAMES: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

Group = Literal["equity", "fx", "rates", "stir", "metal", "energy", "grain", "livestock", "crypto"]


class Underlying(msgspec.Struct, frozen=True):
    """What a mini and its micro share: one price path.

    Parameters
    ----------
    name : str
        Names the random stream; never shown.
    base_ticks : int
        Price at the start, in ticks of the path, give or take a little by seed.
    minute_ticks : float
        Standard deviation of one minute's move in mid-session, in ticks of the path.
    moves_per_s : float
        Mean number of times a second at which the price may move.
    family : str
        Underlyings of one family share a part of their moves.
    group : str, default "equity"
        Whose hours and shape of the day it follows.
    wide : float, default 0.07
        Share of the time in which the spread is more than one tick.
    shared : float, default 0.85
        How much of its moves are the family's: the correlation with the family itself.
    """

    name: str
    base_ticks: int
    minute_ticks: float
    moves_per_s: float
    family: str
    group: Group = "equity"
    wide: float = 0.07
    shared: float = 0.85


class Product(msgspec.Struct, frozen=True):
    """One product of the exchange.

    Parameters
    ----------
    symbol, root, title : str
        Exchange symbol (``NQ``), the wire's root (``ENQ``), and the name in descriptions.
    tick : TickSize
        Smallest price step.
    tick_value, fee : Decimal
        Dollars per tick and contract; dollars per contract and side.
    months : str
        Letters of the months the market trades.
    roll : str
        Name of the cycle that says when it rolls.
    underlying : Underlying
        The price path.
    trades_per_s : float
        Mean rate of trades that do not move the price, in mid-session.
    lots, touch_size : float, int
        How large trades are, and how many contracts wait at the best price.
    lag_us : int
        How far this product trails its underlying, in microseconds.
    group : str, default "equity"
        Whose trading hours it has.
    weight : Decimal, default 1
        Contracts of full size that one counts for in position caps.
    ratio : tuple of int, default (1, 1)
        Ticks of the path per tick of the product, as numerator and denominator.
    """

    symbol: str
    root: str
    title: str
    tick: TickSize
    tick_value: Decimal
    fee: Decimal
    months: str
    roll: str
    underlying: Underlying
    trades_per_s: float
    lots: float
    touch_size: int
    lag_us: int = 0
    group: Group = "equity"
    weight: Decimal = Decimal(1)
    ratio: tuple[int, int] = (1, 1)

    @property
    def symbol_id(self) -> str:
        """What quotes and trades carry: ``F.US.ENQ``."""
        return f"F.US.{self.root}"

    @property
    def listed(self) -> str:
        """Letters of all months that exist, those included that the market skips."""
        cycle = CYCLES.get(self.roll)
        return self.months if cycle is None else cycle.listed or self.months


class Contract(msgspec.Struct, frozen=True):
    """One expiry of a product. ``month`` is 1 to 12, ``year`` has four digits."""

    product: Product
    year: int
    month: int

    @property
    def letter(self) -> str:
        """Month letter."""
        return MONTH_LETTERS[self.month - 1]

    @property
    def contract_id(self) -> str:
        """``CON.F.US.MNQ.Z26``."""
        return f"CON.F.US.{self.product.root}.{self.letter}{self.year % 100:02d}"

    @property
    def name(self) -> str:
        """``MNQZ6``."""
        return f"{self.product.symbol}{self.letter}{self.year % 10}"

    @property
    def display_name(self) -> str:
        """``MNQZ26``, as positions show it."""
        return f"{self.product.symbol}{self.letter}{self.year % 100:02d}"

    @property
    def description(self) -> str:
        """``Micro E-mini Nasdaq-100: December 2026``."""
        return f"{self.product.title}: {_MONTH_NAMES[self.month - 1]} {self.year}"


class _UnderlyingLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: Group
    family: str
    tick: Decimal
    price: Decimal
    minute: Decimal
    moves: float
    wide: float = 0.07
    shared: float = 0.85


class _ProductLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    root: str
    title: str
    tick: Decimal
    value: Decimal
    fee: Decimal
    cycle: str
    underlying: str
    trades: float
    lots: float
    touch: int
    lag_us: int = 0
    weight: Decimal = Decimal(1)


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cycles: dict[str, Cycle]
    underlyings: dict[str, _UnderlyingLine]
    products: dict[str, _ProductLine]


def roll_day(contract: Contract) -> date:
    """First day on which the following expiry is the active one."""
    return CYCLES[contract.product.roll].roll_day(contract.year, contract.month)


def active_contract(product: Product, today: date) -> Contract:
    """Return the expiry the market trades on a day."""
    for year in (today.year, today.year + 1, today.year + 2):
        for letter in product.months:
            contract = Contract(product, year, MONTH_LETTERS.index(letter) + 1)
            if today < roll_day(contract):
                return contract
    raise AssertionError(f"no expiry of {product.symbol} after {today}")


def read_catalogue(text: str) -> tuple[dict[str, Cycle], tuple[Product, ...]]:
    """Read a catalogue.

    Parameters
    ----------
    text : str
        TOML; ``catalogue.toml`` explains the columns.

    Raises
    ------
    InputError
        If something in it is missing, misspelt or of the wrong type, or names a cycle or an
        underlying that is not there.
    """
    try:
        table = tomllib.loads(text, parse_float=Decimal)
        known = msgspec.convert(table, _Catalogue, strict=False)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"The catalogue of products cannot be read: {error}.") from None
    underlyings = {name: _underlying(name, line) for name, line in known.underlyings.items()}
    products = []
    for symbol, line in known.products.items():
        for name, there in ((line.cycle, known.cycles), (line.underlying, underlyings)):
            if name not in there:
                raise InputError(
                    f"The product {symbol} names {name}, which the catalogue does not have: "
                    f"use one of {', '.join(there)}."
                )
        ratio = Fraction(line.tick) / Fraction(known.underlyings[line.underlying].tick)
        cycle, underlying = known.cycles[line.cycle], underlyings[line.underlying]
        products.append(_product(symbol, line, cycle, underlying, ratio))
    return known.cycles, tuple(products)


def _underlying(name: str, line: _UnderlyingLine) -> Underlying:
    return Underlying(
        name,
        TickSize(line.tick).to_ticks(line.price),
        float(line.minute / line.tick),
        line.moves,
        line.family,
        line.group,
        line.wide,
        line.shared,
    )


def _product(
    symbol: str, line: _ProductLine, cycle: Cycle, underlying: Underlying, ratio: Fraction
) -> Product:
    return Product(
        symbol,
        line.root,
        line.title,
        TickSize(line.tick),
        line.value,
        line.fee,
        cycle.months,
        line.cycle,
        underlying,
        trades_per_s=line.trades,
        lots=line.lots,
        touch_size=line.touch,
        lag_us=line.lag_us,
        group=underlying.group,
        weight=line.weight,
        ratio=(ratio.numerator, ratio.denominator),
    )


CYCLES, PRODUCTS = read_catalogue(
    resources.files("tradedesk.practice").joinpath("catalogue.toml").read_text("utf-8")
)
