"""Fixtures and guards for every test.

Guards: a test fails if it logs a warning, makes Qt complain, or leaves a thread, a child process,
an asyncio task, a window or a running timer behind. What a test means to happen it announces with
`expect_log` or `expect_qt`.
"""

from __future__ import annotations

import gc
import inspect
import logging
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

# Before anything imports Qt or keyring: no window on the developer's screen, no real secret read.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from tests.helpers import leaks, qt_guard
from tests.helpers.logs import LogWatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=15, derandomize=True)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=10_000)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default")
)

_qt_messages = qt_guard.QtMessages()
_garbage = qt_guard.GarbageRounds()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give every coroutine test the task guard, set up first and so torn down last."""
    function = getattr(item, "function", None)
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(function):
        item.fixturenames.insert(0, "_no_tasks_left")


@pytest.fixture(autouse=True)
def _clean(log_watch: LogWatch) -> Iterator[None]:
    """Fail the test that logged a warning, made Qt complain or left something behind."""
    _qt_messages.reset()
    threads, children = leaks.threads(), leaks.children()
    app = qt_guard.running_app()
    shown = qt_guard.alive(app) if app else set()
    yield
    wrong: list[str] = []
    if app := qt_guard.running_app():
        _garbage.round()
        qt_guard.settle(app)
        if extra := qt_guard.alive(app) - shown:
            gc.collect()  # a window in a reference cycle is on its way out
            qt_guard.settle(app)
            extra = qt_guard.alive(app) - shown
            wrong += [f"left behind: {qt_guard.describe(x)}" for x in extra]
            qt_guard.remove(extra)
        wrong += _qt_messages.complaints()
    if late := leaks.left_behind(threads, leaks.threads):
        wrong += [f"left behind: thread {t.name}" for t in late]
    if pids := leaks.left_behind(children, leaks.children):
        wrong += [f"left behind: process {pid} ({leaks.command_of(pid)})" for pid in pids]
        leaks.end_children(pids)
    wrong += log_watch.complaints()
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.fixture
def log_watch() -> Iterator[LogWatch]:
    """Records of level WARNING and above that this test logged."""
    watch = LogWatch()
    root = logging.getLogger()
    root.addHandler(watch)
    yield watch
    root.removeHandler(watch)


@pytest.fixture
def expect_log(log_watch: LogWatch) -> Callable[[str], None]:
    """Announce a log warning: ``expect_log("gateway.*refused")``; it must come, and may."""
    return log_watch.expect


@pytest.fixture
def expect_qt() -> Callable[[str], None]:
    """Announce a Qt warning by pattern; it must come, and may."""
    return _qt_messages.expect


@pytest.fixture
async def _no_tasks_left() -> AsyncIterator[None]:
    yield
    if left := await leaks.pending_tasks():
        names = "\n".join(f"left behind: {task!r}" for task in left)
        for task in left:
            task.cancel()
        pytest.fail(names, pytrace=False)


@pytest.fixture(autouse=True)
def desk_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for every test; short, because socket paths have a limit."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    monkeypatch.setenv("TRADEDESK_HOME", str(folder))
    for name in ("TRADEDESK_USERNAME", "TRADEDESK_API_KEY", "TRADEDESK_EXECUTOR"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """The one application of the test run, on the offscreen platform."""
    widgets = pytest.importorskip("PySide6.QtWidgets", reason="Qt is not installed here")
    _qt_messages.install()
    app: Any = widgets.QApplication.instance() or widgets.QApplication(["tradedesk-tests"])
    app.setQuitOnLastWindowClosed(False)
    yield app
    qt_guard.settle(app)


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """Find a file of recorded market data by name; skip where the recordings are not at hand."""

    def find(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"recorded market data is not at hand: {path}")
        return path

    return find


@pytest.fixture(scope="session")
def xserver() -> Iterator[str]:
    """A real X server in memory; gives the value for DISPLAY."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [
        program,
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1920x1080x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    leaks.KEPT_CHILDREN.add(server.pid)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    try:
        assert number, "Xvfb ended before it named its display"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=10)
