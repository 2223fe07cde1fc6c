"""From what a person set to the palette to draw with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tradedesk.ui.theme.tokens import PALETTES

if TYPE_CHECKING:
    from tradedesk.domain.settings import Settings
    from tradedesk.ui.theme.tokens import Palette


def chosen_palette(settings: Settings) -> Palette:
    """The palette that settings ask for; with shapes if either of them wants those."""
    found = PALETTES[settings.palette]
    return replace(found, shapes=found.shapes or settings.shapes)
