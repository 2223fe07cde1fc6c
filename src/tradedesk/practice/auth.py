"""Who may come in: user name and key for a token, a token for everything else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any, Final

import msgspec

USER_NAME: Final = "practice"
API_KEY: Final = "practice-key-0000"
DAY_S: Final = 86_400


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
        self._ended: set[int] = set()

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
        claims = self._claims(token)
        return claims is not None and (
            claims["exp"] > now_s
            and claims["jti"] > self._first_good
            and claims["jti"] not in self._ended
        )

    def end(self, token: str) -> None:
        """End one token."""
        claims = self._claims(token)
        if claims is not None:
            self._ended.add(claims["jti"])

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
    return user_name.strip().lower() == USER_NAME and right_key


def bearer(header: str | None) -> str | None:
    """Take the token out of an Authorization header."""
    kind, _, token = (header or "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
