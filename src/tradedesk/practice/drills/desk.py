"""The drills of a venue: one at a time, started and stopped here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from tradedesk.domain.errors import InputError
from tradedesk.practice.drills import story
from tradedesk.practice.drills.reading import named_drill
from tradedesk.practice.drills.record import Call
from tradedesk.practice.drills.run import Run
from tradedesk.practice.drills.watch import Place
from tradedesk.practice.faults.model import PATHS

if TYPE_CHECKING:
    from tradedesk.practice.drills.model import Drill
    from tradedesk.practice.drills.watch import Stage
    from tradedesk.practice.products import Contract

Teller = Callable[[story.Line], None]
Reporter = Callable[[str], None]
_KINDS: Final = {
    PATHS[kind].lower(): kind for kind in ("place", "modify", "cancel", "close", "partial_close")
}


class Drills:
    """Starts drills, and lets the one that runs hear what happens on the venue.

    Parameters
    ----------
    stage : Stage
        The venue.

    Attributes
    ----------
    on_line, on_report : callable
        Told every line of the story, and the report when a drill is over.
    """

    def __init__(self, stage: Stage) -> None:
        self.on_line: Teller = lambda line: None
        self.on_report: Reporter = lambda text: None
        self._stage = stage
        self._own: dict[str, Drill] = {}
        self._run: Run | None = None

    def know(self, drill: Drill) -> None:
        """Let a drill be started by its name that is none of the package's."""
        self._own[drill.name] = drill

    def start(self, name: str) -> str | None:
        """Start a drill; what is wrong with that, or None."""
        try:
            drill = self._own.get(name) or named_drill(name)
        except InputError as error:
            return str(error)
        stage, account_id = self._stage, self._stage.first_account
        contract = self._contract(drill)
        if contract is None:
            return f"No contract of {drill.contract} trades here: leave --replay out for a drill."
        stage.floor.catch_up()
        if not stage.floor.nudge(contract, 0, 0.0):
            return "A recorded tape cannot be bent: leave --replay out for a drill."
        exchange = stage.exchange
        if exchange.ledgers[account_id].positions() or exchange.rows.live_of(account_id):
            return (
                f"Account {account_id} has a position or a working order: "
                "flatten it before a drill begins."
            )
        self.stop()
        self._run = Run(drill, Place(stage, account_id, contract), self._line, self._over)
        stage.news.listener = self._run
        self._run.begin()
        return None

    def stop(self, state: str = story.STOPPED) -> bool:
        """End the drill that runs; False if none does."""
        if self._run is None or self._run.over:
            return False
        self._run.end(state)
        return True

    def told(self) -> story.Told:
        """How the last drill stands; state ``none`` before the first."""
        if self._run is None:
            return story.Told()
        self._stage.floor.catch_up()
        self._run.look()
        return self._run.told()

    def called(self, path: str, body: bytes) -> None:
        """A call came in; nothing has been done about it yet."""
        run = self._run
        if run is None or run.over:
            return
        kind = _KINDS.get(path.lower().rstrip("/"))
        if kind is None:
            return
        self._stage.floor.catch_up()
        call = self._read(kind, body)
        if call is not None:
            run.called(call)

    def marked(self, contract: Contract) -> None:
        """The last price of a contract changed."""
        if self._run is not None:
            self._run.marked()

    def _read(self, kind: str, body: bytes) -> Call | None:
        """What a call is about; None if it is not about the account and contract of the drill."""
        try:
            said = msgspec.json.decode(body, type=_Said)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        stage, account_id = self._stage, self._stage.first_account
        run = self._run
        assert run is not None
        contract = self._contract(run.drill)
        about = said.contract_id
        if said.order_id is not None:
            row = stage.exchange.rows.get(account_id, said.order_id)
            about = None if row is None else row.contract.contract_id
        if said.account_id != account_id or contract is None or about != contract.contract_id:
            return None
        now_ns = stage.floor.now_ns()
        if kind != "place":
            return Call(now_ns, kind)
        row_held = stage.exchange.ledgers[account_id].position(contract.contract_id)
        net = 0 if row_held is None else row_held.net
        sign = 1 if said.side == 0 else -1
        return Call(
            now_ns, kind, net * sign >= 0, (said.side, said.size, said.type), said.custom_tag
        )

    def _contract(self, drill: Drill) -> Contract | None:
        active = self._stage.market.active()
        return next((one for one in active if one.product.symbol == drill.contract), None)

    def _line(self, line: story.Line) -> None:
        self.on_line(line)

    def _over(self) -> None:
        self._stage.news.listener = None
        if self._run is not None:
            self.on_report(story.report(self._run.drill, self._run.told()))


class _Said(msgspec.Struct, rename="camel"):
    """Members of an order call that a drill looks at."""

    account_id: int | None = None
    contract_id: str | None = None
    order_id: int | None = None
    side: int = -1
    size: int = 0
    type: int = 0
    custom_tag: str | None = None
