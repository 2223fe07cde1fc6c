"""A sample of the cuts: ``python -m reliability cuts`` makes all of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from reliability.cut_wire import How, Plan

from reliability import cut_cases, cuts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _logging_is_on_again() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("wire", cuts.WIRES)
@pytest.mark.parametrize("kind", cut_cases.KINDS)
def test_nothing_is_doubled_or_wrongly_believed(kind: str, wire: str) -> None:
    result = cuts.run(kind, wire, count=24)
    assert result.faults == []
    assert result.duplicates == 0
    assert result.cases >= 24


def test_all_cases_are_at_least_three_thousand_and_hold_every_byte() -> None:
    lengths = (420, 200)
    cases = cut_cases.all_cases("place", lengths, cuts.LEAST)
    assert len(cases) >= cuts.LEAST
    path = cut_cases.PATHS["place"]
    plans = {case.plan for case in cases}
    for side, length in zip(("request", "reply"), lengths, strict=True):
        assert {Plan(path, side, at, how) for at in range(length + 1) for how in How} <= plans
