"""Which tracks keep the bars of some sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.hours.calendar import grid_of
from tradedesk.engine.hours.trading_hours import TradingHours
from tradedesk.engine.live.count_track import CountTrack
from tradedesk.engine.live.nested_track import NestedTrack, nest
from tradedesk.engine.live.range_track import RangeTrack
from tradedesk.engine.live.renko_track import RenkoTrack
from tradedesk.engine.live.session_track import SessionBricks, SessionTrack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradedesk.engine.hours.bar_grid import BarGrid
    from tradedesk.engine.hours.calendar import Calendar

Bricks = RenkoTrack | SessionBricks
Track = (
    NestedTrack | CountTrack | RangeTrack | Bricks
    | SessionTrack[CountTrack] | SessionTrack[RangeTrack]
)  # fmt: skip

_UNSEEN: Final = BarSpec.parse("1mo")
"""What the main track keeps when no time bars are asked for, so that a trade has one path."""


def make_tracks(
    wanted: Iterable[BarSpec], calendar: Calendar
) -> tuple[NestedTrack, tuple[Track, ...]]:
    """Return the chain of time bars that most sizes are in, and all other tracks."""
    grids: list[BarGrid] = []
    others: list[Track] = []
    for spec in wanted:
        if spec.is_time:
            grids.append(grid_of(spec, calendar))
        else:
            others.append(_timeless(spec, calendar))
    main, *more = (NestedTrack(chain) for chain in nest(grids or [grid_of(_UNSEEN, calendar)]))
    return main, (*more, *others)


def _timeless(spec: BarSpec, calendar: Calendar) -> Track:
    hours = calendar if isinstance(calendar, TradingHours) else None
    if spec.unit is BarUnit.RENKO:
        bricks = RenkoTrack(spec)
        return bricks if hours is None else SessionBricks(bricks, hours)
    if spec.unit is BarUnit.RANGE:
        ranges = RangeTrack(spec)
        return ranges if hours is None else SessionTrack(ranges, hours)
    counter = CountTrack(spec)
    return counter if hours is None else SessionTrack(counter, hours)


def places(tracks: Iterable[Track]) -> dict[BarSpec, tuple[Track, int]]:
    """Return for each size the track that keeps it, and its level there."""
    return {spec: (track, level) for track in tracks for level, spec in enumerate(track.specs)}
