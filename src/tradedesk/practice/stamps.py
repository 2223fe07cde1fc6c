"""Times as production prints them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import msgspec


def wire_time(ts_ns: int) -> datetime:
    """Return a time for a wire struct that is to be encoded.

    Production ends its times in ``+00:00`` where msgspec would write ``Z``, so the text is made
    here and passed through the encoder as it is. What comes back is therefore only good for
    encoding: it is a raw JSON string that stands where the struct has a datetime.
    """
    seconds, rest = divmod(ts_ns // 1_000, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{rest:06d}" if rest else ""
    return cast("datetime", msgspec.Raw(f'"{text}{fraction}+00:00"'.encode()))


def nanoseconds(moment: datetime) -> int:
    """Turn a time that was read from the wire into nanoseconds UTC; without a zone it is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
