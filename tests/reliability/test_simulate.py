"""The simulator finds nothing in the shipped code, and finds each rule that is taken out of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from reliability.baselines import POLICIES
from reliability.episode import Plan
from reliability.judge import KINDS, Tally
from reliability.mutants import MUTANTS, Mutant, hunt
from reliability.simulate import TAGS, main, plans, play

SEEDS = (11, 12, 13)
ROOT = Path(__file__).resolve().parents[2]


def played(pattern: Plan, intentions: int) -> Tally:
    total = Tally()
    for plan in plans(SEEDS, intentions, pattern):
        total.add(play(plan)[0])
    return total


@pytest.mark.parametrize("tags", TAGS)
def test_nothing_is_doubled_lost_bare_or_left_unknown_whatever_the_tag_check(tags: str) -> None:
    tally = played(Plan(0, 200, tags, mortality=1.0), 1_800)
    assert tally.counts["intentions"] >= 1_800
    assert tally.counts["kills"] > 100
    assert tally.failures == []


def test_no_position_is_without_its_stop_for_long_on_days_without_a_crash() -> None:
    tally = played(Plan(0, 200, "racy", mortality=0.0), 1_800)
    assert tally.counts["bare spells"] > 200
    assert tally.failures == []
    assert tally.naked_worst_s < 25


def test_the_day_on_which_later_runs_took_a_stop_of_ours_for_an_entry() -> None:
    """It filled after its position was closed, and two power cuts followed: bare for 158 s."""
    tally, _ = play(Plan(4_300_273, 200, "racy"))
    assert tally.counts["kills"] > 30
    assert tally.failures == []
    assert tally.naked_worst_s < 25


@pytest.mark.parametrize("policy", POLICIES)
def test_what_others_do_doubles_and_loses_orders_under_the_same_faults(policy: str) -> None:
    tally = played(Plan(0, 200, "absent", policy), 1_800)
    assert tally.counts["duplicate"] > 50
    assert tally.counts["lost"] > 20


def test_a_seed_is_a_history_to_the_last_event() -> None:
    plan = Plan(77, 60, "racy")
    assert play(plan)[1] == play(plan)[1]
    assert play(plan)[1] != play(msgspec.structs.replace(plan, seed=78))[1]


def test_a_seed_is_the_same_history_in_another_process() -> None:
    """Sets of names come in another order in each; nothing may hang on it."""
    ask = (
        "from reliability.simulate import Plan, play;"
        "print(play(Plan(1000003, 150, 'strict', mortality=2.5))[1])"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_rule_that_is_taken_out_is_noticed_where_the_shipped_code_passes(mutant: Mutant) -> None:
    catch = hunt(mutant)
    assert catch.text
    assert catch.clean, "the same episode fails without the mutation too"


def test_the_command_tells_its_figures_and_how_to_see_a_failure_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    figures = tmp_path / "figures.json"
    options = ["--intentions", "60", "--per-episode", "60", "--seeds", "3", "--tags", "strict"]
    main([*options, "--processes", "1", "--json", str(figures)])
    (row,) = msgspec.json.decode(figures.read_bytes())
    assert row["intentions"] == 60
    assert {*KINDS} <= {*row}
    assert row["digest"] in capsys.readouterr().out
