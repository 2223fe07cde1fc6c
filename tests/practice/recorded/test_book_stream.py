"""A recorded stream: the book against the exchange's own best prices, and damaged recordings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.book import Level, MarketBook
from tradedesk.practice.market.events import ASKS, BIDS, RESET
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import ReplayMarket, open_recording

STREAM = "binance_coinm_btcusd_perp_20240808_stream.txt.gz"
EVER = 2**62


def ticks(text: str) -> int:
    """Tenths, which are the ticks of the recording."""
    whole, _, tenth = text.partition(".")
    return int(whole) * 10 + int(tenth or 0)


def test_best_prices_and_sizes_equal_the_exchanges_own_at_every_comparison(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data(STREAM)
    market = open_recording(path)
    (contract,) = market.active()
    tape = market.tape(contract)
    assert str(contract.product.tick.size) == "0.1"
    book = MarketBook(tape.depth(0))
    events = tape.events(0, EVER)
    cursor_ns = 0
    newest: dict[str, Any] | None = None
    began = False
    compared = equal = 0
    for line in gzip.decompress(path.read_bytes()).splitlines():
        stamp, _, text = line.partition(b" ")
        message = json.loads(text)
        if "stream" not in message:
            began = True
            continue
        data = message["data"]
        if data["e"] == "bookTicker":
            newest = data
        if data["e"] != "depthUpdate" or not began:
            continue
        now_ns = int(stamp) // 1_000 * 1_000
        book.apply(events.window(cursor_ns, now_ns).each())
        cursor_ns = now_ns
        if newest is not None and data["U"] <= newest["u"] <= data["u"]:
            compared += 1
            equal += (book.best(BIDS), book.best(ASKS)) == (
                Level(ticks(newest["b"]), int(newest["B"])),
                Level(ticks(newest["a"]), int(newest["A"])),
            )
    assert (equal, compared) == (6_556, 6_556)


def test_the_recording_has_no_gap_and_all_its_trades(shared_data: Callable[[str], Path]) -> None:
    recorded = read_recording(shared_data(STREAM))["BTCUSD_PERP"]
    assert (recorded.unknown, len(recorded)) == (0, 2_286)
    assert RESET not in recorded.events.kind


def depth(
    number: int, previous: int, bids: list[list[str]], asks: list[list[str]]
) -> dict[str, Any]:
    data = {"e": "depthUpdate", "s": "XY", "T": number, "U": number, "u": number, "pu": previous}
    return {"stream": "xy@depth", "data": data | {"b": bids, "a": asks}}


def trade(px: str, qty: str) -> dict[str, Any]:
    return {
        "stream": "xy@trade",
        "data": {"e": "trade", "s": "XY", "T": 1, "p": px, "q": qty, "m": True},
    }


def lines(*messages: Any) -> str:
    return "".join(
        f"{1_700_000_000_000_000_000 + number * 1_000_000} {json.dumps(message)}\n"
        for number, message in enumerate(messages)
    )


PICTURE = {"lastUpdateId": 5, "symbol": "XY", "bids": [["1.5", "3"]], "asks": [["1.6", "2"]]}


def made(tmp_path: Path, text: str) -> ReplayMarket:
    path = tmp_path / "xy.txt"
    path.write_text(text)
    return open_recording(path)


def test_updates_before_the_picture_are_joined_to_it(tmp_path: Path) -> None:
    market = made(
        tmp_path,
        lines(
            depth(4, 3, [["1.5", "9"]], []),
            depth(6, 5, [["1.4", "7"]], []),
            PICTURE,
            depth(7, 6, [], [["1.6", "0"], ["1.7", "1"]]),
        ),
    )
    (contract,) = market.active()
    tape = market.tape(contract)
    assert tape.depth(0) == ((Level(15, 3), Level(14, 7)), (Level(16, 2),))
    assert tape.depth(EVER) == ((Level(15, 3), Level(14, 7)), (Level(17, 1),))


def test_a_gap_empties_the_book_until_the_next_picture(tmp_path: Path) -> None:
    text = lines(
        PICTURE, depth(6, 5, [["1.4", "7"]], []), depth(9, 8, [["1.3", "1"]], []),
        PICTURE | {"lastUpdateId": 9},
    )  # fmt: skip
    market = made(tmp_path, text)
    (contract,) = market.active()
    tape = market.tape(contract)
    second = 1_700_000_000_000_000_000 + 2_000_000
    assert tape.depth(second) == ((Level(13, 1),), ())
    assert tape.depth(EVER) == ((Level(15, 3),), (Level(16, 2),))
    assert read_recording(tmp_path / "xy.txt")["XY"].unknown == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("17 {", "line 1 cannot be read"),
        (lines(PICTURE) + "18 {\n", "line 2"),
        (lines(PICTURE) + lines(trade("x", "1")), "line 2 cannot be read"),
        (lines(PICTURE) + lines(trade("1e30", "1")), "line 2 cannot be read"),
        (lines(PICTURE) + lines(trade("-1", "1")), "line 2 cannot be read"),
        (lines(PICTURE) + lines(trade("1", "1e12")), "more than a trade can have"),
        (lines(PICTURE) + "1600000000000000000 {}\n", "line 2 goes back in time"),
        ("9000000000000000000 {}\n", "line 1 goes back in time or lies beyond"),
        ('1700000000000000000 {"e": "bookTicker"}\n', "holds no trades and no book"),
        ("hello", "cannot be replayed"),
    ],
)
def test_what_cannot_be_replayed_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        made(tmp_path, text)
    assert said in str(error.value)
