"""Control actions on market, tokens, hubs and modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from tradedesk.practice.books.position_brackets import Distances
from tradedesk.practice.rest.control_actions import Action, Members

if TYPE_CHECKING:
    from tradedesk.practice.hubs.market import MarketHub
    from tradedesk.practice.hubs.user import UserHub
    from tradedesk.practice.world import World


Ticks = Annotated[int, msgspec.Meta(ge=4, le=100_000)]


class Nudge(Members):
    """Drift a price by so many ticks over so many seconds."""

    contract_id: str
    ticks: int = 0
    seconds: float = 0.0


class DropHubs(Members):
    """Close sockets of one hub or of both."""

    hub: str = "both"
    error: str | None = None


class Mode(Members):
    """Bracket mode of an account, or of all; the distances are those of position brackets."""

    mode: str
    account_id: int | None = None
    stop_ticks: Ticks | None = None
    target_ticks: Ticks | None = None


class Switch(Members):
    """On or off."""

    enabled: bool = True


def _nudge(world: World, asked: Nudge) -> str | None:
    contract = world.find(asked.contract_id)
    if contract is None or not world.is_active(contract):
        return f"No active contract has the id '{asked.contract_id}'."
    if not world.floor.nudge(contract, asked.ticks, asked.seconds):
        return "A recorded tape cannot be nudged."
    return None


def _expire_tokens(world: World, asked: Members) -> None:
    world.tokens.end_all()


def _drop_hubs(world: World, asked: DropHubs) -> str | None:
    hubs: dict[str, UserHub | MarketHub] = {"user": world.user_hub, "market": world.market_hub}
    if asked.hub not in (*hubs, "both"):
        return f"There is no hub '{asked.hub}': use user, market or both."
    for name, hub in hubs.items():
        if asked.hub in (name, "both"):
            for connection in tuple(hub.connections):
                connection.end(asked.error or "Connection closed with an error.")
    return None


def _bracket_mode(world: World, asked: Mode) -> str | None:
    if asked.mode not in ("position", "auto_oco"):
        return f"There is no bracket mode '{asked.mode}': use position or auto_oco."
    if asked.account_id not in (None, *world.accounts):
        return f"There is no account {asked.account_id}: use one of {list(world.accounts)}."
    distances = Distances(asked.stop_ticks, asked.target_ticks)
    wanted = [one for one in world.accounts if asked.account_id in (None, one)]
    for switch in (False, True):  # none is switched unless all can be
        for account_id in wanted:
            mode = distances if asked.mode == "position" else None
            wrong = world.exchange.pairs.switch(account_id, mode, only_ask=not switch)
            if wrong is not None:
                return wrong
    return None


def _limits(world: World, asked: Switch) -> None:
    world.limits.enabled = asked.enabled


ACTIONS: Final = {
    "nudge": Action(Nudge, _nudge),
    "expire_tokens": Action(Members, _expire_tokens),
    "drop_hubs": Action(DropHubs, _drop_hubs),
    "bracket_mode": Action(Mode, _bracket_mode),
    "limits": Action(Switch, _limits),
}
