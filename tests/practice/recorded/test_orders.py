"""Market by order: the recorded book, and what a queue at a price really did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import databento_dbn as dbn
import pytest
from tests.practice.recorded.dbn_bytes import LAST, START_NS, file_of, order, records_of

from tradedesk.practice.market.book import Level, MarketBook
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    BUY,
    LEVEL,
    RESET,
    SELL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_RANK,
    MarketEvent,
)
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import ReplayMarket, ReplayTape, open_recording

ORDERS = "cme_esm4_20240508_mbo.dbn.zst"
TICK = 250_000_000
SNAPSHOT = 0x20
EVER = 2**62


def tape_of(market: ReplayMarket) -> ReplayTape:
    (contract,) = market.active()
    tape = market.tape(contract)
    assert isinstance(tape, ReplayTape)
    return tape


def played(tmp_path: Path, records: list[dbn.MBOMsg]) -> ReplayTape:
    path = tmp_path / "made.dbn"
    path.write_bytes(file_of(dbn.Schema.MBO, records, {1: "ESU4"}))
    return tape_of(open_recording(path))


def rows_of(tape: ReplayTape) -> list[tuple[int, ...]]:
    """Kind, side, price, size, cut and milliseconds of the rank, or the rank if it is none."""
    found: list[tuple[int, ...]] = []
    for row in tape.events(0, EVER).each():
        rank = row.rank_ns if row.rank_ns < 0 else (row.rank_ns - START_NS) // 1_000_000
        found.append((row.kind, row.side, row.px, row.qty, row.cut, rank))
    return found


def test_the_recorded_orders_end_as_the_exchange_had_them(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data(ORDERS)
    recorded = read_recording(path)["ESM4"]
    assert (recorded.unknown, recorded.resting) == (0, 13_598)
    tape = tape_of(open_recording(path))
    depth = tape.depth(tape.last_ns)
    assert (depth.bids[0], depth.asks[0]) == (Level(20_856, 28), Level(20_857, 17))
    assert sum(1 for _ in tape.prints(0, EVER).each()) == 5


def test_the_recorded_book_is_never_crossed_where_it_may_be_looked_at(
    shared_data: Callable[[str], Path],
) -> None:
    tape = tape_of(open_recording(shared_data(ORDERS)))
    book = MarketBook(tape.depth(tape.first_ns - 1))
    events = tape.events(0, EVER).each()
    looks = 0
    for row, following in zip(events, [*events[1:], None], strict=True):
        book.apply([row])
        if following is None or following.ts_ns != row.ts_ns:
            bid, ask = book.best(BIDS), book.best(ASKS)
            assert bid is not None
            assert ask is not None
            assert bid.px < ask.px
            looks += 1
    assert looks > 100
    assert book.depth() == tape.depth(tape.last_ns)


class Truth:
    """What stands in front of somebody who joined behind one order, told by the orders' ids."""

    def __init__(self, ahead: dict[int, int]) -> None:
        self.ahead = dict(ahead)

    def apply(self, record: Any, px: int) -> None:
        left = self.ahead.get(record.order_id)
        if left is None:
            return
        if record.action == "C":
            self.ahead[record.order_id] = left - record.size
        elif record.action == "M" and (record.price != px or record.size > left):
            del self.ahead[record.order_id]
        elif record.action == "M":
            self.ahead[record.order_id] = record.size

    @property
    def size(self) -> int:
        return sum(self.ahead.values())


class Rule:
    """The same by what the tape says, as a venue has to go by it."""

    def __init__(self, side: int, px: int, joined_ns: int, ahead: int) -> None:
        self.side, self.px, self.joined_ns, self.ahead = side, px, joined_ns, ahead

    def apply(self, row: MarketEvent) -> None:
        if row.px != self.px:
            return
        if row.kind == TRADE and row.side == (SELL if self.side == BIDS else BUY):
            self.ahead = max(0, self.ahead - row.qty)
        elif row.kind == LEVEL and row.side == self.side and 0 <= row.rank_ns <= self.joined_ns:
            self.ahead -= row.cut


def queues_of(records: list[Any]) -> dict[tuple[str, int], list[tuple[int, int, int]]]:
    """Id, contracts and rank of the orders of a picture by side and price, in their order."""
    found: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    for record in records:
        if record.action == "A":
            queue = found.setdefault((str(record.side), record.price), [])
            queue.append((record.order_id, record.size, record.ts_event))
    return found


def joined_behind(picture: list[Any], side: str) -> list[tuple[Truth, Rule, int]]:
    """Somebody behind each order that rests within twenty ticks of the touch, and the price."""
    pairs: list[tuple[Truth, Rule, int]] = []
    for (letter, px), queue in queues_of(picture).items():
        if letter != side or abs(px - 20_856 * TICK) > 20 * TICK:
            continue
        for place, (_, _, rank) in enumerate(queue):
            if place + 1 < len(queue) and queue[place + 1][2] == rank:
                continue  # two orders of one moment cannot be told apart by time
            ahead = {number: size for number, size, _ in queue[: place + 1]}
            rule = Rule(BIDS if side == "B" else ASKS, px // TICK, rank, sum(ahead.values()))
            pairs.append((Truth(ahead), rule, px))
    return pairs


@pytest.mark.parametrize("side", ["A", "B"])
def test_the_queue_ahead_by_the_tape_is_the_recorded_one(
    shared_data: Callable[[str], Path], side: str
) -> None:
    path = shared_data(ORDERS)
    records = records_of(path)
    picture = [record for record in records if int(record.flags) & SNAPSHOT]
    later = records[len(picture) :]
    pairs = joined_behind(picture, side)
    assert len(pairs) > 400
    tape = tape_of(open_recording(path))
    compared = changed = 0
    cursor_ns = tape.first_ns
    for place, record in enumerate(later):
        for truth, _, px in pairs:
            truth.apply(record, px)
        now_ns = record.ts_recv // 1_000 * 1_000
        following = later[place + 1].ts_recv // 1_000 * 1_000 if place + 1 < len(later) else EVER
        if not int(record.flags) & LAST or following == now_ns:
            continue
        for row in tape.events(cursor_ns, now_ns).each():
            for _, rule, _ in pairs:
                before = rule.ahead
                rule.apply(row)
                changed += rule.ahead != before
        cursor_ns = now_ns
        for truth, rule, _ in pairs:
            assert rule.ahead == truth.size
            compared += 1
    assert compared > 50_000
    assert changed > 50


def test_a_fill_is_told_once_and_what_else_leaves_keeps_its_place(tmp_path: Path) -> None:
    tape = played(
        tmp_path,
        [
            order("A", "B", 7, 100.0, 5, ms=1),
            order("A", "B", 8, 100.0, 4, ms=2),
            order("T", "A", 0, 100.0, 3, ms=3, flags=0),
            order("F", "B", 7, 100.0, 3, ms=3, flags=0),
            order("M", "B", 7, 100.0, 1, ms=4),
            order("C", "B", 8, 100.0, 4, ms=5),
        ],
    )
    assert rows_of(tape) == [
        (LEVEL, BIDS, 400, 5, 0, UNKNOWN_RANK),
        (LEVEL, BIDS, 400, 9, 0, UNKNOWN_RANK),
        (TRADE, SELL, 400, 3, 0, UNKNOWN_RANK),
        (LEVEL, BIDS, 400, 6, 0, TRADED_RANK),
        (LEVEL, BIDS, 400, 5, 1, 1),
        (LEVEL, BIDS, 400, 1, 4, 2),
    ]
    times = [(row.ts_ns - START_NS) // 1_000_000 for row in tape.events(0, EVER).each()]
    assert times == [1, 2, 3, 4, 4, 5]


def test_an_order_that_moves_or_grows_goes_to_the_end(tmp_path: Path) -> None:
    tape = played(
        tmp_path,
        [
            order("A", "A", 7, 100.0, 5, ms=1),
            order("M", "A", 7, 100.0, 6, ms=2),
            order("M", "A", 7, 100.25, 6, ms=3),
            order("M", "A", 7, 100.25, 2, ms=4),
        ],
    )
    assert rows_of(tape) == [
        (LEVEL, ASKS, 400, 5, 0, UNKNOWN_RANK),
        (LEVEL, ASKS, 400, 0, 5, 1),
        (LEVEL, ASKS, 400, 6, 0, UNKNOWN_RANK),
        (LEVEL, ASKS, 400, 0, 6, 2),
        (LEVEL, ASKS, 401, 6, 0, UNKNOWN_RANK),
        (LEVEL, ASKS, 401, 2, 4, 3),
    ]


def test_a_clear_empties_the_book_and_a_later_picture_fills_it_anew(tmp_path: Path) -> None:
    tape = played(
        tmp_path,
        [
            order("A", "A", 7, 100.0, 5, ms=1),
            order("R", "N", 0, 0.0, 0, ms=2),
            order("A", "B", 8, 99.0, 1, ms=3),
            order("R", "N", 0, 0.0, 0, ms=4, flags=SNAPSHOT),
            order("A", "B", 9, 99.25, 2, ms=4, flags=SNAPSHOT),
            order("A", "B", 10, 99.25, 2, ms=4, flags=SNAPSHOT | LAST),
        ],
    )
    kinds = [row[0] for row in rows_of(tape)]
    assert kinds == [LEVEL, RESET, LEVEL, RESET, LEVEL]
    assert tape.depth(START_NS + 2_000_000) == ((), ())
    assert tape.depth(START_NS + 4_000_000) == ((Level(397, 4),), ())


def test_orders_without_a_beginning_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "middle.dbn"
    records = [
        order("C", "A", 5, 100.0, 1, ms=1),
        order("M", "A", 6, 100.0, 3, ms=2),
        order("A", "A", 6, 100.0, 2, ms=3),
    ]
    path.write_bytes(file_of(dbn.Schema.MBO, records, {1: "ESU4"}))
    recorded = read_recording(path)["ESU4"]
    assert (recorded.unknown, recorded.resting) == (2, 1)
    tape = tape_of(open_recording(path))
    assert tape.depth(tape.last_ns) == ((), (Level(400, 2),))


def test_several_contracts_in_one_file_have_a_tape_each(tmp_path: Path) -> None:
    path = tmp_path / "two.dbn"
    records = [
        order("A", "A", 7, 100.0, 5, ms=1),
        order("A", "A", 7, 200.0, 3, ms=2, instrument=2),
        order("A", "B", 8, 99.0, 1, ms=3),
    ]
    path.write_bytes(file_of(dbn.Schema.MBO, records, {1: "ESU4", 2: "NQU4"}))
    market = open_recording(path)
    assert [contract.name for contract in market.active()] == ["ESU4", "NQU4"]
    first, second = (market.tape(contract) for contract in market.active())
    assert first.depth(market.last_ns) == ((Level(396, 1),), (Level(400, 5),))
    assert second.depth(market.last_ns) == ((), (Level(800, 3),))
    assert (market.first_ns, market.last_ns) == (START_NS + 1_000_000, START_NS + 3_000_000)
