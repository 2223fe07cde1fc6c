"""``simulate``: the shipped executor against a faulty gateway in virtual time, judged by its book.

Every intention of a trader counts: orders with and without brackets, cancels, changes, closes,
flattens. The same seed gives the same history; a failure names the episode that shows it again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from reliability.baselines import POLICIES
from reliability.episode import Plan, run_episode
from reliability.judge import KINDS, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TAGS = ("strict", "racy", "absent")
PER_EPISODE = 200
DEFAULT = 30_000
QUICK = 3_000
_SHOWN = 20


def play(plan: Plan) -> tuple[Tally, str]:
    """One episode: what it came to, and the fingerprint of its history."""
    try:
        return run_episode(plan)
    except Exception as error:  # noqa: BLE001 - one broken episode must not hide the others
        tally = Tally()
        tally.fail("broken", f"seed {plan.seed}: {error!r}")
        return tally, ""


def plans(seeds: Sequence[int], intentions: int, pattern: Plan) -> list[Plan]:
    """The episodes like a pattern that make up so many intentions, evenly over the seeds.

    Each kind of tag check has days of its own; the policies that are compared share theirs with the
    days on which nobody checks tags.
    """
    first = TAGS.index(pattern.tags) * 300_000
    each = -(-intentions // (pattern.intentions * len(seeds)))
    return [
        msgspec.structs.replace(pattern, seed=seed * 1_000_003 + first + number)
        for seed in seeds
        for number in range(each)
    ]


def run(chosen: Sequence[Plan], processes: int) -> tuple[Tally, str]:
    """Play many episodes on several cores; the sum and a fingerprint of all histories."""
    total = Tally()
    print_of_all = hashlib.blake2b(digest_size=8)
    for tally, digest in _results(chosen, processes):
        total.add(tally)
        print_of_all.update(digest.encode())
    return total, print_of_all.hexdigest()


def _results(chosen: Sequence[Plan], processes: int) -> Iterator[tuple[Tally, str]]:
    if processes <= 1 or len(chosen) < 2:
        yield from map(play, chosen)
        return
    with multiprocessing.Pool(processes, maxtasksperchild=200) as pool:
        yield from pool.imap(play, chosen)


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 if the product failed in any way."""
    options = _options(arguments)
    policies = ["ours", *POLICIES] if options.policy == "all" else [options.policy]
    modes = list(TAGS) if options.tags == "all" else [options.tags]
    print(_HEAD.format("policy", "tag check", "intentions", *KINDS, "worst s", "kills", "sec"))
    rows, failed = [], 0
    for policy in policies:
        for tags in modes if policy == "ours" else modes[-1:]:
            started = time.perf_counter()
            share = options.intentions // (len(modes) if policy == "ours" else 1)
            pattern = Plan(
                options.episode or 0,
                options.per_episode,
                tags,
                policy,
                options.flattens,
                options.halts_every,
                mortality=options.mortality,
            )
            once = options.episode is not None
            chosen = [pattern] if once else plans(options.seeds, share, pattern)
            tally, digest = run(chosen, options.processes)
            row = _row(policy, tags, tally, digest, time.perf_counter() - started)
            rows.append(row)
            print(_line(row), flush=True)
            if policy == "ours":
                failed += tally.failed
                for text in tally.failures[:_SHOWN]:
                    print(f"  {text} (--tags {tags})", flush=True)
    _explain(options, rows, failed)
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1), "utf-8")
    return int(failed > 0)


_HEAD = "{:<13} {:<9} {:>10} " + " {:>11}" * len(KINDS) + " {:>8} {:>7} {:>7}"


def _row(
    policy: str, tags: str, tally: Tally, digest: str, seconds: float
) -> dict[str, int | float | str]:
    counts = tally.counts
    return {
        "policy": policy,
        "tags": tags if policy == "ours" else "any",
        "intentions": counts["intentions"],
        **{kind: counts[kind] for kind in KINDS},
        "naked_worst_s": round(tally.naked_worst_s, 1),
        "orders": counts["orders"],
        "clicks": counts["clicks"],
        "kills": counts["kills"],
        "requests": tally.requests,
        "digest": digest,
        "seconds": round(seconds, 1),
    }


def _line(row: dict[str, int | float | str]) -> str:
    return _HEAD.format(
        row["policy"],
        row["tags"],
        row["intentions"],
        *(row[kind] for kind in KINDS),
        row["naked_worst_s"],
        row["kills"],
        row["seconds"],
    )


def _explain(
    options: argparse.Namespace, rows: Sequence[dict[str, int | float | str]], failed: int
) -> None:
    ours = [row for row in rows if row["policy"] == "ours"]
    if ours:
        digests = ", ".join(f"{row['tags']} {row['digest']}" for row in ours)
        requests = sum(int(row["requests"]) for row in ours)
        print(f"\n{requests} requests. Fingerprints of all histories: {digests}")
    if failed:
        print(
            f"{failed} failures. To see one again: python -m reliability simulate "
            f"--episode SEED --per-episode {options.per_episode} --tags TAGS"
        )


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reliability simulate", description=__doc__)
    parser.add_argument("--intentions", type=int, default=DEFAULT, help="in all, for each policy")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--tags", choices=[*TAGS, "all"], default="all")
    parser.add_argument("--policy", choices=["ours", *POLICIES, "all"], default="ours")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} intentions")
    parser.add_argument("--episode", type=int, help="play this one episode only")
    parser.add_argument("--per-episode", type=int, default=PER_EPISODE)
    parser.add_argument("--flattens", type=int, default=2, help="in 100 intentions")
    parser.add_argument("--halts-every", type=float, default=900.0, metavar="SECONDS")
    parser.add_argument("--mortality", type=float, help="crashes, compared with an average day")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args(list(arguments))
    if options.quick:
        options.intentions = min(options.intentions, QUICK)
    return options
