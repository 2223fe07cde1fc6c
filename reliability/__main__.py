"""``python -m reliability NAME [OPTIONS]``: one figure of ``docs/reliability.md`` each."""

from __future__ import annotations

import importlib
import sys

COMMANDS = {
    "simulate": ("reliability.simulate", "simulated intentions with faults, judged by the venue"),
    "cuts": ("reliability.cuts", "the wire cut at every byte, on real sockets, plain and TLS"),
    "kills": ("reliability.kills", "executor and window killed, and the journal cut, anywhere"),
    "budget": ("reliability.budget", "a week of bursts under the venue's call limits"),
    "secrets": ("reliability.secrets", "planted secrets in log lines of every form"),
    "mutants": ("reliability.mutants", "the simulator catches each safety rule that is taken out"),
}
"""Name: the module whose ``main(arguments)`` returns the exit code, and what it shows."""


def main(arguments: list[str]) -> int:
    """Run one command; 2 for a name that does not exist."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        for name, (_, what) in COMMANDS.items():
            print(f"  {name:<10} {what}")
        return 2
    module = importlib.import_module(COMMANDS[arguments[0]][0])
    return int(module.main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
