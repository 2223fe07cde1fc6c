"""Blue and orange of Okabe and Ito (`#0072B2`, `#E69F00`), made bright enough for a dark ground.

Red-green deficiencies leave this pair as it is. Warnings are yellow here, since amber would be a
sell, and what is selected is green, since blue would be a buy. Grounds and greys are those of the
dark palette.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tradedesk.ui.theme.palettes.dark import DARK

BLUE_ORANGE: Final = replace(
    DARK,
    name="blue-orange",
    title="Blue and orange",
    buy_fill="#2B8FD0",
    sell_fill="#E69F00",
    buy_text="#5CB4EC",
    sell_text="#F0A81E",
    buy_button="#0072B2",
    sell_button="#9A6300",
    buy_tag="#0F2A3E",
    sell_tag="#35260B",
    profit="#5CB4EC",
    loss="#F0A81E",
    profit_fill="#2B8FD0",
    loss_fill="#E69F00",
    target="#5CB4EC",
    stop="#F0A81E",
    target_tag="#0F2A3E",
    stop_tag="#35260B",
    position="#F2C6E6",
    position_tag="#3A2436",
    danger="#FF7F7A",
    accent="#4CC3A5",
    accent_ground="#16352F",
    warn="#F5EC6E",
    live_band="#F5EC6E",
    study1="#F5EC6E",
    study2="#F228C1",
    study3="#4A8E5A",
    study4="#81F0CE",
    study5="#CC32F9",
    study6="#A6971C",
)
