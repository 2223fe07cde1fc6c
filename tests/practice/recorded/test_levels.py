"""Market by price: the book is what each record shows, and trades are told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import databento_dbn as dbn
import pytest
from tests.practice.recorded.dbn_bytes import LAST, NANO, START_NS, file_of, records_of

from tradedesk.domain.errors import InputError
from tradedesk.practice.market.book import Level, MarketBook
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    LEVEL,
    TRADE,
    TRADED_RANK,
    UNKNOWN_RANK,
)
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import ReplayTape, open_recording

TICK = 250_000_000
EVER = 2**62


def tape_of(path: Path) -> ReplayTape:
    market = open_recording(path)
    (contract,) = market.active()
    tape = market.tape(contract)
    assert isinstance(tape, ReplayTape)
    return tape


def shown(record: Any) -> tuple[Level | None, Level | None]:
    top = record.levels[0]
    return (
        Level(top.bid_px // TICK, top.bid_sz) if top.bid_sz else None,
        Level(top.ask_px // TICK, top.ask_sz) if top.ask_sz else None,
    )


def test_the_book_is_the_top_that_each_record_shows(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("cme_esu4_20240701_mbp1.dbn.zst")
    records, tape = records_of(path), tape_of(path)
    book = MarketBook(tape.depth(tape.first_ns - 1))
    events = tape.events(0, EVER)
    compared = 0
    cursor_ns = 0
    for record, following in zip(records, [*records[1:], None], strict=True):
        now_ns = record.ts_recv // 1_000 * 1_000
        if following is not None and following.ts_recv // 1_000 * 1_000 == now_ns:
            continue
        book.apply(events.window(cursor_ns, now_ns).each())
        cursor_ns = now_ns
        bid, ask = shown(record)
        assert (book.best(BIDS), book.best(ASKS)) == (bid, ask)
        assert bid is not None
        assert ask is not None
        assert bid.px < ask.px
        touch = tape.touch(now_ns)
        assert (touch.bid, touch.ask) == (bid.px, ask.px)
        compared += 1
    assert len(records) == 2_288
    assert compared > 2_000


def test_the_trades_among_the_levels_are_those_of_the_trades_file(
    shared_data: Callable[[str], Path],
) -> None:
    among = tape_of(shared_data("cme_esu4_20240701_mbp1.dbn.zst")).prints(0, EVER)
    alone = tape_of(shared_data("cme_esu4_20240701_trades.dbn.zst")).prints(0, EVER)
    assert len(alone.ts_ns) == 120
    for name in ("ts_ns", "px", "qty", "buy_qty"):
        assert getattr(among, name).tolist() == getattr(alone, name).tolist()


def test_what_trades_took_is_marked_and_nothing_else(shared_data: Callable[[str], Path]) -> None:
    events = tape_of(shared_data("cme_esu4_20240701_mbp1.dbn.zst")).events(0, EVER).each()
    traded = sum(row.qty for row in events if row.kind == TRADE)
    assert traded == 253
    book = MarketBook(tape_of(shared_data("cme_esu4_20240701_mbp1.dbn.zst")).depth(0))
    marked = 0
    for row in events:
        if row.kind == LEVEL and row.rank_ns == TRADED_RANK:
            assert book.size(row.side, row.px) > row.qty
            marked += book.size(row.side, row.px) - row.qty
        else:
            assert row.rank_ns == UNKNOWN_RANK
        book.apply([row])
    assert 240 <= marked <= traded


def ten(bids: list[tuple[float, int]], asks: list[tuple[float, int]], ms: int) -> dbn.MBP10Msg:
    """One mbp-10 record."""
    gone = (dbn.UNDEF_PRICE / NANO, 0)
    levels = []
    for place in range(10):
        bid, ask = ((side[place] if place < len(side) else None) or gone for side in (bids, asks))
        levels.append(
            dbn.BidAskPair(
                bid_px=round(bid[0] * NANO) if bid[1] else dbn.UNDEF_PRICE,
                ask_px=round(ask[0] * NANO) if ask[1] else dbn.UNDEF_PRICE,
                bid_sz=bid[1],
                ask_sz=ask[1],
            )
        )
    return dbn.MBP10Msg(
        publisher_id=1,
        instrument_id=1,
        ts_event=START_NS + ms * 1_000_000,
        price=round(100 * NANO),
        size=1,
        action=dbn.Action("A"),
        side=dbn.Side("B"),
        depth=0,
        ts_recv=START_NS + ms * 1_000_000,
        flags=LAST,
        levels=levels,
    )


def test_a_level_pushed_out_of_ten_is_remembered_until_it_would_be_seen(tmp_path: Path) -> None:
    deep = [(100 - number / 4, 5 + number) for number in range(10)]
    path = tmp_path / "ten.dbn"
    records = [
        ten(deep, [(100.25, 3)], 1),
        ten([(100.25, 1), *deep[:9]], [(100.5, 3)], 2),  # the tenth is pushed out
        ten([*deep[:9], (97.5, 2)], [(100.25, 4)], 3),  # and is not there when looked for
        ten(deep[:3], [], 4),  # all there is
    ]
    path.write_bytes(file_of(dbn.Schema.MBP_10, records, {1: "ESU4"}))
    tape = tape_of(path)

    def at(ms: int) -> tuple[dict[int, int], dict[int, int]]:
        bids, asks = tape.depth(START_NS + ms * 1_000_000)
        return dict(bids), dict(asks)

    first = {400 - number: 5 + number for number in range(10)}
    assert at(0) == at(1) == (first, {401: 3})
    assert at(2) == (first | {401: 1}, {402: 3})
    nine = {px: size for px, size in first.items() if px != 391}
    assert at(3)[0] == nine | {390: 2}
    assert at(3)[1] == {401: 4}
    assert at(4) == ({400: 5, 399: 6, 398: 7}, {})


def top(bid: tuple[float, int], ask: tuple[float, int], ms: int) -> dbn.MBP1Msg:
    """One mbp-1 record."""
    # the stubs ask for a list, the library for the pair itself
    only: Any = dbn.BidAskPair(
        bid_px=round(bid[0] * NANO),
        ask_px=round(ask[0] * NANO),
        bid_sz=bid[1],
        ask_sz=ask[1],
    )
    return dbn.MBP1Msg(
        publisher_id=1,
        instrument_id=1,
        ts_event=START_NS + ms * 1_000_000,
        price=round(bid[0] * NANO),
        size=1,
        action=dbn.Action("A"),
        side=dbn.Side("B"),
        depth=0,
        ts_recv=START_NS + ms * 1_000_000,
        flags=LAST,
        levels=only,
    )


def test_behind_a_recorded_best_level_stand_remembered_and_made_ones(tmp_path: Path) -> None:
    path = tmp_path / "top.dbn"
    records = [
        top((100.0, 30), (100.25, 20), 1),
        top((100.25, 11), (100.5, 25), 2),
        top((99.75, 14), (100.0, 9), 3),
        top((100.25, 12), (100.5, 26), 4),
    ]
    path.write_bytes(file_of(dbn.Schema.MBP_1, records, {1: "ESU4"}))
    tape = tape_of(path)
    pictures = [tape.depth(START_NS + ms * 1_000_000) for ms in (1, 2, 3, 4)]
    for (bids, asks), record in zip(pictures, records, strict=True):
        assert (bids[0], asks[0]) == shown(record)
        assert len(bids) >= 10
        assert len(asks) >= 10
        assert bids[0].px < asks[0].px
        mean = sum(level.size for level in (*bids[1:10], *asks[1:10])) / 18
        assert 10 < mean < 60
    assert dict(pictures[1].bids)[400] == 30
    assert dict(pictures[2].asks)[401] == 20
    assert dict(pictures[2].asks)[402] == 25
    assert dict(pictures[3].bids)[400] == 30
    assert dict(pictures[3].bids)[399] == 14
    assert tape_of(path).depth(START_NS) == pictures[0]


@pytest.mark.parametrize(
    ("name", "trades", "levels"),
    [
        ("trades", 4, 10),
        ("tbbo", 4, 10),
        ("mbp-1", 0, 10),
        ("mbp-10", 0, 10),
        ("mbo", 0, 1),
    ],
)
def test_a_file_of_every_schema_that_can_be_replayed(
    shared_data: Callable[[str], Path], name: str, trades: int, levels: int
) -> None:
    path = shared_data(f"dbn_glbx_samples/{name}.dbn.zst")
    (recorded,) = read_recording(path).values()
    assert len(recorded) == trades
    tape = tape_of(path)
    assert tape.contract.name == "ESH1"
    depth = tape.depth(tape.first_ns)
    assert len(depth.bids) >= levels
    touch = tape.touch(tape.last_ns)
    assert touch.bid < touch.ask


@pytest.mark.parametrize(
    "name",
    ["bbo-1m", "bbo-1s", "definition", "ohlcv-1d", "ohlcv-1h", "ohlcv-1m", "ohlcv-1s",
     "statistics", "status"],
)  # fmt: skip
def test_other_schemas_are_refused_in_one_sentence(
    shared_data: Callable[[str], Path], name: str
) -> None:
    with pytest.raises(InputError) as error:
        read_recording(shared_data(f"dbn_glbx_samples/{name}.dbn.zst"))
    assert "holds no trades and no book" in str(error.value)
    assert "mbp-10" in str(error.value)


def test_two_schemas_in_one_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mixed.dbn"
    trade = dbn.TradeMsg(
        publisher_id=1,
        instrument_id=1,
        ts_event=START_NS,
        price=100 * NANO,
        size=1,
        action=dbn.Action("T"),
        side=dbn.Side("B"),
        depth=0,
        ts_recv=START_NS,
    )
    path.write_bytes(file_of(dbn.Schema.TRADES, [trade, ten([(99, 1)], [(100, 1)], 1)], {1: "ES"}))
    with pytest.raises(InputError, match="mixes trades and mbp-10 records"):
        read_recording(path)
