"""Which of two copies of one order is the news: newest wins, and nothing is undone."""

from __future__ import annotations

import msgspec

from tradedesk.domain.order import Order, OrderStatus

_S = OrderStatus
_PROGRESS = {
    _S.NONE: 0,
    _S.SUSPENDED: 1,
    _S.PENDING: 1,
    _S.OPEN: 2,
    _S.PENDING_CANCELLATION: 3,
    _S.REJECTED: 4,
    _S.EXPIRED: 4,
    _S.CANCELLED: 4,
    # a cancelled order may still turn out to have been filled, never the other way round
    _S.FILLED: 5,
}


def merge(old: Order | None, new: Order) -> Order | None:
    """The copy to keep, or None when ``new`` tells nothing.

    A late "open" never undoes a fill or an end, filled contracts never shrink, and links that one
    source leaves out (tag, parent, linked order) are kept.
    """
    if old is None:
        return new
    if _is_stale(old, new):
        return None
    kept = msgspec.structs.replace(
        new,
        filled=max(old.filled, new.filled),
        fill_price=new.fill_price if new.fill_price is not None else old.fill_price,
        tag=new.tag or old.tag,
        parent_id=new.parent_id or old.parent_id,
        linked_id=new.linked_id or old.linked_id,
        created_ns=new.created_ns or old.created_ns,
        updated_ns=max(old.updated_ns, new.updated_ns),
    )
    return None if kept == old else kept


def _is_stale(old: Order, new: Order) -> bool:
    if old.status.is_final or new.status.is_final:
        return _PROGRESS[new.status] < _PROGRESS[old.status]
    if new.filled != old.filled:
        return new.filled < old.filled
    if new.updated_ns and old.updated_ns and new.updated_ns != old.updated_ns:
        return new.updated_ns < old.updated_ns
    return _PROGRESS[new.status] < _PROGRESS[old.status]
