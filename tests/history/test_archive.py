"""The archive against a list of trades in memory, and what becomes of damaged files."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.domain.errors import BatchError, InputError, StoreError
from tradedesk.domain.price import TickSize
from tradedesk.engine import Bars, TradeBatch, TradeStore, aggregate
from tradedesk.history import Archive, BarHistory, TradeHistory, read_trades
from tradedesk.history.archive_names import contract_name, folder_name
from tradedesk.history.folder_lock import writing

DAY_NS = 86_400 * 10**9
MONDAY_NS = 19_905 * DAY_NS  # 2024-07-01
QUARTER = TickSize(Decimal("0.25"))
SAME_FOLDER = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPEC = BarSpec.parse("1m")

Trade = tuple[int, int, int, int]


def history(
    trades: list[Trade], contract: str = "ESU4", ids: bool = False, tick: TickSize = QUARTER
) -> TradeHistory:
    table = np.array(trades, np.int64).reshape(len(trades), 4)
    batch = TradeBatch(*table.T)
    numbers = np.arange(len(batch), dtype=np.int64) + 100 if ids else None
    return TradeHistory(batch, tick, contract, ids=numbers)


def trade(day: int, second: int, px: int = 100, qty: int = 2, buy: int = 1) -> Trade:
    return MONDAY_NS + day * DAY_NS + second * 10**9, px, qty, buy


@st.composite
def parts(draw: st.DrawFn) -> list[Trade]:
    """Trades over some days, with equal times and times at the very edge of a day."""
    second = st.integers(0, 5) | st.integers(86_395, 86_399)
    places = draw(st.lists(st.tuples(st.integers(0, 3), second), min_size=1, max_size=12))
    return [
        trade(day, at, draw(st.integers(-9, 9)), draw(st.integers(0, 4)), 0)
        for day, at in sorted(places)
    ]


def merged(kept: list[Trade], trades: list[Trade]) -> list[Trade]:
    """Day by day, everything outside of the new trades' own first and last time, and they."""
    spans: dict[int, list[int]] = {}
    for one in trades:
        spans.setdefault(one[0] // DAY_NS, []).append(one[0])
    stays = [
        one
        for one in kept
        if not min(spans.get(one[0] // DAY_NS, [one[0] + 1]))
        <= one[0]
        <= max(spans.get(one[0] // DAY_NS, [0]))
    ]
    return sorted([*stays, *trades], key=lambda one: one[0])


@SAME_FOLDER
@given(st.lists(parts(), min_size=1, max_size=5), st.data())
def test_put_against_a_list(
    tmp_path_factory: pytest.TempPathFactory, several: list[list[Trade]], data: st.DataObject
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"))
    kept: list[Trade] = []
    for trades in several:
        archive.put_trades(history(trades))
        kept = merged(kept, trades)
    assert list(archive.trades("ESU4").batch.rows()) == kept
    start, end = sorted(data.draw(st.tuples(*[st.sampled_from([one[0] for one in kept])] * 2)))
    inside = [one for one in kept if start <= one[0] < end]
    assert list(archive.trades("ESU4", start, end).batch.rows()) == inside
    rows = [row for part in archive.trade_batches("ESU4", start, end) for row in part.rows()]
    assert rows == inside
    days = sorted({datetime.fromtimestamp(one[0] // 10**9, UTC).date() for one in kept})
    entries = archive.trade_files("ESU4")
    assert [entry.name for entry in entries] == [day.isoformat() for day in days]
    assert sum(entry.rows for entry in entries) == len(kept)
    assert (entries[0].first_ns, entries[-1].last_ns) == (kept[0][0], kept[-1][0])


@SAME_FOLDER
@given(parts(), st.integers(0, 12))
def test_append_continues(
    tmp_path_factory: pytest.TempPathFactory, trades: list[Trade], cut: int
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"))
    archive.append_trades(history(trades[:cut]))
    archive.append_trades(history(trades[cut:]))
    assert list(archive.trades("ESU4").batch.rows()) == trades
    older = [(trades[-1][0] - 1, 1, 1, 1)]
    with pytest.raises(BatchError, match="are older than the last of ESU4 that are kept"):
        archive.append_trades(history(older))
    assert list(archive.trades("ESU4").batch.rows()) == trades


def test_many_groups_of_rows_come_without_a_copy(tmp_path: Path) -> None:
    count = 1_200_000
    ts_ns = MONDAY_NS + np.arange(count, dtype=np.int64) * 60_000_000
    px = (np.arange(count) % 977).astype(np.int32)
    qty = np.ones(count, np.int32)
    batch = TradeBatch(ts_ns, px, qty, qty)
    archive = Archive(tmp_path)
    archive.put_trades(TradeHistory(batch, QUARTER, "ESU4"))
    batches = list(archive.trade_batches("ESU4"))
    assert len(batches) > 1
    assert not any(part.px_ticks.flags.owndata for part in batches)
    store = TradeStore()
    for part in batches:
        store.append(part)
    assert store.trades == batch
    start, end = int(ts_ns[300_000]), int(ts_ns[300_007])
    found = archive.trades("ESU4", start, end).batch
    assert found == batch[300_000:300_007]


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put_trades(history([trade(0, 1)], ids=True), "first.dbn")
    (entry,) = archive.put_trades(history([trade(0, 2)], ids=True), "second.csv")
    metadata = {
        key.decode(): value.decode()
        for key, value in pq.read_schema(entry.path).metadata.items()
        if key.startswith(b"tradedesk.")
    }
    assert metadata.pop("tradedesk.writer").startswith("tradedesk ")
    assert len(metadata.pop("tradedesk.check")) == 8
    assert metadata == {
        "tradedesk.schema": "1",
        "tradedesk.kind": "trades",
        "tradedesk.contract": "ESU4",
        "tradedesk.tick": "0.25",
        "tradedesk.lot": "1",
        "tradedesk.unit": "ticks",
        "tradedesk.source": "first.dbn, second.csv",
    }
    assert entry.path == tmp_path / "ESU4" / "trades" / "2024-07-01.parquet"
    found = archive.trades("ESU4")
    assert found.ids is not None
    assert found.ids.tolist() == [100, 100]
    assert [str(field.type) for field in pq.read_schema(entry.path)] == [
        *("int64", "int32", "int32", "int32", "int64")
    ]
    assert read_trades(entry.path).batch == found.batch


def test_units_and_columns_must_agree_where_something_stays(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put_trades(history([trade(0, 1), trade(0, 9)]))
    before = archive.trades("ESU4").batch
    half = TickSize(Decimal("0.5"))
    with pytest.raises(InputError, match=r"a tick size of 0\.5 meets one of 0\.25 in ESU4"):
        archive.put_trades(history([trade(0, 5)], tick=half))
    with pytest.raises(InputError, match="put the whole day"):
        archive.put_trades(history([trade(0, 5)], ids=True))
    assert archive.trades("ESU4").batch == before
    archive.put_trades(history([trade(1, 0)], tick=half))
    with pytest.raises(InputError, match="meets one of"):
        archive.trades("ESU4")
    assert len(archive.trades("ESU4", end_ns=MONDAY_NS + DAY_NS)) == 2
    archive.put_trades(history([trade(0, 1), trade(0, 9)], tick=half))
    assert archive.trades("ESU4").tick_size == half


def test_a_damaged_file_is_named_and_left_and_others_are_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put_trades(history([trade(day, 1) for day in range(3)]))
    path = archive.trade_files("ESU4")[1].path
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreError, match=r"2024-07-02\.parquet is damaged .* import that time"):
            archive.trades("ESU4")
        with pytest.raises(StoreError, match="is damaged"):
            archive.put_trades(history([trade(1, 2)]))
        assert path.read_bytes() == whole[:size]
    names = [(entry.name, bool(entry.problem)) for entry in archive.trade_files("ESU4")]
    assert names == [("2024-07-01", False), ("2024-07-02", True), ("2024-07-03", False)]
    assert len(archive.trades("ESU4", end_ns=MONDAY_NS + DAY_NS)) == 1
    assert len(archive.trades("ESU4", start_ns=MONDAY_NS + 2 * DAY_NS)) == 1


def test_a_changed_byte_is_noticed_or_changes_no_trade(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    trades = [trade(0, second, px=second) for second in range(40)]
    (entry,) = archive.put_trades(history(trades))
    whole = entry.path.read_bytes()
    noticed = 0
    for at in range(0, len(whole), 3):
        data = bytearray(whole)
        data[at] ^= 1 << at % 8
        entry.path.write_bytes(data)
        try:
            found = archive.trades("ESU4")
        except StoreError:
            noticed += 1
        else:
            assert list(found.batch.rows()) == trades, at
            assert found.tick_size == QUARTER
    assert noticed > 0


def test_a_newer_file_is_refused_and_kept(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (entry,) = archive.put_trades(history([trade(0, 1)]))
    table = pq.read_table(entry.path)
    newer = {**table.schema.metadata, b"tradedesk.schema": b"2", b"tradedesk.writer": b"future 9"}
    pq.write_table(table.replace_schema_metadata(newer), entry.path)
    kept = entry.path.read_bytes()
    said = r"written by a newer version \(future 9\): update this program"
    for act in (
        lambda: archive.trades("ESU4"),
        lambda: archive.put_trades(history([trade(0, 1)])),
        lambda: archive.append_trades(history([trade(0, 2)])),
    ):
        with pytest.raises(StoreError, match=said):
            act()
    assert entry.path.read_bytes() == kept


def test_a_file_with_columns_of_another_type_is_damaged(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (entry,) = archive.put_trades(history([trade(0, 1)]))
    table = pq.read_table(entry.path)
    wide = table.set_column(1, "px_ticks", table["px_ticks"].cast("int64"))
    pq.write_table(wide.replace_schema_metadata(table.schema.metadata), entry.path)
    with pytest.raises(StoreError, match=r"is damaged .its column px_ticks is int64"):
        archive.trades("ESU4")


def test_a_file_in_the_wrong_place_is_not_taken_for_another(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (entry,) = archive.put_trades(history([trade(0, 1)]))
    other = tmp_path / "NQU4" / "trades" / entry.path.name
    other.parent.mkdir(parents=True)
    other.write_bytes(entry.path.read_bytes())
    with pytest.raises(StoreError, match="holds trades of ESU4 where trades of NQU4 belong"):
        archive.trades("NQU4")


def test_what_a_dead_writer_left_is_swept(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (entry,) = archive.put_trades(history([trade(0, 1)]))
    left = entry.path.with_name(f".{entry.path.name}.4711.tmp")
    left.write_bytes(b"half a file")
    assert len(archive.trades("ESU4")) == 1
    assert [one.name for one in archive.trade_files("ESU4")] == ["2024-07-01"]
    archive.put_trades(history([trade(0, 2)]))
    assert not left.exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "ESU4").write_text("a file where a folder belongs")
    with pytest.raises(StoreError, match="cannot be used"):
        Archive(tmp_path).put_trades(history([trade(0, 1)]))


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    folder = tmp_path / "ESU4" / "trades"
    with (
        writing(folder),
        pytest.raises(StoreError, match="Another process writes into"),
        writing(folder, tries=2),
    ):
        pass
    archive.put_trades(history([trade(0, 1)]))
    assert len(archive.trades("ESU4")) == 1


WRITER = """
import json, sys
from decimal import Decimal
from pathlib import Path
from tradedesk.domain.price import TickSize
from tradedesk.engine import TradeBatch
from tradedesk.history import Archive, TradeHistory
root, start, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
archive = Archive(root)
for number in range(count):
    batch = TradeBatch([start + 2 * number], [number], [1], [0])
    archive.put_trades(TradeHistory(batch, TickSize(Decimal("0.25")), "ESU4"))
print(json.dumps(count))
"""


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    count = 25
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(MONDAY_NS + odd), str(count)],
            stdout=subprocess.PIPE,
        )
        for odd in (0, 1)
    ]
    said = [writer.communicate(timeout=120)[0] for writer in writers]
    assert [json.loads(text) for text in said] == [count, count]
    times = Archive(tmp_path).trades("ESU4").batch.ts_ns - MONDAY_NS
    assert times.tolist() == list(range(2 * count))


def test_bars_by_day_and_by_year(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    batch = history([trade(day, second) for day in (0, 1, 200) for second in range(0, 300, 7)])
    for text, names in (
        ("1m", ["2024-07-01", "2024-07-02", "2025-01-17"]),
        ("50t", ["2024-07-01", "2024-07-02", "2025-01-17"]),
        ("1d", ["2024", "2025"]),
        ("1mo", ["2024", "2025"]),
    ):
        spec = BarSpec.parse(text)
        bars = aggregate(batch.batch, spec)
        archive.put_bars(BarHistory(bars, QUARTER, "ESU4"), spec, "test")
        found = archive.bars("ESU4", spec)
        assert found.bars == bars
        assert (found.tick_size, found.contract) == (QUARTER, "ESU4")
        assert [entry.name for entry in archive.bar_files("ESU4", spec)] == names
        assert archive.bars("ESU4", spec, int(bars.ts_ns[1])).bars == bars[1:]
    assert sorted(map(str, archive.bar_specs("ESU4"))) == ["1d", "1m", "1mo", "50t"]
    assert archive.contracts() == ["ESU4"]
    assert archive.missing_days("ESU4") == []


def test_days_without_trades_are_listed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put_trades(history([trade(day, 1) for day in (0, 1, 4)]))
    assert archive.missing_days("ESU4") == [date(2024, 7, 3), date(2024, 7, 4)]


def test_nothing_is_kept(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "nowhere")
    assert archive.contracts() == []
    assert archive.put_trades(history([])) == []
    assert list(archive.trade_batches("ESU4")) == []
    with pytest.raises(StoreError, match="No trades of ESU4 are kept"):
        archive.trades("ESU4")
    with pytest.raises(StoreError, match="No 1m bars of ESU4 are kept"):
        archive.bars("ESU4", SPEC)
    archive.put_trades(history([trade(0, 1)]))
    empty = archive.trades("ESU4", 0, 1)
    assert (len(empty), empty.tick_size) == (0, QUARTER)
    archive.put_bars(BarHistory(Bars.empty(), QUARTER, "ESU4"), SPEC)


@pytest.mark.parametrize(
    ("contract", "folder"),
    [
        ("ESU4", "ESU4"),
        ("6E.c.0", "6E.c.0"),
        ("CON.F.US.EP.U24", "CON%2EF.US.EP.U24"),
        ("nul", "%6Eul"),
        ("../x", "%2E.%2Fx"),
        ("..", "%2E%2E"),
        ("a b/c\\d:e", "a%20b%2Fc%5Cd%3Ae"),
        ("x.", "x%2E"),
        ("zł", "z%C5%82"),
    ],
)
def test_names_of_folders(tmp_path: Path, contract: str, folder: str) -> None:
    assert folder_name(contract) == folder
    archive = Archive(tmp_path)
    (entry,) = archive.put_trades(history([trade(0, 1)], contract))
    assert entry.path.parent.parent == tmp_path / folder
    assert archive.contracts() == [contract]
    assert len(archive.trades(contract)) == 1


@given(st.text(min_size=1, max_size=12))
def test_any_name_comes_back(contract: str) -> None:
    try:
        folder = folder_name(contract)
    except InputError:
        return
    assert contract_name(folder) == contract
    assert not set(folder) & set('/\\:*?"<>| ')
    assert not folder.startswith(".")
    assert not folder.endswith(".")


@pytest.mark.parametrize("contract", ["", "x" * 121])
def test_no_name(contract: str) -> None:
    with pytest.raises(InputError, match="is no contract's name"):
        folder_name(contract)
