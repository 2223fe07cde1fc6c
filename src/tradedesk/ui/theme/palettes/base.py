"""What a palette has to say: one colour for each role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One set of colours by role, each ``#RRGGBB``.

    Side, money and exits have colours of their own, which a palette may make alike.

    Attributes
    ----------
    name : str
        Key in the settings.
    title : str
        What a menu calls it.
    shapes : bool
        Whether what goes by side is also told apart by shape: hollow and filled, plain and
        hatched, with an arrow.
    """

    name: str
    title: str
    shapes: bool = False
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
    profit: str
    loss: str
    """Money won and lost, in words and figures."""
    profit_fill: str
    loss_fill: str
    target: str
    stop: str
    """Lines of the two exits and words about them."""
    target_tag: str
    stop_tag: str
    position: str
    position_tag: str
    danger: str
    """Errors, and words of what cannot be taken back."""
    danger_fill: str
    """Borders and crosses of errors."""
    danger_button: str
    danger_tag: str
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
    study1: str
    study2: str
    study3: str
    study4: str
    study5: str
    study6: str
    """Lines of indicators, their figures and chips."""
