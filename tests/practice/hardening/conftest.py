"""A venue as a process, a client that trades on it all the while, and what both must survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.helpers.waiting import until
from tests.practice.clients import EARLY, Hub, Rest
from tests.practice.hardening.process_health import Health
from tests.practice.process import venue_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.practice.process import VenueProcess

MOST_GROWTH_MB = 40.0


class Healthy:
    """A client that does everything right.

    Parameters
    ----------
    venue : VenueProcess
        Whom to trade with.
    rest, user : Rest, Hub
        Logged in, with orders and fills subscribed.
    """

    def __init__(self, venue: VenueProcess, rest: Rest, user: Hub) -> None:
        self.venue = venue
        self.rest = rest
        self.user = user
        self.account: int = venue.ready["accounts"][0]["id"]
        self.contract = ""

    async def trade(self) -> None:
        """Buy one and sell one, and be told of both fills."""
        if not self.contract:
            found = await self.rest("Contract/search", searchText="MNQ", live=False)
            self.contract = next(c["id"] for c in found["contracts"] if ".MNQ." in c["id"])
        for side in (0, 1):
            body = {"accountId": self.account, "contractId": self.contract, "size": 1}
            placed = await self.rest("Order/place", type=2, side=side, **body)
            assert placed["success"], placed
            await self.until_filled(placed["orderId"])

    async def until_filled(self, order: int) -> None:
        """Wait for the fill of an order."""
        await self.user.until(lambda: order in self.filled())

    def filled(self) -> list[int]:
        """Orders whose fill was told."""
        return [trade["orderId"] for trade in self.user.user("Trade")]

    async def check_account(self) -> None:
        """Every fill is in the books once, the position is flat, the money adds up."""
        mine = {"accountId": self.account}
        assert (await self.rest("Position/searchOpen", **mine))["positions"] == []
        trades = await self.trades()
        assert set(self.filled()) <= {trade["orderId"] for trade in trades}
        assert len({trade["id"] for trade in trades}) == len(trades)
        profit = sum((trade["profitAndLoss"] or 0) - trade["fees"] for trade in trades)
        (account,) = (await self.rest("Account/search", onlyActiveAccounts=True))["accounts"]
        assert account["balance"] == pytest.approx(150_000 + profit, abs=0.001)

    async def trades(self) -> list[dict[str, Any]]:
        """All fills of the account."""
        answer = await self.rest("Trade/search", accountId=self.account, startTimestamp=EARLY)
        rows: list[dict[str, Any]] = answer["trades"]
        return rows


@pytest.fixture(scope="module")
def served() -> Iterator[VenueProcess]:
    """One venue for all attacks of a module: what one leaves behind the next one meets."""
    with venue_process() as venue:
        yield venue
        assert venue.end() == 0
        complaints = venue.popen.communicate()[1]
        assert complaints == "", complaints


@pytest.fixture
async def healthy(served: VenueProcess) -> AsyncIterator[Healthy]:
    """A client that trades before and after the attack; memory and files must come back."""
    async with Rest(served.ready["rest"]) as rest:
        answer = await rest(
            "Auth/loginKey", userName=served.ready["username"], apiKey=served.ready["api_key"]
        )
        rest.use(answer["token"])
        await rest.control("limits", enabled=False)
        async with Hub(served.ready["user_hub"], rest.token) as user:
            client = Healthy(served, rest, user)
            for kind in ("Orders", "Trades"):
                await user.subscribe(kind, client.account)
            yield client


@pytest.fixture
async def unharmed(healthy: Healthy) -> AsyncIterator[Healthy]:
    """As `healthy`, and the venue is as it was when the attack is over."""
    await healthy.trade()
    health = Health(healthy.venue.ready["pid"])
    files, memory_mb = health.files, health.memory_mb
    yield healthy
    await healthy.trade()
    await healthy.check_account()
    assert healthy.venue.popen.poll() is None
    await until(lambda: health.files <= files + 2)
    assert health.memory_mb < memory_mb + MOST_GROWTH_MB
