"""The venue as a process of its own: the ready line, its ends, its complaints, replay."""

from __future__ import annotations

import signal
import socket
import time
from typing import TYPE_CHECKING, Any

import databento_dbn as dbn
import pytest
from tests.practice.clients import EARLY, LATE, Hub, Rest
from tests.practice.process import VenueProcess, venue_process
from tests.practice.test_market_stream import batch_of, nanoseconds, trades_heard

from tradedesk.domain.bar_spec import BarSpec
from tradedesk.engine import Bars, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ESU4 = "CON.F.US.EP.U24"


async def login(rest: Rest, ready: dict[str, Any]) -> None:
    answer = await rest("Auth/loginKey", userName=ready["username"], apiKey=ready["api_key"])
    rest.use(answer["token"])


def test_one_line_when_ready_and_an_orderly_end() -> None:
    with venue_process(seed=5) as venue:
        assert set(venue.ready) == {
            *("rest", "user_hub", "market_hub", "username", "api_key", "accounts", "pid", "seed")
        }
        assert (venue.ready["pid"], venue.ready["seed"]) == (venue.popen.pid, 5)
        assert len(venue.ready["api_key"]) >= 10
        (account,) = venue.ready["accounts"]
        assert isinstance(account["id"], int)
        assert account["name"].startswith("PRAC-V2-")
        assert venue.end() == 0
        rest_of_output, complaints = venue.popen.communicate()
        assert (rest_of_output, complaints) == ("", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_open_sockets_do_not_delay_the_end(number: int) -> None:
    with venue_process() as venue:
        async with Rest(venue.ready["rest"]) as rest:
            await login(rest, venue.ready)
            async with Hub(venue.ready["user_hub"], rest.token) as hub:
                await hub.subscribe("Accounts")
                asked = time.monotonic()
                venue.popen.send_signal(number)
                assert await venue.ended() == 0
                assert time.monotonic() - asked < 3
                await hub.until_closed()


async def test_it_lingers_while_it_is_used_and_then_ends_by_itself() -> None:
    with venue_process(linger=0.5) as venue:
        async with Rest(venue.ready["rest"]) as rest:
            await login(rest, venue.ready)
            async with Hub(venue.ready["market_hub"], rest.token) as hub:
                await hub.subscribe("ContractTrades", await _first_contract(rest))
                await hub.until(lambda: _seconds_of_trades(hub) > 1.2)
                assert venue.popen.poll() is None
            assert await venue.ended() == 0


def _seconds_of_trades(hub: Hub) -> float:
    stamps = [nanoseconds(r["timestamp"]) for _, rows in hub.events("GatewayTrade") for r in rows]
    return (stamps[-1] - stamps[0]) / 1e9 if stamps else 0.0


async def _first_contract(rest: Rest) -> str:
    contracts = (await rest("Contract/available", live=False))["contracts"]
    contract_id: str = contracts[0]["id"]
    return contract_id


def complaint(code: int, **options: Any) -> str:
    """One line on stderr and the exit code of a venue that does not start."""
    with venue_process(**options) as venue:
        assert venue.ready == {}
        _, text = venue.popen.communicate(timeout=15)
        assert venue.popen.returncode == code, text
    assert text.count("\n") == 1
    assert text.startswith("tradedesk practice: ")
    return text


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is in use" in complaint(1, port=port)


def test_bad_numbers_and_files_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.dbn.zst"
    broken.write_bytes(b"\x28\xb5\x2f\xfd broken")
    assert "broken.dbn.zst is truncated" in complaint(2, replay=str(broken))
    assert "speed 0 is unusable" in complaint(2, speed=0.0)
    assert "seed -1 is below 0" in complaint(2, seed=-1)
    faults = tmp_path / "faults.toml"
    faults.write_text('[[fault]]\non = "place"\n')
    assert "faults.toml: fault 1, 'kind': it is missing" in complaint(2, faults=str(faults))


async def test_faults_from_a_file_are_armed(tmp_path: Path) -> None:
    faults = tmp_path / "faults.toml"
    faults.write_text('[[fault]]\non = "accounts"\nkind = "500_before"\n')
    with venue_process(faults=str(faults)) as venue:
        async with Rest(venue.ready["rest"]) as rest:
            await login(rest, venue.ready)
            body = {"onlyActiveAccounts": True}
            codes = [
                (await rest.http.post("/api/Account/search", json=body)).status_code
                for _ in range(2)
            ]
            assert codes == [500, 200]
        venue.end()


async def test_a_killed_client_leaves_the_venue_standing() -> None:
    with venue_process() as venue:
        async with Rest(venue.ready["rest"]) as rest:
            await login(rest, venue.ready)
            for _ in range(3):
                hub = Hub(venue.ready["user_hub"], rest.token)
                async with hub:
                    await hub.subscribe("Accounts")
                    hub.socket.transport.abort()
            assert (await rest("Account/search", onlyActiveAccounts=True))["success"]
        assert venue.end() == 0


def vendor_bars(path: Path, instrument: int) -> Bars:
    decoder = dbn.DBNDecoder(compression=dbn.Compression.ZSTD)  # type: ignore[arg-type]
    decoder.write(path.read_bytes())
    tick = 250_000_000
    rows = [
        (r.ts_event, *(px // tick for px in (r.open, r.high, r.low, r.close)), r.volume)
        for r in decoder.decode()
        if isinstance(r, dbn.OHLCVMsg) and r.instrument_id == instrument
    ]
    return Bars(*zip(*rows, strict=True))


async def test_replayed_es_gives_the_vendors_bars(shared_data: Callable[[str], Path]) -> None:
    tape = shared_data("cme_esu4_20240701_trades.dbn.zst")
    vendor = vendor_bars(shared_data("cme_esu4_nqu4_20240701_ohlcv1m.dbn.zst"), 118)
    with venue_process(replay=str(tape), speed=120) as venue:
        async with Rest(venue.ready["rest"]) as rest:
            await login(rest, venue.ready)
            await _check_replay(venue, rest, vendor)
        assert venue.end() == 0


async def _check_replay(venue: VenueProcess, rest: Rest, vendor: Bars) -> None:
    found = (await rest("Contract/search", searchText="ES", live=False))["contracts"]
    assert [(row["id"], row["name"], row["activeContract"]) for row in found] == [
        (ESU4, "ESU4", True)
    ]
    assert await _bars(rest) == []
    async with Hub(venue.ready["market_hub"], rest.token) as hub:
        await hub.subscribe("ContractQuotes", ESU4)
        await hub.subscribe("ContractTrades", ESU4)
        await hub.until(lambda: len(trades_heard(hub, ESU4)) == 120)
        heard = aggregate(batch_of(trades_heard(hub, ESU4)), BarSpec.parse("1m"))
    rows = [
        (nanoseconds(b["t"]), *(round(b[k] * 4) for k in "ohlc"), b["v"])
        for b in reversed(await _bars(rest))
    ]
    first = int(vendor.ts_ns.searchsorted(heard.ts_ns[0]))
    expected = [bar[:6] for bar in vendor[first : first + 4]]
    assert [bar[5] for bar in expected] == [18, 23, 175, 37]
    assert rows == [bar[:6] for bar in heard] == expected


async def _bars(rest: Rest) -> list[dict[str, Any]]:
    answer = await rest(
        "History/retrieveBars",
        contractId=ESU4,
        live=False,
        startTime=EARLY,
        endTime=LATE,
        unit=2,
        unitNumber=1,
        limit=100,
        includePartialBar=True,
    )
    bars: list[dict[str, Any]] = answer["bars"]
    return bars
