"""How a session tells what happened: one JSON line a step, in a file of its own.

Not on standard output, where the clients log.
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.conformance.steps import ABSENT, FAILED, OK, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class NotOffered(Exception):  # noqa: N818 - it is no error
    """The client has no call for this step; the text says what it lacks."""


@dataclass
class Step:
    """What is known of a step so far."""

    key: str
    did: str = ""
    """The same in every run: no price, no time, no count that the market decides."""

    seen: dict[str, Any] = field(default_factory=dict)
    """Values for the runner to hold against the venue's own."""


class Recorder:
    """Writes the lines.

    Parameters
    ----------
    path : pathlib.Path
        Of the file; each line is complete as soon as its step is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextlib.contextmanager
    def step(self, key: str, *, needed: bool = False) -> Iterator[Step]:
        """Run one step; whatever it raises is its outcome.

        Parameters
        ----------
        key : str
            One of ``STEPS``.
        needed : bool
            Without this step the others make no sense: its error ends the session.
        """
        assert key in STEPS, key
        step = Step(key)
        try:
            yield step
        except NotOffered as reason:
            self._write(step, ABSENT, str(reason))
        except Exception as error:  # noqa: BLE001 - any error of a client is an outcome
            traceback.print_exc(file=sys.stderr)
            self._write(step, FAILED, f"{type(error).__name__}: {error}")
            if needed:
                raise SystemExit(0) from None
        else:
            self._write(step, OK, step.did)

    def _write(self, step: Step, outcome: str, did: str) -> None:
        line = {"step": step.key, "outcome": outcome, "did": did, "seen": step.seen}
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, default=plain) + "\n")


def plain(value: Any) -> Any:
    """Give what JSON has no name for: exact decimals as text, times in ISO 8601."""
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"a session saw a {type(value).__name__}: {value!r}")


def row(source: Any, names: dict[str, str]) -> dict[str, Any]:
    """Read a client's model into the wire's names.

    Parameters
    ----------
    source : object
        A model of the client.
    names : dict of str to str
        Name on the wire to attribute of the model.
    """
    return {wire: getattr(source, attribute) for wire, attribute in names.items()}
