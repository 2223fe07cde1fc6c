"""The pure order core under every interleaving that hypothesis can think of.

The venue's book is the oracle. Answers, hub words and searches are drawn and delivered in any
order, late, twice or never; the core is restarted on its journal in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from tests.fakes.fake_venue import ACCOUNT, MNQ, FakeVenue
from tests.fakes.memory_journal import Disk, MemoryJournal
from tests.fakes.virtual_time import StillClock

from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.events import IntentState, Phase
from tradedesk.domain.ids import AccountId, OrderId, Tag
from tradedesk.domain.order import Order, OrderType, Side
from tradedesk.domain.safety import RiskRules, TradingRules
from tradedesk.trading.books import Books
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.order_desk import OrderDesk
from tradedesk.trading.tags import TagSource
from tradedesk.trading.venue_news import VenueNews

if TYPE_CHECKING:
    from tests.fakes.fake_venue import Told

NO_ORDER = {IntentState.REJECTED, IntentState.NOT_SENT, IntentState.ABSENT, IntentState.DENIED}


class OrderMachine(RuleBasedStateMachine):
    """One trader, one core, one venue, and a network that does what it likes."""

    requests = Bundle("requests")
    answers = Bundle("answers")
    words = Bundle("words")

    def __init__(self) -> None:
        super().__init__()
        self.clock = StillClock()
        self.venue = FakeVenue(self.clock)
        self.said: list[Told] = []
        self.venue.tell = self.said.append
        self.disk = Disk()
        self.sends: list[Tag] = []
        self.run = 0
        self.clicks = 0
        self.start()

    def start(self) -> None:
        self.run += 1
        self.clock.pass_s(1)
        journal = MemoryJournal(self.disk)
        rules = TradingRules(
            risk=RiskRules(max_position_size=10_000, repeat_guard_ms=0, orders_per_10_s=0)
        )
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

    # --- the trader -------------------------------------------------------------------------

    @rule(target=requests, side=st.sampled_from(Side), resting=st.booleans(), stop=st.booleans())
    def click(self, side: Side, resting: bool, stop: bool) -> tuple[int, Tag]:
        self.clicks += 1
        self.clock.pass_s(0.01)
        command = PlaceOrder(
            click_id=f"c{self.clicks}",
            press_ns=self.clock.mono_ns(),
            account_id=AccountId(ACCOUNT),
            contract_id=MNQ.contract_id,
            side=side,
            type=OrderType.LIMIT if resting else OrderType.MARKET,
            size=1,
            limit_ticks=79_000 if resting else None,
            stop_loss_ticks=10 if stop else None,
        )
        intent = self.desk.open_place(command, MNQ, self.clock.mono_ns())
        assert intent.state is IntentState.ARMED
        self.sends.append(intent.tag)
        again = self.desk.open_place(command, MNQ, self.clock.mono_ns())
        assert again.state is IntentState.DENIED
        return self.run, intent.tag

    # --- the network ------------------------------------------------------------------------

    @rule(request=requests)
    def last_byte_left(self, request: tuple[int, Tag]) -> None:
        run, tag = request
        if run == self.run:
            self.fates.wrote(tag, self.clock.mono_ns())

    @rule(target=answers, request=consumes(requests), arrives=st.booleans())
    def travel(
        self, request: tuple[int, Tag], arrives: bool
    ) -> tuple[int, Tag, OrderId | None, str]:
        """A request reaches the venue or is lost; either way it is not seen again."""
        run, tag = request
        if not arrives:
            return run, tag, None, ""
        ask = next(i.command for i in self.disk.rows if i.tag == tag)
        try:
            order_id = self.venue.place(
                ask.side, ask.type, ask.size, ask.limit_ticks, None, ask.stop_loss_ticks, None, tag
            )
        except VenueRefusedError as error:
            return run, tag, None, str(error)
        return run, tag, order_id, ""

    @rule(answer=consumes(answers), how=st.sampled_from(["answer", "silence", "reset"]))
    def hear_answer(self, answer: tuple[int, Tag, OrderId | None, str], how: str) -> None:
        run, tag, order_id, refusal = answer
        self.clock.pass_s(0.01)
        if run != self.run:
            return
        if how == "answer" and order_id is not None:
            self.fates.accepted(tag, order_id, self.clock.mono_ns())
        elif how == "answer" and refusal:
            self.fates.refused(tag, refusal, self.clock.mono_ns())
        else:
            self.fates.unknown(tag, how)

    @rule(target=words, which=st.integers(0, 10_000))
    def word_on_its_way(self, which: int) -> Told | None:
        return self.said[which % len(self.said)] if self.said else None

    @rule(word=words)
    def hear_word(self, word: Told | None) -> None:
        """Old and repeated words too: the bundle is not consumed."""
        self.clock.pass_s(0.01)
        if isinstance(word, Order):
            self.news.order(word, self.clock.mono_ns(), hub=True)

    @rule()
    def search(self) -> None:
        for order in list(self.venue.orders.values()):
            self.news.order(order, self.clock.mono_ns(), hub=False)

    @rule(which=st.integers(0, 10_000))
    def something_fills_or_ends(self, which: int) -> None:
        self.clock.pass_s(0.01)
        working = self.venue.working()
        if working:
            order = working[which % len(working)]
            if which % 2:
                self.venue.fill(order.order_id)
            else:
                self.venue.cancel(order.order_id)

    @rule()
    def kill_and_start(self) -> None:
        self.start()

    # --- what always holds ------------------------------------------------------------------

    @invariant()
    def every_tag_is_sent_once(self) -> None:
        assert len(set(self.sends)) == len(self.sends)
        assert all(copies == 1 for copies in self.venue.arrived.values())

    @invariant()
    def no_belief_contradicts_the_book(self) -> None:
        for tag, intent in self.books.intents.by_tag.items():
            orders = self.venue.accepted(tag)
            if intent.state is IntentState.ACCEPTED:
                assert [order.order_id for order in orders] == [intent.order_id]
            if intent.state in NO_ORDER:
                assert orders == []

    @invariant()
    def nothing_is_journaled_after_it_was_sent(self) -> None:
        written = {intent.tag for intent in self.disk.rows}
        assert set(self.venue.arrived) <= written

    @invariant()
    def stamps_are_in_order(self) -> None:
        for intent in self.books.intents.by_tag.values():
            s = intent.stamps
            steps = [at for at in (s.press, s.received, s.journaled, s.written) if at is not None]
            assert steps == sorted(steps)

    def teardown(self) -> None:
        """After one complete search every belief equals the book."""
        self.search()
        for tag, intent in self.books.intents.by_tag.items():
            if self.venue.accepted(tag):
                assert intent.state is IntentState.ACCEPTED
        for order_id, order in self.venue.orders.items():
            assert self.books.blotter.orders[order_id].status is order.status


OrderMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
test_order_machine = OrderMachine.TestCase
