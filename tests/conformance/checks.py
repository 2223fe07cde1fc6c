"""What a client read, held against what the venue's REST side says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.venue import Row, Venue

NANO = Decimal("1e-9")


class Mismatch(Exception):  # noqa: N818 - it is a finding
    """A client read something else than the venue has; the message says what."""


def need(truth: object, message: str) -> None:
    """Raise unless something holds."""
    if not truth:
        raise Mismatch(message)


def same(read: Any, held: Any) -> bool:
    """Tell whether two values mean the same: numbers by value, times by instant."""
    if isinstance(read, bool) or isinstance(held, bool):
        return read is held
    if isinstance(read, (int, float)) and isinstance(held, (int, float)):
        return abs(Decimal(str(read)) - Decimal(str(held))) < NANO
    if isinstance(read, str) and isinstance(held, str) and read != held:
        try:
            return moment(read) == moment(held)
        except ValueError:
            return False
    return bool(read == held)


def moment(text: str) -> datetime:
    """Read a time; one without an offset is UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def match(what: str, read: Row, held: Row) -> None:
    """Compare the members that a client's model has."""
    for name, value in read.items():
        known = held.get(name)
        need(same(value, known), f"{what}: {name} is {value!r}, the venue has {known!r}")


def match_all(what: str, read: list[Row], held: dict[int, Row]) -> None:
    """Compare rows by id; none may be missing or made up."""
    ids = [row["id"] for row in read]
    need(sorted(ids) == sorted(held), f"{what} {sorted(ids)}, the venue has {sorted(held)}")
    for row in read:
        match(f"{what} {row['id']}", row, held[row["id"]])


def accounts(venue: Venue, seen: Row) -> None:
    """All but the balance, which has moved since."""
    held = {row["id"]: row for row in venue.accounts}
    match_all(
        "account", [{k: v for k, v in r.items() if k != "balance"} for r in seen["rows"]], held
    )
    need(all(row["balance"] > 0 for row in seen["rows"]), f"balances in {seen['rows']}")


def contracts(venue: Venue, seen: Row) -> None:
    """Each found contract, by id."""
    for row in seen["rows"]:
        match(f"contract {row['id']}", row, venue.contract(row["id"]))


def contract(venue: Venue, seen: Row) -> None:
    """The one asked for by id."""
    match("contract", seen["row"], venue.contract(seen["row"]["id"]))


def available(venue: Venue, seen: Row) -> None:
    """The whole list."""
    held = [row["id"] for row in venue.available]
    need(seen["ids"] == held, f"{len(seen['ids'])} contracts, the venue has {len(held)}")


def history(venue: Venue, seen: Row) -> None:
    """Every bar of the window."""
    held = venue.minutes(seen["start"], seen["end"])
    need(held, "the venue has no bars")
    need(len(seen["bars"]) == len(held), f"{len(seen['bars'])} bars, the venue has {len(held)}")
    for read, bar in zip(seen["bars"], held, strict=True):
        match(f"bar {bar['t']}", read, bar)


def ticks(venue: Venue, price: Any) -> Decimal:
    """Give a price as a count of ticks."""
    return Decimal(str(price)) / Decimal(str(venue.traded["tickSize"]))


def on_grid(venue: Venue, price: Any) -> bool:
    """Tell whether a price is a whole number of ticks."""
    return ticks(venue, price) % 1 == 0


def quotes(venue: Venue, seen: Row) -> None:
    """A market that is not crossed, in ticks."""
    quote = seen["quote"]
    need(quote["bestBid"] < quote["bestAsk"], f"crossed quote {quote}")
    prices = [quote[name] for name in ("bestBid", "bestAsk", "lastPrice")]
    need(all(on_grid(venue, price) for price in prices), f"quote off the grid: {quote}")


def tape(venue: Venue, seen: Row) -> None:
    """Each trade lies within the bar of its second, and is no larger."""
    times = [moment(trade["timestamp"]).replace(microsecond=0) for trade in seen["tape"]]
    until = max(times) + timedelta(seconds=1)
    bars = {moment(b["t"]): b for b in venue.seconds(min(times).isoformat(), until.isoformat())}
    for time, trade in zip(times, seen["tape"], strict=True):
        bar = bars.get(time)
        need(bar and bar["l"] <= trade["price"] <= bar["h"], f"trade {trade} is not in bar {bar}")
        need(bar and 0 < trade["volume"] <= bar["v"], f"volume of {trade} is not in bar {bar}")
        need(trade["type"] in {0, 1}, f"aggressor of {trade}")


def depth(venue: Venue, seen: Row) -> None:
    """The reset comes first, then levels in ticks with something in them."""
    rows = seen["depth"]
    need(
        rows[0]["type"] == 6 or not seen["whole"], f"depth begins with {rows[0]}, not with a reset"
    )
    levels = [row for row in rows if row["type"] in {1, 2, 3, 4, 9, 10}]
    need(all(on_grid(venue, row["price"]) for row in levels), "levels off the grid")
    need(all(row["volume"] >= 0 for row in levels), "levels of negative size")


def order_events(_: Venue, seen: Row) -> None:
    """The life of a bracketed market entry, as production tells it."""
    expected = [[1, 8], [0, 6], [2, 8], [0, 2], [2, 1], [1, 1]]
    need(seen["events"] == expected, f"order events (offset of the id, status) {seen['events']}")


def open_orders(venue: Venue, seen: Row) -> None:
    """Both legs at their distance from the fill, before they were moved.

    An entry that went through several prices has an average between them, off the grid perhaps; the
    legs then hang from one price among those.
    """
    entry = seen["entry"]
    fills = [ticks(venue, t["price"]) for t in venue.trades.values() if t["orderId"] == entry]
    legs = {row["id"] - entry: row for row in seen["rows"]}
    need(sorted(legs) == [1, 2], f"working orders {seen['rows']}")
    for leg, name, away in ((1, "stopPrice", -seen["ticks"]), (2, "limitPrice", seen["ticks"])):
        need(on_grid(venue, legs[leg][name]), f"off the grid: {legs[leg]}")
        root = ticks(venue, legs[leg][name]) - away
        need(
            min(fills) <= root <= max(fills), f"{legs[leg]} is not {away} ticks from fills {fills}"
        )
        need(legs[leg]["customTag"] == f"conformance-{'SL' if leg == 1 else 'TP'}", "tag of a leg")


def positions(venue: Venue, seen: Row) -> None:
    """Long 2 at the average of the entry."""
    need(len(seen["rows"]) == 1, f"positions {seen['rows']}")
    (row,) = seen["rows"]
    average = venue.orders[seen["entry"]]["filledPrice"]
    expected = {"type": 1, "size": 2, "averagePrice": average, "contractId": venue.traded["id"]}
    match("position", {name: row[name] for name in expected}, expected)


def orders(venue: Venue, seen: Row) -> None:
    """Every order of the session, in its last state."""
    match_all("order", seen["rows"], venue.orders)
    need(not venue.positions, f"left open: {venue.positions}")
    working = [row for row in venue.orders.values() if row["status"] == 1]
    need(not working, f"left working: {working}")


def trades(venue: Venue, seen: Row) -> None:
    """Every fill; profit and balance by hand from the prices."""
    match_all("trade", seen["rows"], venue.trades)
    signed = [
        (1 if trade["side"] == 1 else -1) * ticks(venue, trade["price"]) * trade["size"]
        for trade in seen["rows"]
    ]
    by_hand = sum(signed, Decimal(0)) * Decimal(str(venue.traded["tickValue"]))
    told = sum((Decimal(str(t["profitAndLoss"] or 0)) for t in seen["rows"]), Decimal(0))
    need(by_hand == told, f"profit {told}, by hand {by_hand}")


def fill_events(venue: Venue, seen: Row) -> None:
    """Each fill that the hub told is one that REST shows."""
    for row in seen["rows"]:
        need(row["id"] in venue.trades, f"fill {row} is no trade of the venue")
        match(f"fill {row['id']}", row, venue.trades[row["id"]])


def position_events(_: Venue, seen: Row) -> None:
    """First long 2, at last flat."""
    first, last = seen["rows"][0], seen["rows"][-1]
    need((first["type"], first["size"]) == (1, 2), f"first position {first}")
    need(last["size"] == 0, f"last position {last}")


def account_events(venue: Venue, seen: Row) -> None:
    """The last balance is the one that REST shows: the first, and every profit less its fees."""
    (held,) = [row for row in venue.accounts if row["id"] == venue.account]
    match("account", seen["rows"][-1], held)
    expected = Decimal(str(seen["start"]))
    for trade in venue.trades.values():
        expected += Decimal(str(trade["profitAndLoss"] or 0)) - Decimal(str(trade["fees"]))
    need(same(held["balance"], float(expected)), f"balance {held['balance']}, by hand {expected}")


CHECKS: dict[str, Callable[[Venue, Row], None]] = {
    check.__name__: check
    for check in (
        accounts, contracts, contract, available, history, quotes, tape, depth, order_events,
        open_orders, positions, orders, trades, fill_events, position_events, account_events,
    )
}  # fmt: skip
"""By step; a step without one has checked itself in the session."""
