"""Framing: whatever the cuts, the same messages come out."""

from __future__ import annotations

import itertools
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.commands import AnyCommand, Flatten, PlaceOrder, SetArmed
from tradedesk.domain.ids import AccountId, ContractId
from tradedesk.domain.order import OrderType, Side
from tradedesk.services.frames import (
    FrameError,
    FrameSplitter,
    Hello,
    decode_command,
    frame,
)

MESSAGES: list[AnyCommand] = [
    SetArmed(click_id="1", press_ns=1, armed=True),
    PlaceOrder(
        click_id="2",
        press_ns=2,
        account_id=AccountId(5),
        contract_id=ContractId("CON.F.US.MNQ.Z26"),
        side=Side.BUY,
        type=OrderType.LIMIT,
        size=1,
        limit_ticks=80_000,
    ),
    Flatten(click_id="3", press_ns=3, account_id=AccountId(5)),
]


@given(st.lists(st.integers(0, 400), max_size=30))
def test_any_cut_gives_the_same_messages(cuts: list[int]) -> None:
    stream = b"".join(frame(message) for message in MESSAGES)
    points = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    splitter = FrameSplitter(1_000)
    bodies = []
    for start, end in itertools.pairwise(points):
        bodies += splitter.feed(stream[start:end])
    assert [decode_command(body) for body in bodies] == MESSAGES


def test_a_frame_that_claims_too_much_is_refused_before_it_is_collected() -> None:
    with pytest.raises(FrameError, match="longer than 100"):
        FrameSplitter(100).feed(struct.pack(">I", 101))


@given(st.binary(max_size=200))
def test_noise_is_a_frame_error_or_no_command(noise: bytes) -> None:
    splitter = FrameSplitter(100)
    try:
        bodies = splitter.feed(noise)
    except FrameError:
        return
    for body in bodies:
        with pytest.raises(msgspec.DecodeError):
            decode_command(body)


def test_a_cookie_is_not_shown() -> None:
    assert "secret" not in repr(Hello(cookie=b"secret", role="desk"))
