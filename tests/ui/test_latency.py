"""How long orders took."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.fakes.desk import intent

from tradedesk.domain import events as ev
from tradedesk.services.latency import histogram, measure, percentile, to_csv
from tradedesk.services.latency_log import LatencyLog


def test_steps_of_a_market_order() -> None:
    measured = measure(intent(1, limit=None, reply_ms=92.0, fill_ms=96.4))
    took = {step.name: step.took_ms for step in measured.steps}
    assert took == pytest.approx(
        {"to executor": 0.3, "gate, journal": 0.1, "to wire": 0.9, "reply": 90.7,
         "to screen": None, "hub echo": 91.6, "fill": 95.1}
    )  # fmt: skip
    assert measured.reply_ms == pytest.approx(92.0)
    assert measured.total_ms == pytest.approx(96.4)
    ends = [step.start_ms + step.took_ms for step in measured.steps if step.start_ms is not None]  # type: ignore[operator]
    assert ends[-1] == pytest.approx(96.4)


def test_the_fill_of_a_resting_order_is_no_latency() -> None:
    measured = measure(intent(1, limit=85_000, reply_ms=92.0, fill_ms=180_000))
    assert measured.steps[-1].took_ms is None
    assert measured.total_ms == pytest.approx(92.0)


def test_an_order_on_its_way_has_no_total() -> None:
    measured = measure(intent(1))
    assert measured.total_ms is None
    assert [s.took_ms is None for s in measured.steps] == [False] * 3 + [True] * 4


times = st.lists(st.floats(0.01, 10_000), min_size=1, max_size=200)


@given(times, st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values)
    assert sum(v < found for v in values) < share * len(values)


@given(times)
def test_a_histogram_counts_every_value_once(values: list[float]) -> None:
    assert sum(histogram(values).counts) == len(values)


def test_nothing_yields_nothing() -> None:
    assert percentile([], 0.5) is None
    assert sum(histogram([]).counts) == 0


def test_the_log_follows_an_order_and_counts_it_once() -> None:
    log = LatencyLog()
    log.absorb(intent(1))
    assert log.replies_ms == []
    version = log.version
    log.absorb(intent(1, state=ev.IntentState.ACCEPTED, reply_ms=90))
    log.absorb(intent(1, state=ev.IntentState.ACCEPTED, reply_ms=90))
    assert log.version == version + 1
    assert log.replies_ms == pytest.approx([90.0])
    assert log.last is not None
    assert log.last.text == "Buy 2 Limit"


def test_csv_has_a_line_for_each_order() -> None:
    log = LatencyLog()
    log.absorb(intent(1, limit=None, reply_ms=92.0, fill_ms=96.4))
    log.absorb(intent(2))
    rows = list(csv.DictReader(io.StringIO(to_csv(log.orders))))
    assert [row["order"] for row in rows] == ["Buy 2 Market", "Buy 2 Limit"]
    assert rows[0]["total_ms"] == "96.400"
    assert rows[0]["gate_journal_ms"] == "0.100"
    assert rows[1]["reply_ms"] == ""
