"""A sample of the kills: ``python -m reliability kills`` makes all of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from reliability import journal_cuts, kill_points

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _logging_is_on_again() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("kind", ["place", "flatten"])
def test_an_executor_that_is_killed_doubles_and_forgets_nothing(kind: str) -> None:
    found = kill_points.run(kind, points=4, lanes=2)
    assert found.wrong == []
    assert found.duplicates == 0
    assert found.kills == 4
    assert len(found.open_s) == 4
    assert found.lines > 500


def test_a_cut_journal_is_completed_by_the_venues_list() -> None:
    found = journal_cuts.run(step=211)
    assert found.wrong == []
    assert found.cuts > 100
    assert found.set_aside > 0
