"""Times and numbers as production prints them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, cast

import msgspec

_ZONE: Final = re.compile(rb'("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?)\+00:00"')
_LAST_NS: Final = 3 * 2**61
"""Far beyond any tape (the year 2189), and far enough from 2**63 to count on."""


def wire_time(ts_ns: int) -> datetime:
    """Return a time for a wire struct that is to be encoded.

    Six fractional digits, or none at a full second. Production ends its times in ``+00:00`` where
    msgspec would write ``Z``, so the text is made here and passed through the encoder as it is.
    What comes back is therefore only good for encoding: it is a raw JSON string that stands where
    the struct has a datetime.
    """
    seconds, rest = divmod(ts_ns // 1_000, 1_000_000)
    fraction = f".{rest:06d}" if rest else ""
    return cast("datetime", msgspec.Raw(f'"{_second(seconds)}{fraction}+00:00"'.encode()))


@lru_cache(maxsize=64)
def _second(unix_s: int) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def printed(ts_ns: int) -> int:
    """A time as a client knows it, to the microsecond: what windows are compared with."""
    return ts_ns // 1_000 * 1_000


def zulu(encoded: bytes) -> bytes:
    """Let every time in encoded JSON end in ``Z``."""
    return _ZONE.sub(rb'\1Z"', encoded)


def nanoseconds(moment: datetime) -> int:
    """Turn a time that was read from the wire into nanoseconds UTC; without a zone it is UTC.

    Held within 1970 and 2189, so that the year 1 or 9999 of a careless client can be counted with.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    ns = ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
    return min(max(ns, 0), _LAST_NS)


def plain(value: float | None) -> float | None:
    """Return a number for a wire struct that is to be encoded, never to be printed as ``5e-07``.

    An exponent is good JSON, but production prints decimals without one and not every hand-written
    parser knows it. Like `wire_time`, what comes back may be good for encoding only.
    """
    if value is None or value == 0 or 1e-4 <= abs(value) < 1e16:
        return value
    return cast("float", msgspec.Raw(f"{Decimal(repr(value)):f}".encode()))
