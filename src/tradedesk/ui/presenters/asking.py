"""How the window asks for something: refusals are said, and the slip of a finger asks once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tradedesk.domain.errors import InputError
from tradedesk.ui.widgets.press_button import DOUBLE_PRESS_NS

if TYPE_CHECKING:
    from tradedesk.domain.ids import ContractId

Say = Callable[[str, str], None]
"""Takes a level and a sentence."""


class Asking:
    """Asks for one group of actions, and remembers when each contract was last pressed for.

    Parameters
    ----------
    say : callable
        Told when something could not even be asked.
    """

    def __init__(self, say: Say) -> None:
        self._say = say
        self._pressed_ns: dict[ContractId, int] = {}

    def attempt(self, ask: Callable[[], str]) -> str | None:
        """Ask; returns the click's id, None if it could not be asked."""
        try:
            return ask()
        except InputError as error:
            self._say("error", str(error))
            return None

    def is_slip(self, contract_id: ContractId, press_ns: int) -> bool:
        """Whether a press is the second half of a double one."""
        last = self._pressed_ns.get(contract_id)
        self._pressed_ns[contract_id] = press_ns
        return last is not None and 0 <= press_ns - last < DOUBLE_PRESS_NS
