"""How well one colour can be read on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

READABLE: Final = 4.5
"""Least contrast of a text and its ground."""


def contrast(one: QColor, other: QColor) -> float:
    """Ratio of the brighter to the darker, 1 to 21, by the rule of WCAG."""
    bright, dark = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _light(ink: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (ink.redF(), ink.greenF(), ink.blueF())
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
