"""The product catalogue: what is traded, in which expiry, at what fee, and how it behaves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from tradedesk.domain.price import TickSize

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
_QUARTERS: Final = "HMUZ"


class Underlying(msgspec.Struct, frozen=True):
    """What a mini and its micro share: one price path.

    Parameters
    ----------
    name : str
        Names the random stream; never shown.
    base_ticks : int
        Price at the start, in ticks, give or take a little by seed.
    minute_ticks : float
        Standard deviation of one minute's move, in ticks.
    moves_per_s : float
        Mean number of times a second at which the price may move.
    family : str
        Underlyings of one family share a part of their moves.
    """

    name: str
    base_ticks: int
    minute_ticks: float
    moves_per_s: float
    family: str


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
        ``index``: Monday of expiry week; ``metal``: the 25th and ``energy``: the 18th of the
        month before the named one.
    underlying : Underlying
        The price path.
    trades_per_s : float
        Mean rate of trades that do not move the price.
    lots, touch_size : float, int
        How large trades are, and how many contracts wait at the best price.
    lag_us : int
        How far this product trails its underlying, in microseconds.
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

    @property
    def symbol_id(self) -> str:
        """What quotes and trades carry: ``F.US.ENQ``."""
        return f"F.US.{self.root}"


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


def roll_day(contract: Contract) -> date:
    """First day on which the following expiry is the active one."""
    if contract.product.roll == "index":
        first = date(contract.year, contract.month, 1)
        third_friday = first + timedelta(days=(4 - first.weekday()) % 7 + 14)
        return third_friday - timedelta(days=4)
    year, month = (
        (contract.year, contract.month - 1) if contract.month > 1 else (contract.year - 1, 12)
    )
    return date(year, month, 25 if contract.product.roll == "metal" else 18)


def active_contract(product: Product, today: date) -> Contract:
    """Return the expiry the market trades on a day."""
    for year in (today.year, today.year + 1, today.year + 2):
        for letter in product.months:
            contract = Contract(product, year, MONTH_LETTERS.index(letter) + 1)
            if today < roll_day(contract):
                return contract
    raise AssertionError(f"no expiry of {product.symbol} after {today}")


_NDX = Underlying("ndx", 85_920, 22.0, 3.5, "equity")
_SPX = Underlying("spx", 24_180, 5.5, 2.5, "equity")
_GOLD = Underlying("gold", 26_850, 6.0, 3.0, "metal")
_OIL = Underlying("oil", 7_025, 3.5, 3.0, "energy")
_QUARTER = TickSize(Decimal("0.25"))
_TENTH = TickSize(Decimal("0.1"))
_CENT = TickSize(Decimal("0.01"))
_GOLD_MONTHS = "GJMQZ"


def _product(
    symbol: str,
    root: str,
    title: str,
    tick: TickSize,
    money: tuple[str, str],
    cycle: tuple[str, str],
    underlying: Underlying,
    flow: tuple[float, float, int, int],
) -> Product:
    return Product(
        symbol,
        root,
        title,
        tick,
        Decimal(money[0]),
        Decimal(money[1]),
        *cycle,
        underlying,
        trades_per_s=flow[0],
        lots=flow[1],
        touch_size=flow[2],
        lag_us=flow[3],
    )


_INDEX = (_QUARTERS, "index")
_METAL = (_GOLD_MONTHS, "metal")
_ENERGY = (MONTH_LETTERS, "energy")

PRODUCTS: Final[tuple[Product, ...]] = (
    _product("MNQ", "MNQ", "Micro E-mini Nasdaq-100", _QUARTER, ("0.50", "0.37"), _INDEX, _NDX,
             (2.5, 2.2, 9, 400)),
    _product("MES", "MES", "Micro E-mini S&P 500", _QUARTER, ("1.25", "0.37"), _INDEX, _SPX,
             (2.5, 4.0, 40, 500)),
    _product("NQ", "ENQ", "E-mini NASDAQ-100", _QUARTER, ("5.00", "1.40"), _INDEX, _NDX,
             (1.5, 0.8, 4, 0)),
    _product("ES", "EP", "E-mini S&P 500", _QUARTER, ("12.50", "1.40"), _INDEX, _SPX,
             (2.5, 5.0, 60, 0)),
    _product("GC", "GCE", "Gold", _TENTH, ("10.00", "1.62"), _METAL, _GOLD, (2.0, 1.2, 8, 0)),
    _product("CL", "CLE", "Crude Oil", _CENT, ("10.00", "1.62"), _ENERGY, _OIL, (2.2, 1.6, 14, 0)),
    _product("MGC", "MGC", "Micro Gold", _TENTH, ("1.00", "0.62"), _METAL, _GOLD,
             (1.2, 1.6, 12, 600)),
    _product("MCL", "MCLE", "Micro Crude Oil", _CENT, ("1.00", "0.62"), _ENERGY, _OIL,
             (0.8, 1.4, 18, 600)),
)  # fmt: skip
