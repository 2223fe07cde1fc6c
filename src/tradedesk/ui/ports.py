"""What the window needs from its neighbours, as Protocols: the market and the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.domain.ids import ContractId
    from tradedesk.domain.instrument import Instrument
    from tradedesk.domain.order import Side
    from tradedesk.services.chart_gap import GapRange
    from tradedesk.services.older_asking import Older
    from tradedesk.services.stress.figures import StressFigures
    from tradedesk.services.tape import ContractTape
    from tradedesk.ui.frame_stats import FrameReport, FrameStats


class Book(Protocol):
    """What is known of one contract's market right now."""

    @property
    def instrument(self) -> Instrument:
        """Which contract."""

    @property
    def last_ticks(self) -> int | None:
        """Last trade."""

    @property
    def last_side(self) -> Side:
        """Aggressor of the last trade."""

    @property
    def bid_ticks(self) -> int | None:
        """Best bid."""

    @property
    def ask_ticks(self) -> int | None:
        """Best ask."""

    @property
    def version(self) -> int:
        """Rises with every change."""

    def age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since anything was heard; None if never."""

    def trades_age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since the newest trades; None if never."""

    def quotes_age_ms(self, mono_ns: int) -> float | None:
        """Milliseconds since the newest bid and ask; None if never."""


class Feed(Protocol):
    """Bars of one chart and how they stand."""

    @property
    def series(self) -> Any:
        """The ``BarSeries``."""

    @property
    def spec(self) -> BarSpec:
        """Their size."""

    @property
    def sure_ns(self) -> int:
        """All that traded before this moment is in the bars, UTC nanoseconds."""

    @property
    def status(self) -> str:
        """What to say over the plot; empty when all is well."""

    @property
    def tape(self) -> ContractTape | None:
        """The live trades of the contract."""

    @property
    def gaps(self) -> tuple[GapRange, ...]:
        """What is missing in the bars, oldest first."""

    @property
    def older(self) -> Older:
        """How bars in front of the oldest one stand."""

    def want_older(self, count: int) -> None:
        """Ask for more bars in front; again and again does no harm."""


class LinkStatus(Protocol):
    """Whether the market hub is connected."""

    @property
    def connected(self) -> bool:
        """Whether it is."""

    @property
    def detail(self) -> str:
        """What to say about it."""


class Markets(Protocol):
    """The market side of the desk (``services.market_desk.MarketDesk``)."""

    @property
    def books(self) -> Mapping[ContractId, Book]:
        """Books of the watched contracts."""

    @property
    def status(self) -> LinkStatus:
        """The market hub."""

    @property
    def market_ns(self) -> int:
        """The venue's time, nanoseconds UTC."""

    @property
    def clock_skew_ms(self) -> float | None:
        """The venue's clock minus ours; None until it was heard."""

    def watch(self, instrument: Instrument) -> Book:
        """Follow a contract."""

    def open_chart(self, instrument: Instrument, spec: BarSpec) -> Feed:
        """Bars of a contract, kept current until `close_chart` was called as often."""

    def close_chart(self, feed: Any, *, keep: bool = True) -> None:
        """What `open_chart` gave is looked at no more; without `keep` it ends at once."""

    def pump(self) -> None:
        """Take in what has arrived."""


class Frames(Protocol):
    """The one clock that paces the screen (``ui.frame_clock.FrameClock``)."""

    def register(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call back at every frame with the monotonic moment; returns what ends it."""

    def stats(self) -> FrameStats:
        """How the last frames went."""

    def report(self) -> FrameReport:
        """All frames of the last minutes, and the longest stalls."""


class Stress(Protocol):
    """A made-up market that loads the desk on purpose (``services.stress.run.StressTest``)."""

    @property
    def rates(self) -> tuple[int, ...]:
        """Events a second that may be chosen."""

    @property
    def instrument(self) -> Instrument:
        """What its prices are of."""

    @property
    def running(self) -> bool:
        """Whether it is on."""

    @property
    def rate(self) -> int:
        """Events a second that are asked for; 0 while it is off."""

    @property
    def left_ns(self) -> int:
        """Time until it ends by itself; 0 while it is off."""

    def start(self, rate: int) -> None:
        """Begin, or go on at another rate."""

    def stop(self) -> None:
        """End it."""

    def figures(self) -> StressFigures | None:
        """How it goes; None while it is off."""
