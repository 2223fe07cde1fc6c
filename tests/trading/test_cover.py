"""The core that keeps positions covered: what is proven, told and done, and when."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, MNQ

from tradedesk.domain.ids import AccountId, ContractId
from tradedesk.domain.safety import CoverPolicy, CoverRules, ShieldState
from tradedesk.trading.cover import CoverWatch
from tradedesk.trading.cover_guard import Deed, DeedKind, Ground, shield_of
from tradedesk.trading.cover_plan import Cover
from tradedesk.trading.limits import ns

KEY = (ACCOUNT, MNQ.contract_id)
RULES = CoverRules()
S, D, P = ShieldState, DeedKind, CoverPolicy


@dataclass
class Desk:
    """A watch and the outside world of a test; times in seconds."""

    policy: CoverPolicy = P.STOP
    leaving: bool = False
    unknown: bool = False
    believed_bare: bool = True
    doubt_ns: int = 0
    watch: CoverWatch = field(default_factory=CoverWatch)

    def look(self, net: int, covered: int, *, at: float, asked: float | None = None) -> None:
        covers = {KEY: Cover(net, covered)} if net else {}
        asked_ns = ns(at if asked is None else asked)
        self.watch.looked(ACCOUNT, covers, asked_ns, ns(at), self.doubt_ns)

    def beat(self, at: float) -> list[DeedKind]:
        return [deed.kind for deed in self.deeds(at)]

    def deeds(self, at: float) -> list[Deed]:
        ground = Ground(
            rules=RULES,
            close_gap_ns=ns(3),
            is_leaving=lambda key: self.leaving,
            policy=lambda key, cover: self.policy,
            stop_unknown=lambda key, cover: self.unknown,
            believes_bare=lambda key: self.believed_bare,
        )
        return self.watch.beat(ns(at), ground)

    def is_in(self, state: ShieldState | None) -> bool:
        guard = self.watch.guards.get(KEY)
        return state is (None if guard is None else guard.state)

    def until(self, start: float, end: float, net: int, covered: int) -> dict[float, DeedKind]:
        """Beat four times a second with a clean look each time; what was done when."""
        done = {}
        at = start
        while at <= end:
            self.look(net, covered, at=at)
            for kind in self.beat(at):
                done[at] = kind
            at += 0.25
        return done


def test_covered_only_after_lists_that_were_asked_for_after_the_news() -> None:
    desk = Desk()
    desk.watch.heard(KEY, ns(10), 2)
    assert desk.is_in(S.CHECKING)
    desk.look(2, 2, at=10.2, asked=9.9)
    assert desk.beat(10.2) == []
    assert desk.is_in(S.CHECKING)
    desk.look(2, 2, at=10.3, asked=10.1)
    assert desk.is_in(S.COVERED)
    desk.watch.heard(KEY, ns(11), 2)
    assert desk.is_in(S.CHECKING)
    guard = desk.watch.guards[KEY]
    shield = shield_of(KEY, guard, "")
    assert (shield.since_ns, shield.proven_ns) == (ns(11), ns(10.1))


def test_a_look_that_failed_takes_the_proof_away() -> None:
    desk = Desk()
    desk.look(1, 1, at=1)
    assert desk.is_in(S.COVERED)
    desk.watch.failed(AccountId(9), ns(2))
    assert desk.is_in(S.COVERED)
    desk.watch.failed(ACCOUNT, ns(2))
    desk.beat(2)
    assert desk.is_in(S.CHECKING)
    assert desk.beat(11.9) == []
    assert desk.beat(12) == [D.UNPROVEN]
    assert desk.beat(12.5) == []
    assert desk.beat(32) == [D.UNPROVEN]


def test_alarm_stop_close_in_their_times() -> None:
    done = Desk().until(0, 12, 2, 0)
    assert done == {2.0: D.ALARM, 5.0: D.STOP, 8.0: D.CLOSE, 10.0: D.ALARM, 11.0: D.CLOSE}


def test_closes_come_less_often_in_a_market_that_is_closed() -> None:
    desk = Desk(P.CLOSE)
    closes = [at for at, kind in desk.until(0, 150, 1, 0).items() if kind is D.CLOSE]
    gaps = [later - earlier for earlier, later in itertools.pairwise(closes)]
    assert closes[0] == 5
    assert gaps == [3, 3, 3, 6, 12, 24, 30, 30, 30]


def test_time_in_doubt_counts_up_to_a_bound_once_the_lists_show_no_stop() -> None:
    desk = Desk(doubt_ns=ns(4))
    desk.watch.heard(KEY, ns(10), 2)
    assert desk.beat(16) == []
    desk.look(2, 0, at=16, asked=15.9)
    assert desk.beat(16) == [D.ALARM]
    desk.look(2, 0, at=16.9)
    assert desk.beat(16.9) == []
    desk.look(2, 0, at=17.1)
    assert desk.beat(17.1) == [D.STOP]


def test_what_earlier_runs_left_bare_for_long_is_closed_and_after_minutes_covered() -> None:
    for seconds, deed in ((4, D.STOP), (14, D.STOP), (15, D.CLOSE), (59, D.CLOSE), (60, D.STOP)):
        desk = Desk()
        desk.watch.earlier[KEY] = ns(100 - seconds)
        desk.look(2, 0, at=100)
        due_s = max(100, 105 - seconds)
        desk.look(2, 0, at=due_s)
        assert desk.beat(due_s)[-1] is deed, seconds


def test_alarm_only() -> None:
    done = Desk(P.ALARM).until(0, 155, 2, 1)
    assert done == dict.fromkeys([2.0, 10.0, 30.0, 90.0, 150.0], D.ALARM)


def test_a_stop_that_shows_up_ends_the_episode() -> None:
    desk = Desk()
    assert desk.until(0, 5, 2, 0)[5.0] is D.STOP
    assert desk.is_in(S.PROTECTING)
    assert desk.until(5.25, 9, 2, 2) == {}
    assert desk.is_in(S.COVERED)
    # and another one begins from the start
    assert desk.until(20, 25, 2, 1) == {22.0: D.ALARM, 25.0: D.STOP}


def test_a_bracket_that_is_being_born_needs_a_moment_only() -> None:
    desk = Desk()
    desk.watch.heard(KEY, ns(0), 2)
    assert desk.until(0.1, 1.6, 2, 0) == {}
    assert desk.is_in(S.BARE)
    assert desk.until(1.8, 9, 2, 2) == {}


def test_a_stop_that_failed_is_followed_by_a_close_at_once() -> None:
    desk = Desk()
    desk.until(0, 5, 2, 0)
    desk.watch.stop_failed(KEY)
    desk.look(2, 0, at=5.1)
    assert desk.beat(5.1) == [D.CLOSE]
    assert desk.is_in(S.CLOSING)


def test_an_unknown_stop_is_never_doubled() -> None:
    desk = Desk(unknown=True)
    done = desk.until(0, 9, 2, 0)
    assert D.STOP not in done.values()
    assert done[8.0] is D.CLOSE


def test_nothing_is_done_while_something_else_leaves_the_contract() -> None:
    desk = Desk(leaving=True)
    assert desk.until(0, 30, 2, 0) == {}
    assert desk.is_in(S.CLOSING)
    desk.leaving = False
    # it did not get there, and the position has been bare all the while
    desk.look(2, 0, at=30.25)
    assert desk.beat(30.25) == [D.ALARM, D.STOP]
    assert desk.beat(30.5) == []


def test_the_deed_waits_for_a_look_of_its_own_moment() -> None:
    desk = Desk()
    desk.look(2, 0, at=1)
    desk.beat(1)
    assert desk.beat(6.5) == [D.ALARM]  # nothing was asked since
    desk.look(2, 0, at=6.6, asked=6.5)
    assert desk.beat(6.6) == [D.STOP]


@pytest.mark.parametrize("believed", [True, False])
def test_without_answers_our_own_books_decide_after_a_while(*, believed: bool) -> None:
    desk = Desk(believed_bare=believed)
    desk.look(2, 0, at=1)
    desk.watch.failed(ACCOUNT, ns(2))
    kinds = [kind for at in range(2, 10) for kind in desk.beat(float(at))]
    assert kinds == ([D.ALARM, D.STOP] if believed else [D.ALARM])


def test_flat_ends_the_guard_by_the_hub_and_by_the_list() -> None:
    for flat in (
        lambda desk: desk.watch.heard(KEY, ns(2), 0),
        lambda desk: desk.look(0, 0, at=2),
    ):
        desk = Desk()
        desk.look(1, 0, at=1)
        flat(desk)
        assert desk.is_in(None)
        assert desk.beat(60) == []


def test_a_list_from_before_a_close_does_not_bring_the_guard_back() -> None:
    desk = Desk()
    desk.look(1, 0, at=1)
    desk.watch.heard(KEY, ns(2), 0)
    desk.look(1, 0, at=2.1, asked=1.9)
    assert desk.is_in(None)


def test_a_position_that_turned_has_its_own_times() -> None:
    desk = Desk()
    desk.look(1, 0, at=1)
    desk.beat(1)
    desk.look(-1, 0, at=4)
    assert desk.beat(4) == []
    assert desk.beat(6) == [D.ALARM]


def test_contracts_and_accounts_do_not_mix() -> None:
    desk = Desk()
    other = (ACCOUNT, ContractId("CON.F.US.MES.Z26"))
    desk.watch.looked(ACCOUNT, {KEY: Cover(1, 1), other: Cover(2, 0)}, ns(1), ns(1))
    desk.watch.looked(AccountId(9), {}, ns(2), ns(2))
    assert [deed.key for deed in desk.deeds(3)] == [other]
    assert desk.is_in(S.COVERED)


class Fact(NamedTuple):
    """One thing that the core is told, in whole milliseconds."""

    kind: str
    at: int
    asked: int = 0
    net: int = 0
    covered: int = 0


def _facts() -> st.SearchStrategy[list[Fact]]:
    step = st.tuples(
        st.sampled_from(["news", "look", "look", "fail", "flat"]),
        st.integers(1, 1500),
        st.integers(0, 600),
        st.integers(1, 3),
        st.integers(0, 3),
    )

    def build(steps: list[tuple[str, int, int, int, int]]) -> list[Fact]:
        facts, now = [], 0
        for kind, wait, took, net, covered in steps:
            now += wait
            facts.append(Fact(kind, now, max(0, now - took), net, min(net, covered)))
        return facts

    return st.lists(step, max_size=40).map(build)


class Naive:
    """Goes through everything that was said, every time; no state of its own."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts

    def counts(self, index: int) -> bool:
        """Whether a look was asked for after all news that came before its answer."""
        look = self.facts[index]
        earlier = self.facts[:index]
        newer = [f for f in earlier if f.kind == "look" and f.asked > look.asked]
        held = [f for f in newer if self.counts(earlier.index(f))]
        since_flat = [f for f in held if not self.flat_between(earlier.index(f), index)]
        return not since_flat and all(
            f.at < look.asked for f in earlier if f.kind in {"news", "flat"}
        )

    def flat_between(self, first: int, last: int) -> bool:
        return any(f.kind == "flat" for f in self.facts[first:last])

    def covered(self) -> bool:
        for index in reversed(range(len(self.facts))):
            fact = self.facts[index]
            if fact.kind == "look":
                if self.counts(index):
                    return fact.covered >= fact.net
            else:
                return False
        return False

    def bare_since(self) -> int | None:
        since = None
        for index, fact in enumerate(self.facts):
            if fact.kind == "flat":
                since = None
            elif fact.kind == "look" and self.counts(index):
                if fact.covered >= fact.net:
                    since = None
                elif since is None:
                    since = fact.at
        return since


@settings(max_examples=300)
@given(facts=_facts(), policy=st.sampled_from(P), unknown=st.booleans())
def test_against_a_model_that_remembers_everything(
    facts: list[Fact], policy: CoverPolicy, unknown: bool
) -> None:
    desk = Desk(policy, unknown=unknown)
    stops: list[int] = []
    closes: list[int] = []
    episode: int | None = None
    for index, fact in enumerate(facts):
        at = fact.at / 1000
        match fact.kind:
            case "news":
                desk.watch.heard(KEY, ns(at), fact.net)
            case "flat":
                desk.watch.heard(KEY, ns(at), 0)
            case "fail":
                desk.watch.failed(ACCOUNT, ns(at))
            case _:
                desk.look(fact.net, fact.covered, at=at, asked=fact.asked / 1000)
        naive = Naive(facts[: index + 1])
        deeds = desk.beat(at)
        since = naive.bare_since()
        if since != episode:
            stops, closes, episode = [], [], since
        assert desk.is_in(S.COVERED) == naive.covered()
        guard = desk.watch.guards.get(KEY)
        bare_ns = None if guard is None else guard.bare_ns
        assert bare_ns == (None if since is None else ns(since / 1000))
        assert since is not None or not {D.ALARM, D.STOP, D.CLOSE} & set(deeds)
        if {D.STOP, D.CLOSE} & set(deeds):
            assert policy is not P.ALARM
            assert since is not None
            assert fact.at - since >= 5_000
        if D.STOP in deeds:
            assert policy is P.STOP
            assert not unknown
            assert not stops, "one stop an episode"
            stops.append(fact.at)
        if D.CLOSE in deeds:
            assert policy is P.CLOSE or unknown or fact.at - stops[0] >= 3_000
            assert not closes or fact.at - closes[-1] >= 3_000
            closes.append(fact.at)
