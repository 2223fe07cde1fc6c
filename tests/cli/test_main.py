"""Arguments: what is good is passed on, what is bad is one clear sentence and code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tradedesk
from tradedesk.cli import main as cli
from tradedesk.domain.errors import InputError, StartError
from tradedesk.practice.accounts.rules import load_rules
from tradedesk.practice.config import listed


def parse(*arguments: str):
    return cli.parser().parse_args(arguments)


def test_defaults() -> None:
    assert parse("run").venue == "practice"
    assert not parse("run").offscreen
    demo = parse("demo")
    assert (demo.out, demo.seed) == (Path("demo-out"), 7)
    practice = parse("practice")
    assert (practice.port, practice.seed, practice.speed) == (0, 7, 1.0)
    assert practice.replay is practice.linger is practice.faults is None
    assert parse("panic", "--account", "12").account == 12


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["practice", "--port", "65536"], "'65536' is no port: give a number 0 to 65535"),
        (["practice", "--port", "-1"], "'-1' is no port"),
        (["practice", "--port", "1e3"], "'1e3' is no port"),
        (["practice", "--port", "٣"], "is no port"),
        (["practice", "--seed", "x"], "'x' is no seed"),
        (["practice", "--speed", "0"], "'0' cannot be used: give a number above 0"),
        (["practice", "--speed", "nan"], "give a number above 0"),
        (["practice", "--speed", "inf"], "give a number above 0"),
        (["practice", "--replay", "no/such.dbn"], "there is no file 'no/such.dbn'"),
        (["practice", "--faults", "no/such.json"], "there is no file 'no/such.json'"),
        (["demo", "--seed", "-1"], "'-1' is no seed"),
        (["panic"], "--account"),
        (["panic", "--account", "0"], "'0' is no account id"),
        (["fly"], "invalid choice: 'fly'"),
        (["--fly"], "unrecognized arguments: --fly"),
    ],
)
def test_bad_arguments(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(InputError("odd"), 2), (StartError("odd"), 1)])
def test_our_errors_are_one_sentence(
    error: Exception,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(cli, "_doctor", fail)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr().err == "tradedesk: odd\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a display is always there")
def test_no_display_is_said_before_qt_aborts() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "tradedesk"], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 1
    assert "There is no display here" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_the_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tradedesk", "--version"], capture_output=True, text=True
    )
    assert done.stdout == f"tradedesk {tradedesk.__version__}\n"


def test_help_names_every_command_but_the_internal_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for name in ("run", "demo", "practice", "doctor", "panic"):
        assert f"\n    {name} " in told
    assert "executor" not in told


def test_help_of_practice_tells_what_it_prints_and_every_kind_of_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["practice", "--help"])
    assert ended.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "prints one JSON line" in told
    for kind in load_rules(None).kinds:
        assert kind in told


@pytest.mark.parametrize("command", ["practice", "run"])
def test_knobs_are_listed_on_request(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--set", "limits=false", "--set", "list"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == listed()


def test_settings_are_collected() -> None:
    assert parse("practice").set == []
    assert parse("practice", "--set", "a=1", "--set", "b=2").set == ["a=1", "b=2"]
    assert parse("practice").set == []
