"""What is said of an order that nobody has confirmed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.clock import NS_PER_MS
from tradedesk.domain.events import IntentState
from tradedesk.ui import words

if TYPE_CHECKING:
    from tradedesk.domain.events import HealthSampled, Intent


def doubt_text(intent: Intent, health: HealthSampled | None, wall_ns: int) -> str:
    """How long it has been asked about and by what: ``Unknown 12 s: asked 3 times, hub silent``."""
    age_ms = max(0, wall_ns - intent.created_ns) / NS_PER_MS
    since = f" {words.age(age_ms)}" if intent.created_ns else ""
    if intent.state is IntentState.NEEDS_HUMAN:
        return f"Unknown{since}: look at the venue's page"
    return f"Unknown{since}: {_asked(intent.asked)}, {_hub(health)}"


def _asked(times: int) -> str:
    if times == 0:
        return "asking the venue"
    return "asked once" if times == 1 else f"asked {times} times"


def _hub(health: HealthSampled | None) -> str:
    return "hub silent" if health is not None and health.user_hub_connected else "hub lost"
