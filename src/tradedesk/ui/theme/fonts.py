"""Fonts by role: bundled Inter, or the system's own font where it is missing."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from tradedesk.ui.assets import load_fonts
from tradedesk.ui.theme.tokens import METRICS

REGULAR = 400
MEDIUM = 500
SEMIBOLD = 600


def ui_font(px: int = METRICS.body_px, weight: int = REGULAR, spacing_px: float = 0.0) -> QFont:
    """Font of ``px`` logical pixels with tabular figures and a slashed zero.

    Figures of one width keep a changing number from moving its neighbours.
    """
    family = load_fonts()
    font = (
        QFont(family)
        if family is not None
        else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    )
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("zero"), 1)
    if spacing_px:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing_px)
    return font


def body() -> QFont:
    """13 px text."""
    return ui_font()


def label() -> QFont:
    """11 px labels."""
    return ui_font(METRICS.label_px)


def title() -> QFont:
    """12 px letter-spaced card titles."""
    return ui_font(METRICS.title_px, SEMIBOLD, 0.4)


def figure() -> QFont:
    """16 px: the one figure that matters in a card."""
    return ui_font(METRICS.figure_px, SEMIBOLD)
