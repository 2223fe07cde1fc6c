"""What is said of a trade that comes behind a newer one."""

from __future__ import annotations

from tradedesk.domain.errors import BatchError


def too_old(ts_ns: int, newest_ns: int) -> BatchError:
    """Return the refusal of a trade that is older than the newest one taken in."""
    return BatchError(
        f"A trade at {ts_ns} is older than the newest one ({newest_ns}): "
        f"give trades in the order of time."
    )
