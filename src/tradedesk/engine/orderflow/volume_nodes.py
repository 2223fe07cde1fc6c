"""Rows of a profile with more or with less volume than those around them.

A high volume node has more volume than each of the `reach` rows below it and no less than each of
the `reach` rows above it; a low volume node has less than those below and no more than those
above. Of equal rows next to each other the lowest one is meant. Rows are consecutive: one in which
nothing traded has volume 0 and may be a low volume node. Rows beyond the profile are not compared
with; a low volume node has rows on both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.engine.orderflow.parameter import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.engine.orderflow.volume_profile import VolumeProfile

_MOST_ROWS: Final = 1_000_000


class VolumeNodes(NamedTuple):
    """Lowest prices of the rows that are nodes, ascending; int64 arrays of any length."""

    high: NDArray[np.int64]
    low: NDArray[np.int64]


def volume_nodes(profile: VolumeProfile, reach: int = 3) -> VolumeNodes:
    """Find high and low volume nodes.

    Parameters
    ----------
    profile : VolumeProfile
        From the lowest to the highest price at most 1,000,000 rows.
    reach : int, default 3
        How many rows to either side a row is compared with, 1 to 1,000.

    Raises
    ------
    InputError
        If reach or profile are too wide.
    """
    reach = whole(reach, 1, 1_000, "A node among {} rows to either side")
    if not len(profile):
        nothing = np.empty(0, np.int64)
        return VolumeNodes(nothing, nothing)
    step, lowest = profile.row_ticks, int(profile.px_ticks[0])
    place = (profile.px_ticks.astype(np.int64) - lowest) // step
    rows = int(place[-1]) + 1
    if rows > _MOST_ROWS:
        raise InputError(
            f"A profile of {rows} rows is too wide for nodes: group it into {_MOST_ROWS} at most."
        )
    volume = np.zeros(rows, np.int64)
    volume[place] = profile.volume
    high = np.flatnonzero(_peaks(volume, reach) & (volume > 0))
    low = np.flatnonzero(_peaks(-volume, reach)[1:-1]) + 1
    return VolumeNodes(high * step + lowest, low * step + lowest)


def _peaks(values: NDArray[np.int64], reach: int) -> NDArray[np.bool_]:
    """Which values are above all those before and not below any of those behind, within reach."""
    beyond = np.full(reach, np.iinfo(np.int64).min)
    padded = np.concatenate((beyond, values, beyond))
    most = np.lib.stride_tricks.sliding_window_view(padded, reach).max(axis=1)
    peaks: NDArray[np.bool_] = (values > most[: len(values)]) & (values >= most[reach + 1 :])
    return peaks
