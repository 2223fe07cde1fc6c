"""What the title of the window says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradedesk.domain.events import SessionChanged
    from tradedesk.domain.instrument import Instrument


def desk_title(session: SessionChanged | None, instrument: Instrument | None) -> tuple[str, bool]:
    """Whose money it is, where, and which contract; and whether it is real money."""
    live = session is not None and session.live
    venue = session.venue if session is not None else ""
    parts = [f"{'LIVE' if live else 'SIM'} {venue}".strip()]
    if instrument is not None:
        parts.append(instrument.short_name)
    return " — ".join([*parts, "tradedesk"]), live
