"""Knobs as they are given on a command line."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from tradedesk.domain.errors import InputError
from tradedesk.practice import config
from tradedesk.practice.config import VenueConfig

PAGE = Path(__file__).parents[3] / "docs" / "practice" / "wire.md"


def test_settings_change_what_they_name_and_nothing_else() -> None:
    knobs = config.parse(
        ["most_bars=1000", "limits=false", " retry_after = TRUE ", "linger_s=none", "accept_s=0.5"],
        VenueConfig(seed=3, linger_s=9.0),
    )
    expected = VenueConfig(
        seed=3, most_bars=1_000, limits=False, retry_after=True, linger_s=None, accept_s=0.5
    )
    assert knobs == expected
    assert config.parse(["login_refusal=none", "account_name=none"]).account_name == "none"
    assert config.parse([]) == VenueConfig()
    assert config.parse(["seed=1", "seed=2"]).seed == 2
    assert config.parse(["balance=50000.50"]).balance == Decimal("50000.50")
    assert config.parse(["account_name=a=b"]).account_name == "a=b"


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("most_bars=x", "most_bars cannot be 'x': give a whole number from 1 to 20000."),
        ("most_bars=0", "most_bars cannot be '0': give a whole number from 1 to 20000."),
        ("most_bars=20001", "a whole number from 1 to 20000."),
        ("limits=maybe", "limits cannot be 'maybe': give true or false."),
        ("dom_types=both", "dom_types cannot be 'both': give one of docs, swapped."),
        ("login_refusal=x", "give one of agreements_not_signed, app_not_found, "),
        ("pace=nan", "pace cannot be 'nan': give a number above 0 to 1000."),
        ("pace=0", "pace cannot be '0': give a number above 0 to 1000."),
        ("ping_s=inf", "ping_s cannot be 'inf': give a number from 0 to 10000000."),
        ("ping_s=nan", "ping_s cannot be 'nan': give a number from 0 to 10000000."),
        ("linger_s=-1", "linger_s cannot be '-1': give a number from 0 to 10000000 or none."),
        ("balance=NaN", "balance cannot be 'NaN': give an amount of dollars, such as 50000."),
        ("balance=", "balance cannot be '': give an amount of dollars, such as 50000."),
    ],
)
def test_a_bad_value_is_named_with_the_good_ones(setting: str, complaint: str) -> None:
    with pytest.raises(InputError) as refused:
        config.parse([setting])
    assert complaint in str(refused.value)


@pytest.mark.parametrize("setting", ["most_bar=1", "seed", "=1", "", "Seed=1"])
def test_a_bad_name_is_answered_with_all_names(setting: str) -> None:
    with pytest.raises(InputError) as refused:
        config.parse([setting])
    text = str(refused.value)
    assert text.startswith(f"'{setting}' is no setting: give NAME=VALUE with one of these names: ")
    assert text.count(".") == 1
    for field in msgspec.structs.fields(VenueConfig):
        assert field.name in text


def test_the_list_of_knobs_gives_names_and_defaults_that_can_be_given_back() -> None:
    lines = config.listed().splitlines()
    settings = [line.partition("  (")[0] for line in lines]
    names = [setting.partition("=")[0] for setting in settings]
    assert names == sorted(field.name for field in msgspec.structs.fields(VenueConfig))
    given_back = [one for one in settings if one != "account_name=none"]  # that would be a name
    assert config.parse(given_back) == VenueConfig()
    assert "dom_types=docs  (one of docs, swapped)" in lines


def test_every_knob_is_explained() -> None:
    explained = inspect.getdoc(VenueConfig) or ""
    named = {
        name
        for line in re.findall(r"^([a-z0-9_, ]+) : ", explained, re.MULTILINE)
        for name in line.split(", ")
    }
    assert named == {field.name for field in msgspec.structs.fields(VenueConfig)}


def test_the_page_gives_the_defaults_as_they_are() -> None:
    """Rows of the page's table: | `name` | `default` | what it does |."""
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", PAGE.read_text(), re.MULTILINE))
    assert len(rows) >= 30
    for name, default in rows.items():
        assert config.parse([f"{name}={default}"]) == VenueConfig(), name
