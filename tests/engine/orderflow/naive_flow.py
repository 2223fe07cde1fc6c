"""Independent, slow, obvious ways to make profiles and footprints."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tests.engine.naive import Trade, naive_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.orderflow.footprint import Footprint
    from tradedesk.engine.orderflow.volume_profile import VolumeProfile

Rows = dict[int, tuple[int, int, int]]
"""Volume, buy volume and trades by price, lowest first."""


def naive_rows(trades: Sequence[Trade], ticks: int = 1) -> Rows:
    """Count trades one by one."""
    rows: Rows = {}
    for _, px, qty, buy in trades:
        row = px // ticks * ticks
        volume, bought, count = rows.get(row, (0, 0, 0))
        rows[row] = (volume + qty, bought + buy, count + 1)
    return dict(sorted(rows.items()))


def rows_of(profile: VolumeProfile) -> Rows:
    """A profile in the same form."""
    columns = (profile.px_ticks, profile.volume, profile.buy_volume, profile.count)
    return {px: tuple(rest) for px, *rest in zip(*(c.tolist() for c in columns), strict=True)}


def naive_poc(rows: Rows) -> int:
    """Most volume; nearest to the middle; the higher one."""
    most = max(volume for volume, _, _ in rows.values())
    middle = Fraction(min(rows) + max(rows), 2)
    tied = [px for px in rows if rows[px][0] == most]
    return min(tied, key=lambda px: (abs(px - middle), -px))


def naive_area(rows: Rows, ticks: int, share: Fraction) -> tuple[int, int, int]:
    """Two rows at a time over a ladder without holes, the upper pair first if both are equal."""
    total = sum(volume for volume, _, _ in rows.values())
    low = high = naive_poc(rows)
    inside = rows[low][0]

    def pair(first: int, step: int) -> list[int]:
        ladder = (first + n * step * ticks for n in (1, 2))
        return [px for px in ladder if lowest <= px <= highest]

    lowest, highest = min(rows), max(rows)
    while inside < share * total:
        above, below = pair(high, 1), pair(low, -1)
        up, down = (sum(rows.get(px, (0,))[0] for px in side) for side in (above, below))
        if above and (not below or up >= down):
            high = above[-1]
            inside += up
        else:
            low = below[-1]
            inside += down
    held = [px for px in rows if low <= px <= high]
    return held[0], held[-1] + ticks - 1, inside


class NaiveBar(NamedTuple):
    """One bar of a footprint."""

    ts_ns: int
    rows: Rows
    delta: int
    max_delta: int
    min_delta: int


def naive_footprint(
    trades: Sequence[Trade], spec: BarSpec, session_offset_ns: int = 0
) -> list[NaiveBar]:
    """Bars as in `tests.engine.naive`, each counted by itself."""
    groups: dict[int, list[Trade]] = {}
    volume = 0
    for number, trade in enumerate(trades):
        if spec.is_time:
            key = naive_open(trade[0], spec, session_offset_ns)
        elif str(spec).endswith("t"):
            key = number // spec.size
        else:
            key = volume // spec.size
        volume += trade[2]
        groups.setdefault(key, []).append(trade)
    bars = []
    for key, group in groups.items():
        deltas = [0]
        for _, _, qty, buy in group:
            deltas.append(deltas[-1] + buy - (qty - buy))
        opened = key if spec.is_time else group[0][0]
        bars.append(NaiveBar(opened, naive_rows(group), deltas[-1], max(deltas), min(deltas)))
    return bars


def bars_of(footprint: Footprint) -> list[NaiveBar]:
    """A footprint in the same form."""
    prices = (footprint.px_ticks, footprint.bid_volume, footprint.ask_volume, footprint.count)
    flat = list(zip(*(column.tolist() for column in prices), strict=True))
    rows = [
        {px: (bid + ask, ask, count) for px, bid, ask, count in flat[begin:end]}
        for begin, end in itertools.pairwise(footprint.offsets.tolist())
    ]
    figures = (footprint.delta, footprint.max_delta, footprint.min_delta)
    columns = (footprint.ts_ns.tolist(), rows, *(figure.tolist() for figure in figures))
    return [NaiveBar(*bar) for bar in zip(*columns, strict=True)]
