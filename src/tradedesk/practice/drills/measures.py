"""Figures of a drill by name, each from the record alone. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.practice.drills.record import Record, Stand

SENT: Final = ("place", "close", "partial_close")


def _seconds(from_ns: int, until_ns: int) -> float:
    return (until_ns - from_ns) / 1e9


def _first(record: Record, holds: Callable[[Stand], bool]) -> float | None:
    """Seconds from trouble to the first stand that holds once a position was there; None never."""
    assert record.trouble_ns is not None
    held = any(one.net for one in record.stands if one.ts_ns <= record.trouble_ns)
    for one in record.since_trouble():
        held = held or bool(one.net)
        if held and holds(one):
            return _seconds(record.trouble_ns, one.ts_ns)
    return None


def reaction_s(record: Record) -> float | None:
    """Seconds from trouble to the first order call."""
    assert record.trouble_ns is not None
    later = [one.ts_ns for one in record.calls if one.ts_ns > record.trouble_ns]
    return _seconds(record.trouble_ns, later[0]) if later else None


def flat_s(record: Record) -> float | None:
    """Seconds from trouble until the position was gone."""
    return _first(record, lambda one: not one.net)


def safe_s(record: Record) -> float | None:
    """Seconds from trouble until every contract had a working stop or the position was gone."""
    return _first(record, lambda one: not one.naked)


def naked_s(record: Record) -> float:
    """Seconds since trouble in which a contract had no working stop."""
    stands = record.since_trouble()
    assert record.end_ns is not None
    ends = [*(one.ts_ns for one in stands[1:]), record.end_ns]
    lasted = sum(end - one.ts_ns for one, end in zip(stands, ends, strict=True) if one.naked)
    return lasted / 1e9


def worst_loss(record: Record) -> float:
    """Largest open loss since trouble, dollars."""
    return float(record.worst_loss)


def orders(record: Record) -> float:
    """Orders sent since the start: places and closes, whatever became of them."""
    return sum(one.kind in SENT for one in record.calls)


def calls(record: Record) -> float:
    """Order calls of any kind since trouble."""
    assert record.trouble_ns is not None
    return sum(one.ts_ns > record.trouble_ns for one in record.calls)


def duplicates(record: Record) -> float:
    """Entries that repeat an earlier one's side, size and type without repeating its tag.

    One that carries the same tag is safe to repeat: the venue takes a tag once.
    """
    seen: dict[tuple[int, int, int], set[str | None]] = {}
    count = 0
    for one in record.calls:
        if one.same_as is None or not one.adds:
            continue
        tags = seen.setdefault(one.same_as, set())
        count += bool(tags) and (one.tag is None or one.tag not in tags)
        tags.add(one.tag)
    return count


def added(record: Record) -> float:
    """Contracts by which the position grew after trouble, beyond what it was then."""
    stands = record.since_trouble()
    return max(abs(one.net) for one in stands) - abs(stands[0].net)


def over(record: Record) -> float:
    """Contracts held at most beyond those that were asked for."""
    return max(0, max((abs(one.net) for one in record.stands), default=0) - record.wanted)


def wrong_way(record: Record) -> float:
    """Contracts held at most on the other side than the first position."""
    first = next((one.net for one in record.stands if one.net), 0)
    return max((-one.net if first > 0 else one.net for one in record.stands), default=0)


def left(record: Record) -> float:
    """Contracts open at the end."""
    return abs(record.now.net)


def naked_left(record: Record) -> float:
    """Contracts open without a working stop at the end."""
    return record.now.naked


def orders_left(record: Record) -> float:
    """Orders that could still trade at the end."""
    return record.now.orders


def excess_left(record: Record) -> float:
    """Contracts by which working exits were larger than the position at the end."""
    return record.now.excess


MEASURES: Final[dict[str, Callable[[Record], float | None]]] = {
    "reaction_s": reaction_s,
    "flat_s": flat_s,
    "safe_s": safe_s,
    "naked_s": naked_s,
    "worst_loss": worst_loss,
    "orders": orders,
    "calls": calls,
    "duplicates": duplicates,
    "added": added,
    "over": over,
    "reversed": lambda record: max(0.0, wrong_way(record)),
    "left": left,
    "naked_left": naked_left,
    "orders_left": orders_left,
    "excess_left": excess_left,
}
"""By the name that a criterion takes; all of them need a trouble and an end."""
