"""Alerts fire once, when a trade comes to their price, against a walk through single trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.ids import ContractId
from tradedesk.engine import TradeBatch
from tradedesk.services.price_alerts import (
    FIRED_KEPT,
    AlertRecord,
    PriceAlert,
    PriceAlerts,
    crossing,
    side_of,
)
from tradedesk.store.paths import Paths, home_paths
from tradedesk.store.record_file import RecordFile

if TYPE_CHECKING:
    from pathlib import Path

MNQ, MES = ContractId("CON.F.US.MNQ.Z26"), ContractId("CON.F.US.MES.Z26")
PRICES = st.lists(st.integers(95, 105), max_size=12)


def batch(*prices: int, start_ns: int = 1_000) -> TradeBatch:
    count = len(prices)
    return TradeBatch(
        start_ns + np.arange(count),
        np.array(prices, np.int32),
        np.ones(count, np.int32),
        np.zeros(count, np.int32),
    )


def naive(side: int, at: int, prices: list[int]) -> tuple[int, int | None]:
    """One trade after another."""
    for position, price in enumerate(prices):
        now = (price > at) - (price < at)
        if side == 0:
            side = now
        elif now != side:
            return side, position
    return side, None


# --- pure ---------------------------------------------------------------------------------------


@given(st.sampled_from([-1, 0, 1]), st.integers(96, 104), PRICES)
def test_a_crossing_is_what_a_walk_through_the_trades_finds(
    side: int, at: int, prices: list[int]
) -> None:
    assert crossing(side, at, np.array(prices, np.int32)) == naive(side, at, prices)


@given(st.integers(96, 104), PRICES, PRICES, st.integers(95, 105))
def test_batches_cut_anywhere_fire_the_same_trade(
    at: int, before: list[int], after: list[int], last: int
) -> None:
    prices = [*before, *after]
    whole = naive(side_of(last, at), at, prices)[1]
    alerts = PriceAlerts()
    alerts.absorb(MNQ, batch(last, start_ns=1))
    alerts.add(MNQ, at)
    alerts.absorb(MNQ, batch(*before))
    alerts.absorb(MNQ, batch(*after, start_ns=1_000 + len(before)))
    fired = [one.fired_ns for one in alerts.fired(MNQ)]
    assert fired == ([] if whole is None else [1_000 + whole])


@given(st.integers(96, 104), PRICES)
def test_a_million_prices_above_never_fire_an_alert_below(at: int, prices: list[int]) -> None:
    above = [at + 1 + price - 95 for price in prices]
    assert crossing(1, at, np.array(above, np.int32))[1] is None


# --- the book -----------------------------------------------------------------------------------


def test_it_fires_once_and_tells_when() -> None:
    alerts = PriceAlerts()
    told: list[PriceAlert] = []
    alerts.on_fired.append(told.append)
    alerts.absorb(MNQ, batch(100))
    made = alerts.add(MNQ, 103)
    alerts.absorb(MNQ, batch(101, 102))
    assert told == []
    alerts.absorb(MNQ, batch(102, 104, 99, start_ns=5_000))
    alerts.absorb(MNQ, batch(104, 99))
    ((fired),) = told
    assert (fired.alert_id, fired.fired_ns) == (made.alert_id, 5_001)
    assert alerts.waiting(MNQ) == []
    assert alerts.contracts == set()


def test_one_that_is_set_at_the_price_waits_until_it_comes_back() -> None:
    alerts = PriceAlerts()
    alerts.absorb(MNQ, batch(100))
    alerts.add(MNQ, 100)
    alerts.absorb(MNQ, batch(100, 100, 101))
    assert alerts.fired(MNQ) == []
    alerts.absorb(MNQ, batch(100))
    assert len(alerts.fired(MNQ)) == 1


def test_a_first_price_sets_nothing_off_wherever_it_is() -> None:
    """After a start nobody knows how the price came there."""
    alerts = PriceAlerts(
        AlertRecord(alerts=(PriceAlert(alert_id=4, contract_id=MNQ, price_ticks=103),))
    )
    alerts.absorb(MNQ, batch(120))
    assert alerts.fired(MNQ) == []
    alerts.absorb(MNQ, batch(103))
    assert [one.alert_id for one in alerts.fired(MNQ)] == [4]


def test_trades_of_another_contract_and_empty_batches_do_nothing() -> None:
    alerts = PriceAlerts()
    alerts.absorb(MNQ, batch(100))
    alerts.add(MNQ, 103)
    alerts.absorb(MES, batch(100, 110))
    alerts.absorb(MNQ, batch())
    assert len(alerts.waiting(MNQ)) == 1


def test_a_moved_alert_waits_from_where_the_price_is() -> None:
    alerts = PriceAlerts()
    alerts.absorb(MNQ, batch(100))
    made = alerts.add(MNQ, 103)
    alerts.move(made.alert_id, 98)
    alerts.absorb(MNQ, batch(104))
    assert alerts.fired(MNQ) == []
    alerts.absorb(MNQ, batch(98))
    assert len(alerts.fired(MNQ)) == 1
    version = alerts.version
    alerts.move(made.alert_id, 90)
    alerts.remove(77)
    assert alerts.version == version, "what has fired does not move"


def test_the_same_price_is_waited_for_once() -> None:
    alerts = PriceAlerts()
    assert alerts.add(MNQ, 103) == alerts.add(MNQ, 103)
    assert alerts.add(MES, 103) != alerts.add(MNQ, 103)


def test_only_the_newest_that_fired_are_remembered() -> None:
    alerts = PriceAlerts()
    alerts.absorb(MNQ, batch(100))
    for ticks in range(101, 101 + FIRED_KEPT + 5):
        alerts.add(MNQ, ticks)
    alerts.absorb(MNQ, batch(*range(101, 200)))
    fired = alerts.fired(MNQ)
    assert len(fired) == FIRED_KEPT
    assert min(one.price_ticks for one in fired) == 106


# --- on disk ------------------------------------------------------------------------------------


def file_of(home: Path) -> RecordFile[AlertRecord]:
    return RecordFile(home_paths(home).create().alerts_file("practice"), AlertRecord())


def test_they_survive_a_restart(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    alerts = PriceAlerts(save=file.save)
    alerts.absorb(MNQ, batch(100))
    kept, gone = alerts.add(MNQ, 103), alerts.add(MES, 50)
    alerts.add(MNQ, 90)
    alerts.move(kept.alert_id, 105)
    alerts.remove(gone.alert_id)
    alerts.absorb(MNQ, batch(89))
    record, problem = file_of(tmp_path).load()
    assert problem == ""
    again = PriceAlerts(record)
    assert [(one.alert_id, one.price_ticks) for one in again.waiting(MNQ)] == [(kept.alert_id, 105)]
    assert [one.price_ticks for one in again.fired(MNQ)] == [90]
    assert again.waiting(MES) == []
    assert again.add(MNQ, 1).alert_id not in {kept.alert_id, gone.alert_id + 1}


def test_a_broken_file_is_set_aside_and_said(tmp_path: Path) -> None:
    path = home_paths(tmp_path).create().alerts_file("practice")
    path.write_text("{half")
    record, problem = file_of(tmp_path).load()
    assert record == AlertRecord()
    assert "alerts-practice.json was unreadable" in problem
    assert [one.name for one in path.parent.glob("*.broken-*")]


def test_each_venue_has_a_file_of_its_own(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    assert paths.alerts_file("practice") != paths.alerts_file("topstep")
