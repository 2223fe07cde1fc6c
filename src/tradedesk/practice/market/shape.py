"""How busy each hour of the day is, by product group. The figures are of Chicago's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.domain import session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradedesk.practice.market.hours_open import OpenTimes

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MINUTE_NS: Final = 60_000_000_000
_DAY_NS: Final = 86_400_000_000_000
_DAY: Final = 1_440
_BEGINS_NS: Final = 17 * 3_600_000_000_000
_CLOSED: Final = 0.12
"""What a minute of a break adds to the next opening move, where one of mid-session has 1."""

# Pairs of a time and the number of trades there, 1 in mid-session; straight lines in between.
_EQUITY: Final = (
    (1700, 0.35), (1715, 0.14), (1900, 0.12), (2300, 0.09), (100, 0.1), (155, 0.13), (200, 0.34),
    (230, 0.26), (400, 0.2), (600, 0.22), (725, 0.34), (730, 0.9), (740, 0.5), (825, 0.75),
    (829, 0.8), (830, 3.6), (835, 2.9), (845, 2.3), (900, 2.1), (915, 1.7), (1000, 1.35),
    (1100, 0.9), (1200, 0.7), (1300, 0.8), (1400, 1.05), (1430, 1.3), (1450, 2.0), (1459, 3.2),
    (1500, 1.6), (1515, 0.6), (1530, 0.3), (1559, 0.25),
)  # fmt: skip
_FX: Final = (
    (1700, 0.3), (1715, 0.2), (1900, 0.32), (2200, 0.2), (100, 0.6), (155, 0.8), (200, 1.4),
    (300, 1.2), (500, 0.9), (700, 1.1), (725, 1.4), (730, 3.6), (745, 2.4), (900, 2.6),
    (1000, 2.0), (1100, 1.1), (1200, 0.8), (1400, 1.0), (1430, 0.5), (1500, 0.3), (1559, 0.15),
)  # fmt: skip
_RATES: Final = (
    (1700, 0.3), (1715, 0.12), (1900, 0.2), (2300, 0.12), (200, 0.35), (600, 0.4), (715, 0.6),
    (730, 2.8), (745, 1.6), (830, 1.4), (900, 1.4), (1000, 1.0), (1100, 0.9), (1200, 1.1),
    (1330, 0.9), (1400, 1.9), (1405, 0.9), (1500, 0.4), (1559, 0.2),
)  # fmt: skip
_METAL: Final = (
    (1700, 0.35), (1715, 0.18), (1900, 0.45), (2100, 0.4), (100, 0.35), (200, 0.6), (500, 0.5),
    (720, 1.0), (730, 2.2), (800, 1.5), (830, 1.7), (900, 1.9), (1000, 1.2), (1100, 0.8),
    (1230, 1.3), (1245, 0.6), (1400, 0.35), (1559, 0.2),
)  # fmt: skip
_ENERGY: Final = (
    (1700, 0.25), (1715, 0.1), (2000, 0.12), (200, 0.35), (600, 0.5), (755, 0.8), (800, 1.9),
    (830, 1.6), (928, 1.1), (930, 2.2), (940, 1.4), (1100, 0.9), (1300, 1.2), (1325, 2.0),
    (1330, 1.6), (1345, 0.5), (1500, 0.2), (1559, 0.15),
)  # fmt: skip
_GRAIN: Final = (
    (1900, 0.5), (1915, 0.2), (2200, 0.1), (500, 0.12), (745, 0.3), (829, 0.3), (830, 3.4),
    (840, 2.2), (930, 1.2), (1100, 0.8), (1230, 0.9), (1310, 1.8), (1319, 2.8), (1320, 2.8),
)  # fmt: skip
_LIVESTOCK: Final = (
    (830, 2.4), (840, 1.6), (930, 1.0), (1100, 0.8), (1230, 1.0), (1300, 2.0), (1305, 2.0),
)  # fmt: skip
_CRYPTO: Final = (
    (1700, 0.7), (1900, 0.7), (2300, 0.5), (200, 0.6), (700, 0.8), (830, 1.9), (1000, 1.4),
    (1200, 0.9), (1430, 1.1), (1500, 1.4), (1559, 0.6),
)  # fmt: skip
_DAYS: Final = {
    "equity": _EQUITY,
    "fx": _FX,
    "rates": _RATES,
    "stir": _RATES,
    "metal": _METAL,
    "energy": _ENERGY,
    "grain": _GRAIN,
    "livestock": _LIVESTOCK,
    "crypto": _CRYPTO,
}


class Factors(NamedTuple):
    """What to multiply by in each minute: the size of price moves, and the number of trades."""

    size: Floats
    flow: Floats


class DayShape:
    """Activity of a product group over the day, and none while it is closed.

    Parameters
    ----------
    group : str
        Product group.
    times : OpenTimes
        When the group trades. If that is always, every minute is one of mid-session.
    """

    def __init__(self, group: str, times: OpenTimes) -> None:
        self._times = times
        pairs = sorted((clock // 100 * 60 + clock % 100, flow) for clock, flow in _DAYS[group])
        self._minutes = np.array([minute for minute, _ in pairs], np.float64)
        self._flows = np.array([flow for _, flow in pairs])

    def flow(self, ts_ns: Ints) -> Floats:
        """Trades at some moments as multiples of mid-session, whether open or not."""
        if self._times.endless:
            return np.ones(len(ts_ns))
        minute = (ts_ns + chicago_ns(ts_ns)) % _DAY_NS / MINUTE_NS
        return np.asarray(np.interp(minute, self._minutes, self._flows, period=_DAY))

    def minutes(self, ts_ns: Ints) -> Factors:
        """Factors of minutes that begin at some times; a closed one moves the price a little."""
        if self._times.endless:
            return Factors(np.ones(len(ts_ns)), np.ones(len(ts_ns)))
        flow = self.flow(ts_ns + MINUTE_NS // 2)
        is_open = self._times.touches(ts_ns, MINUTE_NS)
        return Factors(np.where(is_open, np.sqrt(flow), _CLOSED), np.where(is_open, flow, 0.0))


def chicago_ns(ts_ns: Ints) -> Ints:
    """Chicago's distance from UTC at some moments; on a Sunday of change that of its evening."""
    days, row = np.unique(ts_ns // _DAY_NS, return_inverse=True)
    dates = (datetime.fromtimestamp(day * 86_400, UTC).date() for day in days.tolist())
    # The trading day begins at 17:00 in Chicago, so when it begins in UTC tells the zone.
    begins = np.array([session.session_offset_ns(day + timedelta(1)) for day in dates], np.int64)
    return np.asarray((_BEGINS_NS - _DAY_NS - begins)[row])
