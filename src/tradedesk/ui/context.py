"""What the window is given by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from tradedesk.services.drawings.shelf import DrawingShelf
from tradedesk.services.price_alerts import PriceAlerts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradedesk.domain.clock import Clock
    from tradedesk.domain.latency import LatencyRecord
    from tradedesk.domain.settings import Settings
    from tradedesk.services.desk_state import DeskState
    from tradedesk.services.trade_desk import TradeDesk
    from tradedesk.ui.memory import WindowMemory
    from tradedesk.ui.ports import Markets, Stress


class QuitChoice(Enum):
    """How the user wants to leave."""

    LEAVE = "leave"
    """Everything stays as it is at the venue."""
    FLAT = "flat"
    """The desk is proven flat already; leave."""


@dataclass(frozen=True, slots=True)
class DeskContext:
    """The services of one desk.

    Attributes
    ----------
    settings : Settings
        Limits, presets and defaults, as the person at the desk wrote them.
    memory : WindowMemory
        How the window was left; ``save_memory`` is told how it stands now.
    venue_note : str
        Right end of the status bar, e.g. ``Practice venue · seed 7``.
    on_quit_requested : callable
        Told when the user really wants to leave; it shuts everything down and then calls
        ``MainWindow.release()``.
    save_settings : callable
        Keeps other settings from now on and trades by them.
    keep_latency : callable
        Keeps how long an order took beyond this run; never waits.
    stress : Stress or None
        A made-up market that loads the desk on purpose; None where there is none.
    drawings : DrawingShelf
        What is drawn on the charts of each contract.
    on_sign_in_requested : callable or None
        Opens the sign-in dialog; None where there is nothing to sign in to.
    alerts : PriceAlerts
        Alerts at a price; whoever made them feeds them.
    """

    state: DeskState
    trade: TradeDesk
    markets: Markets
    clock: Clock
    settings: Settings
    memory: WindowMemory
    save_memory: Callable[[WindowMemory], None]
    on_quit_requested: Callable[[QuitChoice], None]
    venue_note: str = ""
    on_sign_in_requested: Callable[[], None] | None = None
    save_settings: Callable[[Settings], None] = lambda _settings: None
    keep_latency: Callable[[LatencyRecord], None] = lambda _record: None
    alerts: PriceAlerts = field(default_factory=PriceAlerts)
    stress: Stress | None = None
    drawings: DrawingShelf = field(default_factory=DrawingShelf)
