"""Light and dark instead of hues, with shapes: rising is light and hollow, falling grey and filled.

The one hue left is amber: warnings, dangers, and the band of real money.
"""

from __future__ import annotations

from typing import Final

from tradedesk.ui.theme.palettes.base import Palette

GREYSCALE: Final = Palette(
    name="greyscale",
    title="Greyscale with shapes",
    shapes=True,
    bg0="#101010",
    bg1="#171717",
    bg2="#1F1F1F",
    bg3="#292929",
    line="#343434",
    grid="#1B1B1B",
    tx="#EAEAEA",
    tx2="#ADADAD",
    tx3="#8A8A8A",
    buy_fill="#E2E2E2",
    sell_fill="#848484",
    buy_text="#F2F2F2",
    sell_text="#979797",
    buy_button="#747474",
    sell_button="#343434",
    on_button="#FFFFFF",
    buy_tag="#383838",
    sell_tag="#1A1A1A",
    profit="#F2F2F2",
    loss="#979797",
    profit_fill="#E2E2E2",
    loss_fill="#848484",
    target="#F2F2F2",
    stop="#979797",
    target_tag="#383838",
    stop_tag="#1A1A1A",
    position="#C8C8C8",
    position_tag="#2A2A2A",
    danger="#F2B84B",
    danger_fill="#F2B84B",
    danger_button="#8A6000",
    danger_tag="#33290F",
    accent="#C4C4C4",
    accent_ground="#363636",
    warn="#F2B84B",
    ok="#B4B4B4",
    covered="#DADADA",
    covered_ground="#303030",
    sim="#D0D0D0",
    sim_ground="#333333",
    sim_band="#606060",
    live_band="#F2B84B",
    on_chip="#101010",
    study1="#F2F2F2",
    study2="#D6D6D6",
    study3="#BBBBBB",
    study4="#A2A2A2",
    study5="#8E8E8E",
    study6="#7E7E7E",
)
