"""ISO-8601 text and datetimes to integer nanoseconds UTC, exactly, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND_NS: Final = 1_000_000_000
_DIGIT_NS: Final = tuple(10 ** (9 - digits) for digits in range(10))
"""What the last of so many fractional digits is worth."""


class TimeParser:
    """Turns the hubs' time texts into nanoseconds.

    Keeps the last whole second it has read: neighbours in a stream share it, so all but the first
    cost one comparison and the fraction.
    """

    __slots__ = ("_base_ns", "_second")

    def __init__(self) -> None:
        self._second: str | None = None
        self._base_ns = 0

    def ns(self, text: str) -> int:
        """Nanoseconds UTC of ``2026-07-30T14:31:05.1234567+00:00``.

        Any number of fractional digits up to 9, ``Z``, an offset, or nothing (UTC).

        Raises
        ------
        ValueError
            If the text is no such time.
        """
        second = text[:19]
        if second != self._second:
            self._base_ns = _whole_second_ns(second)
            self._second = second
        digits, offset = _split_fraction(text[19:])
        fraction_ns = int(digits) * _DIGIT_NS[len(digits)] if digits else 0
        if offset in ("+00:00", "Z", ""):
            return self._base_ns + fraction_ns
        return self._base_ns + fraction_ns - _offset_ns(offset)


def _split_fraction(rest: str) -> tuple[str, str]:
    """Digits after the dot, and what follows them; both may be empty."""
    if rest[:1] != ".":
        return "", rest
    if rest[-6:] == "+00:00":
        digits, offset = rest[1:-6], "+00:00"
    elif rest[-1] == "Z":
        digits, offset = rest[1:-1], "Z"
    elif rest[-6:-5] in ("+", "-"):
        digits, offset = rest[1:-6], rest[-6:]
    else:
        digits, offset = rest[1:], ""
    if not digits.isdecimal() or len(digits) > 9:
        raise ValueError(f"{rest!r} is no fraction of a second")
    return digits, offset


def _whole_second_ns(text: str) -> int:
    if len(text) != 19 or text[10] not in "Tt " or text[13] != ":" or text[16] != ":":
        raise ValueError(f"{text!r} is no time")
    day = date.fromisoformat(text[:10]).toordinal() - _EPOCH_DAY
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise ValueError(f"{text!r} is no time")
    return (((day * 24 + hour) * 60 + minute) * 60 + second) * _SECOND_NS


def _offset_ns(text: str) -> int:
    if len(text) != 6 or text[0] not in "+-" or text[3] != ":":
        raise ValueError(f"{text!r} is no offset from UTC")
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return (minutes if text[0] == "+" else -minutes) * 60 * _SECOND_NS


def datetime_ns(moment: datetime) -> int:
    """Nanoseconds UTC of a datetime; one without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND * 1_000


def ns_datetime(ts_ns: int) -> datetime:
    """UTC datetime of nanoseconds, rounded down to the microsecond."""
    return _EPOCH + timedelta(microseconds=ts_ns // 1_000)
