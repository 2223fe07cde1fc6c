"""Kinds of values that settings have: each with its bounds and its unit, in one place."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Contracts = Annotated[int, Meta(ge=1, le=100, extra={"unit": "contracts"})]
Position = Annotated[int, Meta(ge=1, le=1_000, extra={"unit": "contracts"})]
Ticks = Annotated[int, Meta(ge=1, le=10_000, extra={"unit": "ticks"})]
Percent = Annotated[int, Meta(ge=1, le=50, extra={"unit": "percent"})]
Seconds = Annotated[int, Meta(ge=1, le=60, extra={"unit": "seconds"})]
Milliseconds = Annotated[int, Meta(ge=0, le=5_000, extra={"unit": "ms"})]
Orders = Annotated[int, Meta(ge=0, le=1_000, extra={"unit": "orders"})]
Dollars = Annotated[int, Meta(ge=0, le=1_000_000, extra={"unit": "dollars"})]
Risk = Annotated[int, Meta(ge=1, le=1_000_000, extra={"unit": "dollars"})]
ChicagoTime = Annotated[str, Meta(pattern=r"^$|^(0\d|1[0-6]):[0-5]\d$", examples=["15:05"])]
"""From midnight until the trading day ends at 17:00; empty for none."""
Cover = Annotated[str, Meta(pattern="^(alarm|stop|close)$", examples=["alarm", "stop", "close"])]
Look = Annotated[
    str,
    Meta(
        pattern="^(dark|light|blue-orange|ladder|greyscale)$",
        examples=["dark", "light", "blue-orange", "ladder", "greyscale"],
    ),
]
"""Names of the palettes."""
