"""The sign-in: who gets the token, when it is renewed, and which answer wins."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.gateway.errors import TokenRefusedError
from tradedesk.gateway.rest.limiter import Lane
from tradedesk.gateway.rest.sign_in_refusals import REFUSALS
from tradedesk.gateway.wire.base import UNREADABLE
from tradedesk.gateway.wire.rest import (
    AccountSearchRequest,
    AccountSearchResponse,
    LoginKeyRequest,
    LoginResponse,
    ValidateResponse,
)

if TYPE_CHECKING:
    from tradedesk.domain.clock import Clock
    from tradedesk.gateway.rest.calls import Caller

log = logging.getLogger(__name__)

DEFAULT_LIFE_S: Final = 24 * 3600
RENEW_RETRY_NS: Final = 60 * NS_PER_S
_LATEST_QUARTERS: Final = 3
"""With something open the renewal is put off, to three quarters of the token's life at most."""

Credentials = Callable[[], tuple[str, str]]
"""Gives user name and API key when asked; keeps nothing."""


class TokenHolder(Protocol):
    """Where requests and hubs get a token."""

    async def usable(self) -> str:
        """Return a token that is good as far as known. Raises ``AuthError``, ``GatewayError``."""

    def doubt(self, token: str) -> None:
        """Report that the venue refused this token."""

    def prove(self, token: str) -> None:
        """Report that the venue answered a question asked with this token."""


class GivenTokens:
    """Tokens that somebody else signs in for.

    Parameters
    ----------
    provider : callable
        Returns the newest token, or None before the first sign-in.
    """

    def __init__(self, provider: Callable[[], str | None]) -> None:
        self._provider = provider

    async def usable(self) -> str:
        """See ``TokenHolder``."""
        token = self._provider()
        if not token:
            raise AuthError("Not signed in yet: market data starts after the sign-in.")
        return token

    def doubt(self, token: str) -> None:
        """See ``TokenHolder``: whoever signs in finds out by itself."""

    def prove(self, token: str) -> None:
        """See ``TokenHolder``: nothing hangs on it here."""


class _Token:
    """One token and when it is due; compared by identity, which is what fences late answers."""

    __slots__ = (
        "born_mono_ns", "born_wall_ns", "doubted", "expires_ns", "latest_ns", "renew_ns", "text",
    )  # fmt: skip

    def __init__(self, text: str, clock: Clock) -> None:
        life_ns = token_life_s(text, clock.wall_ns() // NS_PER_S) * NS_PER_S
        self.text = text
        self.born_mono_ns = clock.mono_ns()
        self.born_wall_ns = clock.wall_ns()
        self.expires_ns = life_ns
        self.renew_ns = life_ns // 2
        self.latest_ns = life_ns * _LATEST_QUARTERS // 4
        self.doubted = False

    def age_ns(self, clock: Clock) -> int:
        # The monotonic clock may stop while the machine sleeps, the wall clock may be set back.
        return max(clock.mono_ns() - self.born_mono_ns, clock.wall_ns() - self.born_wall_ns)


class TokenSource:
    """Signs in by key, renews at half of the token's life, hands the token out.

    Parameters
    ----------
    caller : Caller
        Sends the sign-in requests.
    credentials : callable
        Asked for user name and key at every sign-in; they are not kept.
    clock : Clock
        Ages of tokens.
    on_changed : callable, optional
        Told every new token, for those who cannot sign in themselves.
    """

    def __init__(
        self,
        caller: Caller,
        credentials: Credentials,
        clock: Clock,
        on_changed: Callable[[str], None] | None = None,
    ) -> None:
        self._caller = caller
        self._credentials = credentials
        self._clock = clock
        self._on_changed = on_changed
        self._token: _Token | None = None
        self._signing_in = asyncio.Lock()
        self._renewing = False
        self._unproven = False

    @property
    def is_sure(self) -> bool:
        """Whether an order may be risked on the present token.

        False from the moment the venue refused one until a question has been answered with its
        successor, and when the token is older than its life. Only the monotonic clock counts here:
        a wall clock that is set must not close the gate.
        """
        token = self._token
        if token is None or token.doubted or self._unproven:
            return False
        return self._clock.mono_ns() - token.born_mono_ns < token.expires_ns

    @property
    def current(self) -> str | None:
        """The newest token, even a doubted one; None before the first sign-in."""
        return None if self._token is None else self._token.text

    async def usable(self) -> str:
        """See ``TokenHolder``: signs in when there is no token, or it is expired or doubted."""
        token = self._token
        if token is not None and self._is_good(token):
            return token.text
        async with self._signing_in:
            # Somebody else may have signed in while this one waited for the lock.
            if self._token is not token and self._token is not None:
                return self._token.text
            return await self._sign_in()

    def doubt(self, token: str) -> None:
        """See ``TokenHolder``."""
        if self._token is not None and self._token.text == token:
            self._token.doubted = True
            self._unproven = True

    def prove(self, token: str) -> None:
        """See ``TokenHolder``."""
        if self._token is not None and self._token.text == token and not self._token.doubted:
            self._unproven = False

    async def login(self) -> str:
        """Sign in by key, whatever there is.

        Raises
        ------
        AuthError
            If the venue refuses; the sentence says what to do.
        GatewayError
            If it does not answer, or has a fault of its own.
        """
        async with self._signing_in:
            return await self._sign_in()

    async def renew_if_due(self, *, is_flat: bool = True) -> None:
        """Exchange the token when half of its life is over. Never raises for venue trouble.

        With something open it is put off, to three quarters of the token's life at most.

        The old token stays in use until the new one has been accepted once, and a new sign-in
        meanwhile wins over whatever comes back here.
        """
        token = self._token
        if self._renewing or token is None or not self._is_good(token):
            return
        age_ns = token.age_ns(self._clock)
        if age_ns < token.renew_ns or (not is_flat and age_ns < token.latest_ns):
            return
        self._renewing = True
        try:
            await self._renew(token)
        except AuthError:
            token.doubted = True
            log.info("the token could not be renewed; the next request signs in by key")
        except GatewayError as error:
            token.renew_ns = token.age_ns(self._clock) + RENEW_RETRY_NS
            log.info("the token could not be renewed yet: %s", error)
        finally:
            self._renewing = False

    async def _renew(self, token: _Token) -> None:
        answer = await self._caller.ask(
            "/api/Auth/validate", None, ValidateResponse, token=token.text, lane=Lane.SESSION
        )
        if not answer.success:
            raise TokenRefusedError(f"validate answered code {answer.error_code}")
        if not answer.new_token or answer.new_token == token.text:
            left_ns = token.expires_ns - token.age_ns(self._clock)
            token.renew_ns = token.age_ns(self._clock) + left_ns // 2
            return
        try:
            proof = await self._caller.ask(
                "/api/Account/search",
                AccountSearchRequest(only_active_accounts=True),
                AccountSearchResponse,
                token=answer.new_token,
                lane=Lane.SESSION,
            )
        except TokenRefusedError:
            # that says nothing about the old one, which stays in use
            raise GatewayError("the new token was refused") from None
        if not proof.success:
            raise GatewayError("the new token was not accepted")
        if self._token is token:
            self._adopt(answer.new_token)

    async def _sign_in(self) -> str:
        user, key = self._credentials()
        if not user or not key:
            raise AuthError("User name or API key is missing: enter both to sign in.")
        answer = await self._caller.ask(
            "/api/Auth/loginKey",
            LoginKeyRequest(user_name=user, api_key=key),
            LoginResponse,
            token=None,
            lane=Lane.SESSION,
        )
        if answer.success and answer.token:
            return self._adopt(answer.token)
        sentence = REFUSALS.get(answer.error_code)
        if sentence is None:
            raise GatewayError(
                f"The venue could not sign {user!r} in (code {answer.error_code}). "
                f"{answer.error_message or 'Try again in a moment.'}"
            )
        text = sentence.format(user=user)
        if answer.error_message:
            text += f" The venue says: {answer.error_message}"
        raise AuthError(text)

    def _adopt(self, text: str) -> str:
        self._token = _Token(text, self._clock)
        if self._on_changed is not None:
            self._on_changed(text)
        return text

    def _is_good(self, token: _Token) -> bool:
        return not token.doubted and token.age_ns(self._clock) < token.expires_ns


def token_life_s(token: str, now_s: int) -> int:
    """Life of a JWT from its own claims, in seconds; 24 h when it does not say.

    The claims are compared with each other where possible, since our clock may be wrong; ``now_s``
    (Unix time) stands in for a missing time of issue.
    """
    try:
        payload = token.split(".")[1]
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=dict[str, object]
        )
    except (IndexError, *UNREADABLE):
        return DEFAULT_LIFE_S
    expires = claims.get("exp")
    issued = claims.get("iat", claims.get("nbf", now_s))
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        return DEFAULT_LIFE_S
    life = int(expires - issued)
    return life if life > 0 else DEFAULT_LIFE_S
