"""Fills that share a mark: of one side, in one bar or in bars too narrow to tell apart. Pure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.order import Side
    from tradedesk.ui.chart.marks import FillMark

MARK_PX: Final = 12.0
"""Bars narrower than this share marks with their neighbours."""
_MOST_APART: Final = 3
"""Fills of one side in one bar that each have a mark of their own."""


class FillGroup(NamedTuple):
    """One mark: the bar it stands at, its side, its price, and its fills, oldest first."""

    row: int
    side: Side
    price_ticks: int
    fills: tuple[FillMark, ...]


def bars_a_mark(spacing: float) -> int:
    """How many neighbouring bars share a mark when a bar is so many pixels wide."""
    return max(1, ceil(MARK_PX / max(spacing, 1e-9)))


def group_fills(fills: Sequence[FillMark], rows: Sequence[int], bars: int) -> list[FillGroup]:
    """Marks for fills at rows of bars; each `bars` neighbours share one for each side.

    A mark of several fills stands at their average price, in the bar of the last one. Up to three
    fills of one bar that is wide enough keep a mark each.
    """
    found: dict[tuple[int, Side], list[tuple[int, FillMark]]] = {}
    for fill, row in zip(fills, rows, strict=True):
        if row >= 0:
            found.setdefault((row // bars, fill.side), []).append((row, fill))
    groups: list[FillGroup] = []
    for (_, side), members in found.items():
        members.sort(key=lambda member: member[1].ts_ns)
        if bars == 1 and len(members) <= _MOST_APART:
            groups += [FillGroup(row, side, one.price_ticks, (one,)) for row, one in members]
            continue
        size = sum(one.size for _, one in members)
        average = round(sum(one.price_ticks * one.size for _, one in members) / size)
        groups.append(FillGroup(members[-1][0], side, average, tuple(one for _, one in members)))
    return groups
