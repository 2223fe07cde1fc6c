"""The table of clients and steps, for the terminal and for docs/practice/conformance.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.clients import ROOT, Client, clients
from tests.conformance.steps import ABSENT, FAILED, OK, STEPS

if TYPE_CHECKING:
    from tests.conformance.run import Results

PAGE = ROOT / "docs" / "practice" / "conformance.md"
BEGIN = "<!-- written by make conformance ARGS=--write; do not edit -->"
END = "<!-- end of what make conformance writes -->"


def lines(results: Results) -> list[str]:
    """Give one client's results for the terminal."""
    width = max(map(len, STEPS.values()))
    return [
        f"  {title:<{width}}  {results[key].outcome:<11}  {results[key].did}"
        for key, title in STEPS.items()
    ]


def summary(results: Results) -> str:
    """Count the outcomes."""
    counts = [sum(r.outcome == wanted for r in results.values()) for wanted in (OK, ABSENT, FAILED)]
    return "{} ok, {} not offered, {} failed".format(*counts)


def section(client: Client, results: Results) -> str:
    """Give one client's part of the page."""
    rows = [
        f"| {title} | {results[key].outcome} | {escaped(results[key].did)} |"
        for key, title in STEPS.items()
    ]
    head = [
        f"### {client.title}",
        "",
        summary(results) + ".",
        "",
        "| step | outcome | what it did |",
    ]
    return "\n".join([*head, "| --- | --- | --- |", *rows])


def escaped(text: str) -> str:
    """Keep a text inside its cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def sections() -> dict[str, str]:
    """Read the clients' parts of the page, by name; empty where it has none."""
    written = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    parts = ("### " + part for part in written.split("### ")[1:])
    titles = {client.title: name for name, client in clients().items()}
    return {titles.get(part.splitlines()[0][4:], ""): part.strip() for part in parts}


def write(new: dict[str, str]) -> None:
    """Put new parts into the page; clients that were not run keep theirs."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    parts = sections() | new
    body = "\n\n".join(parts[name] for name in clients() if name in parts)
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
