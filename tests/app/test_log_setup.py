"""No secret reaches a log, however it got into the record."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradedesk.app import log_setup
from tradedesk.app.log_setup import LogSetup, redact, register_secret
from tradedesk.app.redaction import Redactor
from tradedesk.domain.errors import StoreError

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRlc3Q"


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_setup, "_redactor", Redactor())


@pytest.mark.parametrize(
    "text",
    [
        f"token {TOKEN} refused",
        f"wss://rtc.example/hubs/user?access_token={TOKEN}&x=1",
        "GET /hubs/user?access_token=abc.def",
        '{"userName":"me","apiKey":"abc.def"}',
        "apiKey=abc.def",
        "{'api_key': 'abc.def'}",
        "Authorization: Bearer abc.def",
        '{"loginKey": "abc.def"}',
        '"token":"abc.def"',
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    shown = redact(text)
    assert "abc.def" not in shown
    assert TOKEN not in shown
    assert "<hidden>" in shown


@given(st.text(st.characters(exclude_characters="<>hiden"), min_size=6, max_size=40), st.text())
def test_a_registered_secret_is_hidden_wherever_it_stands(secret: str, around: str) -> None:
    register_secret(secret)
    assert secret not in redact(f"{around}{secret}{secret}{around}")


def test_ordinary_lines_stay_as_they_are() -> None:
    line = "order 9056 MNQ buy 3 at 21000.25 accepted in 1.7 ms, token renewed at 12:00"
    assert redact(line) == line


def test_file_and_screen_show_neither_message_nor_traceback_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expect_log
) -> None:
    expect_log("could not log in")
    register_secret("made-up-key-0001")
    logs = LogSetup(tmp_path / "desk.log")
    try:
        logging.getLogger("tradedesk.test").info("started with %s", "made-up-key-0001")
        try:
            raise ValueError("made-up-key-0001")
        except ValueError:
            logging.getLogger("tradedesk.test").exception("could not log in")
    finally:
        logs.close()
        logs.close()
    written = (tmp_path / "desk.log").read_text("utf-8")
    shown = capsys.readouterr().err
    assert "started with <hidden>" in written
    assert "started with" not in shown
    for text in (written, shown):
        assert "ValueError: <hidden>" in text
        assert "made-up-key" not in text


def test_close_takes_every_handler_out(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)
    LogSetup(tmp_path / "desk.log").close()
    assert logging.getLogger().handlers == before


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"desk.log cannot be opened"):
        LogSetup(tmp_path / "none" / "desk.log")
