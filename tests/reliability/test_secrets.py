"""No form of a planted secret gets past the log set-up, and the run would notice one that did."""

from __future__ import annotations

import pytest
from reliability.secrets_planted import CUTS, WAYS, made_up

from reliability import secrets
from tradedesk.app import log_setup
from tradedesk.app.redaction import Redactor


@pytest.fixture(autouse=True)
def own_redactor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_setup, "_redactor", Redactor())


def test_nothing_shows() -> None:
    result = secrets.run(6_000, seed=3)
    assert result.examples == []
    assert sum(result.leaks.values()) == 0
    assert result.lines >= 6_000
    assert result.told > 0


@pytest.mark.parametrize("gone", ["all", "pieces", "forms"])
def test_the_run_fails_without_the_rules(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if gone == "all":
        monkeypatch.setattr(Redactor, "redact", lambda self, text: text)
    elif gone == "pieces":
        monkeypatch.setattr(Redactor, "_without_pieces", lambda self, run: run[0])
    else:
        monkeypatch.setattr("tradedesk.app.redaction.forms_of", lambda secret: {secret})
    result = secrets.run(3_000, seed=3)
    assert sum(result.leaks.values()) > 0


def test_the_judge_finds_every_form_when_nothing_is_hidden() -> None:
    """Each way of planting is one that the judge can see: otherwise it would prove nothing."""
    judged = secrets.Judge(made_up(1))
    assert len(WAYS) + len(CUTS) >= 30
    for secret in made_up(1):
        assert judged.leaks(f"x {secret} y\n")
        assert judged.leaks(f"x {secret.encode().hex()} y\n")


def test_the_command_prints_its_table() -> None:
    said: list[str] = []
    assert secrets.main(["--lines", "2000"], said.append) == 0
    assert any(line.startswith("leaks") and line.endswith(" 0") for line in said)
