"""Damaged files: whatever the bytes are, a market comes out of them or one sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import databento_dbn as dbn
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.practice.recorded.dbn_bytes import START_NS, file_of, order

from tradedesk.domain.errors import InputError
from tradedesk.history.unpack import gunzip, unzstd
from tradedesk.practice.market.replay import open_recording

MOST = 4_000
FLIPS = st.lists(st.tuples(st.integers(0, MOST), st.integers(1, 255)), max_size=4)
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
EVER = 2**62


def damaged(raw: bytes, flips: list[tuple[int, int]], size: int) -> bytes:
    """Some bytes changed, and the end cut off."""
    out = bytearray(raw)
    for at, mask in flips:
        out[at % len(out)] ^= mask
    return bytes(out[: size % (len(out) + 1) if size < MOST else len(out)])


def survives(path: Path) -> None:
    """Read it, and if it can be read use it."""
    try:
        market = open_recording(path)
    except InputError as error:
        text = str(error)
        assert text.endswith(".")
        assert "\n" not in text
        return
    for contract in market.active():
        tape = market.tape(contract)
        now_ns = market.first_ns + 1_000_000
        tape.depth(now_ns)
        tape.touch(now_ns)
        tape.events(now_ns - 1, now_ns)
        tape.prints(0, EVER)


@SLOW
@given(flips=FLIPS, size=st.integers(0, 2 * MOST))
def test_any_damage_to_orders(tmp_path: Path, flips: list[tuple[int, int]], size: int) -> None:
    records = [
        order("A", "B", 1, 99.75, 3, ms=1),
        order("A", "A", 2, 100.0, 3, ms=2),
        order("T", "B", 0, 100.0, 1, ms=3, flags=0),
        order("F", "A", 2, 100.0, 1, ms=3, flags=0),
        order("M", "A", 2, 100.0, 2, ms=4),
        order("C", "B", 1, 99.75, 3, ms=5),
    ]
    raw = file_of(dbn.Schema.MBO, records, {1: "ESU4"})
    path = tmp_path / "orders.dbn"
    path.write_bytes(damaged(raw, flips, size))
    survives(path)


@pytest.mark.parametrize("schema", ["trades", "tbbo", "mbp-1", "mbp-10", "mbo"])
def test_any_damage_to_a_recorded_file(
    shared_data: Callable[[str], Path], tmp_path: Path, schema: str
) -> None:
    packed = shared_data(f"dbn_glbx_samples/{schema}.dbn.zst")
    plain = unzstd(packed, packed.read_bytes())
    files = {"packed.dbn.zst": packed.read_bytes(), "plain.dbn": plain}

    @settings(max_examples=60)
    @given(st.sampled_from(sorted(files)), FLIPS, st.integers(0, 2 * MOST))
    def check(name: str, flips: list[tuple[int, int]], size: int) -> None:
        path = tmp_path / name
        path.write_bytes(damaged(files[name], flips, size))
        survives(path)

    check()


@SLOW
@given(flips=FLIPS, size=st.integers(0, 2 * MOST))
def test_any_damage_to_a_parquet_file(
    tmp_path: Path, flips: list[tuple[int, int]], size: int
) -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet support is not installed here")
    pq = pytest.importorskip("pyarrow.parquet", reason="Parquet support is not installed here")
    out = io.BytesIO()
    table = pa.table(
        {
            "ts": pa.array([START_NS, START_NS + 1_000], pa.timestamp("ns")),
            "price": [5.0, 5.25],
            "size": [1, 2],
            "side": ["B", "A"],
        }
    )
    pq.write_table(table, out)
    path = tmp_path / "ES.parquet"
    path.write_bytes(damaged(out.getvalue(), flips, size))
    survives(path)


def test_what_unpacks_to_too_much_is_refused(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    import gzip

    packed = shared_data("cme_esm4_20240508_mbo.dbn.zst")
    with pytest.raises(InputError, match="unpacks to more than 0 MB"):
        unzstd(packed, packed.read_bytes(), 500_000)
    with pytest.raises(InputError, match="unpacks to more than 1 MB"):
        gunzip(tmp_path / "x.csv.gz", gzip.compress(bytes(3 << 20)), 1 << 20)


def test_times_that_go_back_or_lie_far_ahead_are_named(tmp_path: Path) -> None:
    path = tmp_path / "back.dbn"
    back = [order("A", "B", 1, 99.75, 3, ms=5_000), order("A", "B", 2, 99.75, 3, ms=1)]
    path.write_bytes(file_of(dbn.Schema.MBO, back, {1: "ESU4"}))
    with pytest.raises(InputError, match=r"back\.dbn goes back in time at record 2"):
        open_recording(path)
    late = [order("A", "B", 1, 99.75, 3, ms=10**13)]
    path.write_bytes(file_of(dbn.Schema.MBO, late, {1: "ESU4"}))
    with pytest.raises(InputError, match="beyond the year 2200"):
        open_recording(path)


def test_two_symbols_that_are_one_contract_are_named(tmp_path: Path) -> None:
    path = tmp_path / "twice.dbn"
    records = [order("A", "B", 1, 99.75, 3, ms=1), order("A", "B", 1, 99.75, 3, instrument=2, ms=2)]
    path.write_bytes(file_of(dbn.Schema.MBO, records, {1: "ESU4", 2: "ES.c.0"}))
    with pytest.raises(InputError, match=r"ESU4 and ES\.c\.0 of the recording are both ESU4"):
        open_recording(path)


def test_a_spread_is_not_taken_for_its_first_leg(tmp_path: Path) -> None:
    path = tmp_path / "spread.dbn"
    records = [order("A", "B", 1, 99.75, 3, ms=1), order("A", "B", 1, -1.3, 3, instrument=2, ms=2)]
    path.write_bytes(file_of(dbn.Schema.MBO, records, {1: "ESU4", 2: "ESU4-ESZ4"}))
    names = [contract.product.symbol for contract in open_recording(path).active()]
    assert names == ["ES", "ESU4ESZ4"]
