"""The table of colours and sizes. Nothing else in the window names a colour.

Colours are in `palettes`, one palette a file. Every text token reaches a contrast of 4.5 : 1 on the
grounds it is used on; a test computes that for each palette.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradedesk.ui.theme.palettes import PALETTES
from tradedesk.ui.theme.palettes.base import Palette
from tradedesk.ui.theme.palettes.dark import DARK

__all__ = ["DARK", "METRICS", "PALETTES", "Metrics", "Palette"]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes in logical pixels, on a grid of 4."""

    grid: int = 4
    card_padding: int = 12
    gap: int = 8
    control: int = 30
    order_button: int = 54
    top_bar: int = 44
    band: int = 3
    right_column: int = 372
    bottom_dock: int = 214
    status_bar: int = 26
    table_row: int = 30
    body_px: int = 13
    label_px: int = 11
    title_px: int = 12
    figure_px: int = 16


METRICS: Final = Metrics()
