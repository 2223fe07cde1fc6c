"""Reading recordings: what is taken, and what is said about the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import InputError
from tradedesk.engine import aggregate
from tradedesk.history.zstd_frame import is_whole
from tradedesk.practice.market.recordings import read_recording
from tradedesk.practice.market.replay import ReplayMarket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FULL = "time_ms,trade_id,side,price,amount\n1000,1,buy,1.25,3\n1000,2,sell,1.00,0.4\n"
SHORT = "ts,price,size,side\n2024-07-01T23:58:01.5Z,5528.75,2,B\n1719878282000000000,5528.5,1,N\n"


def market(folder: Path, name: str, text: str) -> ReplayMarket:
    path = folder / name
    path.write_text(text)
    return ReplayMarket(read_recording(path))


def test_time_ms_csv(tmp_path: Path) -> None:
    replay = market(tmp_path, "strange.csv", FULL)
    (contract,) = replay.active()
    assert (contract.product.symbol, contract.product.tick.size) == ("STRANGE", Decimal("0.25"))
    rows = replay.tape(contract).prints(0, 10**18).each()
    assert [tuple(row) for row in rows] == [
        (10**9, 5, 3, 3, 4, 5),
        (10**9, 4, 1, 0, 4, 5),
    ]


def test_ts_csv_of_a_known_symbol_with_unknown_aggressor(tmp_path: Path) -> None:
    replay = market(tmp_path, "ESU4.first.csv", SHORT)
    (contract,) = replay.active()
    assert contract.contract_id == "CON.F.US.EP.U24"
    rows = replay.tape(contract).prints(0, 2**62).each()
    assert [(row.ts_ns, row.px, row.buy_qty) for row in rows] == [
        (1719878281500000000, 22_115, 2),
        (1719878282000000000, 22_114, 0),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "a,b\n1,2\n", "time_ms,side,price,amount"),
        ("a.csv", "time,open,high,low,close\n", "holds bars, which cannot be replayed"),
        ("a.csv", "", "time_ms,side,price,amount"),
        ("a.csv", "ts,price,size,side\n", "holds no trades"),
        ("a.csv", "ts,price,size,side\n1,x,1,B\n", "line 2 cannot be read"),
        ("a.csv", "ts,price,size,side\n1,1,1\n", "line 2 has 3 columns"),
        ("a.csv", "ts,price,size,side\n5,1,1,B\n4,1,1,B\n", "line 3 goes back in time"),
        ("a.csv", "ts,price,size,side\n5,-1,1,B\n", "line 2 has no positive price"),
        ("a.csv", "ts,price,size,side\n5,nan,1,B\n", "line 2"),
        ("a.csv", "ts,price,size,side\n5,1,99999999999,B\n", "line 2 has the size"),
        ("a.csv", "ts,price,size,side\n9000000000000000000,1,1,B\n", "beyond the year 2200"),
        ("a.csv", f'ts,price,size,side\n5,1,1,"{"x" * 200_000}\n', "inside quotation marks"),
        ("a.csv.gz", "ts,price,size,side\n", "truncated or no text"),
        ("a.dbn", "no such thing", "is not a Databento file"),
        ("a.txt", "", ".dbn.zst"),
        ("ES.csv", "ts,price,size,side\n5,5000.1,1,B\n", "0.25 grid of ES"),
    ],
)
def test_what_cannot_be_replayed_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        market(tmp_path, name, text)
    assert said in str(error.value)
    assert name in str(error.value) or "grid" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.dbn cannot be read"):
        read_recording(tmp_path / "nowhere.dbn")


@pytest.mark.parametrize(
    ("name", "symbol", "trades"),
    [
        ("cme_esu4_20240701_trades.dbn.zst", "ESU4", 120),
        ("cme_esu4_20240701_mbp1.dbn.zst", "ESU4", 120),
        ("cme_esm4_20240508_mbo.dbn.zst", "ESM4", 5),
        ("dbn_glbx_samples/trades.dbn.zst", "ESH1", 4),
        ("dbn_glbx_samples/tbbo.dbn.zst", "ESH1", 4),
    ],
)
def test_databento_files(
    shared_data: Callable[[str], Path], name: str, symbol: str, trades: int
) -> None:
    recording = read_recording(shared_data(name))
    assert {key: len(rows) for key, rows in recording.items()} == {symbol: trades}
    (contract,) = ReplayMarket(recording).active()
    assert contract.name == symbol


def test_a_schema_without_trades_is_named(shared_data: Callable[[str], Path]) -> None:
    with pytest.raises(InputError, match="holds no trades"):
        read_recording(shared_data("dbn_glbx_samples/ohlcv-1m.dbn.zst"))


def test_every_truncation_is_noticed(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    raw = shared_data("cme_esu4_20240701_trades.dbn.zst").read_bytes()
    assert is_whole(raw)
    assert is_whole(raw + raw)
    path = tmp_path / "cut.dbn.zst"
    for size in range(0, len(raw), 7):
        path.write_bytes(raw[:size])
        with pytest.raises(InputError, match=r"is truncated|not a Databento file"):
            read_recording(path)


@given(st.binary(max_size=60))
def test_any_bytes_after_a_frame_head_are_survived(tail: bytes) -> None:
    assert is_whole(b"\x28\xb5\x2f\xfd" + tail) in (True, False)


def test_crypto_bars_equal_those_of_another_project(shared_data: Callable[[str], Path]) -> None:
    replay = ReplayMarket(read_recording(shared_data("spot_xrpeth_201910_trades.csv.gz")))
    (contract,) = replay.active()
    tape = replay.tape(contract)
    bars = tape.bars(BarSpec.parse("1m"), 0, 2**62, 10**6, 2**62)
    assert len(bars) == 2_469
    assert bars == aggregate(tape.prints(0, 2**62).batch(), BarSpec.parse("1m"))
