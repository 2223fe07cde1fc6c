"""What proves that an order is absent, and what does not."""

from __future__ import annotations

from tests.fakes.fake_venue import ACCOUNT

from tradedesk.domain.events import IntentState
from tradedesk.domain.ids import Tag
from tradedesk.trading.inquiry import Inquiry
from tradedesk.trading.limits import Timings, ns

TIMINGS = Timings()


def inquiry() -> Inquiry:
    return Inquiry(Tag("t"), ACCOUNT, since_ns=0, started_ns=0, timings=TIMINGS)


def search(asked: Inquiry, at_s: float, *, clean: bool = True, hub_s: float | None = 0) -> None:
    hub = None if hub_s is None else ns(hub_s)
    asked.searched(ns(at_s), ns(at_s), clean=clean, hub_since_ns=hub)


def state(asked: Inquiry, at_s: float, *, explained: bool = True) -> IntentState | None:
    verdict = asked.verdict(ns(at_s), position_explained=explained)
    return None if verdict is None else verdict.state


def test_back_off_then_every_few_seconds() -> None:
    asked = inquiry()
    moments = []
    for _ in range(5):
        moments.append(asked.next_ns / 1e9)
        asked.searched(asked.next_ns, asked.next_ns, clean=True, hub_since_ns=0)
    assert moments == [0.75, 2.25, 5.25, 9.25, 13.25]


def test_searches_before_the_quiet_time_prove_nothing() -> None:
    asked = inquiry()
    for at_s in (1, 5, 20, 39.9):
        search(asked, at_s)
        assert state(asked, at_s) is None
    search(asked, 40)
    assert state(asked, 40) is None
    search(asked, 44)
    assert state(asked, 44) is IntentState.ABSENT


def test_a_search_that_failed_is_no_vote() -> None:
    asked = inquiry()
    search(asked, 41)
    search(asked, 45, clean=False)
    assert state(asked, 45) is None
    search(asked, 49)
    assert state(asked, 49) is IntentState.ABSENT


def test_a_gap_in_the_hub_starts_the_quiet_time_again() -> None:
    asked = inquiry()
    search(asked, 41)
    search(asked, 45, hub_s=None)
    search(asked, 50, hub_s=46)
    search(asked, 80, hub_s=46)
    assert state(asked, 80) is None
    search(asked, 86, hub_s=46)
    search(asked, 90, hub_s=46)
    assert state(asked, 90) is IntentState.ABSENT


def test_a_position_that_nothing_explains_needs_a_person() -> None:
    asked = inquiry()
    search(asked, 41)
    search(asked, 45)
    assert state(asked, 45, explained=False) is None
    assert state(asked, 180, explained=False) is IntentState.NEEDS_HUMAN
    assert state(asked, 181, explained=False) is None
    assert state(asked, 182) is IntentState.ABSENT


def test_without_a_hub_it_needs_a_person_and_asking_goes_on_slowly() -> None:
    asked = inquiry()
    for at_s in (50, 100, 179):
        search(asked, at_s, hub_s=None)
        assert state(asked, at_s) is None
    search(asked, 180, hub_s=None)
    assert state(asked, 180) is IntentState.NEEDS_HUMAN
    search(asked, 190, hub_s=None)
    assert asked.next_ns == ns(190 + TIMINGS.search_slow_s)


def test_after_a_person_was_asked_the_second_half_of_a_proof_does_not_wait() -> None:
    asked = inquiry()
    search(asked, 190, hub_s=None)
    assert state(asked, 190) is IntentState.NEEDS_HUMAN
    search(asked, 220, hub_s=200)
    assert asked.next_ns == ns(220 + TIMINGS.search_slow_s)
    search(asked, 250, hub_s=200)
    assert asked.next_ns == ns(250 + TIMINGS.search_every_s)
    search(asked, 254, hub_s=200)
    assert asked.next_ns == ns(254 + TIMINGS.search_slow_s)
    assert state(asked, 254) is IntentState.ABSENT
