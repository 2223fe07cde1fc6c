"""What asked-for ways out are doing: their phases and when each came. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradedesk.domain import events as ev
from tradedesk.domain.clock import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_NS = 6 * NS_PER_S
"""How long a success stays in view; a failure stays until somebody takes it away."""
LINES = 10
_PART = "-flat"
"""A reverse tells of its flatten under its own click with this behind it."""
_UNASKED = "Flatten"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase and the milliseconds from the press until it was told."""

    text: str
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class PhaseView:
    """The card.

    Attributes
    ----------
    click_id : str
        Empty when there is nothing to show.
    running : bool
        It goes on; ``elapsed_ms`` is the time so far, else the whole.
    failure : str
        Why it did not do what was asked; empty if it did.
    """

    click_id: str = ""
    title: str = ""
    lines: tuple[PhaseLine, ...] = ()
    running: bool = False
    elapsed_ms: float = 0.0
    failure: str = ""


@dataclass(slots=True)
class _Run:
    title: str
    start_ns: int
    lines: list[PhaseLine] = field(default_factory=list)
    ended_ns: int | None = None
    failure: str = ""
    told_ms: float | None = None
    holds: bool = False

    def add(self, text: str, elapsed_ms: float) -> None:
        if not self.lines or self.lines[-1].text != text:
            self.lines.append(PhaseLine(text, elapsed_ms))

    @property
    def is_unasked_and_runs(self) -> bool:
        return self.title == _UNASKED and self.ended_ns is None

    def so_far_ms(self, now_ns: int) -> float:
        return max(0, now_ns - self.start_ns) / NS_PER_MS


NOTHING = PhaseView()


class PhaseLog:
    """Runs by the click that asked for them."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}

    def begin(self, click_id: str, title: str, press_ns: int) -> None:
        """Somebody asked for something that is told in phases."""
        for known in [c for c, run in self._runs.items() if run.title == title and run.ended_ns]:
            del self._runs[known]
        self._runs[click_id] = _Run(title, press_ns)

    def holds(self, click_id: str) -> bool:
        """Whether the card tells what becomes of a click."""
        return self._key(click_id) in self._runs

    @property
    def holds_entries(self) -> bool:
        """Whether the executor takes no entry because a flatten is under way."""
        return any(run.holds and run.ended_ns is None for run in self._runs.values())

    def take(self, event: ev.AnyEvent, now_ns: int) -> None:
        """Note what the executor told; ``now_ns`` is monotonic."""
        match event:
            case ev.FlattenProgress(click_id=click_id, text=text, elapsed_ms=elapsed_ms):
                key = self._key(click_id)
                if key not in self._runs:
                    start_ns = now_ns - int(elapsed_ms * NS_PER_MS)
                    self._runs[key] = _Run(_UNASKED, start_ns)
                run = self._runs[key]
                run.add(text, elapsed_ms)
                run.holds = not event.finished
                if event.finished and key == click_id:
                    run.ended_ns, run.told_ms = now_ns, elapsed_ms
            case ev.CommandDone(click_id=click_id, text=text, elapsed_ms=elapsed_ms):
                if click_id in self._runs:
                    run = self._runs[click_id]
                    # A later phase that took less was counted from somewhere else than the press.
                    if run.lines and elapsed_ms < run.lines[-1].elapsed_ms:
                        elapsed_ms = max(run.lines[-1].elapsed_ms, run.so_far_ms(now_ns))
                    run.add(text, elapsed_ms)
                    run.ended_ns, run.told_ms = now_ns, elapsed_ms
            case ev.CommandFailed(click_id=click_id, reason=reason) if click_id in self._runs:
                run = self._runs[click_id]
                run.failure, run.ended_ns = reason, now_ns
            case ev.SessionChanged(phase=ev.Phase.STOPPED):
                # what was asked for here is asked for again; nobody tells how the rest ended
                for gone in [c for c, run in self._runs.items() if run.is_unasked_and_runs]:
                    del self._runs[gone]
            case _:
                pass

    def dismiss(self, click_id: str) -> None:
        """Somebody has read it."""
        self._runs.pop(click_id, None)

    def view(self, now_ns: int) -> PhaseView:
        """The newest that goes on, else the newest failure, else a success that is still fresh."""
        for click_id, run in list(self._runs.items()):
            done = run.ended_ns is not None and not run.failure
            if done and now_ns - (run.ended_ns or 0) > SHOWN_NS:
                del self._runs[click_id]
        newest = list(reversed(self._runs.items()))
        for wanted in (
            (pair for pair in newest if pair[1].ended_ns is None),
            (pair for pair in newest if pair[1].failure),
            newest,
        ):
            found = _first(wanted)
            if found is not None:
                return _view(*found, now_ns)
        return NOTHING

    def _key(self, click_id: str) -> str:
        whole = click_id.removesuffix(_PART)
        return whole if whole in self._runs else click_id


def _first(pairs: Iterable[tuple[str, _Run]]) -> tuple[str, _Run] | None:
    return next(iter(pairs), None)


def _view(click_id: str, run: _Run, now_ns: int) -> PhaseView:
    end_ns = now_ns if run.ended_ns is None else run.ended_ns
    lines = [line for line in run.lines if line.text != run.failure]
    return PhaseView(
        click_id,
        run.title,
        tuple(lines[-LINES:]),
        run.ended_ns is None,
        run.so_far_ms(end_ns) if run.told_ms is None else run.told_ms,
        run.failure,
    )
