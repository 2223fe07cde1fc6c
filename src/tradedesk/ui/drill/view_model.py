"""What the desk shows of a drill, and in which words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

GOOD = 80
"""Points from which on a criterion counts as done well."""
_OUTCOMES = {
    "success": "Done",
    "failure": "Failed",
    "timeout": "Time is up",
    "stopped": "Stopped",
    "unfinished": "Not finished",
}


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One thing that counted; `points` from 0 to 100, None if it did not count this time."""

    name: str
    weight: int
    points: int | None
    text: str

    @property
    def is_good(self) -> bool:
        """Whether nothing is to be done better."""
        return self.points is None or self.points >= GOOD

    @property
    def points_text(self) -> str:
        """The points as the sheet has them."""
        return "—" if self.points is None else str(self.points)


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The score at the end."""

    total: int
    grade: str
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, slots=True)
class DrillView:
    """How a drill stands.

    Parameters
    ----------
    title, ask : str
        A few words; what is asked of the trader now.
    state : str
        ``none``, ``waiting``, ``running``, or one of its ends.
    at_s : float
        Venue seconds since it began.
    run : int
        Counts the runs that this desk has seen begin.
    score : ScoreView or None
        Once it is over, if there was anything to score.
    problem : str
        Why it cannot begin, or why nothing is known of it.
    """

    title: str = ""
    ask: str = ""
    state: str = "none"
    at_s: float = 0.0
    run: int = 0
    score: ScoreView | None = None
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in _OUTCOMES

    @property
    def outcome(self) -> str:
        """How it ended, with the score if there is one."""
        ended = _OUTCOMES.get(self.state, "")
        if self.score is None:
            return f"{ended}. Nothing to score, because the trouble never began."
        return f"{ended}: {self.score.total} of 100, grade {self.score.grade}."

    @property
    def text(self) -> str:
        """The one sentence of the strip."""
        if self.problem:
            return self.problem
        if self.over:
            return self.outcome
        return self.ask or "The drill is about to begin."

    @property
    def clock(self) -> str:
        """Minutes and seconds since it began."""
        seconds = int(self.at_s)
        return f"{seconds // 60}:{seconds % 60:02d}"
