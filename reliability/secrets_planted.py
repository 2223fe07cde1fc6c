"""Ways in which a secret gets into a log, and made-up secrets to put there."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import logging
import random
import sys
import urllib.parse
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.app.crash import CrashHandlers

log = logging.getLogger("planted")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
CUT_FROM: Final = 40
"""Secrets of so many characters are also cut, wrapped and split."""


class _Wire(msgspec.Struct):
    user: str
    key: str


@dataclasses.dataclass
class _Plain:
    user: str
    key: bytes


def made_up(seed: int) -> list[str]:
    """A token, keys of several makes, and a short one."""
    chance = random.Random(seed)
    raw = [chance.randbytes(count) for count in (24, 180, 32, 32)]
    parts = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in raw[:3]]
    return [
        "eyJ" + ".".join(parts),
        base64.b64encode(raw[3]).decode(),
        "".join(chance.choices(LETTERS + "!#$%&/=?+\\\"'<>~ü", k=48)),
        chance.randbytes(32).hex(),
        "".join(chance.choices(LETTERS, k=12)),
    ]


def _raise_chained(secret: str) -> None:
    try:
        json.loads("{}")[secret]
    except KeyError as error:
        raise ValueError(f"refused: {secret}") from error


def _logged(fail: Callable[[str], Any]) -> Callable[[str], None]:
    def plant(secret: str) -> None:
        try:
            fail(secret)
        except (Exception, ExceptionGroup):
            log.exception("it failed")

    return plant


def _raise(error: BaseException) -> None:
    raise error


WAYS: Final[dict[str, Callable[[str], None]]] = {
    "message": lambda s: log.info(f"signed in with {s} at once"),  # noqa: G004
    "argument": lambda s: log.info("signed in with %s", s),
    "repr": lambda s: log.info("signed in with %r", s),
    "bytes": lambda s: log.info("read %r", s.encode()),
    "mapping": lambda s: log.info("sent %s", {"userName": "me", "apiKey": s}),
    "named arguments": lambda s: log.info("sent %(key)s", {"key": s}),
    "json": lambda s: log.info("sent %s", json.dumps({"userName": "me", "apiKey": s})),
    "json in json": lambda s: log.info("sent %s", json.dumps({"b": json.dumps({"k": s})})),
    "msgspec": lambda s: log.info("sent %s", msgspec.json.encode(_Wire("me", s)).decode()),
    "struct": lambda s: log.info("sent %s", _Wire("me", s)),
    "dataclass": lambda s: log.info("sent %s", _Plain("me", s.encode())),
    "url": lambda s: log.info("open wss://rtc.example/hubs/user?access_token=%s&id=1", s),
    "quoted url": lambda s: log.info("GET /hubs?t=%s", urllib.parse.quote(s, safe="")),
    "form": lambda s: log.info("POST %s", urllib.parse.urlencode({"k": s, "x": "1"})),
    "httpx url": lambda s: log.info("%r", httpx.URL("https://a.example", params={"t": s})),
    "header": lambda s: log.info("Authorization: Bearer %s", s),
    "raw headers": lambda s: log.info("%s", [(b"Authorization", b"Bearer " + s.encode())]),
    "basic": lambda s: log.info("Basic %s", base64.b64encode(f"me:{s}".encode()).decode()),
    "base64": lambda s: log.info("body %s", base64.b64encode(f"x{s}yz".encode()).decode()),
    "url base64": lambda s: log.info("%s", base64.urlsafe_b64encode(s.encode()).decode()),
    "hexadecimal": lambda s: log.info("dump %s", s.encode().hex()),
    "exception": _logged(lambda s: _raise(RuntimeError(f"no such key: {s}"))),
    "chained exceptions": _logged(_raise_chained),
    "exception group": _logged(lambda s: _raise(ExceptionGroup("two", [OSError(s), KeyError(s)]))),
    "note": _logged(lambda s: _raise(_noted(s))),
    "decode error": _logged(lambda s: (b"\xff" + s.encode()).decode("ascii")),
    "network error": _logged(lambda s: _raise(httpx.UnsupportedProtocol(f"x{s}://"))),
    "stack": lambda s: log.info("here: %s", s, stack_info=True),
    "wrong format": lambda s: log.info("%d orders", s),
    "too many arguments": lambda s: log.info("done", s),
}
"""How a secret gets into a record: each takes one and logs."""

CUTS: Final[dict[str, Callable[[str], None]]] = {
    "cut short": lambda s: log.info("token %s... refused", s[: len(s) // 2]),
    "tail": lambda s: log.info("...%s", s[len(s) // 2 :]),
    "wrapped": lambda s: log.info("%s\n    %s", s[: len(s) // 2], s[len(s) // 2 :]),
    "split": lambda s: log.info("%s", [s[: len(s) // 2], s[len(s) // 2 :]]),
}
"""The same for pieces of a long one."""


def _noted(secret: str) -> Exception:
    error = RuntimeError("refused")
    error.add_note(f"while sending {secret}")
    return error


def uncaught(handlers: CrashHandlers, secret: str, kind: int) -> None:
    """An error that nobody caught, by the three ways that end in the crash handlers."""
    error = RuntimeError(f"lost with {secret}")
    if kind == 0:
        sys.excepthook(type(error), error, None)
    elif kind == 1:
        loop = asyncio.new_event_loop()
        handlers.watch(loop)
        loop.call_exception_handler({"message": f"task with {secret}", "exception": error})
        loop.close()
    else:
        loop = asyncio.new_event_loop()
        handlers.watch(loop)
        loop.call_exception_handler({"message": f"odd: {secret}"})
        loop.close()
