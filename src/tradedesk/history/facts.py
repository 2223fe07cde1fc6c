"""What a Parquet file of this program says about itself, and columns that count units of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError
from tradedesk.domain.price import TickSize

if TYPE_CHECKING:
    from pathlib import Path

TICKS: Final = "ticks"
"""Value of ``unit`` in files whose prices are ticks and whose sizes are lots."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the contract of a file.

    Parameters
    ----------
    contract : str or None
        Its name.
    tick : TickSize or None
        Its price step.
    lot : Decimal or None
        Size of one lot; 1 for futures.
    counts : bool
        Whether the columns count ticks and lots.
    """

    contract: str | None = None
    tick: TickSize | None = None
    lot: Decimal | None = None
    counts: bool = False


NOTHING: Final = Facts()


def facts_in(path: Path, given: dict[str, str]) -> Facts:
    """Understand what a file says.

    Parameters
    ----------
    path : Path
        For sentences.
    given : dict of str to str
        ``contract``, ``tick``, ``lot`` and ``unit``; any may be absent.

    Raises
    ------
    InputError
        If a number is none.
    """
    tick = _number(path, "tick", given.get("tick"))
    lot = _number(path, "lot", given.get("lot"))
    counts = given.get("unit") == TICKS
    if counts and (tick is None or lot is None):
        raise InputError(
            f"{path} counts prices in ticks and does not say of what size: it is damaged."
        )
    return Facts(given.get("contract"), TickSize(tick) if tick else None, lot, counts)


def _number(path: Path, name: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise InputError(f"{path} says that its {name} size is {text!r}: it is damaged.")
    return number
