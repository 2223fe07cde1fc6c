"""Which settings a running session tells its executor of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.app.session import DeskSession, SessionOptions
from tradedesk.app.system_clock import SystemClock
from tradedesk.domain import commands as cmd
from tradedesk.domain.settings import Settings
from tradedesk.store.credentials import CredentialStore
from tradedesk.store.paths import home_paths

if TYPE_CHECKING:
    from pathlib import Path


class HeardCommands(list[cmd.AnyCommand]):
    """Stands where the executor's process is, and only listens."""

    def send(self, command: cmd.AnyCommand) -> None:
        self.append(command)


def test_the_executor_hears_of_other_rules_and_not_of_colours(tmp_path: Path) -> None:
    session = DeskSession(
        SessionOptions(), home_paths(tmp_path), Settings(), CredentialStore(), SystemClock()
    )
    heard = HeardCommands()
    session._executor = heard  # type: ignore[assignment]
    session.use(Settings(palette="light", shapes=True))
    assert heard == []
    session.use(Settings(palette="light", max_order_size=3))
    (told,) = heard
    assert isinstance(told, cmd.SetRules)
    assert told.rules.risk.max_order_size == 3
