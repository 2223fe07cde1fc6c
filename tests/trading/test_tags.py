"""Tags: unique for ever, readable, and recognised."""

from __future__ import annotations

import pytest
from tests.fakes.memory_journal import Disk, MemoryJournal
from tests.fakes.virtual_time import WALL_0

from tradedesk.domain.errors import InputError, StoreError
from tradedesk.domain.ids import Tag
from tradedesk.trading.tags import (
    TagSource,
    base32,
    check_custom,
    leg_of,
    made_by,
    parent_tag,
)


def test_form() -> None:
    tags = TagSource("abcde", WALL_0, MemoryJournal(Disk()).reserve)
    tag = tags.take()
    assert len(tag) == 22
    assert tag.startswith("td1-abcde-")
    assert made_by(tag, "abcde")
    assert made_by(Tag(tag + "-SL"), "abcde")
    assert not made_by(tag, "zzzzz")
    assert not made_by(Tag("td1-abcde"), "abcde")


def test_no_tag_comes_twice_over_restarts_even_in_the_same_moment() -> None:
    disk = Disk()
    seen = []
    for _ in range(4):
        tags = TagSource("abcde", WALL_0, MemoryJournal(disk).reserve)
        seen += [tags.take() for _ in range(150)]
    assert len(set(seen)) == len(seen)


def test_a_lost_journal_does_not_bring_old_tags_back() -> None:
    first = TagSource("abcde", WALL_0, MemoryJournal(Disk()).reserve)
    second = TagSource("abcde", WALL_0 + 100_000_000, MemoryJournal(Disk()).reserve)
    assert not {first.take() for _ in range(100)} & {second.take() for _ in range(100)}


def test_a_block_is_reserved_early_without_losing_any() -> None:
    disk = Disk()
    tags = TagSource("abcde", WALL_0, MemoryJournal(disk).reserve)
    tags.refill()
    assert tags.left == 128
    seen = {tags.take() for _ in range(128)}
    assert len(seen) == 128
    assert disk.next_counter == 128


def test_without_a_journal_only_exits_get_a_tag() -> None:
    journal = MemoryJournal(Disk())
    tags = TagSource("abcde", WALL_0, journal.reserve)
    taken = {tags.take() for _ in range(64)}
    journal.full = True
    with pytest.raises(StoreError):
        tags.take()
    spare = [tags.take_unreserved() for _ in range(5)]
    assert len(set(spare) | taken) == 69
    assert all(made_by(tag, "abcde") for tag in spare)


@pytest.mark.parametrize("tag", ["", "a b", "x" * 61, "mine-SL", "mine-TP", "ü", "a\n"])
def test_tags_from_outside_that_are_refused(tag: str) -> None:
    with pytest.raises(InputError, match="cannot be an order tag"):
        check_custom(tag)


def test_legs() -> None:
    assert (parent_tag(Tag("a-SL")), leg_of(Tag("a-SL"))) == ("a", "SL")
    assert (parent_tag(Tag("a")), leg_of(Tag("a"))) == ("a", "")


def test_base32_is_fixed_width() -> None:
    assert base32(0, 4) == "aaaa"
    assert base32(32**4 - 1, 4) == "7777"
    assert base32(32**4, 4) == "aaaa"


def test_an_install_id_that_is_none() -> None:
    with pytest.raises(InputError, match="five base-32 letters"):
        TagSource("ABC", WALL_0, MemoryJournal(Disk()).reserve)
