"""A script: what a client does at which moment of venue time, as data."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_S: Final = 86_400.0
_START: Final = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
Seconds = Annotated[float, msgspec.Meta(ge=0, le=LONGEST_S)]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that a client does: a call, or an invocation on a hub.

    Parameters
    ----------
    at : float
        Venue seconds since the start; steps of one moment happen in the order of the file.
    post, get : str or None
        Path of a call, such as ``/api/Order/place``.
    body : dict
        What is posted.
    hub, invoke, arguments : str, str, list
        ``user`` or ``market``, the method, and what it is given. The first invocation on a hub
        opens it.
    """

    at: Seconds = 0.0
    post: str | None = None
    get: str | None = None
    body: dict[str, Any] = {}
    hub: str | None = None
    invoke: str | None = None
    arguments: list[Any] = []


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole script.

    Parameters
    ----------
    steps : list of Step
        In the order of time.
    start : datetime
        Venue time at the start of a generated market, with a zone.
    until : float
        Venue seconds that are played.
    """

    steps: list[Step]
    start: datetime = _START
    until: Seconds = 10.0


def read_client_script(path: Path) -> Script:
    """Read a TOML file with ``start``, ``until`` and a list ``[[step]]``.

    Raises
    ------
    InputError
        One sentence: the file, what is wrong with it, and what would do.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no TOML file: {error}.") from error
    raw["steps"] = raw.pop("step", [])
    try:
        script = msgspec.convert(raw, Script)
    except msgspec.ValidationError as error:
        raise InputError(f"{path} is no script: {error}.") from error
    for number, step in enumerate(script.steps, 1):
        problem = _problem(step)
        if problem is not None:
            raise InputError(f"{path} step {number} {problem}.")
    times = [step.at for step in script.steps]
    if times != sorted(times):
        raise InputError(f"{path} goes back in time: put the steps in the order of 'at'.")
    if script.start.tzinfo is None:
        raise InputError(f"{path}: the start has no zone; write it like 2026-11-20T15:00:00Z.")
    return script


def _problem(step: Step) -> str | None:
    kinds = [name for name in ("post", "get", "hub") if getattr(step, name) is not None]
    if len(kinds) != 1:
        return "must have exactly one of post, get and hub"
    path = step.post or step.get
    if path is not None and not path.startswith("/"):
        return f"calls {path!r}: a path begins with /"
    if step.hub is not None and step.hub not in ("user", "market"):
        return f"names the hub {step.hub!r}: use user or market"
    if step.hub is not None and not step.invoke:
        return "names a hub but no method: add invoke"
    return None
