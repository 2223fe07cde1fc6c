"""The palettes that can be chosen, one a file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tradedesk.ui.theme.palettes.blue_orange import BLUE_ORANGE
from tradedesk.ui.theme.palettes.dark import DARK
from tradedesk.ui.theme.palettes.greyscale import GREYSCALE
from tradedesk.ui.theme.palettes.ladder import LADDER
from tradedesk.ui.theme.palettes.light import LIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradedesk.ui.theme.palettes.base import Palette

PALETTES: Final[Mapping[str, Palette]] = MappingProxyType(
    {each.name: each for each in (DARK, LIGHT, BLUE_ORANGE, LADDER, GREYSCALE)}
)
"""By their key in the settings, in the order of the menu."""
