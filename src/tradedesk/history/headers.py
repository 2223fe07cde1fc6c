"""Which column of a table is what, by the names that files have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.domain.errors import InputError, OtherKindError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS_HELP: Final = (
    "the columns time_ms,side,price,amount (Unix milliseconds) or ts,price,size,side "
    "(Unix nanoseconds or ISO 8601, UTC), oldest first"
)
BAR_COLUMNS_HELP: Final = (
    "the columns time,open,high,low,close,volume (Unix time or ISO 8601, UTC), oldest first"
)

Names = dict[str, str]
"""Columns of a file by what they are."""

_TIME: Final = (
    *("ts_ns", "ts_recv", "time_ns", "ts", "ts_event", "time_us", "time_ms", "time_s"),
    *("transact_time", "open_time", "timestamp_utc", "timestamp", "datetime", "date_time"),
    *("time", "date"),
)
_VENDOR: Final = ("rtype", "publisher_id", "instrument_id")
"""Columns that only tables of Databento have."""
_VOLUME: Final = ("volume", "amount", "size", "qty", "quantity", "vol")
TRADE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "time": _TIME,
    "price": ("price", "px", "px_ticks", "last_price", "trade_price"),
    "size": ("size", "qty", "quantity", "amount", "volume"),
    "side": ("side", "aggressor", "aggressor_side", "taker_side", "is_buyer_maker"),
    "bought": ("buy_size", "buy_qty"),
    "id": ("trade_id", "agg_trade_id", "id"),
    "symbol": ("symbol", "raw_symbol", "contract"),
    "action": ("action",),
    "vendor": _VENDOR,
}
BAR_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "time": ("ts_event", "open_time", *_TIME),
    "open": ("open",),
    "high": ("high",),
    "low": ("low",),
    "close": ("close",),
    "volume": _VOLUME,
    "buy_volume": ("buy_volume",),
    "turnover": ("turnover",),
    "count": ("count",),
    "symbol": TRADE_NAMES["symbol"],
    "vendor": _VENDOR,
}
_NEEDED: Final = {
    "trades": ("time", "price", "size"),
    "bars": ("time", "open", "high", "low", "close"),
}


def trade_columns(path: Path, columns: Sequence[str], kind: str) -> Names:
    """Find the columns of trades; `kind` is what the file is, for the sentence.

    Raises
    ------
    InputError
        If time, price or size is not there.
    """
    return _found(path, columns, kind, "trades", TRADE_NAMES, COLUMNS_HELP)


def bar_columns(path: Path, columns: Sequence[str], kind: str) -> Names:
    """Find the columns of bars; volume and order flow may be absent.

    Raises
    ------
    InputError
        If time or a price is not there.
    """
    return _found(path, columns, kind, "bars", BAR_NAMES, BAR_COLUMNS_HELP)


def _found(
    path: Path,
    columns: Sequence[str],
    kind: str,
    what: str,
    known: dict[str, tuple[str, ...]],
    help_text: str,
) -> Names:
    given: Names = {}
    for column in columns:
        given.setdefault(column.strip().lower().replace(" ", "_"), column)
    names = {
        role: given[next(name for name in accepted if name in given)]
        for role, accepted in known.items()
        if not given.keys().isdisjoint(accepted)
    }
    if all(role in names for role in _NEEDED[what]):
        return names
    other = "bars" if what == "trades" else "trades"
    others = BAR_NAMES if what == "trades" else TRADE_NAMES
    if all(not given.keys().isdisjoint(others[role]) for role in _NEEDED[other]):
        raise OtherKindError(f"{path} holds {other}, not {what}: read it with read_{other}.")
    shown = ", ".join(sorted(columns)) or "none"
    raise InputError(f"{path} has the columns {shown[:200]}: a {kind} needs {help_text}.")
