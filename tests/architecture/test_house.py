"""Limits and bans that neither ruff nor import-linter states.

A file that outgrows its limit is split by the second noun in its description; an entry in one of
the tables below needs a reason that a stranger accepts.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "tradedesk"

FILE_LINES = 300
CLASS_LINES = 200  # without docstrings
FUNCTION_LINES = 50  # without docstrings

MAY_START_TASKS = {
    "app/gui/drill_link.py": "asks the venue how the drill stands; cancelled and awaited by close",
    "app/practice_main.py": "waits for a signal or the venue's own end, and cancels both waits",
    "gateway/rest/hedge.py": "two attempts at one question; cancels and awaits both",
    "gateway/signalr/connection.py": "one session's reader and timers; awaits them all",
    "practice/hubs/connection.py": "one client's reader and writer; awaits them both",
    "practice/server.py": "the venue's three parts; awaits them when it closes",
    "services/executor_process.py": "brings a lost executor back; cancelled and awaited by close",
    "services/market_thread.py": "owns the loop of the market thread and awaits what it starts",
    "trading/live/task_owner.py": "what the executor starts tasks through; hears of every failure",
    "ui/login/dialog.py": "one connection test at a time; cancelled when the dialog closes",
}
"""Files that may call ``create_task`` or ``ensure_future``: each awaits or cancels its own."""

MAY_CATCH_ALL = {
    "engine/indicators/function.py": "a user's own code; raised again with the indicator's name",
    "gateway/rest/mutations.py": "whatever went wrong, an order is not sent or unknown, never lost",
}
"""Files that may catch ``Exception``: each hands the error on to where it is seen."""

MAY_READ_CLOCKS = {
    "app/system_clock.py": "the one reader of time; everybody else is given a clock",
    "practice/clock.py": "the venue is a world of its own, with its own time",
    "ui/frame_clock.py": "paces repaints",
}

MAY_PRINT = {"cli"}

CLOCK_READS = {
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.perf_counter_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
}  # fmt: skip
TASK_STARTS = {"create_task", "ensure_future"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
QT = {"PySide6", "shiboken6"}

MODULES = sorted(SRC.rglob("*.py"))
NAMES = [path.relative_to(SRC).as_posix() for path in MODULES]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def calls(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and last two names of every call."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name):
                found.append((node.lineno, target.id))
            elif isinstance(target, ast.Attribute):
                owner = target.value
                base = getattr(owner, "id", getattr(owner, "attr", ""))
                found.append((node.lineno, f"{base}.{target.attr}"))
    return found


def imports(tree: ast.AST) -> set[str]:
    """Top-level names of everything imported, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Lines of a definition without the docstrings in it: telling more must cost nothing."""
    assert node.end_lineno is not None
    length = node.end_lineno - node.lineno + 1
    for inner in ast.walk(node):
        if isinstance(inner, DEFINITIONS) and ast.get_docstring(inner) is not None:
            text = inner.body[0]
            assert text.end_lineno is not None
            length -= text.end_lineno - text.lineno + 1
    return length


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_sizes(path: Path) -> None:
    text = path.read_text("utf-8")
    over = []
    if (length := text.count("\n")) > FILE_LINES:
        over.append(f"{length} lines, {FILE_LINES} allowed")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, DEFINITIONS):
            continue
        limit = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
        if lines_of(node) > limit:
            over.append(f"{node.name} (line {node.lineno}): {lines_of(node)}, {limit} allowed")
    assert over == []


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_bans(path: Path) -> None:
    name = path.relative_to(SRC).as_posix()
    tree = parsed(path)
    wrong = []
    for line, call in calls(tree):
        end = call.rpartition(".")[2]
        if call == "print" and name.split("/")[0] not in MAY_PRINT:
            wrong.append(f"line {line}: print belongs to the command line")
        if call in CLOCK_READS and name not in MAY_READ_CLOCKS:
            wrong.append(f"line {line}: {call} reads a clock; take one as a parameter")
        if (end in TASK_STARTS or call == "asyncio.Task") and name not in MAY_START_TASKS:
            wrong.append(f"line {line}: {end} without a reason in MAY_START_TASKS")
    wrong += [
        f"line {node.lineno}: catches everything without a reason in MAY_CATCH_ALL"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and name not in MAY_CATCH_ALL and is_broad(node)
    ]
    assert wrong == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether a handler swallows what it cannot know; one that ends in a bare raise does not."""
    caught = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {""}
    )
    last = handler.body[-1]
    return bool(caught & {"", "Exception", "BaseException"}) and not (
        isinstance(last, ast.Raise) and last.exc is None
    )


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_qt_and_drawing_only_where_they_belong(path: Path) -> None:
    name = path.relative_to(SRC).as_posix()
    found = imports(parsed(path))
    in_window = name.startswith(("ui/", "app/gui"))
    assert in_window or not found & (QT | {"qasync", "pyqtgraph"})
    assert name.startswith("ui/") or "pyqtgraph" not in found


def test_lists_name_files_that_exist() -> None:
    listed = set(MAY_START_TASKS) | set(MAY_CATCH_ALL)
    assert sorted(listed - set(NAMES)) == []


def tracked_text() -> list[tuple[str, str]]:
    """Every tracked text file with its content."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listing.stdout.split("\0")):
        try:
            found.append((name, (ROOT / name).read_text("utf-8")))
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, a font, or a file that was just removed
    return found


# Written in two halves each, so that this file does not find itself.
UNWANTED = {
    "a package registry's host": "pypi" + r"\.org|pythonhosted" + r"\.org|registry\." + "npmjs|"
    "deb" + r"\.debian\.org",
    "an index option": r"^\s*--(extra-)?" + "index-url|^" + "--find-links|^" + "--trusted-host",
    "a path of somebody's machine": r"(?<![\w.])/(wo" + "rk|ro" + r"ot|home/\w+|Users/\w+)/",
    "unfinished work": r"\b(TO" + "DO|FIX" + r"ME)\b",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_the_tree_holds_nothing_unwanted(what: str) -> None:
    pattern = re.compile(UNWANTED[what], re.MULTILINE)
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_text()
        if name != "scripts/lock.py" and (match := pattern.search(text))
    ]
    assert found == []
