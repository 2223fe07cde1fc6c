"""The pure core of changes under every interleaving that hypothesis can think of.

The venue's book is the oracle. Requests arrive late, twice or never, answers get lost, orders fill
or are moved by others in between, and the core is restarted on its journal.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.fakes.fake_venue import ACCOUNT, MNQ, FakeVenue
from tests.fakes.memory_journal import Disk, MemoryJournal
from tests.fakes.virtual_time import StillClock

from tradedesk.domain.changes import Change, ChangeState
from tradedesk.domain.commands import CancelOrder, ClosePosition, ModifyOrder
from tradedesk.domain.errors import VenueRefusedError
from tradedesk.domain.ids import OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.trading.books import Books
from tradedesk.trading.change_desk import KIND, ChangeDesk
from tradedesk.trading.change_inquiry import Act, Answer, ChangeInquiry, Step
from tradedesk.trading.change_sight import CloseView, Sight, Terms, closes, sight_of, terms_of
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.limits import Timings
from tradedesk.trading.venue_news import VenueNews
from tradedesk.trading.venue_report import VenueReport

if TYPE_CHECKING:
    from tests.fakes.fake_venue import Told

S = ChangeState
Command = ModifyOrder | CancelOrder | ClosePosition
TIMINGS = Timings()
MOST = 4
PICK = st.integers(0, 10_000)
FATES = (
    "done",
    "done, answer lost",
    "lost",
    "late",
    "late",
    "no connection",
    "no connection",
    "taken and forgotten",
    "open",
)
"""What happens to an attempt: ``late`` is given up while it is still on its way, ``open`` leaves
everything to the other rules."""
STORIES = (
    ["late", "no connection", "no connection", "no connection", "open"],
    ["no connection", "late", "lost", "done, answer lost"],
    ["late", "late", "late", "late", "open"],
    ["taken and forgotten", "taken and forgotten", "late", "done"],
)
"""Rows of fates that random ones seldom make."""


class SlowVenue(FakeVenue):
    """Its closes fill when they like; while one is on its way it takes no other."""

    closing: OrderId | None = None

    def close(self) -> None:
        if self.net <= 0:
            raise VenueRefusedError("There is no such position.", "close", 2)
        if self.closing is not None:
            return  # answered as pending, which says nothing
        order = self._new(Side.SELL, OrderType.MARKET, self.net, None, None, None, None)
        self.closing = order.order_id

    def finish_close(self) -> None:
        if self.closing is not None:
            self.fill(self.closing)
            self.closing = None


@dataclass(eq=False)
class Request:
    """One attempt on its way to the venue."""

    key: str
    command: Command
    refusal: str | None = None
    arrived: bool = False


@dataclass(eq=False)
class Course:
    """One change of this life and how far its inquiry is."""

    command: Command
    inquiry: ChangeInquiry
    before: Terms | None = None
    view: CloseView | None = None
    request: Request | None = None
    told: bool = False
    old: bool = False
    looked: bool = False
    left: bool = False
    fresh: bool = False


class ChangeMachine(RuleBasedStateMachine):
    """One trader, one core, one venue, and a network that does what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = StillClock()
        self.venue = SlowVenue(self.clock)
        self.terms: dict[OrderId, set[Terms]] = defaultdict(set)
        self.said: list[Order] = []
        self.flat_ns: list[int] = [0]
        self.venue.tell = self.hear_venue
        self.disk = Disk()
        self.flying: list[Request] = []
        self.sends: dict[str, int] = defaultdict(int)
        self.arrivals: dict[str, int] = defaultdict(int)
        self.asked_ns: dict[str, int] = {}
        self.clicks = 0
        self.start()
        self.rest(78_000)
        self.rest(78_005)
        self.venue.place(Side.BUY, OrderType.MARKET, 2, None, None, None, None, Tag("other"))
        self.look()

    def hear_venue(self, told: Told) -> None:
        if isinstance(told, Order):
            self.said.append(told)
            self.terms[told.order_id].add(terms_of(told))
        if self.venue.net == 0:
            self.flat_ns.append(self.clock.mono_ns())

    def start(self) -> None:
        self.clock.pass_s(1)
        journal = MemoryJournal(self.disk)
        self.books = Books(clock=self.clock, emit=lambda event: None)
        self.desk = ChangeDesk(self.books, journal)
        fates = IntentFates(self.books, IntentRecorder(self.books, journal), "abcde")
        self.news = VenueNews(self.books, fates, self.desk)
        for account in self.venue.accounts:
            self.news.account(account)
        self.courses = {
            change.key: Course(
                change.command,
                ChangeInquiry(change.command, TIMINGS, self.clock.mono_ns(), asked_before=True),
                told=True,
                old=True,
            )
            for change in self.desk.recover(0)
        }
        self.look()

    def look(self) -> None:
        self.clock.pass_s(0.1)
        self.news.report(
            VenueReport(
                account_id=ACCOUNT,
                asked_ns=self.clock.mono_ns(),
                working=tuple(self.venue.working()),
                positions=tuple(self.venue.positions),
                orders=tuple(self.venue.orders.values()),
                fills=(),
            )
        )

    # --- the trader ---------------------------------------------------------------------------

    @rule(price=st.integers(78_000, 78_010))
    def rest(self, price: int) -> None:
        tag = Tag(f"other-{len(self.venue.orders)}")
        self.venue.place(Side.BUY, OrderType.LIMIT, 1, price, None, None, None, tag)
        self.look()

    @rule(which=PICK)
    def ask_cancel(self, which: int) -> None:
        order = self._working(which)
        if order is not None and not self._busy(CancelOrder, order.order_id):
            self.clicks += 1
            self._open(
                CancelOrder(
                    click_id=f"c{self.clicks}",
                    press_ns=self.clock.mono_ns(),
                    account_id=ACCOUNT,
                    order_id=order.order_id,
                )
            )

    @rule(which=PICK, price=st.integers(78_000, 78_010))
    def ask_modify(self, which: int, price: int) -> None:
        order = self._working(which)
        if order is not None:
            self.clicks += 1
            self._open(
                ModifyOrder(
                    click_id=f"c{self.clicks}",
                    press_ns=self.clock.mono_ns(),
                    account_id=ACCOUNT,
                    order_id=order.order_id,
                    limit_ticks=price,
                )
            )

    @rule()
    def ask_close(self) -> None:
        self.clicks += 1
        command = ClosePosition(
            click_id=f"c{self.clicks}",
            press_ns=self.clock.mono_ns(),
            account_id=ACCOUNT,
            contract_id=MNQ.contract_id,
        )
        if self._net() > 0 and not self._busy(ClosePosition, None):
            self._open(command)

    def _open(self, command: Command) -> None:
        assert self.desk.refuse(command) == ""
        assert "handled already" in self.desk.refuse(command)
        change = self.desk.open(command, self.clock.mono_ns())
        course = Course(command, ChangeInquiry(command, TIMINGS, self.clock.mono_ns()))
        if isinstance(command, ClosePosition):
            course.view = CloseView(self._net())
        else:
            course.before = terms_of(self.books.blotter.orders[command.order_id])
        self.courses[change.key] = course
        self.asked_ns[change.key] = self.clock.mono_ns()

    # --- the core -----------------------------------------------------------------------------

    @rule(
        which=PICK,
        clean=st.sampled_from((True, True, True, False)),
        fates=st.sampled_from(STORIES) | st.lists(st.sampled_from(FATES), min_size=2, max_size=5),
    )
    def follow(self, which: int, clean: bool, fates: list[str]) -> None:
        """One change a few attempts on."""
        ready = [key for key, course in self.courses.items() if course.request is None]
        if not ready:
            return
        key = ready[which % len(ready)]
        for fate in fates:
            for _ in range(3):
                if key in self.courses and self.courses[key].request is None:
                    self._drive(key, clean=clean)
            request = self.courses[key].request if key in self.courses else None
            if request is None or fate == "open":
                return
            self._meet(key, request, fate)

    def _meet(self, key: str, request: Request, fate: str) -> None:
        """An attempt meets its fate at once."""
        if fate == "no connection":
            self._answer(key, "no connection")
            return
        self._answer(key, "written")
        if fate.startswith("done"):
            self._carry_out(request)
        elif fate != "late":
            self.flying.remove(request)
        if fate == "taken and forgotten":
            request.arrived = True
        plain = fate in {"done", "taken and forgotten"}
        self._answer(key, "answer" if plain else "silence")

    def _drive(self, key: str, *, clean: bool = True) -> None:
        """Follow one inquiry until it waits, sends or ends."""
        course = self.courses[key]
        while not self.books.changes.by_key[key].state.is_final:
            step = self._next(key)
            if step.act is Act.SEND:
                self._send(key, course)
                return
            if step.act is Act.LOOK:
                self._look(course, clean=clean)
            elif step.act is Act.TELL:
                self.desk.unknown(key, step.reason)
                course.told = True
            elif step.state is not None:
                self.desk.conclude(key, step.state, step.reason)
                del self.courses[key]
                return
            else:
                assert step.wait_ns > 0
                self.clock.now_ns += step.wait_ns
                return
        del self.courses[key]

    def _next(self, key: str) -> Step:
        course = self.courses[key]
        newest = not course.old and self._is_newest(key)
        return course.inquiry.next(self._sight(course), self.clock.mono_ns(), newest=newest)

    def _send(self, key: str, course: Course) -> None:
        assert not course.old, "what an earlier life asked for is never sent again"
        if course.inquiry.tries:
            self._judge_repeat(key, course)
            self.desk.again(key)
        course.inquiry.sent(self.clock.mono_ns())
        self.sends[key] += 1
        row = msgspec.json.decode(self.disk.notes[KIND, key], type=Change)
        assert (row.state, row.attempts) == (S.ARMED, self.sends[key]), (
            "journaled before it is sent"
        )
        course.request = Request(key, course.command)
        self.flying.append(course.request)

    def _judge_repeat(self, key: str, course: Course) -> None:
        """What nobody may do, whatever was lost: checked against the venue's own book."""
        assert self.sends[key] < MOST
        if course.left and not isinstance(course.command, CancelOrder):
            assert course.fresh, "sent again without a fresh look"
        if isinstance(course.command, ModifyOrder):
            order = self.venue.orders[course.command.order_id]
            assert self._is_newest(key)
            assert terms_of(order) == course.before
            assert order.is_working
        if isinstance(course.command, ClosePosition) and self.arrivals[key]:
            assert self.venue.closing is None, "two closes of one position"

    def _look(self, course: Course, *, clean: bool) -> None:
        asked_ns = self.clock.mono_ns()
        if clean:
            self.look()
            course.looked = course.fresh = True
            if course.view is not None:
                orders = self.venue.working()
                course.view.look(self.venue.net, closing=closes(orders, self.venue.net))
        course.inquiry.looked(asked_ns, self.clock.mono_ns(), clean=clean)

    def _sight(self, course: Course) -> Sight:
        command = course.command
        if not isinstance(command, ClosePosition):
            order = self.books.blotter.orders.get(command.order_id)
            return sight_of(command, order, course.before)
        if course.view is not None:
            return course.view.sight(self._net())
        if not course.looked:
            return Sight.UNSEEN
        return Sight.BEFORE if self._net() else Sight.DONE

    # --- the network --------------------------------------------------------------------------

    @rule(which=PICK)
    def arrive(self, which: int) -> None:
        """A request reaches the venue, however late, or even after the core has died."""
        waiting = [request for request in self.flying if not request.arrived]
        if waiting:
            self._carry_out(waiting[which % len(waiting)])

    def _carry_out(self, request: Request) -> None:
        request.arrived = True
        self.arrivals[request.key] += 1
        command = request.command
        self.clock.pass_s(0.05)
        try:
            if isinstance(command, CancelOrder):
                self.venue.cancel(command.order_id)
            elif isinstance(command, ModifyOrder):
                self.venue.modify(
                    command.order_id, command.size, command.limit_ticks, command.stop_ticks
                )
            else:
                self.venue.close()
        except VenueRefusedError as error:
            request.refusal = str(error)

    @rule(which=PICK)
    def lose(self, which: int) -> None:
        waiting = [request for request in self.flying if not request.arrived]
        if waiting:
            self.flying.remove(waiting[which % len(waiting)])

    @rule(which=PICK, how=st.sampled_from(["written", "answer", "silence", "no connection"]))
    def hear_answer(self, which: int, how: str) -> None:
        waiting = [key for key, course in self.courses.items() if course.request is not None]
        if waiting:
            self._answer(waiting[which % len(waiting)], how)

    def _answer(self, key: str, how: str) -> None:
        course = self.courses[key]
        request = course.request
        assert request is not None
        if how == "written":
            self.desk.wrote(key, self.clock.mono_ns())
            return
        if how == "no connection":
            if request not in self.flying or request.arrived:
                return
            self.flying.remove(request)
            answer, reason = Answer.NOT_SENT, "Not sent."
        elif how == "answer" and request.arrived:
            answer = Answer.TAKEN if request.refusal is None else Answer.REFUSED
            reason = request.refusal or "The venue took it."
            self.desk.replied(key, self.clock.mono_ns())
        else:
            self.clock.pass_s(5)
            answer, reason = Answer.UNKNOWN, "No answer."
            self.desk.unknown(key, reason)
        course.request, course.fresh = None, False
        course.left |= answer is not Answer.NOT_SENT
        course.inquiry.answered(answer, reason, self.clock.mono_ns())

    @rule(which=PICK)
    def hear_word(self, which: int) -> None:
        """Old and repeated words too."""
        if self.said:
            self.clock.pass_s(0.01)
            self.news.order(self.said[which % len(self.said)], self.clock.mono_ns(), hub=True)

    # --- what else happens --------------------------------------------------------------------

    @rule(which=PICK)
    def something_fills_or_ends(self, which: int) -> None:
        resting = [o for o in self.venue.working() if o.type is OrderType.LIMIT]
        self.clock.pass_s(0.01)
        if resting:
            order = resting[which % len(resting)]
            if which % 3:
                self.venue.fill(order.order_id)
            else:
                self.venue.cancel(order.order_id)

    @rule(which=PICK, price=st.integers(78_000, 78_010))
    def somebody_else_moves_an_order(self, which: int, price: int) -> None:
        resting = [o for o in self.venue.working() if o.type is OrderType.LIMIT]
        self.clock.pass_s(0.01)
        if resting:
            self.venue.modify(resting[which % len(resting)].order_id, None, price, None)

    @rule()
    def the_close_fills(self) -> None:
        self.clock.pass_s(0.01)
        self.venue.finish_close()

    @rule()
    def kill_and_start(self) -> None:
        self.start()

    # --- what always holds --------------------------------------------------------------------

    @invariant()
    def no_belief_contradicts_the_book(self) -> None:
        for change in self.books.changes.by_key.values():
            command = change.command
            if change.state is S.NOT_SENT:
                assert self.arrivals[change.key] == 0
                assert all(request.key != change.key for request in self.flying)
            if isinstance(command, ClosePosition):
                if change.state is S.DONE:
                    asked_ns = self.asked_ns[change.key]
                    assert self.venue.net == 0 or any(at >= asked_ns for at in self.flat_ns)
                continue
            order = self.venue.orders[command.order_id]
            if isinstance(command, CancelOrder) and change.state is S.DONE:
                assert order.status is OrderStatus.CANCELLED
            elif isinstance(command, ModifyOrder) and change.state is S.DONE:
                wanted = terms_of(order)
                assert (
                    msgspec.structs.replace(wanted, limit_ticks=command.limit_ticks)
                    in (self.terms[command.order_id])
                )
            if change.reason.startswith("It was filled before"):
                assert order.status is OrderStatus.FILLED

    @invariant()
    def nothing_is_sent_more_than_four_times(self) -> None:
        assert all(times <= MOST for times in self.sends.values())

    def teardown(self) -> None:
        """On a healthy network every change is decided, and rightly."""
        for request in [request for request in self.flying if not request.arrived]:
            self.flying.remove(request)
        self.venue.finish_close()
        for _ in range(200):
            for key in list(self.courses):
                course = self.courses[key]
                if course.request is not None:
                    if course.request in self.flying and not course.request.arrived:
                        self.arrive(0)
                        self.venue.finish_close()
                    self._answer(key, "answer" if course.request.arrived else "silence")
                else:
                    self._drive(key)
        assert self.courses == {}
        assert self.books.changes.open() == [] or all(
            change.state is S.NEEDS_HUMAN for change in self.books.changes.open()
        )

    # --- small things -------------------------------------------------------------------------

    def _net(self) -> int:
        return self.books.blotter.net_size(ACCOUNT, MNQ.contract_id)

    def _working(self, which: int) -> Order | None:
        known = [o for o in self.books.blotter.working() if o.type is OrderType.LIMIT]
        return known[which % len(known)] if known else None

    def _busy(self, kind: type[Command], order_id: OrderId | None) -> bool:
        return any(
            isinstance(course.command, kind)
            and not course.told
            and getattr(course.command, "order_id", None) == order_id
            for course in self.courses.values()
        )

    def _is_newest(self, key: str) -> bool:
        command = self.courses[key].command
        if isinstance(command, ModifyOrder):
            return self.books.changes.of_order(command.order_id)[0].key == key
        return True


ChangeMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
test_change_machine = ChangeMachine.TestCase
