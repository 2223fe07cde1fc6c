"""Tick sizes of the exchange's well-known futures, for files that do not say theirs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tradedesk.domain.price import TickSize

_SYMBOLS: Final[dict[str, str]] = {
    "5": "NKD MBT",
    "1": "YM MYM",
    "0.5": "MET",
    "0.25": "MNQ MES NQ ES ZC",
    "0.1": "GC MGC RTY M2K EMD",
    "0.03125": "ZB",
    "0.025": "GF LE HE QM",
    "0.015625": "ZN",
    "0.01": "CL MCL",
    "0.0078125": "ZF",
    "0.005": "SR3 SI SIL QG",
    "0.001": "NG MNG",
    "0.0005": "HG",
    "0.0001": "E7 6B M6A M6B M6E MCD HO RB",
    "0.00005": "6E 6C 6A 6N 6S",
    "0.00001": "6M",
    "0.0000005": "6J",
}
TICKS: Final = {
    symbol: TickSize(Decimal(size))
    for size, symbols in _SYMBOLS.items()
    for symbol in symbols.split()
}
_EXPIRY: Final = re.compile(r"[FGHJKMNQUVXZ]\d{1,2}$")


def known_tick(contract: str) -> TickSize | None:
    """Tick size of a product (``ES``) or of an expiry of one (``ESU4``); None if not known.

    A spread or an option is not its product: its name has more to it than an expiry.
    """
    name = contract.upper()
    return TICKS.get(name) or TICKS.get(_EXPIRY.sub("", name))
