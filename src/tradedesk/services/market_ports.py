"""What the market side needs from the venue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.ports import MarketSink
    from tradedesk.engine import Bars


class MarketSource(Protocol):
    """The venue's market side. Every method is called on the market thread."""

    async def run(self, sink: MarketSink) -> None:
        """Connect, deliver and reconnect until cancelled."""

    async def subscribe(self, instrument: Instrument) -> None:
        """Ask for quotes and trades of a contract; kept over reconnects."""

    async def bars(
        self,
        instrument: Instrument,
        spec: BarSpec,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        partial: bool,
        patient: bool = False,
    ) -> Bars:
        """History, oldest first; with ``partial`` the forming bar is included.

        What is ``patient`` leaves room below the venue's limit for what is not.
        """

    async def aclose(self) -> None:
        """Close every connection."""
