"""The sign-in: who gets the token, when it is renewed, and which answer wins."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import AuthError, GatewayError
from tradedesk.gateway.errors import TokenRefusedError
from tradedesk.gateway.rest.limiter import Lane
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

Credentials = Callable[[], tuple[str, str]]
"""Gives user name and API key when asked; keeps nothing."""

_REFUSALS: Final = {
    1: "The venue does not know the user name {user!r}: use the platform's login name, not the "
    "e-mail address or an account's name.",
    2: "The venue refused the key of {user!r}: create a new API key in the firm's settings and "
    "enter it again.",
    3: "The venue refused user name or API key of {user!r}: check both; a key that was replaced "
    "on the firm's page is no longer good.",
    4: "The venue does not know this application; sign in with an API key.",
    5: "The venue could not verify this application; sign in with an API key.",
    6: "The venue refused this device; sign in with an API key.",
    7: "The firm's agreements are not signed: log into the ProjectX platform on the web, accept "
    "them, then sign in here again.",
    9: "This login has no API subscription: book ProjectX API access in the firm's settings.",
    10: "The firm has switched key sign-in off for this login; ask its support.",
}


class TokenHolder(Protocol):
    """Where requests and hubs get a token."""

    async def usable(self) -> str:
        """Return a token that is good as far as known. Raises ``AuthError``, ``GatewayError``."""

    def doubt(self, token: str) -> None:
        """Report that the venue refused this token."""


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


class _Token:
    """One token and when it is due; compared by identity, which is what fences late answers."""

    __slots__ = ("born_mono_ns", "born_wall_ns", "doubted", "expires_ns", "renew_ns", "text")

    def __init__(self, text: str, clock: Clock) -> None:
        life_ns = token_life_s(text, clock.wall_ns() // NS_PER_S) * NS_PER_S
        self.text = text
        self.born_mono_ns = clock.mono_ns()
        self.born_wall_ns = clock.wall_ns()
        self.expires_ns = life_ns
        self.renew_ns = life_ns // 2
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

    async def renew_if_due(self) -> None:
        """Exchange the token when half of its life is over. Never raises for venue trouble.

        The old token stays in use until the new one has been accepted once, and a new sign-in
        meanwhile wins over whatever comes back here.
        """
        token = self._token
        if self._renewing or token is None or not self._is_good(token):
            return
        if token.age_ns(self._clock) < token.renew_ns:
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
        proof = await self._caller.ask(
            "/api/Account/search",
            AccountSearchRequest(only_active_accounts=True),
            AccountSearchResponse,
            token=answer.new_token,
            lane=Lane.SESSION,
        )
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
        sentence = _REFUSALS.get(answer.error_code)
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
    except (IndexError, binascii.Error, ValueError):
        return DEFAULT_LIFE_S
    expires = claims.get("exp")
    issued = claims.get("iat", claims.get("nbf", now_s))
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        return DEFAULT_LIFE_S
    life = int(expires - issued)
    return life if life > 0 else DEFAULT_LIFE_S
