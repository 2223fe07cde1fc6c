"""What the desk remembers about itself between two starts."""

from __future__ import annotations

import msgspec


class BracketTemplate(msgspec.Struct, frozen=True):
    """Stop and target distance in ticks; 0 leaves that leg out."""

    stop_ticks: int
    target_ticks: int

    @property
    def text(self) -> str:
        """``20 / 40 t``."""
        return f"{self.stop_ticks} / {self.target_ticks} t"


class DeskSettings(msgspec.Struct, frozen=True):
    """Choices of the user. Every value has a default, so an older file still loads."""

    symbol: str = "MNQ"
    interval: str = "1m"
    intervals: tuple[str, ...] = ("5s", "15s", "1m", "5m", "15m", "1h", "1d", "500t")
    size: int = 1
    size_presets: tuple[int, ...] = (1, 2, 3, 5, 10)
    max_size: int = 50
    """The ticket refuses more than this in one order."""
    bracket_on: bool = True
    bracket: BracketTemplate = BracketTemplate(20, 40)
    brackets: tuple[BracketTemplate, ...] = (
        BracketTemplate(8, 16),
        BracketTemplate(20, 40),
        BracketTemplate(40, 80),
        BracketTemplate(20, 0),
    )
    window_size: tuple[int, int] = (1600, 1000)
    right_column: int = 372
    dock_height: int = 214
    dock_open: bool | None = None
    """None: open where the window is tall enough."""
    live_confirmed: tuple[str, ...] = ()
    """Venues for which the typed confirmation for real money was given."""
