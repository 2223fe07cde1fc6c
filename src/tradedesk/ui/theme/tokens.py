"""The one table of colours and sizes. Nothing else in the window names a colour.

Values are ``#RRGGBB``. Every text token reaches a contrast of 4.5 : 1 on the grounds it is used on;
a test computes that from this table.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours by role."""

    name: str
    bg0: str
    """Plot and inputs."""
    bg1: str
    """Panels."""
    bg2: str
    """Raised: segments, rows under the pointer."""
    bg3: str
    """Selected."""
    line: str
    """Borders and separators."""
    grid: str
    """Grid of the plot."""
    tx: str
    tx2: str
    tx3: str
    buy_fill: str
    sell_fill: str
    buy_text: str
    sell_text: str
    buy_button: str
    sell_button: str
    on_button: str
    """Text on the order buttons."""
    buy_tag: str
    sell_tag: str
    position: str
    position_tag: str
    accent: str
    accent_ground: str
    warn: str
    ok: str
    covered: str
    covered_ground: str
    sim: str
    sim_ground: str
    sim_band: str
    live_band: str
    on_chip: str
    """Text on bright chips of the price axis."""


DARK = Palette(
    name="dark",
    bg0="#0E1116",
    bg1="#141821",
    bg2="#1A1F2A",
    bg3="#222836",
    line="#2A3140",
    grid="#171C26",
    tx="#E6EAF2",
    tx2="#A3ADBF",
    tx3="#7D889B",
    buy_fill="#26A69A",
    sell_fill="#EF5350",
    buy_text="#4DC7BB",
    sell_text="#FF7A77",
    buy_button="#1B847A",
    sell_button="#C5403E",
    on_button="#FFFFFF",
    buy_tag="#10302D",
    sell_tag="#35191B",
    position="#C7B6FF",
    position_tag="#272140",
    accent="#5B9DFF",
    accent_ground="#182A47",
    warn="#F2B84B",
    ok="#3CC98B",
    covered="#6FE0AE",
    covered_ground="#14352A",
    sim="#BBD6FF",
    sim_ground="#1F3350",
    sim_band="#2E5C99",
    live_band="#F2B84B",
    on_chip="#0E1116",
)


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


METRICS = Metrics()
