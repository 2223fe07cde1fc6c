"""Knobs of the venue."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from tradedesk.practice.auth import DAY_S


class VenueConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set; the defaults are the practice venue as users meet it.

    Parameters
    ----------
    seed : int
        Makes the market.
    pace : float
        Speed of the generated market: 4 makes it as busy and as wild as four at once.
    token_life_s : int
        Life of a token.
    linger_s : float or None
        End by itself when nobody has used it for so long; None never.
    handshake_s, ping_s, silence_s : float
        Hub timers.
    limits : bool
        Whether to answer 429 above production's call rates.
    most_bars : int
        Largest ``limit`` of retrieveBars.
    balance : Decimal
        What the practice account begins with.
    """

    seed: int = 7
    pace: float = 1.0
    token_life_s: int = DAY_S
    linger_s: float | None = None
    handshake_s: float = 15.0
    ping_s: float = 15.0
    silence_s: float = 30.0
    limits: bool = False
    most_bars: int = 20_000
    balance: Decimal = Decimal(150_000)
    account_id: int = 50_012_345
    account_name: str = "PRAC-V2-70001-10000001"
