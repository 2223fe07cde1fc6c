"""Blue and orange of Okabe and Ito (`#0072B2`, `#E69F00`), made bright enough for a dark ground.

Red-green deficiencies leave this pair as it is. Warnings are yellow here, since amber would be a
sell, and what is selected is green, since blue would be a buy.
"""

from __future__ import annotations

from typing import Final

from tradedesk.ui.theme.palettes.base import Palette

BLUE_ORANGE: Final = Palette(
    name="blue-orange",
    title="Blue and orange",
    bg0="#0E1116",
    bg1="#141821",
    bg2="#1A1F2A",
    bg3="#222836",
    line="#2A3140",
    grid="#171C26",
    tx="#E6EAF2",
    tx2="#A3ADBF",
    tx3="#7D889B",
    buy_fill="#2B8FD0",
    sell_fill="#E69F00",
    buy_text="#5CB4EC",
    sell_text="#F0A81E",
    buy_button="#0072B2",
    sell_button="#9A6300",
    on_button="#FFFFFF",
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
    danger_fill="#EF5350",
    danger_button="#C5403E",
    danger_tag="#35191B",
    accent="#4CC3A5",
    accent_ground="#16352F",
    warn="#F5EC6E",
    ok="#3CC98B",
    covered="#6FE0AE",
    covered_ground="#14352A",
    sim="#BBD6FF",
    sim_ground="#1F3350",
    sim_band="#2E5C99",
    live_band="#F5EC6E",
    on_chip="#0E1116",
    study1="#F5EC6E",
    study2="#F228C1",
    study3="#4A8E5A",
    study4="#81F0CE",
    study5="#CC32F9",
    study6="#A6971C",
)
