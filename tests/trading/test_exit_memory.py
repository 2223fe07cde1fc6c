"""What was an exit when it was sent is one for every later run, and nothing else is."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st
from tests.fakes.fake_venue import ACCOUNT, MNQ, FakeVenue
from tests.fakes.memory_journal import Disk, MemoryJournal
from tests.fakes.virtual_time import StillClock

from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.events import Intent, IntentState, Phase
from tradedesk.domain.ids import AccountId, Tag
from tradedesk.domain.order import OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.trading.books import Books
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.order_desk import OrderDesk
from tradedesk.trading.tags import TagSource
from tradedesk.trading.venue_news import VenueNews


class Step(NamedTuple):
    """One order, and what becomes of it and of the executor."""

    side: Side
    size: int
    stop: bool
    arrives: bool
    dies: bool


class Core:
    """The order core on a disk that outlives it, and the venue."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.venue = FakeVenue(self.clock)
        self.disk = Disk()
        self.clicks = 0
        self.start()

    def start(self) -> None:
        """A new run on what the disk holds; it has seen the venue's lists."""
        self.clock.pass_s(1)
        journal = MemoryJournal(self.disk)
        risk = RiskRules(max_position_size=10_000, repeat_guard_ms=0, orders_per_10_s=0)
        rules = TradingRules(risk=risk)
        self.books = Books(clock=self.clock, emit=lambda event: None, rules=rules)
        recorder = IntentRecorder(self.books, journal)
        tags = TagSource("abcde", self.clock.wall_ns(), journal.reserve)
        self.desk = OrderDesk(self.books, recorder, tags)
        self.fates = IntentFates(self.books, recorder, "abcde")
        self.news = VenueNews(self.books, self.fates)
        conditions = self.books.conditions
        conditions.phase, conditions.armed, conditions.attached = Phase.READY, True, True
        for account in self.venue.accounts:
            self.news.account(account)
        self.fates.recover(0)
        self.look()

    def look(self) -> None:
        """Take the venue's lists."""
        self.clock.pass_s(0.01)
        for order in list(self.venue.orders.values()):
            self.news.order(order, self.clock.mono_ns(), hub=False)
        self.books.blotter.take_position_list(
            AccountId(ACCOUNT), self.venue.positions, self.clock.mono_ns()
        )

    def click(self, side: Side, size: int, *, stop: bool, tag: Tag | None = None) -> Intent:
        """A market order, as far as the journal."""
        self.clicks += 1
        command = PlaceOrder(
            click_id=f"c{self.clicks}",
            press_ns=self.clock.mono_ns(),
            account_id=AccountId(ACCOUNT),
            contract_id=MNQ.contract_id,
            side=side,
            type=OrderType.MARKET,
            size=size,
            stop_loss_ticks=10 if stop else None,
            custom_tag=tag,
        )
        intent = self.desk.open_place(command, MNQ, self.clock.mono_ns())
        assert intent.state is IntentState.ARMED
        return intent


STEPS = st.builds(
    Step, st.sampled_from(Side), st.integers(1, 3), st.booleans(), st.booleans(), st.booleans()
)


@given(st.lists(STEPS, max_size=12))
@example([Step(Side.BUY, 2, False, True, False), Step(Side.SELL, 1, False, False, True)])
def test_exits_stay_exits_whatever_becomes_of_them_and_of_the_executor(steps: list[Step]) -> None:
    core, exits = Core(), set()
    for step in steps:
        held = core.venue.net
        intent = core.click(step.side, step.size, stop=step.stop)
        if not step.stop and held * step.side.sign < 0 and step.size <= abs(held):
            exits.add(intent.tag)
        if step.arrives:
            distance = 10 if step.stop else None
            core.venue.place(
                step.side, OrderType.MARKET, step.size, None, None, distance, None, intent.tag
            )
        if step.dies:
            core.start()
        else:
            core.look()
        assert core.books.intents.exit_tags == exits


def test_an_exit_that_never_arrived_may_be_clicked_again_as_an_entry() -> None:
    """It keeps its tag, but the locks on entries hold for it."""
    core = Core()
    core.venue.place(Side.BUY, OrderType.MARKET, 2, None, None, None, None, Tag("by hand"))
    core.look()
    asked = core.click(Side.SELL, 2, stop=False, tag=Tag("mine-1"))
    core.fates.not_sent(asked.tag, "No connection.")
    assert core.books.intents.exit_tags == {asked.tag}
    core.venue.close()
    core.look()
    again = core.click(Side.SELL, 2, stop=False, tag=Tag("mine-1"))
    assert again.tag == asked.tag
    assert core.books.intents.exit_tags == set()
    core.start()
    assert core.books.intents.exit_tags == set()
