"""Bars from the venue, page by page, as plain columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.errors import InputError, UnknownSymbolError, VenueRefusedError
from tradedesk.gateway.rest.limiter import Lane
from tradedesk.gateway.timestamps import datetime_ns, ns_datetime
from tradedesk.gateway.wire.rest import BarModel, BarsResponse, RetrieveBarsRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.instrument import Instrument
    from tradedesk.gateway.rest.reader import Reader

PATH: Final = "/api/History/retrieveBars"
PAGE_BARS: Final = 20_000
PAGE_DEADLINE_S: Final = 20.0

SECOND: Final = 1
MINUTE: Final = 2
HOUR: Final = 3
DAY: Final = 4
WEEK: Final = 5
MONTH: Final = 6
_UNIT_NS: Final = {
    SECOND: NS_PER_S,
    MINUTE: 60 * NS_PER_S,
    HOUR: 3_600 * NS_PER_S,
    DAY: 86_400 * NS_PER_S,
    WEEK: 604_800 * NS_PER_S,
}


class HistoryColumns(msgspec.Struct):
    """Bars in parallel lists of one length, oldest first, each time once.

    ``ts_ns`` is the opening time in nanoseconds UTC; prices are JSON's floats in price units;
    ``volume`` is in contracts.
    """

    ts_ns: list[int]
    open_px: list[float]
    high_px: list[float]
    low_px: list[float]
    close_px: list[float]
    volume: list[int]

    def __len__(self) -> int:
        return len(self.ts_ns)


class History:
    """Asks for bars.

    Parameters
    ----------
    reader : Reader
        Asks the venue.
    clock : Clock
        Tells whether the newest bar is still forming.
    live : bool
        Data tier to ask for.
    """

    def __init__(self, reader: Reader, clock: Clock, *, live: bool) -> None:
        self._reader = reader
        self._clock = clock
        self._live = live

    async def retrieve_bars(
        self,
        instrument: Instrument,
        unit: int,
        unit_number: int,
        start_ns: int,
        end_ns: int,
        limit: int,
        *,
        include_partial: bool,
        lane: Lane = Lane.HISTORY,
    ) -> HistoryColumns:
        """The newest ``limit`` bars that open between start and end, both included.

        The venue gives the newest of a range first, in pages it may make shorter than asked, so
        pages are asked for backwards until one brings nothing new.

        Parameters
        ----------
        instrument : Instrument
            Whose bars.
        unit, unit_number : int
            1 second, 2 minute, 3 hour, 4 day, 5 week, 6 month, and how many of them make a bar.
        start_ns, end_ns : int
            Nanoseconds UTC.
        limit : int
            Bars at most, 1 or more.
        include_partial : bool
            Whether the bar that is still forming is wanted.
        lane : Lane
            How urgent it is: ``HISTORY`` or ``PAST``.

        Raises
        ------
        InputError
            If the limit or the unit number is below 1.
        UnknownSymbolError
            If the venue has no such contract in this data tier.
        GatewayError
            If it does not answer.
        """
        if limit < 1 or unit_number < 1:
            raise InputError(f"{limit} bars of {unit_number} units: both must be 1 or more.")
        rows: dict[int, BarModel] = {}
        page_end_ns = end_ns
        while len(rows) < limit:
            request = RetrieveBarsRequest(
                contract_id=instrument.contract_id,
                live=self._live,
                start_time=ns_datetime(start_ns),
                end_time=ns_datetime(page_end_ns),
                unit=unit,
                unit_number=unit_number,
                # One more than is missing: the page begins with the bar that ended the last one.
                limit=min(PAGE_BARS, limit - len(rows) + 1),
                include_partial_bar=include_partial,
            )
            page = {datetime_ns(bar.t): bar for bar in await self._page(request, instrument, lane)}
            fresh = page.keys() - rows.keys()
            if not fresh:
                break
            rows.update(page)
            page_end_ns = min(fresh)
            if page_end_ns <= start_ns:
                break
        if not include_partial:
            self._drop_forming(rows, unit, unit_number)
        return _columns(rows, sorted(rows)[-limit:])

    async def _page(
        self, request: RetrieveBarsRequest, instrument: Instrument, lane: Lane
    ) -> Sequence[BarModel]:
        try:
            answer = await self._reader.ask_successfully(
                PATH, request, BarsResponse, lane=lane, deadline_s=PAGE_DEADLINE_S
            )
        except VenueRefusedError as error:
            if error.code == 1:
                raise UnknownSymbolError(
                    f"The venue has no bars of {instrument.name} ({instrument.contract_id}) for "
                    f"this login."
                ) from error
            raise
        return answer.bars or ()

    def _drop_forming(self, rows: dict[int, BarModel], unit: int, unit_number: int) -> None:
        # Asked for closed bars only, the venue has been seen to send the forming one all the same.
        unit_ns = _UNIT_NS.get(unit)
        if rows and unit_ns is not None:
            newest = max(rows)
            if newest + unit_ns * unit_number > self._clock.wall_ns():
                del rows[newest]


def _columns(rows: dict[int, BarModel], times: list[int]) -> HistoryColumns:
    bars = [rows[ts] for ts in times]
    return HistoryColumns(
        ts_ns=times,
        open_px=[bar.o for bar in bars],
        high_px=[bar.h for bar in bars],
        low_px=[bar.l for bar in bars],
        close_px=[bar.c for bar in bars],
        volume=[bar.v for bar in bars],
    )
