"""What market data faults tell the hub that asks; pure."""

from __future__ import annotations

from typing import Any

from tradedesk.practice.faults import Fault, Faults

MNQ, ES = "CON.F.US.MNQ.Z26", "CON.F.US.EP.Z26"
QUOTES, TRADES, DEPTH = "quotes", "trades", "depth"


class Desk:
    """Faults under a clock that a test sets, in seconds."""

    def __init__(self, *faults: dict[str, Any]) -> None:
        self.now_s = 0.0
        self.faults = Faults(seed=3, now_ns=lambda: int(self.now_s * 1e9))
        for fault in faults:
            self.faults.arm(Fault(on="market_hub", **fault))

    def passed(self, contract: str, data: str, *seconds: float) -> list[bool]:
        found = []
        for second in seconds:
            self.now_s = second
            found.append(self.faults.market.passes(contract, data))
        return found

    @property
    def struck(self) -> list[str]:
        return [strike.struck for strike in self.faults.register.strikes]


def test_without_faults_all_passes() -> None:
    desk = Desk()
    assert desk.passed(MNQ, QUOTES, 0, 1, 2) == [True] * 3
    assert desk.faults.market.crossed(MNQ) == 0
    assert desk.faults.market.age_ns(MNQ, TRADES) == 0


def test_a_freeze_begins_lasts_and_ends() -> None:
    desk = Desk({"kind": "freeze", "at": 10.0, "seconds": 5.0})
    assert desk.passed(MNQ, QUOTES, 9, 10, 14.9, 15, 20) == [True, False, False, True, True]
    assert desk.struck == ["all contracts"]
    assert not desk.faults.armed()


def test_a_freeze_without_end_lasts_until_it_is_cleared() -> None:
    desk = Desk({"kind": "freeze"})
    assert desk.passed(MNQ, DEPTH, 0, 1_000, 1_000_000) == [False] * 3
    desk.faults.clear()
    assert desk.passed(MNQ, DEPTH, 1_000_001) == [True]


def test_one_contract_and_one_kind_of_data_freeze() -> None:
    desk = Desk({"kind": "freeze", "contract": "ES", "data": "trades", "until": 60.0})
    assert desk.passed(ES, TRADES, 0, 59.9, 60) == [False, False, True]
    desk = Desk({"kind": "freeze", "contract": "ES", "data": "trades", "until": 60.0})
    assert desk.passed(ES, QUOTES, 1) == desk.passed(MNQ, TRADES, 2) == [True]
    assert desk.struck in ([], ["ES"])


def test_a_gap_loses_so_many_records() -> None:
    desk = Desk({"kind": "gap", "data": "depth", "count": 2, "after": 1})
    assert desk.passed(MNQ, DEPTH, 0, 1, 2, 3, 4) == [True, False, False, True, True]
    assert desk.passed(MNQ, TRADES, 5) == [True]
    assert desk.struck == [f"depth of {MNQ}"]


def test_two_gaps_of_two() -> None:
    desk = Desk({"kind": "gap", "count": 2, "times": 2})
    assert desk.passed(MNQ, TRADES, 0, 1, 2, 3, 4) == [False] * 4 + [True]
    assert len(desk.struck) == 2


def test_books_are_crossed_and_stamps_are_stale_for_a_while() -> None:
    desk = Desk(
        {"kind": "crossed", "contract": MNQ, "ticks": 3, "seconds": 2.0},
        {"kind": "stale", "seconds": 30.0, "until": 5.0, "data": "quotes"},
    )
    market = desk.faults.market
    assert [market.crossed(MNQ), market.crossed(ES)] == [3, 0]
    assert market.age_ns(MNQ, QUOTES) == 30 * 10**9
    assert market.age_ns(MNQ, TRADES) == 0
    assert market.passes(MNQ, QUOTES)
    desk.now_s = 2.0
    assert market.crossed(MNQ) == 0
    assert market.age_ns(ES, QUOTES) == 30 * 10**9
    desk.now_s = 5.0
    assert market.age_ns(ES, QUOTES) == 0
