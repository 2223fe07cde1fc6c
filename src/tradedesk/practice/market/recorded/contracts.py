"""Finds the contract that a recording is about."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.price import TickSize
from tradedesk.practice.products import (
    MONTH_LETTERS,
    PRODUCTS,
    Contract,
    Product,
    Underlying,
    active_contract,
)

if TYPE_CHECKING:
    from datetime import date

    from tradedesk.practice.market.recorded.raw import Recorded

_RAW_SYMBOL: Final = re.compile(
    rf"(?P<symbol>[A-Z0-9]+?)(?P<letter>[{MONTH_LETTERS}])(?P<year>\d{{1,2}})"
)
_COMPOUND: Final = re.compile(rf"[A-Z0-9]+[-: ]+(?:[CP] ?\d|[A-Z0-9]{{1,4}}[{MONTH_LETTERS}]\d)")
"""A spread (``ESU4-ESZ4``) or an option (``ESU4 C5500``) begins with the name of a future."""
_NOWHERE: Final = Underlying("recorded", 0, 0.0, 0.0, "recorded")


def contract_of(symbol: str, recorded: Recorded, day: date) -> Contract:
    """Find the contract a recording is about.

    ``ESU4`` is an expiry of a known product, ``ES`` its active one on that day; anything else
    becomes a product of its own whose tick is the finest step its prices need.
    """
    upper = symbol.upper()
    name = "" if _COMPOUND.match(upper) else re.split(r"[^A-Z0-9]", upper)[0]
    for product in PRODUCTS:
        if name == product.symbol:
            return active_contract(product, day)
        found = _RAW_SYMBOL.fullmatch(name)
        if found and found["symbol"] == product.symbol:
            return Contract(product, _year(found["year"], day), _month(found["letter"]))
    return active_contract(_new_product(symbol, recorded), day)


def _new_product(symbol: str, recorded: Recorded) -> Product:
    letters = re.sub(r"[^A-Z0-9]", "", symbol.upper())[:12] or "TAPE"
    steps = int(np.gcd.reduce(recorded.steps())) or 1
    tick = TickSize((recorded.step * steps).normalize())
    return Product(
        symbol=letters,
        root=letters,
        title=f"Recorded {symbol}",
        tick=tick,
        tick_value=tick.size,
        fee=Decimal(0),
        months="HMUZ",
        roll="index",
        underlying=_NOWHERE,
        trades_per_s=0.0,
        lots=1.0,
        touch_size=10,
    )


def _year(digits: str, day: date) -> int:
    """Year of an expiry code, the one nearest to the day of the recording."""
    span = 10 if len(digits) == 1 else 100
    guess = day.year // span * span + int(digits)
    return min((guess - span, guess, guess + span), key=lambda year: abs(year - day.year))


def _month(letter: str) -> int:
    return MONTH_LETTERS.index(letter) + 1
