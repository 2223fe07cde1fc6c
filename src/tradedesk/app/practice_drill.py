"""Drills of a practice venue that runs as a process: found, begun, told on its output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.practice.drills.reading import drill_names, find_drill, named_drill
from tradedesk.practice.drills.story import UNFINISHED

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from tradedesk.practice.drills.desk import Drills
    from tradedesk.practice.drills.model import Drill
    from tradedesk.practice.drills.story import Line

LIST = "list"


def drill_lines() -> list[str]:
    """Every drill of the package in a line: name and what happens."""
    drills = [named_drill(name) for name in drill_names()]
    width = max(len(drill.name) for drill in drills)
    return [f"{drill.name:{width}}  {drill.about}" for drill in drills]


def wanted_drill(name: str, replay: Path | str | None) -> Drill:
    """Find the drill that a command line asks for.

    Raises
    ------
    InputError
        If there is none, or the market is a recorded one.
    """
    drill = find_drill(name)
    if replay is not None:
        raise InputError("A drill needs a market that can be bent: leave --replay out.")
    return drill


def drill_among(arguments: tuple[str, ...]) -> Drill | None:
    """Find the drill among the words of a venue's command line; None if there is none.

    Raises
    ------
    InputError
        If it comes from a file that is unusable.
    """
    words = iter(arguments)
    wanted = next((next(words, None) for word in words if word == "--drill"), None)
    return None if wanted is None else find_drill(wanted)


class DrillTeller:
    """Begins a drill, prints its story as JSON lines, and a report when it is over.

    Parameters
    ----------
    drills : Drills
        Of the venue.
    stream : TextIO
        Where to; whoever reads it may go away.
    """

    def __init__(self, drills: Drills, stream: TextIO) -> None:
        self._drills = drills
        self._stream: TextIO | None = stream
        drills.on_line = self._line
        drills.on_report = self._write

    def begin(self, drill: Drill) -> None:
        """Begin.

        Raises
        ------
        InputError
            If the venue cannot play it.
        """
        self._drills.know(drill)
        wrong = self._drills.start(drill.name)
        if wrong is not None:
            raise InputError(wrong)

    def end(self) -> None:
        """End what is unfinished."""
        self._drills.stop(UNFINISHED)

    def _line(self, line: Line) -> None:
        self._write(msgspec.json.encode(line).decode())

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except OSError:
            stream, self._stream = self._stream, None
            # What is still in its buffer must not fail once more as the process ends.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
