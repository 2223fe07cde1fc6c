"""Drills from files: those of the package are good, a bad one is told in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.practice.drills.reading import drill_names, find_drill, named_drill, read_drill

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
name = "mine"
title = "Mine"
about = "Mine."
contract = "ES"
[entry]
ask = "Buy 1 ES."
[[step]]
when = "ready"
trouble = true
tell = "Trouble."
[[step.faults]]
on = "close"
kind = "429"
[end]
success = "empty"
[[criterion]]
name = "Flat"
measure = "flat_s"
best = 1
worst = 10
weight = 100
well = "Flat after {value}."
better = "It took {value}."
"""


def test_the_drills_of_the_package() -> None:
    names = drill_names()
    assert set(names) >= {
        "feed-frozen",
        "stop-rejected",
        "flatten-under-429",
        "lost-fill",
        "reconnect-changed-position",
        "limit-up-burst",
        "double-click",
    }
    for name in names:
        drill = named_drill(name)
        assert drill.name == name
        assert sum(one.weight for one in drill.criterion) == 100


def test_a_drill_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert find_drill(str(path)).entry.ask == "Buy 1 ES."
    with pytest.raises(InputError, match=r"no-file\.toml cannot be read: No such file"):
        find_drill(str(tmp_path / "no-file.toml"))


def test_an_unknown_name_is_answered_with_the_good_ones() -> None:
    with pytest.raises(InputError) as caught:
        find_drill("nope")
    assert str(caught.value) == (
        f"There is no drill 'nope': use one of {', '.join(drill_names())}, or a .toml file."
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "mine"', 'name = "My drill"', "name: expected `str` matching regex"),
        ('contract = "ES"', 'contract = "XX"', "contract: there is no product 'XX'"),
        (
            'contract = "ES"',
            'contract = "ES"\nmarket = 1',
            "object contains unknown field `market`",
        ),
        ('when = "ready"', 'when = "later"', "step[0].when: invalid enum value 'later'"),
        ("trouble = true", "", "step: none begins trouble"),
        ("trouble = true", "trouble = true\nafter = -1", "step[0].after: expected `float` >= 0"),
        ('when = "ready"', 'when = "trouble"', "step 1: trouble cannot begin after trouble"),
        ('kind = "429"', 'kind = "4290"', "step 1, fault, 'kind': '4290' is not possible on"),
        ('kind = "429"', 'kind = "429"\nbytes = 2', "step 1, fault, 'bytes': '429' does not take"),
        ('measure = "flat_s"', 'measure = "luck"', "criterion[0].measure: invalid enum value"),
        ("worst = 10", "worst = 1", "criterion 'Flat': best must be below worst"),
        ("worst = 10", "worst = nan", "criterion 'Flat': best must be below worst"),
        ("{value}.", "{points}.", "criterion 'Flat': only {value} may stand in braces"),
        ("{value}.", "{value:>9}.", "criterion 'Flat': only {value} may stand in braces"),
        ("{value}.", "{.", "criterion 'Flat': only {value} may stand in braces"),
        ("weight = 100", "weight = 0", "criterion[0].weight: expected `int` >= 1"),
        ("[entry]", "[entry", "is no TOML"),
    ],
)
def test_a_bad_file_gets_one_sentence(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read_drill(GOOD.replace(old, new, 1).encode(), "mine.toml")
    text = str(caught.value)
    assert text.startswith("mine.toml")
    assert told in text
    assert text.endswith(".")
    assert "\n" not in text


def test_a_file_that_is_no_text() -> None:
    with pytest.raises(InputError, match="is no text in UTF-8"):
        read_drill(b"\xff\xfe", "mine.toml")
