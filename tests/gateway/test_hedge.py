"""A question is asked again beside itself when its answer is late, and only then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.fakes.virtual_time import run_virtual

from tradedesk.domain.errors import GatewayError
from tradedesk.gateway.rest.hedge import HEDGE_S, MOST, hedged

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any


class Attempts:
    """Plays what each attempt does: after how long, and whether it fails."""

    def __init__(self, *plays: tuple[float, bool]) -> None:
        self.begun: list[float] = []
        self.ended: list[int] = []
        self._plays = plays

    async def one(self) -> int:
        number = len(self.begun)
        self.begun.append(asyncio.get_running_loop().time())
        seconds, fails = self._plays[number]
        try:
            await asyncio.sleep(seconds)
        finally:
            self.ended.append(number)
        if fails:
            raise GatewayError(f"attempt {number}")
        return number


def played(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_virtual(story)


def test_a_quick_answer_is_the_only_attempt() -> None:
    async def story() -> None:
        attempts = Attempts((0.5 * HEDGE_S, False))
        assert await hedged(attempts.one) == 0
        assert len(attempts.begun) == 1

    played(story)


def test_a_late_answer_is_overtaken_and_the_loser_is_let_go() -> None:
    async def story() -> None:
        attempts = Attempts((60, False), (0.1, False))
        begun = asyncio.get_running_loop().time()
        assert await hedged(attempts.one) == 1
        assert asyncio.get_running_loop().time() - begun == pytest.approx(HEDGE_S + 0.1)
        assert sorted(attempts.ended) == [0, 1]

    played(story)


def test_the_first_one_wins_if_it_answers_after_all() -> None:
    async def story() -> None:
        attempts = Attempts((1.5 * HEDGE_S, False), (60, False))
        assert await hedged(attempts.one) == 0

    played(story)


def test_no_more_than_a_few_at_once() -> None:
    async def story() -> None:
        attempts = Attempts(*[(10 * HEDGE_S, False)] * (MOST + 2))
        assert await hedged(attempts.one) == 0
        assert len(attempts.begun) == MOST
        assert len(attempts.ended) == MOST

    played(story)


@pytest.mark.parametrize("first_s", [0.1, 1.5 * HEDGE_S])
def test_a_fault_that_answers_is_raised_and_not_repeated_here(first_s: float) -> None:
    async def story() -> None:
        attempts = Attempts((first_s, True), (0.9 * HEDGE_S, True), (0.1, False))
        with pytest.raises(GatewayError, match="attempt 0"):
            await hedged(attempts.one)
        assert len(attempts.begun) == (1 if first_s < HEDGE_S else 2)

    played(story)


def test_a_fault_of_the_first_leaves_the_second_its_chance() -> None:
    async def story() -> None:
        attempts = Attempts((1.2 * HEDGE_S, True), (0.9 * HEDGE_S, False))
        assert await hedged(attempts.one) == 1

    played(story)


def test_who_gives_up_leaves_nothing_running() -> None:
    async def story() -> None:
        attempts = Attempts(*[(60, False)] * MOST)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.5 * HEDGE_S):
                await hedged(attempts.one)
        assert sorted(attempts.ended) == [0, 1, 2]

    played(story)


def test_a_fault_of_the_second_does_not_end_the_asking() -> None:
    async def story() -> None:
        attempts = Attempts((60, False), (0.1, True), (0.1, False))
        assert await hedged(attempts.one) == 2

    played(story)


def test_attempts_that_failed_make_room_while_the_first_one_hangs() -> None:
    async def story() -> None:
        attempts = Attempts((60, False), *[(0.1, True)] * (MOST + 2), (0.1, False))
        begun = asyncio.get_running_loop().time()
        assert await hedged(attempts.one) == MOST + 3
        took = asyncio.get_running_loop().time() - begun
        assert took == pytest.approx((MOST + 3) * HEDGE_S + 0.1)

    played(story)


def test_a_place_that_becomes_free_late_is_taken_at_once() -> None:
    async def story() -> None:
        hang = 6.5 * HEDGE_S
        attempts = Attempts((hang, True), *[(60, False)] * (MOST - 1), (0.1, False))
        begun = asyncio.get_running_loop().time()
        assert await hedged(attempts.one) == MOST
        assert asyncio.get_running_loop().time() - begun == pytest.approx(hang + 0.1)

    played(story)
