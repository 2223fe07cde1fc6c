"""What the demo asks of the practice venue beside trading: steer the market, read its trades."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import httpx

from tradedesk.app.executor_config import GivenCredentials

if TYPE_CHECKING:
    from tradedesk.app.session import DeskSession

DEADLINE_S = 5.0


class PracticeControl:
    """The venue's control endpoint and trade search, with a log-in of its own.

    Parameters
    ----------
    session : DeskSession
        A desk on practice.
    """

    def __init__(self, session: DeskSession) -> None:
        self._session = session

    async def nudge(self, contract_id: str, ticks: int, seconds: float) -> None:
        """Let the synthetic price drift by ``ticks`` over ``seconds``."""
        await self._post(
            "/practice/control",
            {"action": "nudge", "contractId": contract_id, "ticks": ticks, "seconds": seconds},
        )

    async def net_of_trades(self) -> Decimal:
        """Profit less fees of every trade that the venue has for the account."""
        answer = await self._post(
            "/api/Trade/search",
            {
                "accountId": self._session.state.account_id,
                "startTimestamp": "2000-01-01T00:00:00Z",
            },
        )
        return sum(
            (
                Decimal(str(row["profitAndLoss"] or 0)) - Decimal(str(row["fees"]))
                for row in answer.json()["trades"]
            ),
            Decimal(0),
        )

    async def _post(self, path: str, body: dict[str, object]) -> httpx.Response:
        plan = self._session.plan
        assert plan is not None
        assert isinstance(plan.credentials, GivenCredentials)
        login = {
            "userName": plan.credentials.username,
            "apiKey": plan.credentials.api_key,
        }
        async with httpx.AsyncClient(
            base_url=plan.addresses.rest_url, trust_env=False, timeout=DEADLINE_S
        ) as client:
            token = (await client.post("/api/Auth/loginKey", json=login)).json()["token"]
            answer = await client.post(
                path, json=body, headers={"Authorization": f"Bearer {token}"}
            )
        answer.raise_for_status()
        return answer
