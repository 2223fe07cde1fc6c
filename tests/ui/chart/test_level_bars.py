"""Levels of days on charts whose bars do not hold them: against plain loops over trades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace
from tests.ui.chart.samples import MINUTE_NS, MNQ
from tests.ui.chart.test_sessions import SUNDAY_NS, plain_day

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.ids import ContractId
from tradedesk.engine import BarSeries, TradeBatch, aggregate
from tradedesk.services.older_bars import EVER_NS
from tradedesk.services.product_hours import product_hours
from tradedesk.ui.chart.look import Looks
from tradedesk.ui.chart.model import ChartModel
from tradedesk.ui.chart.sessions.chart_days import ChartDays
from tradedesk.ui.chart.sessions.level_bars import level_size
from tradedesk.ui.chart.sessions.level_finder import MOST_BARS, LevelFinder
from tradedesk.ui.chart.sessions.levels import GROUPS, OPEN, OPENING, OVERNIGHT, PRIOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.chart.chart_bench import ChartBench

    from tradedesk.domain.instrument import Instrument

    MakeChart = Callable[..., ChartBench]

REGULAR = {
    "MNQ": (510, 900),
    "GC": (440, 750),
    "CL": (480, 810),
    "ZC": (510, 800),
    "XYZ": (0, 0),
}
"""Minutes of the day in Chicago between which regular hours are; none are known of the last."""
ALL = tuple(GROUPS)


@dataclass
class Lent:
    """Bars for levels, as a feed would keep them."""

    series: BarSeries
    spec: BarSpec
    sure_ns: int = EVER_NS


def two_weeks_of(symbol: str, seed: int = 3) -> TradeBatch:
    """A trade every two minutes or so while a product trades."""
    rng = np.random.default_rng(seed)
    ts_ns = SUNDAY_NS + np.cumsum(rng.exponential(120e9, 11 * 720)).astype(np.int64)
    hours = product_hours(symbol, int(ts_ns[0]), int(ts_ns[-1]))
    ts_ns = ts_ns[np.flatnonzero(hours.every.is_open(ts_ns))]
    px = 80_000 + np.cumsum(rng.integers(-9, 10, len(ts_ns))).astype(np.int32)
    ones = np.ones(len(ts_ns), np.int32)
    return TradeBatch(ts_ns, px, ones, ones)


def contract(symbol: str) -> Instrument:
    return replace(MNQ, contract_id=ContractId(f"CON.F.US.{symbol}.Z26"), name=f"{symbol}Z6")


def plain_levels(trades: TradeBatch, symbol: str, minutes: int) -> dict[int, dict[str, int]]:
    """Levels of every trading day, found trade by trade."""
    opens, closes = REGULAR[symbol]
    found: dict[int, dict[str, int]] = {}
    regular: dict[int, list[int]] = {}
    parts: dict[int, dict[str, list[int]]] = {}
    for ts, price in zip(trades.ts_ns.tolist(), trades.px_ticks.tolist(), strict=True):
        day, minute = plain_day(ts)
        of_day = parts.setdefault(day, {"night": [], "opening": [], "regular": []})
        if not closes or opens <= minute < closes:
            of_day["regular"].append(price)
            regular.setdefault(day, []).append(price)
            if closes and minute < opens + minutes:
                of_day["opening"].append(price)
        elif minute >= 17 * 60 or minute < opens:
            of_day["night"].append(price)
    for day, of_day in parts.items():
        before = max((each for each in regular if each < day), default=None)
        rows = {
            ("ONH", "ONL"): of_day["night"],
            (f"OR{minutes} H", f"OR{minutes} L"): of_day["opening"],
            ("PDH", "PDL"): [] if before is None else regular[before],
        }
        levels = {
            name: pick(prices)
            for names, prices in rows.items()
            for name, pick in zip(names, (max, min), strict=True)
            if prices
        }
        if of_day["regular"]:
            levels["Open"] = of_day["regular"][0]
        if before is not None:
            levels["PDC"] = regular[before][-1]
        found[day] = levels
    return found


class Finding:
    """Levels of a chart that shows some trades at a bar size."""

    def __init__(self, symbol: str, spec: str, shown: TradeBatch, minutes: int = 15) -> None:
        self.model, self.spec = ChartModel(), BarSpec.parse(spec)
        self.model.show(BarSeries(aggregate(shown, self.spec)), contract(symbol), self.spec)
        looks = Looks()
        looks.change(levels=ALL, opening_minutes=minutes)
        self.days = ChartDays(self.model)
        self.finder = LevelFinder(self.model, self.days, looks)
        ends = int(shown.ts_ns[0]), int(shown.ts_ns[-1])
        self.size = level_size(self.spec, product_hours(symbol, *ends), ALL, minutes)

    def lend(self, trades: TradeBatch, sure_ns: int = EVER_NS) -> None:
        """Lend bars of these trades, if the chart wants any."""
        if self.size is not None:
            self.finder.take_bars(Lent(BarSeries(aggregate(trades, self.size)), self.size, sure_ns))

    def prices(self) -> dict[int, dict[str, int]]:
        """Levels by day and name."""
        days = self.days.now()
        assert days is not None
        return {
            day: {level.text: level.price_ticks for level in self.finder.of_day(days, at)}
            for at, day in enumerate(days.day.tolist())
        }


SIZES = ["1m", "7m", "20m", "1h", "2h", "4h", "200t", "10r"]


@pytest.mark.parametrize("symbol", REGULAR)
@pytest.mark.parametrize("spec", SIZES)
@pytest.mark.parametrize("minutes", [1, 15, 60])
def test_levels_at_every_size_are_those_of_the_trades(symbol: str, spec: str, minutes: int) -> None:
    trades = two_weeks_of(symbol)
    chart = Finding(symbol, spec, trades, minutes)
    chart.lend(trades)
    wanted = plain_levels(trades, symbol, minutes)
    found = chart.prices()
    assert len(found) >= 9
    assert found == {day: wanted.get(day, {}) for day in found}


@pytest.mark.parametrize("symbol", REGULAR)
@pytest.mark.parametrize("spec", [*SIZES, "6h", "8h"])
def test_bars_of_the_chart_alone_tell_nothing_else(symbol: str, spec: str) -> None:
    trades = two_weeks_of(symbol)
    wanted, found = plain_levels(trades, symbol, 15), Finding(symbol, spec, trades).prices()
    assert all(levels.items() <= wanted.get(day, {}).items() for day, levels in found.items())


@pytest.mark.parametrize("spec", ["1h", "4h", "200t"])
@pytest.mark.parametrize("seed", range(12))
def test_levels_of_a_day_that_goes_on_are_those_of_its_trades_so_far(spec: str, seed: int) -> None:
    trades = two_weeks_of("MNQ")
    trades = trades[: int(np.random.default_rng(seed).integers(1_000, len(trades)))]
    chart = Finding("MNQ", spec, trades[len(trades) // 2 :])
    chart.lend(trades)
    wanted, found = plain_levels(trades, "MNQ", 15), chart.prices()
    assert found == {day: wanted.get(day, {}) for day in found}
    assert "PDH" in found[max(found)]


def test_bars_too_short_to_reach_back_have_the_levels_of_the_day_before() -> None:
    trades = two_weeks_of("MNQ")
    chart = Finding("MNQ", "5s", trades[-200:])
    assert chart.size == BarSpec.parse("15m")
    day = max(chart.prices())
    assert "PDH" not in chart.prices()[day]
    chart.lend(trades)
    assert chart.prices()[day] == plain_levels(trades, "MNQ", 15)[day]


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_told_of_a_stretch_that_is_not_sure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trades = two_weeks_of("MNQ")
    lost, again = sorted(rng.integers(1_500, len(trades) - 1, 2).tolist())
    again = min(again, lost + int(rng.integers(1, 900)))
    held = TradeBatch.concat((trades[:lost], trades[again:]))
    chart = Finding("MNQ", "50t", trades)
    chart.lend(held, sure_ns=int(trades.ts_ns[lost]))
    wanted, found = plain_levels(trades, "MNQ", 15), chart.prices()
    for day, levels in found.items():
        assert levels.items() <= wanted[day].items()
    whole = plain_day(int(trades.ts_ns[lost]))[0]
    assert all(found[day] == wanted[day] for day in found if day < whole)
    assert {"PDH", "PDL", "PDC"} <= found[whole].keys(), "they were known before"
    after = [day for day in found if day > whole]
    assert all(not found[day] for day in after)


def test_a_line_begins_at_the_bar_in_which_regular_hours_open() -> None:
    trades = two_weeks_of("MNQ")
    chart = Finding("MNQ", "1h", trades)
    chart.lend(trades)
    days, ts_ns = chart.days.now(), chart.model.series.ts_ns
    assert days is not None
    for at in range(len(days)):
        first, end = int(days.first[at]), int(days.end[at])
        levels = chart.finder.of_day(days, at)
        assert {level.end for level in levels} == {end}
        for level in levels:
            if level.group in (OPENING, OPEN):
                assert plain_day(int(ts_ns[level.row]))[1] == 8 * 60
            else:
                assert level.row == first


@pytest.mark.parametrize(
    ("symbol", "spec", "levels", "minutes", "size"),
    [
        ("MNQ", "1h", (PRIOR,), 15, "30m"),
        ("MNQ", "1h", (PRIOR, OPENING), 15, "15m"),
        ("MNQ", "1h", (OPENING,), 60, "30m"),
        ("MNQ", "1h", (OPENING,), 5, "5m"),
        ("MNQ", "1h", (OPENING,), 7, "1m"),
        ("MNQ", "20m", ALL, 15, "15m"),
        ("MNQ", "500t", ALL, 15, "15m"),
        ("MNQ", "15s", ALL, 15, "15m"),
        ("MNQ", "30m", ALL, 30, None),
        ("MNQ", "30m", ALL, 15, "15m"),
        ("MNQ", "1m", ALL, 15, None),
        ("MNQ", "1h", (), 15, None),
        ("MNQ", "1d", ALL, 15, None),
        ("GC", "30m", (OVERNIGHT,), 15, "5m"),
        ("GC", "5m", ALL, 15, None),
        ("XYZ", "1h", ALL, 15, None),
        ("XYZ", "4h", ALL, 15, "30m"),
        ("XYZ", "500t", (OVERNIGHT, OPENING), 15, None),
    ],
)
def test_the_longest_bars_that_hold_them_are_chosen(
    symbol: str, spec: str, levels: tuple[str, ...], minutes: int, size: str | None
) -> None:
    hours = product_hours(symbol, SUNDAY_NS, SUNDAY_NS)
    found = level_size(BarSpec.parse(spec), hours, levels, minutes)
    assert (None if found is None else str(found)) == size


# --- on the chart -------------------------------------------------------------------------------


def hours_chart(make_chart: MakeChart, trades: TradeBatch) -> ChartBench:
    """Bars of an hour with about three days in view, and all levels wanted."""
    chart = make_chart(aggregate(trades, BarSpec.parse("1h")))
    chart.panel.set_series(chart.series, MNQ, BarSpec.parse("1h"))
    chart.panel.looks.change(levels=ALL)
    chart.viewport.zoom(1.6)
    chart.stage.view_changed()
    chart.frame()
    return chart


def lend(chart: ChartBench, trades: TradeBatch) -> Lent:
    lent = Lent(BarSeries(), BarSpec.parse("15m"))
    lent.series.replace(aggregate(trades, lent.spec))
    chart.panel.reading.sessions.take_bars(lent)
    chart.frame()
    return lent


def shown_prices(chart: ChartBench) -> dict[str, int]:
    return {x.level.text: x.level.price_ticks for x in chart.panel.reading.sessions.levels.shown}


def same(chart: ChartBench) -> None:
    assert np.array_equal(chart.on_screen(), chart.painted_anew())


def test_levels_appear_with_the_bars_they_are_taken_from_and_go_with_them(
    make_chart: MakeChart,
) -> None:
    trades = two_weeks_of("MNQ")
    chart = hours_chart(make_chart, trades)
    item = chart.panel.reading.sessions.levels
    before = chart.on_screen()
    assert shown_prices(chart).keys() <= {"PDC"}, "an hour ends at 15:00"
    chart.viewport.auto_y = False
    lend(chart, trades)
    wanted = plain_levels(trades, "MNQ", 15)
    in_view = chart.stage.model.panes.price.height()
    assert shown_prices(chart) == {
        name: price for name, price in wanted[max(wanted)].items() if 0 <= chart.y(price) < in_view
    }
    assert len(shown_prices(chart)) >= 4
    assert len(item.older) >= 6, "the days before have lines as well"
    assert not np.array_equal(chart.on_screen(), before)
    same(chart)
    chart.panel.reading.sessions.take_bars(None)
    chart.frame()
    assert np.array_equal(chart.on_screen(), before)
    same(chart)


def test_levels_follow_bars_that_change_by_themselves(make_chart: MakeChart) -> None:
    trades = two_weeks_of("MNQ")
    upto = next(
        row for row, ts in enumerate(trades.ts_ns.tolist())
        if row > 4_000 and 482 <= plain_day(ts)[1] < 490
    )  # fmt: skip
    chart = hours_chart(make_chart, trades[:upto])
    lent = lend(chart, trades[:upto])
    for row in range(upto, upto + 60):
        known = trades[: row + 1]
        # The chart's own bars stay what they are: only those lent grow.
        lent.series.replace(aggregate(known, lent.spec))
        chart.frame()
        wanted = plain_levels(known, "MNQ", 15)[plain_day(int(known.ts_ns[-1]))[0]]
        found = shown_prices(chart)
        assert {"ONH", "ONL"} & found.keys()
        assert found.items() <= wanted.items()
    same(chart)


def test_older_bars_are_wanted_for_the_days_in_view_alone(make_chart: MakeChart) -> None:
    trades = two_weeks_of("MNQ")
    chart = hours_chart(make_chart, trades)
    sessions = chart.panel.reading.sessions
    assert sessions.wants_older == 0, "nothing is lent"
    late = trades[-300:]
    lent = lend(chart, late)
    count = sessions.wants_older
    first_ns = int(lent.series.ts_ns[0]) - count * 15 * MINUTE_NS
    in_view = sessions.days.in_view()
    assert in_view is not None
    days, shown = in_view
    assert first_ns <= int(chart.series.ts_ns[days.first[shown[0]]]) - 4 * 1_440 * MINUTE_NS
    before = {day for day in shown if day != shown[-1]}
    assert before
    lent.series.prepend(aggregate(trades[:-300], lent.spec)[:-1])
    chart.frame()
    assert sessions.wants_older == 0
    same(chart)
    chart.panel.looks.change(levels=())
    lend(chart, late)
    assert sessions.wants_older == 0, "no levels are shown"


def test_no_more_than_so_many_bars_are_loaded_for_levels(make_chart: MakeChart) -> None:
    trades = two_weeks_of("MNQ")
    chart = hours_chart(make_chart, trades)
    lent = lend(chart, trades[-300:])
    newest = aggregate(trades[-300:], lent.spec)
    many = newest[np.zeros(1, np.intp)[0] : 1]
    assert chart.panel.reading.sessions.wants_older > 0
    rows = np.zeros(MOST_BARS, np.intp)
    columns = [column[rows] for column in many.columns()]
    columns[0] = newest.ts_ns[0] + np.arange(MOST_BARS) * 1_000
    lent.series.replace(type(newest)(*columns))
    chart.frame()
    assert chart.panel.reading.sessions.wants_older == 0
