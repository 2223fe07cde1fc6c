"""The story of a run as it is told: on the venue's output, at the control endpoint, in a report."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.practice.drills.score import Score

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.drills.model import Drill

WAITING, RUNNING = "waiting", "running"
SUCCESS, FAILURE, TIMEOUT = "success", "failure", "timeout"
STOPPED, UNFINISHED = "stopped", "unfinished"
OVER: Final = frozenset({SUCCESS, FAILURE, TIMEOUT, STOPPED, UNFINISHED})
_OUTCOMES: Final = {
    SUCCESS: "done",
    FAILURE: "failed",
    TIMEOUT: "time is up",
    STOPPED: "stopped",
    UNFINISHED: "unfinished",
}
_WIDTH: Final = 96


class Line(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the story.

    Parameters
    ----------
    drill, state : str
        Its name; ``waiting``, ``running`` or how it ended.
    at_s : float
        Venue seconds since the drill began.
    event : str
        ``asked``, ``trouble``, ``step``, ``moment``, ``stand``, ``call`` or ``ended``.
    text : str
        A sentence.
    """

    drill: str
    state: str
    at_s: float
    event: str
    text: str


class Told(msgspec.Struct, rename="camel"):
    """How a drill stands.

    Parameters
    ----------
    state : str
        ``none``, ``waiting``, ``running``, ``success``, ``failure``, ``timeout``, ``stopped`` or
        ``unfinished``.
    ask : str
        What the trader is asked now.
    at_s, trouble_s : float, float or None
        Venue seconds since the drill began: now, and when trouble did.
    story : list of Line
        Oldest first.
    score : Score or None
        Once it is over, if trouble had begun.
    """

    name: str = ""
    title: str = ""
    about: str = ""
    state: str = "none"
    ask: str = ""
    at_s: float = 0.0
    trouble_s: float | None = None
    story: list[Line] = []
    score: Score | None = None


class Teller:
    """Writes a story down line by line, and tells each line as it is written.

    Parameters
    ----------
    drill : str
        Its name.
    start_ns : int
        Venue time at which it began.
    tell : callable
        Told each line.
    """

    def __init__(self, drill: str, start_ns: int, tell: Callable[[Line], None]) -> None:
        self._drill = drill
        self._start_ns = start_ns
        self._tell = tell
        self.lines: list[Line] = []

    def at_s(self, ts_ns: int) -> float:
        """Venue seconds since the drill began, to the microsecond."""
        return round((ts_ns - self._start_ns) / 1e9, 6)

    def say(self, ts_ns: int, state: str, event: str, text: str) -> None:
        """Write a line."""
        line = Line(self._drill, state, self.at_s(ts_ns), event, text)
        self.lines.append(line)
        self._tell(line)


def outcome(state: str) -> str:
    """How a drill ended, in a word or two."""
    return _OUTCOMES.get(state, state)


def report(drill: Drill, told: Told) -> str:
    """What is printed at the end: outcome, score, a sentence for each criterion."""
    lines = [f"Drill {drill.name}: {drill.title}", f"Outcome: {outcome(told.state)}"]
    if told.score is None:
        lines.append("Score: none, because trouble never began.")
        return "\n".join(lines)
    lines[1] += f" after {told.at_s:.1f} s"
    lines += [f"Score: {told.score.total} of 100, grade {told.score.grade}", ""]
    for one in told.score.criteria:
        points = "  —" if one.points is None else f"{one.points:3d}"
        head = f"{points}  {one.name} (weight {one.weight}): "
        lines += textwrap.wrap(head + one.text, _WIDTH, subsequent_indent="     ")
    return "\n".join(lines)
