"""How point of control and value area came about, bar by bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradedesk.engine.orderflow.levels import Levels, collapse
from tradedesk.engine.orderflow.point_of_control import points_of_control
from tradedesk.engine.orderflow.value_area import spread, whole_share

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from tradedesk.engine.orderflow.footprint import Footprint


class DevelopingProfile(NamedTuple):
    """What the profile of all bars up to each one looks like.

    Attributes
    ----------
    point_of_control : ndarray of int64, shape (bars,)
        Lowest price of the row with the most volume.
    low, high : ndarray of int64, shape (bars,)
        Lowest and highest price of the value area.
    """

    point_of_control: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]


def developing_profile(footprint: Footprint, share: float | Fraction = 0.7) -> DevelopingProfile:
    """Follow point of control and value area through the bars of a footprint.

    Parameters
    ----------
    footprint : Footprint
        Bars of one session, say; the count begins with the first of them.
    share : float or Fraction, default 0.7
        See `VolumeProfile.value_area`.

    Returns
    -------
    DevelopingProfile
        The entry of each bar is what `Footprint.profile` up to and with it gives.

    Raises
    ------
    InputError
        If the share is not possible.

    Notes
    -----
    The work grows with bars times traded prices: some hundredths of a millisecond a bar.
    """
    exact = whole_share(share)
    found = np.empty((3, len(footprint)), np.int64)
    if not len(footprint):
        return DevelopingProfile(*found)
    prices = collapse(footprint.levels).px_ticks
    places = prices.searchsorted(footprint.px_ticks)
    volume, traded = np.zeros(len(prices), np.int64), np.zeros(len(prices), np.bool_)
    offsets, added = footprint.offsets.tolist(), footprint.volume
    for bar in range(len(footprint)):
        rows = slice(offsets[bar], offsets[bar + 1])
        volume[places[rows]] += added[rows]
        traded[places[rows]] = True
        own_prices, own_volume = prices[traded], volume[traded]
        whole = np.array([0, len(own_prices)], np.intp)
        levels = Levels(whole, own_prices, own_volume, own_volume, own_volume)
        poc = int(points_of_control(levels)[0])
        first, last, _ = spread(own_prices, own_volume, poc, footprint.row_ticks, exact)
        found[:, bar] = own_prices[poc], own_prices[first], own_prices[last]
    found[2] += footprint.row_ticks - 1
    return DevelopingProfile(*found)
