"""``mutants``: take one safety rule out of the shipped code at a time; the judge must notice.

A simulation that finds nothing proves little until it is seen to find something. Each mutant is the
shipped executor with one rule broken, run in the same world and judged by the same judge.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec

from reliability.episode import Plan, run_episode
from tradedesk.domain.events import Intent, IntentState
from tradedesk.trading import blotter, flatten_plan
from tradedesk.trading.inquiry import Inquiry
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.limits import Timings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from reliability.judge import Tally
    from tradedesk.domain.order import Order

INTENTIONS = 120
EPISODES = 60
FIRST_SEED = 3_000_000
_PATTERN = Plan(0, INTENTIONS, "absent")


@dataclass(frozen=True)
class Mutant:
    """One rule taken out.

    Parameters
    ----------
    broken : callable
        Gives a context in which the rule is broken.
    shows : tuple of str
        Failures of which at least one must appear.
    pattern : Plan
        Days on which the rule is often needed.
    """

    name: str
    broken: Callable[[], AbstractContextManager[object]]
    shows: tuple[str, ...]
    timings: Timings | None = None
    pattern: Plan = _PATTERN

    def signs(self, tally: Tally) -> list[str]:
        """The failures that give it away."""
        return [text for text in tally.failures if text.startswith(self.shows)]

    def plan(self, seed: int) -> Plan:
        """An episode in which the rule is often needed."""
        return msgspec.structs.replace(self.pattern, seed=seed)


def _journal_after_send() -> AbstractContextManager[object]:
    write = IntentRecorder.write

    def late(self: IntentRecorder, intent: Intent) -> bool:
        return True if intent.state is IntentState.ARMED else write(self, intent)

    return patch.object(IntentRecorder, "write", late)


def _gaps_ignored() -> AbstractContextManager[object]:
    searched = Inquiry.searched

    def sure(
        self: Inquiry, asked_ns: int, now_ns: int, *, clean: bool, hub_since_ns: int | None
    ) -> None:
        searched(self, asked_ns, now_ns, clean=clean, hub_since_ns=0)

    return patch.object(Inquiry, "searched", sure)


def _fill_undone() -> AbstractContextManager[object]:
    def newest(old: Order | None, new: Order) -> Order | None:
        return None if old == new else new

    return patch.object(blotter, "merge", newest)


MUTANTS = (
    Mutant(
        "the quiet time is 3 s",
        contextlib.nullcontext,
        ("duplicate", "lost"),
        timings=Timings(quiet_s=3.0),
    ),
    Mutant("the journal is written after the send", _journal_after_send, ("duplicate", "lost")),
    Mutant(
        "gaps of the hub are ignored",
        _gaps_ignored,
        ("duplicate", "lost"),
        pattern=Plan(
            0,
            INTENTIONS,
            "absent",
            halts_every_s=150.0,
            halt_s=(70.0, 120.0),
            deep_halts=True,
            mortality=0.0,
        ),
    ),
    Mutant("an old snapshot may undo a fill", _fill_undone, ("undone",)),
    Mutant(
        "a flatten looks only once",
        lambda: patch.object(flatten_plan, "PROOFS_NEEDED", 1),
        ("false proof",),
        pattern=Plan(0, INTENTIONS, "absent", flattens=80),
    ),
)


class Catch(msgspec.Struct, frozen=True):
    """How a mutant was caught, or that it was not.

    Parameters
    ----------
    text : str
        The failure that gave it away; empty if none did.
    clean : bool
        Whether the shipped code shows no such failure in the same episode.
    """

    name: str
    text: str
    intentions: int
    clean: bool = True


def hunt(mutant: Mutant, episodes: int = EPISODES) -> Catch:
    """Play episodes with the rule broken until the judge notices; then one of them without."""
    played = 0
    for number in range(episodes):
        plan = mutant.plan(FIRST_SEED + number)
        played += INTENTIONS
        with mutant.broken():
            found = mutant.signs(run_episode(plan, mutant.timings)[0])
        if found:
            return Catch(mutant.name, found[0], played, not mutant.signs(run_episode(plan)[0]))
    return Catch(mutant.name, "", played)


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 if a mutant got away."""
    parser = argparse.ArgumentParser(prog="reliability mutants", description=__doc__)
    parser.add_argument("--episodes", type=int, default=EPISODES, help="at most, for each mutant")
    options = parser.parse_args(list(arguments))
    missed = 0
    for mutant in MUTANTS:
        started = time.perf_counter()
        catch = hunt(mutant, options.episodes)
        seconds = time.perf_counter() - started
        missed += not (catch.text and catch.clean)
        verdict = f"caught: {catch.text}" if catch.text else "NOT CAUGHT"
        verdict += "" if catch.clean else " (BUT THE SHIPPED CODE FAILS THERE TOO)"
        print(f"{catch.name}: {verdict} ({catch.intentions} intentions, {seconds:.1f} s)")
    return int(missed > 0)
