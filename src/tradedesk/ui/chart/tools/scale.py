"""What can be done to the scale of a pane by hand."""

from __future__ import annotations

from typing import Protocol


class Scale(Protocol):
    """The values in view of one pane.

    Attributes
    ----------
    auto_y : bool
        They are fitted to what is in view; scaling and moving by hand ends that.
    """

    auto_y: bool

    def scale_y(self, factor: float) -> None:
        """Show `factor` times as much around the middle."""

    def pan_y(self, dy: float) -> None:
        """Move values `dy` pixels down."""
