"""A drill as data: what is asked, what goes wrong when, how it ends and what counts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(ge=0, le=3_600)]
Some = Annotated[int, Meta(ge=1, le=1_000)]
Ticks = Annotated[int, Meta(ge=-10_000, le=10_000)]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Literal["start", "sent", "working", "position", "ready", "rejected", "trouble"]
State = Literal["flat", "empty", "covered", "square", "reversed"]
Measure = Literal[
    "reaction_s",
    "flat_s",
    "safe_s",
    "naked_s",
    "worst_loss",
    "orders",
    "calls",
    "duplicates",
    "added",
    "over",
    "reversed",
    "left",
    "naked_left",
    "orders_left",
    "excess_left",
]
SECONDS = frozenset({"reaction_s", "flat_s", "safe_s", "naked_s"})


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of the file; a misspelt field is an error."""


class Entry(_Data, frozen=True):
    """What the trader has to do first.

    Parameters
    ----------
    ask : str
        One sentence that asks for it.
    side : str
        ``buy``, ``sell`` or ``any``.
    size : int
        Contracts, at least.
    stop : bool
        Whether the entry is only there once working stops cover it.
    seconds : float
        Venue seconds from the start until trouble must have begun; else the drill is over.
    """

    ask: Text
    side: Literal["buy", "sell", "any"] = "any"
    size: Some = 1
    stop: bool = False
    seconds: Seconds = 300


class Nudge(_Data, frozen=True):
    """A drift of the price.

    Parameters
    ----------
    ticks : int
        In favour of the position, negative against it; without a position by the entry's side.
    to_order : bool
        Drift to the entry order that rests, and `ticks` of its side's favour further, again and
        again until it has filled.
    seconds : float
        How long the drift takes, venue time.
    """

    ticks: Ticks
    seconds: Seconds
    to_order: bool = False


class Thin(_Data, frozen=True):
    """Fewer contracts at each price: one of `factor`, for so many seconds."""

    factor: Some
    seconds: Seconds


class Halt(_Data, frozen=True):
    """Nothing trades for so many seconds, and nobody is left who would let the position out."""

    seconds: Seconds


class Step(_Data, frozen=True):
    """Something that happens so many venue seconds after a moment.

    Parameters
    ----------
    when : str
        ``start``, ``sent`` (first order), ``working`` (an entry order rests), ``position``,
        ``ready`` (what was asked for is there), ``rejected`` (a stop leg) or ``trouble``.
    after : float
        Venue seconds after it.
    tell : str
        The story, in one sentence.
    trouble : bool
        Whether this is where the clock of the measures begins.
    ask : str or None
        What the trader is asked from now on.
    faults : tuple of dict
        Faults as in a faults file; ``at`` and ``until`` count from this step. They are taken back
        when the drill ends.
    nudge, thin, halt
        What the market does.
    close : int
        Contracts that somebody else closes at market on the same account.
    drop : str or None
        Hub whose sockets are closed: ``user``, ``market`` or ``both``.
    judge : str or None
        Ends the drill: success if the account is in this state, else failure.
    """

    when: Moment
    tell: Text
    after: Seconds = 0.0
    trouble: bool = False
    ask: Text | None = None
    faults: tuple[dict[str, Any], ...] = ()
    nudge: Nudge | None = None
    thin: Thin | None = None
    halt: Halt | None = None
    close: Annotated[int, Meta(ge=0, le=1_000)] = 0
    drop: Literal["user", "market", "both"] | None = None
    judge: State | None = None


class End(_Data, frozen=True):
    """When it is over, once trouble has begun.

    Parameters
    ----------
    success : str
        State of the account: ``flat``, ``empty`` (and no order works), ``covered`` (every contract
        by a working stop, or flat), ``square`` (and no exit is larger than the position).
    hold : float
        For how many venue seconds it must last.
    failure : str or None
        State that ends it badly, such as ``reversed``.
    seconds : float
        Venue seconds after trouble when time is up.
    """

    success: State
    hold: Seconds = 0.0
    failure: State | None = None
    seconds: Seconds = 120


class Criterion(_Data, frozen=True):
    """One thing that counts.

    Parameters
    ----------
    name : str
        A word or two.
    measure : str
        What is measured, see docs/practice/drills.md.
    best, worst : float
        Values worth 100 points and none; between them points fall on a straight line.
    weight : int
        Its share of the score.
    well, better : str
        What is said from 80 points on, and below; ``{value}`` is replaced.
    missed : str or None
        What is said in place of `better` if what is measured never happened.
    never : str
        What it is worth if what is measured never happened: ``worst``, ``best``, or ``skip``.
    """

    name: Annotated[str, Meta(min_length=1, max_length=24)]
    measure: Measure
    best: float
    worst: float
    weight: Annotated[int, Meta(ge=1, le=100)]
    well: Text
    better: Text
    missed: Text | None = None
    never: Literal["worst", "best", "skip"] = "worst"


class Drill(_Data, frozen=True):
    """One drill.

    Parameters
    ----------
    name : str
        What it is called by: small letters, digits and hyphens.
    title, about : str
        A few words; one sentence.
    contract : str
        Symbol, such as ``MNQ``.
    cover : str
        Whose work a missing stop is: the ``desk``'s, by its rules, or the ``trader``'s alone. A
        desk that plays the drill keeps to it; the venue cannot tell who acts.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    about: Text
    contract: str
    entry: Entry
    step: tuple[Step, ...]
    end: End
    criterion: Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=8)]
    cover: Literal["desk", "trader"] = "desk"
