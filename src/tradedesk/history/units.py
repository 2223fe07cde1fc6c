"""Decides in which tick and lot size a file is counted."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.errors import InputError
from tradedesk.domain.price import TickSize
from tradedesk.history.dbn_tables import tick_sizes
from tradedesk.history.known_ticks import known_tick
from tradedesk.history.loaded import ONE_LOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tradedesk.history.decimals import Exact
    from tradedesk.history.facts import Facts

Number = TickSize | Decimal | str | int | float
_MOST_DEFINITIONS: Final = 64


def lot_of(value: Number) -> Decimal:
    """Read a lot size; see `tick_of`.

    Raises
    ------
    InputError
        If it is no number above zero.
    """
    size = value.size if isinstance(value, TickSize) else _decimal("lot", value)
    if not size.is_finite() or size <= 0:
        raise InputError(f"A lot size must be greater than zero, not {size}.")
    return size


class ChosenTick(NamedTuple):
    """A tick size and where it is from; see `TradeHistory`."""

    tick: TickSize
    source: str


def tick_of(value: Number) -> TickSize:
    """Read a tick size: ``0.25``, ``"0.25"``, a Decimal or a TickSize.

    Raises
    ------
    InputError
        If it is no number above zero.
    """
    return value if isinstance(value, TickSize) else TickSize(_decimal("tick", value))


def chosen_tick(
    path: Path, given: Number | None, facts: Facts, contract: str, prices: Sequence[Exact]
) -> ChosenTick:
    """Find the tick size of a file.

    In this order: what the caller gives, what the file itself says, a Databento definition file
    beside it, the well-known futures, and at last the decimal step in which its prices are
    written, which is exact but may be finer than a tick.

    Parameters
    ----------
    path : Path
        The file.
    given : TickSize, Decimal, str or number, optional
        What the caller says.
    facts : Facts
        What the file says.
    contract : str
        What the file is about.
    prices : sequence of Exact
        Its prices.

    Raises
    ------
    InputError
        If what is given is no tick size.
    """
    if given is not None:
        return ChosenTick(tick_of(given), "given")
    if facts.tick is not None:
        return ChosenTick(facts.tick, "file")
    if ".dbn" in path.name.lower() and (tick := _defined(path, contract)) is not None:
        return ChosenTick(tick, "definition")
    if (tick := known_tick(contract)) is not None:
        return ChosenTick(tick, "product")
    digits = max((price.digits for price in prices), default=0)
    steps = [price for price in prices if price.digits == digits]
    while digits and not any((price.steps % 10).any() for price in steps):
        digits -= 1
        steps = [price._replace(steps=price.steps // 10) for price in steps]
    return ChosenTick(TickSize(Decimal(1).scaleb(-digits)), "prices")


def chosen_lot(given: Number | None, facts: Facts, sizes: Exact) -> Decimal:
    """Find the lot size of a file: given, what the file says, or the step of its sizes.

    Raises
    ------
    InputError
        If what is given is no lot size.
    """
    if given is not None:
        return lot_of(given)
    if facts.lot is not None:
        return facts.lot
    return sizes.step if sizes.digits else ONE_LOT


def _decimal(what: str, value: Decimal | str | float) -> Decimal:
    # a float is meant as it is printed: 0.1, not the binary number nearest to it
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise InputError(f"{value!r} is no {what} size: give a number such as 0.25.") from None


def _defined(path: Path, contract: str) -> TickSize | None:
    """Tick size in a definition file beside a file; one that cannot be read does not matter."""
    found = sorted(path.parent.glob("*definition*.dbn*"))[:_MOST_DEFINITIONS]
    for file in found:
        try:
            tick = tick_sizes(file, file.read_bytes()).get(contract)
        except (InputError, OSError):
            continue
        if tick is not None:
            return tick
    return None
