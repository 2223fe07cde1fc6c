"""Colours that drawings can have, as names a person reads and as members of the palette."""

from __future__ import annotations

from typing import Final

INKS: Final = {
    "blue": ("Blue", "accent"),
    "violet": ("Violet", "position"),
    "green": ("Green", "covered"),
    "red": ("Red", "sell_text"),
    "plain": ("Plain", "tx"),
    "grey": ("Grey", "tx3"),
}
DASHES: Final = {"solid": "Solid", "dashed": "Dashed", "dotted": "Dotted"}
WIDTHS: Final = (1, 2, 3, 4)


def token(ink: str) -> str:
    """Palette member of a colour."""
    return INKS[ink][1]
