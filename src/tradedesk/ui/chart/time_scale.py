"""Round times for the axis, placed at the bars that open at or after them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tradedesk.ui.chart.time_zone import NS, LocalTime

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * _HOUR for n in (1, 2, 3, 4, 6, 12)),
    _DAY,
)
_MONTH_STEPS: Final = (1, 3, 6, 12, 24, 60, 120)
_MONTH_S: Final = 30.44 * _DAY
_WEEK: Final = 7 * _DAY
_MONDAY: Final = 4 * _DAY * NS
"""1970-01-05, the first Monday."""
_MOST: Final = 20_000


class TimeMark(NamedTuple):
    """A label: the bar position it stands at and its text; `strong` where a new day begins."""

    bar: float
    text: str
    strong: bool


def time_marks(
    ts_ns: NDArray[np.int64],
    span: tuple[float, float],
    least_bars: float,
    period_ns: int | None,
    zone: LocalTime,
) -> list[TimeMark]:
    """Labels between two bar positions, at least `least_bars` apart.

    Parameters
    ----------
    ts_ns : ndarray of int64
        Opening times of all bars.
    span : tuple of float
        Bar positions of the left and right edge.
    least_bars : float
        Smallest distance of two labels, in bars.
    period_ns : int or None
        Length of a bar where it is always the same: then labels run on behind the newest bar.
    zone : LocalTime
        Whose clock is shown.
    """
    # From two labels further left on, so that what is left out does not change while panning.
    first = max(0, int(span[0] - 2 * least_bars))
    stop = min(len(ts_ns), int(span[1]) + 1)
    if stop - first < 1:
        return []
    end = int(ts_ns[stop - 1])
    ahead = max(0.0, span[1] - (len(ts_ns) - 1)) if stop == len(ts_ns) and period_ns else 0.0
    until = end + int(ahead * (period_ns or 0))
    step_s = _typical_step(ts_ns, first, stop, least_bars, period_ns)
    local = zone.to_local(np.array([int(ts_ns[max(0, first - 1)]), until], np.int64))
    moments = _round_moments(int(local[0]), int(local[1]), step_s)
    utc = zone.to_utc(moments)
    rows = np.searchsorted(ts_ns, utc, side="left").astype(np.float64)
    beyond = utc > ts_ns[-1]
    if period_ns:
        rows[beyond] = len(ts_ns) - 1 + (utc[beyond] - ts_ns[-1]) / period_ns
    else:
        rows[beyond] = np.inf
    keep = np.isfinite(rows) & (rows <= span[1])
    # Several round times fall on the first bar after a pause: the last one names it.
    keep[:-1] &= rows[:-1] != rows[1:]
    marks = _texts(rows[keep], moments[keep], step_s, least_bars)
    return [mark for mark in marks if mark.bar >= span[0]]


def moment_text(zone: LocalTime, ts_ns: int, period_ns: int | None) -> str:
    """What the crosshair shows for a bar: ``Tue 12 Nov 14:28``."""
    at = zone.datetime(ts_ns)
    day = f"{at:%a} {at.day} {at:%b}"
    if period_ns is not None and period_ns >= _DAY * NS:
        return f"{day} {at:%Y}"
    seconds = period_ns is None or period_ns % (_MINUTE * NS)
    return f"{day} {at:%H:%M:%S}" if seconds else f"{day} {at:%H:%M}"


def _typical_step(
    ts_ns: NDArray[np.int64], first: int, stop: int, least_bars: float, period_ns: int | None
) -> float:
    if period_ns is None:
        shown = stop - first
        period_ns = int(ts_ns[stop - 1] - ts_ns[first]) // max(1, shown - 1)
    least_s = max(period_ns, 1) / NS * least_bars
    for step in _STEPS_S:
        if step >= least_s:
            return step
    if least_s <= _WEEK:
        return _WEEK
    months = least_s / _MONTH_S
    return next((n for n in _MONTH_STEPS if n >= months), _MONTH_STEPS[-1]) * _MONTH_S


def _round_moments(start: int, stop: int, step_s: float) -> NDArray[np.int64]:
    """Round local times from the first one behind `start` up to `stop`."""
    if step_s > _WEEK:
        months = max(1, round(step_s / _MONTH_S))
        ends = np.array([start, stop], "datetime64[ns]").astype("datetime64[M]").astype(np.int64)
        numbers = np.arange(ends[0] // months * months, ends[1] + months + 1, months)
        found = numbers.astype("datetime64[M]").astype("datetime64[ns]").astype(np.int64)
    else:
        step = int(step_s) * NS
        shift = _MONDAY if step_s == _WEEK else 0
        step *= max(1, (stop - start) // step // _MOST)
        found = np.arange((start - shift) // step * step + shift, stop + step, step)
    inside: NDArray[np.int64] = found[(found > start) & (found <= stop)]
    return inside


def _texts(
    rows: NDArray[np.float64], moments: NDArray[np.int64], step_s: float, least_bars: float
) -> list[TimeMark]:
    marks: list[TimeMark] = []
    day_before = None
    for bar, moment in zip(rows.tolist(), (moments // NS).tolist(), strict=True):
        day, second = divmod(moment, _DAY)
        strong = step_s < _DAY and (second == 0 or day_before not in (None, day))
        day_before = day
        mark = TimeMark(bar, _text(moment, step_s, strong), strong)
        if marks and bar - marks[-1].bar < least_bars * 0.75:
            if strong and not marks[-1].strong:
                marks[-1] = mark
            continue
        marks.append(mark)
    return marks


@lru_cache(maxsize=4_096)
def _text(moment_s: int, step_s: float, strong: bool) -> str:
    at = datetime.fromtimestamp(moment_s, UTC)
    if step_s > _WEEK:
        return f"{at:%Y}" if at.month == 1 else f"{at:%b}"
    if step_s >= _DAY or strong:
        return f"{at.day} {at:%b}"
    return f"{at:%H:%M:%S}" if step_s < _MINUTE else f"{at:%H:%M}"
