"""Records come out the same however the bytes were cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.samples import DEPTH, ORDER, QUOTE

from tradedesk.gateway.signalr import framing
from tradedesk.gateway.signalr.framing import RecordSplitter, invocation_record

RECORDS = [
    b"{}",
    b'{"type":6}',
    json.dumps({"type": 1, "target": "GatewayQuote", "arguments": ["CON", QUOTE]}).encode(),
    json.dumps({"type": 1, "target": "GatewayDepth", "arguments": ["CON", DEPTH]}).encode(),
    json.dumps({"type": 1, "arguments": [{"action": 1, "data": ORDER}], "x": "é"}).encode(),
]
STREAM = b"".join(record + b"\x1e" for record in RECORDS)


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_cut_at_every_byte(cut: int) -> None:
    splitter = RecordSplitter()
    assert splitter.feed(STREAM[:cut]) + splitter.feed(STREAM[cut:]) == RECORDS


@given(
    st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\x1e", b"")), max_size=8), st.data()
)
def test_cut_anywhere_any_number_of_times(records: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(record + b"\x1e" for record in records)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    splitter, found = RecordSplitter(), []
    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += splitter.feed(stream[begin:end])
    assert found == [record for record in records if record]


def test_a_record_without_an_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_RECORD_BYTES", 100)
    splitter = RecordSplitter()
    splitter.feed(b"x" * 60)
    with pytest.raises(ValueError, match="no end"):
        splitter.feed(b"x" * 60)


def test_an_invocation_names_its_target_and_keeps_account_ids_numbers() -> None:
    record = invocation_record("7", "SubscribeOrders", (50012345,))
    assert record.endswith(b"\x1e")
    assert json.loads(record[:-1]) == {
        "type": 1,
        "invocationId": "7",
        "target": "SubscribeOrders",
        "arguments": [50012345],
    }
