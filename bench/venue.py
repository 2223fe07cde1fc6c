"""The practice venue: how many market events it tells, how late, and how many orders it takes.

Run it as ``python bench/venue.py [--quick] [PART ...]``. The venue is a process of its own,
started from the command line as by a user, and so are its listener and its clients.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.timing import Target, figure, machine, table
from bench.venue_process import Usage, running_venue, usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.venue_process import VenueProcess

HERE = Path(__file__).resolve()
MEGABYTE = 1_000_000
EVENTS = ("GatewayTrade", "GatewayDepth", "GatewayQuote")
STREAM_RUNS = 3
"""Most runs of the stream; the best one counts, since what else the machine does comes in tails."""
DATA = HERE.parents[2] / "shared" / "data"
RECORDINGS = (
    "cme_esu4_20240701_trades.dbn.zst",
    "cme_esm4_20240508_mbo.dbn.zst",
    "binance_coinm_btcusd_perp_20240808_stream.txt.gz",
)


def child(name: str, plan: object = None) -> subprocess.Popen[str]:
    """Start another part of the benchmark as a process.

    Its plan comes as one line on stdin: there is a token in it, and everybody can read a command.
    """
    command = [sys.executable, str(HERE.with_name(f"{name}.py"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    with process.stdin as stream:
        stream.write(json.dumps(plan) + "\n")
    return process


def line(process: subprocess.Popen[str]) -> str:
    """One line that it prints; ends the benchmark if there is none."""
    assert process.stdout is not None
    text = process.stdout.readline()
    if not text:
        raise SystemExit("A part of the benchmark failed.")
    return text


def percentile(values: list[float], percent: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


# --- market events to a listener ---------------------------------------------------------------


def listened(url: str, contracts: list[str], seconds: float, pid: int, warm_s: float = 2.0) -> Any:
    """Let a listener count, and watch the process that it listens to all the while."""
    plan = {"url": url, "contracts": contracts, "warm_s": warm_s, "seconds": seconds}
    process = child("venue_listener", plan)
    line(process)
    time.sleep(warm_s)
    samples, begun = [], time.perf_counter()
    while process.poll() is None and time.perf_counter() - begun < seconds + 30:
        samples.append((time.perf_counter(), usage(pid) or Usage(0.0, 0)))
        time.sleep(0.5)
    found = json.loads(line(process))
    process.wait(10)
    (first_s, first), (last_s, last) = samples[0], samples[-1]
    found["venue_cpu"] = (last.cpu_s - first.cpu_s) / (last_s - first_s)
    found["rss"] = [one.rss for _, one in samples]
    found["events"] = sum(found[kind] for kind in EVENTS) / found["seconds"]
    return found


def _hub(venue: VenueProcess) -> str:
    return f"{venue.market_hub.replace('http', 'ws', 1)}?access_token={venue.token}"


def _stream_row(name: str, found: Any, percent_of: Callable[[float], str]) -> list[str]:
    ms = [f"{value:.1f}" for value in found["trade_ms"]]
    depth = f"{found['depth_ms'][1]:.1f}" if found["depth_ms"] else ""
    each = [figure(found[kind] / found["seconds"]) for kind in EVENTS]
    cpu = percent_of(found["venue_cpu"]), percent_of(found["cpu_s"] / found["seconds"])
    rss = [figure(found["rss"][at] / MEGABYTE) for at in (0, len(found["rss"]) // 2, -1)]
    return [name, figure(found["events"]), *each, *ms, depth, *cpu, " / ".join(rss)]


def stream(quick: bool) -> list[Target]:
    """Everything of every contract to one listener, in venue time that is real time."""
    pace, seconds, most = (20, 8.0, 1) if quick else (130, 60.0, STREAM_RUNS)
    rows: list[list[str]] = []
    runs: list[Any] = []
    bare = child("venue_bare")
    port = int(line(bare))

    def wire() -> None:
        url = f"ws://127.0.0.1:{port}/?rate=20000"
        rows.append(_stream_row("bare server", listened(url, ["X"], 8.0, bare.pid), _percent))

    try:
        with running_venue("--set", f"pace={pace}") as venue:
            contracts = venue.contracts()
            wire()
            while len(runs) < most:
                found = listened(_hub(venue), contracts, seconds, venue.pid)
                runs.append(found)
                rows.append(_stream_row(f"venue, run {len(runs)}", found, _percent))
                if found["trade_ms"][1] <= 20 and found["events"] >= 20_000:
                    break
            wire()
    finally:
        bare.terminate()
        bare.wait(10)
    head = ["sender", "events/s", "trades", "levels", "quotes"]
    head += ["delay p50, ms", "p99", "p99.9", "most", "levels p99"]
    head += ["sender CPU", "listener CPU", "sender MB, start / middle / end"]
    table(f"Market events to one listener, {len(contracts)} contracts, {seconds:.0f} s", head, rows)
    enough = [run for run in runs if run["events"] >= 20_000] or runs
    best = min(enough, key=lambda run: run["trade_ms"][1])
    grown = max((run["rss"][-1] - run["rss"][0]) / MEGABYTE for run in runs)
    listener = best["cpu_s"] / best["seconds"] * 100
    return [
        Target("at least 20,000 market events a second", best["events"], 20_000, unit="/s"),
        Target("event delay p99 at most 20 ms", best["trade_ms"][1], 20, False, " ms"),
        Target("memory grows by at most 16 MB meanwhile", grown, 16, False, " MB"),
        Target("the listener takes at most half a core", listener, 50, False, "%"),
    ]


def _percent(share: float) -> str:
    return f"{share:.0%}"


# --- the matching core -------------------------------------------------------------------------


def core(quick: bool) -> list[Target]:
    """Orders through exchange, execution and books in one process."""
    found = json.loads(line(child("venue_core", 50_000 if quick else 1_000_000)))
    kinds = sorted(found["kinds"].items(), key=lambda item: float(item[1][1]))
    rows = [[kind, f"{count:,}", f"{ns / 1e3:.1f}"] for kind, (count, ns) in kinds]
    orders, seconds = found["orders"], found["seconds"]
    table(
        f"{orders:,} orders through the matching core: {figure(orders / seconds)} orders a second",
        ["call", "calls", "us each"],
        rows,
    )
    size = "" if found["bytes"] is None else f", {found['bytes'] / 1e3:.2f} kB of memory an order"
    print(
        f"\n{seconds:.0f} s for {found['venue_s']:.0f} s of venue time and {found['trades']:,} "
        f"fills{size}. Refused: {sum(found['refused'].values())}."
    )
    for difference in found["differences"]:
        print(f"- DIFFERENCE: {difference}")
    wrong = len(found["differences"])
    return [Target("fills, trades, positions and money add up: differences", wrong, 0, False, "")]


# --- orders over REST --------------------------------------------------------------------------


def _clients(rest: str, venue: VenueProcess, what: str, how: str, clients: int, pairs: int) -> Any:
    contract = next(one for one in venue.contracts() if ".MNQ." in one)
    plan = {"rest": rest, "token": venue.token, "account": venue.account, "contract": contract}
    plan |= {"price": 1_000.0, "login": venue.login, "what": what, "how": how}
    before = venue.usage()
    process = child("venue_rest", plan | {"clients": clients, "pairs": pairs})
    found = json.loads(line(process))
    process.wait(10)
    found["venue_cpu"] = (venue.usage().cpu_s - before.cpu_s) / found["seconds"]
    return found


def rest(quick: bool) -> list[Target]:
    """Place and cancel, by one client and by many, and fifty logins at once."""
    pairs = 400 if quick else 3_000
    rows, many = [], 0.0
    bare = child("venue_bare")
    bare_url = f"http://127.0.0.1:{int(line(bare))}"
    try:
        with running_venue() as venue:
            logins = _clients(venue.rest, venue, "login", "httpx", 50, 0)
            for how in ("httpx", "bare"):
                for clients in (1, 8, 50):
                    each = max(pairs // clients, 4)
                    found = _clients(venue.rest, venue, "trade", how, clients, each)
                    floor = _clients(bare_url, venue, "trade", how, clients, each)
                    rate, least = (len(one["ms"]) / one["seconds"] for one in (found, floor))
                    ms = [f"{percentile(found['ms'], p):.2f}" for p in (50, 99)]
                    cpu = _percent(found["cpu_s"] / found["seconds"])
                    many = least / rate
                    venue_cpu = _percent(found["venue_cpu"])
                    rows.append([how, clients, figure(rate), *ms, venue_cpu, cpu, f"{many:.2f}"])
    finally:
        bare.terminate()
        bare.wait(10)
    head = ["client", "clients", "orders/s", "p50, ms", "p99", "venue CPU", "clients CPU"]
    table("Orders over REST, place and cancel", [*head, "bare server: x as many"], rows)
    done = len(logins["ms"])
    print(
        f"\n50 logins at once, each on a connection of its own: {done} succeeded in "
        f"{logins['seconds'] * 1e3:.0f} ms, the slowest after {max(logins['ms']):.0f} ms."
    )
    return [
        Target("50 logins at once succeed", done, 50, unit=""),
        Target("a bare server takes at most 4x as many orders, 50 bare clients", many, 4, False),
    ]


# --- fast time ---------------------------------------------------------------------------------


def speed(quick: bool) -> list[Target]:
    """Time that runs a thousand times as fast, generated and recorded; and a long stretch."""
    rows, targets = [], []
    seconds = 5.0 if quick else 20.0
    for count in (1, 12):
        with running_venue("--speed", "1000") as venue:
            contracts = sorted(venue.contracts(), key=lambda one: ".MNQ." not in one)[:count]
            found = listened(_hub(venue), contracts, seconds, venue.pid)
        rows.append(_speed_row(f"generated, contracts: {count}", found))
        text = f"speed 1000, generated contracts: {count}: at least 980 is reached"
        targets.append(Target(text, found["venue_s"] / found["real_s"], 980))
    for name in RECORDINGS:
        if not (DATA / name).is_file():
            rows.append([name, "", "", "", "", "not here"])
            continue
        with running_venue("--speed", "1000", "--replay", str(DATA / name)) as venue:
            found = listened(_hub(venue), venue.contracts(), 4.0, venue.pid, warm_s=0.0)
        rows.append(_speed_row(name, found))
    head = ["market", "trades", "levels", "venue s, first to last trade", "real s", "speed reached"]
    table("Venue time at speed 1000", head, rows)
    return targets


def _speed_row(name: str, found: Any) -> list[str]:
    venue_s, real_s = found["venue_s"], found["real_s"]
    reached = figure(venue_s / real_s) if real_s else "one moment"
    counts = [f"{found[kind]:,}" for kind in ("GatewayTrade", "GatewayDepth")]
    return [name, *counts, figure(venue_s), figure(real_s), reached]


def leak(quick: bool) -> list[Target]:
    """Ten minutes of venue time at speed 20 with a listener."""
    with running_venue("--speed", "20") as venue:
        contracts = venue.contracts()[:12]
        found = listened(_hub(venue), contracts, 10.0 if quick else 30.0, venue.pid, warm_s=5.0)
    rss = [size / MEGABYTE for size in found["rss"]]
    table(
        f"Memory over {found['venue_s'] / 60:.1f} minutes of venue time at speed 20",
        ["events/s", "MB at the start", "middle", "end"],
        [[figure(found["events"]), *(f"{rss[at]:.1f}" for at in (0, len(rss) // 2, -1))]],
    )
    text = "ten minutes at speed 20: memory grows by at most 8 MB"
    return [Target(text, rss[-1] - rss[0], 8, False, " MB")]


PARTS = {"stream": stream, "core": core, "rest": rest, "speed": speed, "leak": leak}


def main() -> int:
    """Measure and report; 1 if a full run missed a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="smaller and shorter runs")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    chosen = parser.parse_args()
    if unknown := [part for part in chosen.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; choose of {', '.join(PARTS)}")
    quick: bool = chosen.quick
    print(f"# Practice venue\n\n{machine()}")
    targets = [target for part in chosen.parts or PARTS for target in PARTS[part](quick)]
    title = "Targets, which are set for the full run" if quick else "Targets"
    table(title, ["promise", "this run", ""], [target.row() for target in targets])
    return int(not quick and any(target.met is False for target in targets))


if __name__ == "__main__":
    sys.exit(main())
