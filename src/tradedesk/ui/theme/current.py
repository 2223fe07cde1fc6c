"""The palette in use, and its colours as Qt knows them."""

from __future__ import annotations

from enum import Enum
from functools import cache

from PySide6.QtGui import QColor

from tradedesk.ui.theme.tokens import DARK, Palette


class _Current:
    palette: Palette = DARK


def palette() -> Palette:
    """The palette in use."""
    return _Current.palette


def use_palette(chosen: Palette) -> None:
    """Draw with another palette from now on."""
    _Current.palette = chosen
    color.cache_clear()


@cache
def color(token: str) -> QColor:
    """Colour of a palette member, e.g. ``color("tx2")``. Treat it as read-only."""
    return QColor(str(getattr(_Current.palette, token)))


class Tone(Enum):
    """What a text means; the value is the palette member that shows it."""

    TEXT = "tx"
    SOFT = "tx2"
    LABEL = "tx3"
    BUY = "buy_text"
    SELL = "sell_text"
    PROFIT = "profit"
    LOSS = "loss"
    TARGET = "target"
    STOP = "stop"
    DANGER = "danger"
    WARN = "warn"
    OK = "ok"
    ACCENT = "accent"
    POSITION = "position"
    COVERED = "covered"
    SIM = "sim"

    @property
    def color(self) -> QColor:
        """The colour in the palette in use."""
        return color(self.value)
