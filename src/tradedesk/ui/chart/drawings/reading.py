"""Reads what a person types into a drawing. Pure; every error is a sentence with the fix."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from tradedesk.domain.errors import InputError
from tradedesk.domain.settings import setting_fields
from tradedesk.services.drawings.drawing import MOST_LEVELS, MOST_TEXT

_LOWEST, _HIGHEST = Decimal(-1_000), Decimal(2_000)
_MOST_RISK = Decimal(1_000_000)


def read_text(text: str) -> str:
    """One line of text.

    Raises
    ------
    InputError
        If it is too long.
    """
    cleaned = " ".join(text.split())
    if len(cleaned) > MOST_TEXT:
        raise InputError(f"{len(cleaned)} letters are too many: use {MOST_TEXT} or fewer.")
    return cleaned


def read_levels(text: str) -> tuple[int, ...]:
    """Percent values, with or without signs, apart by spaces or commas, in thousandths.

    Raises
    ------
    InputError
        If there is none, one is no number, or there are too many.
    """
    words = text.replace("%", " ").replace(",", " ").replace(";", " ").split()
    if not words:
        raise InputError("There is no level: type percents such as 0 38.2 50 61.8 100.")
    levels = sorted({_level(word) for word in words})
    if len(levels) > MOST_LEVELS:
        raise InputError(f"{len(levels)} levels are too many: use {MOST_LEVELS} or fewer.")
    return tuple(levels)


def level_text(levels: tuple[int, ...]) -> str:
    """``0 38.2 50``."""
    return " ".join(f"{level / 10:g}" for level in levels)


def read_risk(text: str) -> int | None:
    """Dollars as cents; None where nothing is typed.

    Raises
    ------
    InputError
        If it is no amount above 0.
    """
    cleaned = text.strip().removeprefix("$").replace(",", "").strip()
    if not cleaned:
        return None
    try:
        dollars = Decimal(cleaned)
    except InvalidOperation:
        raise InputError(f"“{text.strip()}” is no amount: type dollars such as 250.") from None
    if not dollars.is_finite() or not Decimal("0.01") <= dollars <= _MOST_RISK:
        raise InputError(f"${cleaned} cannot be at risk: type dollars from 0.01 to 1,000,000.")
    return int(dollars * 100)


def read_trade_risk(text: str) -> int:
    """Whole dollars within the bounds of the setting.

    Raises
    ------
    InputError
        If it is no such amount.
    """
    cleaned = text.strip().removeprefix("$").replace(",", "").strip()
    bounds = next(field for field in setting_fields() if field.name == "trade_risk")
    low, high = bounds.low or 0, bounds.high or 0
    if not (cleaned.isascii() and cleaned.isdigit() and low <= int(cleaned) <= high):
        raise InputError(
            f"“{text.strip()}” cannot be the risk per trade: type whole dollars from {low:,} to "
            f"{high:,}."
        )
    return int(cleaned)


def _level(word: str) -> int:
    try:
        percent = Decimal(word)
    except InvalidOperation:
        raise InputError(f"“{word}” is no percent: type numbers such as 61.8.") from None
    if not percent.is_finite() or not _LOWEST <= percent <= _HIGHEST:
        raise InputError(f"{word}% is too far: type {_LOWEST} to {_HIGHEST}.")
    return int(percent * 10)
