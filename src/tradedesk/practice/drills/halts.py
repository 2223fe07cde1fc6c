"""A market that somebody can thin out or halt for a while, wherever its tape comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tradedesk.practice.market import prints as prints_of
from tradedesk.practice.market.book import Depth, Level
from tradedesk.practice.market.events import (
    ASKS,
    BIDS,
    LEVEL,
    RESET,
    UNKNOWN_RANK,
    MarketEvent,
    MarketEvents,
    join,
)

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine import Bars
    from tradedesk.practice.market.prints import Prints
    from tradedesk.practice.market.source import Market, Past
    from tradedesk.practice.market.tape import Tape, Touch
    from tradedesk.practice.products import Contract


class Spell(NamedTuple):
    """A stretch of time, open at both ends, in which the tape is not itself.

    ``empty`` is the side of the book on which nobody is left in a halt, None while the market
    trades; ``factor`` divides what waits at each price.
    """

    from_ns: int
    until_ns: int
    factor: int = 1
    empty: int | None = None

    @property
    def halted(self) -> bool:
        """Whether nothing trades."""
        return self.empty is not None

    def seen(self, depth: Depth) -> Depth:
        """What is left of a book."""
        bids, asks = (
            tuple(Level(one.px, max(one.size // self.factor, 1)) for one in levels)
            for levels in depth
        )
        return Depth(() if self.empty == BIDS else bids, () if self.empty == ASKS else asks)


class HaltingTape:
    """A tape with spells laid over it; without any it is the tape itself.

    Bars are those of the market behind it, up to the beginning of a halt that lasts.

    Parameters
    ----------
    tape : Tape
        What plays.
    """

    def __init__(self, tape: Tape) -> None:
        self.contract = tape.contract
        self._tape = tape
        self._spells: list[Spell] = []
        self._asked_ns = 0

    def begin(self, spell: Spell) -> None:
        """Let a spell begin; what was to come of earlier ones is cut off where it begins.

        It begins behind what was given out already, so that nothing is told otherwise afterwards.
        """
        self.end(spell.from_ns)
        earliest_ns = max(spell.from_ns, self._asked_ns)
        from_ns = max([_between(earliest_ns), *(one.until_ns for one in self._spells)])
        spell = spell._replace(from_ns=from_ns, until_ns=_between(spell.until_ns))
        if spell.until_ns > from_ns + 1:
            self._spells.append(spell)

    def end(self, now_ns: int) -> None:
        """Let the market be itself again from now on."""
        last_ns = _between(max(now_ns, self._asked_ns))
        cut = [one._replace(until_ns=min(one.until_ns, last_ns)) for one in self._spells]
        self._spells = [one for one in cut if one.until_ns > one.from_ns + 1]

    def events(self, after_ns: int, until_ns: int) -> MarketEvents:
        """Trades and level changes later than `after_ns` and not later than `until_ns`."""
        self._asked_ns = until_ns
        if not self._spells:
            return self._tape.events(after_ns, until_ns)
        parts = []
        for spell in self._spells:
            parts += self._plain(after_ns, min(until_ns, spell.from_ns))
            begin_ns, end_ns = spell.from_ns + 1, spell.until_ns
            if after_ns < begin_ns <= until_ns:
                parts.append(_picture(begin_ns, spell.seen(self._tape.depth(begin_ns))))
            inside = (max(after_ns, begin_ns), min(until_ns, end_ns - 1))
            if not spell.halted and inside[0] < inside[1]:
                parts.append(_thinned(self._tape.events(*inside), spell.factor))
            if after_ns < end_ns <= until_ns:
                parts.append(_picture(end_ns, self._tape.depth(end_ns)))
            after_ns = max(after_ns, end_ns)
        return join([*parts, *self._plain(after_ns, until_ns)])

    def depth(self, now_ns: int) -> Depth:
        """The book after everything that happened up to now."""
        spell = self._spell(now_ns)
        depth = self._tape.depth(now_ns if spell is None or not spell.halted else spell.from_ns + 1)
        return depth if spell is None else spell.seen(depth)

    def prints(self, after_ns: int, until_ns: int) -> Prints:
        """Trades later than `after_ns` and not later than `until_ns`: those of ``events``."""
        halts = [one for one in self._spells if one.halted]
        if not halts:
            return self._tape.prints(after_ns, until_ns)
        parts = []
        for spell in halts:
            if after_ns < (last_ns := min(until_ns, spell.from_ns)):
                parts.append(self._tape.prints(after_ns, last_ns))
            after_ns = max(after_ns, spell.until_ns)
        if after_ns < until_ns or not parts:
            parts.append(self._tape.prints(after_ns, max(after_ns, until_ns)))
        return prints_of.join(parts)

    def next_ns(self, after_ns: int) -> int | None:
        """When the first event later than `after_ns` happens; None if there is none soon."""
        spell = self._spell(after_ns)
        bounds = [ns for one in self._spells for ns in (one.from_ns + 1, one.until_ns)]
        due = [ns for ns in bounds if ns > after_ns]
        if spell is None or not spell.halted:
            due += [ns for ns in (self._tape.next_ns(after_ns),) if ns is not None]
        return min(due, default=None)

    def touch(self, now_ns: int) -> Touch:
        """State of the market; that of its beginning in a halt."""
        return self._tape.touch(self._awake(now_ns))

    def bars(self, spec: BarSpec, start_ns: int, end_ns: int, limit: int, now_ns: int) -> Bars:
        """Bars that open in a window, oldest first, the last `limit` of them, none after now."""
        return self._tape.bars(spec, start_ns, end_ns, limit, self._awake(now_ns))

    def steer(self, ticks: int, from_ns: int, seconds: float) -> bool:
        """Drift the price by `ticks` from now on; False where the tape cannot be bent."""
        return self._tape.steer(ticks, from_ns, seconds)

    def _plain(self, after_ns: int, until_ns: int) -> list[MarketEvents]:
        return [self._tape.events(after_ns, until_ns)] if after_ns < until_ns else []

    def _spell(self, now_ns: int) -> Spell | None:
        return next((one for one in self._spells if one.from_ns < now_ns < one.until_ns), None)

    def _awake(self, now_ns: int) -> int:
        spell = self._spell(now_ns)
        return spell.from_ns if spell is not None and spell.halted else now_ns


class HaltingMarket:
    """A market whose tapes can be thinned out and halted.

    Parameters
    ----------
    market : Market
        Where tapes come from.
    """

    def __init__(self, market: Market) -> None:
        self.first_ns, self.last_ns = market.first_ns, market.last_ns
        self._market = market
        self._tapes: dict[str, HaltingTape] = {}

    def active(self) -> list[Contract]:
        """Contracts that trade today."""
        return self._market.active()

    def find(self, contract_id: str) -> Contract | None:
        """A contract of today or of the past, or None."""
        return self._market.find(contract_id)

    def tape(self, contract: Contract) -> HaltingTape:
        """The tape of an active contract; the same object each time."""
        tape = self._tapes.get(contract.contract_id)
        if tape is None:
            tape = self._tapes[contract.contract_id] = HaltingTape(self._market.tape(contract))
        return tape

    def past(self, contract: Contract) -> Past | None:
        """Where the history of an expired contract is found, or None."""
        return self._market.past(contract)


def _between(ts_ns: int) -> int:
    """A time a little later at which no tape has an event: these are at whole microseconds."""
    return ts_ns // 1_000 * 1_000 + 1_500


def _picture(ts_ns: int, depth: Depth) -> MarketEvents:
    """A book told anew."""
    rows = [MarketEvent(ts_ns, RESET, 0, 0, 0, 0, UNKNOWN_RANK)]
    rows += [
        MarketEvent(ts_ns, LEVEL, side, one.px, one.size, 0, UNKNOWN_RANK)
        for side, levels in ((BIDS, depth.bids), (ASKS, depth.asks))
        for one in levels
    ]
    return MarketEvents.of_rows(rows)


def _thinned(events: MarketEvents, factor: int) -> MarketEvents:
    """Levels with fewer contracts; one that is there keeps at least one."""
    thin = (events.qty // factor).clip(min=1)
    levels = (events.kind == LEVEL) & (events.qty > 0)
    qty = events.qty.copy()
    qty[levels] = thin[levels]
    return events._replace(qty=qty)
