"""Kinds of accounts as data: the figures, the file they come from, and its checks."""

from __future__ import annotations

import tomllib
from datetime import time
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CENT: Final = Decimal("0.01")
_MOST: Final = Decimal(1_000_000_000)
_ONE: Final = Decimal(1)
_PLACE_CODES: Final = range(1, 11)


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of the file; a misspelt field is an error."""


_D = TypeVar("_D", bound=_Data)


class Step(_Data, frozen=True):
    """One step of a scaling plan: from an end-of-day profit on, so many lots.

    Parameters
    ----------
    profit, lots : Decimal
        Dollars; minis.
    """

    profit: Decimal
    lots: Decimal


class Rules(_Data, frozen=True):
    """One kind of account. Money is in dollars, lots are minis; None is no such rule.

    Parameters
    ----------
    name : str
        How names of such accounts begin on the wire.
    start_balance : Decimal
        Balance at the start; the maximum loss floor stops there.
    profit_target : Decimal or None
        What has to be earned; shown, not enforced.
    maximum_loss : Decimal or None
        Width between the highest end-of-day balance and the floor.
    daily_loss : Decimal or None
        What may be lost in one trading day, if `daily_loss_on`.
    daily_loss_on : bool
        Whether the daily limit is in force.
    position_cap : Decimal or None
        Lots that may be held over all products.
    first_lots : Decimal or None
        Lots below the first step of the scaling plan.
    scaling : tuple of Step
        The plan, lowest profit first.
    caps_count_working : bool
        Whether orders that could add to a position count towards the cap.
    consistency : Decimal or None
        Largest share of the profit that the best day may have; shown, not enforced.
    flat_by : datetime.time or None
        When positions must be gone, Chicago; only under the exchange's hours.
    payouts : bool
        Whether money can be taken out, which locks the floor at the start balance.
    liquidation_fee : Decimal
        Dollars per contract that a rule closes.
    oversize_grace_s : float
        How long a position may be larger than the cap.
    """

    name: str
    start_balance: Decimal
    profit_target: Decimal | None = None
    maximum_loss: Decimal | None = None
    daily_loss: Decimal | None = None
    daily_loss_on: bool = False
    position_cap: Decimal | None = None
    first_lots: Decimal | None = None
    scaling: tuple[Step, ...] = ()
    caps_count_working: bool = True
    consistency: Decimal | None = None
    flat_by: time | None = None
    payouts: bool = False
    liquidation_fee: Decimal = Decimal(0)
    oversize_grace_s: float = 10.0


class Codes(_Data, frozen=True):
    """Codes of Order/place by reason: market closed, past the flat time, locked, too large."""

    closed: int = 5
    flat: int = 5
    no_trading: int = 4
    position_cap: int = 2


class RuleBook(_Data, frozen=True):
    """Every kind of account, what contracts count, and the codes of refusals.

    Parameters
    ----------
    kinds : dict of str to Rules
        By the name that ``--account`` takes.
    weights : dict of str to Decimal
        Minis per contract, by exchange symbol; what is not listed counts one.
    codes : Codes
        Codes of Order/place.
    """

    kinds: dict[str, Rules] = {}
    weights: dict[str, Decimal] = {}
    codes: Codes = Codes()

    def weight(self, symbol: str) -> Decimal:
        """Minis that one contract of a product counts."""
        return self.weights.get(symbol, _ONE)


def load_rules(path: Path | None = None) -> RuleBook:
    """Read the kinds of accounts that come with the venue, and a file of the user's on top.

    Parameters
    ----------
    path : Path, optional
        A TOML file in the form of ``rules.toml``. Its kinds are added or replace those of the
        same name as a whole, its weights are added, its codes replace the venue's.

    Raises
    ------
    InputError
        If the file cannot be read or a field is unusable; names file, field and the fix.
    """
    shipped = resources.files(__package__).joinpath("rules.toml").read_text("utf-8")
    book = _decode(shipped, "rules.toml")
    if path is None:
        return book
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): name a file of rules.") from (
            error
        )
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text (byte {error.start}): save it as UTF-8.") from error
    own = _decode(text, str(path))
    return RuleBook(
        kinds={**book.kinds, **own.kinds},
        weights={**book.weights, **own.weights},
        codes=own.codes if "codes" in tomllib.loads(text) else book.codes,
    )


def _decode(text: str, source: str) -> RuleBook:
    try:
        values: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{source} is no TOML: {error}. Correct that line.") from error
    kinds = values.get("kinds", {})
    if isinstance(kinds, dict):
        # One by one, so that an error names the kind.
        values["kinds"] = {
            kind: _convert(table, Rules, source, f"kinds.{kind}") for kind, table in kinds.items()
        }
    book = _convert(values, RuleBook, source, "")
    problem = next(_problems(book), None)
    if problem is not None:
        raise InputError(f"{source}, {problem}")
    return book


def _convert(values: object, kind: type[_D], source: str, table: str) -> _D:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$")
        field = (table + where.rstrip("`")).strip(".") or "top of the file"
        raise InputError(
            f"{source}, {field}: {reason}. See the list of fields in docs/practice/accounts.md."
        ) from error


def _problems(book: RuleBook) -> Iterator[str]:
    for symbol, weight in book.weights.items():
        if not (weight.is_finite() and 0 < weight <= _MOST):
            yield f"weights.{symbol}: {weight} is no weight. Give minis per contract, such as 0.1."
    for field in Codes.__struct_fields__:
        code = getattr(book.codes, field)
        if code not in _PLACE_CODES:
            yield f"codes.{field}: {code} is no code of Order/place. Give 1 to 10."
    for kind, rules in book.kinds.items():
        yield from (f"kinds.{kind}.{problem}" for problem in _kind_problems(rules))


def _kind_problems(rules: Rules) -> Iterator[str]:
    if not rules.name or not rules.name.isascii() or not rules.name.isprintable():
        yield f"name: {rules.name!r} cannot be the start of an account's name. Try 50KTC-V2."
    for field, least in (
        ("start_balance", 0), ("profit_target", 1), ("maximum_loss", 1), ("daily_loss", 1),
        ("liquidation_fee", 0),
    ):  # fmt: skip
        yield from _money(field, getattr(rules, field), least)
    if rules.daily_loss_on and rules.daily_loss is None:
        yield "daily_loss: missing, but daily_loss_on is true. Give the limit in dollars."
    for field in ("position_cap", "first_lots"):
        yield from _lots(field, getattr(rules, field))
    yield from _scaling_problems(rules)
    share = rules.consistency
    if share is not None and not (share.is_finite() and 0 < share <= 1):
        yield f"consistency: {share} is no share. Give a number such as 0.5."
    if rules.flat_by is not None and (rules.flat_by.tzinfo or rules.flat_by >= time(17)):
        yield f"flat_by: {rules.flat_by} is not before 17:00. Give a time such as 15:10:00."
    if not 0 <= rules.oversize_grace_s <= 3_600:
        yield f"oversize_grace_s: {rules.oversize_grace_s} is no wait. Give 0 to 3600 seconds."


def _scaling_problems(rules: Rules) -> Iterator[str]:
    if (rules.first_lots is None) != (not rules.scaling):
        yield "scaling: the plan needs first_lots and at least one step. Give both or neither."
    for index, step in enumerate(rules.scaling):
        yield from _money(f"scaling[{index}].profit", step.profit, 0)
        yield from _lots(f"scaling[{index}].lots", step.lots)
        if index and step.profit <= rules.scaling[index - 1].profit:
            yield f"scaling[{index}].profit: {step.profit} is out of order. Lowest profit first."


def _money(field: str, amount: Decimal | None, least: int) -> Iterator[str]:
    if amount is None:
        return
    if not amount.is_finite() or not least <= amount <= _MOST or amount % _CENT:
        yield f"{field}: {amount} is no amount. Give dollars and cents from {least} to {_MOST:,}."


def _lots(field: str, lots: Decimal | None) -> Iterator[str]:
    if lots is not None and not (lots.is_finite() and 0 < lots <= _MOST):
        yield f"{field}: {lots} is no number of lots. Give a number above 0."
