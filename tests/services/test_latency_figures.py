"""Sums of latencies: exact percentiles, periods, kinds and hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.ids import AccountId, ContractId
from tradedesk.domain.latency import LatencyRecord
from tradedesk.services.latency_figures import Period, chosen, figures, log_bins, spread

MS = 1_000_000
CHICAGO = timezone(timedelta(hours=-6))


def record(at: datetime, kind: str = "place", reply_ms: float | None = 90.0) -> LatencyRecord:
    reply = None if reply_ms is None else int(reply_ms * MS)
    return LatencyRecord(
        key=f"{at.timestamp()}{kind}",
        wall_ns=int(at.timestamp() * 1e9),
        venue="practice",
        account_id=AccountId(7),
        contract_id=ContractId("C"),
        kind=kind,
        received=MS // 5,
        journaled=MS // 4,
        written=2 * MS,
        reply=reply,
        told=None if reply is None else reply + MS,
        shown=None if reply is None else reply + 9 * MS,
    )


def test_own_time_and_the_networks_are_told_apart() -> None:
    found = figures([record(datetime(2026, 11, 20, 15, tzinfo=UTC))], UTC)
    medians = {line.name: line.spread.values[0] for line in found.steps}
    assert medians == {
        "Click to wire": pytest.approx(2.0),
        "Wire to answer": pytest.approx(88.0),
        "Answer to screen": pytest.approx(9.0),
        "Click to answer": pytest.approx(90.0),
        "Wire to hub echo": None,
        "Wire to fill": None,
    }
    owners = {line.name: line.owner for line in found.steps}
    assert owners["Click to wire"] == owners["Answer to screen"] == "this desk"
    assert owners["Wire to answer"] == owners["Wire to hub echo"] == "network and venue"


def test_a_day_begins_at_the_traders_midnight() -> None:
    now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # the evening of the 19th in Chicago
    records = [
        record(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)),  # the 19th there too
        record(datetime(2026, 11, 19, 7, 0, tzinfo=UTC)),  # 01:00 of the 19th
        record(datetime(2026, 11, 19, 5, 0, tzinfo=UTC)),  # 23:00 of the 18th
        record(datetime(2026, 11, 13, 7, 0, tzinfo=UTC)),  # 01:00 of the 13th: the seventh day
        record(datetime(2026, 11, 13, 5, 0, tzinfo=UTC)),  # 23:00 of the 12th
    ]
    now_ns = int(now.timestamp() * 1e9)
    counts = [len(chosen(records, period, "", now_ns, CHICAGO)) for period in Period]
    assert counts == [2, 4, 5]


def test_kinds_and_hours() -> None:
    morning = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    records = [
        record(morning, reply_ms=80.0),
        record(morning, "cancel", reply_ms=70.0),
        record(morning + timedelta(hours=5), reply_ms=100.0),
        record(morning, "close", reply_ms=None),
    ]
    found = figures(records, UTC)
    assert {line.name: line.spread.count for line in found.kinds} == {
        "Place": 2, "Modify": 0, "Cancel": 1, "Close": 0,
    }  # fmt: skip
    assert {hour: spread.count for hour, spread in enumerate(found.hours) if spread.count} == {
        9: 2, 14: 1,
    }  # fmt: skip
    now_ns = records[0].wall_ns
    assert [r.kind for r in chosen(records, Period.ALL, "cancel", now_ns)] == ["cancel"]
    assert figures(records, CHICAGO).hours[3].count == 2


@given(st.lists(st.floats(0.01, 20_000), min_size=1, max_size=2_000))
def test_percentiles_are_exact_and_honest_about_small_numbers(values: list[float]) -> None:
    found = spread(values)
    assert found.values[-1] == max(values)
    ordered = sorted(values)
    for index, share in enumerate((0.5, 0.9, 0.99, 0.999)):
        value = found.values[index]
        assert value is not None
        assert sum(each <= value for each in ordered) >= share * len(ordered) - 1e-9
        if value != max(values):
            assert found.is_firm(index)
    assert found.is_firm(2) == (len(values) >= 100)
    assert found.is_firm(3) == (len(values) >= 1_000)
    assert found.is_firm(4)


@given(st.lists(st.floats(0.0, 100_000), min_size=1, max_size=300))
def test_every_value_falls_into_one_bin(values: list[float]) -> None:
    bins = log_bins(values)
    assert sum(bins.counts) == len(values)
    assert bins.low_ms > 0
    assert all(0 <= bins.place(max(value, 0.001)) <= 1 for value in values)


def test_nothing_adds_up_to_nothing() -> None:
    found = figures([], UTC)
    assert found.count == 0
    assert all(value is None for line in found.steps for value in line.spread.values)
    assert sum(found.replies.counts) == 0
