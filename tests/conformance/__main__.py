"""Run other people's clients against the practice venue: ``python -m tests.conformance``.

Exit code 0 if every step that a client offers works and the page has the same table; 1 if not.
"""

from __future__ import annotations

import argparse
import sys

from tests.conformance import table
from tests.conformance.clients import ROOT, NoPythonError, clients, pythons
from tests.conformance.run import run
from tests.conformance.steps import FAILED

LOG_LINES = 20
LOG_WIDTH = 300


def main() -> int:
    """Run the chosen clients one after the other; return the process exit code."""
    known = clients()
    parser = argparse.ArgumentParser(prog="make conformance", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all")
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(known):
        parser.error(f"no such client: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    interpreters = pythons()
    written: dict[str, str] = {}
    failed = 0
    for name in asked.names or known:
        client = known[name]
        try:
            client.prepare(interpreters)
            results, log = run(client)
        except NoPythonError as reason:
            say(f"{client.title}: skipped, {reason}\n")
            continue
        except RuntimeError as error:
            say(f"{client.title}: failed, {error}\n")
            failed += 1
            continue
        broken = [result for result in results.values() if result.outcome == FAILED]
        failed += len(broken)
        written[name] = table.section(client, results)
        say("\n".join([client.title, *table.lines(results), f"  {table.summary(results)}\n"]))
        if broken:
            end = [line[:LOG_WIDTH] for line in log.splitlines()[-LOG_LINES:]]
            say("\n".join(["The end of the client's own log:", *end, ""]))
    return 1 if failed else settle(written, write=asked.write)


def settle(written: dict[str, str], *, write: bool) -> int:
    """Write the page, or say where it differs."""
    if write:
        table.write(written)
        say(f"{table.PAGE.relative_to(ROOT)} written")
        return 0
    stale = [name for name, part in written.items() if table.sections().get(name) != part]
    if stale:
        page = table.PAGE.relative_to(ROOT)
        say(f"{page} differs for {', '.join(stale)}: make conformance ARGS=--write")
    return 1 if stale else 0


def say(text: str) -> None:
    """Print, in order with what the installers print."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
