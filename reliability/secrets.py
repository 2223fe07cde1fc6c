"""``secrets``: log lines with planted secrets of every form through the shipped log set-up."""

from __future__ import annotations

import argparse
import base64
import html
import io
import json
import logging
import random
import re
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reliability.secrets_planted import CUT_FROM, CUTS, WAYS, log, made_up, uncaught
from tradedesk.app.crash import CrashHandlers
from tradedesk.app.log_setup import LogSetup, register_secret

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 1_000_000
BATCH = 1_000
"""Records between two looks at the file: fewer bytes than make it rotate."""
PIECE = 16
"""No piece of so many characters of a long secret may show, in whatever form."""
ORDINARY = "/api/Order/search is asked again in %.2f s: The venue did not answer: no answer in time"


class Result(NamedTuple):
    """What one run came to."""

    lines: int
    records: int
    leaks: Counter[str]
    examples: list[str]
    planted_per_s: float
    ordinary_per_s: float
    bare_per_s: float
    told: int


class Judge:
    """Looks for secrets in what was written; knows nothing of how they are hidden.

    Parameters
    ----------
    secrets : list of str
        What must not show.
    """

    def __init__(self, secrets: list[str]) -> None:
        whole, pieces = set(), set()
        for secret in secrets:
            raw = secret.encode()
            forms = {secret, raw.hex(), urllib.parse.quote(secret, safe=""), html.escape(secret)}
            forms |= {json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(raw)[2:-1]}
            for before in (b"", b"x", b"me:"):
                text = base64.b64encode(before + raw + b"yz").decode()
                forms.add(text[4 : len(text) - 8])
            whole |= {form for form in forms if len(form) < PIECE}
            for form in forms:
                pieces |= {form[at : at + PIECE] for at in range(len(form) - PIECE + 1)}
        self._whole = whole
        self._pieces = pieces

    def leaks(self, text: str) -> list[str]:
        """Lines that show a secret."""
        found = [at for at in range(len(text) - PIECE + 1) if text[at : at + PIECE] in self._pieces]
        found += [hit.start() for form in self._whole for hit in re.finditer(re.escape(form), text)]
        ends = sorted({text.find("\n", at) for at in found})
        return [text[text.rfind("\n", 0, end) + 1 : end] for end in ends]


class _Files:
    """What the log set-up wrote since the last look, screen and file."""

    def __init__(self, file: Path, screen: io.StringIO) -> None:
        self._file = file
        self._screen = screen

    def take(self) -> str:
        text = self._file.read_text("utf-8") + self._screen.getvalue()
        self._file.open("r+b").truncate(0)
        self._screen.seek(0)
        self._screen.truncate(0)
        return text


def run(lines: int, seed: int = 1) -> Result:
    """Write so many lines with secrets in them, and as many ordinary ones for their speed."""
    secrets, screen, before = made_up(seed), io.StringIO(), sys.stderr
    told: list[str] = []
    root = logging.getLogger()
    others, root.handlers = root.handlers, []  # nothing but what the product sets up
    with tempfile.TemporaryDirectory(prefix="td-secrets-") as folder:
        sys.stderr = screen
        setup = LogSetup(Path(folder) / "desk.log")
        crash = CrashHandlers(Path(folder) / "crash.log", told.append)
        crash.install()
        try:
            files = _Files(Path(folder) / "desk.log", screen)
            bare = _rate(lines // 10, files)
            for secret in secrets:
                register_secret(secret)
            ordinary = _rate(lines // 10, files)
            planted = _plant(lines, seed, secrets, crash, files)
            judge = Judge(secrets)
            planted.leaks["told to the window"] += len(judge.leaks("\n".join(told) + "\n"))
            crash_text = (Path(folder) / "crash.log").read_text("utf-8")
            planted.leaks["crash file"] += len(judge.leaks(crash_text))
        finally:
            crash.remove()
            setup.close()
            sys.stderr = before
            root.handlers = others
    return planted._replace(ordinary_per_s=ordinary, bare_per_s=bare, told=len(told))


def _plant(
    lines: int, seed: int, secrets: list[str], crash: CrashHandlers, files: _Files
) -> Result:
    chance, judge, leaks = random.Random(seed), Judge(secrets), Counter[str]()
    examples: list[str] = []
    ways = [*WAYS.items(), *CUTS.items(), ("uncaught", None)]
    written = records = number = 0
    spent_s = 0.0
    while written < lines:
        began = time.perf_counter()
        for _ in range(BATCH):
            name, way = ways[number % len(ways)]
            number += 1
            secret = chance.choice(secrets)
            if name in CUTS and len(secret) < CUT_FROM:
                secret = secrets[0]
            if way is None:
                uncaught(crash, secret, chance.randrange(3))
            else:
                way(secret)
        spent_s += time.perf_counter() - began
        records += BATCH
        text = files.take()
        written += text.count("\n")
        for line in judge.leaks(text):
            leaks["log line"] += 1
            examples.append(line)
    return Result(written, records, leaks, examples[:10], records / spent_s, 0.0, 0.0, 0)


def _rate(count: int, files: _Files) -> float:
    """Ordinary records a second, as they are formatted, hidden in and written."""
    spent_s, done = 0.0, 0
    while done < max(count, BATCH):
        began = time.perf_counter()
        for number in range(BATCH):
            log.info(ORDINARY, number / 7)
        spent_s += time.perf_counter() - began
        done += BATCH
        files.take()
    return done / spent_s


def main(arguments: list[str], say: Callable[[str], None] = print) -> int:
    """Entry point; 1 if a secret shows."""
    options = argparse.ArgumentParser(prog="python -m reliability secrets", description=__doc__)
    options.add_argument("--lines", type=int, default=LINES)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quick", action="store_true", help="20,000 lines")
    chosen = options.parse_args(arguments)
    logging.captureWarnings(False)
    result = run(20_000 if chosen.quick else chosen.lines, chosen.seed)
    leaked = sum(result.leaks.values())
    say(f"log lines with planted secrets   {result.lines:>12,}")
    say(f"records, in {len(WAYS) + len(CUTS) + 1} forms             {result.records:>12,}")
    say(f"sentences for the window         {result.told:>12,}")
    say(f"leaks                            {leaked:>12,}")
    say(f"planted records a second         {result.planted_per_s:>12,.0f}")
    say(f"ordinary records a second        {result.ordinary_per_s:>12,.0f}")
    say(f"the same, no secret known        {result.bare_per_s:>12,.0f}")
    for line in result.examples:
        say(f"  LEAK {line[:160]}")
    return 1 if leaked else 0
