"""All items of a chart, and those among them that have something to say to a tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.items.base import PaneItem

if TYPE_CHECKING:
    from collections.abc import Iterator


class Cast:
    """Items in the order in which they were added.

    Most of them leave most hooks of `PaneItem` as they are, and asking all of them with every tick
    costs as much as painting the newest bar.

    Attributes
    ----------
    holding, following, chipped : list of PaneItem
        Those with a `holds_newest`, a `newest_changed` or `wanted_chips` of their own.
    """

    def __init__(self) -> None:
        self._all: list[PaneItem] = []
        self.holding: list[PaneItem] = []
        self.following: list[PaneItem] = []
        self.chipped: list[PaneItem] = []

    def __iter__(self) -> Iterator[PaneItem]:
        return iter(self._all)

    def add(self, item: PaneItem) -> None:
        """Take one more."""
        self._all.append(item)
        kind = type(item)
        if kind.holds_newest is not PaneItem.holds_newest:
            self.holding.append(item)
        if kind.newest_changed is not PaneItem.newest_changed:
            self.following.append(item)
        if kind.wanted_chips is not PaneItem.wanted_chips:
            self.chipped.append(item)
