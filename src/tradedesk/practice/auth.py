"""Who may come in: user name and key for a token, a token for everything else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from enum import Enum
from typing import Any, Final

import msgspec

USER_NAME: Final = "practice"
API_KEY: Final = "practice-key-0000"
DAY_S: Final = 86_400


_MANY_ENDED: Final = 4_096


class Flaw(Enum):
    """Why a token lets nobody in; the value is what validate calls it."""

    FOREIGN = 1
    ENDED = 2
    EXPIRED = 3


class Tokens:
    """JSON web tokens (HS256) that end after a while and can all be ended at once.

    Parameters
    ----------
    life_s : int, default 86400
        How long a token is good for, in real seconds.
    """

    def __init__(self, life_s: int = DAY_S) -> None:
        self._secret = os.urandom(32)
        self._life_s = life_s
        self._count = 0
        self._first_good = 0
        self._ended: dict[int, float] = {}

    def issue(self, user_name: str, now_s: float) -> str:
        """Make a token; `now_s` is Unix time."""
        self._count += 1
        claims = {
            "sub": user_name,
            "jti": self._count,
            "iat": int(now_s),
            "exp": int(now_s) + self._life_s,
        }
        head = _text(msgspec.json.encode({"alg": "HS256", "typ": "JWT"}))
        body = f"{head}.{_text(msgspec.json.encode(claims))}"
        return f"{body}.{_text(self._sign(body))}"

    def good(self, token: str, now_s: float) -> bool:
        """Whether a token was issued here, has not ended and was not ended."""
        return self.flaw(token, now_s) is None

    def flaw(self, token: str, now_s: float) -> Flaw | None:
        """What is wrong with a token, or None."""
        claims = self._claims(token)
        if claims is None:
            return Flaw.FOREIGN
        if claims["exp"] <= now_s:
            return Flaw.EXPIRED
        ended = claims["jti"] <= self._first_good or claims["jti"] in self._ended
        return Flaw.ENDED if ended else None

    def user(self, token: str) -> str:
        """Whose token it is; empty if it was not issued here."""
        claims = self._claims(token)
        return "" if claims is None else claims["sub"]

    def end(self, token: str, now_s: float) -> None:
        """End one token."""
        claims = self._claims(token)
        if claims is None:
            return
        self._ended[claims["jti"]] = claims["exp"]
        if len(self._ended) > _MANY_ENDED:
            self._ended = {jti: exp for jti, exp in self._ended.items() if exp > now_s}

    def end_all(self) -> None:
        """End every token issued so far."""
        self._first_good = self._count

    def _claims(self, token: str) -> dict[str, Any] | None:
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(_text(self._sign(body)).encode(), signature.encode()):
            return None
        payload = body.partition(".")[2]
        padded = payload + "=" * (-len(payload) % 4)
        claims: dict[str, Any] = msgspec.json.decode(base64.urlsafe_b64decode(padded))
        return claims

    def _sign(self, body: str) -> bytes:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).digest()


def known(user_name: str, api_key: str) -> bool:
    """Whether a user name and key are the practice account's; the name in any case."""
    right_key = hmac.compare_digest(api_key.encode(), API_KEY.encode())
    return is_user(user_name) and right_key


def is_user(user_name: str) -> bool:
    """Whether a user has this name, in any case."""
    return user_name.strip().lower() == USER_NAME


def bearer(header: str | None) -> str | None:
    """Take the token out of an Authorization header."""
    kind, _, token = (header or "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
