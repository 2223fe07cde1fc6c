"""The journal cut at every byte of its end: what is left is opened, believed and completed.

Each cut is followed by a recovery with the shipped core and the venue's own list of orders. Every
order at the venue must be known afterwards, none twice, and no tag may come again.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tradedesk.app.system_clock import SystemClock
from tradedesk.domain.clock import NS_PER_S
from tradedesk.domain.commands import PlaceOrder
from tradedesk.domain.events import Intent, IntentState
from tradedesk.domain.ids import AccountId, ContractId, OrderId, Tag
from tradedesk.domain.order import Order, OrderStatus, OrderType, Side
from tradedesk.domain.safety import TradingRules
from tradedesk.domain.stamps import Stamps
from tradedesk.store.journal import Journal
from tradedesk.trading.books import Books
from tradedesk.trading.intent_fates import IntentFates
from tradedesk.trading.intent_recorder import IntentRecorder
from tradedesk.trading.tags import TagSource
from tradedesk.trading.venue_news import VenueNews

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTALL = "abcde"
ORDERS = 28
LEAST_BYTES = 4_200
_SUFFIXES = ("", "-wal", "-ahead")
FOLDED = "folded"
_STRIDE = 16
"""Before the last bytes, every so many."""
_ACCOUNT = AccountId(5)
_CONTRACT = ContractId("CON.F.US.MNQ.Z26")


class CutResult(NamedTuple):
    """What came of all cuts."""

    cuts: int
    set_aside: int
    wrong: list[str]


class _Truth(NamedTuple):
    files: dict[str, bytes]
    folded: bytes
    tags: frozenset[Tag]
    listed: tuple[Order, ...]
    started_ns: int


def run(step: int = 1) -> CutResult:
    """Cut at every ``step``-th byte of the last 4 kB and more, and at some before them."""
    with tempfile.TemporaryDirectory(prefix="journal-cuts-") as name:
        path = Path(name) / "journal" / "fake.sqlite3"
        truth = _write(path)
        aside, wrong, cuts = 0, [], 0
        for suffix, cut in _cuts(truth, step):
            cuts += 1
            try:
                aside += _recover(path, truth, suffix, cut)
            except Exception as error:  # noqa: BLE001 - any crash is what is looked for
                wrong.append(f"{suffix or 'file'} cut at {cut}: {type(error).__name__} {error}")
        return CutResult(cuts, aside, wrong)


def _cuts(truth: _Truth, step: int) -> Iterator[tuple[str, int]]:
    """The file and the log of a process that died, and the file of one that ended in order."""
    for name, whole in (*truth.files.items(), (FOLDED, truth.folded)):
        last = max(len(whole) - LEAST_BYTES, 0)
        yield from ((name, cut) for cut in range(0, last, _STRIDE * step))
        yield from ((name, cut) for cut in range(last, len(whole), step))


def _write(path: Path) -> _Truth:
    """A journal as a dead process leaves it, half of it folded in; and the venue's list."""
    clock = SystemClock()
    journal = Journal(path, clock)
    started_ns = clock.wall_ns()
    tags = TagSource(INSTALL, started_ns, journal.reserve)
    listed, taken = [], []
    for number in range(ORDERS):
        tag = tags.take()
        taken.append(tag)
        intent = _intent(tag, number, clock.wall_ns())
        journal.append(intent)
        if number % 3 == 0:
            continue  # the process died before an answer; every other one of them arrived
        journal.append(msgspec.structs.replace(intent, state=IntentState.SENT))
        accepted = msgspec.structs.replace(
            intent, state=IntentState.ACCEPTED, order_id=OrderId(number)
        )
        journal.append(accepted)
        if number == ORDERS // 2:
            assert journal._sync is not None
            journal._sync._fold()
    listed = [_order(tag, n) for n, tag in enumerate(taken) if n % 3 or n % 2]
    files = {suffix: path.with_name(path.name + suffix).read_bytes() for suffix in _SUFFIXES}
    journal.close()
    return _Truth(files, path.read_bytes(), frozenset(taken), tuple(listed), started_ns)


def _recover(path: Path, truth: _Truth, suffix: str, cut: int) -> bool:
    """Lay the files out, recover, and check; whether the file was set aside."""
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(mode=0o700)
    if suffix == FOLDED:
        path.write_bytes(truth.folded[:cut])
    else:
        for name, content in truth.files.items():
            whole = content[:cut] if name == suffix else content
            path.with_name(path.name + name).write_bytes(whole)
    clock = SystemClock()
    journal = Journal(path, clock)
    try:
        books = Books(clock=clock, emit=lambda event: None, rules=TradingRules())
        fates = IntentFates(books, IntentRecorder(books, journal), INSTALL)
        fates.recover(0)
        known = set(books.intents.by_tag)
        _check(known <= truth.tags, "a tag that was never written")
        news = VenueNews(books, fates)
        for order in truth.listed:
            news.order(order, clock.mono_ns(), hub=False)
        for order in truth.listed:
            intent = books.intents.by_tag.get(order.tag)  # type: ignore[arg-type]
            _check(intent is not None, f"{order.tag} is forgotten")
            assert intent is not None
            _check(intent.state is IntentState.ACCEPTED, f"{order.tag} is {intent.state}")
            _check(intent.order_id == order.order_id, f"{order.tag} is {intent.order_id}")
        # the next start is later, which its tags say: a lost reservation brings none back
        fresh = TagSource(INSTALL, truth.started_ns + NS_PER_S, journal.reserve)
        _check(not {fresh.take() for _ in range(64)} & truth.tags, "a tag came again")
        journal.append(_intent(Tag("td1-abcde-aaaaaaa-zzzz"), 1, 1))
        return bool(journal.note)
    finally:
        journal.close()


def _check(holds: bool, text: str) -> None:
    if not holds:
        raise AssertionError(text)


def _intent(tag: Tag, number: int, created_ns: int) -> Intent:
    command = PlaceOrder(
        click_id=f"click-{number}",
        press_ns=1,
        account_id=_ACCOUNT,
        contract_id=_CONTRACT,
        side=Side.BUY,
        type=OrderType.MARKET,
        size=1,
    )
    return Intent(tag, command, IntentState.ARMED, Stamps(press=1), created_ns=created_ns)


def _order(tag: Tag, number: int) -> Order:
    return Order(
        order_id=OrderId(number),
        account_id=_ACCOUNT,
        contract_id=_CONTRACT,
        side=Side.BUY,
        type=OrderType.MARKET,
        size=1,
        status=OrderStatus.OPEN,
        tag=tag,
        created_ns=1,
    )
