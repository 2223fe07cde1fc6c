"""The short form of account names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.ui.top_bar.account_name import MOST, short_account


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Practice 150K", "Practice 150K"),
        ("PRAC-V2-70001-10000001", "Practice ·0001"),
        ("PRAC-V2-70001-10000002", "Practice ·0002"),
        ("EXPRESS-V2-70001-86412", "Express ·6412"),
        ("50KTC-V2-70001-22338812", "50KTC ·8812"),
        ("A funded trader 150K-2026-0917-0001", "A funded… ·0001"),
        ("A name without any number", "A name without…"),
    ],
)
def test_it_says_what_it_is_and_which_one(name: str, short: str) -> None:
    assert short_account(name) == short


@given(st.text())
def test_it_always_fits(name: str) -> None:
    assert len(short_account(name)) <= MOST
