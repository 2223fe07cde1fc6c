"""The command line of the archive, from file to listing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradedesk.cli.main import main

FIRST = 1_719_878_280
TRADES = "ts,price,size,side\n" + "".join(
    f"{(FIRST + n * 30) * 10**9},{5528 + n / 4},{n + 1},{'BA'[n % 2]}\n" for n in range(6)
)
BARS = "time,open,high,low,close,volume\n" + "".join(
    f"2024-07-01T23:5{n}:00Z,1,2,1,2,{n}\n" for n in range(3)
)


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "ESU4.csv"
    path.write_text(TRADES)
    return path


def test_import_twice_and_list(trades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["history", "import", str(trades)]) == 0
        said = f"{trades}: 6 trades of ESU4, tick 0.25 (from product), 2024-07-01 to 2024-07-02"
        assert capsys.readouterr().out == f"{said} (2 files)\n"
    assert main(["history", "list"]) == 0
    assert capsys.readouterr().out == "ESU4: 6 trades, 2024-07-01 to 2024-07-02 (2 files)\n"
    assert main(["history", "list", "ESU4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [
        "  2024-07-01  4 rows",
        "  2024-07-02  2 rows",
    ]


def test_bars_printed_and_written(
    trades: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "bars", str(trades), "--size", "1m"]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[1] == (
        "2024-07-01T23:58:00Z,5528.00,5528.25,5528.00,5528.25,3,1,16584.50,2"
    )
    out = tmp_path / "bars.csv"
    assert main(["history", "bars", str(trades), "--size", "1m", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 3 1m bars of ESU4\n"
    assert out.read_text() == printed
    assert main(["history", "bars", str(out), "--size", "5m", "--tick", "0.25"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_bars_keep_to_hours_that_are_named(
    trades: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "bars", str(trades), "--size", "1d", "--hours", "ES"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("2024-07-01T22:00:00Z,5528.00,")
    assert main(["history", "bars", str(trades), "--size", "1d", "--hours", "ES", "--rth"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert main(["history", "bars", str(trades), "--size", "1d", "--hours", "NOWHERE"]) == 2
    assert "Nobody knows the hours of 'NOWHERE'" in capsys.readouterr().err
    assert main(["history", "bars", str(trades), "--size", "1d", "--rth"]) == 2
    assert "add --hours with a product" in capsys.readouterr().err


def test_bars_are_kept_in_their_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "day.csv"
    path.write_text(BARS)
    assert main(["history", "import", str(path), "--contract", "X"]) == 2
    assert "holds bars: give their size with --size" in capsys.readouterr().err
    arguments = ["--contract", "X", "--tick", "1", "--size", "1m", "--closing"]
    assert main(["history", "import", str(path), *arguments]) == 0
    assert main(["history", "list"]) == 0
    assert "X: 3 1m bars, 2024-07-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["list", "ESU4"], 1, "Nothing of ESU4 is kept in"),
        (["bars", "{file}", "--size", "0m"], 2, "Bar size '0m' is empty"),
        (["bars", "{file}", "--size", "1m", "--tick", "x"], 2, "'x' is no tick size"),
        (["bars", "{file}", "--size", "1m", "--tick", "3"], 2, "is off the tick grid of 3"),
        (["bars", "{file}", "--size", "1m", "--out", "bars.txt"], 2, "let it end in .csv"),
    ],
)
def test_what_cannot_be_done(
    trades: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    assert main(["history", *(word.format(file=trades) for word in arguments)]) == code
    assert said in capsys.readouterr().err


def test_a_damaged_file_is_listed(trades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tradedesk.app.history_files import archive

    assert main(["history", "import", str(trades)]) == 0
    archive().trade_files("ESU4")[0].path.write_bytes(b"PAR1")
    capsys.readouterr()
    assert main(["history", "list", "ESU4"]) == 0
    said = capsys.readouterr().out
    assert "  2024-07-01  cannot be read" in said
    assert "is damaged" in said
