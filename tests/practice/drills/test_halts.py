"""A tape that is thinned out and halted: the same events however it is cut, and back to itself."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tradedesk.practice.drills.halts import HaltingMarket, HaltingTape, Spell
from tradedesk.practice.market.book import MarketBook
from tradedesk.practice.market.events import ASKS, BIDS, TRADE, MarketEvent
from tradedesk.practice.market.source import SyntheticMarket

START_NS = 1_790_000_000_000_000_000
S = 1_000_000_000
END_NS = START_NS + 20 * S
THIN = Spell(START_NS + 4 * S, START_NS + 8 * S, factor=5)
HALT = Spell(START_NS + 8 * S, START_NS + 15 * S, empty=ASKS)


def tape(*spells: Spell) -> HaltingTape:
    market = HaltingMarket(SyntheticMarket(7, START_NS))
    made = market.tape(next(one for one in market.active() if one.product.symbol == "MNQ"))
    for spell in spells:
        made.begin(spell)
    return made


def rows(made: HaltingTape, cuts: list[int]) -> list[MarketEvent]:
    bounds = [START_NS, *sorted(START_NS + cut for cut in cuts), END_NS]
    return [
        row
        for after_ns, until_ns in itertools.pairwise(bounds)
        for row in made.events(after_ns, until_ns).each()
    ]


WHOLE = rows(tape(THIN, HALT), [])


@given(st.lists(st.integers(1, 20 * S), max_size=6))
def test_the_same_events_however_the_time_is_cut(cuts: list[int]) -> None:
    assert rows(tape(THIN, HALT), cuts) == WHOLE


def test_nothing_trades_in_a_halt_and_trades_equal_prints() -> None:
    halted = tape(THIN, HALT)
    trades = [row for row in WHOLE if row.kind == TRADE]
    prints = halted.prints(START_NS, END_NS)
    assert [row.ts_ns for row in trades] == prints.ts_ns.tolist()
    assert not any(HALT.from_ns + 2_000 < row.ts_ns < HALT.until_ns for row in trades)
    assert any(row.ts_ns > HALT.until_ns for row in trades)


def test_the_book_that_events_make_is_the_depth() -> None:
    halted = tape(THIN, HALT)
    book = MarketBook(halted.depth(START_NS))
    done_ns = START_NS
    for second in (2, 5, 7, 9, 14, 16, 19):
        now_ns = START_NS + second * S
        book.apply(halted.events(done_ns, now_ns).each())
        done_ns = now_ns
        assert book.depth() == halted.depth(now_ns), second
        assert (book.best(ASKS) is None) == (8 < second < 15)
        assert book.best(BIDS) is not None


def test_a_thin_book_has_a_fifth_of_the_contracts_but_one_at_least() -> None:
    now_ns = START_NS + 6 * S
    thin, plain = tape(THIN).depth(now_ns), tape().depth(now_ns)
    for few, many in zip((*thin.bids, *thin.asks), (*plain.bids, *plain.asks), strict=True):
        assert few.size == max(many.size // 5, 1)


def test_a_halt_can_be_ended_early_and_begins_behind_what_was_given_out() -> None:
    halted = tape()
    halted.events(START_NS, START_NS + 3 * S)
    halted.begin(Spell(START_NS + 2 * S, START_NS + 9 * S, empty=BIDS))
    assert halted.depth(START_NS + 3 * S).bids
    assert not halted.depth(START_NS + 4 * S).bids
    halted.events(START_NS + 3 * S, START_NS + 4 * S)
    halted.end(START_NS + 4 * S)
    assert halted.depth(START_NS + 5 * S) == tape().depth(START_NS + 5 * S)
    assert halted.next_ns(START_NS + 4 * S) <= START_NS + 4 * S + 2_000  # type: ignore[operator]
