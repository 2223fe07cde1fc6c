"""Trading hours looked up session by session, and bars made with them; slow and obvious."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from tests.engine.naive import DAY, HOUR, MINUTE, SECOND, Trade, naive_bars, naive_open

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bar, TradingHours

if TYPE_CHECKING:
    from collections.abc import Sequence

Session = tuple[int, int, int]

CHICAGO = "America/Chicago"
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 23)
HOLIDAYS = (date(2026, 4, 3), date(2026, 11, 26))
EARLY = {date(2026, 7, 3): time(12, 15), date(2026, 11, 27): time(12, 15)}
ALL_HOURS = TradingHours.cme_equity(FIRST, LAST, holidays=HOLIDAYS, early_closes=EARLY)
RTH = TradingHours.cme_equity(FIRST, LAST, rth=True, holidays=HOLIDAYS, early_closes=EARLY)
ENDLESS = TradingHours.always(CHICAGO, time(17), FIRST, LAST)
LUNCH = TradingHours.weekly(
    "Asia/Tokyo", [(time(9), time(11, 30)), (time(12, 30), time(15, 0, 7))], FIRST, LAST
)
KNOWN = {"all": ALL_HOURS, "rth": RTH, "endless": ENDLESS, "lunch": LUNCH}
CLOCKS_CHANGE = [date(2026, 3, 8), date(2026, 11, 1)]


def sessions_of(hours: TradingHours) -> list[Session]:
    """Rows as Python integers."""
    return list(
        zip(hours.opens_ns.tolist(), hours.closes_ns.tolist(), hours.day.tolist(), strict=True)
    )


def naive_session(ts_ns: int, sessions: Sequence[Session]) -> Session | None:
    """The session that holds a time, found by looking at all of them."""
    return next((one for one in sessions if one[0] <= ts_ns < one[1]), None)


def naive_open_in(ts_ns: int, spec: BarSpec, sessions: Sequence[Session]) -> int | None:
    """When the bar that holds a time opens, or None outside the sessions."""
    session = naive_session(ts_ns, sessions)
    if session is None:
        return None
    unit = str(spec)[len(str(spec.size)) :]
    if unit in ("s", "m", "h"):
        step = spec.size * {"s": SECOND, "m": MINUTE, "h": HOUR}[unit]
        return session[0] + (ts_ns - session[0]) // step * step
    mine = naive_open(session[2] * DAY, spec)
    return next(one[0] for one in sessions if naive_open(one[2] * DAY, spec) == mine)


def naive_hour_bars(trades: Sequence[Trade], spec: BarSpec, hours: TradingHours) -> list[Bar]:
    """Bars of the trades inside the sessions."""
    groups: dict[int, list[Trade]] = {}
    sessions = sessions_of(hours)
    for trade in trades:
        if spec.is_time:
            key = naive_open_in(trade[0], spec, sessions)
        else:
            session = naive_session(trade[0], sessions)
            key = None if session is None else session[0]
        if key is not None:
            groups.setdefault(key, []).append(trade)
    if not spec.is_time:
        return [bar for group in groups.values() for bar in naive_bars(group, spec)]
    whole = BarSpec.parse("10000000t")
    return [
        bar._replace(ts_ns=key) for key, group in groups.items() for bar in naive_bars(group, whole)
    ]


@st.composite
def made_up_hours(draw: st.DrawFn) -> TradingHours:
    """Sessions of any length that may touch, several to a day, over clock changes or not."""
    rows = draw(st.integers(1, 12))
    begin = draw(st.sampled_from([0, -3 * DAY, 20_000 * DAY, 20_000 * DAY + 7 * SECOND]))
    opens, closes, days = [], [], []
    day = begin // DAY
    for _ in range(rows):
        begin += draw(st.sampled_from([0, 0, MINUTE, HOUR, 17 * HOUR + 3, 2 * DAY]))
        length = draw(
            st.one_of(
                st.integers(1, 3 * MINUTE),
                st.sampled_from([MINUTE, HOUR, 90 * MINUTE, 23 * HOUR, DAY]),
            )
        )
        opens.append(begin)
        begin += length
        closes.append(begin)
        day = max(day, opens[-1] // DAY + draw(st.integers(0, 1)))
        days.append(day)
    return TradingHours(opens, closes, days)


HOURS = st.one_of(st.sampled_from(list(KNOWN.values())), made_up_hours())


@st.composite
def tapes_in(draw: st.DrawFn, hours: TradingHours, *, max_size: int = 40) -> list[Trade]:
    """Trades in the order of time, many of them at the edges of sessions and beyond the known."""
    sessions = sessions_of(hours)
    size = draw(st.integers(0, max_size))
    row = draw(st.integers(0, len(sessions) - 1))
    changes = [
        datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
        for day in CLOCKS_CHANGE
    ]
    ts_ns = draw(
        st.sampled_from(
            [
                sessions[row][0],
                sessions[0][0] - 3 * HOUR,
                sessions[-1][1] - HOUR,
                *(int(moment.timestamp()) * SECOND for moment in changes),
            ]
        )
    )
    trades: list[Trade] = []
    px = draw(st.integers(-1_000, 1_000))
    for _ in range(size):
        kind = draw(st.integers(0, 5))
        if kind == 0:
            ts_ns += draw(st.integers(0, 8 * DAY))
        elif kind == 1:  # to the next edge of a session, or one nanosecond beside it
            edges = [edge for one in sessions for edge in one[:2] if edge > ts_ns + 1]
            ts_ns = (edges[0] if edges else ts_ns + HOUR) + draw(st.integers(-1, 1))
        else:
            ts_ns += draw(
                st.one_of(st.sampled_from([0, SECOND, MINUTE, HOUR]), st.integers(0, 5 * HOUR))
            )
        px += draw(st.integers(-3, 3))
        qty = draw(st.one_of(st.integers(0, 6), st.integers(0, 40_000)))
        trades.append((ts_ns, px, qty, draw(st.integers(0, qty))))
    return trades
