"""All faults of a venue: armed here, asked for here by whoever carries them out. No sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tradedesk.practice.faults.kinds import CALL, CONNECTION, SOCKET
from tradedesk.practice.faults.market import MarketFaults
from tradedesk.practice.faults.model import ANY, EXIT, PATHS
from tradedesk.practice.faults.orders import OrderFaults
from tradedesk.practice.faults.register import Armed, Register
from tradedesk.practice.faults.user import UserFaults

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tradedesk.practice.faults.model import Fault
    from tradedesk.practice.faults.script import Script

REFUSE, LATENCY = "refuse", "latency"
AT_NEGOTIATION: Final = ("refuse_negotiate",)
AT_UPGRADE: Final = ("refuse_upgrade",)
WHILE_OPEN: Final = ("drop", "reset", "silent", "slow")


class Facts(NamedTuple):
    """What a call is about: account, contract, and whether it reduces a position."""

    account: int | None = None
    contract: str | None = None
    reduces: bool = False


class Hit(NamedTuple):
    """A fault that has struck, for how long, and a way to draw anew how long."""

    fault: Fault
    seconds: float | None
    again: Callable[[], float | None]


class Plan(NamedTuple):
    """What happens to a call: seconds it is late at the venue, and what else goes wrong."""

    latency_s: float = 0.0
    hit: Hit | None = None


_HEALTHY: Final = Plan()


class Faults:
    """What goes wrong on a venue.

    Parameters
    ----------
    seed : int
        Makes the chances, unless a file brings its own.
    now_ns : callable
        Venue time in nanoseconds; its first answer is the start of the venue.
    """

    def __init__(self, seed: int = 0, now_ns: Callable[[], int] = lambda: 0) -> None:
        self.register = Register(seed, now_ns)
        self.user = UserFaults(self.register)
        self.market = MarketFaults(self.register)
        self.orders = OrderFaults(self.register)

    def begin(self, seed: int, now_ns: Callable[[], int]) -> None:
        """Begin with a seed and a clock; to be called before anything is armed."""
        self.register.begin(seed, now_ns)

    def load(self, script: Script) -> None:
        """Arm what a file asks for."""
        if script.seed is not None:
            self.register.seed = script.seed
        for fault in script.faults:
            self.arm(fault)

    def arm(self, fault: Fault) -> str:
        """Let a checked fault strike from now on; returns its id."""
        return self.register.arm(fault).id

    def clear(self) -> None:
        """Disarm everything, and let go of user events that are held."""
        self.register.clear()
        self.user.release()

    def armed(self) -> list[dict[str, Any]]:
        """What is armed, each with what it has seen and done so far."""
        return [
            {**one.fault.given(), "id": one.id, "seen": one.seen, "struck": one.struck}
            for one in self.register.armed()
        ]

    def call(self, path: str, facts: Callable[[], Facts]) -> Plan:
        """Plan a call: delays add up, of everything else the oldest fault strikes.

        Parameters
        ----------
        path : str
            As it was called.
        facts : callable
            Tells what it is about; asked at most once, and only if a fault wants to know.
        """
        if not self.register.any(CALL):
            return _HEALTHY
        known: list[Facts] = []

        def about() -> Facts:
            if not known:
                known.append(facts())
            return known[0]

        latency_s, hit = 0.0, None
        for armed in self.register.of(CALL):
            is_latency = armed.fault.kind == LATENCY
            if (hit is not None and not is_latency) or not _means(armed.fault, path, about):
                continue
            if armed.strikes(self.register.now_s):
                seconds = armed.draw_s()
                self.register.note(armed, path, seconds)
                if is_latency:
                    latency_s += seconds or 0.0
                else:
                    hit = Hit(armed.fault, seconds, armed.draw_s)
        return Plan(latency_s, hit)

    def connection(self, number: int) -> Hit | None:
        """What happens to a new connection; None if nothing does."""
        for armed in self.register.of(CONNECTION):
            if armed.fault.kind != REFUSE and armed.strikes(self.register.now_s):
                return self._hit(armed, f"connection {number}")
        return None

    def refusal(self) -> Hit | None:
        """Whether the venue is to stop listening now, and for how long."""
        for armed in self.register.of(CONNECTION):
            if armed.fault.kind == REFUSE and armed.strikes(self.register.now_s):
                return self._hit(armed, "the listener")
        return None

    def socket(self, hub: str, what: str, kinds: Collection[str], seen: set[str]) -> Hit | None:
        """What happens to a socket of a hub.

        Parameters
        ----------
        hub : str
            ``user_hub`` or ``market_hub``.
        what : str
            Names the socket in the list of strikes.
        kinds : collection of str
            What can happen to it at this moment.
        seen : set of str
            Faults that have had their opportunity on this socket; grows.
        """
        for armed in self.register.of(SOCKET):
            fault = armed.fault
            if fault.on != hub or fault.kind not in kinds or armed.id in seen:
                continue
            if armed.due(self.register.now_s):
                seen.add(armed.id)
                if armed.strikes(self.register.now_s):
                    return self._hit(armed, what)
        return None

    def watched(self) -> bool:
        """Whether a fault is armed that strikes by the clock and not by what a client does."""
        return self.register.any(SOCKET) or self.register.any(CONNECTION)

    def _hit(self, armed: Armed, what: str) -> Hit:
        seconds = armed.draw_s()
        self.register.note(armed, what, seconds)
        return Hit(armed.fault, seconds, armed.draw_s)


def _means(fault: Fault, path: str, about: Callable[[], Facts]) -> bool:
    """Whether a call is meant; paths are compared as the venue routes them, in any case."""
    if fault.on == EXIT:
        if not about().reduces:
            return False
    elif fault.on != ANY and PATHS.get(fault.on, fault.on).lower() != path.lower().rstrip("/"):
        return False
    if fault.account is None and fault.contract is None:
        return True
    return fault.means_account(about().account) and fault.means_contract(about().contract)
