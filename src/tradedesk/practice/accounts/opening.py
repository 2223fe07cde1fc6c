"""Which accounts a user has: kinds as they are asked for, and names and ids for the wire."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.practice.accounts.rules import RuleBook, Rules

FIRST_ID: Final = 50_012_345
FIRST_NUMBER: Final = 10_000_001
USER_NUMBER: Final = 70_001
DAILY_LOSS: Final = "daily-loss"
PRACTICE: Final = "practice"
_LAST_ID: Final = 2**31 - 1
_MOST_ACCOUNTS: Final = 100
_HELP: Final = "Give KIND, KIND:daily-loss or KIND:daily-loss=DOLLARS"


class Account(NamedTuple):
    """An account as it is opened: id and name on the wire, kind and rules."""

    id: int
    name: str
    kind: str
    rules: Rules


def open_accounts(
    book: RuleBook, wanted: Sequence[str] = ("practice",), first_id: int = FIRST_ID
) -> tuple[Account, ...]:
    """Give ids and names to the accounts that are asked for.

    Parameters
    ----------
    book : RuleBook
        Kinds to choose from.
    wanted : sequence of str
        Kinds in the order in which they are listed, such as ``combine-50k``; one kind may be
        named more than once. ``:daily-loss`` turns the daily limit on, ``:daily-loss=750`` with a
        figure of one's own.
    first_id : int
        Id of the first account; the others count on.

    Returns
    -------
    tuple of Account
        In the same order; the same list always gives the same accounts.

    Raises
    ------
    InputError
        If a kind is unknown or there are none or too many; names the value and the choices.
    """
    if not 1 <= len(wanted) <= _MOST_ACCOUNTS:
        raise InputError(f"{len(wanted)} accounts are asked for: name 1 to {_MOST_ACCOUNTS}.")
    if first_id + len(wanted) - 1 > _LAST_ID:
        raise InputError(f"{len(wanted)} accounts from {first_id} pass {_LAST_ID}: begin lower.")
    return tuple(_open(book, text, index, first_id) for index, text in enumerate(wanted))


def with_balance(account: Account, balance: Decimal) -> Account:
    """An account of the kind ``practice`` that begins with a balance of one's own; others as is."""
    if account.kind != PRACTICE:
        return account
    return account._replace(rules=msgspec.structs.replace(account.rules, start_balance=balance))


def _open(book: RuleBook, text: str, index: int, first_id: int) -> Account:
    kind, _, option = text.partition(":")
    rules = book.kinds.get(kind)
    if rules is None:
        raise InputError(f"{kind!r} is no kind of account. Choose {', '.join(book.kinds)}.")
    if option:
        rules = _with_daily_loss(rules, option, text)
    name = f"{rules.name}-{USER_NUMBER}-{FIRST_NUMBER + index}"
    return Account(first_id + index, name, kind, rules)


def _with_daily_loss(rules: Rules, option: str, text: str) -> Rules:
    word, _, figure = option.partition("=")
    if word != DAILY_LOSS:
        raise InputError(f"{text!r} has the unknown option {word!r}. {_HELP}.")
    try:
        limit = Decimal(figure) if figure else rules.daily_loss
    except InvalidOperation:
        limit = Decimal(0)
    if limit is None or not (limit.is_finite() and 1 <= limit <= 1_000_000_000):
        raise InputError(f"{text!r} gives no daily limit of 1 dollar or more. {_HELP}.")
    return msgspec.structs.replace(
        rules, daily_loss=limit.quantize(Decimal("0.01")), daily_loss_on=True
    )
