"""Signed figures as people read them, with a true minus sign."""

from __future__ import annotations

from decimal import Decimal

MINUS = "\N{MINUS SIGN}"


def money_text(dollars: Decimal) -> str:
    """Signed dollars with a true minus sign: ``+$20.00``, ``−$1,010.50``, ``$0.00``."""
    if dollars == 0:
        return "$0.00"
    return f"{'+' if dollars > 0 else MINUS}${abs(dollars):,.2f}"


def short_money(dollars: Decimal) -> str:
    """The same without cents where there are none: ``+$160``, ``−$80``, ``−$12.50``."""
    return money_text(dollars).removesuffix(".00")


def ticks_text(ticks: int | Decimal) -> str:
    """Signed ticks: ``+40t``, ``−20t``, ``0t``; halves show one digit, ``+12.5t``."""
    value = Decimal(ticks)
    shown = abs(value).quantize(
        Decimal(1) if value == value.to_integral_value() else Decimal("0.1")
    )
    if shown == 0:
        return "0t"
    return f"{'+' if value > 0 else MINUS}{shown}t"


def r_text(multiple: Decimal) -> str:
    """Reward in multiples of the risk: ``2.0R``, ``−1.0R``."""
    shown = multiple.quantize(Decimal("0.1"))
    return f"{MINUS if shown < 0 else ''}{abs(shown)}R"
