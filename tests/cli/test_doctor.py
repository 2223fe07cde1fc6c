"""The doctor sees what is there, and each problem comes with its fix."""

from __future__ import annotations

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tradedesk.app.qt_health import START, run_probe
from tradedesk.app.system_clock import SystemClock
from tradedesk.app.venue_probe import VenueAnswer, ask_venue
from tradedesk.cli import doctor
from tradedesk.cli.main import main
from tradedesk.gateway.config import GatewayConfig

if TYPE_CHECKING:
    from collections.abc import Iterator


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    report = json.loads(capsys.readouterr().out)
    assert report["problems"] == sum(f["state"] == "problem" for f in report["findings"])
    return {f["name"]: f for f in report["findings"]}


def test_a_healthy_desk(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("PySide6.QtWidgets", reason="Qt is not installed here")
    assert main(["doctor", "--json"]) == 0
    found = findings(capsys)
    assert found["Qt reference counts"]["state"] == "ok"
    assert found["venue practice"]["value"].startswith("started on demand")
    assert found["keyring"]["state"] == "note"
    assert found["fonts"]["state"] == "ok"


def test_problems_come_with_their_fix(
    desk_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    (desk_home / "config").mkdir()
    (desk_home / "config" / "settings.toml").write_text("stop_ticks = 0\n")
    (desk_home / "logs").write_text("in the way")
    assert main(["doctor", "--json"]) == 1
    found = findings(capsys)
    for name in ("no-such-package", "settings", "folders"):
        assert found[name]["state"] == "problem"
        assert found[name]["fix"]


def test_the_text_form_names_the_fix(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    assert main(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "PROBLEM no-such-package: not installed\n        fix: run `make run` again" in shown
    assert "1 problem found" in shown or "problems found" in shown


def test_an_unknown_firm_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--venue", "topstep"]) == 2
    assert "'topstep' is not known" in capsys.readouterr().err


class Pong(BaseHTTPRequestHandler):
    """Answers a ping with a clock of its own."""

    protocol_version = "HTTP/1.1"
    date = "Thu, 01 Jan 2026 00:00:00 GMT"
    status = 200

    def do_GET(self) -> None:
        self.send_response_only(self.status)
        self.send_header("Date", self.date)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"pong")


@pytest.fixture
def venue() -> Iterator[tuple[type[Pong], GatewayConfig]]:
    handler = type("Answers", (Pong,), {})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield handler, GatewayConfig(url, f"{url}/hubs/user", f"{url}/hubs/market")
    server.shutdown()
    server.server_close()
    thread.join()


class FixedClock:
    """Wall time stands at the venue's minute, some seconds off."""

    def __init__(self, off_s: float) -> None:
        self._wall = int((1_767_225_600 + off_s) * 1e9)
        self._mono = 0

    def wall_ns(self) -> int:
        return self._wall

    def mono_ns(self) -> int:
        self._mono += 1_000_000
        return self._mono


@pytest.mark.parametrize(("off_s", "state"), [(0.5, "ok"), (-30.0, "problem"), (30.0, "problem")])
def test_the_venues_clock_is_compared(
    venue: tuple[type[Pong], GatewayConfig], off_s: float, state: str
) -> None:
    answer = ask_venue(venue[1], FixedClock(off_s))
    assert answer.reached
    assert answer.round_trip_ms == pytest.approx(1.0)
    assert answer.clock_skew_ms == pytest.approx(500.0 - off_s * 1000.0, abs=1.0)
    assert [f.state for f in doctor._venue("x", answer)] == ["ok", state]


def test_a_venue_in_trouble_is_a_problem(venue: tuple[type[Pong], GatewayConfig]) -> None:
    venue[0].status = 503
    answer = ask_venue(venue[1], SystemClock())
    assert not answer.reached
    assert "status 503" in answer.text
    (finding,) = doctor._venue("x", answer)
    assert (finding.state, bool(finding.fix)) == ("problem", True)


def test_a_venue_that_is_not_there_is_a_problem() -> None:
    url = "http://127.0.0.1:9"
    answer = ask_venue(GatewayConfig(url, url, url), SystemClock())
    assert not answer.reached
    assert "cannot be reached" in answer.text


def test_a_venue_that_hides_its_time_is_noted() -> None:
    found = doctor._venue("x", VenueAnswer(True, "answers", 1.0, None))
    assert [f.state for f in found] == ["ok", "note"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has X servers to start")
def test_a_window_opens_on_a_real_x_server(xserver: str) -> None:
    pytest.importorskip("PySide6.QtWidgets", reason="Qt is not installed here")
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    environment.pop("WAYLAND_DISPLAY", None)
    assert run_probe(START, environment | {"DISPLAY": xserver}) == (True, "xcb")
    works, said = run_probe(START, environment | {"DISPLAY": ":99999"})
    assert not works
    assert said
