"""Questions that need a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.urgency import is_on_the_way_out
from tradedesk.gateway.errors import TokenRefusedError
from tradedesk.gateway.rest.calls import READ_DEADLINE_S, Answer, Caller
from tradedesk.gateway.rest.limiter import Lane

if TYPE_CHECKING:
    import msgspec

    from tradedesk.gateway.rest.tokens import TokenHolder


class Reader:
    """Asks with a token; after a 401 once more with a new one.

    Parameters
    ----------
    caller : Caller
        Sends and repeats.
    tokens : TokenHolder
        Where the token comes from.
    """

    def __init__(self, caller: Caller, tokens: TokenHolder) -> None:
        self._caller = caller
        self._tokens = tokens

    async def ask(
        self,
        path: str,
        body: msgspec.Struct,
        answer_type: type[Answer],
        *,
        lane: Lane = Lane.READ,
        deadline_s: float = READ_DEADLINE_S,
    ) -> Answer:
        """Ask and return the answer, a failing one included.

        Raises
        ------
        AuthError
            If no token is to be had, or the venue refuses a new one too.
        GatewayError
            As ``Caller.ask``.
        """
        if lane is Lane.READ and is_on_the_way_out():
            lane = Lane.PROOF
        token = await self._tokens.usable()
        try:
            answer = await self._caller.ask(
                path, body, answer_type, token=token, lane=lane, deadline_s=deadline_s
            )
        except TokenRefusedError:
            self._tokens.doubt(token)
            newer = await self._tokens.usable()
            if newer == token:
                raise
            token = newer
            answer = await self._caller.ask(
                path, body, answer_type, token=token, lane=lane, deadline_s=deadline_s
            )
        self._tokens.prove(token)
        return answer

    async def ask_successfully(
        self,
        path: str,
        body: msgspec.Struct,
        answer_type: type[Answer],
        *,
        lane: Lane = Lane.READ,
        deadline_s: float = READ_DEADLINE_S,
    ) -> Answer:
        """Like `ask`; ``success: false`` is raised as ``VenueRefusedError``."""
        answer = await self.ask(path, body, answer_type, lane=lane, deadline_s=deadline_s)
        if not answer.success:
            said = f" It says: {answer.error_message}" if answer.error_message else ""
            raise VenueRefusedError(
                f"The venue refused to answer {path} (code {answer.error_code}).{said}",
                path,
                answer.error_code,
            )
        return answer
