"""What an action of the control endpoint is: the members it takes, and a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tradedesk.gateway.wire.base import Envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.world import World

REFUSED = 1
Outcome = Envelope | str | None
"""An answer of its own, or what is wrong, or None if all went well."""


class Members(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Members that an action takes; this base takes none."""


class Action(NamedTuple):
    """One action.

    Parameters
    ----------
    members : type
        What it takes: Members, or a dict if it checks them itself.
    act : callable
        Carries it out, given the world and the members.
    """

    members: type[Members] | type[dict[str, Any]]
    act: Callable[[World, Any], Outcome]
