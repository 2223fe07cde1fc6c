"""Blue buys, red sells: the pair of ladders. All else is as in the dark palette.

What is selected is green, since blue is a buy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tradedesk.ui.theme.palettes.dark import DARK

LADDER: Final = replace(
    DARK,
    name="ladder",
    title="Ladder: blue and red",
    buy_fill="#3D8BF2",
    buy_text="#74AEFF",
    buy_button="#2468C4",
    buy_tag="#132747",
    profit="#74AEFF",
    profit_fill="#3D8BF2",
    target="#74AEFF",
    target_tag="#132747",
    position="#DCD0FF",
    position_tag="#2A2440",
    accent="#4CC3A5",
    accent_ground="#16352F",
    study2="#31DEF0",
    study3="#798A66",
    study4="#C146DC",
    study5="#FDF1A7",
    study6="#278A91",
)
